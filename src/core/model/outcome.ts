import type { BranchId, Fingerprint, RunId, TaskId } from './ids.ts';
import type { BranchReview } from './review.ts';
import { filters, type CallStage, type Filter, type ModelStage, type Round } from './stage.ts';
import type { TaskState } from './task.ts';
import type { Checker, Verdict, VerdictKind } from './verdict.ts';

/**
 * Where in the funnel a branch was lost: at a stage that gave no usable text, at a filter, at the vote, or in the walk
 * (`duplicate`, `cap`, or `review` where a person rejected it).
 */
export type FunnelStep = `stage-${ModelStage}` | Filter | 'vote' | 'review' | 'duplicate' | 'cap';

/** The funnel's steps in the order in which they charge. */
export const funnelSteps: readonly FunnelStep[] = [
  'stage-choose', 'stage-adapt', 'stage-structure', 'stage-path', ...filters, 'vote', 'review', 'duplicate', 'cap',
];

/** The first step that a branch failed, and why. */
export interface Loss {
  readonly step: FunnelStep;
  /** Stable kebab-case code; for a failed call the problem's code. */
  readonly reason: string;
}

/** What became of one branch, once all its calls are settled. */
export interface BranchOutcome {
  readonly id: BranchId;
  readonly round: Round;
  /** Ids of the guidelines it followed; none of a plain draw, and of one that came to no choice. */
  readonly guidelines: readonly string[];
  /** The answers it consists of; a stage that never answered is absent. */
  readonly answers: { readonly [S in ModelStage]?: Fingerprint };
  /** Findings on its path; empty where there is no path. */
  readonly verdicts: readonly (Verdict & { readonly checker: Checker })[];
  /** Absent for a kept path. */
  readonly loss?: Loss;
  /** Every filter it failed, not only the one that is charged: *correct, but lost to format* is a number. */
  readonly failed: readonly Loss[];
  /** Position in the walk, from 0. */
  readonly order: number;
  /** True where the answer of its path was shown to the model. */
  readonly hinted: boolean;
  /** A person wrote one of its answers, or a prompt of them; absent for all others. */
  readonly edited?: true;
  /** What people's reviews of its path came to; absent where nobody has decided. */
  readonly review?: BranchReview;
}

/** What became of one task in the latest run that settled it. A pure function of its answers, its reviews and the recipe. */
export interface TaskOutcome {
  readonly taskId: TaskId;
  readonly runId: RunId;
  readonly state: Exclude<TaskState, 'not-started' | 'running'>;
  /** Every settled branch, in the order of the walk, round 1 first. */
  readonly branches: readonly BranchOutcome[];
  /** Branches that exist in the recipe and were not needed. */
  readonly notNeeded: number;
  /** The answer that the majority gave, for a task without a known one. */
  readonly voted?: string;
  /** Its recipe leaves known answers unused: nothing was held against the task's own. Absent for all others. */
  readonly knownAnswerUnused?: true;
}

/** Whether the paths of an outcome were held against a known answer. @param hasGold whether the task has one */
export const isGraded = ({ knownAnswerUnused }: Pick<TaskOutcome, 'knownAnswerUnused'>, hasGold: boolean): boolean => hasGold && knownAnswerUnused !== true;

/** Whether a branch's path goes into the training set. */
export const isKept = (branch: BranchOutcome): boolean => branch.loss === undefined && branch.answers.path !== undefined;

/** How many answers of each stage and round something rests on; those at 0 are left out. */
export type UsedAnswers = readonly { readonly stage: CallStage; readonly round: Round; readonly answers: number }[];

/** What a list says of one path. */
export interface PathFinding {
  readonly kept: boolean;
  /** The reference filter's where it was asked, else the typed grader's. */
  readonly verdict?: VerdictKind;
  readonly loss?: Loss;
}

/** The reference filter's verdict where it was asked, else the typed grader's. */
export function decidingVerdict({ verdicts }: Pick<BranchOutcome, 'verdicts'>): BranchOutcome['verdicts'][number] | undefined {
  const by = (checker: Checker) => verdicts.find(verdict => verdict.checker === checker);
  return by('reference') ?? by('typed');
}

/** What became of a branch's path. */
export function pathFinding(branch: BranchOutcome): PathFinding {
  const verdict = decidingVerdict(branch)?.kind;
  const { loss } = branch;
  return { kept: isKept(branch), ...(verdict === undefined ? {} : { verdict }), ...(loss ? { loss } : {}) };
}

/**
 * What one outcome adds to the project's counters: `state/STATE`, `branches/ROUND`, `kept/ROUND`, `lost/ROUND/STEP/REASON`,
 * `correct-but-lost/ROUND`. Adding the tallies of all outcomes gives the counters.
 */
export function outcomeTally(outcome: TaskOutcome): ReadonlyMap<string, number> {
  const tally = new Map<string, number>();
  const add = (key: string) => tally.set(key, (tally.get(key) ?? 0) + 1);
  add(`state/${outcome.state}`);
  for (const branch of outcome.branches) {
    add(`branches/${branch.round}`);
    if (branch.loss) add(`lost/${branch.round}/${branch.loss.step}/${branch.loss.reason}`);
    else add(`kept/${branch.round}`);
    if (branch.loss && isTypedCorrect(branch)) add(`correct-but-lost/${branch.round}`);
  }
  return tally;
}

/** What a list shows of an outcome: branches settled, those whose path the typed grader found correct, those kept, and whether any was hinted. */
export interface OutcomeSummary {
  readonly branches: number;
  readonly correct: number;
  readonly kept: number;
  readonly hinted: boolean;
}

/** Counts one outcome. */
export function summaryOf(outcome: TaskOutcome): OutcomeSummary {
  return {
    branches: outcome.branches.length,
    correct: outcome.branches.filter(isTypedCorrect).length,
    kept: outcome.branches.filter(isKept).length,
    hinted: outcome.branches.some(branch => branch.hinted),
  };
}

/** Whether the typed grader found the branch's path equal to the known answer. */
export const isTypedCorrect = (branch: BranchOutcome): boolean => branch.verdicts.some(verdict => verdict.checker === 'typed' && verdict.kind === 'correct');
