/** A server that ends this often within so long would end again. */
const most = 4;
const withinMs = 180_000;

/** Counts how often a process ended unasked. Knows nothing of the editor. */
export class CrashCount {
  #ends: readonly number[] = [];

  /** Takes note of an end. @returns whether it is one more than should be followed by another start */
  isOneTooMany(nowMs: number): boolean {
    this.#ends = [...this.#ends, nowMs].filter(end => nowMs - end < withinMs);
    return this.#ends.length > most;
  }
}
