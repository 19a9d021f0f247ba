import type { methods, ParamsOf, ResultOf } from '../../contract/engine.ts';
import type { RunId, TaskId } from '../../core/model/ids.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import { isTrainTask } from '../../core/model/task.ts';
import type { RunContext } from '../../core/plan/context.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { MovedTask } from '../../ports/withdrawnTasks.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { inSlices } from '../slices.ts';
import { settleAnew } from '../stepper/settleAnew.ts';
import { taskNamed } from '../taskNamed.ts';

type Names = 'holdOut' | 'holdIn' | 'leaveOut' | 'takeIn' | 'withdrawnTasks';
type Params<N extends Names> = ParamsOf<(typeof methods)[N]>;
type Result<N extends Names> = ResultOf<(typeof methods)[N]>;

/** What tasks are kept away from training with. */
export interface WithdrawalDeskOptions {
  readonly dependencies: Pick<EngineDependencies, 'clock' | 'emit' | 'understanding'>;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  /** The context in which a run worked. Throws where its recipe cannot be read any more. */
  readonly contextOf: (run: RunRecord) => Promise<RunContext>;
  /** Whether anything asks a model about a task at this moment. */
  readonly isActive: (task: TaskId) => boolean;
}

/** Tasks of one transaction, so that nobody waits long meanwhile. */
const tasksAtOnce = 50;
/** Tasks that are named one by one when they changed. */
const mostNamed = 1_000;
const usualReason = 'contamination';

/** Keeps tasks away from training, and gives them back to it. */
export class WithdrawalDesk {
  readonly handlers: { readonly [N in Names]: (params: Params<N>) => Promise<Result<N>> };
  readonly #options: WithdrawalDeskOptions;

  constructor(options: WithdrawalDeskOptions) {
    this.#options = options;
    this.handlers = {
      holdOut: async ({ tasks }) => this.#each(this.#idle(this.#idsOf(tasks)), (store, ids) => store.withdrawn.holdOut(this.#idle(ids))),
      holdIn: async ({ tasks }) => this.#holdIn(tasks),
      leaveOut: async ({ tasks, reason = usualReason }) => this.#each(this.#idsOf(tasks), (store, ids) => store.withdrawn.leaveOut(ids, reason)),
      takeIn: async ({ tasks }) => this.#each(this.#idsOf(tasks), (store, ids) => store.withdrawn.takeIn(ids)),
      withdrawnTasks: async () => listOf(options.store()),
    };
  }

  /** A run would store the outcome of a task that it works on after it was moved. */
  #idle(ids: readonly TaskId[]): readonly TaskId[] {
    const busy = ids.find(id => this.#options.isActive(id));
    if (busy !== undefined) throw problemError('run-active', `The model is being asked about ${busy} at this moment. Wait for the end of that, or cancel it, and move the task then.`);
    return ids;
  }

  /** Where something is refused after other tasks were changed, those are given: who asks again for the others is told why. */
  async #each(ids: readonly TaskId[], change: (store: Store, ids: readonly TaskId[]) => readonly TaskId[]): Promise<{ tasks: string[] }> {
    const { store: opened, dependencies: { clock, emit } } = this.#options;
    const pause = inSlices(clock);
    const changed: TaskId[] = [];
    try {
      for (let from = 0; from < ids.length; from += tasksAtOnce) {
        changed.push(...change(opened(), ids.slice(from, from + tasksAtOnce)));
        await pause();
      }
    } catch (thrown) {
      if (changed.length === 0) throw thrown;
      emit('log', { level: 'warning', text: `${changed.length} of ${ids.length} tasks were changed: ${problemOf(thrown).message}` });
    } finally {
      this.#tell(changed);
    }
    return { tasks: changed };
  }

  /** Every name is looked up before anything is changed. */
  #idsOf(names: readonly string[]): readonly TaskId[] {
    const store = this.#options.store();
    return [...new Set(names)].map(name => taskNamed(store, name).id);
  }

  /** What was found of the tasks before is found again, from what was answered: nothing is asked for that. */
  async #holdIn(names: readonly string[]): Promise<Result<'holdIn'>> {
    const back: MovedTask[] = [];
    const result = await this.#each(this.#idle(this.#idsOf(names)), (store, ids) => {
      const moved = store.withdrawn.holdIn(this.#idle(ids));
      back.push(...moved);
      return moved.map(({ taskId }) => taskId);
    });
    await this.#settle(back);
    return result;
  }

  /** A task that cannot be settled stands as one that was not run, until the next run. */
  async #settle(tasks: readonly MovedTask[]): Promise<void> {
    const { dependencies: { clock, emit } } = this.#options;
    const pause = inSlices(clock);
    const contexts = new Map<RunId, RunContext | undefined>();
    const settled: TaskId[] = [];
    for (const { taskId, run } of tasks) {
      if (run === undefined) continue;
      if (!contexts.has(run)) contexts.set(run, await this.#contextOf(run));
      try {
        if (this.#settleOne(taskId, contexts.get(run))) settled.push(taskId);
      } catch (thrown) {
        emit('log', { level: 'warning', text: `${taskId} trains again, and is to be run again for its paths: ${problemOf(thrown).message}` });
      }
      await pause();
    }
    this.#tell(settled);
  }

  #settleOne(id: TaskId, context: RunContext | undefined): boolean {
    const { store: opened, dependencies: { understanding }, isActive } = this.#options;
    const store = opened();
    const task = store.task(id);
    if (!context || !task || !isTrainTask(task) || isActive(id) || store.outcome(id)) return false;
    settleAnew(store, { ...context, task }, { understanding, inPart: true });
    return true;
  }

  async #contextOf(id: RunId): Promise<RunContext | undefined> {
    const { store, contextOf, dependencies: { emit } } = this.#options;
    const run = store().runs().find(each => each.id === id);
    try {
      return run && await contextOf(run);
    } catch (thrown) {
      emit('log', { level: 'warning', text: problemOf(thrown).message });
      return undefined;
    }
  }

  #tell(tasks: readonly TaskId[]): void {
    if (tasks.length > 0) this.#options.dependencies.emit('tasksChanged', { tasks: tasks.slice(0, mostNamed), all: tasks.length > mostNamed });
  }
}

const listOf = ({ withdrawn }: Store): Result<'withdrawnTasks'> => ({
  moved: withdrawn.moved().map(({ taskId: task, atMs }) => ({ task, atMs })),
  leftOut: withdrawn.leftOut().map(({ taskId: task, reason, atMs }) => ({ task, reason, atMs })),
});
