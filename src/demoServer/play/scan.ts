/** A run of letters and digits is cut here, so that a text without spaces still has a length. */
const longestRun = 16;

/**
 * A text as a row of tokens: runs of letters and digits, and every other sign that is no white space. Letter case is folded for ASCII.
 * Two texts that differ only in white space have the same tokens, so a question is found again however a prompt lays it out.
 */
export interface Scan {
  readonly text: string;
  readonly count: number;
  /** One number per token; equal tokens have equal numbers. */
  readonly hashes: Int32Array;
  /** Where each token begins and ends in the text. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** For each code below 0x2000 whether it is a letter or digit: asked for every sign of every prompt, so looked up. */
const wordCodes = Uint8Array.from({ length: 0x2000 }, (_, code) =>
  Number((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code > 0xbf && code !== 0xd7 && code !== 0xf7)));

const isWord = (code: number): boolean => wordCodes[code] === 1;

const isSpace = (code: number): boolean => code <= 32 || code === 0xa0;

const roomFor = (most: number) => ({ hashes: new Int32Array(most), starts: new Int32Array(most), ends: new Int32Array(most) });
const scratchTokens = 32_768;
/** Where texts of common length are scanned before it is known how many tokens they have. */
const scratch = roomFor(scratchTokens);

/** Splits a text into tokens in one pass. */
export function scan(text: string): Scan {
  const { hashes, starts, ends } = text.length > scratchTokens ? roomFor(text.length) : scratch;
  let count = 0;
  for (let at = 0; at < text.length;) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const end = tokenEnd(text, at);
    hashes[count] = hashOf(text, at, end);
    starts[count] = at;
    ends[count] = end;
    count += 1;
    at = end;
  }
  return { text, count, hashes: hashes.slice(0, count), starts: starts.slice(0, count), ends: ends.slice(0, count) };
}

/** How many tokens a text has: what this server calls tokens in usage, limits and metrics. */
export function tokenCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length;) {
    if (isSpace(text.charCodeAt(at))) at += 1;
    else {
      count += 1;
      at = tokenEnd(text, at);
    }
  }
  return count;
}

/** The beginning of a text that has at most `most` tokens, and how many it has; the text itself where it has no more. */
export function firstTokens(text: string, most: number): { readonly text: string; readonly tokens: number } {
  let count = 0;
  for (let at = 0; at < text.length;) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    if (count === most) return { text: text.slice(0, at).trimEnd(), tokens: count };
    count += 1;
    at = tokenEnd(text, at);
  }
  return { text, tokens: count };
}

/** The text in pieces of one token each, with the white space before it; joined they are the text. */
export function tokenPieces(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length;) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    at = tokenEnd(text, at);
    pieces.push(text.slice(from, at));
    from = at;
  }
  const last = pieces.length - 1;
  if (from < text.length && last >= 0) pieces[last] = `${pieces[last] ?? ''}${text.slice(from)}`;
  return pieces;
}

function tokenEnd(text: string, start: number): number {
  if (!isWord(text.charCodeAt(start))) return start + 1;
  let end = start + 1;
  while (end < text.length && end - start < longestRun && isWord(text.charCodeAt(end))) end += 1;
  return end;
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) {
    let code = text.charCodeAt(at);
    if (code >= 65 && code <= 90) code += 32;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
