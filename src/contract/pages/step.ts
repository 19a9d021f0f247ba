import * as z from 'zod/mini';
import { modelStages, stages } from '../../core/model/stage.ts';
import { round } from '../figures.ts';
import { branchStagesSchema, editedMessagesSchema, stagePromptSchema } from '../stepper.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** Which branch, and whether it is only watched while a run works on it. */
export const stepAddressSchema = z.object({ project: z.string(), task: z.string(), branch: z.string(), round, watch: z.optional(z.boolean()) });
/** See `stepAddressSchema`. */
export type StepAddress = z.infer<typeof stepAddressSchema>;

/** One branch of a task with the stage that is looked at. */
export const stepSnapshotSchema = z.object({
  name: z.string(),
  /** Nothing is edited or asked from here. */
  watched: z.boolean(),
  shown: z.discriminatedUnion('kind', [
    ...notShownSchemas,
    /** `prompt` is null for a stage that asks nothing. */
    z.object({ kind: z.literal('branch'), branch: branchStagesSchema, stage: z.enum(stages), prompt: z.nullable(stagePromptSchema) }),
  ]),
});
/** See `stepSnapshotSchema`. */
export type StepSnapshot = z.infer<typeof stepSnapshotSchema>;

const stage = z.enum(modelStages);

/** What a person can wish for while they step. */
export const stepIntentSchema = z.discriminatedUnion('kind', [
  /** Shows a stage; `null`: whichever is next. */
  z.object({ kind: z.literal('look'), stage: z.nullable(z.enum(stages)) }),
  z.object({ kind: z.literal('run'), toEnd: z.boolean() }),
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('edit-answer'), stage, text: z.string() }),
  z.object({ kind: z.literal('choose-answer'), stage, fingerprint: z.string() }),
  z.object({ kind: z.literal('edit-prompt'), stage, messages: editedMessagesSchema }),
  z.object({ kind: z.literal('fork'), stage }),
  z.object({ kind: z.literal('include'), included: z.boolean() }),
  /** Shows another branch of the family in a tab of its own. */
  z.object({ kind: z.literal('open'), branch: z.string() }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `stepIntentSchema`. */
export type StepIntent = z.infer<typeof stepIntentSchema>;

/** One branch, stage by stage. */
export const stepPage = pageContract('step', stepSnapshotSchema, stepIntentSchema);
