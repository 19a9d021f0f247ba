import { isKept, type BranchOutcome, type Loss, type TaskOutcome } from '../model/outcome.ts';
import type { Checker, Verdict } from '../model/verdict.ts';
import type { Branch, SettledBranch } from './branch.ts';
import { verdictOfRecord } from './checkPath.ts';
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
    const { outcome } = branch;
    const { review } = outcome;
    const verdict: Verdict & { checker: Checker } = { checker: 'vote', kind: voteKind(reason), extracted: won && result.winner !== null ? result.answer : answers[index] ?? null, reason };
    const loss: Loss = { step: 'vote', reason };
    const verdicts = [...outcome.verdicts, verdict];
    if (won) return { ...branch, outcome: { ...outcome, verdicts } };
    const failed = [...outcome.failed, loss];
    // whoever was outvoted and is accepted by a person stays
    return { ...branch, outcome: { ...outcome, verdicts, failed, ...(review ? { review: { ...review, overrides: review.overrides ?? loss } } : { loss }) } };
  });
}

const voteKind = (reason: string): Verdict['kind'] =>
  reason === 'majority' ? 'correct' : reason === 'minority' ? 'incorrect' : reason === 'unreadable' ? 'unreadable' : 'unjudged';

/**
 * Where a settled task stands. `needs-review`: a person can still win it, since a path is correct but lost, or could not be judged, and nobody has rejected it.
 * `all-unreadable` is said of what the model wrote: a path that was read, and rejected, is not unreadable.
 */
export function stateOf(context: TaskContext, branches: readonly BranchOutcome[]): TaskOutcome['state'] {
  if (branches.some(isKept)) return 'solved';
  const paths = branches.filter(branch => branch.answers.path !== undefined);
  if (paths.length === 0) return 'failed';
  const found = paths.map(branch => ({ open: branch.review?.decision !== 'reject', kind: verdictOfRecord(context, branch)?.kind }));
  const open = found.filter(path => path.open);
  if (open.some(({ kind }) => kind === 'correct' || kind === 'unjudged')) return 'needs-review';
  return open.length > 0 && found.every(({ kind }) => kind === 'unreadable') ? 'all-unreadable' : 'unsolved';
}
