import { shareOf } from './random.ts';

/** How a plain attempt at a task ends. `unboxed`: its answer is right, and stands in no box. */
export type PlainEnding = 'right' | 'unboxed' | 'wrong';

/** How often plain attempts end so, 0 to 1 each and together; the others are wrong. */
export interface KnownShares {
  readonly accuracy: number;
  readonly unboxed: number;
}

/** The shares of so many tasks in whole tasks. */
export function wholeShares(tasks: number, { accuracy, unboxed }: KnownShares): { readonly right: number; readonly unboxed: number } {
  const right = Math.round(accuracy * tasks);
  return { right, unboxed: Math.min(tasks - right, Math.round(unboxed * tasks)) };
}

/**
 * How greedy attempts at these questions end: exactly as often as the shares say, whatever is asked and in which order. Of an order that follows from the key, the
 * first are right, the next unboxed; so with one key a greater accuracy solves the same tasks and more, and with two keys two sets of tasks that know nothing of each other.
 */
export function exactEndings(questions: Iterable<string>, shares: KnownShares, key: string): ReadonlyMap<string, PlainEnding> {
  const ranked = [...new Set(questions)].map(question => ({ question, place: shareOf(`plain|${key}|${question}`) })).sort((one, other) => one.place - other.place);
  const { right, unboxed } = wholeShares(ranked.length, shares);
  return new Map(ranked.map(({ question }, at) => [question, at < right ? 'right' : at < right + unboxed ? 'unboxed' : 'wrong']));
}

/** How one attempt ends that is drawn with chance. */
export function drawnEnding({ accuracy, unboxed }: KnownShares, key: string): PlainEnding {
  const share = shareOf(`plain|${key}`);
  return share < accuracy ? 'right' : share < accuracy + unboxed ? 'unboxed' : 'wrong';
}
