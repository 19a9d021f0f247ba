import type { Answer } from '../model/answer.ts';
import type { Fingerprint, Hash, RunId } from '../model/ids.ts';
import type { Problem } from '../model/problem.ts';
import type { RunFilter, RunMode } from '../model/run.ts';
import type { ModelStage, Round } from '../model/stage.ts';
import type { TrainTask } from '../model/task.ts';
import type { Recipe } from '../recipes/recipe.ts';

/** What is the same for every task of a run. */
export interface RunContext {
  readonly runId: RunId;
  readonly recipe: Recipe;
  /** Model identity, see `ServerDescription`. */
  readonly identity: string;
  readonly mode: RunMode;
  /** Stages that may ask the model; absent: all of the recipe's. Empty: nothing is asked, and what is stored is understood and graded again. */
  readonly allowed?: ReadonlySet<ModelStage>;
  /** The only round that may ask; absent: both. */
  readonly onlyRound?: Round;
  /** `reference` decides and cuts as the released filter does, instead of the recipe's filters. */
  readonly filter: RunFilter;
  readonly hash: Hash;
  /** Measures a path for the `length` filter; needed where the recipe has one, and for the reference filter. */
  readonly countTokens?: (text: string) => number;
}

/** Whether a run may ask the model at a stage of a round. */
export const mayAsk = ({ allowed, onlyRound }: Pick<RunContext, 'allowed' | 'onlyRound'>, stage: ModelStage, round: Round): boolean =>
  (allowed?.has(stage) ?? true) && (onlyRound === undefined || onlyRound === round);

/** Whether a run leaves out something that would ask the model, so that it may have to let go of tasks that are not settled. */
export const leavesOut = ({ allowed, onlyRound }: Pick<RunContext, 'allowed' | 'onlyRound'>): boolean => allowed !== undefined || onlyRound !== undefined;

/** What is the same for every branch of a task. */
export interface TaskContext extends RunContext {
  readonly task: TrainTask;
}

/** The facts known of a task: what was answered and what was given up. */
export interface Facts {
  answer(fingerprint: Fingerprint): Answer | undefined;
  lost(fingerprint: Fingerprint): Problem | undefined;
}
