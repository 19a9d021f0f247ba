import { isKept, type BranchOutcome, type Loss, type TaskOutcome } from '../model/outcome.ts';
import type { Checker, Verdict } from '../model/verdict.ts';
import { verdictOfRecord, type Branch, type SettledBranch } from './branch.ts';
import type { TaskContext } from './context.ts';
import type { RoundRun } from './round.ts';
import { takeVote } from './vote.ts';
import { walk } from './walk.ts';

/** A settled branch with what the vote and the walk made of it. */
export interface SelectedBranch {
  readonly outcome: BranchOutcome;
  /** What goes into the training set if it is kept; absent where there is no path. */
  readonly text?: string;
}

interface Ordered extends SettledBranch {
  readonly order: number;
}

/**
 * Which paths are kept, and what took each of the others. A pure function of the settled branches and the recipe.
 *
 * @param counting the branches of a round that count; those that are decided where absent
 */
export function selectPaths(context: TaskContext, rounds: readonly RoundRun[], counting: (round: RoundRun) => readonly Branch[] = round => round.decided): readonly SelectedBranch[] {
  const settled = rounds.flatMap(round => counting(round).flatMap((branch): Ordered[] =>
    branch.state?.kind === 'settled' ? [{ ...branch.state.settled, order: round.branches.indexOf(branch) }] : []));
  const voted = context.task.gold === undefined ? withVotes(context, settled) : settled;
  const walked = walk(voted.map(({ outcome, normalised }) => (outcome.loss === undefined && normalised !== undefined ? { normalised } : {})), context.recipe.perTask);
  return voted.map(({ outcome, text, order }, index) => {
    const step = walked[index];
    const loss = typeof step === 'object' ? { loss: step } : {};
    return { outcome: { ...outcome, order, ...loss }, ...(text === undefined ? {} : { text }) };
  });
}

function withVotes(context: TaskContext, settled: readonly Ordered[]): readonly Ordered[] {
  const answers = settled.map(({ outcome }) => (outcome.loss ? null : outcome.verdicts.find(verdict => verdict.checker === 'typed')?.extracted ?? null));
  const result = takeVote(answers, context.recipe.vote, context.task);
  return settled.map((branch, index) => {
    const key = result.keys[index];
    if (branch.outcome.loss) return branch;
    const reason = key === null || key === undefined ? 'unreadable' : result.winner === null ? result.reason : key === result.winner ? 'majority' : 'minority';
    const won = reason === 'majority';
    const verdict: Verdict & { checker: Checker } = { checker: 'vote', kind: voteKind(reason), extracted: won && result.winner !== null ? result.answer : answers[index] ?? null, reason };
    const loss: Loss = { step: 'vote', reason };
    const { outcome } = branch;
    return { ...branch, outcome: { ...outcome, verdicts: [...outcome.verdicts, verdict], ...(won ? {} : { loss, failed: [...outcome.failed, loss] }) } };
  });
}

const voteKind = (reason: string): Verdict['kind'] =>
  reason === 'majority' ? 'correct' : reason === 'minority' ? 'incorrect' : reason === 'unreadable' ? 'unreadable' : 'unjudged';

/** Where a settled task stands. `needs-review`: a person can still win it, since a path is correct but lost, or could not be judged. */
export function stateOf(context: TaskContext, branches: readonly BranchOutcome[]): TaskOutcome['state'] {
  if (branches.some(isKept)) return 'solved';
  const kinds = branches.filter(branch => branch.answers.path !== undefined).map(branch => verdictOfRecord(context, branch)?.kind);
  if (kinds.length === 0) return 'failed';
  if (kinds.includes('correct') || kinds.includes('unjudged')) return 'needs-review';
  return kinds.every(kind => kind === 'unreadable') ? 'all-unreadable' : 'unsolved';
}
