import type { Guideline } from '../model/guideline.ts';
import type { RecipeId } from '../model/ids.ts';
import type { Prompt } from '../model/prompt.ts';
import { modelStages, stages, type Filter, type ModelStage, type Sampling, type Stage } from '../model/stage.ts';

/**
 * In which order a prompt says what it says. `prefix`: what all branches of a task share first and the branch's own text last, so that a server's prefix cache serves
 * them all. `reference`: the order of the released code of ReGenesis, in which branches share next to nothing but the task of `choose` and `judge`.
 */
export const layouts = ['prefix', 'reference'] as const;
/** One of `layouts`. */
export type Layout = (typeof layouts)[number];

/** Whether the known answers of tasks decide, where there are any; `unused`: the majority does for every task, as where none is known. */
export const knownAnswerUses = ['used', 'unused'] as const;
/** One of `knownAnswerUses`. */
export type KnownAnswerUse = (typeof knownAnswerUses)[number];

/** One stage that asks a model, ready to run. */
export interface StagePlan {
  readonly stage: ModelStage;
  /** Part of the fingerprint; raised when what a stage means changes. */
  readonly version: number;
  readonly prompt: Prompt;
  readonly sampling: Sampling;
  /** How often an unusable answer is drawn again, 0 or more. */
  readonly retries: number;
}

/** Sampling of guidelines: one prompt, `samples` answers, each of which becomes a branch. */
export interface ChoosePlan extends StagePlan {
  readonly samples: number;
  /** Fewest and most guidelines of a valid answer. */
  readonly picks: readonly [least: number, most: number];
}

/** What one round asks of a task. */
export interface RoundPlan {
  /** One branch for each of these. */
  readonly guidelines: readonly Guideline[];
  /** As many branches more as it has samples. */
  readonly choose?: ChoosePlan;
  /** What one may choose among; nothing where branches are drawn. */
  readonly choices: readonly Guideline[];
  /** Plain draws, a branch each; absent: none. A round has these or the others, never both. */
  readonly drawn?: number;
  /** The stages of a branch in order, ending in `path`; `adapt` or `structure` may be left out, and both are where branches are drawn. */
  readonly chain: readonly StagePlan[];
  readonly judge?: StagePlan;
  /** Stages that are shown the known answer; empty in round 1. */
  readonly hintStages: readonly ModelStage[];
}

/** How paths are measured by the `length` filter. `estimate` is labelled as one wherever it shows. */
export interface LengthRule {
  /** A path of this many tokens or more is out. */
  readonly below: number;
  readonly tokenizer: 'cl100k' | 'estimate';
}

/** What to do, complete and repeatable; made by `loadRecipe`. */
export interface Recipe {
  readonly id: RecipeId;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** 0 to 2³¹ − 1. */
  readonly seed: number;
  /** The order of its prompts, but for those that it names itself. */
  readonly layout: Layout;
  readonly rounds: { readonly 1: RoundPlan; readonly 2?: RoundPlan };
  /** In the order in which they charge. */
  readonly filters: readonly Filter[];
  /** How `clean` shortens a path: keeps from the first consecutive numbered list on. */
  readonly clean?: { readonly requireSteps: boolean };
  readonly length?: LengthRule;
  /** Most paths kept per task over both rounds, at least 1. */
  readonly perTask: number;
  readonly knownAnswers: KnownAnswerUse;
  /** For tasks whose known answer is not there, or not used. The numbers are ours, not the paper's. */
  readonly vote: { readonly leastVotes: number; readonly leastShare: number; readonly leastMargin: number };
  /** Every file it was made of, path → text: the recipe, its prompts, partials and guidelines. */
  readonly files: Readonly<Record<string, string>>;
}

/** Everything that a round asks a model, in the order of a branch; nothing for a round that a recipe lacks. */
export const stagePlansOf = (round: RoundPlan | undefined): readonly StagePlan[] =>
  [round?.choose, ...(round?.chain ?? []), round?.judge].filter(plan => plan !== undefined);

/** The stages in which a recipe asks a model, in one round or the other, in the order of a branch. */
export function modelStagesOf({ rounds }: Pick<Recipe, 'rounds'>): readonly ModelStage[] {
  const plans = [...stagePlansOf(rounds[1]), ...stagePlansOf(rounds[2])];
  return modelStages.filter(stage => plans.some(plan => plan.stage === stage));
}

/** Every stage of a recipe, in the order of the method. It votes over tasks without a known answer, and selects in any case. */
export function stagesOf(recipe: Pick<Recipe, 'rounds' | 'filters'>): readonly Stage[] {
  const has: readonly string[] = [...modelStagesOf(recipe), ...recipe.filters, 'vote', 'select'];
  return stages.filter(stage => has.includes(stage));
}
