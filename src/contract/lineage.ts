import * as z from 'zod/mini';
import { count } from './figures.ts';

/** Where the model of a run comes from; see `RunLineage`. */
export const lineageSchema = z.object({
  iteration: z.int().check(z.minimum(2)),
  parentRun: z.optional(count),
  job: count,
  datasetSha256: z.string(),
  base: z.string(),
});
