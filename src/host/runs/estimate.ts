// How long a run will take, from how fast the latest one on the same server was. Knows nothing of the editor.
import { counted, duration } from '../../client/words.ts';
import type { PlanReport, RunRow, StatusReport } from '../../contract/reports.ts';
import { rounded } from '../words.ts';

/** How fast a server answered in a run that has ended. */
export interface MeasuredRate {
  readonly callsPerSecond: number;
  /** Output tokens; absent where they were not counted. */
  readonly tokensPerSecond?: number;
  /** Tasks of the run that it was measured on. */
  readonly tasks: number;
}

/** Fewer calls than this say little of a rate. */
const leastCalls = 10;

/** The rate of the latest run that asked this model at this server; a demo server has another address each time. Absent where none has ended that asked enough. */
export function measuredRate({ runs, server }: Pick<StatusReport, 'runs' | 'server'>): MeasuredRate | undefined {
  const run = runs.find(each => server && isOf(each, server) && each.calls >= leastCalls && secondsOf(each) > 0);
  if (!run) return undefined;
  const seconds = secondsOf(run);
  const { outputTokens } = run;
  return { callsPerSecond: run.calls / seconds, tasks: run.tasks, ...(outputTokens === undefined || outputTokens === 0 ? {} : { tokensPerSecond: outputTokens / seconds }) };
}

const isOf = (run: RunRow, server: NonNullable<StatusReport['server']>): boolean =>
  run.model === server.model && run.simulated === server.simulated && (server.simulated || run.baseUrl === server.baseUrl);

const secondsOf = ({ startedAtMs, endedAtMs }: RunRow): number => (endedAtMs === undefined ? 0 : (endedAtMs - startedAtMs) / 1000);

/** `about 24 min at 5.2 k tok/s (measured on 10 tasks)`; how to find out where nothing was measured; empty where there is nothing to ask. */
export function timeWords(plan: Pick<PlanReport, 'calls' | 'outputTokens' | 'exact'>, rate: MeasuredRate | undefined): string {
  if (plan.calls === 0) return '';
  if (!rate) return 'a pilot measures how long it takes';
  const { tokensPerSecond, callsPerSecond, tasks } = rate;
  const seconds = tokensPerSecond !== undefined && plan.outputTokens > 0 ? plan.outputTokens / tokensPerSecond : plan.calls / callsPerSecond;
  const speed = tokensPerSecond === undefined ? `${rounded(callsPerSecond)} calls/s` : `${rounded(tokensPerSecond)} tok/s`;
  return `${plan.exact ? 'about' : 'at least'} ${duration(Math.max(1000, seconds * 1000))} at ${speed} (measured on ${counted(tasks, 'task')})`;
}
