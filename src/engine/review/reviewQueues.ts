import type { ReviewQuery, ReviewStand } from '../../contract/review.ts';
import { taskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { standingReviews, type StoredReview } from '../../core/model/review.ts';
import { isOfFilter } from '../../core/model/yield.ts';
import { estimatePrecision, reviewedPaths } from '../../core/review/precision.ts';
import { doubtWeight, doubtsOf, isDisputed, lowCoverage, passedFilters, queueOrder, type Turn } from '../../core/review/queue.ts';
import type { Store } from '../../ports/store.ts';
import { isOpenToReview, type IndexedPath, type ReviewIndex } from './reviewIndex.ts';

/** An order is kept at least so long: measuring coverage changes it all the time, and sorting a hundred thousand paths takes a moment. */
const sortedForMs = 10_000;
/** Above so many paths counting takes longer than a person should wait between two of them, and is done this often. */
const many = 5_000;
const countedForMs = 2_000;
/** Orders that are kept. */
const mostOrders = 8;

/** Which queue, of whom. */
export interface QueueOf {
  readonly query: ReviewQuery;
  readonly reviewer: string;
}

interface Order {
  readonly turns: readonly Turn[];
  readonly version: number;
  readonly sortedMs: number;
}

/** In which order paths are reviewed, and how far each queue is. */
export class ReviewQueues {
  readonly #index: ReviewIndex;
  readonly #store: Pick<Store, 'taskIds'>;
  readonly #nowMs: () => number;
  /** Most paths that a task keeps. */
  readonly #perTask: () => number;
  readonly #orders = new Map<string, Order>();
  #counted: { readonly key: string; readonly state: string; readonly stand: ReviewStand; readonly atMs: number; readonly lastReview: number } | undefined;
  #left: { readonly state: string; readonly paths: number } | undefined;
  #rare: { readonly version: number; readonly ids: ReadonlySet<string> } | undefined;
  #precision: { readonly key: string; readonly value: ReviewStand['precision'] } | undefined;

  constructor(options: { readonly index: ReviewIndex; readonly store: Pick<Store, 'taskIds'>; readonly nowMs: () => number; readonly perTask: () => number }) {
    this.#index = options.index;
    this.#store = options.store;
    this.#nowMs = options.nowMs;
    this.#perTask = options.perTask;
  }

  /** The next turns of a queue: paths that the reviewer has not decided about, without those that they have in hand. */
  next(of: QueueOf, { skip, count }: { readonly skip: ReadonlySet<string>; readonly count: number }): readonly Turn[] {
    const turns: Turn[] = [];
    for (const turn of this.#order(of)) {
      if (turns.length >= count) break;
      if (!skip.has(turn.path) && this.#index.paths.has(turn.path) && this.#isOpen(turn.path, of)) turns.push(turn);
    }
    return turns;
  }

  /** Every path of a queue that its reviewer has not decided about. */
  open(of: QueueOf): readonly string[] {
    return [...this.#members(of)].map(({ path }) => path).filter(path => this.#isOpen(path, of));
  }

  /** Paths that are open to review and that nobody has decided about. */
  left(): number {
    const { state } = this.#index;
    if (this.#left?.state !== state) {
      const isUndecided = (reviews: readonly StoredReview[]) => reviews.length === 0 || standingReviews(reviews).every(({ decision }) => decision === 'none');
      const open = [...this.#index.paths.values()].filter(path => isUndecided(this.#index.reviewsOf(path.path)) && isOpenToReview(path, this.#roomOf(path)));
      this.#left = { state, paths: open.length };
    }
    return this.#left.paths;
  }

  /** Counted where something has changed; in a project of many paths every other second at most, with what the reviewer decided since: counting takes a tenth of a second. */
  stand(of: QueueOf): ReviewStand {
    const key = JSON.stringify([of.query, of.reviewer, this.#perTask()]);
    const { state } = this.#index;
    const counted = this.#counted?.key === key ? this.#counted : undefined;
    if (counted?.state === state) return counted.stand;
    if (counted && this.#index.paths.size > many && this.#nowMs() - counted.atMs < countedForMs) {
      const decided = this.#index.decidedSince(of.reviewer, counted.lastReview);
      return { ...counted.stand, decided: Math.min(counted.stand.total, counted.stand.decided + decided) };
    }
    const stand = this.#count(of);
    this.#counted = { key, state, stand, atMs: this.#nowMs(), lastReview: this.#index.lastReview };
    return stand;
  }

  #count(of: QueueOf): ReviewStand {
    let [total, decided, done, structured] = [0, 0, 0, 0];
    for (const { path } of this.#members(of)) {
      total += 1;
      if (!this.#isOpen(path, of)) decided += 1;
    }
    if (isOfAll(of.query)) {
      const ever = this.#index.decidedBy(of.reviewer);
      [total, decided] = [total - decided + ever, ever];
    }
    for (const path of this.#index.paths.values()) {
      if (path.guidelines.length === 0 || !isOpenToReview(path, this.#roomOf(path))) continue; // a plain draw has no structure
      structured += 1;
      if (path.coverage !== undefined) done += 1;
    }
    return { total, decided, ...withoutAbsent({ precision: this.#estimate() }), measured: { done, total: structured } };
  }

  /** What speaks against a path. */
  doubts(path: IndexedPath): ReturnType<typeof doubtsOf> {
    return doubtsOf(path, this.#rareNow());
  }

  #rareNow(): ReadonlySet<string> {
    if (this.#rare?.version !== this.#index.version) this.#rare = { version: this.#index.version, ids: this.#index.rare() };
    return this.#rare.ids;
  }

  #estimate(): ReviewStand['precision'] {
    const key = `${this.#index.version}/${this.#index.lastReview}`;
    if (this.#precision?.key !== key) {
      const population = [...this.#index.paths.values()].filter(passedFilters).map(({ path }) => path);
      this.#precision = { key, value: estimatePrecision(reviewedPaths(population, this.#index.allReviews())) };
    }
    return this.#precision.value;
  }

  #order(of: QueueOf): readonly Turn[] {
    const key = JSON.stringify([of.query, of.reviewer]);
    const known = this.#orders.get(key);
    const isFresh = known !== undefined && (this.#nowMs() - known.sortedMs < sortedForMs || (known.version === this.#index.version && !dependsOnCoverage(of.query)));
    if (isFresh && !changesWithDecisions(of.query)) return known.turns;
    const turns = this.#sort(of);
    this.#orders.delete(key);
    this.#orders.set(key, { turns, version: this.#index.version, sortedMs: this.#nowMs() });
    for (const oldest of this.#orders.keys()) if (this.#orders.size > mostOrders) this.#orders.delete(oldest);
    return turns;
  }

  #sort(of: QueueOf): readonly Turn[] {
    const members = [...this.#members(of)];
    if (of.query.kind === 'task') return members.map(({ path }) => ({ path, sampled: false }));
    const rare = this.#rareNow();
    const weighed = members.map(path => ({ path: path.path, weight: doubtWeight(doubtsOf(path, rare)) }));
    const drawn = isOfAll(of.query) ? members.filter(passedFilters).map(({ path }) => path).sort() : []; // a part of the project would say nothing of all of it
    return queueOrder(weighed, drawn);
  }

  /** Whether a path still waits for its reviewer. */
  #isOpen(path: string, { query, reviewer }: QueueOf): boolean {
    if (query.kind === 'task' || changesWithDecisions(query)) return true;
    return (this.#index.standingOf(path, reviewer)?.decision ?? 'none') === 'none';
  }

  *#members(of: QueueOf): Generator<IndexedPath> {
    const { query } = of;
    if (query.kind === 'task') {
      for (const path of this.#index.ofTask(taskId(query.task))) {
        const known = this.#index.paths.get(path);
        if (known) yield known;
      }
      return;
    }
    const isOf = this.#membership(of);
    for (const path of this.#index.paths.values()) if (isOf(path)) yield path;
  }

  #membership({ query, reviewer }: QueueOf): (path: IndexedPath) => boolean {
    const isOpen = (path: IndexedPath) => isOpenToReview(path, this.#roomOf(path)) || this.#isJudged(path, reviewer);
    switch (query.kind) {
      case 'task': return path => path.taskId === query.task;
      case 'tasks': {
        const tasks = new Set(this.#store.taskIds(withoutAbsent(query.filter)));
        return path => tasks.has(path.taskId) && isOpen(path);
      }
      case 'paths': {
        const { task, ...filter } = withoutAbsent(query.filter);
        return path => isOfFilter(path, filter) && (task === undefined || task === path.taskId);
      }
      case 'queue': return this.#named(query.name, reviewer, isOpen);
    }
  }

  #named(name: Extract<ReviewQuery, { kind: 'queue' }>['name'], reviewer: string, isOpen: (path: IndexedPath) => boolean): (path: IndexedPath) => boolean {
    switch (name) {
      case 'next': return isOpen;
      case 'solved-by-hint': return path => path.round === 2 && passedFilters(path);
      case 'disagree': return isDisputed;
      case 'low-coverage': return path => path.coverage !== undefined && path.coverage < lowCoverage && isOpen(path);
      case 'leak': return path => path.loss?.step === 'leak';
      case 'unsure': return ({ path }) => this.#index.standingOf(path, reviewer)?.decision === 'unsure';
      case 'differ': return ({ path }) => this.#differ(path);
    }
  }

  /** A path that a person decided about stays in its queue, whatever became of it. */
  #isJudged({ path }: IndexedPath, reviewer: string): boolean {
    return this.#index.reviewsOf(path).length > 0 && (this.#index.standingOf(path, reviewer)?.decision ?? 'none') !== 'none';
  }

  #differ(path: string): boolean {
    const decided = standingReviews(this.#index.reviewsOf(path)).map(({ decision }) => decision);
    return decided.includes('reject') && (decided.includes('accept') || decided.includes('amend'));
  }

  #roomOf({ taskId: task }: IndexedPath): { readonly kept: number; readonly perTask: number } {
    return { kept: this.#index.keptOf(task), perTask: this.#perTask() };
  }
}

/** The queue of the whole project. */
const isOfAll = (query: ReviewQuery): boolean => query.kind === 'queue' && query.name === 'next';

/** What is measured while people review changes this queue, and the order of the one of all. */
const dependsOnCoverage = (query: ReviewQuery): boolean => query.kind === 'queue' && (query.name === 'low-coverage' || query.name === 'next');

/** Queues of what people have decided already: a decision takes a path out of them, or brings it in. */
const changesWithDecisions = (query: ReviewQuery): boolean => query.kind === 'queue' && (query.name === 'unsure' || query.name === 'differ');
