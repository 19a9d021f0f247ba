// What the page is in the middle of, and what a key means then. Knows no DOM.
import * as z from 'zod/mini';
import type { ReviewAction, ReviewCommand } from '../../contract/pages/review.ts';
import { longestNote } from '../../contract/review.ts';
import { rejectReasons, type RejectReason } from '../../core/model/review.ts';

/** The mode decides what a key means, whatever the editor thought when it was pressed. `path`: the one that the mode is about. */
export const modeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read') }),
  /** A reject waits for its reason. */
  z.object({ kind: z.literal('reasons'), path: z.string() }),
  z.object({ kind: z.literal('note'), path: z.string(), text: z.string() }),
  /** `before`: what the text was when it was begun. `asking`: whether it may be thrown away. */
  z.object({ kind: z.literal('amend'), path: z.string(), text: z.string(), before: z.string(), asking: z.boolean() }),
  /** The sheet of all keys lies over the page. */
  z.object({ kind: z.literal('keys') }),
]);
/** See `modeSchema`. */
export type Mode = z.infer<typeof modeSchema>;

/** Nothing but the path is in front of the person. */
export const reading: Mode = { kind: 'read' };

/** Whether keys are letters of a text. */
export const isTyping = ({ kind }: Mode): boolean => kind === 'note' || kind === 'amend';

/** What a command asks for beside another mode. */
export type Wish =
  | { readonly kind: 'act'; readonly action: ReviewAction }
  | { readonly kind: 'go'; readonly by: 1 | -1 }
  | { readonly kind: 'focus'; readonly to: 'next-step' | 'next-doubt' | 'previous-doubt' }
  | { readonly kind: 'mark' | 'compare' | 'diff' | 'too-long' };

/** What a key came to. */
export interface Turn {
  readonly mode: Mode;
  readonly wish?: Wish;
}

/** The path that is shown, as far as a mode must know it. */
export interface InFront {
  readonly path: string;
  readonly note: string;
  /** The text that counts; absent where it is too long to be amended on the page. */
  readonly text: string | undefined;
}

/** What a command comes to in a mode. @param front absent where no path is shown */
export function answer(mode: Mode, command: ReviewCommand, front: InFront | undefined): Turn {
  switch (mode.kind) {
    case 'read': return whileReading(command, front);
    case 'reasons': return whileRejecting(mode, command);
    case 'note':
    case 'amend': return command === 'save' ? saved(mode) : { mode };
    case 'keys': return { mode: command === 'keys' ? reading : mode };
  }
}

const act = (action: ReviewAction): Wish => ({ kind: 'act', action });

/** Commands that leave the mode as it is, whether a path is shown or not. */
const everywhere: { readonly [C in ReviewCommand]?: Wish } = {
  undo: act({ kind: 'undo' }), redo: act({ kind: 'redo' }), next: { kind: 'go', by: 1 }, previous: { kind: 'go', by: -1 },
};
const steps: { readonly [C in ReviewCommand]?: Wish } = {
  nextStep: { kind: 'focus', to: 'next-step' }, nextDoubt: { kind: 'focus', to: 'next-doubt' }, previousDoubt: { kind: 'focus', to: 'previous-doubt' },
};
const ofPath: { readonly [C in ReviewCommand]?: Wish } = {
  ...steps, accept: act({ kind: 'decide', decision: 'accept' }), unsure: act({ kind: 'decide', decision: 'unsure' }), markStep: { kind: 'mark' }, compare: { kind: 'compare' }, diff: { kind: 'diff' },
};

function whileReading(command: ReviewCommand, front: InFront | undefined): Turn {
  if (command === 'keys') return { mode: { kind: 'keys' } };
  const wish = everywhere[command] ?? (front && ofPath[command]);
  if (wish) return { mode: reading, wish };
  return front ? begun(command, front) : { mode: reading };
}

/** Modes that a command opens. */
function begun(command: ReviewCommand, { path, note, text }: InFront): Turn {
  switch (command) {
    case 'reject': return { mode: { kind: 'reasons', path } };
    case 'note': return { mode: { kind: 'note', path, text: note } };
    case 'amend': return text === undefined ? { mode: reading, wish: { kind: 'too-long' } } : { mode: { kind: 'amend', path, text, before: text, asking: false } };
    default: return { mode: reading };
  }
}

/** The reason that a command stands for. */
export function reasonOf(command: ReviewCommand): RejectReason | undefined {
  const place = /^reason(\d)$/.exec(command)?.[1];
  return place === undefined ? undefined : rejectReasons[Number(place) - 1];
}

function whileRejecting(mode: Mode, command: ReviewCommand): Turn {
  if (command === 'undo') return { mode: reading };
  if (command === 'confirm') return { mode: reading, wish: act({ kind: 'reject' }) };
  const reason = reasonOf(command);
  if (reason !== undefined) return { mode: reading, wish: act({ kind: 'reject', reason }) };
  const wish = steps[command];
  return wish ? { mode, wish } : { mode };
}

/** What stands in the field is stored; a text without a word is no path, and stays in front of the person. */
function saved(mode: Mode & { readonly kind: 'note' | 'amend' }): Turn {
  if (mode.kind === 'note') return { mode: reading, wish: act({ kind: 'annotate', note: mode.text.slice(0, longestNote) }) };
  if (mode.text.trim() === '') return { mode };
  return { mode: reading, wish: act({ kind: 'amend', text: mode.text }) };
}

/** What Escape comes to: a mode is left without deciding; a changed text asks first, and Escape again goes back to it. */
export function escaped(mode: Mode): Mode {
  if (mode.kind !== 'amend' || mode.text === mode.before) return reading;
  return { ...mode, asking: !mode.asking };
}
