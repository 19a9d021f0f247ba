import * as z from 'zod/mini';
import { exportFormats, matchUnits } from '../core/model/exportRule.ts';
import { jobStates } from '../core/model/trainingJob.ts';
import { count } from './figures.ts';

const share = z.number().check(z.minimum(0), z.maximum(1));
const lengthFiguresSchema = z.object({ known: count, mean: z.number(), p50: z.number(), p90: z.number() });

/** What a manifest says of its training set; see `DatasetFigures`. */
export const datasetFiguresSchema = z.object({
  trainable: count,
  coverage: share,
  characters: z.optional(lengthFiguresSchema),
  tokens: z.optional(lengthFiguresSchema),
  diversity: z.array(z.object({ records: count, distinct: share, skeletons: count })),
  answers: z.object({ tasks: count, paths: count, distinct: z.number() }),
  cost: z.object({ requests: count, outputTokens: z.optional(count), untold: z.optional(count), kept: count }),
});

/** A training set as its manifest has it. `models`: what its answers were drawn from. */
const comparedSetSchema = z.object({
  format: z.enum(exportFormats),
  sha256: z.string(),
  records: count,
  tasks: count,
  hintedShare: share,
  recipes: z.array(z.string()),
  models: z.array(z.string()),
  simulated: z.boolean(),
  matched: z.optional(z.object({ by: z.enum(matchUnits), file: z.string() })),
  /** Absent where it was exported by a version that did not say them. */
  figures: z.optional(datasetFiguresSchema),
  /** Requests, and output tokens, that a kept path has cost; absent where none is kept, and where no server said how many tokens. */
  requestsPerPath: z.optional(z.number()),
  tokensPerPath: z.optional(z.number()),
  /** Diversity at the `size` of the comparison; absent where there is none. */
  distinct: z.optional(share),
  skeletons: z.optional(count),
});

/** How right a model is: a share of `n` tasks, with its interval at 95 %. */
const accuracySchema = z.object({ accuracy: share, low: share, high: share, n: count });

/** What a model that was trained on a set was found to be worth, on data sets like those it learnt from and on others. */
const comparedEvaluationSchema = z.object({ id: count, model: z.string(), inDomain: z.optional(accuracySchema), outOfDomain: z.optional(accuracySchema) });

/** One training set of a comparison. `wrong`: why nothing can be said of it, and then there is no `set`. */
export const compareRowSchema = z.object({
  manifest: z.string(),
  path: z.string(),
  wrong: z.optional(z.string()),
  /** Absent where this project did not write it, or did for a job. */
  exportedAtMs: z.optional(z.number()),
  set: z.optional(comparedSetSchema),
  /** The jobs of this project that have learnt from it. */
  jobs: z.array(z.object({ id: count, state: z.enum(jobStates), base: z.string() })),
  evaluations: z.array(comparedEvaluationSchema),
});
/** See `compareRowSchema`. */
export type CompareRow = z.infer<typeof compareRowSchema>;

/** Training sets side by side. `size`: of the samples that their diversity is told for, the largest that all of them have; `null` where there is none. */
export const compareReportSchema = z.object({ size: z.nullable(count), rows: z.array(compareRowSchema) });
/** See `compareReportSchema`. */
export type CompareReport = z.infer<typeof compareReportSchema>;

const manifestsSchema = z.array(z.string()).check(z.maxLength(200));

/**
 * Which training sets. `manifests`: by the absolute paths of their manifests; absent: those that the project has written and is known to have learnt from, the newest
 * first. `more`: manifests beside those, each of which is passed over where it is among them.
 */
export const compareChoicesSchema = z.object({ manifests: z.optional(manifestsSchema), more: z.optional(manifestsSchema) });
