import type { ExportFormat } from '../../core/model/exportRule.ts';
import type { RunId, TaskId } from '../../core/model/ids.ts';
import type { TaskOutcome } from '../../core/model/outcome.ts';
import { problemError } from '../../core/model/problem.ts';
import { rulings } from '../../core/model/review.ts';
import { isTrainTask, type TrainTask } from '../../core/model/task.ts';
import type { RunContext } from '../../core/plan/context.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RequestRow, RunRecord, Store } from '../../ports/store.ts';
import { inSlices } from '../slices.ts';
import { mayCount, type TaskFacts } from './taskRecords.ts';

const reportEveryMs = 250;
const reviewsAtOnce = 10_000;

/** What walks over a project need of the world. */
export interface WalkOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly format: ExportFormat;
  /** The context in which a run worked. */
  readonly context: (run: RunRecord) => Promise<RunContext>;
  /** How many walks there will be. */
  readonly walks: number;
  /** Tasks that were walked, and are to be walked, in all walks together. */
  readonly report: (done: number, total: number) => void;
}

/**
 * Several walks over the settled tasks that may train, all of which see the project as it stood at the beginning, whatever a run stores meanwhile: all of them begin in
 * one go, reviews that came later are passed over, and a known answer and a split stay what the first walk found. Answers and recipes never change. Only what a run that goes on
 * has asked for a task is counted as far as it has come by then.
 */
export class TaskWalks {
  readonly #store: Store;
  readonly #options: WalkOptions;
  readonly #outcomes: Begun<TaskOutcome>[];
  readonly #runs: ReadonlyMap<RunId, RunRecord>;
  readonly #contexts = new Map<RunId, RunContext>();
  readonly #lastReview: number;
  readonly #golds = new Map<TaskId, string | undefined>();
  /** Tasks that a person leaves out of all training sets. */
  readonly leftOut: ReadonlySet<TaskId>;
  readonly #total: number;
  #done = 0;
  #reportedMs: number;

  constructor(store: Store, options: WalkOptions) {
    this.#store = store;
    this.#options = options;
    this.#outcomes = Array.from({ length: options.walks }, () => new Begun(store.outcomes()));
    this.#runs = new Map(store.runs().map(run => [run.id, run]));
    this.#lastReview = lastReviewOf(store);
    this.leftOut = new Set(store.withdrawn.leftOut().map(({ taskId }) => taskId));
    this.#total = options.walks * [...store.counters()].reduce((sum, [key, count]) => sum + (key.startsWith('state/') ? count : 0), 0);
    this.#reportedMs = options.clock.monotonicMs();
  }

  /** The next walk, in the order of import. @param only the only tasks that are visited, after the last of which it ends; absent: all */
  async walk(visit: (facts: TaskFacts) => void, only?: ReadonlySet<string>): Promise<void> {
    const pause = inSlices(this.#options.clock);
    let visited = 0;
    for (const outcome of this.#outcomes.shift() ?? []) {
      if (visited === only?.size) return;
      const facts = only?.has(outcome.taskId) === false ? undefined : await this.#factsOf(outcome);
      if (facts) {
        visit(facts);
        visited += 1;
      }
      this.#done += 1;
      await pause();
      if (this.#options.signal.aborted) throw problemError('cancelled', 'It was cancelled, and nothing was written. Start it again at any time.');
      this.#report();
    }
  }

  /** Ends the walks that were not walked. */
  end(): void {
    for (const walk of this.#outcomes) walk.end();
    if (!this.#options.signal.aborted) this.#options.report(this.#total, this.#total);
  }

  async #factsOf(outcome: TaskOutcome): Promise<TaskFacts | undefined> {
    const task = this.#taskOf(outcome.taskId);
    const context = await this.#contextOf(outcome.runId);
    if (!task || !context) return undefined;
    const counts = outcome.branches.some(branch => mayCount(branch, this.#options.format));
    const reviews = counts ? this.#store.reviews(task.id).filter(({ sequence }) => sequence <= this.#lastReview) : [];
    return { task, outcome, context, answers: counts ? this.#store.answers(task.id) : [], judged: rulings(reviews), requests: () => this.#requestsOf(outcome) };
  }

  /**
   * What the outcome of a task has cost: the requests of all runs of its recipe with its model, whatever became of them, and those of other runs whose answers it rests
   * on, since they were paid for then. Runs that began later are not known here.
   */
  #requestsOf({ taskId, runId, branches }: TaskOutcome): readonly RequestRow[] {
    const own = this.#runs.get(runId);
    const used = new Set(branches.flatMap(({ answers }) => Object.values(answers)));
    return this.#store.requests(taskId).filter(({ runId: id, brought }) => {
      const run = this.#runs.get(id);
      return run && ((run.recipeId === own?.recipeId && run.identity === own.identity) || brought.some(answer => used.has(answer)));
    });
  }

  /** The type says it again: a task that was held out by then has no way into a training set. */
  #taskOf(id: TaskId): TrainTask | undefined {
    const task = this.#store.task(id);
    if (!task || (!isTrainTask(task) && !this.#golds.has(id))) return undefined;
    if (!this.#golds.has(id)) this.#golds.set(id, task.gold);
    const { gold: _latest, ...rest } = task;
    const gold = this.#golds.get(id);
    return { ...rest, split: 'train', ...(gold === undefined ? {} : { gold }) };
  }

  async #contextOf(id: RunId): Promise<RunContext | undefined> {
    const run = this.#runs.get(id);
    const found = this.#contexts.get(id) ?? (run && await this.#options.context(run));
    if (found) this.#contexts.set(id, found);
    return found;
  }

  #report(): void {
    if (this.#options.clock.monotonicMs() - this.#reportedMs < reportEveryMs) return;
    this.#reportedMs = this.#options.clock.monotonicMs();
    this.#options.report(this.#done, this.#total);
  }
}

function lastReviewOf(store: Store): number {
  for (let last = 0; ;) {
    const page = store.reviewPage(last, reviewsAtOnce);
    last = page.at(-1)?.sequence ?? last;
    if (page.length < reviewsAtOnce) return last;
  }
}

/** Items of which the first is taken at once, so that a walk that is walked later has begun. */
class Begun<Item> implements Iterable<Item> {
  readonly #iterator: Iterator<Item>;
  #next: IteratorResult<Item>;

  constructor(items: Iterable<Item>) {
    this.#iterator = items[Symbol.iterator]();
    this.#next = this.#iterator.next();
  }

  *[Symbol.iterator](): Generator<Item> {
    try {
      for (; this.#next.done !== true; this.#next = this.#iterator.next()) yield this.#next.value;
    } finally {
      this.end();
    }
  }

  end(): void {
    this.#iterator.return?.();
  }
}
