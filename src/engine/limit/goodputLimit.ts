import { firstLimit, leastLimit } from './bounds.ts';

/** Twice as many in flight must bring so much more, else the server is full. */
const paysFrom = 1.05;
/** How far up and down is tried now and then, and from which gain and down to which loss the trial is kept. */
const up = { factor: 1.25, keepFrom: 1.015 };
const down = { factor: 0.87, keepFrom: 0.99 };
/** Windows at the limit between two trials. */
const windowsBetween = 3;
/** From this share of the best rate on, a server counts as full. */
const nearPlateau = 0.975;
/** A rate that changes so much from one window to the next is another server's: what was found out is void. */
const upheaval = 0.7;

/** A reply, as the limit sees it. */
export interface Done {
  readonly sequences: number;
  /** What it is worth: output tokens where the server tells of them, else 1 for each sequence. */
  readonly worth: number;
  /** Of a monotonic clock, in milliseconds. */
  readonly nowMs: number;
  /** Whether more would have been sent meanwhile, had the limit allowed it. */
  readonly binding: boolean;
}

interface Point {
  readonly limit: number;
  /** Worth a millisecond. */
  readonly rate: number;
}

type Phase =
  | { readonly kind: 'ramp'; readonly points: readonly Point[] }
  | { readonly kind: 'hold'; readonly windows: number; readonly base: number | undefined }
  | { readonly kind: 'trial'; readonly from: Point; readonly way: typeof up }
  | { readonly kind: 'compare'; readonly from: Point; readonly way: typeof up; readonly tried: Point };

/**
 * Finds how many sequences keep a server full that tells nothing of itself, from what comes back: doubles while that pays, settles where it stopped to, and
 * tries a few more and a few less now and then. How long a call takes says nothing: on a batching server it grows with every sequence while the rate still grows.
 */
export class GoodputLimit {
  #limit: number;
  #phase: Phase = { kind: 'ramp', points: [] };
  #window: Window;
  #triedUp = false;

  /** @param start sequences to begin with, where something was found out before */
  constructor(start: number = firstLimit.blind) {
    this.#limit = start;
    this.#window = new Window(windowOf(start, 'ramp'));
  }

  get allowed(): number {
    return Math.max(leastLimit, Math.round(this.#limit));
  }

  /** The limit is still being looked for. */
  get ramping(): boolean {
    return this.#phase.kind === 'ramp';
  }

  /** A reply has come. @param most that may ever be in flight */
  answered(done: Done, most: number): void {
    const rate = this.#window.add(done);
    if (rate === undefined) return;
    const { phase, limit } = this.#next(this.#phase, rate, most);
    this.#phase = phase;
    const changed = Math.round(limit) !== Math.round(this.#limit);
    this.#limit = Math.min(Math.max(limit, leastLimit), most);
    this.#window = new Window({ ...windowOf(this.#limit, phase.kind), ...(changed ? {} : { settle: 0 }) });
  }

  #next(phase: Phase, rate: number, most: number): { readonly phase: Phase; readonly limit: number } {
    const here = { limit: this.#limit, rate };
    switch (phase.kind) {
      case 'ramp': return this.#ramp([...phase.points, here], most);
      case 'hold': return this.#hold(phase, here);
      case 'trial': return { phase: { kind: 'compare', from: phase.from, way: phase.way, tried: here }, limit: phase.from.limit };
      case 'compare': return compare(phase, here);
    }
  }

  #ramp(points: readonly Point[], most: number): { readonly phase: Phase; readonly limit: number } {
    const [before, last] = [points.at(-2), points.at(-1)];
    if (last === undefined) return { phase: { kind: 'ramp', points }, limit: this.#limit };
    const pays = before === undefined || last.rate > before.rate * paysFrom;
    if (pays && last.limit < most) return { phase: { kind: 'ramp', points }, limit: last.limit * 2 };
    return { phase: settled, limit: Math.min(most, aboveKnee(points)) };
  }

  #hold({ windows, base }: Phase & { kind: 'hold' }, here: Point): { readonly phase: Phase; readonly limit: number } {
    if (base !== undefined && (here.rate < base * upheaval || here.rate * upheaval > base)) return { phase: { kind: 'ramp', points: [] }, limit: here.limit / 2 };
    if (windows < windowsBetween) return { phase: { kind: 'hold', windows: windows + 1, base: here.rate }, limit: here.limit };
    this.#triedUp = !this.#triedUp;
    return tryFrom(here, this.#triedUp ? up : down);
  }
}

const tryFrom = (from: Point, way: typeof up): { readonly phase: Phase; readonly limit: number } =>
  ({ phase: { kind: 'trial', from, way }, limit: way === up ? from.limit * way.factor + 1 : from.limit * way.factor });

const settled: Phase = { kind: 'hold', windows: 0, base: undefined };

/**
 * The trial against the windows before and after it: what changes with the work alone shows in these too. Where more paid, still more is tried at once: where
 * doubling stopped too early, because the calls at the beginning of a run change by the second, the rest of a short run would else be spent below the server's best.
 */
function compare({ from, way, tried }: Phase & { kind: 'compare' }, after: Point): { readonly phase: Phase; readonly limit: number } {
  const gain = tried.rate / ((from.rate + after.rate) / 2);
  if (gain < way.keepFrom) return { phase: { kind: 'hold', windows: 0, base: after.rate }, limit: from.limit };
  if (way === up && gain > 1.1) return { phase: { kind: 'ramp', points: [after, tried] }, limit: tried.limit * 2 };
  return way === up ? tryFrom(tried, up) : { phase: settled, limit: tried.limit };
}

/**
 * The smallest limit that was seen to fill the server: too many wait for a moment and cost nothing, too few do. Where the very first was too large already, half of
 * it and a little more.
 */
function aboveKnee(points: readonly Point[]): number {
  const plateau = Math.max(...points.map(point => point.rate));
  const full = points.findIndex(point => point.rate >= nearPlateau * plateau);
  const limit = points[full]?.limit ?? firstLimit.blind;
  return full === 0 ? limit * 0.6 + 4 : limit;
}

/**
 * How many sequences must come back before a window begins (what was in flight when the limit changed), and until it ends. The rate of n sequences through S slots is off
 * by about 1.1·√S/n, since those at both edges are counted in part.
 */
function windowOf(limit: number, kind: Phase['kind']): { readonly settle: number; readonly length: number } {
  return kind === 'ramp' ? { settle: limit, length: Math.max(1.5 * limit, 24 * Math.sqrt(limit)) } : { settle: limit, length: Math.max(4 * limit, 60 * Math.sqrt(limit)) };
}

/** Measures the rate over a number of replies, as long as the limit was what bound them. */
class Window {
  readonly #length: number;
  #settle: number;
  #startMs: number | undefined;
  #sequences = 0;
  #bound = 0;
  #worth = 0;

  constructor({ settle, length }: { readonly settle: number; readonly length: number }) {
    this.#settle = settle;
    this.#length = length;
  }

  /** The rate once the window is full. */
  add({ sequences, worth, nowMs, binding }: Done): number | undefined {
    if (this.#settle > 0) {
      this.#settle -= sequences;
      return undefined;
    }
    if (this.#startMs === undefined) {
      this.#startMs = nowMs;
      return undefined;
    }
    this.#sequences += sequences;
    this.#worth += worth;
    if (binding) this.#bound += sequences;
    if (this.#sequences < this.#length) return undefined;
    const spentMs = nowMs - this.#startMs;
    const valid = this.#bound >= 0.8 * this.#sequences && spentMs > 0;
    const rate = this.#worth / spentMs;
    [this.#startMs, this.#sequences, this.#bound, this.#worth] = [nowMs, 0, 0, 0];
    return valid ? rate : undefined;
  }
}
