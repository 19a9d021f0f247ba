import type { Task } from '../model/task.ts';
import type { Verdict } from '../model/verdict.ts';
import { takeVote } from '../plan/vote.ts';
import { lacksKnownAnswer } from './evaluated.ts';

/** Whatever has the most votes wins, however few. */
const plurality = { leastVotes: 1, leastShare: 0, leastMargin: 0 };

/**
 * What several samples of one task come to: the verdict on the answer that most of them give, over typed and normalised answers. Unreadable samples do not vote.
 *
 * @param verdicts in the order of the samples, so that of equal answers the first stands for all
 * @returns of a single sample its own verdict; `unjudged` with `tie` where two answers have as many votes, with `no-vote` where none of several readable ones can be
 *   brought into a form that could be counted; `unreadable` with the commonest reason where none can be read; `null` for no samples
 */
export function voteOf(verdicts: readonly Verdict[], task: Pick<Task, 'answerKind' | 'options'>): Verdict | null {
  const settled = verdicts.length === 1 ? verdicts[0] : verdicts.find(lacksKnownAnswer);
  if (settled) return settled;
  if (verdicts.length === 0) return null;
  if (verdicts.every(({ kind }) => kind === 'unreadable')) return commonest(verdicts);
  const answers = verdicts.map(({ kind, extracted }) => (kind === 'unreadable' ? null : extracted));
  const { answerKind, options } = task;
  const vote = takeVote(answers, plurality, { answerKind, ...(options ? { options } : {}) });
  const winner = vote.winner === null ? undefined : verdicts[vote.keys.indexOf(vote.winner)];
  return winner ?? { kind: 'unjudged', extracted: null, reason: vote.winner === null && vote.reason === 'tie' ? 'tie' : 'no-vote' };
}

/** The first verdict with the reason that most of them have. */
function commonest(verdicts: readonly Verdict[]): Verdict | null {
  const count = (reason: string) => verdicts.filter(verdict => verdict.reason === reason).length;
  return verdicts.reduce<Verdict | null>((most, verdict) => (most === null || count(verdict.reason) > count(most.reason) ? verdict : most), null);
}
