import { align } from '../../core/align/align.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { mostShown } from '../../contract/review.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { inSlices } from '../slices.ts';
import { isOpenToReview, type ReviewIndex } from './reviewIndex.ts';

/** It goes on so long after somebody reviewed last. */
const goesOnMs = 60_000;
/** Rest after somebody has asked: what they asked for is being drawn, and the processor is left to that. */
const leaveMs = 300;
/** Rest after each task, so that a run beside it has the processor half of the time at least. */
const restMs = 2;

/** Measures, while people review, how much of its structure each path carries out: those first that are open to review. What was measured is remembered as long as the engine lives. */
export class CoverageMeter {
  readonly #options: { readonly index: ReviewIndex; readonly store: Pick<Store, 'answers' | 'outcome'>; readonly clock: Clock; readonly perTask: () => number };
  readonly #stopped = new AbortController();
  #askedMs = -Infinity;
  #running = false;

  constructor(options: { readonly index: ReviewIndex; readonly store: Pick<Store, 'answers' | 'outcome'>; readonly clock: Clock; readonly perTask: () => number }) {
    this.#options = options;
  }

  /** Somebody reviews. */
  asked(): void {
    this.#askedMs = this.#options.clock.monotonicMs();
    if (this.#running) return;
    this.#running = true;
    void this.#measure().catch(() => undefined).finally(() => { this.#running = false; }); // of a project that was closed meanwhile nothing is wanted
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #measure(): Promise<void> {
    const { clock } = this.#options;
    const pause = inSlices(clock);
    for (const task of this.#tasks()) {
      if (this.#stopped.signal.aborted || clock.monotonicMs() - this.#askedMs > goesOnMs) return;
      for (const measure of this.#pathsOf(task)) {
        await this.#leave();
        measure();
        await pause();
      }
      await clock.sleep(restMs, this.#stopped.signal);
    }
  }

  async #leave(): Promise<void> {
    const { clock } = this.#options;
    const leftMs = () => this.#askedMs + leaveMs - clock.monotonicMs();
    for (let left = leftMs(); left > 0; left = leftMs()) await clock.sleep(left, this.#stopped.signal);
  }

  /** Tasks with paths that are open to review and not measured. */
  #tasks(): ReadonlySet<TaskId> {
    const { index, perTask } = this.#options;
    const tasks = new Set<TaskId>();
    for (const path of index.paths.values()) {
      if (!index.hasCoverage(path.path) && isOpenToReview(path, { kept: index.keptOf(path.taskId), perTask: perTask() })) tasks.add(path.taskId);
    }
    return tasks;
  }

  *#pathsOf(task: TaskId): Generator<() => void> {
    const { index, store } = this.#options;
    const answers = new Map(store.answers(task).map(answer => [answer.fingerprint, answer.raw]));
    for (const branch of store.outcome(task)?.branches ?? []) {
      const { path, structure } = branch.answers;
      if (path === undefined || index.hasCoverage(path)) continue;
      const [text, plan] = [answers.get(path), structure === undefined ? undefined : answers.get(structure)];
      yield () => { index.measured(path, text === undefined || plan === undefined ? null : align({ structure: plan.slice(0, mostShown), path: text.slice(0, mostShown) }).coverage); };
    }
  }
}
