import { runChoicesSchema, type RunChoices } from '../contract/engine.ts';
import type { RunRecord } from '../ports/store.ts';

/** Whether a run is a step of a single branch: receipts of a few calls that a person made, and nothing to resume or to follow. */
export const isStep = ({ choices }: Pick<RunRecord, 'choices'>): boolean => choices?.['step'] !== undefined;

/** What a run was started with, its judge's identity as it was found; absent where that was not kept, or cannot be read any more. */
export function choicesOf({ choices }: Pick<RunRecord, 'choices'>): RunChoices | undefined {
  const parsed = runChoicesSchema.safeParse(choices);
  return parsed.success ? parsed.data : undefined;
}
