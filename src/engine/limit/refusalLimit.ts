const reduction = 0.7;
/** Growth of the cubic, in requests a second cubed. Source: RFC 9438, as in the adaptive mode of the AWS SDKs. */
const growth = 0.4;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
const longestWishMs = 3_600_000;
/** So many wishes of no time at all, and no answer between them, are not meant: what asks so for ever would be asked without a pause for ever. */
const mostEmptyWishes = 100;

/** A request that was refused because there were too many (429). Times are of a monotonic clock, in milliseconds. */
export interface Refusal {
  readonly sentAtMs: number;
  readonly nowMs: number;
  /** Sequences in flight when it was refused. */
  readonly inFlight: number;
  /** The server's wish, absent where it did not say. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * What a server's refusals teach: it is left alone until the time it named, and after that gets seven tenths of what was too much, more of it as time goes by.
 * A wish of no time at all is no complaint: the call is sent again and nothing else follows from it, unless nothing is answered at all.
 */
export class RefusalLimit {
  #tooMuch: number | undefined;
  #reducedMs = -Infinity;
  #untilMs = 0;
  #pauses = 0;
  #emptyWishes = 0;

  /** Until when nothing may be sent. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** Most sequences in flight; `Infinity` where nothing was refused, or long ago. */
  allowed(nowMs: number): number {
    if (this.#tooMuch === undefined) return Infinity;
    const largest = this.#tooMuch;
    const seconds = Math.max(0, nowMs - Math.max(this.#reducedMs, this.#untilMs)) / 1_000;
    const allowed = growth * (seconds - Math.cbrt((largest * (1 - reduction)) / growth)) ** 3 + largest;
    if (allowed > 4 * largest + 64) this.#tooMuch = undefined;
    return Math.max(1, Math.floor(allowed));
  }

  refused({ sentAtMs, nowMs, inFlight, retryAfterMs: wish }: Refusal): void {
    if (wish === 0 && (this.#emptyWishes += 1) <= mostEmptyWishes) return;
    const retryAfterMs = wish === 0 ? undefined : wish;
    const wished = retryAfterMs === undefined ? Math.min(firstPauseMs * 2 ** this.#pauses, longestPauseMs) : Math.min(retryAfterMs, longestWishMs);
    // all that was under way when the server began to refuse says the same once
    if (sentAtMs > this.#reducedMs) {
      this.#tooMuch = Math.max(1, Math.min(inFlight, this.allowed(nowMs)));
      this.#reducedMs = nowMs;
      this.#pauses = Math.min(this.#pauses + 1, 16);
      this.#untilMs = Math.max(this.#untilMs, nowMs + wished);
    } else if (retryAfterMs !== undefined) this.#untilMs = Math.max(this.#untilMs, nowMs + wished);
  }

  answered(): void {
    this.#pauses = 0;
    this.#emptyWishes = 0;
  }
}
