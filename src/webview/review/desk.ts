// What a person does on the page, at once and in order, before anybody has answered. Knows no DOM.
import type { PendingAction, ReviewAction, ReviewCommand } from '../../contract/pages/review.ts';
import type { BadStep } from '../../core/model/review.ts';
import { applied, judgementOf, move, returnOf, show, shownPath, type ReviewSession } from '../../core/review/session.ts';
import { answer, isTyping, type InFront, type Mode, type Wish } from './mode.ts';

/** Most keys that wait for a path. */
export const mostWaiting = 50;

/** What is in front of the person, with what they have done that is not sent yet. */
export interface Desk {
  readonly session: ReviewSession;
  readonly mode: Mode;
  /** Commands that came before the path that they are about. */
  readonly waiting: readonly ReviewCommand[];
  /** Done since the desk was made, in order. */
  readonly done: readonly PendingAction[];
  /** Asked for since the desk was made, and done by others. */
  readonly wishes: readonly Wish[];
}

/** What the desk must know of the paths. */
export interface Surroundings {
  /** What the page knows of a path; absent while it has not arrived. `text`: absent where it is too long to be amended. */
  readonly textOf: (path: string) => { readonly text: string | undefined } | undefined;
  /** More paths may follow those of the order. */
  readonly more: boolean;
  /** The step that has the focus, where it can be marked. */
  readonly focused: (path: string) => BadStep | undefined;
  /** Gives an action its id, and how long it took. */
  readonly take: (path: string, action: ReviewAction) => PendingAction;
}

/** Whether the desk waits for the path that is to be shown. */
export function isWaiting({ session }: Pick<Desk, 'session'>, { textOf, more }: Pick<Surroundings, 'textOf' | 'more'>): boolean {
  const path = shownPath(session);
  return path === undefined ? more : textOf(path) === undefined;
}

/** Needs no path; stays in its turn where others wait. */
const passes: ReadonlySet<ReviewCommand> = new Set(['undo', 'redo', 'next', 'previous', 'keys']);

/** A command is carried out, or waits for the path that it is about. */
export function press(desk: Desk, command: ReviewCommand, around: Surroundings): Desk {
  const atOnce = isTyping(desk.mode) || desk.mode.kind === 'keys' || !isWaiting(desk, around) || (desk.waiting.length === 0 && passes.has(command));
  if (atOnce) return carryOut(desk, command, around);
  return desk.waiting.length >= mostWaiting ? desk : { ...desk, waiting: [...desk.waiting, command] };
}

/** Carries out what waited, as far as paths have arrived. @returns the same desk where there is nothing to do */
export function resume(desk: Desk, around: Surroundings): Desk {
  const [first, ...waiting] = desk.waiting;
  if (first === undefined || (isWaiting(desk, around) && !passes.has(first))) return desk;
  return resume(carryOut({ ...desk, waiting }, first, around), around);
}

function carryOut(desk: Desk, command: ReviewCommand, around: Surroundings): Desk {
  const { mode, wish } = answer(desk.mode, command, inFront(desk.session, around));
  const next = { ...desk, mode };
  if (!wish) return next;
  switch (wish.kind) {
    case 'act': {
      const act = actOf(desk, wish.action);
      return act ? acted(next, around.take(act.path, act.action)) : next;
    }
    case 'go': return { ...next, session: move(next.session, wish.by) };
    case 'mark': {
      const path = shownPath(next.session);
      const step = path === undefined ? undefined : around.focused(path);
      return path !== undefined && step ? acted(next, around.take(path, { kind: 'mark', step })) : next;
    }
    default: return { ...next, wishes: [...next.wishes, wish] };
  }
}

/** What an action is about; an undo says what it comes back to. Undefined where there is nothing to do. */
function actOf(desk: Desk, action: ReviewAction): Pick<PendingAction, 'path' | 'action'> | undefined {
  if (action.kind !== 'undo' && action.kind !== 'redo') return { path: pathOf(desk), action };
  const to = returnOf(desk.session, action.kind);
  return to && { path: to.path, action: { kind: action.kind, to: { ...to.judgement, marks: [...to.judgement.marks] } } };
}

/** A note and an amendment are about the path that they were begun for. */
const pathOf = ({ mode, session }: Desk): string => (mode.kind === 'read' || mode.kind === 'keys' ? shownPath(session) ?? '' : mode.path);

function inFront(session: ReviewSession, { textOf }: Surroundings): InFront | undefined {
  const path = shownPath(session);
  const known = path === undefined ? undefined : textOf(path);
  if (path === undefined || !known) return undefined;
  const { note = '', decision, amendedText } = judgementOf(session, path);
  return { path, note, text: decision === 'amend' && amendedText !== undefined ? amendedText : known.text };
}

const acted = (desk: Desk, pending: PendingAction): Desk => ({ ...desk, session: applied(desk.session, pending).session, done: [...desk.done, pending] });

/** Where the page stands in the order, by a path, since others may be inserted: at it, or after it where nothing was known to follow. */
export interface Place {
  readonly path: string;
  readonly after: boolean;
}

/** Where a session stands; `null` while its order is empty. */
export function placeOf({ order, at }: ReviewSession): Place | null {
  const path = order[at];
  if (path !== undefined) return { path, after: false };
  const last = order.at(-1);
  return last === undefined ? null : { path: last, after: true };
}

/** The session as it is drawn: the document's, with what it has not stored yet. @param place where the page stands; `null`: where the session does */
export function drawnSession(session: ReviewSession, pending: readonly PendingAction[], place: Place | null): ReviewSession {
  const after = pending.reduce((before, each) => applied(before, each).session, session);
  if (place === null) return after;
  if (!place.after) return show(after, place.path);
  const at = after.order.indexOf(place.path);
  return at < 0 ? after : { ...after, at: at + 1 };
}

/** Actions that the document has not said that it has stored. */
export function unsaved(pending: readonly PendingAction[], saved: readonly string[]): readonly PendingAction[] {
  const known = new Set(saved);
  return pending.filter(({ id }) => !known.has(id));
}
