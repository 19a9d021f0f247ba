import * as z from 'zod/mini';
import { stages } from '../../core/model/stage.ts';
import type { StepIntent, StepSnapshot } from '../../contract/pages/step.ts';
import type { BranchStages, StagePrompt, SteppedStage } from '../../contract/stepper.ts';
import type { Drawn } from '../kit/page.ts';

/** What a person was at when the window was left: the stage they looked at, and what they had typed and not saved. */
export const stepViewSchema = z.object({
  stage: z.nullable(z.enum(stages)),
  /** Of an answer: which one it was made from, and the text. */
  answer: z.nullable(z.object({ of: z.string(), text: z.string() })),
  /** Of a prompt: the messages that it was made from as one text, and the new ones. */
  prompt: z.nullable(z.object({ of: z.string(), contents: z.array(z.string()) })),
});
/** See `stepViewSchema`. */
export type StepView = z.infer<typeof stepViewSchema>;

/** The page with a branch on it. */
export interface OpenStep extends Pick<Drawn<StepSnapshot, StepIntent, StepView>, 'view' | 'send' | 'keep'> {
  readonly branch: BranchStages;
  readonly stage: SteppedStage;
  readonly prompt: StagePrompt | null;
  readonly watched: boolean;
  readonly running: boolean;
}

/** Shows a stage, and again after a reload. */
export function lookAt({ keep, send }: Pick<OpenStep, 'keep' | 'send'>, stage: SteppedStage['stage']): void {
  keep({ stage });
  send({ kind: 'look', stage });
}

/** The stages that stand on something that has become another since. */
export const staleStages = (branch: BranchStages): readonly string[] => branch.stages.filter(({ state }) => state === 'stale').map(({ stage }) => stage);

/** One text that is the same as long as the messages are. */
export const promptKey = ({ stage, messages }: Pick<StagePrompt, 'stage' | 'messages'>): string => JSON.stringify([stage, ...messages.map(({ content }) => content)]);

/** What was typed of the prompt that is on screen. */
export const promptDraft = ({ view, prompt }: OpenStep): readonly string[] | undefined => (prompt && view.prompt?.of === promptKey(prompt) ? view.prompt.contents : undefined);

/** What was typed of the answer that is on screen. */
export const answerDraft = ({ view, prompt }: OpenStep): string | undefined => (prompt?.answer && view.answer?.of === prompt.answer.fingerprint ? view.answer.text : undefined);
