import { funnelSteps, type FunnelStep } from '../model/outcome.ts';

/** One step of the funnel: what came in, what went on, and the named reasons of the difference. */
export interface FunnelRow {
  /** A `FunnelStep`, or `branches` at the top and `kept` at the bottom. */
  readonly step: string;
  readonly in: number;
  readonly out: number;
  readonly lost: Record<string, number>;
}

/**
 * The funnel over both rounds: every settled branch goes in at the top, each step charges what it took, by reason, and what comes out at the bottom is kept.
 *
 * @param counters of a project, as `outcomeTally` names them; others are passed over
 * @returns the first and the last row always; a step that took nothing and a step that the recipe lacks look alike and are left out
 */
export function funnelOf(counters: ReadonlyMap<string, number>): FunnelRow[] {
  const losses = lossesOf(counters);
  let left = settledBranches(counters);
  const rows: FunnelRow[] = [{ step: 'branches', in: left, out: left, lost: {} }];
  for (const step of funnelSteps) {
    const here = losses.filter(loss => loss.step === step);
    if (here.length === 0) continue;
    const taken = here.reduce((sum, { count }) => sum + count, 0);
    rows.push({ step, in: left, out: left - taken, lost: Object.fromEntries(here.map(({ reason, count }) => [reason, count])) });
    left -= taken;
  }
  return [...rows, { step: 'kept', in: left, out: left, lost: {} }];
}

/** Settled branches of both rounds. @param counters as `funnelOf` takes them */
export const settledBranches = (counters: ReadonlyMap<string, number>): number => (counters.get('branches/1') ?? 0) + (counters.get('branches/2') ?? 0);

/** Branches that were lost at one step for one reason. */
export interface CountedLoss {
  readonly step: FunnelStep;
  readonly reason: string;
  readonly count: number;
}

/** What was lost in both rounds, in the order in which the steps charge, and by reason within one. @param counters as `funnelOf` takes them */
export function lossesOf(counters: ReadonlyMap<string, number>): readonly CountedLoss[] {
  const lost = new Map<FunnelStep, Map<string, number>>();
  for (const [key, count] of counters) {
    const [kind, , charged, reason] = key.split('/');
    const step = funnelSteps.find(each => each === charged);
    if (kind !== 'lost' || step === undefined || reason === undefined || count === 0) continue;
    const reasons = lost.get(step) ?? new Map<string, number>();
    lost.set(step, reasons.set(reason, (reasons.get(reason) ?? 0) + count));
  }
  return funnelSteps.flatMap(step => [...lost.get(step) ?? []].sort(([left], [right]) => (left < right ? -1 : 1)).map(([reason, count]) => ({ step, reason, count })));
}
