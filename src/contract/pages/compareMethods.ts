import * as z from 'zod/mini';
import { compareReportSchema, compareRowSchema } from '../compare.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** A training set in the table. `name`: as short as tells it apart from the others. `added`: a person has put it beside those of the project. */
const comparedRowSchema = z.extend(compareRowSchema, { name: z.string(), added: z.boolean() });
/** See `comparedRowSchema`. */
export type ComparedRow = z.infer<typeof comparedRowSchema>;

/** What the page shows: training sets side by side, or what keeps it from showing any. `hasPaths`: there is something to export. */
export const compareMethodsSnapshotSchema = z.object({
  name: z.string(),
  shown: z.discriminatedUnion('kind', [...notShownSchemas, z.object({ kind: z.literal('open'), hasPaths: z.boolean(), size: compareReportSchema.shape.size, rows: z.array(comparedRowSchema) })]),
});
/** See `compareMethodsSnapshotSchema`. */
export type CompareMethodsSnapshot = z.infer<typeof compareMethodsSnapshotSchema>;

/** What a person can wish for on the page. */
export const compareMethodsIntentSchema = z.discriminatedUnion('kind', [
  /** Reads the manifests once more. */
  z.object({ kind: z.literal('refresh') }),
  /** Asks for manifests, of other projects too. */
  z.object({ kind: z.literal('add') }),
  z.object({ kind: z.literal('remove'), manifest: z.string() }),
  z.object({ kind: z.literal('open'), manifest: z.string() }),
  z.object({ kind: z.literal('show-job'), job: z.int() }),
  z.object({ kind: z.literal('export') }),
  z.object({ kind: z.literal('overview') }),
  z.object({ kind: z.literal('copy') }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `compareMethodsIntentSchema`. */
export type CompareMethodsIntent = z.infer<typeof compareMethodsIntentSchema>;

/** The page that puts the training sets of methods side by side. */
export const compareMethodsPage = pageContract('compareMethods', compareMethodsSnapshotSchema, compareMethodsIntentSchema);
