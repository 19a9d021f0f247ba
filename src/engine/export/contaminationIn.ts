import type { ContaminationThresholds } from '../../core/model/contamination.ts';
import { taskId, type TaskId } from '../../core/model/ids.ts';
import type { Store } from '../../ports/store.ts';
import { countBySet } from '../contamination/countBySet.ts';
import type { StoredContamination } from '../contamination/searchStore.ts';

/** What stands both in a training set and in data sets of held-out tasks. */
export interface SetContamination {
  readonly thresholds: ContaminationThresholds;
  /** Held-out data sets by name, those with such a task, and how many of their tasks are in the training set: word for word after normalisation, or nearly. */
  readonly sets: readonly { readonly evaluation: string; readonly exact: number; readonly near: number }[];
  /** Tasks of the training set that stand in one of them, by id, in the order of import. */
  readonly tasks: readonly string[];
}

/** Finds which train tasks of a project stand among its held-out tasks; nothing where it has none of those. */
export type FindContamination = (store: Store, signal: AbortSignal) => Promise<StoredContamination | undefined>;

/** Of what was found in a whole project, what is about these tasks. */
export function contaminationIn({ thresholds, pairs }: StoredContamination, tasks: ReadonlySet<TaskId>): SetContamination {
  const own = pairs.filter(({ train }) => tasks.has(taskId(train)));
  return { thresholds, sets: countBySet(own).map(({ set, ...counts }) => ({ evaluation: set, ...counts })), tasks: [...new Set(own.map(({ train }) => train))] };
}
