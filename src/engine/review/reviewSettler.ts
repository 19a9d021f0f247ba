import type { RunId, TaskId } from '../../core/model/ids.ts';
import { problemOf } from '../../core/model/problem.ts';
import { isTrainTask } from '../../core/model/task.ts';
import type { RunContext } from '../../core/plan/context.ts';
import type { Store } from '../../ports/store.ts';
import { inSlices } from '../slices.ts';
import { settleAnew } from '../stepper/settleAnew.ts';
import type { ReviewDeskOptions } from './reviewDesk.ts';

/** Works the outcomes of tasks out anew that people have reviewed, after their words are stored: a reviewer does not wait for that. */
export class ReviewSettler {
  readonly #options: Pick<ReviewDeskOptions, 'dependencies' | 'contextOf' | 'isActive'>;
  readonly #store: Store;
  readonly #waiting = new Set<TaskId>();
  readonly #contexts = new Map<RunId, RunContext>();
  #working: Promise<void> | undefined;
  #closed = false;

  constructor({ store, ...options }: Pick<ReviewDeskOptions, 'dependencies' | 'contextOf' | 'isActive'> & { readonly store: Store }) {
    this.#options = options;
    this.#store = store;
  }

  /** Soon; a task that a run works on once that is done with it. */
  settle(tasks: Iterable<TaskId>): void {
    for (const task of tasks) this.#waiting.add(task);
    this.again();
  }

  /** What an engine before this one left undone. */
  catchUp(): void {
    this.settle(this.#store.unsettledReviews());
  }

  /** Looks again whether tasks that wait may be settled now. */
  again(): void {
    if (this.#closed || this.#waiting.size === 0) return;
    this.#working ??= this.#work().finally(() => { this.#working = undefined; });
  }

  /** Resolves when nothing more can be done now. */
  async settled(): Promise<void> {
    this.again();
    await this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    const { dependencies: { clock, emit } } = this.#options;
    const pause = inSlices(clock);
    const done: TaskId[] = [];
    await clock.sleep(0, new AbortController().signal); // whoever decided is answered first
    for (const task of this.#waiting) {
      if (this.#closed) break;
      if (this.#options.isActive(task)) continue;
      this.#waiting.delete(task);
      try {
        await this.#settleOne(task);
      } catch (thrown) {
        emit('log', { level: 'warning', text: `The outcome of ${task} does not know of its reviews yet: ${problemOf(thrown).message}` });
      }
      done.push(task);
      await pause();
    }
    if (done.length > 0 && !this.#closed) emit('tasksChanged', { tasks: done.slice(0, mostNamed), all: done.length > mostNamed });
  }

  async #settleOne(id: TaskId): Promise<void> {
    const settledBy = this.#store.outcome(id)?.runId;
    const context = settledBy === undefined ? undefined : await this.#contextOf(settledBy);
    const task = this.#store.task(id);
    if (!context || !task || !isTrainTask(task) || this.#closed) return;
    // a run may have taken the task up while the context was looked for
    if (this.#options.isActive(id)) this.#waiting.add(id);
    else settleAnew(this.#store, { ...context, task }, { understanding: this.#options.dependencies.understanding, inPart: true });
  }

  async #contextOf(id: RunId): Promise<RunContext | undefined> {
    const run = this.#store.runs().find(each => each.id === id);
    const context = this.#contexts.get(id) ?? (run && await this.#options.contextOf(run));
    if (context) this.#contexts.set(id, context);
    return context;
  }
}

/** Tasks that are named one by one when they changed. */
const mostNamed = 1_000;
