import { branchId, fingerprint, taskId } from '../../core/model/ids.ts';
import { funnelSteps } from '../../core/model/outcome.ts';
import { finishReasons } from '../../core/model/stage.ts';
import { excerptOf } from '../../core/model/task.ts';
import { verdictKinds } from '../../core/model/verdict.ts';
import type { PathRow } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { stageCounter } from './counters.ts';
import { exactText, integer, optionalInteger, optionalText, optionalWord, rounds, text, word, type Row } from './rows.ts';

/** The answers that are paths, as lists show them. */
export class PathTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** By an index of the paths alone: a page costs the same wherever it is and however many there are. */
  page(after: number, limit: number): readonly PathRow[] {
    return this.#connection.all(
      `SELECT sequence, tasks.id, branch, round, fingerprint, finish, path_findings.kept, verdict, step, reason,
              substr(raw, 1, CASE typeof(raw) WHEN 'blob' THEN 8192 ELSE 4096 END) AS start
         FROM (SELECT sequence, task, branch, round, fingerprint, finish, raw FROM answers WHERE stage = 'path' AND sequence > ? ORDER BY sequence LIMIT ?)
              JOIN tasks ON ordinal = task LEFT JOIN path_findings ON path = sequence
        ORDER BY sequence`, after, limit,
    ).map(pathRowOf);
  }

  count(): number {
    const row = this.#connection.get('SELECT coalesce(sum(value), 0) AS paths FROM counters WHERE key IN (?, ?)', stageCounter('path', 1, 'done'), stageCounter('path', 2, 'done'));
    return row === undefined ? 0 : integer(row, 'paths');
  }
}

function pathRowOf(row: Row): PathRow {
  const kept = optionalInteger(row, 'kept');
  return {
    sequence: integer(row, 'sequence'),
    taskId: taskId(text(row, 'id')),
    branch: branchId(text(row, 'branch')),
    round: word(row, 'round', rounds),
    fingerprint: fingerprint(text(row, 'fingerprint')),
    excerpt: excerptOf(exactText(row, 'start')),
    finish: word(row, 'finish', finishReasons),
    ...(kept === undefined ? {} : { finding: findingOf(row, kept === 1) }),
  };
}

function findingOf(row: Row, kept: boolean): NonNullable<PathRow['finding']> {
  const verdict = optionalWord(row, 'verdict', verdictKinds);
  const step = optionalWord(row, 'step', funnelSteps);
  const reason = optionalText(row, 'reason');
  return { kept, ...(verdict === undefined ? {} : { verdict }), ...(step === undefined || reason === undefined ? {} : { loss: { step, reason } }) };
}
