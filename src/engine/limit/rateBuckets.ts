import type { RateAllowance, RateLimits } from '../../ports/languageModel.ts';

/** What one request takes of the allowances. */
export interface RequestCost {
  readonly requests: number;
  /** Prompt and longest answer together: what servers reserve before they know better. */
  readonly tokens: number;
}

type Kind = keyof RequestCost;
const kinds: readonly Kind[] = ['requests', 'tokens'];

interface Bucket {
  readonly limit: number;
  readonly perMs: number;
  left: number;
  atMs: number;
}

/**
 * The request and token allowances of a hosted server, followed from the headers of its replies: what was sent since a reply's request left is taken off, what
 * flows back with time is added. Times are of a monotonic clock, in milliseconds. Without such headers everything is allowed.
 */
export class RateBuckets {
  readonly #buckets = new Map<Kind, Bucket>();
  readonly #sent: Record<Kind, number> = { requests: 0, tokens: 0 };
  readonly #reserved: Record<Kind, number> = { requests: 0, tokens: 0 };
  #newest = -1;

  /** Whether the server tells of any allowance. */
  get known(): boolean {
    return this.#buckets.size > 0;
  }

  /** Sets aside what a request takes that will leave soon, or gives it back. */
  reserve(cost: RequestCost, sign: 1 | -1): void {
    for (const kind of kinds) this.#reserved[kind] += sign * cost[kind];
  }

  /** Counts a request that leaves. Returns the receipt to be handed in with its reply. */
  sent(cost: RequestCost, nowMs: number): RequestCost {
    for (const kind of kinds) {
      this.#sent[kind] += cost[kind];
      const bucket = this.#filled(kind, nowMs);
      if (bucket) bucket.left -= cost[kind];
    }
    return { ...this.#sent };
  }

  /** Learns from a reply. Its headers were written when its request arrived, so that an older request's say less than those that are known. */
  learn(limits: RateLimits | undefined, receipt: RequestCost, nowMs: number): void {
    if (!limits || receipt.requests < this.#newest) return;
    this.#newest = receipt.requests;
    for (const kind of kinds) {
      const told = limits[kind];
      if (told) this.#buckets.set(kind, { limit: told.limit, perMs: flowOf(told), left: told.remaining - (this.#sent[kind] - receipt[kind]), atMs: nowMs });
    }
  }

  /** How long a request has to wait, in milliseconds; 0 where it may leave. A request that is larger than the whole allowance waits for a full one. */
  waitMs(cost: RequestCost, nowMs: number): number {
    const waits = kinds.map(kind => {
      const bucket = this.#filled(kind, nowMs);
      const lacking = bucket ? Math.min(cost[kind] + this.#reserved[kind], bucket.limit) - bucket.left : 0;
      return bucket && lacking > 0 ? lacking / bucket.perMs : 0;
    });
    return Math.max(...waits);
  }

  #filled(kind: Kind, nowMs: number): Bucket | undefined {
    const bucket = this.#buckets.get(kind);
    if (!bucket) return undefined;
    bucket.left = Math.min(bucket.limit, bucket.left + (nowMs - bucket.atMs) * bucket.perMs);
    bucket.atMs = nowMs;
    return bucket;
  }
}

/**
 * What flows back in a millisecond; where nothing is missing, or it is not told when all is back, a minute for everything is what such limits are counted by.
 * What remains is told in whole numbers, so that up to one less is missing than it seems: too little flow mends itself with the next reply, too much is refused.
 */
function flowOf({ limit, remaining, resetMs }: RateAllowance): number {
  const missing = limit - remaining - 1;
  return Math.max(missing > 0 && resetMs > 0 ? missing / resetMs : limit / 60_000, 1e-6);
}
