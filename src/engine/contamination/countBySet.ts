import type { ContaminationKind } from '../../core/model/contamination.ts';
import type { StoredPair } from './searchStore.ts';

/** A held-out task that the training data has too. */
export type Contaminated = Pick<StoredPair, 'evaluation' | 'evaluationSet' | 'how'>;

/** How many tasks of each held-out data set are in any pair, by name: word for word after normalisation, or else nearly. Sets without any are left out. */
export function countBySet(pairs: readonly Contaminated[]): readonly { readonly set: string; readonly exact: number; readonly near: number }[] {
  const sets = new Map<string, Map<string, ContaminationKind>>();
  for (const { evaluation, evaluationSet, how } of pairs) {
    const found = sets.get(evaluationSet) ?? new Map<string, ContaminationKind>();
    if (found.get(evaluation) !== 'exact') found.set(evaluation, how);
    sets.set(evaluationSet, found);
  }
  return [...sets].sort(([one], [other]) => (one < other ? -1 : 1)).map(([set, found]) => {
    const exact = [...found.values()].filter(how => how === 'exact').length;
    return { set, exact, near: found.size - exact };
  });
}
