import * as z from 'zod/mini';
import { domains, extractionRules } from '../core/model/evaluation.ts';
import { problemCodes } from '../core/model/problem.ts';
import { runStates } from '../core/model/run.ts';
import { answerKinds } from '../core/model/task.ts';
import { verdictKinds } from '../core/model/verdict.ts';
import { count } from './figures.ts';

const share = z.number().check(z.minimum(0), z.maximum(1));
const problem = z.object({ code: z.enum(problemCodes), message: z.string() });

/** Most models that are evaluated at once, beside the one that they are compared with. */
export const mostModels = 16;
/** Most answers of each task. */
export const mostSamples = 256;

/** A model to be asked. `server`: its address; absent: the project's. */
export const modelChoiceSchema = z.object({ model: z.optional(z.string()), server: z.optional(z.string()) });
/** See `modelChoiceSchema`. */
export type ModelChoice = z.infer<typeof modelChoiceSchema>;

/**
 * What is evaluated: each of `models`, and where there is one the model that they are compared `against`, which is their base as a rule. Absent properties: all held-out data sets, every task, one greedy answer each, the answer in
 * its box. Data sets whose held-out tasks were all train tasks once are asked only where they are named. `retryLost`: what was given up is asked for again.
 */
export const evaluationChoicesSchema = z.object({
  models: z.array(modelChoiceSchema).check(z.minLength(1), z.maxLength(mostModels)),
  against: z.optional(modelChoiceSchema),
  sets: z.optional(z.array(z.string()).check(z.minLength(1))),
  /** The first so many tasks of a seeded order of each set. */
  limit: z.optional(z.int().check(z.positive())),
  samples: z.optional(z.int().check(z.positive(), z.maximum(mostSamples))),
  temperature: z.optional(z.number().check(z.minimum(0), z.maximum(2))),
  maxTokens: z.optional(z.int().check(z.positive(), z.maximum(131_072))),
  seed: z.optional(z.int().check(z.nonnegative(), z.maximum(2 ** 31 - 1))),
  extraction: z.optional(z.enum(extractionRules)),
  concurrency: z.optional(z.int().check(z.positive())),
  retryLost: z.optional(z.boolean()),
  apiKey: z.optional(z.string()),
  apiKeys: z.optional(z.record(z.string(), z.string())),
});
/** See `evaluationChoicesSchema`. */
export type EvaluationChoices = z.infer<typeof evaluationChoicesSchema>;

/** A held-out data set. `moved`: how many of its tasks were train tasks once. `stated`: somebody said which domain it is of; else it is `in` where the project has, or had until they were moved, train tasks of a data set of its name, and `out` otherwise. */
export const heldOutSetSchema = z.object({ name: z.string(), tasks: count, withoutGold: count, moved: count, domain: z.enum(domains), stated: z.boolean() });
/** See `heldOutSetSchema`. */
export type HeldOutSet = z.infer<typeof heldOutSetSchema>;

/** A model of an evaluation, by the label that tells it from the others. */
export const evaluatedModelSchema = z.object({ label: z.string(), model: z.string(), baseUrl: z.string(), identity: z.string(), simulated: z.boolean() });
/** See `evaluatedModelSchema`. */
export type EvaluatedModelReport = z.infer<typeof evaluatedModelSchema>;

/**
 * Train tasks, and what one of the models has learnt from, that stand in an evaluated set as well: `exact` after normalisation, `near` by what they share. Tasks that were
 * moved there after a run had settled them are `exact`. Counts are of tasks of the set.
 */
export const contaminatedSetSchema = z.object({ set: z.string(), exact: count, near: count });
/** See `contaminatedSetSchema`. */
export type ContaminatedSet = z.infer<typeof contaminatedSetSchema>;

/** What an evaluation would ask. `cached` answers are there already. Token counts are estimates. */
export const evaluationPlanSchema = z.object({
  models: z.array(evaluatedModelSchema),
  base: z.nullable(z.string()),
  sets: z.array(heldOutSetSchema),
  tasks: count,
  cached: count,
  calls: count,
  promptTokens: count,
  outputTokens: count,
  contamination: z.array(contaminatedSetSchema),
});
/** See `evaluationPlanSchema`. */
export type EvaluationPlanReport = z.infer<typeof evaluationPlanSchema>;

/**
 * How one model did on one set. Of `n` tasks, those that every model of the row has answered. `unreadable` answers are none of the correct ones, and no wrong ones either:
 * no answer could be read. `accuracy` is of all `n`, 0 to 1, with Wilson's interval at 95 %; 0, 0 and 1 where `n` is 0.
 */
export const modelFiguresSchema = z.object({ model: z.string(), correct: count, unreadable: count, accuracy: share, low: share, high: share });
/** A model less the base, of the same tasks: `value` from -1 to 1 with a bootstrap interval at 95 %, tasks won and lost, and how likely so uneven a split is by chance (exact McNemar). */
export const differenceSchema = z.object({ model: z.string(), value: z.number(), low: z.number(), high: z.number(), gains: count, losses: count, p: share });
/** See `differenceSchema`. */
export type Difference = z.infer<typeof differenceSchema>;

/** A row of the table: one data set, or all of one domain. `difference` is that of the first model, `differences` those of all but the base. */
export const evaluatedRowSchema = z.object({
  name: z.string(),
  domain: z.enum(domains),
  n: count,
  models: z.array(modelFiguresSchema),
  difference: z.optional(differenceSchema),
  differences: z.array(differenceSchema),
  /** Tasks that do not count: without a known answer, and not answered by every model yet (given up, or still to be asked). */
  withoutGold: count,
  unanswered: count,
});
/** See `evaluatedRowSchema`. */
export type EvaluatedRow = z.infer<typeof evaluatedRowSchema>;

/** A piece of a sentence; `strong` pieces say what counts. */
export const sentencePartSchema = z.object({ text: z.string(), strong: z.optional(z.boolean()) });

/** How far an evaluation is. `state`: as of its runs; `interrupted` where an engine died, and `completed` where nothing is left to ask. Counts are of answers. */
export const evaluationProgressSchema = z.object({
  done: count, total: count, failed: count, calls: count, cached: count, callsPerSecond: z.number(), remainingMs: z.nullable(z.number()),
  /** Why nothing is answered at the moment, such as a server that is gone and is waited for. */
  notice: z.optional(z.string()),
});

/** An evaluation that was begun, or gone on with; see `pass` of its row. */
export const evaluationStartSchema = z.object({ id: count, tasks: count, pass: count });

/** One line of a list. The figures are absent while nothing is answered. */
export const evaluationRowSchema = z.object({
  id: count,
  createdAtMs: z.number(),
  state: z.enum(runStates),
  /** How often it was begun or gone on with: of two rows of one evaluation the state of the higher counts. */
  pass: count,
  problem: z.optional(problem),
  /** The base last. */
  models: z.array(evaluatedModelSchema),
  /** Label of the one that the others are compared with; null where nothing is compared. */
  base: z.nullable(z.string()),
  sets: z.array(z.string()),
  tasks: count,
  simulated: z.boolean(),
  progress: z.optional(evaluationProgressSchema),
  /** Pooled over its sets. */
  inDomain: z.optional(evaluatedRowSchema),
  outOfDomain: z.optional(evaluatedRowSchema),
});
/** See `evaluationRowSchema`. */
export type EvaluationRow = z.infer<typeof evaluationRowSchema>;

/** An evaluation, whole. */
export const evaluationReportSchema = z.extend(evaluationRowSchema, {
  /** What the figures say, and no more. */
  sentence: z.array(sentencePartSchema),
  /** In-domain sets first. */
  rows: z.array(evaluatedRowSchema),
  prompt: z.string(),
  temperature: z.number(),
  maxTokens: count,
  samples: count,
  extraction: z.enum(extractionRules),
  limit: z.optional(count),
  /** What decides what is drawn. */
  seed: z.optional(count),
  contamination: z.array(contaminatedSetSchema),
  /** Requests that were sent when it was begun last, and answers that were there already. */
  calls: count,
  cached: count,
  /** All figures as a table, for the clipboard: shares are 0 to 1. */
  table: z.object({ names: z.array(z.string()), rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))) }),
});
/** See `evaluationReportSchema`. */
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;

/** What was found in one model's answer to a task; with several samples it is the majority's. */
export const evaluatedAnswerSchema = z.object({ model: z.string(), verdict: z.enum(verdictKinds), extracted: z.nullable(z.string()), reason: z.string() });

/** `gains`: the model is right where the base is not; `losses`: the other way round; `any`: every task that counts. */
export const sides = ['gains', 'losses', 'any'] as const;

/** Which tasks of an evaluation are listed. `model`: label of the one that is held against the base; absent: the first. `after`: how many rows of the list are there already. */
export const changesChoiceSchema = z.object({
  id: count, side: z.enum(sides), model: z.optional(z.string()), set: z.optional(z.string()), domain: z.optional(z.enum(domains)), after: z.optional(count), limit: z.int().check(z.positive(), z.maximum(1_000)),
});
/** A task with what the model and the base made of it; without a base there is only the model. */
export const changeRowSchema = z.object({ task: z.string(), set: z.string(), excerpt: z.string(), gold: z.string(), own: evaluatedAnswerSchema, base: z.optional(evaluatedAnswerSchema) });
/** See `changeRowSchema`. */
export type ChangeRow = z.infer<typeof changeRowSchema>;
/** A page of them, and how many there are in all. */
export const changesPageSchema = z.object({ rows: z.array(changeRowSchema), total: count });

/** A task of an evaluation with all that was answered. */
export const evaluatedTaskSchema = z.object({
  task: z.string(), set: z.string(), question: z.string(), gold: z.string(), answerKind: z.enum(answerKinds),
  models: z.array(z.object({
    ...evaluatedAnswerSchema.shape,
    answers: z.array(z.object({ raw: z.string(), finish: z.string(), verdict: z.enum(verdictKinds), extracted: z.nullable(z.string()), reason: z.string() })),
  })),
});
/** See `evaluatedTaskSchema`. */
export type EvaluatedTask = z.infer<typeof evaluatedTaskSchema>;
