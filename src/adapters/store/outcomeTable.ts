import { taskId as brandedTaskId, type TaskId } from '../../core/model/ids.ts';
import { summaryOf, type OutcomeSummary, type TaskOutcome, type UsedAnswers } from '../../core/model/outcome.ts';
import { yieldOf, type TaskYield } from '../../core/model/yield.ts';
import { problemError } from '../../core/model/problem.ts';
import type { OutcomeBasis, SettledTask } from '../../ports/store.ts';
import type { BranchTable } from './branchTable.ts';
import type { Connection } from './connection.ts';
import { isKnown } from './counters.ts';
import type { Noting } from './journal.ts';
import { integer, json, optionalText, text, word, type Row } from './rows.ts';
import { isOutcome, isUsedAnswers, outcomeStates } from './shapes.ts';
import type { TaskTable } from './taskTable.ts';

/** Outcomes read at once while all are walked: at some 10 kB each, little memory and few steps. */
const outcomesPerStep = 64;

/** Of a task that was never settled. */
const nothingFound = { branches: 0, correct: 0, kept: 0, hinted: false, tried: 0, solving: 0, solvedByHint: false, keptGuidelines: [] } satisfies OutcomeSummary & TaskYield;

/** An outcome that was taken away, with its basis; absent where it had none. */
export interface RemovedOutcome {
  readonly outcome: TaskOutcome;
  readonly basis?: Pick<OutcomeBasis, 'basis' | 'used'>;
}

/** A walk over all outcomes: how far it is, and what tasks beyond had when it began and have no more; `undefined` stands for none. */
interface Walk {
  ordinal: number;
  readonly replaced: Map<number, TaskOutcome | undefined>;
}

/** What became of each task in the latest run that settled it. */
export class OutcomeTable {
  readonly #connection: Connection;
  readonly #tasks: TaskTable;
  readonly #branches: BranchTable;
  readonly #walks = new Set<Walk>();

  constructor(connection: Connection, { tasks, branches }: { readonly tasks: TaskTable; readonly branches: BranchTable }) {
    this.#connection = connection;
    this.#tasks = tasks;
    this.#branches = branches;
  }

  record(outcome: TaskOutcome, { counters, events, nowMs }: Noting): void {
    const row = this.#connection.get('SELECT ordinal FROM tasks WHERE id = ?', outcome.taskId);
    if (row === undefined) throw problemError('bug', `There is no task ${outcome.taskId} to have an outcome.`);
    const ordinal = integer(row, 'ordinal');
    const before = this.of(outcome.taskId);
    const known = isKnown(this.#connection, outcome);
    counters.replace(before, outcome, known);
    this.#connection.run('INSERT OR REPLACE INTO outcomes (task, run, body) VALUES (?, ?, ?)', ordinal, outcome.runId, JSON.stringify(outcome));
    this.#connection.run('DELETE FROM outcome_bases WHERE task = ?', ordinal);
    if (before) {
      this.#branches.remove(before, known);
      this.#tasks.unsettle(ordinal, yieldOf(before, known));
    }
    this.#note(outcome, { ordinal, known });
    events.taskSettled(ordinal, outcome, { nowMs, kept: summaryOf(outcome).kept });
    this.#keepForWalks(ordinal, before);
  }

  /** Takes the outcome of a task away, with whatever lists and counters repeat of it. @returns it, with its basis where it has one; absent where there is none */
  remove(taskId: TaskId, ordinal: number, { counters }: Pick<Noting, 'counters'>): RemovedOutcome | undefined {
    const before = this.of(taskId);
    if (!before) return undefined;
    const known = isKnown(this.#connection, before);
    counters.remove(before, known);
    this.#connection.run('DELETE FROM outcomes WHERE task = ?', ordinal);
    const basis = this.#connection.get('DELETE FROM outcome_bases WHERE task = ? RETURNING basis, used', ordinal);
    this.#branches.remove(before, known);
    this.#tasks.unsettle(ordinal, yieldOf(before, known));
    this.#tasks.settle(ordinal, 'not-started', nothingFound);
    this.#keepForWalks(ordinal, before);
    return { outcome: before, ...(basis === undefined ? {} : { basis: { basis: text(basis, 'basis'), used: json(basis, 'used', isUsedAnswers) } }) };
  }

  #keepForWalks(ordinal: number, before: TaskOutcome | undefined): void {
    for (const walk of this.#walks) if (ordinal > walk.ordinal && !walk.replaced.has(ordinal)) walk.replaced.set(ordinal, before);
  }

  /** Gives a task another known answer. What lists and counters repeat of its outcome follows, as far as it depends on whether an answer is known at all. */
  underGold(taskId: TaskId, ordinal: number, { gold, noting }: { readonly gold: string; readonly noting: Noting }): void {
    const outcome = this.of(taskId);
    const known = outcome !== undefined && isKnown(this.#connection, outcome);
    this.#connection.run('DELETE FROM outcome_bases WHERE task = ?', ordinal);
    if (!outcome || known) {
      this.#tasks.correctGold(ordinal, gold);
      return;
    }
    this.#branches.remove(outcome, false);
    this.#tasks.unsettle(ordinal, yieldOf(outcome, false));
    this.#tasks.correctGold(ordinal, gold);
    noting.counters.regrade(outcome);
    this.#note(outcome, { ordinal, known: true });
  }

  /** To be called after the outcome was recorded, which takes away the basis of the one before. One whose task people have judged or corrected since has none. */
  recordBasis({ taskId, basis, used, reviews = 0, gold }: OutcomeBasis): void {
    const row = this.#connection.get(
      `SELECT (SELECT count(*) FROM reviews WHERE reviews.task = ordinal) AS reviews, EXISTS (SELECT 1 FROM gold_corrections WHERE gold_corrections.task = ordinal) AS corrected, gold
         FROM outcomes JOIN tasks ON ordinal = outcomes.task LEFT JOIN outcome_bases ON outcome_bases.task = ordinal WHERE id = ? AND outcome_bases.task IS NULL`, taskId,
    );
    if (row !== undefined && (integer(row, 'reviews') > reviews || (integer(row, 'corrected') === 1 && optionalText(row, 'gold') !== gold))) return;
    const recorded = this.#connection.run(
      'INSERT INTO outcome_bases (task, basis, used) SELECT task, ?, ? FROM outcomes WHERE task = (SELECT ordinal FROM tasks WHERE id = ?)',
      basis, JSON.stringify(used), taskId,
    );
    if (recorded === 0) throw problemError('bug', `Task ${taskId} has no outcome to have a basis.`);
  }

  of(taskId: TaskId): TaskOutcome | undefined {
    const row = this.#connection.get('SELECT body FROM outcomes WHERE task = (SELECT ordinal FROM tasks WHERE id = ?)', taskId);
    return row === undefined ? undefined : json(row, 'body', isOutcome);
  }

  /** Most tasks use the same answers of each stage: what is said of that in the same words is read once. */
  settled(basis: string, after: number, limit: number): readonly SettledTask[] {
    const known = new Map<string, UsedAnswers>();
    const usedOf = (row: Row): UsedAnswers => {
      const used = known.get(text(row, 'used')) ?? json(row, 'used', isUsedAnswers);
      known.set(text(row, 'used'), used);
      return used;
    };
    return this.#connection.all(
      `SELECT task, id, state, kept, used FROM outcome_bases JOIN tasks ON ordinal = task WHERE basis = ? AND task > ? ORDER BY task LIMIT ?`, basis, after, limit,
    ).map(row => ({
      ordinal: integer(row, 'task'),
      taskId: brandedTaskId(text(row, 'id')),
      state: word(row, 'state', outcomeStates),
      kept: integer(row, 'kept'),
      used: usedOf(row),
    }));
  }

  /**
   * Some at a time, so that no statement stays open between two of them: facts may be stored, and the file closed, while somebody walks. What is replaced
   * meanwhile is kept for the walk until it has come by.
   */
  *walk(): Generator<TaskOutcome> {
    const walk: Walk = { ordinal: 0, replaced: new Map() };
    this.#walks.add(walk);
    try {
      for (;;) {
        const rows = this.#connection.guard(() =>
          this.#connection.all('SELECT task, body FROM outcomes WHERE task > ? ORDER BY task LIMIT ?', walk.ordinal, outcomesPerStep));
        const bodies = new Map(rows.map(row => [integer(row, 'task'), row]));
        for (const ordinal of within(walk, bodies, rows.length < outcomesPerStep)) {
          const row = bodies.get(ordinal);
          const outcome = walk.replaced.has(ordinal) || !row ? walk.replaced.get(ordinal) : this.#connection.guard(() => json(row, 'body', isOutcome));
          walk.ordinal = ordinal;
          walk.replaced.delete(ordinal);
          if (outcome) yield outcome;
        }
        if (rows.length < outcomesPerStep) return;
      }
    } finally {
      this.#walks.delete(walk);
    }
  }

  /** What lists repeat of all outcomes, worked out anew, where nothing of it is there; each outcome comes by once that is done. */
  *noteAnew(): Generator<TaskOutcome> {
    for (const outcome of this.walk()) {
      const row = this.#connection.get('SELECT ordinal FROM tasks WHERE id = ?', outcome.taskId);
      if (row !== undefined) this.#note(outcome, { ordinal: integer(row, 'ordinal'), known: isKnown(this.#connection, outcome) });
      yield outcome;
    }
  }

  #note(outcome: TaskOutcome, { ordinal, known }: { readonly ordinal: number; readonly known: boolean }): void {
    this.#branches.add(outcome, { ordinal, known });
    this.#tasks.settle(ordinal, outcome.state, { ...summaryOf(outcome), ...yieldOf(outcome, known) });
  }
}

/** Where a walk comes by next: what it has just read, and what was taken away meanwhile. */
function within({ ordinal: done, replaced }: Walk, rows: ReadonlyMap<number, Row>, isLast: boolean): readonly number[] {
  const last = isLast ? Infinity : Math.max(...rows.keys());
  return [...new Set([...rows.keys(), ...[...replaced.keys()].filter(ordinal => ordinal > done && ordinal <= last)])].sort((one, other) => one - other);
}
