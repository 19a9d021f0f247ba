import type { RunProgress, RunReport } from '../contract/reports.ts';
import type { Clock } from '../ports/clock.ts';
import { rateAdvice } from './rateBound.ts';
import type { Runner, RunEnd } from './runner.ts';

/** A run as it is shown while it goes on. */
export interface RunView {
  readonly runId: number;
  readonly recipe: string;
  readonly tasks: number;
  readonly simulated: boolean;
  readonly runner: Runner;
  readonly startedMs: number;
}

/** Tasks that must be done before anything is said of the time left: one or two say little of the rest. */
const tasksBeforeEstimate = 3;

/** How far a run is. @param clock the one that `startedMs` is of */
export function progressOf(view: RunView, clock: Clock): RunProgress {
  const { counts, lane, bound, fleet, concurrency } = view.runner;
  const nowMs = clock.monotonicMs();
  const elapsedMs = Math.max(0, Math.round(nowMs - view.startedMs));
  const perSecond = (count: number) => (elapsedMs === 0 ? 0 : Math.round((count / elapsedMs) * 10_000) / 10);
  const left = view.tasks - counts.tasksDone;
  const worked = counts.tasksDone - counts.tasksLeftAlone;
  return {
    runId: view.runId,
    recipe: view.recipe,
    tasks: { done: counts.tasksDone, total: view.tasks },
    stages: counts.stages.map(stage => ({ ...stage, toDo: Math.max(0, stage.toDo) })),
    calls: counts.calls,
    cached: counts.cached,
    inFlight: view.runner.inFlight,
    kept: counts.kept,
    failed: Object.fromEntries(counts.failed),
    elapsedMs,
    callsPerSecond: perSecond(counts.calls),
    outputTokensPerSecond: perSecond(counts.outputTokens),
    outputTokens: counts.outputTokens,
    remainingMs: worked < tasksBeforeEstimate ? null : Math.round((elapsedMs / worked) * left),
    simulated: view.simulated,
    lane,
    bound: { by: bound, advice: rateAdvice[bound] },
    servers: fleet.loads(concurrency),
    ...noticeOf(view.runner, nowMs),
  };
}

/** Why nothing comes from a run's servers at the moment; empty while something does. */
export function noticeOf({ waiting, fleet: { outage } }: Runner, nowMs: number): { readonly notice?: string } {
  if (outage !== undefined) return { notice: outage };
  return waiting ? { notice: `waiting ${Math.max(1, Math.round((waiting.untilMs - nowMs) / 1000))} s to try again: ${waiting.problem.message}` } : {};
}

/** How a run ended, for whoever asked for it. */
export function reportOf(view: RunView, end: RunEnd, nowMs: number): RunReport {
  const { counts } = view.runner;
  return {
    runId: view.runId,
    state: end.state,
    calls: counts.calls,
    cached: counts.cached,
    failed: Object.fromEntries(counts.failed),
    tasks: view.runner.tasksByState(),
    kept: counts.kept,
    ...(end.problem ? { problem: end.problem } : {}),
    simulated: view.simulated,
    elapsedMs: Math.max(0, Math.round(nowMs - view.startedMs)),
  };
}
