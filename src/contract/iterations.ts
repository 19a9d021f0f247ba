import * as z from 'zod/mini';
import { count } from './figures.ts';
import { problemSchema } from './reports.ts';

const share = z.number().check(z.minimum(0), z.maximum(1));

/** A figure with its interval at 95 %; without one where it rests on a single task. */
const figureSchema = z.object({ value: z.number(), low: z.optional(z.number()), high: z.optional(z.number()) });

/**
 * What the runs of one iteration came to, over its settled tasks, worked out from the answers with the recipe and the model of its latest run: what a later run has made
 * of the same tasks does not touch it. A figure is null where no task has what it is about.
 */
export const iterationFiguresSchema = z.object({
  /** Settled tasks that were counted. */
  tasks: count,
  /** They are a seeded sample of the tasks that the iteration was run on. */
  sampled: z.boolean(),
  /** Of the tasks with a known answer that is used, those that a path without a hint solves. */
  solved: z.nullable(figureSchema),
  keptPerTask: z.nullable(figureSchema),
  /** Characters of a kept path as the model wrote it: the mean of each task, and the mean of those. */
  length: z.nullable(figureSchema),
  /** Different answers among the readable paths of a task that had no hint, told apart as the grader does; and how many such paths there are, which bounds it. */
  distinctAnswers: z.nullable(figureSchema),
  readablePaths: z.nullable(figureSchema),
  /** Of the pairs of wrong answers to a task, the share that differ: a model that says one wrong thing has collapsed, one that is more often right has not. */
  wrongDiffer: z.nullable(figureSchema),
  /** Of all kept paths, those that were made with the known answer at hand. */
  hinted: z.nullable(share),
});
/** See `iterationFiguresSchema`. */
export type IterationFigures = z.infer<typeof iterationFiguresSchema>;

const accuracySchema = z.object({ n: count, accuracy: share, low: share, high: share });

/** How a model did in the latest evaluation that has figures of it. */
export const modelEvaluationSchema = z.object({ evaluation: count, sets: z.array(z.string()), inDomain: z.optional(accuracySchema), outOfDomain: z.optional(accuracySchema) });
/** See `modelEvaluationSchema`. */
export type ModelEvaluation = z.infer<typeof modelEvaluationSchema>;

/** One iteration: the model that was asked, what its runs came to, and the model that learnt from them. */
export const iterationSchema = z.object({
  iteration: count,
  /** Oldest first. */
  runs: z.array(count),
  recipe: z.string(),
  model: z.string(),
  simulated: z.boolean(),
  /** The job that made the model, what it began with and what it learnt from; null where none of this project has made it. */
  madeBy: z.nullable(z.object({ job: count, base: z.string(), datasetSha256: z.string() })),
  /** How the model that was asked does itself. */
  evaluated: z.optional(modelEvaluationSchema),
  /** What came of it: the job that the next iteration builds on, else the latest that has succeeded. `model`: by which name a server serves it; absent where it is told none. */
  tuned: z.optional(z.object({ job: count, model: z.optional(z.string()), evaluated: z.optional(modelEvaluationSchema) })),
  /** Absent where they cannot be worked out; `problem` says why. */
  figures: z.optional(iterationFiguresSchema),
  problem: z.optional(problemSchema),
});
/** See `iterationSchema`. */
export type Iteration = z.infer<typeof iterationSchema>;

/** What iterations may show, as far as their intervals tell. `growth` and `collapse` name what the text says; `none`: nothing that could be told from chance. */
export const iterationFindings = ['growth', 'collapse', 'both', 'none'] as const;

/** The iterations that lead to the latest one, first to last. `others`: runs beside them, of other models. */
export const iterationsReportSchema = z.object({
  iterations: z.array(iterationSchema),
  others: count,
  simulated: z.boolean(),
  finding: z.object({ kind: z.enum(iterationFindings), text: z.string() }),
});
/** See `iterationsReportSchema`. */
export type IterationsReport = z.infer<typeof iterationsReportSchema>;
