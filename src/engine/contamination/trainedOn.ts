import type { Store } from '../../ports/store.ts';
import type { Contaminated } from './countBySet.ts';

/** Which of these tasks were train tasks, and settled by a run, before they were moved to the held-out ones: whoever trained on what the run made has seen them, word for word. */
export const trainedOn = (store: Store, asked: ReadonlySet<string>): readonly Contaminated[] =>
  store.withdrawn.moved().filter(({ run, taskId }) => run !== undefined && asked.has(taskId))
    .flatMap(({ taskId }) => store.task(taskId) ?? []).map(({ id, origin }) => ({ evaluation: id, evaluationSet: origin.dataset, how: 'exact' as const }));
