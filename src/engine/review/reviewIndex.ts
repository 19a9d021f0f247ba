import type { TaskId } from '../../core/model/ids.ts';
import { isGraded, pathFinding } from '../../core/model/outcome.ts';
import { standingReviews, type StoredReview } from '../../core/model/review.ts';
import { branchClass } from '../../core/model/yield.ts';
import { isWinnable, passedFilters, rareGuidelines, type QueuedPath } from '../../core/review/queue.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { inSlices } from '../slices.ts';

/** Paths read between two looks at the clock. */
const pathsPerStep = 2_000;
/** Reviews read at once. */
const reviewsPerStep = 10_000;
/** With more changed tasks than this everything is read again: that is faster. */
const mostChanged = 2_000;
/** Not more often than this: a run over a hundred thousand tasks says four times a second that it changed some. */
const rebuildEveryMs = 10_000;

/** What of a store the index reads. */
type IndexedStore = Pick<Store, 'pathFacts' | 'reviewPage' | 'task' | 'outcome'>;

/** A path of a settled task, as queues know it. */
export interface IndexedPath extends QueuedPath {
  readonly taskId: TaskId;
}

/** Every path of a project and what people think of it, kept in memory: some hundred bytes for each. Read when it is first asked for, and brought up to date from then on. */
export class ReviewIndex {
  readonly #store: IndexedStore;
  readonly #clock: Clock;
  readonly #paths = new Map<string, IndexedPath>();
  readonly #byTask = new Map<TaskId, readonly string[]>();
  readonly #kept = new Map<TaskId, number>();
  readonly #coverage = new Map<string, number>();
  readonly #reviews = new Map<string, StoredReview[]>();
  readonly #byId = new Map<string, StoredReview>();
  readonly #sequence: StoredReview[] = [];
  readonly #changed = new Set<TaskId>();
  #lastReview = 0;
  #whole = false;
  #builtMs = -Infinity;
  #version = 0;
  #measures = 0;
  #bringing: Promise<void> | undefined;

  constructor(store: IndexedStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Grows with every change of a path, not with a review or with what is measured of it. */
  get version(): number {
    return this.#version;
  }

  /** Another word whenever a path, a review or what is measured of a path is another. */
  get state(): string {
    return `${this.#version}/${this.#lastReview}/${this.#measures}`;
  }

  get paths(): ReadonlyMap<string, IndexedPath> {
    return this.#paths;
  }

  /** Place of the newest review. */
  get lastReview(): number {
    return this.#lastReview;
  }

  /** Outcomes of these tasks may be others now; absent: of any. */
  changed(tasks?: readonly TaskId[]): void {
    for (const task of tasks ?? []) this.#changed.add(task);
    if (tasks === undefined || this.#changed.size > mostChanged) this.#whole = false;
  }

  /** A run has ended: everything may be another, and is read again at once when it is next asked for. */
  forget(): void {
    this.#whole = false;
    this.#builtMs = -Infinity;
  }

  /** Brings everything up to date. What was begun before somebody asked may have gone by what they ask for: they wait for the next. */
  async upToDate(): Promise<void> {
    await this.#bringing;
    this.#bringing ??= this.#bring().finally(() => { this.#bringing = undefined; });
    await this.#bringing;
  }

  /** Every review of a path, superseded or not. */
  reviewsOf(path: string): readonly StoredReview[] {
    return this.#reviews.get(path) ?? [];
  }

  review(id: string): StoredReview | undefined {
    return this.#byId.get(id);
  }

  /** In the order in which they were stored. */
  allReviews(): readonly StoredReview[] {
    return this.#sequence;
  }

  /** Paths that one person has decided about for the first time after a review. */
  decidedSince(reviewer: string, after: number): number {
    return this.#sequence.slice(this.#sequence.findLastIndex(({ sequence }) => sequence <= after) + 1)
      .filter(review => review.reviewer === reviewer && review.decision !== 'none' && review.supersedes === undefined).length;
  }

  /** Paths that one person has decided about, those among them that are in no outcome any more: a decision before them made enough. */
  decidedBy(reviewer: string): number {
    let decided = 0;
    for (const path of this.#reviews.keys()) if ((this.standingOf(path, reviewer)?.decision ?? 'none') !== 'none') decided += 1;
    return decided;
  }

  /** What one person thinks of a path. */
  standingOf(path: string, reviewer: string): StoredReview | undefined {
    return standingReviews(this.reviewsOf(path)).find(review => review.reviewer === reviewer);
  }

  /** Paths of a task in the order in which they were stored. */
  ofTask(task: TaskId): readonly string[] {
    return this.#byTask.get(task) ?? [];
  }

  /** Paths that a task keeps. */
  keptOf(task: TaskId): number {
    return this.#kept.get(task) ?? 0;
  }

  rare(): ReadonlySet<string> {
    const kept = new Map<string, number>();
    for (const { loss, guidelines } of this.#paths.values()) if (!loss) for (const id of guidelines) kept.set(id, (kept.get(id) ?? 0) + 1);
    return rareGuidelines(kept);
  }

  hasCoverage(path: string): boolean {
    return this.#coverage.has(path);
  }

  /** Remembers how much of its structure a path carries out; `null` where there is none to hold it against. */
  measured(path: string, coverage: number | null): void {
    this.#coverage.set(path, coverage ?? 1);
    this.#measures += 1;
    const known = this.#paths.get(path);
    if (known) this.#paths.set(path, { ...known, coverage: coverage ?? 1 });
  }

  async #bring(): Promise<void> {
    const pause = inSlices(this.#clock);
    if (!this.#whole && this.#clock.monotonicMs() - this.#builtMs >= rebuildEveryMs) await this.#build(pause);
    for (const task of [...this.#changed]) {
      this.#changed.delete(task);
      this.#reread(task);
      await pause();
    }
    for (let page = this.#store.reviewPage(this.#lastReview, reviewsPerStep); page.length > 0; page = this.#store.reviewPage(this.#lastReview, reviewsPerStep)) {
      for (const review of page) this.#note(review);
      await pause();
    }
  }

  /** From where lists have it: no outcome is read. */
  async #build(pause: () => Promise<void>): Promise<void> {
    this.#whole = true;
    this.#builtMs = this.#clock.monotonicMs();
    this.#changed.clear();
    const [paths, byTask] = [new Map<string, IndexedPath>(), new Map<TaskId, string[]>()];
    for (let page = this.#store.pathFacts(0, pathsPerStep); page.length > 0; page = this.#store.pathFacts(page.at(-1)?.sequence ?? 0, pathsPerStep)) {
      for (const { fingerprint, branch: _branch, sequence: _sequence, ...facts } of page) {
        paths.set(fingerprint, this.#withCoverage({ ...facts, path: fingerprint }));
        const own = byTask.get(facts.taskId);
        if (own) own.push(fingerprint);
        else byTask.set(facts.taskId, [fingerprint]);
      }
      await pause();
    }
    this.#paths.clear();
    this.#byTask.clear();
    this.#kept.clear();
    for (const [path, facts] of paths) this.#paths.set(path, facts);
    for (const [task, own] of byTask) this.#hold(task, own);
    this.#version += 1;
  }

  #reread(task: TaskId): void {
    for (const path of this.ofTask(task)) this.#paths.delete(path);
    const outcome = this.#store.outcome(task);
    const known = outcome !== undefined && isGraded(outcome, this.#store.task(task)?.gold !== undefined);
    const paths: string[] = [];
    for (const branch of outcome?.branches ?? []) {
      const { path } = branch.answers;
      if (path === undefined) continue;
      const { verdict } = pathFinding(branch);
      this.#paths.set(path, this.#withCoverage({ path, taskId: task, ...branchClass(branch, known), ...(verdict === undefined ? {} : { verdict }) }));
      paths.push(path);
    }
    this.#hold(task, paths);
    this.#version += 1;
  }

  #hold(task: TaskId, paths: readonly string[]): void {
    this.#byTask.set(task, paths);
    this.#kept.set(task, paths.filter(path => this.#paths.get(path)?.loss === undefined).length);
  }

  #withCoverage(path: IndexedPath): IndexedPath {
    const coverage = this.#coverage.get(path.path);
    return coverage === undefined ? path : { ...path, coverage };
  }

  #note(review: StoredReview): void {
    this.#lastReview = review.sequence;
    this.#byId.set(review.id, review);
    this.#sequence.push(review);
    const own = this.#reviews.get(review.path);
    if (own) own.push(review);
    else this.#reviews.set(review.path, [review]);
  }
}

/** Whether a person's word can still change whether a path is exported. */
export const isOpenToReview = (path: IndexedPath, { kept, perTask }: { readonly kept: number; readonly perTask: number }): boolean =>
  path.loss === undefined || passedFilters(path) || (isWinnable(path) && kept < perTask);

