import { branchId, fingerprint, taskId } from '../../core/model/ids.ts';
import { funnelSteps } from '../../core/model/outcome.ts';
import { finishReasons } from '../../core/model/stage.ts';
import { excerptLength, excerptOf } from '../../core/model/task.ts';
import { verdictKinds } from '../../core/model/verdict.ts';
import type { PathRow } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { stageCounter } from './counters.ts';
import { exactText, integer, optionalInteger, optionalText, optionalWord, rounds, text, word, type Row } from './rows.ts';

/** So many characters of a path are looked at first: enough for an excerpt unless there is much white space, and folding all that counts would take most of a page's time. */
const firstLook = 256;

/** The answers that are paths, as lists show them. */
export class PathTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** By an index of the paths alone: a page costs the same wherever it is and however many there are. */
  page(after: number, limit: number): readonly PathRow[] {
    return this.#connection.all(
      `SELECT sequence, tasks.id, branch, round, fingerprint, finish, path_findings.kept, verdict, step, reason, ${startOf(firstLook)}
         FROM answers JOIN tasks ON ordinal = task LEFT JOIN path_findings ON path = sequence
        WHERE stage = 'path' AND sequence > ? ORDER BY sequence LIMIT ?`, after, limit,
    ).map(row => pathRowOf(row, this.#excerpt(row)));
  }

  count(): number {
    const row = this.#connection.get('SELECT coalesce(sum(value), 0) AS paths FROM counters WHERE key IN (?, ?)', stageCounter('path', 1, 'done'), stageCounter('path', 2, 'done'));
    return row === undefined ? 0 : integer(row, 'paths');
  }

  #excerpt(row: Row): string {
    const start = exactText(row, 'start');
    const excerpt = excerptOf(start);
    if (excerpt.length >= excerptLength || start.length < firstLook) return excerpt;
    const more = this.#connection.get(`SELECT ${startOf(4_096)} FROM answers WHERE sequence = ?`, integer(row, 'sequence'));
    return more === undefined ? excerpt : excerptOf(exactText(more, 'start'));
  }
}

/** The start of a text as `exact` kept it: one that stands as UTF-16 has two bytes for each character. */
const startOf = (characters: number): string => `substr(raw, 1, CASE typeof(raw) WHEN 'blob' THEN ${2 * characters} ELSE ${characters} END) AS start`;

function pathRowOf(row: Row, excerpt: string): PathRow {
  const kept = optionalInteger(row, 'kept');
  return {
    sequence: integer(row, 'sequence'),
    taskId: taskId(text(row, 'id')),
    branch: branchId(text(row, 'branch')),
    round: word(row, 'round', rounds),
    fingerprint: fingerprint(text(row, 'fingerprint')),
    excerpt,
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
