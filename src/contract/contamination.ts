import * as z from 'zod/mini';
import { contaminationKinds } from '../core/model/contamination.ts';
import { count } from './figures.ts';

const share = z.number().check(z.gt(0), z.maximum(1));

/** See `ContaminationThresholds`. */
export const contaminationThresholdsSchema = z.object({ ngrams: share, edit: z.number().check(z.minimum(0.6), z.maximum(1)), sameNumbers: z.boolean() });

/**
 * What to look for train tasks in. `sets`: names of held-out data sets; absent: all of them. `after`: how many pairs are passed over, those that are had already; `limit`: 1 to
 * 1,000 pairs, absent: 100. `thresholds`: what is not said is as in `usualThresholds`.
 */
export const contaminationChoicesSchema = z.object({
  sets: z.optional(z.array(z.string())),
  after: z.optional(count),
  limit: z.optional(z.int().check(z.minimum(1), z.maximum(1_000))),
  thresholds: z.optional(z.partial(contaminationThresholdsSchema)),
});
/** See `contaminationChoicesSchema`. */
export type ContaminationChoices = z.infer<typeof contaminationChoicesSchema>;

/** A train task and the held-out one that it stands in for, by their ids, with the data sets that they are of. `share`: 1 where exact, else by `how`, see `ContaminationThresholds`. */
const contaminationPairSchema = z.object({
  train: z.string(), trainSet: z.string(), evaluation: z.string(), evaluationSet: z.string(), how: z.enum(contaminationKinds), share: z.number(), trainExcerpt: z.string(), evaluationExcerpt: z.string(),
});

/**
 * Train tasks that stand in held-out data sets. `thresholds`: those that were used. `total`: all pairs, of which `pairs` is a page: in the order of the train tasks, the best
 * match of each first. `left`: pairs that are counted and not kept, and are in no other number: where there are more than a million, each task keeps the best of its own. `tasks`: train tasks
 * that are in any pair.
 * `sets`: pairs by data set of the train task and of the held-out one; data sets without any are left out.
 */
export const contaminationReportSchema = z.object({
  thresholds: contaminationThresholdsSchema,
  total: count,
  left: count,
  tasks: count,
  sets: z.array(z.object({ train: z.string(), evaluation: z.string(), exact: count, near: count })),
  pairs: z.array(contaminationPairSchema),
});
/** See `contaminationReportSchema`. */
export type ContaminationReport = z.infer<typeof contaminationReportSchema>;
