import type { ScheduleClock } from '../../../src/demoServer/schedule.ts';

/** A clock that stands still until it is moved; timers fire at their time, `lateMs` after it. */
export class HandClock implements ScheduleClock {
  now = 0;
  readonly lateMs: number;
  #timers: { at: number; call: () => void }[] = [];

  constructor(lateMs = 0) {
    this.lateMs = lateMs;
  }

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { at: this.now + delayMs + this.lateMs, call };
    this.#timers.push(timer);
    return () => { this.#timers = this.#timers.filter(each => each !== timer); };
  }

  /** Fires what is due until then. */
  moveTo(atMs: number): void {
    for (;;) {
      const next = this.#timers.filter(timer => timer.at <= atMs).toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.now = Math.max(this.now, next.at);
      next.call();
    }
    this.now = Math.max(this.now, atMs);
  }
}
