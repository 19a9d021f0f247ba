// Which jobs have ended since somebody last saw how they are, in this window or in an earlier one. Knows nothing of the editor.
import * as z from 'zod/mini';
import type { JobRow } from '../../contract/jobs.ts';
import { hasEnded } from '../../core/model/trainingJob.ts';

/** What was last seen of a project's jobs: the latest of them, and which had not ended. */
const seenSchema = z.object({ latest: z.number(), open: z.array(z.number()) });
/** See `seenSchema`. */
export type SeenJobs = z.infer<typeof seenSchema>;

/** What was kept of it; absent where that is nothing of ours. */
export const readSeen = (value: unknown): SeenJobs | undefined => z.safeParse(seenSchema, value).data;

/**
 * Compares jobs with what was last seen of them.
 *
 * @param before absent where this workspace sees the project for the first time: what has ended by then is no news
 * @returns the jobs whose end is news, and what has been seen now
 */
export function endedSince(rows: readonly JobRow[], before: SeenJobs | undefined): { readonly ended: readonly JobRow[]; readonly seen: SeenJobs } {
  const latest = Math.max(before?.latest ?? 0, ...rows.map(({ id }) => id));
  const open = rows.filter(({ state }) => !hasEnded(state)).map(({ id }) => id).sort((a, b) => a - b);
  const ended = before ? rows.filter(({ id, state }) => hasEnded(state) && (before.open.includes(id) || id > before.latest)) : [];
  return { ended, seen: { latest, open } };
}
