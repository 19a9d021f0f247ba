import { isHeading, markersOf, bulletOf } from './markers.ts';
import { visible, type Line } from './regions.ts';
import type { Span } from './step.ts';

/** Paragraphs are steps from so many on; fewer are cut into lines, and fewer lines into sentences. */
const enoughPieces = 3;

const endsSentence = /[.!?。！？؟।]["'”’)\]*_$]*\s*$/;
const goesOn = /[:,;=+\-−×·*&]\s*$/;

/** A word with a dot that ends no sentence. */
const abbreviation = /(?:^|[\s("])(?:e\.g|i\.e|etc|vs|cf|approx|ca|resp|no|fig|eq|dr|mr|mrs|ms|st|prof|sr|jr)\.$/i;
/** All that a sentence has is a number or a letter: it is the marker of what follows. */
const onlyMarker = /^[\s(*_"]*[\p{L}\d]{1,2}\.$/u;
/** What ends a sentence: a sign, marks that close, white space, and what may begin another. */
const sentenceEnd = /[.!?。！？؟।]["'”’)\]*_$]{0,4}(?:\s+(?=["'“‘(*_$\\#]{0,4}[\p{Lu}\p{Lo}\p{N}\\$¦✓✔])|(?<=[。！？])(?=.))/gu;

/** Bounds of a region within which nothing is cut, found in order. */
class Regions {
  private readonly regions: readonly Span[];
  private next = 0;

  constructor(regions: readonly Span[]) {
    this.regions = regions;
  }

  /** Whether an offset lies within a region; offsets come in rising order. */
  holds(offset: number): boolean {
    while ((this.regions[this.next]?.end ?? Infinity) <= offset) this.next += 1;
    return (this.regions[this.next]?.start ?? Infinity) < offset;
  }
}

/** The sentences of a part of a text, none of them cut within a region. */
export function sentencesOf(text: string, regions: readonly Span[], within: Span): readonly Span[] {
  const kept = new Regions(regions);
  const sentences: Span[] = [];
  let start = within.start;
  sentenceEnd.lastIndex = within.start;
  for (let match = sentenceEnd.exec(text); match && match.index < within.end; match = sentenceEnd.exec(text)) {
    const end = match.index + match[0].length;
    const before = text.slice(Math.max(start, match.index - 8), match.index + 1);
    if (kept.holds(match.index) || abbreviation.test(before) || (match.index - start < 8 && onlyMarker.test(before))) continue;
    sentences.push({ start, end });
    start = end;
  }
  if (start < within.end) sentences.push({ start, end: within.end });
  return sentences;
}

/** Whether a line goes on with the sentence of the line before it. */
function continues(line: Line, before: Line): boolean {
  if (line.inside) return true;
  const text = visible(line.text).trimStart();
  if (/^(?:\$\$|\\\[|\\begin\{|```|~~~|[=|&])/.test(text)) return !text.includes('\\boxed') || goesOn.test(before.text);
  if (markersOf(line.text).length > 0 || bulletOf(line.text) || isHeading(line.text)) return goesOn.test(before.text) && bulletOf(line.text) !== undefined;
  if (isHeading(before.text)) return true;
  return /^\p{Ll}/u.test(text) && !endsSentence.test(before.text);
}

/** Lines as they are meant: what goes on in the next line, and a list with the line that announces it, is one. */
function joinedLines(lines: readonly Line[]): readonly Span[] {
  const joined: Span[] = [];
  let announced = false;
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1];
    const last = joined.at(-1);
    const inAnnounced: boolean = announced && bulletOf(line.text) !== undefined;
    if (before && last && (inAnnounced || continues(line, before))) joined[joined.length - 1] = { start: last.start, end: line.end };
    else joined.push({ start: line.start, end: line.end });
    announced = inAnnounced || /:\s*$/.test(line.text);
  }
  return joined;
}

/** Paragraphs, as lines: what a blank line parts, unless the second only goes on with the first. */
export function paragraphsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const paragraphs: Line[][] = [];
  let open = false;
  for (const line of lines) {
    const last = paragraphs.at(-1);
    const before = last?.at(-1);
    if (line.blank) open = false;
    else if (last && before && (open || followsBlank(line, before))) {
      last.push(line);
      open = true;
    } else {
      paragraphs.push([line]);
      open = true;
    }
  }
  return paragraphs;
}

/** Whether a line goes on with what stands before the blank line above it. */
function followsBlank(line: Line, before: Line): boolean {
  if (line.inside) return true;
  const text = visible(line.text).trimStart();
  if (/^(?:\$\$|\\\[|\\begin\{|```|~~~)/.test(text)) return !text.includes('\\boxed') || goesOn.test(before.text);
  if (/^\\boxed/.test(text)) return /[:=]\s*$/.test(before.text);
  return (/^\p{Ll}/u.test(text) && !endsSentence.test(before.text) && !/,\s*$/.test(before.text) && markersOf(line.text).length === 0) || (/:\s*$/.test(before.text) && bulletOf(line.text) !== undefined);
}

const spanOf = (lines: readonly Line[]): Span => ({ start: lines[0]?.start ?? 0, end: lines.at(-1)?.end ?? 0 });

/** Pieces of a text without a list: its paragraphs, else its lines, else its sentences. A paragraph that is itself three lines or more is cut into them. */
export function prosePieces(text: string, regions: readonly Span[], lines: readonly Line[]): readonly Span[] {
  const paragraphs = paragraphsOf(lines);
  const cut = paragraphs.map(paragraph => ({ whole: spanOf(paragraph), lines: joinedLines(paragraph) }));
  const pieces = cut.flatMap(({ whole, lines: joined }) => (joined.length >= enoughPieces || paragraphs.length < enoughPieces ? joined : [whole]));
  return pieces.length >= enoughPieces ? pieces : pieces.flatMap(piece => sentencesOf(text, regions, piece));
}
