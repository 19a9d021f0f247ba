// What is kept of an amendment that is being typed. Knows nothing of the editor.
import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';

const draftSchema = z.object({ path: z.string(), text: z.string(), task: z.string() });

/** An amendment that is being typed; `path` is the fingerprint of what is amended. */
export type ReviewDraftText = z.infer<typeof draftSchema>;

/** A draft as it is written to a file. */
export const draftToText = (draft: ReviewDraftText): string => JSON.stringify(draft);

/** Reads a draft back; absent where the text is none: whatever lies in a file may have been cut short. */
export function draftFromText(text: string): ReviewDraftText | undefined {
  const draft = z.safeParse(draftSchema, parseJson(text));
  return draft.success ? draft.data : undefined;
}
