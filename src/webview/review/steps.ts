// How a path and its structure are laid out in cards. Knows no DOM.
import type { ReviewItem, ReviewStep } from '../../contract/review.ts';

/** A part of a path: a step, or what stands between two. */
export interface PathRow {
  readonly kind: 'step' | 'gap';
  /** Which step, from 0; of a gap, the step that follows. */
  readonly step: number;
  readonly start: number;
  readonly end: number;
  /** It betrays that the answer was known: offsets into the row. */
  readonly leak?: { readonly start: number; readonly end: number };
}

/** A card: one of the structure by its step, one of the path by its row. */
export interface Card {
  readonly side: 'structure' | 'path';
  readonly at: number;
}

/** What is nothing but a mark of a list, a heading or an emphasis around steps. */
const marker = /^(?:[\s>*_#`~|:.,;-]|\(?(?:\d{1,5}|[a-z]|[ivx]{2,5})[.)\]:]|\\[[\]()]|\$\$|(?:step|stage|phase)\s*\d{1,5})*$/i;
const longestMarker = 200;

/** Whether text between steps says anything of its own. */
export const says = (text: string): boolean => /\S/.test(text) && (text.length > longestMarker || !marker.test(text));

type Cut = Pick<ReviewItem, 'text' | 'leak'> & { readonly alignment: { readonly path: readonly Pick<ReviewStep, 'start' | 'end'>[] } };

/** All of a path in the order of its text: nothing that says anything is left out. */
export function rowsOf({ text, alignment, leak }: Cut): readonly PathRow[] {
  const rows: PathRow[] = [];
  const gap = (start: number, end: number, step: number) => {
    if (end > start && says(text.slice(start, end))) rows.push(marked({ kind: 'gap', step, start, end }, leak));
  };
  let at = 0;
  for (const [step, span] of alignment.path.entries()) {
    gap(at, span.start, step);
    rows.push(marked({ kind: 'step', step, start: span.start, end: Math.min(span.end, text.length) }, leak));
    at = span.end;
  }
  gap(at, text.length, alignment.path.length);
  return rows;
}

function marked(row: PathRow, leak: ReviewItem['leak']): PathRow {
  if (!leak || leak.end <= row.start || leak.start >= row.end) return row;
  return { ...row, leak: { start: Math.max(0, leak.start - row.start), end: Math.min(row.end, leak.end) - row.start } };
}

/** What the cards of an item need beside its texts: worked out once. */
export interface Layout {
  readonly rows: readonly PathRow[];
  /** Of each step of the structure, the rows that carry it out. */
  readonly rowsOfStep: readonly (readonly number[])[];
  /** Of each row, the steps of the structure that it carries out. */
  readonly stepsOfRow: readonly (readonly number[])[];
  /** Cards that can have the focus, in order: the structure's, then the path's. */
  readonly cards: readonly Card[];
  /** Those of them that ask for a look. */
  readonly doubtful: readonly Card[];
}

/** Lays an item out. */
export function layoutOf(item: ReviewItem): Layout {
  const { alignment } = item;
  const rows = rowsOf(item);
  const rowOfStep = new Map(rows.flatMap((row, at) => (row.kind === 'step' ? [[row.step, at] as const] : [])));
  const rowsOfStep: number[][] = alignment.structure.map(() => []);
  const stepsOfRow: number[][] = rows.map(() => []);
  for (const [step, pathStep] of alignment.pairs) {
    const row = rowOfStep.get(pathStep);
    if (row === undefined) continue;
    rowsOfStep[step]?.push(row);
    stepsOfRow[row]?.push(step);
  }
  const structure = alignment.structure.map((_, at): Card => ({ side: 'structure', at }));
  const path = rows.flatMap((row, at): Card[] => (row.kind === 'step' || row.leak ? [{ side: 'path', at }] : []));
  const isDoubtful = ({ side, at }: Card): boolean => {
    if (side === 'structure') return alignment.marks.structure[at] !== 'followed';
    const row = rows[at];
    return row !== undefined && (row.leak !== undefined || isAdded(item, row));
  };
  const cards = [...structure, ...path];
  return { rows, rowsOfStep, stepsOfRow, cards, doubtful: cards.filter(isDoubtful) };
}

/** Whether a row is a step that carries out none of the structure's. */
export const isAdded = ({ alignment: { structure, marks } }: Pick<ReviewItem, 'alignment'>, { kind, step }: PathRow): boolean =>
  kind === 'step' && structure.length > 0 && marks.path[step] === 'added';

/** Where the look goes first: to the first doubt, else to the last step. */
export const firstCard = ({ cards, doubtful }: Layout): Card | undefined => doubtful[0] ?? cards.at(-1);

/** Whether two cards are one. */
export const isSame = (one: Card | undefined, other: Card | undefined): boolean => one?.side === other?.side && one?.at === other?.at;

/** The card that comes after another, round and round; among the doubtful ones, the next from where the other stands. */
export function cardAfter(layout: Layout, from: Card | undefined, to: 'next-step' | 'next-doubt' | 'previous-doubt'): Card | undefined {
  const all = to === 'next-step' ? layout.cards : layout.doubtful;
  if (to === 'previous-doubt') return (from && all.findLast(card => isBefore(card, from))) ?? all.at(-1);
  return (from && all.find(card => isBefore(from, card))) ?? all[0];
}

/** Whether a card comes before another in `cards`. */
const isBefore = (one: Card, other: Card): boolean => (one.side === other.side ? one.at < other.at : one.side === 'structure');

/** The cards on the other side that belong to a card. */
export function partnersOf({ rowsOfStep, stepsOfRow }: Layout, card: Card | undefined): readonly Card[] {
  if (!card) return [];
  if (card.side === 'structure') return (rowsOfStep[card.at] ?? []).map(at => ({ side: 'path', at }));
  return (stepsOfRow[card.at] ?? []).map(at => ({ side: 'structure', at }));
}

/** Most cards of one side that are drawn at first: so many take a browser less than a tenth of a second. */
export const mostCards = 120;
/** How many come with every wish for more. */
export const moreCards = 200;

/** Most characters of a step that are drawn at once; more of them come as somebody asks for them, each time in an element of its own. */
export const mostOfStep = 6_000;

/** A text of an item, at most `mostOfStep` long. `key` names it among the item's. */
export interface Wanted {
  readonly key: string;
  readonly text: string;
  readonly mark?: { readonly start: number; readonly end: number };
}

/** The part of a text from an offset on. */
export function partOf({ key, text, mark }: Wanted, from: number): Wanted {
  const part = text.slice(from, from + mostOfStep);
  const here = mark && { start: Math.max(0, mark.start - from), end: Math.min(part.length, mark.end - from) };
  return { key: from === 0 ? key : `${key} ${from}`, text: part, ...(here && here.start < here.end ? { mark: here } : {}) };
}

/** A stretch of a list: from `from` to before `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Which of so many cards are drawn: those around the focus; the same as before as long as it is among them. */
export function stretchAround(count: number, focus: number, before: Stretch | undefined): Stretch {
  if (count <= mostCards) return { from: 0, to: count };
  if (before && before.from <= focus && focus < before.to) return before;
  const from = Math.min(count - mostCards, Math.max(0, focus - mostCards / 2));
  return { from, to: from + mostCards };
}

/** A stretch with more on one side. */
export const widened = ({ from, to }: Stretch, side: 'above' | 'below', count: number): Stretch =>
  (side === 'above' ? { from: Math.max(0, from - moreCards), to } : { from, to: Math.min(count, to + moreCards) });

/** The title of a structure's step and what it says, where it has both. */
export function titled(text: string): { readonly title?: string; readonly rest: string } {
  const cut = /^\s*(?:\*\*|__|["'`])?([^\n:*_`]{2,80}?)(?:\*\*|__|["'`])?\s*:\s*(?:\*\*|__)?\s+(\S[\s\S]*)$/.exec(text) ?? /^\s*(?:\*\*|__|#{1,6}\s+)?([^\n*_`#]{2,80}?)(?:\*\*|__)?[.:]?\s*\n\s*(\S[\s\S]*)$/.exec(text);
  const [, title, rest] = cut ?? [];
  return title === undefined || rest === undefined || /[.!?]\s/.test(title) || title.includes('$') ? { rest: text } : { title: title.trim(), rest };
}

/** Numbers from 1 as people list them: `2, 3`, and `2–5` where they follow each other. */
export function numbers(places: readonly number[]): string {
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  const isRange = places.length > 2 && places.every((place, at) => place === first + at);
  return isRange ? `${first + 1}–${last + 1}` : places.map(place => place + 1).join(', ');
}

/** What a step of the structure came to, in words; numbers are those of the structure. */
export function structureWords(item: Pick<ReviewItem, 'alignment'>, { rowsOfStep, stepsOfRow }: Layout, step: number): string {
  const mark = item.alignment.marks.structure[step] ?? 'followed';
  if (mark !== 'merged') return mark;
  const others = [...new Set((rowsOfStep[step] ?? []).flatMap(row => stepsOfRow[row] ?? []))].filter(other => other !== step).sort((one, other) => one - other);
  const [first] = others;
  if (first === undefined) return mark;
  return first < step ? `merged into ${first + 1}` : `merged with ${first + 1}`;
}

/** What a card is called by who does not see it. */
export function cardName(item: Pick<ReviewItem, 'alignment'>, layout: Layout, { side, at }: Card): string {
  if (side === 'path') return rowName(item, layout, at);
  const mark = item.alignment.marks.structure[at] ?? 'followed';
  const places = (layout.rowsOfStep[at] ?? []).flatMap(row => layout.rows[row]?.step ?? []);
  return `Structure step ${at + 1}, ${mark}${places.length === 0 ? '' : ` ${into[mark]} ${stepWords('path', places)}`}`;
}

const into: Readonly<Record<ReviewItem['alignment']['marks']['structure'][number], string>> = { followed: 'in', merged: 'into', reordered: 'to', skipped: 'in' };

function rowName(item: Pick<ReviewItem, 'alignment'>, layout: Layout, at: number): string {
  const row = layout.rows[at];
  const leak = row?.leak ? ', leak' : '';
  if (row?.kind !== 'step') return `Text outside of the steps${leak}`;
  const steps = layout.stepsOfRow[at] ?? [];
  const does = steps.length > 0 ? `, carries out ${stepWords('structure', steps)}` : isAdded(item, row) ? ', added' : '';
  return `Path step ${row.step + 1}${does}${leak}`;
}

const stepWords = (of: Card['side'], places: readonly number[]): string => `${of} step${places.length === 1 ? '' : 's'} ${numbers(places)}`;
