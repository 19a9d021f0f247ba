import type { ScheduleClock } from './schedule.ts';

/** At most `requests` in `seconds`; as many at once after a rest. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

/** What a request is told: whether it may pass, and the headers of its reply. */
export interface Admission {
  readonly passes: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A limit on requests as hosted services have it: a bucket that holds `requests`, from which each takes one, and which fills up again evenly within `seconds`.
 * The headers have the names and the form that OpenAI gives them (platform.openai.com/docs/guides/rate-limits): `reset` is the time until the bucket is full.
 */
export class RateLimit {
  readonly #rate: Rate;
  readonly #clock: Pick<ScheduleClock, 'nowMs'>;
  #held: number;
  #filledMs: number;

  constructor(rate: Rate, clock: Pick<ScheduleClock, 'nowMs'>) {
    this.#rate = rate;
    this.#clock = clock;
    this.#held = rate.requests;
    this.#filledMs = clock.nowMs();
  }

  /** Takes one, where there is one. A request that is refused takes nothing; it is told in whole seconds when there will be one again. */
  take(): Admission {
    const { requests, seconds } = this.#rate;
    const refillMs = seconds * 1_000 / requests;
    const now = this.#clock.nowMs();
    this.#held = Math.min(requests, this.#held + (now - this.#filledMs) / refillMs);
    this.#filledMs = now;
    // A sum of shares may fall short of one by a rounding error, and would then refuse who came in time.
    const passes = this.#held >= 1 - 1e-6;
    if (passes) this.#held = Math.max(0, this.#held - 1);
    const wait: Readonly<Record<string, string>> = passes ? {} : { 'Retry-After': String(Math.ceil((1 - this.#held) * refillMs / 1_000)) };
    return {
      passes,
      headers: {
        'x-ratelimit-limit-requests': String(requests),
        'x-ratelimit-remaining-requests': String(Math.floor(this.#held + 1e-6)),
        'x-ratelimit-reset-requests': durationText((requests - this.#held) * refillMs),
        ...wait,
      },
    };
  }
}

/** A time as OpenAI writes it: `20ms`, `1.5s`, `6m0s`, `1h0m0s`; rounded up to a millisecond. */
export function durationText(ms: number): string {
  const whole = Math.ceil(ms - 1e-6);
  if (whole < 1_000) return `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const seconds = `${whole % 60_000 / 1_000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
