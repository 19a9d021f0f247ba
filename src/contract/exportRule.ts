import * as z from 'zod/mini';
import { exportFormats, lengthUnits, matchUnits, reviewRules, sampleUnits, wrapperRules } from '../core/model/exportRule.ts';
import { count } from './figures.ts';

const positive = z.int().check(z.positive());
const ruleShape = {
  reviews: z.enum(reviewRules),
  length: z.optional(z.object({ unit: z.enum(lengthUnits), least: z.optional(count), most: z.optional(count) })),
  pathsPerTask: z.optional(positive),
  rejectedPerChosen: positive,
  hintedShare: z.number().check(z.minimum(0), z.maximum(1)),
  match: z.optional(z.object({ by: z.enum(matchUnits), manifest: z.string().check(z.minLength(1)) })),
  sample: z.optional(z.object({ by: z.enum(sampleUnits), count: positive })),
  split: z.optional(z.object({ name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/)), share: z.number().check(z.gt(0), z.lt(1)) })),
  seed: count,
  wrapper: z.enum(wrapperRules),
};

/** What is in a training set; see `ExportRule`. */
export const exportRuleSchema = z.object(ruleShape);

/** What is to be in a training set; what is not said is as in `usualRule`. The manifest of `match` is named by its absolute path. */
export const exportRuleDraftSchema = z.partial(exportRuleSchema);
/** See `exportRuleDraftSchema`. */
export type ExportRuleDraft = z.infer<typeof exportRuleDraftSchema>;

/** What to write. `work` is a name of the client's own, by which it follows and cancels it. */
export const exportChoicesSchema = z.object({ format: z.enum(exportFormats), rule: z.optional(exportRuleDraftSchema), work: z.optional(z.string()) });
