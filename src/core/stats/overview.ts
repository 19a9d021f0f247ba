import { notReviewed, overviewStepOf, passRates, reachedSteps, type OverviewStep, type PassRate } from '../model/overview.ts';
import type { BranchCount } from '../model/yield.ts';
import { lossesOf, settledBranches, type CountedLoss } from './funnel.ts';
import { wilson } from './interval.ts';

/** A row of the overview's funnel: how many are left, and what was lost since the row above. */
export interface OverviewRow {
  readonly step: OverviewStep;
  readonly count: number;
  readonly lost: readonly CountedLoss[];
}

/**
 * The funnel as people read it: tasks, then the branches of both rounds, row by row. Each row is the one above less its losses, exactly. Losses stand in the
 * order in which the steps charge, and by reason within one. What people have accepted has a row once somebody has reviewed.
 *
 * @param counters of a project, as `outcomeTally` names them
 * @param accepted how many kept paths people have accepted
 */
export function overviewFunnel(tasks: number, counters: ReadonlyMap<string, number>, accepted: number): OverviewRow[] {
  let left = settledBranches(counters);
  const lost = lossesOf(counters);
  const rows: OverviewRow[] = [{ step: 'tasks', count: tasks, lost: [] }, { step: 'branches', count: left, lost: [] }];
  for (const step of reachedSteps.slice(1, -1)) {
    const here = lost.filter(loss => overviewStepOf(loss.step) === step);
    left -= here.reduce((sum, { count }) => sum + count, 0);
    rows.push({ step, count: left, lost: here });
  }
  if (accepted === 0 && !lost.some(({ step }) => step === 'review')) return rows;
  return [...rows, { step: 'accepted', count: accepted, lost: left > accepted ? [{ step: 'review', reason: notReviewed, count: left - accepted }] : [] }];
}

/** What one guideline gave; a branch that follows several counts for each of them. */
export interface YieldRow {
  readonly id: string;
  /** Branches of both rounds. */
  readonly branches: number;
  /** Branches of round 1 with a path, on tasks with a known answer; `correct` of them were found equal to it. */
  readonly judged: number;
  readonly correct: number;
  /** Wilson's 95 % interval of their share, 0 to 1. */
  readonly low: number;
  readonly high: number;
  /** Tasks that no other guideline led to the known answer in round 1. */
  readonly solvedOnly: number;
  /** Paths of both rounds. */
  readonly kept: number;
  /** Output tokens of all its branches, from `adapt` on, for each kept path; `null` where nothing is kept, or where some of the tokens were not told. */
  readonly tokensPerKept: number | null;
}

/** What each guideline gave that has a branch, in the order of `order` (the recipe's), others after those. @param counters of a project, as `yieldTally` names them */
export function guidelineYields(counts: readonly BranchCount[], counters: ReadonlyMap<string, number>, order: readonly string[]): YieldRow[] {
  const byGuideline = new Map<string, BranchCount[]>();
  for (const count of counts) {
    for (const id of count.guidelines) {
      const own = byGuideline.get(id);
      if (own) own.push(count);
      else byGuideline.set(id, [count]);
    }
  }
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...byGuideline].sort(([left], [right]) => place(left) - place(right) || (left < right ? -1 : 1)).map(([id, own]) => yieldRow(id, own, counters));
}

function yieldRow(id: string, counts: readonly BranchCount[], counters: ReadonlyMap<string, number>): YieldRow {
  const sum = (of: (count: BranchCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  const first = (isCounted: (count: BranchCount) => boolean) => sum(count => (count.round === 1 && isCounted(count) ? count.branches : 0));
  const [judged, correct] = [first(count => count.correct !== null), first(count => count.correct === true)];
  const kept = sum(count => (count.loss ? 0 : count.branches));
  return {
    id,
    branches: sum(count => count.branches),
    judged,
    correct,
    ...wilson(correct, judged),
    solvedOnly: counters.get(`solved-only/${id}`) ?? 0,
    kept,
    tokensPerKept: kept === 0 || sum(count => count.untold) > 0 ? null : sum(count => count.tokens) / kept,
  };
}

/** Tasks by pass rate, every rate with its count; `hinted` of them had nothing correct in round 1 and keep a path with the hint. */
export function passRateRows(counters: ReadonlyMap<string, number>): { readonly bucket: PassRate; readonly tasks: number; readonly hinted: number }[] {
  return passRates.map(bucket => ({ bucket, tasks: counters.get(`pass/${bucket}`) ?? 0, hinted: bucket === '0' ? counters.get('solved-by-hint') ?? 0 : 0 }));
}
