import { funnelSteps, isGraded, pathFinding, type BranchOutcome, type TaskOutcome } from '../../core/model/outcome.ts';
import { addBranches, branchClass, isOfFilter, ownAnswers, type BranchClass, type BranchCount } from '../../core/model/yield.ts';
import type { PathFilter } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, optionalInteger, rounds, text, word, type Row } from './rows.ts';

/** How `correct` is kept. */
const corrects = [1, 0, -1] as const;

/** In the place of a reason: a kept path has none to be lost. */
const acceptedWords = ['as-filtered', 'overridden'] as const;

/** A class as it stands in the file. */
type Entry = BranchCount & { readonly id: number };

/** The branches that all outcomes consist of: how many of which class, and where each is found. */
export class BranchTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  add(outcome: TaskOutcome, { ordinal, known: hasGold }: { readonly ordinal: number; readonly known: boolean }): void {
    const known = isGraded(outcome, hasGold);
    for (const branch of outcome.branches) {
      const facts = this.#factsOf(branch);
      const group = this.#count(branch, { known, facts, change: 1 });
      if (facts.place === undefined) {
        this.#connection.run(
          'INSERT INTO branch_findings (place, class, task, branch) SELECT min(coalesce(min(place), 0), 0) - 1, ?, ?, ? FROM branch_findings', group, ordinal, branch.id,
        );
      } else {
        this.#connection.run('INSERT OR REPLACE INTO branch_findings (place, class) VALUES (?, ?)', facts.place, group);
      }
    }
  }

  remove(outcome: TaskOutcome, hasGold: boolean): void {
    const { branches, taskId } = outcome;
    const known = isGraded(outcome, hasGold);
    this.#connection.run('DELETE FROM branch_findings WHERE task = (SELECT ordinal FROM tasks WHERE id = ?)', taskId);
    for (const branch of branches) {
      const facts = this.#factsOf(branch);
      this.#count(branch, { known, facts, change: -1 });
      if (facts.place !== undefined) this.#connection.run('DELETE FROM branch_findings WHERE place = ?', facts.place);
    }
  }

  counts(): readonly BranchCount[] {
    return addBranches(this.#entries()); // a list tells classes apart by the verdict that it shows, and who counts does not
  }

  /** The same from the facts alone: reads every outcome, and of each branch the rows of its answers. */
  countAnew(outcomes: Iterable<TaskOutcome>, isKnown: (outcome: TaskOutcome) => boolean): readonly BranchCount[] {
    return addBranches(this.#each(outcomes, isKnown));
  }

  *#each(outcomes: Iterable<TaskOutcome>, isKnown: (outcome: TaskOutcome) => boolean): Generator<BranchCount> {
    for (const outcome of outcomes) {
      const known = isGraded(outcome, isKnown(outcome));
      for (const branch of outcome.branches) yield { ...branchClass(branch, known), branches: 1, ...this.#factsOf(branch) };
    }
  }

  total(filter: PathFilter): number {
    if (filter.taskId !== undefined) return this.#ofTask(filter.taskId, this.#matching(filter)).length;
    return this.#matching(filter).reduce((sum, { branches }) => sum + branches, 0);
  }

  /** Places of a filter's branches in ascending order, at most `limit`, those after `after`. */
  places(filter: PathFilter, after: number | undefined, limit: number): readonly number[] {
    const first = after ?? Number.MIN_SAFE_INTEGER;
    const groups = this.#matching(filter);
    if (filter.taskId !== undefined) return this.#ofTask(filter.taskId, groups).filter(place => place > first).slice(0, limit);
    const perStep = Math.max(8, Math.ceil((2 * limit) / Math.max(1, groups.length)));
    return firstOf(groups.map(({ id }) => this.#placesOfClass(id, { after: first, perStep })), limit);
  }

  *#placesOfClass(id: number, { after, perStep }: { readonly after: number; readonly perStep: number }): Generator<number> {
    let last = after;
    for (;;) {
      const rows = this.#connection.all('SELECT place FROM branch_findings WHERE class = ? AND place > ? ORDER BY place LIMIT ?', id, last, perStep);
      for (const row of rows) yield integer(row, 'place');
      const end = rows.at(-1);
      if (end === undefined || rows.length < perStep) return;
      last = integer(end, 'place');
    }
  }

  /** One task has few branches: they are looked through. */
  #ofTask(taskId: string, groups: readonly Entry[]): readonly number[] {
    const wanted = new Set(groups.map(({ id }) => id));
    const rows = this.#connection.all(
      `SELECT place, class FROM branch_findings WHERE task = (SELECT ordinal FROM tasks WHERE id = ?)
        UNION ALL SELECT place, class FROM answers CROSS JOIN branch_findings ON place = sequence WHERE answers.task = (SELECT ordinal FROM tasks WHERE id = ?)
        ORDER BY place`, taskId, taskId,
    );
    return rows.filter(row => wanted.has(integer(row, 'class'))).map(row => integer(row, 'place'));
  }

  #matching(filter: PathFilter): readonly Entry[] {
    return this.#entries().filter(entry => isOfFilter(entry, filter));
  }

  #entries(): readonly Entry[] {
    return this.#connection.all('SELECT id, round, guidelines, step, reason, correct, branches, tokens, untold FROM branch_classes WHERE branches > 0').map(entryOf);
  }

  /** Counts a branch in, or out; returns its class. */
  #count(branch: BranchOutcome, { known, facts, change }: { readonly known: boolean; readonly facts: BranchFacts; readonly change: 1 | -1 }): number {
    const { round, guidelines, loss, correct, accepted } = branchClass(branch, known);
    const row = this.#connection.get(
      `INSERT INTO branch_classes (round, guidelines, step, reason, correct, verdict, branches, tokens, untold) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET branches = branches + excluded.branches, tokens = tokens + excluded.tokens, untold = untold + excluded.untold RETURNING id`,
      round, guidelines.join('+'), loss?.step ?? '', loss?.reason ?? accepted ?? '', correct === null ? -1 : Number(correct), pathFinding(branch).verdict ?? '',
      change, change * facts.tokens, change * facts.untold,
    );
    return row === undefined ? 0 : integer(row, 'id');
  }

  #factsOf(branch: BranchOutcome): BranchFacts {
    const used = ownAnswers(branch);
    const row = this.#connection.get(
      `SELECT coalesce(sum(output_tokens), 0) AS tokens, count(output_tokens) AS told, max(CASE fingerprint WHEN ? THEN sequence END) AS place
         FROM answers WHERE fingerprint IN (${used.map(() => '?').join(', ')})`, branch.answers.path ?? '', ...used,
    );
    const place = row === undefined ? undefined : optionalInteger(row, 'place');
    return { tokens: row === undefined ? 0 : integer(row, 'tokens'), untold: row !== undefined && integer(row, 'told') === used.length ? 0 : 1, ...(place === undefined ? {} : { place }) };
  }
}

/** What the answers of a branch say of it. `place`: where its path stands among all answers. */
interface BranchFacts {
  readonly tokens: number;
  readonly untold: number;
  readonly place?: number;
}

/** The smallest values of several ascending lists, in order. */
function firstOf(lists: readonly Generator<number>[], limit: number): readonly number[] {
  const heads = lists.map(list => ({ list, head: list.next() }));
  const found: number[] = [];
  while (found.length < limit) {
    let [next, least]: [(typeof heads)[number] | undefined, number] = [undefined, Infinity];
    for (const each of heads) if (each.head.done !== true && each.head.value < least) [next, least] = [each, each.head.value];
    if (next === undefined) break;
    found.push(least);
    next.head = next.list.next();
  }
  return found;
}

const entryOf = (row: Row): Entry =>
  ({ id: integer(row, 'id'), ...classOf(row), branches: integer(row, 'branches'), tokens: integer(row, 'tokens'), untold: integer(row, 'untold') });

/** The class that a row of `branch_classes` is of. */
export function classOf(row: Row): BranchClass {
  const correct = word(row, 'correct', corrects);
  const loss = lossOf(row);
  return {
    round: word(row, 'round', rounds), guidelines: text(row, 'guidelines').split('+').filter(id => id !== ''),
    ...(loss ? { loss } : {}), correct: correct === -1 ? null : correct === 1, ...(loss || text(row, 'reason') === '' ? {} : { accepted: word(row, 'reason', acceptedWords) }),
  };
}

/** Where the branches of a class were lost; absent for kept ones. */
export function lossOf(row: Row): BranchCount['loss'] {
  return text(row, 'step') === '' ? undefined : { step: word(row, 'step', funnelSteps), reason: text(row, 'reason') };
}
