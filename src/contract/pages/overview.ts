import * as z from 'zod/mini';
import { pageContract } from './page.ts';

/** What the overview of a project shows. */
export const overviewSnapshotSchema = z.object({
  name: z.string(),
  path: z.string(),
});
/** See `overviewSnapshotSchema`. */
export type OverviewSnapshot = z.infer<typeof overviewSnapshotSchema>;

/** What a person can wish for on the overview. */
export const overviewIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string() }),
]);
/** See `overviewIntentSchema`. */
export type OverviewIntent = z.infer<typeof overviewIntentSchema>;

/** The overview of a project: what its file opens as. */
export const overviewPage = pageContract('overview', overviewSnapshotSchema, overviewIntentSchema);
