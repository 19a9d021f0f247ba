import type { Step } from './step.ts';
import { wordsOfAll, type StepWords } from './tokens.ts';

/** How much a kind of token counts beside a word. */
const weightOfAct = 0.8;
const weightOfNumber = 0.7;
const weightOfQuantity = 0.35;
/** And a token that only one of the texts has: it speaks against every pair alike. */
const weightOfUnshared = 0.45;

/** What a text says, each token with its weight. */
interface Said {
  readonly weights: ReadonlyMap<string, number>;
  readonly sum: number;
  readonly squares: number;
}

/** What speaks for a pair. */
export interface Evidence {
  /** 0 (nothing in common) to 1 (the same words). */
  readonly of: (structure: number, path: number) => number;
  /** The share of what a structure step says that is found in a path step and is not said by another structure step. */
  readonly own: (structure: number, path: number, other: number) => number;
  /** How much a step of the path is like the one before it, 0 to 1. */
  readonly likeBefore: (path: number) => number;
  readonly structureHas: (structure: number, token: string) => boolean;
}

function stepsHolding(all: readonly StepWords[]): ReadonlyMap<string, number> {
  const holding = new Map<string, number>();
  for (const said of all) for (const token of said) holding.set(token, (holding.get(token) ?? 0) + 1);
  return holding;
}

/** The rarer a token is within the pair, the more it says; what the other text never says speaks against no pair. */
function rarity(structure: readonly StepWords[], path: readonly StepWords[]): (token: string) => number {
  const [inStructure, inPath] = [stepsHolding(structure), stepsHolding(path)];
  const all = structure.length + path.length;
  return token => {
    const kind = token.startsWith('+') ? weightOfAct : token.startsWith('#') ? weightOfNumber : token.startsWith('~') ? weightOfQuantity : 1;
    const [here, there] = [inStructure.get(token) ?? 0, inPath.get(token) ?? 0];
    return kind * (here === 0 || there === 0 ? weightOfUnshared : 1) * Math.log(1 + (all + 1) / (here + there));
  };
}

function saidBy(words: StepWords, weightOf: (token: string) => number): Said {
  const weights = new Map<string, number>();
  let [sum, squares] = [0, 0];
  for (const token of words) {
    const weight = weightOf(token);
    weights.set(token, weight);
    sum += weight;
    squares += weight * weight;
  }
  return { weights, sum, squares };
}

/** Half the share of what the step says that is found, half the likeness of both. */
function likeness(step: Said | undefined, other: Said | undefined): number {
  if (!step || !other || step.sum === 0 || other.sum === 0) return 0;
  let [shared, sharedSquares] = [0, 0];
  const [fewer, more] = step.weights.size <= other.weights.size ? [step, other] : [other, step];
  for (const [token, weight] of fewer.weights) {
    if (!more.weights.has(token)) continue;
    shared += weight;
    sharedSquares += weight * weight;
  }
  return 0.5 * shared / step.sum + 0.5 * sharedSquares / Math.sqrt(step.squares * other.squares);
}

/** Compares steps by words, numbers and what is done, each weighted by how rare it is within the pair. */
export function gatherEvidence(structure: readonly Step[], path: readonly Step[]): Evidence {
  const structureWords = wordsOfAll(structure.map(step => step.text));
  const pathWords = wordsOfAll(path.map(step => step.text));
  const weightOf = rarity(structureWords, pathWords);
  const structureSaid = structureWords.map(words => saidBy(words, weightOf));
  const pathSaid = pathWords.map(words => saidBy(words, weightOf));
  const beforeLikeness = pathSaid.map((said, at) => likeness(pathSaid[at - 1], said));
  return {
    of: (s, p) => likeness(structureSaid[s], pathSaid[p]),
    own: (s, p, other) => ownShare(structureSaid[s], pathSaid[p], structureSaid[other]),
    likeBefore: p => beforeLikeness[p] ?? 0,
    structureHas: (s, token) => structureWords[s]?.has(token) ?? false,
  };
}

function ownShare(step: Said | undefined, found: Said | undefined, other: Said | undefined): number {
  if (!step || !found || step.sum === 0) return 0;
  let own = 0;
  for (const [token, weight] of step.weights) if (found.weights.has(token) && other?.weights.has(token) !== true) own += weight;
  return own / step.sum;
}
