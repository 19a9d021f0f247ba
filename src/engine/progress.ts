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

/** What must be done before anything is said of the time left: one or two tasks say little of the rest, and so does the first moment. */
const beforeEstimate = { tasks: 3, ms: 2_000 };
/** Less time than this makes no rate: the requests of the first moment leave all at once. */
const leastMs = 1_000;

/** How fast a run is. Time in which its servers were gone is none in which it worked. */
export class Pace {
  readonly #runner: Pick<Runner, 'bound' | 'counts' | 'inFlight'>;
  readonly #workedMs: number;

  /** @param ms the time since the run began, and the moment on the same clock */
  constructor(runner: Pick<Runner, 'bound' | 'counts' | 'inFlight' | 'goneMs'>, ms: { readonly elapsed: number; readonly now: number }) {
    this.#runner = runner;
    this.#workedMs = Math.max(0, ms.elapsed - runner.goneMs(ms.now));
  }

  /** Requests that have ended, a second. */
  get callsPerSecond(): number {
    return this.perSecond(this.#runner.counts.calls - this.#runner.inFlight);
  }

  perSecond(count: number): number {
    return (count * 1_000) / Math.max(leastMs, this.#workedMs);
  }

  /** Milliseconds until what is left is done as what was `worked` on; null where too little was, and as long as nobody knows when the servers will be back. */
  remainingMs(worked: number, left: number): number | null {
    if (worked < beforeEstimate.tasks || this.#workedMs < beforeEstimate.ms || this.#runner.bound === 'gone') return null;
    return Math.round((this.#workedMs / worked) * left);
  }
}

/** A rate to a tenth. */
export const toTenths = (rate: number): number => Math.round(rate * 10) / 10;

/** How far a run is. @param clock the one that `startedMs` is of */
export function progressOf(view: RunView, clock: Clock): RunProgress {
  const { counts, lane, bound, fleet, concurrency } = view.runner;
  const nowMs = clock.monotonicMs();
  const elapsedMs = Math.max(0, Math.round(nowMs - view.startedMs));
  const pace = new Pace(view.runner, { elapsed: elapsedMs, now: nowMs });
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
    callsPerSecond: toTenths(pace.callsPerSecond),
    outputTokensPerSecond: toTenths(pace.perSecond(counts.outputTokens)),
    outputTokens: counts.outputTokens,
    remainingMs: pace.remainingMs(counts.tasksDone - counts.tasksLeftAlone, view.tasks - counts.tasksDone),
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
