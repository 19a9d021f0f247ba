import type { Problem } from '../core/model/problem.ts';

/** Failures of one request that count before it is given up. */
export const mostStrikes = 6;
/** The same before anything was answered, where nobody seems to be there who answers such requests. */
const mostAtFirst = 3;
const firstDelayMs = 500;
const longestDelayMs = 60_000;

/**
 * How long to wait before trying a model call again.
 *
 * @param strikes      failures that count so far; 1 or more
 * @param retryAfterMs what the server asked for, in milliseconds; absent if it did not ask
 * @returns delay in milliseconds, 0 to 60,000: the server's wish, else 500 ms doubled with each failure
 *
 * Source: meaning of Retry-After, RFC 9110 section 10.2.3. The ceiling is ours.
 */
export function retryDelayMs(strikes: number, retryAfterMs?: number): number {
  const wish = retryAfterMs ?? firstDelayMs * 2 ** Math.min(strikes - 1, 20);
  return Math.min(Math.max(wish, 0), longestDelayMs);
}

/**
 * What to do about a failed request. `again`: it is no fault of the request, which is asked anew at once and as often as need be; `retry`: it counts against it;
 * `give-up`: its answers are lost, a stored fact; or the run ends, because every other request would fail the same way.
 */
export type Remedy = 'again' | 'retry' | 'give-up' | 'pause-run' | 'fail-run' | 'none';

/** Whether the failure may be the server's doing, so that it says something of the server too. The server was understood when the run began: a page in the place of an answer comes from a gateway, and may be gone in a moment. */
export const mayPass = ({ code, retryable }: Problem): boolean => retryable === true || code === 'reply-unreadable' || code === 'server-unreachable';

/** What else a remedy depends on. */
export interface Circumstances {
  /** Failures of the request that count so far, this one included. */
  readonly strikes: number;
  /** The endpoint does not answer anybody: an outage is waited for, and makes no data. */
  readonly gone: boolean;
  /** A server of this run has answered a request before. */
  readonly known: boolean;
}

/** Decides the remedy. */
export function remedyFor(problem: Problem, how: Circumstances): Remedy {
  switch (problem.code) {
    case 'cancelled': return 'none';
    case 'outcome-unknown': return 'again';
    case 'server-wrong-key': return 'pause-run';
    // the server had the model when the run began: one of several behind an address may lack it, or be about to load it. Whether it is gone for good the server is asked
    case 'server-unknown-model': return how.strikes < mostStrikes ? 'retry' : 'fail-run';
    // an account without credit: every other request would be refused too, and somebody has to do something
    case 'server-rate-limited': return problem.retryable === true ? 'again' : 'pause-run';
    default: return mayPass(problem) ? remedyForPassing(problem, how) : 'give-up';
  }
}

function remedyForPassing({ code }: Problem, { strikes, gone, known }: Circumstances): Remedy {
  // no path for completions: where none was ever answered, none will be
  if (code === 'server-bad-request' && !known) return strikes < mostAtFirst ? 'retry' : 'fail-run';
  if (gone) return 'again';
  return strikes < mostStrikes ? 'retry' : 'give-up';
}
