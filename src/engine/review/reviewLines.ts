import type { ReviewLine } from '../../contract/review.ts';
import { fingerprint, taskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { Review } from '../../core/model/review.ts';

/** A line of the text file as a review. */
export function reviewOfLine({ sequence: _elsewhere, task, path, ...line }: ReviewLine): Review {
  const { id, reviewer, decision, reason, marks, note, amendedText, reviewedAtMs, seconds, supersedes, sampled } = line;
  return { id, taskId: taskId(task), path: fingerprint(path), reviewer, decision, marks, reviewedAtMs, seconds, ...withoutAbsent({ reason, note, amendedText, supersedes, sampled }) };
}
