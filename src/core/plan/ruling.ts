import type { Loss } from '../model/outcome.ts';
import type { BranchReview, Ruling } from '../model/review.ts';
import type { SettledBranch } from './branch.ts';
import { brokenText, checkPath, verdictOfRecord } from './checkPath.ts';
import type { TaskContext } from './context.ts';
import { normalisedPath } from './walk.ts';

/**
 * A settled branch once people have judged its path. A reject takes it out. An accept, and an amended text, override every filter but two: a readable answer that
 * is not the known one stays out, since correcting the known answer is the way for that, and so does a text that no data file can hold.
 */
export function underRuling(context: TaskContext, settled: SettledBranch, ruling: Ruling): SettledBranch {
  const { outcome } = settled;
  switch (ruling.decision) {
    case 'reject': {
      const loss: Loss = { step: 'review', reason: ruling.reason ?? 'rejected' };
      return { ...settled, outcome: { ...outcome, loss: outcome.loss ?? loss, failed: [...outcome.failed, loss], review: reviewOf(ruling) } };
    }
    case 'accept': return accepted(context, settled, ruling);
    case 'amend': return wonBack(settled, accepted(context, amended(context, settled, ruling.text), ruling));
  }
}

/** An amended path that its filters had taken says so. */
function wonBack({ outcome: { loss } }: SettledBranch, settled: SettledBranch): SettledBranch {
  const { review, ...outcome } = settled.outcome;
  return !loss || !review ? settled : { ...settled, outcome: { ...outcome, review: { ...review, before: loss } } };
}

const reviewOf = ({ decision, reviewer }: Ruling): BranchReview => ({ decision, reviewer });

function accepted(context: TaskContext, settled: SettledBranch, ruling: Ruling): SettledBranch {
  const { loss, ...outcome } = settled.outcome;
  const review = reviewOf(ruling);
  const stands = verdictOfRecord(context, outcome)?.kind === 'incorrect' || outcome.failed.some(({ reason }) => reason === brokenText);
  if (loss === undefined || stands) return { ...settled, outcome: { ...settled.outcome, review } };
  return { ...settled, outcome: { ...outcome, review: { ...review, overrides: loss } } };
}

/** The same with another text, graded anew; what a judge said of the text before says nothing of this one. */
function amended(context: TaskContext, settled: SettledBranch, text: string): SettledBranch {
  const { loss: _before, ...outcome } = settled.outcome;
  const check = checkPath(context, { raw: text, finish: 'stop', round: outcome.round });
  const [loss] = check.failed;
  return {
    ...settled,
    outcome: { ...outcome, verdicts: check.verdicts, failed: check.failed, edited: true, ...(loss ? { loss } : {}) },
    text: check.text,
    normalised: normalisedPath(check.text),
  };
}
