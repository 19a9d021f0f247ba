import * as z from 'zod/mini';
import { runModes } from '../core/model/run.ts';
import { callStages, modelStages } from '../core/model/stage.ts';
import { verdictKinds } from '../core/model/verdict.ts';
import { count, round } from './figures.ts';
import { offlineSchema, stagePromptSchema } from './stepper.ts';

/** Texts that are not saved yet: path below `prompts/`, with forward slashes → text. They take the places of the files, and `{}` is what is saved. */
export const overlaySchema = z.record(z.string(), z.string());
/** See `overlaySchema`. */
export type Overlay = z.infer<typeof overlaySchema>;

/** Something wrong with a prompt, a recipe or a guideline file, with its place as an editor counts: lines and columns from 1. `code` is of a closed catalogue. */
export const promptProblemSchema = z.object({
  file: z.string(), line: count, column: count, endLine: count, endColumn: count, severity: z.enum(['error', 'warning']), code: z.string(), message: z.string(),
});
/** See `promptProblemSchema`. */
export type PromptFinding = z.infer<typeof promptProblemSchema>;

/**
 * Which prompt. `file`: path below `prompts/` of a prompt, partial, recipe or guideline file; absent: of `stage`, else of the first stage. `recipe`: absent, the latest one
 * that was run and uses the file, else another that does. `stage`: for a file that several stages use.
 */
export const promptChoiceSchema = z.object({ overlay: overlaySchema, file: z.optional(z.string()), recipe: z.optional(z.string()), stage: z.optional(z.enum(modelStages)) });
/** See `promptChoiceSchema`. */
export type PromptChoice = z.infer<typeof promptChoiceSchema>;

/**
 * For which task and branch; absent: the first train task, and the first branch of its recipe that has the stage. A branch that does not have it is taken for absent. What
 * evaluations ask is shown for a held-out task: absent, and where a train task is named, the first that one would ask.
 */
export const promptPlaceSchema = z.extend(promptChoiceSchema, { task: z.optional(z.string()), branch: z.optional(z.string()), round: z.optional(round), ...offlineSchema.shape });
/** See `promptPlaceSchema`. */
export type PromptPlace = z.infer<typeof promptPlaceSchema>;

/** What stands in the place of an answer that is not there: the one of before a change, or a sentence in marks. */
const standInSchema = z.object({ stage: z.enum(modelStages), from: z.enum(['former', 'nothing']) });
/** See `standInSchema`. */
export type StandIn = z.infer<typeof standInSchema>;

/**
 * A prompt as it would be sent. `arrivals` are the places of texts that a person edited, and of what `standIns` names. `shown` is null where the recipe, or the prompt of
 * evaluations, cannot be used as it stands: `problems` says why. `note` says how the file is shown where nothing uses it, or what else there is to know. A prompt of
 * evaluations, of the stage `evaluate` alone, has neither recipe nor branch.
 */
export const promptPreviewSchema = z.object({
  recipe: z.nullable(z.object({ name: z.string(), title: z.string() })),
  /** The stages that use the file, the one that is shown among them. */
  stages: z.array(z.enum(callStages)),
  shown: z.nullable(z.object({
    task: z.object({ id: z.string(), question: z.string() }),
    branch: z.nullable(z.object({ id: z.string(), round, title: z.string() })),
    stage: z.enum(callStages),
    ...z.pick(stagePromptSchema, { messages: true, tokens: true, sharedTokens: true, sharedBy: true, estimated: true, edited: true, arrivals: true, limit: true }).shape,
    standIns: z.array(standInSchema),
  })),
  problems: z.array(promptProblemSchema),
  note: z.optional(z.string()),
});
/** See `promptPreviewSchema`. */
export type PromptPreview = z.infer<typeof promptPreviewSchema>;

/**
 * What saving would do to one recipe, held against what it was when it was run last. `stale`: answers in use then that would not be any more. The rest is what a run over
 * all train tasks would ask beyond what it would ask had nothing changed since: `calls` are exact where `exact`, else what it probably comes to; tokens are estimates.
 */
export const recipeStalenessSchema = z.object({
  recipe: z.string(),
  title: z.string(),
  mode: z.enum(runModes),
  /** Nothing of what it asks, nor of how it judges, is another. */
  same: z.boolean(),
  stale: z.array(z.object({ stage: z.enum(modelStages), answers: count })),
  exact: z.boolean(),
  calls: count,
  promptTokens: count,
  outputTokens: count,
  /** Why it could not be run any more; empty where it can. */
  problems: z.array(promptProblemSchema),
});
/** See `recipeStalenessSchema`. */
export type RecipeStaleness = z.infer<typeof recipeStalenessSchema>;

/**
 * What saving would do to the latest evaluation, held against how it was asked. `answers`: those of its models that would be asked anew, were the same evaluated again.
 * The rest is what that would take: exact where `exact`, else what it probably comes to; tokens are estimates. `problems`: why nothing could be evaluated any more.
 */
export const evaluationStalenessSchema = z.object({
  evaluation: z.number(), same: z.boolean(), answers: count, exact: z.boolean(), calls: count, promptTokens: count, outputTokens: count, problems: z.array(promptProblemSchema),
});
/** See `evaluationStalenessSchema`. */
export type EvaluationStaleness = z.infer<typeof evaluationStalenessSchema>;

/** What saving would make stale. `evaluation`: absent where no model was evaluated yet, or not with the file that is asked about. */
export const stalenessSchema = z.object({ recipes: z.array(recipeStalenessSchema), evaluation: z.optional(evaluationStalenessSchema) });
/** See `stalenessSchema`. */
export type PromptStaleness = z.infer<typeof stalenessSchema>;

/** Most characters of a value that is told. */
export const longestValue = 2_000;
/** What a variable of the prompt language holds, its first `longestValue` characters; `length` is all of it. `standIn`: it comes of an answer that is not there. */
export const promptValueSchema = z.object({ name: z.string(), text: z.string(), length: count, standIn: z.boolean() });
/** What the variables of a stage hold for one task and branch. */
export const promptValuesSchema = z.object({
  task: z.string(), branch: z.object({ id: z.string(), round, title: z.string() }), stage: z.enum(modelStages), values: z.array(promptValueSchema),
});
/** See `promptValuesSchema`. */
export type PromptValues = z.infer<typeof promptValuesSchema>;

/**
 * How long a prompt gets. `tokens`, of the task with the longest question (for a judge, of those with a known answer), are an estimate; what earlier stages will give is taken
 * at the length that they gave so far, or are guessed to; guidelines that are not chosen yet as the longest that may be. `contextTokens`: what the model takes of prompt and
 * answer together; null where its server does not tell, and for a judge with a server of its own, which is not asked. `maxTokens`: what the answer may take of that.
 */
export const promptBudgetSchema = z.object({ stage: z.enum(modelStages), task: z.string(), tokens: count, maxTokens: count, contextTokens: z.nullable(count) });
/** See `promptBudgetSchema`. */
export type PromptBudget = z.infer<typeof promptBudgetSchema>;

/** What one side of a trial came to on one task. `text`: what the stage gave that the prompt is of; null where it came to none. */
export const triedSideSchema = z.object({
  text: z.nullable(z.string()),
  extracted: z.nullable(z.string()),
  /** `lost`: the branch came to no path. */
  verdict: z.enum([...verdictKinds, 'lost']),
  reason: z.string(),
  /** Of the whole branch. Prompts are an estimate; answers as the server counted them, null where it did not. */
  promptTokens: count,
  outputTokens: z.nullable(count),
});
/** See `triedSideSchema`. */
export type TriedSide = z.infer<typeof triedSideSchema>;

/** One side of a trial as a whole: of `of` tasks, those with a known answer, so many are correct, and the share lies between `low` and `high` at 95 % (Wilson). `outputTokens`: null where the server did not count some of them. */
const triedShareSchema = z.object({ correct: count, of: count, low: z.number(), high: z.number(), promptTokens: count, outputTokens: z.nullable(count), calls: count, cached: count });
/** See `triedShareSchema`. */
export type TriedShare = z.infer<typeof triedShareSchema>;

/** Two versions of a prompt, as it was when its recipe was run last and as it is now, on the same branches of the same tasks. `better` and `worse`: tasks that only one of them got right; `chance`: how likely a split as uneven is where neither is better. */
export const trialReportSchema = z.object({
  recipe: z.object({ name: z.string(), title: z.string() }),
  stage: z.enum(modelStages),
  server: z.object({ model: z.string(), baseUrl: z.string(), simulated: z.boolean() }),
  tasks: z.array(z.object({ id: z.string(), question: z.string(), gold: z.nullable(z.string()), branch: z.string(), before: triedSideSchema, after: triedSideSchema })),
  before: triedShareSchema,
  after: triedShareSchema,
  better: count,
  worse: count,
  chance: z.number(),
});
/** See `trialReportSchema`. */
export type TrialReport = z.infer<typeof trialReportSchema>;

/** What a trial would ask at most: of either side what is not there yet, what both share counted twice. Tokens are estimates. `hinted`: the prompt is one of the hint round, of which what is there is asked again. */
export const trialPlanSchema = z.object({ tasks: count, hinted: z.boolean(), calls: count, promptTokens: count, outputTokens: count });
/** See `trialPlanSchema`. */
export type TrialPlan = z.infer<typeof trialPlanSchema>;

/** Most tasks of a trial. */
export const mostTried = 200;
