import { bulkId, rulings, type Review, type Ruling } from '../model/review.ts';
import { wilson } from '../stats/interval.ts';

/** A share with its 95 % interval, all 0 to 1, from so many paths. */
export interface Estimate {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

/** What is known of the paths that the filters let through. */
export interface ReviewedPaths {
  /** How many there are, whatever people made of them; without those that were rejected with many others, unseen. */
  readonly population: number;
  /** Those of the random sample that people were sure of: `good` of `decided` stand as the model wrote them. */
  readonly sample: { readonly decided: number; readonly good: number };
  /** Of the population, sample or not: those that people took out, and those that they put right. */
  readonly rejected: number;
  readonly amended: number;
}

/**
 * Counts what people made of the paths that the filters let through.
 *
 * The random part is drawn by ascending fingerprints, and passes over what was shown for its doubts already. So of all paths up to the last one that was drawn
 * each was shown, whatever speaks for or against it: those of them that people decided about are the sample. The paths that were drawn alone would not do: what
 * is doubted is shown before its turn to be drawn, so that hardly any wrong path would be among them.
 *
 * A path is good where it was accepted, and bad where somebody rejected or amended it, whoever else accepted it. One that people are unsure of, or took their word
 * back about, is not in the sample, nor is one that was decided about with many others: nobody has seen whether it is right.
 *
 * @param population fingerprints of the paths that the filters let through, whatever people made of them; in any order. One that a person's accept or amendment won
 *   back is none of them: only the good ones among what was lost are won, and would make the filters look better than they are
 * @param reviews of all people, superseded ones too: a path stays drawn whatever became of the review that said so. Those of other paths are passed over, so that
 *   what was drawn before a prompt was changed says nothing of the paths that were made since
 */
export function reviewedPaths(population: readonly string[], reviews: readonly Review[]): ReviewedPaths {
  const paths = new Set(population);
  const found: ReadonlyMap<string, Ruling> = rulings(reviews);
  const last = reviews.reduce((greatest, { path, sampled }) => (sampled === true && path > greatest && paths.has(path) ? path : greatest), '');
  const seen = new Set<string>();
  for (const { id, path } of reviews) if (!id.startsWith(bulkId)) seen.add(path);
  const sums = { population: paths.size, decided: 0, good: 0, rejected: 0, amended: 0 };
  for (const path of paths) {
    const decision = found.get(path)?.decision;
    if (decision === undefined) continue;
    if (!seen.has(path)) {
      if (decision === 'reject') sums.population -= 1; // which may have been right
      continue;
    }
    if (decision === 'reject') sums.rejected += 1;
    if (decision === 'amend') sums.amended += 1;
    if (path > last) continue;
    sums.decided += 1;
    if (decision === 'accept') sums.good += 1;
  }
  return { population: sums.population, sample: { decided: sums.decided, good: sums.good }, rejected: sums.rejected, amended: sums.amended };
}

/** How precise the paths are that the filters let through, and what would be exported of them; absent while nothing of the random sample is decided. */
export interface PrecisionReport {
  readonly filtered: Estimate;
  readonly exported: Estimate;
}

/**
 * Precision from the random sample only: what people chose to look at, or were shown because it looked doubtful, says nothing of the rest. The interval is Wilson's.
 *
 * What would be exported is better than what the filters let through, by what was rejected: of N paths of which a share p is right, R rejected and A amended,
 * (p N + A) / (N − R) is right, since a rejected path is none of the right ones and an amended one was none of them before.
 */
export function estimatePrecision({ population, sample, rejected, amended }: ReviewedPaths): PrecisionReport | undefined {
  if (sample.decided <= 0) return undefined;
  const { low, high } = wilson(sample.good, sample.decided);
  const share = sample.good / sample.decided;
  const left = population - rejected;
  const exported = (of: number) => (left <= 0 ? 0 : Math.min(1, (of * population + amended) / left));
  return {
    filtered: { share, low, high, of: sample.decided },
    exported: { share: exported(share), low: exported(low), high: exported(high), of: sample.decided },
  };
}
