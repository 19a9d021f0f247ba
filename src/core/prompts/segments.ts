import type { PromptProblem, Range, Source } from './problem.ts';
import { skipSpace, skipSpaceBack } from './pythonSpace.ts';

/** A piece of a template's text: words to be written out, a comment, or a tag whose inside is still to be read. */
export type Segment =
  | { readonly kind: 'text'; readonly value: string; readonly range: Range }
  | { readonly kind: 'comment'; readonly range: Range }
  | { readonly kind: 'output'; readonly inner: Range; readonly range: Range }
  | { readonly kind: 'statement'; readonly inner: Range; readonly range: Range };

const tagKinds = { '{': 'output', '%': 'statement', '#': 'comment' } as const;
const closers = { output: '}}', statement: '%}', comment: '#}' } as const;
const descriptions = { output: 'This {{ has no }} to end it', statement: 'This {% has no %} to end it', comment: 'This comment has no #} to end it' } as const;

/** A tag that is longer is taken for one without an end; with `mostUnclosed` this keeps hostile texts from costing more than their length. */
export const longestTag = 4_096;
/** After this many tags without an end the rest of a file is taken as plain text. */
const mostUnclosed = 100;

/**
 * Cuts a template into text and tags, and takes away white space as Python's Jinja does with `trim_blocks` and `lstrip_blocks`:
 * one line end after a statement or comment, blanks before one that begins its line, all white space where a tag has a minus, one line end at the very end.
 *
 * A tag without an end is reported as `block.unclosed` and ends with its line, or where the next tag begins, so that the rest is still read.
 */
export function cutSegments(source: Source, body: Range): { readonly segments: readonly Segment[]; readonly problems: readonly PromptProblem[] } {
  const cutter = new SegmentCutter(source, body);
  while (cutter.cut());
  return cutter;
}

/** Cuts a template piece by piece, for whoever may stop before its end. */
export class SegmentCutter {
  readonly segments: Segment[] = [];
  readonly problems: PromptProblem[] = [];
  readonly #source: Source;
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;
  readonly #opening = /\{[{%#]/g;
  #commentsEnd = true;
  #hasLooseQuote = false;
  #position: number;

  constructor(source: Source, body: Range) {
    this.#source = source;
    this.#text = source.text;
    this.#start = body.start;
    this.#end = withoutLastLineEnd(source.text, body);
    this.#position = body.start;
  }

  /** Where what was not cut yet begins. */
  get position(): number {
    return this.#position;
  }

  /** Whether a quote in a tag has no partner on its line: with one, written behind the tag, that tag has another end. */
  get hasLooseQuote(): boolean {
    return this.#hasLooseQuote;
  }

  /** Cuts the next tag, with the text before it, or the text that is left. Returns whether there is more. */
  cut(): boolean {
    this.#opening.lastIndex = this.#position;
    const match = this.#opening.exec(this.#text);
    if (!match || match.index + 2 > this.#end || this.problems.length >= mostUnclosed) {
      this.#addText(this.#position, this.#end);
      this.#position = this.#end;
      return false;
    }
    this.#position = this.#cutTag(this.#position, match.index);
    return true;
  }

  /** Adds the text before a tag and the tag; returns where the text after it begins. */
  #cutTag(textStart: number, start: number): number {
    const kind = tagKinds[this.#text.charAt(start + 1) as keyof typeof tagKinds];
    const sign = signAt(this.#text, start + 2);
    const innerStart = start + 2 + sign.length;
    const textEnd = this.#textEnd(textStart, start, { kind, sign });
    this.#addText(textStart, textEnd);
    const end = kind === 'comment' ? this.#findCommentEnd(innerStart) : this.#findTagEnd(innerStart, closers[kind]);
    if (end === undefined) return this.#reportUnclosed(start, kind);
    const closeSign = end > innerStart ? signAt(this.#text, end - 1) : '';
    const keepsSign = kind === 'output' && closeSign === '+';
    const inner = { start: innerStart, end: keepsSign ? end : end - closeSign.length };
    const range = { start, end: end + 2 };
    this.segments.push(kind === 'comment' ? { kind, range } : { kind, inner, range });
    return this.#nextText(end + 2, { kind, sign: closeSign });
  }

  #textEnd(textStart: number, tagStart: number, tag: { kind: Segment['kind']; sign: string }): number {
    if (tag.sign === '-') return skipSpaceBack(this.#text, textStart, tagStart);
    if (tag.sign === '+' || tag.kind === 'output') return tagStart;
    const lineStart = lineStartBefore(this.#text, textStart, tagStart);
    const beginsLine = lineStart > textStart || textStart === this.#start || isLineEnd(this.#text, textStart - 1);
    return beginsLine && skipSpace(this.#text, lineStart, tagStart) === tagStart ? lineStart : tagStart;
  }

  #nextText(tagEnd: number, tag: { kind: Segment['kind']; sign: string }): number {
    if (tag.sign === '-') return skipSpace(this.#text, tagEnd, this.#end);
    if (tag.sign === '+' || tag.kind === 'output' || tagEnd >= this.#end) return tagEnd;
    return tagEnd + lineEndLength(this.#text, tagEnd);
  }

  #findCommentEnd(from: number): number | undefined {
    const end = this.#commentsEnd ? this.#text.indexOf('#}', from) : -1;
    if (end >= 0 && end + 2 <= this.#end) return end;
    this.#commentsEnd = false;
    return undefined;
  }

  /** Where the inside of a tag ends; undefined where another tag begins first. A quote reaches to its partner on the same line, else it and all after it on that line are plain characters. */
  #findTagEnd(start: number, closer: string): number | undefined {
    const text = this.#text;
    const interesting = /[}%'"{\r\n]/g;
    interesting.lastIndex = start;
    const last = Math.min(this.#end - closer.length, start + longestTag);
    let quotesAre: 'strings' | 'plain' = 'strings';
    for (let match = interesting.exec(text); match && match.index <= last; match = interesting.exec(text)) {
      const at = match.index;
      const char = text.charAt(at);
      if (text.startsWith(closer, at)) return at;
      if (char === '{' && /[{%#]/.test(text.charAt(at + 1))) return undefined;
      if (char === '\n' || char === '\r') quotesAre = 'strings';
      if ((char === '"' || char === "'") && quotesAre === 'strings') {
        const stringEnd = closingQuote(text, at);
        if (stringEnd === undefined) {
          quotesAre = 'plain';
          this.#hasLooseQuote = true;
        } else interesting.lastIndex = stringEnd;
      }
    }
    return undefined;
  }

  #reportUnclosed(start: number, kind: keyof typeof closers): number {
    const end = Math.min(unclosedEnd(this.#text, start), this.#end);
    this.problems.push(this.#source.problem({ start, end: skipSpaceBack(this.#text, start + 2, end) }, 'block.unclosed', `${descriptions[kind]}.`));
    return end;
  }

  #addText(start: number, end: number): void {
    if (end > start) this.segments.push({ kind: 'text', value: this.#text.slice(start, end).replace(/\r\n?/g, '\n'), range: { start, end } });
  }
}

/** Where a tag ends that has no end of its own, by where it begins: with its line, or where the next tag begins. */
export function unclosedEnd(text: string, start: number): number {
  const next = /[\r\n]|\{[{%#]/g;
  next.lastIndex = start + 2;
  return next.exec(text)?.index ?? text.length;
}

/** The offset behind the quote that ends the string beginning at `at`; undefined where it does not end on its line. */
export function closingQuote(text: string, at: number): number | undefined {
  const quote = text.charAt(at);
  for (let index = at + 1; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === quote) return index + 1;
    if (char === '\n' || char === '\r') return undefined;
    if (char === '\\') index += 1;
  }
  return undefined;
}

const signAt = (text: string, at: number): '' | '-' | '+' => {
  const char = text.charAt(at);
  return char === '-' || char === '+' ? char : '';
};

const isLineEnd = (text: string, at: number): boolean => text.charAt(at) === '\n' || text.charAt(at) === '\r';
const lineEndLength = (text: string, at: number): number => (text.startsWith('\r\n', at) ? 2 : isLineEnd(text, at) ? 1 : 0);

function withoutLastLineEnd(text: string, { start, end }: Range): number {
  if (end <= start || !isLineEnd(text, end - 1)) return end;
  return end - 2 >= start && text.startsWith('\r\n', end - 2) ? end - 2 : end - 1;
}

function lineStartBefore(text: string, from: number, before: number): number {
  let at = before;
  while (at > from && !isLineEnd(text, at - 1)) at -= 1;
  return at;
}
