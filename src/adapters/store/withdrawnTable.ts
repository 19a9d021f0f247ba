import { runId, taskId, type TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { splits, type Split } from '../../core/model/task.ts';
import type { LeftOutTask, MovedTask, ReturnedTask, WithdrawnTasks } from '../../ports/withdrawnTasks.ts';
import type { Connection } from './connection.ts';
import type { Noting } from './journal.ts';
import type { OutcomeTable } from './outcomeTable.ts';
import { integer, json, optionalInteger, optionalText, text, word, type Row } from './rows.ts';
import { isOutcome, isUsedAnswers } from './shapes.ts';
import type { TaskTable } from './taskTable.ts';

/** What the table reads and writes through: one transaction for each call. */
interface Writing {
  readonly connection: Connection;
  readonly write: <T>(work: (noting: Noting) => T) => T;
  readonly tasks: Pick<TaskTable, 'moveTo'>;
  readonly outcomes: Pick<OutcomeTable, 'remove'>;
}

/** One task as its row stands. */
interface Standing {
  readonly id: TaskId;
  readonly ordinal: number;
  readonly split: Split;
}

/** Tasks that people moved to the held-out ones, and train tasks that they leave out of training sets. */
export class WithdrawnTable implements WithdrawnTasks {
  readonly #with: Writing;

  constructor(writing: Writing) {
    this.#with = writing;
  }

  holdOut(ids: readonly TaskId[]): readonly TaskId[] {
    const { connection, tasks, outcomes } = this.#with;
    return this.#each(ids, ({ id, ordinal, split }, noting) => {
      if (split !== 'train') return [];
      const found = outcomes.remove(id, ordinal, noting);
      tasks.moveTo(ordinal, 'held-out');
      const { outcome, basis } = found ?? {};
      connection.run('INSERT INTO moved_out (task, run, at, outcome, basis, used, facts) VALUES (?, ?, ?, ?, ?, ?, ?)', ordinal, outcome?.runId ?? null, noting.nowMs, outcome ? JSON.stringify(outcome) : null, basis?.basis ?? null, basis ? JSON.stringify(basis.used) : null, this.#facts(ordinal));
      noting.events.ofTask('task-held-out', ordinal, noting.nowMs);
      return [id];
    });
  }

  holdIn(ids: readonly TaskId[]): readonly ReturnedTask[] {
    const { connection, tasks } = this.#with;
    return this.#each(ids, ({ id, ordinal }, noting) => {
      const row = connection.get('DELETE FROM moved_out WHERE task = ? RETURNING run, at, outcome, basis, used, facts', ordinal);
      if (row === undefined) return [];
      tasks.moveTo(ordinal, 'train');
      noting.events.ofTask('task-held-in', ordinal, noting.nowMs);
      return [{ ...movedOf(id, row), ...(integer(row, 'facts') === this.#facts(ordinal) ? foundOf(row) : {}) }];
    });
  }

  moved(): readonly MovedTask[] {
    const { connection } = this.#with;
    return connection.guard(() => connection.all('SELECT id, run, at FROM moved_out JOIN tasks ON ordinal = task ORDER BY task').map(row => movedOf(taskId(text(row, 'id')), row)));
  }

  leaveOut(ids: readonly TaskId[], reason: string): readonly TaskId[] {
    const { connection } = this.#with;
    return this.#each(ids, ({ id, ordinal, split }, noting) => {
      if (split !== 'train' || connection.run('INSERT INTO left_out (task, reason, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', ordinal, reason, noting.nowMs) === 0) return [];
      noting.events.ofTask('task-left-out', ordinal, noting.nowMs);
      return [id];
    });
  }

  takeIn(ids: readonly TaskId[]): readonly TaskId[] {
    const { connection } = this.#with;
    return this.#each(ids, ({ id, ordinal }, noting) => {
      if (connection.run('DELETE FROM left_out WHERE task = ?', ordinal) === 0) return [];
      noting.events.ofTask('task-taken-in', ordinal, noting.nowMs);
      return [id];
    });
  }

  leftOut(): readonly LeftOutTask[] {
    const { connection } = this.#with;
    return connection.guard(() => connection.all('SELECT id, reason, at FROM left_out JOIN tasks ON ordinal = task ORDER BY task')
      .map(row => ({ taskId: taskId(text(row, 'id')), reason: text(row, 'reason'), atMs: integer(row, 'at') })));
  }

  /** How much there is of a task that its outcome may depend on, but for answers, which nothing asks for while it is held out. */
  #facts(ordinal: number): number {
    const row = this.#with.connection.get(`SELECT (SELECT count(*) FROM edits WHERE task = :task) + (SELECT count(*) FROM reviews WHERE task = :task) + (SELECT count(*) FROM gold_corrections WHERE task = :task)
      + (SELECT count(*) FROM lost WHERE task = :task AND current = 1) AS facts`.replaceAll(':task', String(ordinal)));
    return row === undefined ? 0 : integer(row, 'facts');
  }

  #each<T>(ids: readonly TaskId[], change: (task: Standing, noting: Noting) => readonly T[]): readonly T[] {
    const { connection, write } = this.#with;
    return connection.durably(() => write(noting => ids.flatMap(id => {
      const row = connection.get('SELECT ordinal, split FROM tasks WHERE id = ?', id);
      if (row === undefined) throw problemError('bug', `There is no task ${id} to be kept away from training, or given back to it.`);
      return change({ id, ordinal: integer(row, 'ordinal'), split: word(row, 'split', splits) }, noting);
    })));
  }
}

function movedOf(id: TaskId, row: Row): MovedTask {
  const run = optionalInteger(row, 'run');
  return { taskId: id, atMs: integer(row, 'at'), ...(run === undefined ? {} : { run: runId(run) }) };
}

function foundOf(row: Row): Pick<ReturnedTask, 'outcome' | 'basis'> {
  const basis = optionalText(row, 'basis');
  return {
    ...(optionalText(row, 'outcome') === undefined ? {} : { outcome: json(row, 'outcome', isOutcome) }),
    ...(basis === undefined ? {} : { basis: { basis, used: json(row, 'used', isUsedAnswers) } }),
  };
}
