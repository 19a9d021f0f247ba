import { cutSteps } from './cutSteps.ts';
import { wordsOfAll, type StepWords } from './tokens.ts';

/** A step in which nothing is done that we have a word for. */
const silent = '·';

/** What a step does before anything else it does (`+add`, `+compare` and so on); all that is told of it. */
const actOf = (words: StepWords): string => [...words].find(word => word.startsWith('+')) ?? silent;

/**
 * The skeleton of a path: what is done in each of its steps, such as `+multiply → +check → +answer`; steps that go on with the same are one. Names, numbers and all other
 * words are left out, so that two paths of one skeleton take the same course, whatever they reason about and however they word it. Empty where a path has no step.
 */
export const skeletonOf = (path: string): string =>
  wordsOfAll(cutSteps(path, 'path').map(({ text }) => text)).map(actOf).filter((act, at, acts) => act !== acts[at - 1]).join(' → ');
