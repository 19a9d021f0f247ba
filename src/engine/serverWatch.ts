import type { TaskId } from '../core/model/ids.ts';
import type { Problem } from '../core/model/problem.ts';

/** So many tasks without an answer are the server's doing: one or two may be at fault themselves, with a prompt that the server chokes on. */
const tasksOfAnOutage = 3;
/** So many failures on end, of a server that can be reached: at one call in two that fails, it happens once in a thousand. */
const failuresOfAnOutage = 10;
const identityEveryMs = 30_000;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** `trial`: it was gone and can be reached again; a few calls will tell whether it answers them. */
export type WatchState = 'up' | 'trial' | 'gone';

/** What came of asking the server what it serves. */
export type Probed = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

/**
 * Tells a request that fails from a server that is out of order, and says when to ask the server itself. Times are of a monotonic clock, in milliseconds.
 */
export class ServerWatch {
  #state: WatchState = 'up';
  #problem: Problem | undefined;
  #goneMs = 0;
  #backMs = -Infinity;
  #probing = false;
  #nextProbeMs: number;
  #pauseMs = firstPauseMs;
  #answeredMs = -Infinity;
  #failures = 0;
  #firstFailureMs = 0;
  readonly #failing = new Set<TaskId>();

  constructor(nowMs: number) {
    this.#nextProbeMs = nowMs + identityEveryMs;
  }

  get state(): WatchState {
    return this.#state;
  }

  /** Since when it has been gone, and what was heard last. */
  get outage(): { readonly sinceMs: number; readonly problem: Problem; readonly nextProbeMs: number } | undefined {
    if (this.#state === 'up' || !this.#problem) return undefined;
    return { sinceMs: this.#goneMs, problem: this.#problem, nextProbeMs: this.#nextProbeMs };
  }

  /** When to ask the server; `Infinity` while it is being asked. */
  get nextProbeMs(): number {
    return this.#probing ? Infinity : this.#nextProbeMs;
  }

  /** Whether it was gone at any time since. */
  goneSince(ms: number): boolean {
    return this.#state !== 'up' || this.#backMs >= ms;
  }

  /** Whether anything was answered since. */
  answeredSince(ms: number): boolean {
    return this.#answeredMs >= ms;
  }

  answered(nowMs: number): void {
    this.#answeredMs = nowMs;
    this.#failures = 0;
    this.#failing.clear();
    if (this.#state === 'gone') return; // a last answer from before
    if (this.#state === 'trial') this.#backMs = nowMs;
    this.#state = 'up';
    this.#pauseMs = firstPauseMs;
  }

  /** A call has failed that might have succeeded. */
  failed(task: TaskId, problem: Problem, nowMs: number): void {
    if (this.#state === 'gone') return;
    if (this.#failures === 0) this.#firstFailureMs = nowMs;
    this.#failures += 1;
    this.#failing.add(task);
    const unreachable = problem.code === 'server-unreachable';
    const several = this.#failing.size >= tasksOfAnOutage;
    if (this.#state === 'trial') {
      this.#leave(problem, nowMs);
      this.#waitForProbe(nowMs);
    } else if (several && (unreachable || this.#failures >= failuresOfAnOutage)) this.#leave(problem, nowMs);
    // a single task says little: the server itself is asked, and calls go on
    else if (unreachable || this.#failures >= tasksOfAnOutage) this.#nextProbeMs = nowMs;
  }

  /** It may serve another model: it is asked at once, and calls go on. */
  doubt(nowMs: number): void {
    if (this.#state === 'up') this.#nextProbeMs = nowMs;
  }

  /** Takes it as gone, to be asked at once. */
  leave(problem: Problem, nowMs: number): void {
    if (this.#state === 'up') this.#firstFailureMs = nowMs;
    this.#leave(problem, nowMs);
  }

  probeBegins(): void {
    this.#probing = true;
  }

  /** @param begunMs when it was asked */
  probed(result: Probed, begunMs: number, nowMs: number): void {
    this.#probing = false;
    if (result.ok) {
      if (this.#state === 'gone') this.#state = 'trial';
      this.#nextProbeMs = nowMs + identityEveryMs;
    } else if (this.#state === 'up') {
      this.#nextProbeMs = nowMs + identityEveryMs;
      // it may be too busy to say what it is, or this one way of asking fails while calls are answered
      if (tellsOfAnOutage(result.problem) && this.#answeredMs < begunMs) this.#leave(result.problem, nowMs);
    }
    if (result.ok || this.#state === 'up') return;
    this.#problem = result.problem;
    this.#state = 'gone';
    this.#waitForProbe(nowMs);
  }

  #waitForProbe(nowMs: number): void {
    this.#nextProbeMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }

  #leave(problem: Problem, nowMs: number): void {
    if (this.#state === 'up') this.#goneMs = this.#failures > 0 ? this.#firstFailureMs : nowMs;
    this.#state = 'gone';
    this.#problem = problem;
    this.#nextProbeMs = nowMs;
    this.#failures = 0;
    this.#failing.clear();
  }
}

const outages: ReadonlySet<string> = new Set(['server-unreachable', 'server-error', 'server-bad-request', 'reply-unreadable', 'reply-empty']);
const tellsOfAnOutage = ({ code }: Problem): boolean => outages.has(code);
