import type { RateBound } from '../core/model/run.ts';

/** What is remembered, in milliseconds: the state of a moment says little. */
const memoryMs = 3_000;
/** A loop that comes so much later than it asked to is kept from its work by this machine. */
const lateMs = 20;

/** What holds a run back, weighed by the time for which it did. Times are of a monotonic clock, in milliseconds. */
export class BoundWatch {
  readonly #weights = new Map<RateBound, number>();
  #current: RateBound = 'ramp';
  #sinceMs: number | undefined;
  #lateness = 0;
  #goneMs = 0;

  /** From now on this holds the run back. */
  note(bound: RateBound, nowMs: number): void {
    if (this.#sinceMs !== undefined) {
      const spentMs = nowMs - this.#sinceMs;
      if (this.#current === 'gone') this.#goneMs += spentMs;
      const fading = Math.exp(-spentMs / memoryMs);
      for (const [key, weight] of this.#weights) this.#weights.set(key, weight * fading);
      this.#weights.set(this.#current, (this.#weights.get(this.#current) ?? 0) + spentMs);
    }
    this.#current = bound;
    this.#sinceMs = nowMs;
  }

  /** For how long in all nothing could be asked of anybody. */
  goneMs(nowMs: number): number {
    return this.#goneMs + (this.#current === 'gone' && this.#sinceMs !== undefined ? nowMs - this.#sinceMs : 0);
  }

  /** The loop slept so much longer than it asked to. */
  overslept(ms: number): void {
    this.#lateness += 0.05 * (Math.max(0, ms) - this.#lateness);
  }

  /** This machine is too slow for what it is asked to do. */
  get late(): boolean {
    return this.#lateness > lateMs;
  }

  /** What held it back longest of late. */
  get bound(): RateBound {
    let longest: readonly [RateBound, number] = [this.#current, 0];
    for (const entry of this.#weights) if (entry[1] > longest[1]) longest = entry;
    return longest[0];
  }
}

/** In a sentence, what would make a run faster that is held back by this. */
export const rateAdvice: Readonly<Record<RateBound, string>> = {
  'queue': 'The slots of the servers are full: a further replica (--server) or a larger max_num_seqs there would help.',
  'cache': 'The server\'s memory for sequences is full: shorter outputs (max_tokens of the recipe), more of its memory (gpu_memory_utilization) or a smaller max_num_seqs would help.',
  'client': 'This machine cannot prepare requests fast enough: close other programs, or run the engine on a machine with more free cores.',
  'setting': 'The number of requests in flight was set: leave out --concurrency (or regenesis.run.maxConcurrent), and it is found out.',
  'rate-limit': 'The server\'s own limit of requests or tokens is reached: a higher one from its operator, or a further server, would help.',
  'gone': 'A server does not answer and is waited for: start it again, or cancel; nothing is lost.',
  'tail': 'There is less left to do than the servers could take: more tasks in one run (--limit, --task) would fill them.',
  'ramp': 'How many requests the servers hold is still being found out: it takes a few seconds.',
};
