import { withoutAbsent } from '../model/outside.ts';
import type { BadStep, Judgement, RejectReason } from '../model/review.ts';

/** Fingerprint of a path. */
type PathKey = string;

/** What a person does to the path in front of them. */
export type ReviewEdit =
  | { readonly kind: 'decide'; readonly decision: 'accept' | 'unsure' }
  | { readonly kind: 'reject'; readonly reason?: RejectReason | undefined }
  | { readonly kind: 'amend'; readonly text: string }
  /** Marks a step as bad, or takes the mark away. */
  | { readonly kind: 'mark'; readonly step: BadStep }
  /** Blank for no note. */
  | { readonly kind: 'annotate'; readonly note: string };

/** A judgement as a message holds it: what is absent may stand there as undefined. */
type Told = { readonly [Key in keyof Judgement]: Judgement[Key] | undefined } & Pick<Judgement, 'decision' | 'marks'>;

/** Takes an edit back, or makes it again. `to`: what the person thinks of its path then, for a session that began after the edit and knows nothing of it. */
export interface ReviewReturn {
  readonly kind: 'undo' | 'redo';
  readonly to?: Told | undefined;
}

/** An edit, or what takes one back. */
export type ReviewAct = ReviewEdit | ReviewReturn;

/** Something that a person did, with the id of the review that it makes and the path that it is about. */
export interface DoneAct {
  readonly id: string;
  readonly path: PathKey;
  readonly action: ReviewAct;
}

/** A judgement as the session knows it: the id of its review is what the next one supersedes. */
export interface HeldJudgement extends Judgement {
  readonly id: string;
}

/** One edit with its inverse: what the person thought of the path before and after. */
interface Change {
  readonly path: PathKey;
  readonly before: Judgement;
  readonly after: Judgement;
  /** Whether the edit moved on to the next path. */
  readonly moved: boolean;
}

/**
 * One person going through a queue of paths: where they are, what they have decided, and how to undo it. A value that every edit makes anew; nothing of it is
 * fetched or stored here, so that a page can draw the next path before anybody has answered.
 */
export interface ReviewSession {
  /** Paths in the order in which they are shown, as far as they are known. */
  readonly order: readonly PathKey[];
  /** Which one is shown, from 0; the length of `order` where the next is not known yet, or there is none. */
  readonly at: number;
  readonly judgements: Readonly<Record<PathKey, HeldJudgement>>;
  readonly done: readonly Change[];
  readonly undone: readonly Change[];
}

/** What is to be stored of an edit: the whole judgement, and the review that it takes the place of. */
export interface ReviewFact extends Judgement {
  readonly id: string;
  readonly path: PathKey;
  readonly supersedes?: string;
}

/** A session after an edit; `fact` is absent where there was nothing to do. */
export interface Edited {
  readonly session: ReviewSession;
  readonly fact?: ReviewFact;
}

/** Edits that can be undone; older ones stay as they are. */
const mostUndone = 1_000;

const nothingDecided: Judgement = { decision: 'none', marks: [] };

/** A session that has not begun. */
export const newSession: ReviewSession = { order: [], at: 0, judgements: {}, done: [], undone: [] };

/** Appends paths that the queue has next, with what the person has thought of them so far; those that are known stay where they are. */
export function extend(session: ReviewSession, paths: readonly { readonly path: PathKey; readonly judgement?: HeldJudgement }[]): ReviewSession {
  const known = new Set(session.order);
  const added = paths.filter(({ path }) => !known.has(path) && known.add(path));
  if (added.length === 0) return session;
  const judgements = Object.fromEntries(added.flatMap(({ path, judgement }) => (judgement ? [[path, judgement]] : [])));
  return { ...session, order: [...session.order, ...added.map(({ path }) => path)], judgements: { ...judgements, ...session.judgements } };
}

/** Shows a path that is not next: inserts it where the session stands, or goes to where it is. */
export function show(session: ReviewSession, path: PathKey, judgement?: HeldJudgement): ReviewSession {
  const place = session.order.indexOf(path);
  if (place >= 0) return { ...session, at: place };
  const order = session.order.toSpliced(session.at, 0, path);
  return { ...session, order, judgements: judgement ? { [path]: judgement, ...session.judgements } : session.judgements };
}

/** What the person thinks of a path by now, where they have said so elsewhere. @param judgement absent where they think nothing of it any more */
export function heardOf(session: ReviewSession, path: PathKey, judgement: HeldJudgement | undefined): ReviewSession {
  const own = session.judgements[path];
  if (own?.id === judgement?.id || (!judgement && own?.decision === 'none')) return session;
  return { ...session, judgements: { ...session.judgements, [path]: judgement ?? { ...nothingDecided, id: own?.id ?? '' } } };
}

/** The path that is shown; absent at the end. */
export const shownPath = (session: ReviewSession): PathKey | undefined => session.order[session.at];

/** What the person thinks of a path so far. */
export const judgementOf = (session: ReviewSession, path: PathKey): Judgement => session.judgements[path] ?? nothingDecided;

/** Goes a path forward or back without deciding; stays within what is known, its end included. */
export const move = (session: ReviewSession, by: 1 | -1): ReviewSession => ({ ...session, at: Math.min(session.order.length, Math.max(0, session.at + by)) });

/**
 * An edit of the path that is shown. A decision moves on to the next path. A note that says what it said before is no edit: what was undone can still be redone.
 *
 * @param id of the review that it makes, unique in the world
 */
export function edit(session: ReviewSession, change: ReviewEdit, id: string): Edited {
  const path = shownPath(session);
  if (path === undefined) return { session };
  const before = judgementOf(session, path);
  const after = judged(before, change);
  if (change.kind === 'annotate' && after.note === before.note) return { session };
  const moved = change.kind === 'decide' || change.kind === 'reject' || change.kind === 'amend';
  const { session: held, fact } = hold(session, { path, judgement: after, id });
  const done = [...session.done, { path, before, after, moved }].slice(-mostUndone);
  return { session: { ...held, done, undone: [], at: moved ? session.at + 1 : session.at }, fact };
}

function judged(before: Judgement, change: ReviewEdit): Judgement {
  const { marks, note } = before;
  const kept = { marks, ...(note === undefined ? {} : { note }) };
  switch (change.kind) {
    case 'decide': return { ...kept, decision: change.decision };
    case 'reject': return { ...kept, decision: 'reject', ...(change.reason === undefined ? {} : { reason: change.reason }) };
    case 'amend': return { ...kept, decision: 'amend', amendedText: change.text };
    case 'mark': return { ...before, marks: toggled(marks, change.step) };
    case 'annotate': {
      const { note: _note, ...rest } = before;
      return change.note.trim() === '' ? rest : { ...rest, note: change.note };
    }
  }
}

const toggled = (marks: readonly BadStep[], step: BadStep): readonly BadStep[] =>
  marks.some(mark => mark.step === step.step) ? marks.filter(mark => mark.step !== step.step) : [...marks, step].sort((one, other) => one.step - other.step);

/** What an undo or a redo comes to: the path, and what the person thinks of it then. */
export interface Return {
  readonly path: PathKey;
  readonly judgement: Judgement;
}

/** What the next undo, or redo, would come to; absent where there is nothing to do. */
export function returnOf(session: ReviewSession, kind: ReviewReturn['kind']): Return | undefined {
  const change = kind === 'undo' ? session.done.at(-1) : session.undone.at(-1);
  return change && { path: change.path, judgement: kind === 'undo' ? change.before : change.after };
}

/** Takes the latest edit back, and shows the path that it was about. @param to what it comes to, where the session may not know of the edit */
export function undo(session: ReviewSession, id: string, to?: Return): Edited {
  const change = session.done.at(-1);
  if (!change || (to && to.path !== change.path)) return to ? returned(session, to, id) : { session };
  const { session: held, fact } = hold(session, { path: change.path, judgement: change.before, id });
  return { session: { ...held, done: session.done.slice(0, -1), undone: [...session.undone, change], at: placeOf(session, change.path) }, fact };
}

/** Makes the edit that was taken back last once more, and moves on where it had. @param to see `undo` */
export function redo(session: ReviewSession, id: string, to?: Return): Edited {
  const change = session.undone.at(-1);
  if (!change || (to && to.path !== change.path)) return to ? returned(session, to, id) : { session };
  const { session: held, fact } = hold(session, { path: change.path, judgement: change.after, id });
  const place = placeOf(session, change.path);
  return { session: { ...held, done: [...session.done, change], undone: session.undone.slice(0, -1), at: change.moved ? place + 1 : place }, fact };
}

/** An edit of a session before this one cannot be done again, nor taken back once more: only what it comes to is known. */
function returned(session: ReviewSession, { path, judgement }: Return, id: string): Edited {
  return hold(show(session, path), { path, judgement, id });
}

const placeOf = ({ order, at }: ReviewSession, path: PathKey): number => {
  const place = order.indexOf(path);
  return place < 0 ? at : place;
};

function hold(session: ReviewSession, { path, judgement, id }: { readonly path: PathKey; readonly judgement: Judgement; readonly id: string }): Required<Edited> {
  const former = session.judgements[path];
  const fact: ReviewFact = { ...judgement, id, path, ...(former ? { supersedes: former.id } : {}) };
  return { session: { ...session, judgements: { ...session.judgements, [path]: { ...judgement, id } } }, fact };
}

/** A session after something that was done, on whatever path the session stands: a page and its document come to the same. */
export function applied(session: ReviewSession, { id, path, action }: DoneAct): Edited {
  switch (action.kind) {
    case 'undo':
    case 'redo': return (action.kind === 'undo' ? undo : redo)(session, id, action.to && { path, judgement: withoutAbsent(action.to) });
    default: return edit(show(session, path), action, id);
  }
}

/** A session after something that was done and will never be stored: nothing is thought of its path but what was before, and it can be undone like anything else. */
export function passedOver(session: ReviewSession, act: DoneAct): ReviewSession {
  const after = applied(session, act).session;
  return { ...after, judgements: session.judgements };
}
