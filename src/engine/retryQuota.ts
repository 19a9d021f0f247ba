import type { Problem } from '../core/model/problem.ts';

/**
 * How many retries a run can afford, so that a server that fails half of its calls is not asked twice as much: each costs, and success pays.
 *
 * Source of the numbers: the standard retry mode of the AWS SDKs (500 tokens, 5 a retry, 10 after a timeout, 1 back for a success at the first try, what it cost
 * for one at a later).
 */
export class RetryQuota {
  #tokens = 500;
  /** Retries on their way. */
  #under = 0;

  /** What a retry after this failure costs. */
  static costOf(problem: Problem): number {
    return problem.code === 'timed-out' ? 10 : 5;
  }

  /** Pays for a retry, or refuses it for now. One at a time goes out however empty the bucket is: where nothing else is left to be asked, nothing else could fill it. */
  take(cost: number): boolean {
    if (this.#tokens < cost && this.#under > 0) return false;
    this.#tokens = Math.max(0, this.#tokens - cost);
    this.#under += 1;
    return true;
  }

  /** It was paid for and is not sent after all. */
  refund(cost: number): void {
    this.#under -= 1;
    this.#add(cost);
  }

  /** A retry has ended. @param cost what was paid for it */
  ended(cost: number, answered: boolean): void {
    this.#under -= 1;
    if (answered) this.#add(cost);
  }

  /** A call was answered at its first try. */
  answered(): void {
    this.#add(1);
  }

  #add(tokens: number): void {
    this.#tokens = Math.min(500, this.#tokens + tokens);
  }
}
