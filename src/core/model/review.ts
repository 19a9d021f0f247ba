import type { Fingerprint, TaskId } from './ids.ts';
import type { Loss } from './outcome.ts';

/**
 * What a person can decide about a path. `amend` accepts it with another text. `none` takes back what they had decided; their note and marks may stand without a
 * decision too.
 */
export const decisions = ['accept', 'reject', 'amend', 'unsure', 'none'] as const;
/** One of `decisions`. */
export type Decision = (typeof decisions)[number];

/** Why a path can be rejected, in the order of their keys from `1` on. */
export const rejectReasons = ['leak', 'wrong-step', 'lucky', 'skips-steps', 'off-structure', 'unclear', 'repeats', 'wrong-known-answer', 'other'] as const;
/** One of `rejectReasons`. */
export type RejectReason = (typeof rejectReasons)[number];

/**
 * What makes a path worth a person's look, the weightiest first. `disagree`: those who check it say different things. `lost-to-format`: correct, or not readable,
 * and lost for its form. `low-coverage`: it carries out little of its structure.
 */
export const doubts = ['disagree', 'leak', 'unjudged', 'lost-to-format', 'low-coverage', 'rare-guideline', 'hinted'] as const;
/** One of `doubts`. */
export type Doubt = (typeof doubts)[number];

/** A step of a path that a person found wrong. */
export interface BadStep {
  /** Which one of the path's steps, from 0. */
  readonly step: number;
  /** UTF-16 offsets into the path. */
  readonly start: number;
  readonly end: number;
}

/** What one person thinks of one path: all of it, so that the latest says everything. */
export interface Judgement {
  readonly decision: Decision;
  /** Of a reject, where one was given. */
  readonly reason?: RejectReason;
  readonly marks: readonly BadStep[];
  readonly note?: string;
  /** The whole path as it is to be trained on; of an amend. */
  readonly amendedText?: string;
}

/** A person's judgement of a path, appended and never changed: a changed mind is another review that names the one that it takes the place of. */
export interface Review extends Judgement {
  /** Made by whoever decided, so that sending one twice does no harm. Unique in the world; see `bulkId`. */
  readonly id: string;
  readonly taskId: TaskId;
  /** Fingerprint of the model's answer of stage `path`. */
  readonly path: Fingerprint;
  readonly reviewer: string;
  /** UTC, integer milliseconds. */
  readonly reviewedAtMs: number;
  /** How long the path was looked at for this, at least 0. */
  readonly seconds: number;
  /** Id of the reviewer's own review of this path that this one takes the place of. */
  readonly supersedes?: string;
  /** The path was shown because it was its turn in the random part of the queue: only such reviews say something of the paths that nobody has looked at. */
  readonly sampled?: true;
}

/** How ids of reviews begin that were made of many paths at once: nobody looked at those. */
export const bulkId = 'bulk-';

/** A review with its place among all reviews of its project: ascending, from 1. */
export type StoredReview = Review & { readonly sequence: number };

/** A known answer that a person found wrong, appended and never changed: the latest counts, and the task is graded by it. */
export interface GoldCorrection {
  readonly taskId: TaskId;
  readonly gold: string;
  readonly reviewer: string;
  /** UTC, integer milliseconds. */
  readonly atMs: number;
}

/** A correction with the answer that was known before; absent where none was. */
export type StoredCorrection = GoldCorrection & { readonly before?: string };

/**
 * The reviews that stand: of each person and path the one that nothing took the place of; where two came about apart from each other, the later one. In no special
 * order. Nobody takes the place of another person's review, nor of one about another path, whatever a review from elsewhere says.
 */
export function standingReviews<Each extends Review>(reviews: readonly Each[]): readonly Each[] {
  const chains = new Map<string, Each[]>();
  for (const review of reviews) {
    const key = JSON.stringify([review.path, review.reviewer]);
    const own = chains.get(key);
    if (own) own.push(review);
    else chains.set(key, [review]);
  }
  return [...chains.values()].flatMap(headOf);
}

/** @param chain of one person about one path */
function headOf<Each extends Review>(chain: readonly Each[]): readonly Each[] {
  const superseded = new Set(chain.map(review => review.supersedes));
  const heads = chain.filter(review => !superseded.has(review.id));
  // only by hand can reviews be made that take each other's place in a ring: the person has decided all the same
  const latest = (heads.length > 0 ? heads : chain).toSorted(laterFirst)[0];
  return latest ? [latest] : [];
}

const laterFirst = (one: Review, other: Review): number => other.reviewedAtMs - one.reviewedAtMs || Number(one.id < other.id) - Number(one.id > other.id);

/** What people's judgements of one path come to. */
export type Ruling =
  | { readonly decision: 'accept'; readonly reviewer: string }
  | { readonly decision: 'reject'; readonly reviewer: string; readonly reason?: RejectReason }
  | { readonly decision: 'amend'; readonly reviewer: string; readonly text: string };

/** What a branch says of the ruling over its path. */
export interface BranchReview {
  readonly decision: Ruling['decision'];
  readonly reviewer: string;
  /** What would have taken the path, or the text that it was amended to, had a person not taken it in. */
  readonly overrides?: Loss;
  /** Of an amended path: what had taken it as the model wrote it. */
  readonly before?: Loss;
}

/**
 * What the reviews of a task come to, by path. Where people differ a reject wins, since a wrong path in a training set costs more than a right one that is missing;
 * then the latest amendment, then an accept. A path of which nobody is sure has no ruling. An amendment without a word is none: an empty text teaches nothing.
 */
export function rulings(reviews: readonly Review[]): ReadonlyMap<Fingerprint, Ruling> {
  const byPath = new Map<Fingerprint, Review[]>();
  for (const review of standingReviews(reviews).toSorted(laterFirst)) {
    const own = byPath.get(review.path);
    if (own) own.push(review);
    else byPath.set(review.path, [review]);
  }
  const found = new Map<Fingerprint, Ruling>();
  for (const [path, own] of byPath) {
    const ruling = rulingOf(own);
    if (ruling) found.set(path, ruling);
  }
  return found;
}

/** @param reviews standing ones of one path, the latest first */
function rulingOf(reviews: readonly Review[]): Ruling | undefined {
  const rejected = reviews.find(({ decision }) => decision === 'reject');
  if (rejected) return { decision: 'reject', reviewer: rejected.reviewer, ...(rejected.reason === undefined ? {} : { reason: rejected.reason }) };
  const amended = reviews.find(({ decision, amendedText = '' }) => decision === 'amend' && amendedText.trim() !== '');
  if (amended?.amendedText !== undefined) return { decision: 'amend', reviewer: amended.reviewer, text: amended.amendedText };
  const accepted = reviews.find(({ decision }) => decision === 'accept');
  return accepted && { decision: 'accept', reviewer: accepted.reviewer };
}
