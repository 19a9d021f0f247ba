import * as z from 'zod/mini';
import { pendingActionSchema, type ReviewCommand, type ReviewIntent, type ReviewNews, type ReviewSnapshot } from '../../contract/pages/review.ts';
import type { ReviewItem } from '../../contract/review.ts';
import { judgementOf, shownPath, type ReviewSession } from '../../core/review/session.ts';
import type { Drawn } from '../kit/page.ts';
import { drawnSession, unsaved } from './desk.ts';
import { modeSchema, reading } from './mode.ts';
import type { Card, Layout } from './steps.ts';

/** What a person was at when the window was left. */
export const viewSchema = z.object({
  /** What they did that may not be stored yet; it is sent again until the document has it. */
  pending: z.array(pendingActionSchema),
  place: z.nullable(z.object({ path: z.string(), after: z.boolean() })),
  mode: modeSchema,
  /** The card that has the focus; of another path it means nothing. */
  focus: z.nullable(z.object({ path: z.string(), side: z.enum(['structure', 'path']), at: z.number() })),
  /** Two paths are side by side: the other one, `null` while it is to be chosen. */
  compare: z.nullable(z.object({ path: z.string(), other: z.nullable(z.string()) })),
  /** What is unfolded of a path. */
  unfolded: z.object({ path: z.string(), parts: z.array(z.string()) }),
  /** The menu at the head is open. */
  menu: z.optional(z.boolean()),
});
/** See `viewSchema`. */
export type View = z.infer<typeof viewSchema>;

/** The page before anything was done on it. */
export const firstView: View = { pending: [], place: null, mode: reading, focus: null, compare: null, unfolded: { path: '', parts: [] } };

/** The page as it is drawn. */
export type Page = Drawn<ReviewSnapshot, ReviewIntent, View>;
/** What the page hears. */
export type News = ReviewNews;
/** A queue that is open. */
export type Queue = Extract<ReviewSnapshot['shown'], { kind: 'session' }>;

/** The page with a queue on it. */
export interface OpenReview {
  readonly title: string;
  readonly queue: Queue;
  readonly view: View;
  readonly session: ReviewSession;
  /** Actions that are not stored yet. */
  readonly unsaved: number;
  /** Decided paths of the queue, with those that are not stored yet. */
  readonly decided: number;
  /** Commands that wait for a path. */
  readonly waiting: number;
  readonly item: ReviewItem | undefined;
  readonly known: (path: string) => ReviewItem | undefined;
  readonly run: (command: ReviewCommand) => void;
  readonly send: (intent: ReviewIntent) => void;
  readonly keep: (change: Partial<View>) => void;
  readonly take: (command: string) => void;
  /** Shows another path of the task, or beside the one that is shown. */
  readonly go: (path: string) => void;
  readonly choose: (card: Card) => void;
}

/** A path that has arrived, with how it is laid out. */
export interface OpenItem extends OpenReview {
  readonly item: ReviewItem;
  readonly layout: Layout;
  readonly focus: Card | undefined;
}

/** Most paths that the page holds. */
const mostHeld = 200;

/** The paths that have arrived, the latest last; old ones go. */
export class Shelf {
  readonly #items = new Map<string, ReviewItem>();

  add(items: readonly ReviewItem[]): void {
    for (const item of items) {
      this.#items.delete(item.path);
      this.#items.set(item.path, item);
    }
    for (const path of this.#items.keys()) {
      if (this.#items.size <= mostHeld) return;
      this.#items.delete(path);
    }
  }

  get(path: string): ReviewItem | undefined {
    return this.#items.get(path);
  }
}

/** What of a queue is drawn for a view. */
export function standing({ session: stored, saved, stand }: Queue, { pending, place }: View): { readonly session: ReviewSession; readonly unsaved: number; readonly decided: number } {
  const session = stored as ReviewSession; // what came as JSON has no property that is undefined
  const open = unsaved(pending, saved);
  const drawn = drawnSession(session, open, place);
  const changed = open.length === 0 ? [] : Object.keys(drawn.judgements).filter(path => drawn.judgements[path] !== session.judgements[path]);
  const decidedIn = (of: ReviewSession) => changed.filter(path => judgementOf(of, path).decision !== 'none').length;
  return { session: drawn, unsaved: open.length, decided: Math.max(0, stand.decided + decidedIn(drawn) - decidedIn(session)) };
}

/** Whether something is unfolded of the path that is shown. */
export const isUnfolded = ({ view: { unfolded }, session }: Pick<OpenReview, 'view' | 'session'>, part: string): boolean => unfolded.path === shownPath(session) && unfolded.parts.includes(part);

/** Unfolds something of the path that is shown, or folds it again. */
export function fold({ view, session, keep }: Pick<OpenReview, 'view' | 'session' | 'keep'>, part: string): void {
  const path = shownPath(session) ?? '';
  const parts = view.unfolded.path === path ? view.unfolded.parts : [];
  keep({ unfolded: { path, parts: parts.includes(part) ? parts.filter(each => each !== part) : [...parts, part] } });
}
