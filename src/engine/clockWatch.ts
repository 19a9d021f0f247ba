import type { Clock } from '../ports/clock.ts';

/** A jump so long is a machine that slept, not one that is busy. */
const leastGapMs = 30_000;

/** Notices that the machine slept: either clock has then gone on by far more than was waited for. */
export class ClockWatch {
  readonly #clock: Clock;
  #nowMs: number;
  #monotonicMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nowMs = clock.nowMs();
    this.#monotonicMs = clock.monotonicMs();
  }

  /** Milliseconds that were slept through since it was asked last; absent where there was no gap. To be asked every second or so. */
  gapMs(): number | undefined {
    const nowMs = this.#clock.nowMs();
    const monotonicMs = this.#clock.monotonicMs();
    const slept = Math.max(nowMs - this.#nowMs, monotonicMs - this.#monotonicMs);
    this.#nowMs = nowMs;
    this.#monotonicMs = monotonicMs;
    return slept > leastGapMs ? slept : undefined;
  }
}
