import { hash32 } from './play/random.ts';

/** What can be made to go wrong with a completion; the notes of the `demo-server` command say what each does. */
export const faultKinds = [
  '429', '500', '503', 'reset', 'hang', 'half', 'empty', 'html', 'none', 'fewer', 'slow',
  // New kinds come last: what a seed draws of the others stays as it was.
  '502', '429-later', '429-bare', 'reset-body', 'nan', 'wrong-model',
] as const;
/** One of `faultKinds`. */
export type FaultKind = (typeof faultKinds)[number];
/** Share of the requests, 0 to 1, that meet each fault; together at most 1. */
export type FaultRates = { readonly [Kind in FaultKind]?: number };

/**
 * Decides which requests fail, from a hash of the body and of how often this body has been seen: the same traffic meets the same faults, whatever its speed
 * and order, and a request that is sent again has a new chance.
 */
export class FaultDraw {
  readonly #seed: number;
  readonly #ranges: readonly (readonly [FaultKind, number])[];
  readonly #seen = new Map<number, number>();

  constructor(seed: number, rates: FaultRates) {
    this.#seed = seed;
    let below = 0;
    this.#ranges = faultKinds.map(kind => [kind, below += rates[kind] ?? 0] as const);
  }

  next(body: string): FaultKind | undefined {
    if ((this.#ranges.at(-1)?.[1] ?? 0) === 0) return undefined;
    const hash = hash32(body, this.#seed);
    const tries = (this.#seen.get(hash) ?? 0) + 1;
    this.#seen.set(hash, tries);
    const share = hash32(`${hash}|${tries}`, this.#seed) / 4_294_967_296;
    return this.#ranges.find(([, below]) => share < below)?.[0];
  }
}
