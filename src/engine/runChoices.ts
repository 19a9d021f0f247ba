import { runChoicesSchema, type RunChoices } from '../contract/engine.ts';
import type { RunRecord } from '../ports/store.ts';

/** What a run was started with, its judge's identity as it was found; absent where that was not kept, or cannot be read any more. */
export function choicesOf({ choices }: Pick<RunRecord, 'choices'>): RunChoices | undefined {
  const parsed = runChoicesSchema.safeParse(choices);
  return parsed.success ? parsed.data : undefined;
}
