import { bulletOf, markersOf, type Marker } from './markers.ts';
import type { Line } from './regions.ts';

/** A marked line. */
export interface Item extends Marker {
  /** Its line among the lines of the text. */
  readonly line: number;
}

/** The list that a text is built on. */
export interface List {
  readonly items: readonly Item[];
  readonly numbered: boolean;
}

/** From one number of a list to the next in the text: steps may be missing or have changed places, but a year is no step. */
const widestGap = 12;
const sameIndent = 1;
/** Steps that are counted may be short beside what stands around them. */
const countedPart = 0.4;

function linesWith(lines: readonly Line[], find: (text: string) => readonly Marker[]): readonly Item[] {
  return lines.flatMap((line, at) => (line.inside || line.blank ? [] : find(line.text).map(marker => ({ ...marker, line: at }))));
}

/** The outermost list of items that have one style. */
function listFrom(items: readonly Item[]): readonly Item[] {
  const outermost = items.reduce((least, item) => Math.min(least, item.indent), Infinity) + sameIndent;
  const list: Item[] = [];
  for (const item of items) {
    const before = list.at(-1)?.number ?? item.number ?? 0;
    if (item.indent <= outermost && Math.abs((item.number ?? 0) - before) <= widestGap) list.push(item);
  }
  return list;
}

/** Letters and Roman numbers only count when they begin like a list and go on. */
function isList(items: readonly Item[]): boolean {
  const [first, second] = items;
  if (!first) return false;
  const number = first.number ?? 1;
  if (first.style === 'step' || first.style.endsWith('digits') || first.style === 'circled') return number <= widestGap * 2;
  return second !== undefined && Math.abs((second.number ?? 0) - number) <= 2 && number <= 3;
}

/** The outermost list comes first, then the one that begins first, then the longer one. */
const isBefore = (one: readonly Item[], other: readonly Item[]): boolean => {
  const [a, b] = [one[0], other[0]];
  if (!a || !b) return false;
  if (Math.abs(a.indent - b.indent) > sameIndent) return a.indent < b.indent;
  return a.line === b.line ? one.length > other.length : a.line < b.line;
};

function numberedList(lines: readonly Line[]): readonly Item[] {
  const marked = linesWith(lines, markersOf);
  const styles = new Set(marked.map(item => item.style));
  const lists = [...styles].map(style => listFrom(marked.filter(item => item.style === style))).filter(isList);
  const [longer, single] = [lists.filter(list => list.length > 1), lists.filter(list => list.length === 1)];
  return (longer.length > 0 ? longer : single).reduce<readonly Item[]>((best, list) => (best.length === 0 || isBefore(list, best) ? list : best), []);
}

function bulletList(lines: readonly Line[]): readonly Item[] {
  const bullets = linesWith(lines, text => [bulletOf(text)].flatMap(marker => marker ?? []));
  const outermost = bullets.reduce((least, item) => Math.min(least, item.indent), Infinity);
  return bullets.filter(item => item.indent <= outermost + sameIndent);
}

/**
 * The list that a text is built on: numbered before bulleted, outermost before inner, first before later. Undefined where there is none, or where the list is only a
 * part of what the text says: less than `share` of its characters, or less than a good part of that where it counts.
 */
export function mainList(lines: readonly Line[], share: number): List | undefined {
  const numbered = numberedList(lines);
  const enough = numbered.length > 1 ? countedPart * share : share;
  if (numbered.length > 0 && (numbered[0]?.style === 'step' || shareOf(numbered, lines) >= enough)) return { items: numbered, numbered: true };
  const bullets = bulletList(lines);
  return bullets.length > 0 && shareOf(bullets, lines) >= share ? { items: bullets, numbered: false } : undefined;
}

/** The share of a text's characters that stands in a list; what follows a blank line after the last item does not. */
function shareOf(items: readonly Item[], lines: readonly Line[]): number {
  const [first, last] = [items[0]?.line ?? 0, items.at(-1)?.line ?? 0];
  const blank = lines.findIndex((line, at) => at > last && line.blank);
  const length = (from: number, to: number) => lines.slice(from, to).reduce((sum, line) => sum + line.end - line.start, 0);
  const [listed, all] = [length(first, blank < 0 ? lines.length : blank), length(0, lines.length)];
  const withoutIntroduction = items[0]?.style === 'bullet' && introduces(lines[first - 1]) && blank >= 0 && listed < all - length(0, first) ? 0.5 : 1;
  return all === 0 ? 0 : withoutIntroduction * listed / all;
}

const introduces = (line: Line | undefined) => line !== undefined && !line.blank && /:\s*$/.test(line.text);
