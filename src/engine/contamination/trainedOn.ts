import type { Store } from '../../ports/store.ts';
import type { Contaminated } from './countBySet.ts';

/** Tasks of these held-out data sets that were train tasks, and settled by a run, before they were moved: whoever trained on what the run made has seen them, word for word. */
export function trainedOn(store: Store, sets: readonly string[]): readonly Contaminated[] {
  const settled = new Set(store.withdrawn.moved().filter(({ run }) => run !== undefined).map(({ taskId }) => taskId));
  if (settled.size === 0) return [];
  return sets.flatMap(evaluationSet => store.taskIds({ split: 'held-out', dataset: evaluationSet }).filter(id => settled.has(id)).map(evaluation => ({ evaluation, evaluationSet, how: 'exact' as const })));
}
