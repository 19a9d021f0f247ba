import type { FunnelStep } from './outcome.ts';

/**
 * The rows of the funnel as people read it, from the top. Each takes in some of the steps that charge (`overviewStepOf`): what stands in a row is what is left
 * when all of those have taken theirs. `accepted` has a row only once somebody has reviewed.
 */
export const overviewSteps = ['tasks', 'branches', 'finished', 'readable', 'correct', 'leak-free', 'in-length', 'kept', 'accepted'] as const;
/** One of `overviewSteps`. */
export type OverviewStep = (typeof overviewSteps)[number];

/** What a branch can have reached: the rows that count branches. `accepted`: kept, and a person has said so. */
export const reachedSteps = ['branches', 'finished', 'readable', 'correct', 'leak-free', 'in-length', 'kept', 'accepted'] as const;
/** One of `reachedSteps`. */
export type ReachedStep = (typeof reachedSteps)[number];

const rows: { readonly [Step in FunnelStep]: Exclude<ReachedStep, 'branches' | 'accepted'> } = {
  'stage-choose': 'finished', 'stage-adapt': 'finished', 'stage-structure': 'finished', 'stage-path': 'finished', 'stage-judge': 'finished', 'finish': 'finished',
  'refusal': 'readable', 'placeholder': 'readable', 'extract': 'readable',
  'verify': 'correct', 'judge': 'correct', 'vote': 'correct',
  'leak': 'leak-free',
  'clean': 'in-length', 'reverify': 'in-length', 'length': 'in-length',
  'review': 'kept', 'duplicate': 'kept', 'cap': 'kept',
};

/** The row that a step's losses are missing from, they and all rows below: a branch is in a row where its loss belongs to one further down, or to none. */
export const overviewStepOf = (step: FunnelStep): Exclude<ReachedStep, 'branches' | 'accepted'> => rows[step];

/** Why a kept path is in no row below `kept`, once somebody has reviewed. */
export const notReviewed = 'not-reviewed';

/** The last row that a branch with this loss stands in; `kept` or `accepted` for none. */
export function reachedBy(lostAt: FunnelStep | undefined, accepted = false): ReachedStep {
  if (lostAt === undefined) return accepted ? 'accepted' : 'kept';
  return reachedSteps[reachedSteps.indexOf(rows[lostAt]) - 1] ?? 'branches';
}

/** Shares of a task's branches that were correct in round 1, in percent; `0` and `100` are none and all, whatever their number. */
export const passRates = ['0', '1-20', '21-40', '41-60', '61-80', '81-99', '100'] as const;
/** One of `passRates`. */
export type PassRate = (typeof passRates)[number];

/** The share that so many correct ones of so many branches are; `undefined` for none of none. A share between two bounds, such as 20.5 %, belongs to the upper. */
export function passRateOf(correct: number, branches: number): PassRate | undefined {
  if (branches <= 0) return undefined;
  if (correct <= 0) return '0';
  if (correct >= branches) return '100';
  return passRates[Math.ceil((5 * correct) / branches)];
}

/** How a difficulty is written that nothing is known of. */
export const unknownDifficulty = 'unknown';

/** How hard a task is: `set/WORD` where its data set says so, else `pass/RATE` once it was run, else `unknown`. A key to group and to filter by. */
export const difficultyOf = (word: string | undefined, passRate: PassRate | undefined): string =>
  word !== undefined ? `set/${word}` : passRate !== undefined ? `pass/${passRate}` : unknownDifficulty;

/** The data set's own word in such a key; absent where the key says something else. */
export const difficultyWord = (key: string): string | undefined => (key.startsWith('set/') ? key.slice('set/'.length) : undefined);
