import { wilson } from './interval.ts';

/** What one settled task came to in an iteration. */
export interface IterationTask {
  /** Whether a path without a hint solves it; null without a known answer, and where its recipe leaves that unused. */
  readonly solved: boolean | null;
  readonly kept: number;
  readonly hinted: number;
  /** Characters of its kept paths, in all. */
  readonly keptCharacters: number;
  /** Its readable paths without a hint, and the different answers among them. */
  readonly readable: number;
  readonly distinct: number;
  /** Of the pairs of wrong answers among them, the share that differ; null where there are no two, or no known answer. */
  readonly wrongDiffer: number | null;
}

/** A figure with its interval at 95 %; without one where it rests on a single task. */
export interface Figure {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** The figures of an iteration; null where no task has what one is about. */
export interface TalliedIteration {
  readonly tasks: number;
  readonly solved: Figure | null;
  readonly keptPerTask: Figure | null;
  readonly length: Figure | null;
  readonly distinctAnswers: Figure | null;
  readonly readablePaths: Figure | null;
  readonly wrongDiffer: Figure | null;
  readonly hinted: number | null;
}

/** Counts the tasks of an iteration. Every task counts alike, so that the intervals are those of independent draws. */
export function tallyIteration(tasks: readonly IterationTask[]): TalliedIteration {
  const known = tasks.flatMap(({ solved }) => (solved === null ? [] : [solved]));
  const answered = tasks.filter(({ readable }) => readable > 0);
  const kept = tasks.reduce((sum, task) => sum + task.kept, 0);
  return {
    tasks: tasks.length,
    solved: shareOf(known.filter(Boolean).length, known.length),
    keptPerTask: meanOf(tasks.map(task => task.kept)),
    length: meanOf(tasks.flatMap(task => (task.kept === 0 ? [] : [task.keptCharacters / task.kept]))),
    distinctAnswers: meanOf(answered.map(({ distinct }) => distinct)),
    readablePaths: meanOf(answered.map(({ readable }) => readable)),
    wrongDiffer: meanOf(tasks.flatMap(({ wrongDiffer }) => wrongDiffer ?? [])),
    hinted: kept === 0 ? null : tasks.reduce((sum, { hinted }) => sum + hinted, 0) / kept,
  };
}

/** Of all pairs of these words, the share that differ: how many words there are does not move it. Null where there are no two. */
export function differingPairs(words: readonly string[]): number | null {
  if (words.length < 2) return null;
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const pairs = (count: number) => count * (count - 1) / 2;
  return 1 - [...counts.values()].reduce((sum, count) => sum + pairs(count), 0) / pairs(words.length);
}

const shareOf = (hits: number, of: number): Figure | null => (of === 0 ? null : { value: hits / of, ...wilson(hits, of) });

/** The 97.5 % point of the normal distribution. */
const z = 1.959963984540054;

/** A mean with the interval of the normal approximation. */
export function meanOf(values: readonly number[]): Figure | null {
  if (values.length === 0) return null;
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  if (values.length === 1) return { value };
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (values.length - 1);
  const half = z * Math.sqrt(variance / values.length);
  return { value, low: value - half, high: value + half };
}

/** An interval above another without touching it, below it, or neither. */
export function changeOf(first: Figure | null | undefined, last: Figure | null | undefined): 'up' | 'down' | 'open' {
  if (first?.low === undefined || first.high === undefined || last?.low === undefined || last.high === undefined) return 'open';
  if (last.low > first.high) return 'up';
  return last.high < first.low ? 'down' : 'open';
}
