import type { Fields } from './outside.ts';
import type { RecipeId } from './ids.ts';
import type { Sampling } from './stage.ts';

/** Whether a held-out data set asks for what a training set teaches (`in`), or for something else (`out`): what is claimed of a model is claimed of one of them. */
export const domains = ['in', 'out'] as const;
/** One of `domains`. */
export type Domain = (typeof domains)[number];

/** A chance below it counts as none, as the intervals of 95 % have it. */
export const chanceLevel = 0.05;
/** Whether a difference can be told from none: its interval leaves 0 out, and the exact test, which knows no approximation for few tasks, agrees. */
export const isClear = ({ low, high, p }: { readonly low: number; readonly high: number; readonly p: number }): boolean => (low > 0 || high < 0) && p < chanceLevel;

/** How the answer is found in what a model wrote: in its last box alone, or in any form that announces it. */
export const extractionRules = ['boxed', 'any'] as const;
/** One of `extractionRules`. */
export type ExtractionRule = (typeof extractionRules)[number];

/** A model that is evaluated. */
export interface EvaluatedModel {
  /** What it is called in tables: its served name, with its server where two of the same name are compared. Unlike all others of its evaluation. */
  readonly label: string;
  readonly model: string;
  readonly baseUrl: string;
  /** See `ServerDescription`. */
  readonly identity: string;
  readonly simulated: boolean;
}

/** A held-out data set that is asked, as it stood when the evaluation began. */
export interface AskedSet {
  readonly name: string;
  /** Tasks with a known answer that are asked, at least one. */
  readonly tasks: number;
  /** Held-out tasks of the set that have no known answer, and so are not asked. */
  readonly withoutGold: number;
}

/** How held-out tasks are asked, and how an answer is read: all of it the same for every model. */
export interface EvaluationRule {
  /** SHA-256 of the prompt's text with the partials that it includes; the texts themselves are kept as a recipe's are. */
  readonly promptId: RecipeId;
  readonly sampling: Sampling;
  /** Answers of each task, of which the majority counts; 1 or more. */
  readonly samples: number;
  /** Decides what is drawn where the temperature is not 0; 0 to 2³¹ − 1. */
  readonly seed: number;
  readonly extraction: ExtractionRule;
  /** The first so many tasks of a seeded order of each set; absent: all. */
  readonly limit?: number;
}

/** An evaluation as it is begun. What its models answered is kept as all answers are, so that what is counted of it is counted anew each time. */
export interface EvaluationDraft {
  /** Hash of models, sets and rule: the same question has the same key, and is one evaluation however often it is asked. */
  readonly key: string;
  /** At least one; the base last. */
  readonly models: readonly EvaluatedModel[];
  /** Label of the model that all others are compared with; absent: nothing is compared. */
  readonly base?: string;
  /** At least one. */
  readonly sets: readonly AskedSet[];
  readonly rule: EvaluationRule;
  readonly createdAtMs: number;
  /** What it was started with, so that it can be gone on with: a JSON value, no key in it. */
  readonly choices: Fields;
}

/** An evaluation of a project. */
export interface EvaluationRecord extends EvaluationDraft {
  /** 1 for the first of a project. */
  readonly id: number;
}
