import { cutSteps } from './cutSteps.ts';
import { wordsOfAll } from './tokens.ts';

/** A step in which nothing is done that we have a word for. */
const silent = '·';

/** What is done in a step (`+add`, `+compare` and so on), and whether with numbers; every other word, name and value is left out. */
function kindOf(words: ReadonlySet<string>): string {
  const acts = [...words].filter(word => word.startsWith('+')).sort();
  const kinds = [...words].some(word => word.startsWith('#')) ? [...acts, '#'] : acts;
  return kinds.length === 0 ? silent : kinds.join(' ');
}

/**
 * The skeleton of a path: what is done in each of its steps, in their order, such as `+multiply # → +answer #`. Two paths of one skeleton reason alike, whatever they
 * reason about and however they word it. Empty where a path has no step.
 */
export const skeletonOf = (path: string): string => wordsOfAll(cutSteps(path, 'path').map(({ text }) => text)).map(kindOf).join(' → ');
