import type { EvaluationDraft, EvaluationRecord } from '../../core/model/evaluation.ts';
import type { TaskId } from '../../core/model/ids.ts';
import type { EvaluationRecords } from '../../ports/evaluationRecords.ts';
import type { RunRecord } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, json, type Row } from './rows.ts';
import type { RunTable } from './runTable.ts';
import { isEvaluationDraft, isTaskLists } from './shapes.ts';

/** What the table reads and writes through: one transaction for each call. */
interface Writing {
  readonly connection: Connection;
  readonly write: <T>(work: () => T) => T;
  readonly runs: Pick<RunTable, 'ofEvaluation'>;
}

/** Evaluations, each by its key. */
export class EvaluationTable implements EvaluationRecords {
  readonly #connection: Connection;
  readonly #write: Writing['write'];
  readonly #runs: Writing['runs'];

  constructor({ connection, write, runs }: Writing) {
    this.#connection = connection;
    this.#write = write;
    this.#runs = runs;
  }

  add(draft: EvaluationDraft, tasks: readonly (readonly TaskId[])[]): { readonly id: number; readonly added: boolean } {
    return this.#write(() => {
      const known = this.#connection.get('SELECT id FROM evaluations WHERE key = ?', draft.key);
      if (known) return { id: integer(known, 'id'), added: false };
      return { id: this.#connection.insert('INSERT INTO evaluations (key, body, tasks) VALUES (?, ?, ?)', draft.key, JSON.stringify(draft), JSON.stringify(tasks)), added: true };
    });
  }

  all(): readonly EvaluationRecord[] {
    return this.#connection.guard(() => this.#connection.all('SELECT id, body FROM evaluations ORDER BY id DESC').map(evaluationOf));
  }

  one(id: number): EvaluationRecord | undefined {
    return this.#connection.guard(() => {
      const row = this.#connection.get('SELECT id, body FROM evaluations WHERE id = ?', id);
      return row && evaluationOf(row);
    });
  }

  tasks(id: number): readonly (readonly TaskId[])[] {
    return this.#connection.guard(() => {
      const row = this.#connection.get('SELECT tasks FROM evaluations WHERE id = ?', id);
      return row === undefined ? [] : json(row, 'tasks', isTaskLists);
    });
  }

  runs(id: number): readonly RunRecord[] {
    return this.#connection.guard(() => this.#runs.ofEvaluation(id));
  }
}

const evaluationOf = (row: Row): EvaluationRecord => ({ ...json(row, 'body', isEvaluationDraft), id: integer(row, 'id') });
