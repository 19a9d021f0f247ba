import * as z from 'zod/mini';
import { trialReportSchema } from '../prompts.ts';
import { pageContract } from './page.ts';

/** What a trial came to, from a while ago or just now; null where it is not kept any more. */
export const promptTrialSnapshotSchema = z.object({
  name: z.string(),
  file: z.string(),
  trial: z.nullable(z.object({ report: trialReportSchema, atMs: z.number() })),
});
/** See `promptTrialSnapshotSchema`. */
export type PromptTrialSnapshot = z.infer<typeof promptTrialSnapshotSchema>;

/** What a person can wish for beside a trial. */
export const promptTrialIntentSchema = z.discriminatedUnion('kind', [z.object({ kind: z.literal('try') })]);
/** See `promptTrialIntentSchema`. */
export type PromptTrialIntent = z.infer<typeof promptTrialIntentSchema>;

/** Two versions of a prompt side by side on a sample. */
export const promptTrialPage = pageContract('promptTrial', promptTrialSnapshotSchema, promptTrialIntentSchema);
