import { findContamination, type ContaminationPair, type Questions } from '../../core/contamination/findContamination.ts';
import type { ContaminationThresholds } from '../../core/model/contamination.ts';
import { taskId, type TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { inSlices } from '../slices.ts';

/** A pair with the data sets that its tasks are of. */
export interface StoredPair extends ContaminationPair {
  readonly trainSet: string;
  readonly evaluationSet: string;
}

/** See `Contamination`. */
export interface StoredContamination {
  readonly thresholds: ContaminationThresholds;
  readonly pairs: readonly StoredPair[];
  readonly left: number;
}

/** What is looked for. */
export interface Sought {
  readonly thresholds: ContaminationThresholds;
  /** In place of the train tasks, whatever they are by now. */
  readonly train?: readonly TaskId[];
}

/** How a project is searched. `signal` aborts when nobody waits for it any more. */
interface Searching {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Finds the train tasks of a project that stand in its held-out data sets, as they were when the search began. Throws `cancelled` once the signal is. */
export async function searchStore(store: Store, { thresholds, train: ids }: Sought, { clock, signal }: Searching): Promise<StoredContamination> {
  const slice = inSlices(clock);
  const pause = async () => {
    await slice();
    if (signal.aborted) throw problemError('cancelled', 'The search for contamination was cancelled. It changes nothing; start it again at any time.');
  };
  await pause(); // the project may be closed by now
  const train = questionsOf(store, ids ?? store.taskIds({ split: 'train' }));
  await pause(); // the ids of a hundred thousand take a moment
  const evaluation = questionsOf(store, store.taskIds({ split: 'held-out' }));
  await pause();
  const search = findContamination({ train, evaluation }, thresholds);
  let step = search.next();
  while (step.done !== true) {
    await pause();
    step = search.next();
  }
  const [pairs, datasetOf] = [[] as StoredPair[], datasetsIn(store)];
  for (const pair of step.value.pairs) {
    pairs.push({ ...pair, trainSet: datasetOf(pair.train), evaluationSet: datasetOf(pair.evaluation) });
    await pause();
  }
  return { thresholds, pairs, left: step.value.left };
}

/** The questions of tasks, read one by one as they are asked for. */
function questionsOf(store: Store, ids: readonly TaskId[]): Questions {
  return {
    length: ids.length,
    *[Symbol.iterator]() {
      for (const id of ids) yield { id, question: questionOf(store, id) };
    },
  };
}

/** The question of a task that is there. */
export const questionOf = (store: Store, id: TaskId): string => store.task(id)?.question ?? '';

/** A task of many pairs is read once. */
function datasetsIn(store: Store): (id: string) => string {
  const known = new Map<string, string>();
  return id => {
    const dataset = known.get(id) ?? store.task(taskId(id))?.origin.dataset ?? '';
    known.set(id, dataset);
    return dataset;
  };
}
