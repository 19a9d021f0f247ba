import { firstMatches } from './regions.ts';
import type { Piece, Span } from './step.ts';

/** Markers within a line: `Step 1:` and `(1)` anywhere, `1.` and `1)` at the beginning or after the end of a clause. */
const marker = /(?:(?<=^|[\s*_(])(?<step>step)[ \t]+(?<stepNumber>\d{1,2})[:.)][*_]*|(?=\()(?<=^|\s)\((?<inside>\d{1,2})\)|(?=\d)(?<=^\s{0,8}|[.;:,!?]\s{1,8})(?<number>\d{1,2})(?<sign>[.)]))(?=\s+\S)[ \t]*/gi;
/** An inline list is looked for in so many markers. */
const mostMarkers = 2_000;

interface InlineMarker extends Span {
  readonly style: string;
  readonly number: number;
}

/** The steps of a list that stands in one line or paragraph: `(1) … (2) …`. Undefined where the numbers do not count from 1 without a gap. */
export function inlinePieces(text: string, regions: readonly Span[]): readonly Piece[] | undefined {
  const markers = firstMatches(text, marker, mostMarkers).map((match): InlineMarker => {
    const groups = match.groups ?? {};
    const style = groups['step'] !== undefined ? 'step' : groups['inside'] !== undefined ? '()' : groups['sign'] ?? '';
    return { style, number: Number(groups['stepNumber'] ?? groups['inside'] ?? groups['number']), start: match.index, end: match.index + match[0].length };
  });
  for (const style of ['step', '()', ')', '.']) {
    const own = markers.filter(each => each.style === style && !regions.some(({ start, end }) => start < each.start && each.start < end));
    const counting = own.every(({ number }, at) => number === at + 1);
    if (own.length >= 2 && counting) return own.map(({ end, number }, at) => ({ start: end, end: own[at + 1]?.start ?? text.length, number }));
  }
  return undefined;
}
