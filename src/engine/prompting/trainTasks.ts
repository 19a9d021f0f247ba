import type { TaskId } from '../../core/model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { inSlices } from '../slices.ts';

/** The train tasks that were run, and the others, each in the order of import. */
export async function trainTasks(store: Store, clock: Clock): Promise<{ readonly settled: readonly TaskId[]; readonly fresh: readonly TaskId[] }> {
  const pause = inSlices(clock);
  const fresh = store.taskIds({ split: 'train', state: 'not-started' });
  await pause(); // the ids of a hundred thousand take a moment
  const all = store.taskIds({ split: 'train' });
  await pause();
  const rest = new Set(fresh);
  return { settled: all.filter(id => !rest.has(id)), fresh };
}
