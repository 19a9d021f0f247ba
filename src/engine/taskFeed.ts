import type { TaskId } from '../core/model/ids.ts';
import type { TaskWork } from '../core/plan/taskWork.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';

/** A task that was begun and is not settled. */
export interface ActiveTask {
  readonly work: TaskWork;
  /** Its position in the run. */
  readonly order: number;
  /** Calls queued or in flight. */
  open: number;
}

/** Tasks begun before the next transaction: where everything is stored already they fill no queue, and would otherwise be settled all at once. */
const begunAtOnce = 32;
/** The engine also answers clients: no turn of the loop may take much longer. */
export const turnMs = 8;

interface FeedOptions {
  readonly tasks: readonly TaskId[];
  readonly store: Store;
  /** What is to be done for a task; absent: nothing, as for one that is not there. */
  readonly workOn: (task: TaskId) => TaskWork | undefined;
  readonly clock: Clock;
}

/** Begins the tasks of a run one after the other, and knows those that are not settled. */
export class TaskFeed {
  readonly #options: FeedOptions;
  readonly #active = new Map<TaskId, ActiveTask>();
  #next = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Tasks begun and not settled. */
  get active(): ReadonlyMap<TaskId, ActiveTask> {
    return this.#active;
  }

  /** Whether all tasks were begun. */
  get exhausted(): boolean {
    return this.#next >= this.#options.tasks.length;
  }

  /** Begins tasks while `wanted` says so, for a turn at most; `begun` is told of each, with what the store holds of it taken in. */
  begin(wanted: () => boolean, begun: (task: ActiveTask) => void): void {
    const { tasks, store, workOn, clock } = this.#options;
    const last = Math.min(tasks.length, this.#next + begunAtOnce);
    const untilMs = clock.monotonicMs() + turnMs;
    while (this.#next < last && wanted() && clock.monotonicMs() <= untilMs) {
      const order = this.#next;
      this.#next += 1;
      const id = tasks[order];
      const work = id === undefined ? undefined : workOn(id);
      if (!work) continue;
      const active: ActiveTask = { work, order, open: 0 };
      this.#active.set(work.taskId, active);
      work.receive(store.answers(work.taskId), store.lost(work.taskId));
      begun(active);
    }
  }

  /** A task is settled, or may ask nothing more in this run. */
  end(task: TaskId): void {
    this.#active.delete(task);
  }
}
