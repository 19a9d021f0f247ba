import type { EvaluationDraft, EvaluationRecord } from '../core/model/evaluation.ts';
import type { TaskId } from '../core/model/ids.ts';
import type { RunRecord } from './store.ts';

/** The evaluations that a project knows of. Part of its file, with the same laws: facts are appended, and what is committed is never lost. */
export interface EvaluationRecords {
  /** Stores an evaluation with the tasks that each of its sets is asked, in the order of the sets; where there is one of its key already, that one is given. */
  add(draft: EvaluationDraft, tasks: readonly (readonly TaskId[])[]): { readonly id: number; readonly added: boolean };
  /** Newest first. */
  all(): readonly EvaluationRecord[];
  one(id: number): EvaluationRecord | undefined;
  /** The tasks that each of its sets is asked, in the order of the sets; none for an evaluation that there is not. */
  tasks(id: number): readonly (readonly TaskId[])[];
  /** Its runs, newest first: one for each model, each time it was begun or gone on with. They are none of the project's `runs`. */
  runs(id: number): readonly RunRecord[];
}
