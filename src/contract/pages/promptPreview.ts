import * as z from 'zod/mini';
import { modelStages } from '../../core/model/stage.ts';
import { round } from '../figures.ts';
import { promptPreviewSchema } from '../prompts.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** Which file of which project: `file` is its path below `prompts/`. */
export const promptAddressSchema = z.object({ project: z.string(), file: z.string() });
/** See `promptAddressSchema`. */
export type PromptAddress = z.infer<typeof promptAddressSchema>;

/** For which task, branch and stage a prompt is shown; what is absent is the engine's to choose. */
export const promptLookSchema = z.object({ task: z.optional(z.string()), branch: z.optional(z.string()), round: z.optional(round), stage: z.optional(z.enum(modelStages)) });
/** See `promptLookSchema`. */
export type PromptLook = z.infer<typeof promptLookSchema>;

/** What saving costs, a line for each recipe that it matters to; `figures` is what running again takes. */
export const promptCostSchema = z.discriminatedUnion('kind', [
  /** Nothing was counted yet. */
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('failed'), words: z.string() }),
  z.object({ kind: z.literal('known'), lines: z.array(z.object({ tone: z.enum(['quiet', 'stale', 'broken']), words: z.string(), figures: z.string() })) }),
]);
/** See `promptCostSchema`. */
export type PromptCost = z.infer<typeof promptCostSchema>;

/** A prompt while it is being written. */
export const promptPreviewSnapshotSchema = z.object({
  name: z.string(),
  file: z.string(),
  shown: z.discriminatedUnion('kind', [
    ...notShownSchemas,
    z.object({
      kind: z.literal('preview'),
      preview: promptPreviewSchema,
      /** What was shown last, while the prompt cannot be used as it stands; null where nothing was yet. */
      last: promptPreviewSchema.shape.shown,
      cost: promptCostSchema,
      /** Something has changed since, and it is counted anew. */
      counting: z.boolean(),
      /** Some file of the prompts is not saved. */
      unsaved: z.boolean(),
    }),
  ]),
});
/** See `promptPreviewSnapshotSchema`. */
export type PromptPreviewSnapshot = z.infer<typeof promptPreviewSnapshotSchema>;

/** What a person can wish for beside a prompt. */
export const promptPreviewIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('look'), at: promptLookSchema }),
  /** Lets another task, or another branch, be picked. */
  z.object({ kind: z.literal('pick'), what: z.enum(['task', 'branch']) }),
  /** Shows a place of a file, by its path below `prompts/`. */
  z.object({ kind: z.literal('reveal'), file: z.string(), line: z.number(), column: z.number() }),
  z.object({ kind: z.literal('try') }),
  /** Evaluates a model: how what evaluations ask is tried. */
  z.object({ kind: z.literal('evaluate') }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `promptPreviewIntentSchema`. */
export type PromptPreviewIntent = z.infer<typeof promptPreviewIntentSchema>;

/** A prompt as it would be sent. */
export const promptPreviewPage = pageContract('promptPreview', promptPreviewSnapshotSchema, promptPreviewIntentSchema);
