import type { TaskId } from '../core/model/ids.ts';
import { problemError } from '../core/model/problem.ts';
import type { RunContext } from '../core/plan/context.ts';
import type { Clock } from '../ports/clock.ts';
import type { SettledTask, Store } from '../ports/store.ts';
import { inSlices } from './slices.ts';

/** Tasks read between two looks at the clock. */
const tasksPerStep = 500;

/**
 * What the outcomes of a run are worked out from beside the answers of each task. A run that asks nothing, or for one round only, settles a task just as one
 * that may ask everything: what it leaves out has no part in the outcome.
 *
 * @param understanding version of the code that understands answers and checks paths; another one may come to other outcomes
 */
export function basisOf({ recipe, identity, judgeIdentity, mode, filter, allowed, hash }: RunContext, understanding: string): string {
  const parts = [recipe.id, identity, mode, filter, allowed && allowed.size > 0 ? [...allowed].sort() : null, understanding];
  return hash(JSON.stringify([...parts, ...(judgeIdentity === undefined ? [] : [judgeIdentity])]));
}

/** How tasks are read. `signal` aborts when nobody waits for them any more; absent: never. */
interface Reading {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Tasks whose outcome has this basis: a run would come to the same, so it may leave them as they are. Throws `cancelled` once the signal is. */
export async function settledTasks(store: Store, basis: string, { clock, signal }: Reading): Promise<ReadonlyMap<TaskId, SettledTask>> {
  const pause = inSlices(clock);
  const settled = new Map<TaskId, SettledTask>();
  for (let page = store.settledTasks(basis, undefined, tasksPerStep); page.length > 0; page = store.settledTasks(basis, page.at(-1)?.ordinal, tasksPerStep)) {
    for (const task of page) settled.set(task.taskId, task);
    await pause();
    if (signal?.aborted === true) throw problemError('cancelled', 'The looking was called off. It changes nothing.');
  }
  return settled;
}
