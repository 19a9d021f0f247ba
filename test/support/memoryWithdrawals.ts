import type { TaskId } from '../../src/core/model/ids.ts';
import type { JournalEvent } from '../../src/core/model/event.ts';
import { problemError } from '../../src/core/model/problem.ts';
import type { Task } from '../../src/core/model/task.ts';
import type { LeftOutTask, MovedTask, ReturnedTask, WithdrawnTasks } from '../../src/ports/withdrawnTasks.ts';
import type { TaskEntry } from './memoryStore.ts';

interface Withdrawing {
  readonly entries: () => ReadonlyMap<TaskId, TaskEntry>;
  readonly note: (event: Pick<JournalEvent, 'kind' | 'task'>) => void;
  readonly nowMs: number;
  /** How many edits, reviews, corrections and lost answers a task has. */
  readonly facts: (task: TaskId) => number;
}

/** What is kept away from training, as long as its object lives. */
export class MemoryWithdrawals implements WithdrawnTasks {
  readonly #with: Withdrawing;
  readonly #moved = new Map<TaskId, ReturnedTask & { readonly facts: number }>();
  readonly #leftOut = new Map<TaskId, LeftOutTask>();

  constructor(withdrawing: Withdrawing) {
    this.#with = withdrawing;
  }

  holdOut(ids: readonly TaskId[]): readonly TaskId[] {
    return this.#each(ids, entry => {
      const { task, outcome, basis } = entry;
      if (task.split !== 'train') return [];
      this.#moved.set(task.id, { taskId: task.id, atMs: this.#with.nowMs, facts: this.#with.facts(task.id), ...(outcome ? { run: outcome.runId, outcome } : {}), ...(basis ? { basis: { basis: basis.basis, used: basis.used } } : {}) });
      entry.task = { ...task, split: 'held-out' };
      entry.outcome = undefined;
      entry.basis = undefined;
      this.#with.note({ kind: 'task-held-out', task: task.id });
      return [task.id];
    });
  }

  holdIn(ids: readonly TaskId[]): readonly ReturnedTask[] {
    return this.#each(ids, entry => {
      const { task } = entry;
      const moved = this.#moved.get(task.id);
      if (!moved) return [];
      this.#moved.delete(task.id);
      entry.task = { ...task, split: 'train' } satisfies Task;
      this.#with.note({ kind: 'task-held-in', task: task.id });
      const { facts, outcome, basis, ...rest } = moved;
      return [facts === this.#with.facts(task.id) ? { ...rest, ...(outcome ? { outcome } : {}), ...(basis ? { basis } : {}) } : rest];
    });
  }

  moved(): readonly MovedTask[] {
    return this.#inOrder(this.#moved).map(({ taskId, atMs, run }) => ({ taskId, atMs, ...(run === undefined ? {} : { run }) }));
  }

  leaveOut(ids: readonly TaskId[], reason: string): readonly TaskId[] {
    return this.#each(ids, ({ task }) => {
      if (task.split !== 'train' || this.#leftOut.has(task.id)) return [];
      this.#leftOut.set(task.id, { taskId: task.id, reason, atMs: this.#with.nowMs });
      this.#with.note({ kind: 'task-left-out', task: task.id });
      return [task.id];
    });
  }

  takeIn(ids: readonly TaskId[]): readonly TaskId[] {
    return this.#each(ids, ({ task }) => {
      if (!this.#leftOut.delete(task.id)) return [];
      this.#with.note({ kind: 'task-taken-in', task: task.id });
      return [task.id];
    });
  }

  leftOut(): readonly LeftOutTask[] {
    return this.#inOrder(this.#leftOut);
  }

  #each<T>(ids: readonly TaskId[], change: (entry: TaskEntry) => readonly T[]): readonly T[] {
    const entries = ids.map(id => this.#with.entries().get(id));
    if (entries.includes(undefined)) throw problemError('bug', 'no such task');
    return entries.flatMap(entry => (entry ? change(entry) : []));
  }

  #inOrder<T>(tasks: ReadonlyMap<TaskId, T>): readonly T[] {
    return [...this.#with.entries().keys()].flatMap(id => tasks.get(id) ?? []);
  }
}
