import { branchId, fingerprint, taskId } from '../../core/model/ids.ts';
import { finishReasons } from '../../core/model/stage.ts';
import { excerptLength, excerptOf } from '../../core/model/task.ts';
import { verdictKinds } from '../../core/model/verdict.ts';
import type { PathFacts, PathFilter, PathRow } from '../../ports/store.ts';
import { classOf, lossOf, type BranchTable } from './branchTable.ts';
import type { Connection } from './connection.ts';
import { stageCounter } from './counters.ts';
import { exactText, integer, optionalText, optionalWord, rounds, text, word, type Row } from './rows.ts';

/** So many characters of a path are looked at first: enough for an excerpt unless there is much white space, and folding all that counts would take most of a page's time. */
const firstLook = 256;

/** The answers that are paths, as lists show them. */
export class PathTable {
  readonly #connection: Connection;
  readonly #branches: BranchTable;

  constructor(connection: Connection, branches: BranchTable) {
    this.#connection = connection;
    this.#branches = branches;
  }

  /** By an index of the paths alone: a page costs the same wherever it is and however many there are. */
  page(after: number, limit: number): readonly PathRow[] {
    return this.#connection.all(
      `SELECT sequence AS place, tasks.id, answers.branch, answers.round, fingerprint, finish, step, reason, verdict, ${startOf(firstLook)}
         FROM answers JOIN tasks ON ordinal = answers.task LEFT JOIN branch_findings ON place = sequence LEFT JOIN branch_classes ON branch_classes.id = class
        WHERE stage = 'path' AND sequence > ? ORDER BY sequence LIMIT ?`, after, limit,
    ).map(row => pathRowOf(row, this.#excerpt(row)));
  }

  /** The branches of a filter: where they are is found first, in the index of their classes. */
  pageOf(filter: PathFilter, after: number | undefined, limit: number): readonly PathRow[] {
    return this.#connection.all(
      `SELECT place, tasks.id, coalesce(branch_findings.branch, answers.branch) AS branch, branch_classes.round, fingerprint, finish, step, reason, verdict, ${startOf(firstLook)}
         FROM json_each(?) AS wanted CROSS JOIN branch_findings ON place = wanted.value JOIN branch_classes ON branch_classes.id = class
         LEFT JOIN answers ON sequence = place JOIN tasks ON ordinal = coalesce(branch_findings.task, answers.task) ORDER BY place`,
      JSON.stringify(this.#branches.places(filter, after, limit)),
    ).map(row => pathRowOf(row, row['fingerprint'] === null ? '' : this.#excerpt(row)));
  }

  /** Reads no path, only where each is and what it is. */
  facts(after: number, limit: number): readonly PathFacts[] {
    return this.#connection.all(
      `SELECT place, tasks.id, answers.branch, fingerprint, branch_classes.round, guidelines, step, reason, branch_classes.correct, verdict
         FROM branch_findings JOIN branch_classes ON branch_classes.id = class JOIN answers ON sequence = place JOIN tasks ON ordinal = answers.task
        WHERE place > ? ORDER BY place LIMIT ?`, after, limit,
    ).map(row => ({
      sequence: integer(row, 'place'), taskId: taskId(text(row, 'id')), branch: branchId(text(row, 'branch')), fingerprint: fingerprint(text(row, 'fingerprint')),
      ...classOf(row), ...verdictOf(row),
    }));
  }

  count(): number {
    const row = this.#connection.get('SELECT coalesce(sum(value), 0) AS paths FROM counters WHERE key IN (?, ?)', stageCounter('path', 1, 'done'), stageCounter('path', 2, 'done'));
    return row === undefined ? 0 : integer(row, 'paths');
  }

  #excerpt(row: Row): string {
    const start = exactText(row, 'start');
    const excerpt = excerptOf(start);
    if (excerpt.length >= excerptLength || start.length < firstLook) return excerpt;
    const more = this.#connection.get(`SELECT ${startOf(4_096)} FROM answers WHERE sequence = ?`, integer(row, 'place'));
    return more === undefined ? excerpt : excerptOf(exactText(more, 'start'));
  }
}

/** The start of a text as `exact` kept it: one that stands as UTF-16 has two bytes for each character. */
const startOf = (characters: number): string => `substr(raw, 1, CASE typeof(raw) WHEN 'blob' THEN ${2 * characters} ELSE ${characters} END) AS start`;

function pathRowOf(row: Row, excerpt: string): PathRow {
  const print = optionalText(row, 'fingerprint');
  const finish = optionalWord(row, 'finish', finishReasons);
  return {
    sequence: integer(row, 'place'),
    taskId: taskId(text(row, 'id')),
    branch: branchId(text(row, 'branch')),
    round: word(row, 'round', rounds),
    ...(print === undefined ? {} : { fingerprint: fingerprint(print) }),
    excerpt,
    ...(finish === undefined ? {} : { finish }),
    ...(row['step'] === null ? {} : { finding: findingOf(row) }),
  };
}

function findingOf(row: Row): NonNullable<PathRow['finding']> {
  const loss = lossOf(row);
  return { kept: loss === undefined, ...verdictOf(row), ...(loss ? { loss } : {}) };
}

const verdictOf = (row: Row): Pick<PathFacts, 'verdict'> => (text(row, 'verdict') === '' ? {} : { verdict: word(row, 'verdict', verdictKinds) });
