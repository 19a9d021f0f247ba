import type { ReviewSummary } from '../../contract/review.ts';
import { standingReviews, type StoredReview } from '../../core/model/review.ts';
import { kappa } from '../../core/stats/agreement.ts';
import type { ReviewIndex } from './reviewIndex.ts';

/** Who reviewed how much, how long a decision took, and how far people agree. */
export function reviewSummary(index: Pick<ReviewIndex, 'allReviews'>): ReviewSummary {
  const reviews = index.allReviews();
  const standing = standingReviews(reviews).filter(({ decision }) => decision !== 'none');
  const names = [...new Set(reviews.map(({ reviewer }) => reviewer))].sort();
  return {
    reviews: reviews.length,
    reviewers: names.map(name => ({
      name,
      paths: standing.filter(({ reviewer }) => reviewer === name).length,
      secondsPerDecision: median(reviews.filter(({ reviewer, decision, seconds }) => reviewer === name && decision !== 'none' && seconds > 0).map(({ seconds }) => seconds)),
    })),
    agreement: names.flatMap((one, place) => names.slice(place + 1).flatMap(other => agreementOf(standing, one, other))),
  };
}

/** Whether a path stands as the model wrote it; nothing where the person was not sure. */
const isGood = ({ decision }: StoredReview): boolean | undefined => (decision === 'unsure' ? undefined : decision === 'accept');

/** Nothing where they have no path in common. */
function agreementOf(standing: readonly StoredReview[], one: string, other: string): ReviewSummary['agreement'] {
  const verdictsOf = (name: string) => new Map(standing.filter(({ reviewer }) => reviewer === name).map(review => [review.path, isGood(review)]));
  const [first, second] = [verdictsOf(one), verdictsOf(other)];
  const counts = { yesYes: 0, yesNo: 0, noYes: 0, noNo: 0 };
  for (const [path, yes] of first) {
    const theirs = second.get(path);
    if (yes !== undefined && theirs !== undefined) counts[`${yes ? 'yes' : 'no'}${theirs ? 'Yes' : 'No'}`] += 1;
  }
  const paths = counts.yesYes + counts.yesNo + counts.noYes + counts.noNo;
  return paths === 0 ? [] : [{ reviewers: [one, other], paths, kappa: kappa(counts) }];
}

/** The middle one; `null` of none. Bulk decisions took no time and are not among them. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
