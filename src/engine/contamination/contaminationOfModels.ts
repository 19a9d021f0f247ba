import type { ContaminatedSet } from '../../contract/evaluation.ts';
import type { EvaluatedModel } from '../../core/model/evaluation.ts';
import { taskId } from '../../core/model/ids.ts';
import type { Store } from '../../ports/store.ts';
import type { ContaminationDesk } from './contaminationDesk.ts';
import { countBySet, type Contaminated } from './countBySet.ts';
import type { LearntTasks } from './learntTasks.ts';

/** What is asked of which models. `signal` aborts when nobody waits for it any more. */
export interface AskedOfModels {
  readonly tasks: ReadonlySet<string>;
  readonly models: readonly EvaluatedModel[];
  readonly signal: AbortSignal;
}

/** What of it the training data has too. `untold`: labels of models that a job of the project has trained on what cannot be looked up any more. */
export interface ContaminationOfModels {
  readonly sets: ContaminatedSet[];
  readonly untold: readonly string[];
}

/** What is looked in. */
interface Places {
  readonly store: Store;
  readonly desk: Pick<ContaminationDesk, 'find'>;
  readonly learnt: Pick<LearntTasks, 'of'>;
}

/**
 * Which of these held-out tasks stand among the train tasks too, were among them when a run settled them, or stand among what a job trained one of the models on, whatever
 * became of that since. Throws `cancelled` once the signal is aborted.
 */
export async function contaminationOfModels({ store, desk, learnt }: Places, { tasks, models, signal }: AskedOfModels): Promise<ContaminationOfModels> {
  const { from, untold } = await learnt.of(store, models, signal);
  // what trains still is looked at in any case
  const train = [...new Set([...tasks, ...store.withdrawn.moved().map(moved => moved.taskId)])].filter(from).map(taskId);
  const now = store.countTasks({ split: 'train' }) === 0 ? [] : (await desk.find({}, signal)).pairs;
  const then = train.length === 0 ? [] : (await desk.find({ train }, signal)).pairs;
  const sets = countBySet([...[...now, ...then].filter(({ evaluation }) => tasks.has(evaluation)), ...settledBefore(store, tasks)]);
  return { sets: sets.map(counts => ({ ...counts })), untold };
}

/** Which of these tasks were train tasks, and settled by a run, before they were moved to the held-out ones: whoever trained on what the run made has seen them, word for word. */
const settledBefore = (store: Store, asked: ReadonlySet<string>): readonly Contaminated[] =>
  store.withdrawn.moved().filter(({ run, taskId: id }) => run !== undefined && asked.has(id))
    .flatMap(({ taskId: id }) => store.task(id) ?? []).map(({ id, origin }) => ({ evaluation: id, evaluationSet: origin.dataset, how: 'exact' as const }));
