import type { ScheduleClock } from './schedule.ts';

/** Notices that nobody has asked for anything for long. A request that is under way keeps it from that, however long it takes. */
export class IdleWatch {
  readonly #afterMs: number;
  readonly #clock: ScheduleClock;
  readonly #onIdle: () => void;
  #open = 0;
  #lastMs: number;
  #cancelTimer: () => void;

  /** `onIdle` is called once, `afterMs` after the last request ended, or after now where none comes. */
  constructor({ afterMs, clock, onIdle }: { readonly afterMs: number; readonly clock: ScheduleClock; readonly onIdle: () => void }) {
    this.#afterMs = afterMs;
    this.#clock = clock;
    this.#onIdle = onIdle;
    this.#lastMs = clock.nowMs();
    this.#cancelTimer = this.#after(afterMs);
  }

  /** A request came. */
  began(): void {
    this.#open += 1;
  }

  /** A request came to its end, whichever. */
  ended(): void {
    this.#open -= 1;
    this.#lastMs = this.#clock.nowMs();
  }

  stop(): void {
    this.#cancelTimer();
  }

  /** One timer that looks again is cheaper than one that every request puts off. */
  #after(delayMs: number): () => void {
    return this.#clock.after(delayMs, () => {
      const leftMs = this.#open > 0 ? this.#afterMs : this.#lastMs + this.#afterMs - this.#clock.nowMs();
      if (leftMs > 0) this.#cancelTimer = this.#after(leftMs);
      else this.#onIdle();
    });
  }
}
