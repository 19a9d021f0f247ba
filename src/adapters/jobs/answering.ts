import { problemOf } from '../../core/model/problem.ts';
import type { FromTarget } from '../../ports/jobRunner.ts';

/** What `work` gives, or the problem that it threw: a port's methods do not throw. */
export async function answering<Value extends object>(work: () => Promise<Value>): Promise<FromTarget<Value>> {
  try {
    return { ok: true, ...await work() };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) };
  }
}

/** Most characters of a target's own words that a message repeats. */
const longestWords = 300;

/** A target's own words, fit for a message: the last lines, on one line, not long. */
export function shortWords(words: string): string {
  const line = words.slice(-4_000).replace(/[\s\0]+/g, ' ').trim();
  return line.length <= longestWords ? line : `…${line.slice(1 - longestWords)}`;
}
