import type { ServerGauges } from '../../ports/languageModel.ts';
import { firstLimit, leastLimit } from './bounds.ts';

/** Share of the running sequences that should be waiting, so that no slot is empty while a reply travels: measured in a simulation of 64 to 1,024 slots. */
const waitingRatio = 0.08;
const leastWaiting = 2;
/** The same where slots are seen to run empty all the same, because replies reach us in gusts; and the share of empty slots from which it is so. */
const gustyRatio = 0.15;
const gustyFrom = 0.04;
/** How much of an error one sample corrects: gauges are instants, and a queue of two is often empty. */
const gain = 0.25;
const fullCache = 0.95;

/** What our own side looked like when the gauges were read. */
export interface OwnLoad {
  /** Sequences in flight. */
  readonly inFlight: number;
  /** Whether more would have been sent, had the limit allowed it. */
  readonly binding: boolean;
  /** Most that may ever be in flight. */
  readonly most: number;
}

/**
 * Finds how many sequences keep a batching server full, from what it says of itself: doubles while nothing waits there, and then holds the queue at 8 % of what
 * runs. Others may use the server too: of its queue only our share is ours to shorten.
 */
export class MetricsLimit {
  #limit: number;
  #ramping = true;
  /** Samples on end in which nothing waited, or more than enough did. */
  #empty = 0;
  #long = 0;
  #preemptions: number | undefined;
  readonly #cache = new CachePressure();
  readonly #slots = new EmptySlots();

  /** @param start sequences to begin with, where something was found out before */
  constructor(start: number = firstLimit.withMetrics) {
    this.#limit = start;
  }

  get allowed(): number {
    return Math.max(leastLimit, Math.round(this.#limit));
  }

  /** The limit is still being looked for. */
  get ramping(): boolean {
    return this.#ramping;
  }

  /** The server's memory holds the limit down. */
  get cacheBound(): boolean {
    return this.#cache.presses;
  }

  sample(gauges: ServerGauges, own: OwnLoad): void {
    if (this.#shrunkForMemory(gauges)) return;
    const { running, waiting } = ownShare(gauges, own.inFlight);
    const target = Math.max(leastWaiting, running * this.#slots.waitingRatio({ running, waiting }));
    this.#empty = waiting < target / 4 ? this.#empty + 1 : 0;
    this.#long = waiting > 2 * target + 2 ? this.#long + 1 : 0;
    if (this.#ramping && this.#empty === 0 && this.#long !== 1) this.#ramping = false;
    // what this machine does not manage to send, a higher limit would not send either
    const filled = own.inFlight >= 0.9 * this.#limit - 4;
    const mayGrow = own.binding && filled && !this.#cache.presses;
    if (waiting > target) this.#shorten(waiting - target, target + 2, own.inFlight);
    else if (mayGrow) this.#lengthen(target - waiting);
    this.#limit = Math.min(Math.max(this.#limit, leastLimit), own.most);
  }

  /** What is too much waits, to the last of it. While a queue gets shorter, more is in flight than may be, and what is too much now was taken off before. */
  #shorten(excess: number, mostAtOnce: number, inFlight: number): void {
    if (this.#long > 1) this.#limit = Math.min(this.#limit, inFlight - excess);
    else if (inFlight <= this.#limit + 1) this.#limit -= gain * Math.min(excess, mostAtOnce);
  }

  #lengthen(lacking: number): void {
    if (this.#empty >= 8) this.#ramping = true;
    if (this.#ramping) this.#limit *= 2;
    else if (this.#empty >= 3) this.#limit *= 1.1;
    else this.#limit += gain * lacking;
  }

  #shrunkForMemory({ cacheRatio, preemptions, running }: ServerGauges): boolean {
    const grown = preemptions !== undefined && this.#preemptions !== undefined && preemptions > this.#preemptions;
    this.#preemptions = preemptions ?? this.#preemptions;
    const shrink = this.#cache.shrinkBy(cacheRatio ?? 0, { grown, running });
    if (shrink === 1) return false;
    this.#limit *= shrink;
    this.#ramping = false;
    return true;
  }
}

/** Of the running and the waiting sequences, those that are likely ours: servers take them in the order in which they came. */
function ownShare({ running, waiting }: ServerGauges, inFlight: number): { readonly running: number; readonly waiting: number } {
  const all = running + waiting;
  const share = all > inFlight ? inFlight / all : 1;
  return { running: running * share, waiting: waiting * share };
}

/** How many slots run empty: while anything waits, all that there are run. */
class EmptySlots {
  #all = 0;
  #emptyRatio = 0;

  /** The share of the running sequences that should be waiting. */
  waitingRatio({ running, waiting }: { readonly running: number; readonly waiting: number }): number {
    if (waiting >= 1) this.#all = running;
    const empty = this.#all > running ? (this.#all - running) / this.#all : 0;
    this.#emptyRatio += 0.05 * (empty - this.#emptyRatio);
    return waitingRatio + (gustyRatio - waitingRatio) * Math.min(1, this.#emptyRatio / gustyFrom);
  }
}

/** A sequence of the method takes up to about two and a half times as much at its end as at its beginning. */
const mostGrowth = 3;
/** Most that a full cache shrinks the limit by before it has to show that this helps. */
const untilShown = 0.9;

/**
 * Whether the server's memory is what is short. Sequences that are put back say so at once; a gauge that stands above 95 % says so as long as fewer sequences
 * move it: some servers count what they merely remember.
 */
class CachePressure {
  #deaf = false;
  #highest = 0;
  #shrunk = 1;
  #quiet = 0;
  #leastEach = Infinity;
  presses = false;

  /** Factor for the limit, 1 where memory is not short. */
  shrinkBy(ratio: number, { grown, running }: { readonly grown: boolean; readonly running: number }): number {
    if (grown) {
      this.presses = true;
      return 0.9;
    }
    if (running > 0) this.#leastEach = Math.min(this.#leastEach, ratio / running);
    if (ratio < fullCache) {
      if (ratio < untilShown) this.#deaf = false;
      this.#shrunk = 1;
      this.#quiet = 0;
      this.#highest = 0;
      this.presses = false;
      return 1;
    }
    if (this.#grewByItself(ratio, running)) this.#deaf = true;
    this.#highest = Math.max(this.#highest, ratio);
    const moved = this.#highest - ratio > 0.005;
    if (!moved && this.#shrunk < untilShown) this.#quiet += 1;
    if (this.#quiet > 8) this.#deaf = true;
    this.presses = !this.#deaf;
    if (this.#deaf || (!moved && this.#shrunk < untilShown)) return 1;
    this.#shrunk *= 0.95;
    return 0.95;
  }

  /** As many sequences took far less before; they get longer, but not by so much. */
  #grewByItself(ratio: number, running: number): boolean {
    return running === 0 || ratio / running > mostGrowth * this.#leastEach;
  }
}
