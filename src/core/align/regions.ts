import type { Span } from './step.ts';

/** What opens and closes a region that is kept whole: a code fence, LaTeX display mathematics, a LaTeX environment. */
const edge = /^[ \t]*(?<fence>```|~~~)|(?<dollars>\$\$)|(?<openMath>\\\[)|(?<closeMath>\\\])|(?<begin>\\begin\{)|(?<end>\\end\{)/gm;

type RegionKind = 'fence' | 'dollars' | 'math' | 'environment';

interface Edge extends Span {
  readonly kind: RegionKind;
  readonly opens: boolean;
  readonly closes: boolean;
}

/** So many are looked at: more of them is noise, and would take the memory of the text many times over. */
const mostEdges = 20_000;

/** The first so many matches of a pattern, which is global. */
export function firstMatches(text: string, pattern: RegExp, most: number): readonly RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(pattern)) {
    if (found.length >= most) break;
    found.push(match);
  }
  return found;
}

function edgesOf(text: string): readonly Edge[] {
  return firstMatches(text, edge, mostEdges).map((match): Edge => {
    const groups = match.groups ?? {};
    const place = { start: match.index, end: match.index + match[0].length };
    if (groups['fence'] !== undefined) return { ...place, kind: 'fence', opens: true, closes: true };
    if (groups['dollars'] !== undefined) return { ...place, kind: 'dollars', opens: true, closes: true };
    if (groups['begin'] !== undefined || groups['end'] !== undefined) return { ...place, kind: 'environment', opens: groups['begin'] !== undefined, closes: groups['end'] !== undefined };
    return { ...place, kind: 'math', opens: groups['openMath'] !== undefined, closes: groups['closeMath'] !== undefined };
  });
}

/** Where the region that opens at an edge closes; environments may lie in each other. */
function closingOf(edges: readonly Edge[], from: number): number | undefined {
  const kind = edges[from]?.kind;
  let depth = 1;
  for (let at = from + 1; at < edges.length; at += 1) {
    const next = edges[at];
    if (next === undefined || next.kind !== kind) continue;
    depth += next.closes ? -1 : 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/**
 * Regions of a text within which nothing is cut: code fences, `$$…$$`, `\[…\]` and LaTeX environments, in order and without overlaps. What is never closed is no
 * region. Linear time.
 */
export function wholeRegions(text: string): readonly Span[] {
  const edges = edgesOf(text);
  const regions: Span[] = [];
  const unclosed = new Set<RegionKind>();
  for (let at = 0; at < edges.length; at += 1) {
    const opening = edges[at];
    if (opening?.opens !== true || unclosed.has(opening.kind)) continue;
    const closing = closingOf(edges, at);
    const last = closing === undefined ? undefined : edges[closing];
    if (closing === undefined || last === undefined) {
      unclosed.add(opening.kind); // whatever else of its kind opens later is not closed either
      continue;
    }
    regions.push({ start: opening.start, end: last.end });
    at = closing;
  }
  return regions;
}

/** One line of a text, without its end. */
export interface Line extends Span {
  readonly text: string;
  readonly blank: boolean;
  /** It begins within a region that is kept whole. */
  readonly inside: boolean;
}

/** Characters that nobody sees: zero-width ones, and those that turn the order of writing around. */
const unseen = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g;

/** A text without the characters that nobody sees. */
export const visible = (text: string): string => text.replace(unseen, '');

/** More lines than any path has; the last of them runs to the end of the text. */
const mostLines = 50_000;
/** How much of a line is looked at for a marker. */
const shown = 400;

/** The lines of a text. A line longer than `shown` characters is only known by its beginning. */
export function linesOf(text: string, regions: readonly Span[]): readonly Line[] {
  const lines: Line[] = [];
  let region = 0;
  for (let start = 0; start < text.length;) {
    const lineFeed = lines.length + 1 < mostLines ? text.indexOf('\n', start) : -1;
    const stop = lineFeed < 0 ? text.length : lineFeed;
    const end = text[stop - 1] === '\r' && stop > start ? stop - 1 : stop;
    while ((regions[region]?.end ?? Infinity) <= start) region += 1;
    const inside = (regions[region]?.start ?? Infinity) < start;
    lines.push({ start, end, text: text.slice(start, Math.min(end, start + shown)), blank: !inside && isBlank(text, start, end), inside });
    start = stop + 1;
  }
  return lines;
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let from = start; from < end; from += shown) {
    if (visible(text.slice(from, Math.min(end, from + shown))).trim() !== '') return false;
  }
  return true;
}
