import type { Fingerprint } from './ids.ts';
import { isGraded, isKept, isTypedCorrect, type BranchOutcome, type Loss, type TaskOutcome } from './outcome.ts';
import { notReviewed, passRateOf, reachedBy, reachedSteps, type PassRate, type ReachedStep } from './overview.ts';
import type { Round } from './stage.ts';

/** What branches have in common that are counted, and listed, as one. */
export interface BranchClass {
  readonly round: Round;
  /** Ids of the guidelines that it followed; none of a plain draw. */
  readonly guidelines: readonly string[];
  /** Absent for a kept path. */
  readonly loss?: Loss;
  /** Whether the typed grader found its path equal to the known answer; `null` where there is no path, or no known answer that was used. */
  readonly correct: boolean | null;
  /** A kept path that a person has accepted or amended, `overridden` where its filters had taken it as the model wrote it; absent for all others. */
  readonly accepted?: 'as-filtered' | 'overridden';
}

/** The class of a branch. @param known whether it was held against a known answer, see `isGraded` */
export function branchClass(branch: BranchOutcome, known: boolean): BranchClass {
  const { round, guidelines, loss, answers, review } = branch;
  return { round, guidelines, ...(loss ? { loss } : {}), correct: known && answers.path !== undefined ? isTypedCorrect(branch) : null, ...(!loss && review ? { accepted: review.overrides ?? review.before ? 'overridden' : 'as-filtered' } : {}) };
}

/** How many branches are of a class, and the output tokens of their `ownAnswers`; `untold` of them have one whose tokens no server told. */
export interface BranchCount extends BranchClass {
  readonly branches: number;
  readonly tokens: number;
  readonly untold: number;
}

/** The answers that are a branch's own: all but that of `choose`, of which a server sends twenty at once and does not say how long each is. */
export const ownAnswers = ({ answers }: BranchOutcome): readonly Fingerprint[] => Object.entries(answers).flatMap(([stage, answer]) => (stage === 'choose' ? [] : [answer]));

/** Adds up counts of the same class; in a fixed order. */
export function addBranches(counts: Iterable<BranchCount>): readonly BranchCount[] {
  const sums = new Map<string, BranchCount>();
  for (const { round, guidelines, loss, correct, accepted, branches, tokens, untold } of counts) {
    const key = JSON.stringify([round, guidelines, loss?.step, loss?.reason, correct, ...(accepted ? [accepted] : [])]);
    const sum = sums.get(key) ?? { branches: 0, tokens: 0, untold: 0 };
    sums.set(key, { round, guidelines, ...(loss ? { loss } : {}), correct, ...(accepted ? { accepted } : {}), branches: sum.branches + branches, tokens: sum.tokens + tokens, untold: sum.untold + untold });
  }
  return [...sums].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, sum]) => sum);
}

/** Which branches of settled tasks. Properties combine; absent means any. */
export interface BranchFilter {
  readonly step?: string;
  readonly reason?: string;
  /** A row of the overview's funnel that it stands in. */
  readonly reached?: ReachedStep;
  readonly guideline?: string;
  readonly round?: Round;
  readonly kept?: boolean;
  readonly correct?: boolean;
}

/** Whether the branches of a class are among those of a filter. */
export function isOfFilter({ round, guidelines, loss: lost, correct, accepted }: BranchClass, filter: BranchFilter): boolean {
  const reached = reachedSteps.indexOf(reachedBy(lost?.step, accepted !== undefined));
  const loss = filter.reason === notReviewed && !lost && !accepted ? { step: 'review', reason: notReviewed } : lost;
  const wanted: readonly (readonly [wish: unknown, value: unknown])[] = [
    [filter.step, loss?.step], [filter.reason, loss?.reason], [filter.round, round], [filter.kept, lost === undefined], [filter.correct, correct],
  ];
  return wanted.every(([wish, value]) => wish === undefined || wish === value)
    && (filter.guideline === undefined || guidelines.includes(filter.guideline))
    && (filter.reached === undefined || reached >= reachedSteps.indexOf(filter.reached));
}

/** What the guidelines did for one task. */
export interface TaskYield {
  /** By the branches of round 1 that have a path; absent without one, and for a task without a known answer that was used. */
  readonly passRate?: PassRate;
  /** Guidelines with such a branch, and those of them with a correct one; 0 of 0 where there is no pass rate. */
  readonly tried: number;
  readonly solving: number;
  /** The only guideline that led to the known answer in round 1. */
  readonly solvedOnlyBy?: string;
  /** Nothing was correct in round 1, and a path with the hint is kept. */
  readonly solvedByHint: boolean;
  /** Guidelines of kept paths of both rounds, each once. */
  readonly keptGuidelines: readonly string[];
}

/** Counts one outcome. @param known whether its task has a known answer */
export function yieldOf(outcome: TaskOutcome, known: boolean): TaskYield {
  const kept = outcome.branches.filter(isKept);
  const keptGuidelines = [...new Set(kept.flatMap(branch => branch.guidelines))];
  const judged = isGraded(outcome, known) ? outcome.branches.filter(branch => branch.round === 1 && branch.answers.path !== undefined) : [];
  const correct = judged.filter(isTypedCorrect);
  const solving = new Set(correct.flatMap(branch => branch.guidelines));
  const [only] = solving;
  const passRate = passRateOf(correct.length, judged.length);
  return {
    ...(passRate === undefined ? {} : { passRate }),
    tried: new Set(judged.flatMap(branch => branch.guidelines)).size,
    solving: solving.size,
    ...(only !== undefined && solving.size === 1 ? { solvedOnlyBy: only } : {}),
    solvedByHint: judged.length > 0 && correct.length === 0 && kept.some(branch => branch.hinted),
    keptGuidelines,
  };
}

/**
 * What one task adds to the project's counters beside its `outcomeTally`: `pass/RATE`, `solved-by-hint`, `coverage/TRIED/SOLVING`, `solved-only/GUIDELINE`,
 * `kept-tasks/GUIDELINE`, all of them numbers of tasks.
 */
export function yieldTally(found: TaskYield): ReadonlyMap<string, number> {
  const { passRate, tried, solving, solvedOnlyBy, solvedByHint, keptGuidelines } = found;
  return new Map([
    ...(passRate === undefined ? [] : [`pass/${passRate}`]),
    ...(passRate === undefined || tried === 0 ? [] : [`coverage/${tried}/${solving}`]), // plain draws say nothing of how many guidelines are enough
    ...(solvedByHint ? ['solved-by-hint'] : []),
    ...(solvedOnlyBy === undefined ? [] : [`solved-only/${solvedOnlyBy}`]),
    ...keptGuidelines.map(guideline => `kept-tasks/${guideline}`),
  ].map(key => [key, 1]));
}
