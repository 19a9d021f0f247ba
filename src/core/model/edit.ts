import type { Fingerprint, BranchId, TaskId } from './ids.ts';
import type { Message, ModelStage, Round } from './stage.ts';

/** Which branch an edit is about. */
export interface EditPlace {
  readonly taskId: TaskId;
  readonly round: Round;
  /** Of a fork, the id that it gets or has. */
  readonly branch: BranchId;
}

/** What a person decided about one branch. */
export type EditFact =
  /** `chosen` stands where the answer `of` stood. Where both are the same, the answer that the model gave stands again. */
  | { readonly kind: 'answer'; readonly stage: ModelStage; readonly of: Fingerprint; readonly chosen: Fingerprint }
  /** These messages are sent instead of those whose answer would be `of`; `null`: those again. */
  | { readonly kind: 'prompt'; readonly stage: ModelStage; readonly of: Fingerprint; readonly messages: readonly Message[] | null }
  /**
   * The branch begins as a copy of `source`: it shares the answers named in `inputs`, those of the stages before `from`, and goes its own way from there on.
   * `source` is no fork: a fork of a fork says what that one says.
   */
  | { readonly kind: 'fork'; readonly source: BranchId; readonly from: ModelStage; readonly inputs: { readonly [S in ModelStage]?: Fingerprint } }
  /** Whether a fork takes part in the selection of its task, after all other branches of its round. It does not until a person says so. */
  | { readonly kind: 'include'; readonly included: boolean };

/** One edit, appended and never changed: of several about the same thing the latest counts, so that undoing one is choosing what stood before. */
export type Edit = EditPlace & EditFact & {
  /** UTC, integer milliseconds. */
  readonly atMs: number;
};

/** What kinds of edits there are. */
export const editKinds = ['answer', 'prompt', 'fork', 'include'] as const satisfies readonly EditFact['kind'][];
