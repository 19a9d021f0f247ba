// What a person does on the page of a review, as edits of the session and as reviews to be stored. Knows nothing of the editor.
import type { PendingAction, ReviewSnapshot } from '../../contract/pages/review.ts';
import type { ReviewDraft, ReviewItem } from '../../contract/review.ts';
import type { Judgement } from '../../core/model/review.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { HeldJudgement, ReviewFact, ReviewSession } from '../../core/review/session.ts';

type ToldSession = Extract<ReviewSnapshot['shown'], { kind: 'session' }>['session'];

/** Edits that a page is told of: enough to undo while it waits for news. */
const toldEdits = 100;

/** Whether an action is a decision, for the rate. */
export const isDecision = ({ action: { kind } }: PendingAction): boolean => kind === 'decide' || kind === 'reject' || kind === 'amend';

/** What a review of a fact needs beside it. */
export interface FactPlace {
  readonly task: string;
  readonly reviewer: string;
  readonly seconds: number;
  readonly sampled: boolean;
}

/** A fact of the session as a review to be stored. */
export function draftOf({ marks, ...fact }: ReviewFact, { task, reviewer, seconds, sampled }: FactPlace): ReviewDraft {
  return { ...fact, marks: [...marks], task, reviewer, seconds: Math.max(0, seconds), ...(sampled ? { sampled: true as const } : {}) };
}

/** What a reviewer has thought of a path so far; absent where they have said nothing. */
export function judgementIn({ reviews }: Pick<ReviewItem, 'reviews'>, reviewer: string): HeldJudgement | undefined {
  const own = reviews.find(review => review.reviewer === reviewer);
  if (!own) return undefined;
  const { reviewer: _reviewer, reviewedAtMs: _at, ...judgement } = own;
  return withoutAbsent(judgement);
}

/** What a session is told of a path when it first hears of it. */
export function judgementPart(item: ReviewItem | undefined, reviewer: string): { readonly judgement?: HeldJudgement } {
  const judgement = item && judgementIn(item, reviewer);
  return judgement ? { judgement } : {};
}

const told = ({ marks, ...judgement }: Judgement) => ({ ...judgement, marks: [...marks] });

/** A session as a page is told of it. */
export function toldSession({ order, at, judgements, done, undone }: ReviewSession): ToldSession {
  const changes = (all: ReviewSession['done']): ToldSession['done'] => all.slice(-toldEdits).map(change => ({ ...change, before: told(change.before), after: told(change.after) }));
  return {
    order: [...order], at, judgements: Object.fromEntries(Object.entries(judgements).map(([path, judgement]) => [path, { ...told(judgement), id: judgement.id }])),
    done: changes(done), undone: changes(undone),
  };
}
