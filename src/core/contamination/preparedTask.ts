import { ngramWords } from '../model/contamination.ts';
import { letterCounts, mostEdits } from './editDistance.ts';
import { RunHashes, runPower, wordHash } from './hashes.ts';
import { isFigure, normalisedText, wordsOf } from './normalise.ts';

/** A longer text is compared by its runs of words alone: it has more than a hundred of them, and its edit distances would take too long. In UTF-16 code units. */
export const longestEdited = 1_000;

/** A task with its question. */
export interface Question {
  readonly id: string;
  readonly question: string;
}

/** What is compared of a task. */
export interface PreparedTask {
  readonly id: string;
  /** The normalised question. */
  readonly text: string;
  /** Hashes of its runs of eight words, each once, ascending. */
  readonly ngrams: Uint32Array;
  /** Hashes of its numbers and signs of calculation, as often as they stand there, ascending. */
  readonly figures: Uint32Array;
  /** See `letterCounts`; of a text of more than `longestEdited` nothing is counted. */
  readonly letters: Uint16Array;
}

const ngramPower = runPower(ngramWords);

/** Reads a task. */
export function prepareTask({ id, question }: Question): PreparedTask {
  const text = normalisedText(question);
  const words = wordsOf(text);
  const hashes = words.map(wordHash);
  const runs = new RunHashes(words.length, place => hashes[place] ?? 0);
  const ngrams = new Uint32Array(runs.count(ngramWords)).map((_, place) => runs.at(place, ngramWords, ngramPower)).sort();
  return {
    id, text,
    ngrams: ngrams.filter((hash, place) => place === 0 || hash !== ngrams[place - 1]),
    figures: Uint32Array.from(hashes.filter((_, place) => isFigure(words[place] ?? ''))).sort(),
    letters: letterCounts(text.length > longestEdited ? '' : text),
  };
}

/** How many members two ascending lists have in common, each as often as it stands in both. */
export function commonMembers(one: Uint32Array, other: Uint32Array): number {
  let [common, at, otherAt] = [0, 0, 0];
  while (at < one.length && otherAt < other.length) {
    const [hash, otherHash] = [one[at] ?? 0, other[otherAt] ?? 0];
    if (hash === otherHash) common += 1;
    if (hash <= otherHash) at += 1;
    if (otherHash <= hash) otherAt += 1;
  }
  return common;
}

/** Whether every member of an ascending list stands in another one, as often as there. */
export function isWithin(fewer: Uint32Array, more: Uint32Array): boolean {
  let at = 0;
  for (const hash of fewer) {
    while (at < more.length && (more[at] ?? 0) < hash) at += 1;
    if (more[at] !== hash) return false;
    at += 1;
  }
  return true;
}

const pieceSizes = [8, 4, 2, 1] as const;

/** A text cut into one piece more than can be edited in it: one at least stands unchanged in every text that is near enough. */
export interface Pieces {
  /** UTF-16 code units of a piece; 0 where the text is too long, or none. */
  readonly size: number;
  readonly count: number;
}

/** How a text is cut so that texts near to it can be looked up by its pieces. @param least see `ContaminationThresholds.edit` */
export function piecesOf(length: number, least: number): Pieces {
  if (length === 0 || length > longestEdited) return { size: 0, count: 0 };
  // the other text may be the longer one
  const count = Math.min(length, mostEdits(length / least, least) + 1);
  const size = pieceSizes.find(each => each * count <= length) ?? 1;
  return { size, count };
}
