import * as z from 'zod/mini';
import type { methods, ParamsOf, ResultOf } from '../../contract/engine.ts';
import { reviewLineSchema, type ReviewItem, type ReviewLine } from '../../contract/review.ts';
import { fingerprint, taskId, type TaskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import { bulkId, type Judgement, type Review, type StoredReview } from '../../core/model/review.ts';
import type { RunContext } from '../../core/plan/context.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import type { GuidelinesOfRuns } from '../overviewReport.ts';
import { inSlices } from '../slices.ts';
import { taskNamed } from '../taskNamed.ts';
import { CoverageMeter } from './coverageMeter.ts';
import { ReviewIndex } from './reviewIndex.ts';
import { reviewItem } from './reviewItem.ts';
import { ReviewQueues } from './reviewQueues.ts';
import { ReviewSettler } from './reviewSettler.ts';
import { reviewSummary } from './reviewSummary.ts';
import { reviewOfLine } from './reviewLines.ts';

type Names = 'reviewQueue' | 'reviewItem' | 'appendReviews' | 'bulkReview' | 'undoReviews' | 'correctGold' | 'reviewPage' | 'reviewSummary' | 'importReviews' | 'shortTasks';
type Params<N extends Names> = ParamsOf<(typeof methods)[N]>;
type Result<N extends Names> = ResultOf<(typeof methods)[N]>;
/** The methods about reviews. */
export type ReviewHandlers = { readonly [N in Names]: (params: Params<N>) => Promise<Result<N>> };

/** What reviews are handled with. */
export interface ReviewDeskOptions {
  readonly dependencies: EngineDependencies;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  /** The context in which a run worked. Throws where its recipe cannot be read any more. */
  readonly contextOf: (run: RunRecord) => Promise<RunContext>;
  readonly guidelines: GuidelinesOfRuns;
  /** Whether a run works on a task at this moment. */
  readonly isActive: (task: TaskId) => boolean;
}

/** Paths that a task keeps where no recipe says it. */
const usualPerTask = 5;

/** What is kept of one open project. */
interface Desk {
  readonly store: Store;
  readonly index: ReviewIndex;
  readonly queues: ReviewQueues;
  readonly settler: ReviewSettler;
  readonly meter: CoverageMeter;
  perTask: number;
}

/** Lets people review paths: hands out what to look at next, stores what they think at once, and sees to it that outcomes follow. */
export class ReviewDesk {
  readonly handlers: ReviewHandlers;
  readonly #options: ReviewDeskOptions;
  #desk: Desk | undefined;
  #bulks = 0;

  constructor(options: ReviewDeskOptions) {
    this.#options = options;
    this.handlers = {
      reviewQueue: async params => this.#queue(params),
      reviewItem: async params => this.#item(params),
      appendReviews: async ({ reviews }) => this.#append(reviews.map(draft => this.#ofDraft(draft))),
      bulkReview: async params => this.#bulk(params),
      undoReviews: async params => this.#undo(params),
      correctGold: async params => this.#correctGold(params),
      reviewPage: async ({ after, limit }) => ({ reviews: options.store().reviewPage(after, limit).map(lineOf) }),
      reviewSummary: async () => reviewSummary((await this.#ready()).index),
      importReviews: async params => this.#import(params),
      shortTasks: async () => ({ tasks: await this.#short() }),
    };
  }

  /** Tasks whose outcome may be another now; absent: any. */
  changed(tasks?: readonly string[]): void {
    this.#desk?.index.changed(tasks?.map(taskId));
    this.#desk?.settler.again();
  }

  /** A run has ended. */
  runEnded(): void {
    this.#desk?.index.forget();
    this.#desk?.settler.again();
  }

  /** Sees to what was reviewed and not worked in when the engine before this one ended. */
  opened(): void {
    this.#deskNow().settler.catchUp();
  }

  /** Resolves when the outcomes know of every review, but for tasks that a run works on. */
  async settled(): Promise<void> {
    await this.#desk?.settler.settled();
  }

  /** Paths about which a decision can still matter and nobody has made one; undefined where there are too many to count in passing. */
  async left(): Promise<number | undefined> {
    if (this.#deskNow().store.countPaths() > mostCountedInPassing) return undefined;
    const { queues } = await this.#ready();
    return queues.left();
  }

  /** Stops whatever goes on; the project is closed afterwards. */
  async close(): Promise<void> {
    const desk = this.#desk;
    this.#desk = undefined;
    desk?.meter.stop();
    await desk?.settler.close();
  }

  #deskNow(): Desk {
    const { store: opened, dependencies: { clock } } = this.#options;
    const store = opened();
    if (this.#desk?.store === store) return this.#desk;
    this.#desk?.meter.stop();
    const index = new ReviewIndex(store, clock);
    const desk: Desk = {
      store, index, perTask: usualPerTask,
      queues: new ReviewQueues({ index, store, nowMs: () => clock.monotonicMs(), perTask: () => desk.perTask }),
      settler: new ReviewSettler({ ...this.#options, store }),
      meter: new CoverageMeter({ index, store, clock, perTask: () => desk.perTask }),
    };
    this.#desk = desk;
    return desk;
  }

  /** The desk with everything it knows up to date. */
  async #ready(): Promise<Desk> {
    const desk = this.#deskNow();
    const [latest] = desk.store.runs();
    if (latest) desk.perTask = await this.#options.contextOf(latest).then(({ recipe }) => recipe.perTask, () => usualPerTask); // an old recipe does not keep anybody from reviewing
    await desk.index.upToDate();
    return desk;
  }

  async #queue({ query, reviewer, skip, count }: Params<'reviewQueue'>): Promise<Result<'reviewQueue'>> {
    const desk = await this.#ready();
    const pause = inSlices(this.#options.dependencies.clock);
    if (query.kind === 'task') taskNamed(desk.store, query.task);
    const items: ReviewItem[] = [];
    for (const { path, sampled } of desk.queues.next({ query, reviewer }, { skip: new Set(skip), count })) {
      const item = this.#itemOf(desk, path, sampled);
      if (item) items.push(item);
      await pause();
    }
    desk.meter.asked();
    return { items, stand: desk.queues.stand({ query, reviewer }) };
  }

  async #item({ task, path }: Params<'reviewItem'>): Promise<ReviewItem> {
    const desk = await this.#ready();
    const { id } = taskNamed(desk.store, task);
    const item = desk.index.paths.get(path)?.taskId === id ? this.#itemOf(desk, path, false) : undefined;
    if (!item) throw problemError('usage', `${id} has no such path any more: a run, or an edit, has put others in its place. Look at the task again.`);
    return item;
  }

  #itemOf({ store, index, queues, perTask }: Desk, path: string, sampled: boolean): ReviewItem | undefined {
    const known = index.paths.get(path);
    const task = known && store.task(known.taskId);
    if (!known || !task) return undefined;
    const settledBy = store.outcome(task.id)?.runId;
    const simulated = store.runs().find(run => run.id === settledBy)?.simulated === true;
    return reviewItem(store, { task, path }, { guidelines: this.#options.guidelines.of(store), perTask, simulated, doubts: [...queues.doubts(known)], sampled });
  }

  #ofDraft(draft: Omit<ReviewLine, 'sequence' | 'reviewedAtMs'>): Review {
    return reviewOfLine({ ...draft, reviewedAtMs: this.#options.dependencies.clock.nowMs() });
  }

  /** Stored before anything else happens; what follows from it comes later. */
  #append(reviews: readonly Review[]): { readonly stored: number } {
    const desk = this.#deskNow();
    const tasks = new Set(reviews.map(({ taskId: task }) => task));
    for (const task of tasks) taskNamed(desk.store, task);
    desk.store.commit({ reviews });
    desk.settler.settle(tasks);
    return { stored: reviews.length };
  }

  async #bulk({ query, reviewer, decision, expected }: Params<'bulkReview'>): Promise<Result<'bulkReview'>> {
    const desk = await this.#ready();
    const paths = desk.queues.open({ query, reviewer });
    if (paths.length !== expected) throw problemError('usage', `There are ${paths.length.toLocaleString('en-US')} paths by now, and not ${expected.toLocaleString('en-US')}: nothing was decided. Look again, and decide then.`);
    const reviews = paths.flatMap(path => {
      const known = desk.index.paths.get(path);
      return known ? [this.#anew(desk, { reviewer, path, task: known.taskId }, { ...judgementOf(desk.index.standingOf(path, reviewer)), decision })] : [];
    });
    await this.#appendInParts(reviews);
    return { reviews: reviews.map(({ id }) => id) };
  }

  async #undo({ reviewer, reviews: ids }: Params<'undoReviews'>): Promise<Result<'undoReviews'>> {
    const desk = await this.#ready();
    const undone = ids.flatMap(id => {
      const review = desk.index.review(id);
      // what was decided about the path since stays
      if (!review || review.reviewer !== reviewer || desk.index.standingOf(review.path, reviewer)?.id !== id) return [];
      const before = review.supersedes === undefined ? undefined : desk.index.review(review.supersedes);
      return [this.#anew(desk, { reviewer, path: review.path, task: review.taskId }, judgementOf(before))];
    });
    await this.#appendInParts(undone);
    return { undone: undone.length };
  }

  /** A review of its own id in the place of the one that stands. */
  #anew({ index }: Desk, { reviewer, path, task }: { readonly reviewer: string; readonly path: string; readonly task: TaskId }, judgement: Judgement): Review {
    const { clock, hash, pid } = this.#options.dependencies;
    this.#bulks += 1;
    const nowMs = clock.nowMs();
    return {
      ...judgement, id: `${bulkId}${hash(JSON.stringify([reviewer, path, nowMs, pid, this.#bulks])).slice(0, 32)}`, taskId: task, path: fingerprint(path), reviewer, reviewedAtMs: nowMs, seconds: 0,
      ...withoutAbsent({ supersedes: index.standingOf(path, reviewer)?.id }),
    };
  }

  async #appendInParts(reviews: readonly Review[]): Promise<void> {
    const pause = inSlices(this.#options.dependencies.clock);
    for (let from = 0; from < reviews.length; from += reviewsAtOnce) {
      this.#append(reviews.slice(from, from + reviewsAtOnce));
      await pause();
    }
  }

  #correctGold({ task, gold, reviewer }: Params<'correctGold'>): Result<'correctGold'> {
    const { store, settler, index } = this.#deskNow();
    const known = taskNamed(store, task);
    if (gold.trim() === '') throw problemError('usage', 'A known answer is not empty. Write what the answer of the task is.');
    if (gold.trim() === known.gold) return { before: known.gold };
    store.commit({ corrections: [{ taskId: known.id, gold: gold.trim(), reviewer, atMs: this.#options.dependencies.clock.nowMs() }] });
    index.changed([known.id]);
    settler.settle([known.id]);
    return { before: known.gold ?? null };
  }

  async #import({ lines }: Params<'importReviews'>): Promise<Result<'importReviews'>> {
    const desk = await this.#ready();
    const refused: Result<'importReviews'>['refused'] = [];
    const reviews = new Map<string, Review>();
    const pause = inSlices(this.#options.dependencies.clock);
    const pathsOf = new Map<string, ReadonlySet<string>>();
    let known = 0;
    for (const [place, line] of lines.entries()) {
      const read = readLine(desk.store, line, pathsOf);
      if ('message' in read) refused.push({ line: place + 1, ...read });
      else if (desk.index.review(read.id) || reviews.has(read.id)) known += 1;
      else reviews.set(read.id, read);
      await pause();
    }
    await this.#appendInParts([...reviews.values()]);
    return { imported: reviews.size, known, refused };
  }

  /** Tasks that a reject left with too few paths, and that have branches which nobody has asked for. */
  async #short(): Promise<string[]> {
    const { index, store, perTask } = await this.#ready();
    await this.settled();
    const tasks = new Set(index.allReviews().filter(({ decision }) => decision === 'reject').map(review => review.taskId));
    return [...tasks].filter(task => {
      const outcome = store.outcome(task);
      return outcome !== undefined && outcome.notNeeded > 0 && outcome.branches.some(({ review }) => review?.decision === 'reject') && outcome.branches.filter(({ loss }) => !loss).length < perTask;
    });
  }
}

/** So many paths are read and counted in some hundredths of a second. */
const mostCountedInPassing = 5_000;
/** Reviews of one transaction, so that nobody waits long meanwhile. */
const reviewsAtOnce = 500;

/** What a review says, without whose and when. */
function judgementOf(review: StoredReview | undefined): Judgement {
  if (!review) return { decision: 'none', marks: [] };
  const { decision, reason, marks, note, amendedText } = review;
  return { decision, marks, ...withoutAbsent({ reason, note, amendedText }) };
}

/** A review as a line of the text file. */
function lineOf({ taskId: task, marks, ...rest }: StoredReview): ReviewLine {
  const { sequence, id, path, reviewer, decision, reason, note, amendedText, reviewedAtMs, seconds, supersedes, sampled } = rest;
  return { sequence, id, task, path, reviewer, decision, ...withoutAbsent({ reason }), marks: marks.map(mark => ({ ...mark })), ...withoutAbsent({ note, amendedText }), reviewedAtMs, seconds, ...withoutAbsent({ supersedes, sampled }) };
}

function readLine(store: Store, line: unknown, pathsOf: Map<string, ReadonlySet<string>>): Review | { readonly code: string; readonly message: string } {
  const parsed = z.safeParse(reviewLineSchema, line);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { code: 'row-malformed', message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a review'}`.replace(/^: /, '') };
  }
  const { task, path } = parsed.data;
  const paths = pathsOf.get(task) ?? new Set(store.answers(taskId(task)).filter(({ stage }) => stage === 'path').map(answer => String(answer.fingerprint)));
  pathsOf.set(task, paths);
  if (!store.task(taskId(task))) return { code: 'task-not-found', message: `this project has no task ${task}` };
  return paths.has(path) ? reviewOfLine(parsed.data) : { code: 'field-invalid', message: `path: ${task} has no path ${path} in this project` };
}
