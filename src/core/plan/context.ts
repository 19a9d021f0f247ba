import type { Answer } from '../model/answer.ts';
import type { BranchId, Fingerprint, Hash, RunId } from '../model/ids.ts';
import type { Problem } from '../model/problem.ts';
import type { Ruling } from '../model/review.ts';
import type { RunFilter, RunMode } from '../model/run.ts';
import type { Message, ModelStage, Round } from '../model/stage.ts';
import type { TrainTask } from '../model/task.ts';
import type { Recipe } from '../recipes/recipe.ts';

/** What is the same for every task of a run. */
export interface RunContext {
  readonly runId: RunId;
  readonly recipe: Recipe;
  /** Model identity, see `ServerDescription`. */
  readonly identity: string;
  /** Identity of the model that answers stage `judge`; absent: the same. */
  readonly judgeIdentity?: string;
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

/** What is the same for every branch of a task. */
export interface TaskContext extends RunContext {
  readonly task: TrainTask;
}

/** A task as its recipe knows it: without the known answer where that stays unused, so that nothing can ask with it, show it to a model or decide by it. */
export function asRecipeKnows(context: TaskContext): TaskContext {
  if (context.recipe.knownAnswers === 'used' || context.task.gold === undefined) return context;
  const { gold: _unused, ...task } = context.task;
  return { ...context, task };
}

/** A branch, as a person's decisions name it. */
export interface BranchKey {
  readonly round: Round;
  readonly id: BranchId;
}

/** The facts known of a task: what was answered, what was given up, and what a person put in the place of either. */
export interface Facts {
  answer(fingerprint: Fingerprint): Answer | undefined;
  lost(fingerprint: Fingerprint): Problem | undefined;
  /** The answer that stands where another would; absent where nobody chose. */
  chosen(branch: BranchKey, of: Fingerprint): Answer | undefined;
  /** The messages that are sent in the place of those whose answer would be `of`; absent where nobody wrote any. */
  prompt(branch: BranchKey, of: Fingerprint): readonly Message[] | undefined;
  /** What people's reviews of a path come to; absent where nobody has decided. */
  ruling(path: Fingerprint): Ruling | undefined;
}
