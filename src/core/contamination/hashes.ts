/** Odd, so that no place of a run is lost modulo 2³². */
const base = 0x5f35_6495;

/** Spreads the bits of a hash of 32 bits over all of it (the last step of MurmurHash3, A. Appleby). @returns 0 to 2³² − 1 */
export function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A hash of 32 bits of a word. */
export function wordHash(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash, base) + word.charCodeAt(at) + 1 | 0;
  return mixed(hash);
}

/** Hashes of every run of some length in a sequence, in constant time each, whatever the length. */
export class RunHashes {
  /** Of everything before each place. */
  readonly #before: Int32Array;
  readonly #length: number;

  /** @param valueAt a number of 32 bits for each place */
  constructor(length: number, valueAt: (place: number) => number) {
    this.#length = length;
    this.#before = new Int32Array(length + 1);
    for (let place = 0; place < length; place += 1) this.#before[place + 1] = Math.imul(this.#before[place] ?? 0, base) + valueAt(place);
  }

  /** How many runs of a length there are. */
  count(size: number): number {
    return Math.max(0, this.#length - size + 1);
  }

  /** The hash of the run of this length that begins here. `power`: see `runPower`. */
  at(place: number, size: number, power: number): number {
    return mixed((this.#before[place + size] ?? 0) - Math.imul(this.#before[place] ?? 0, power) ^ size);
  }
}

/** What `RunHashes.at` takes for runs of a length. */
export function runPower(size: number): number {
  let power = 1;
  for (let times = 0; times < size; times += 1) power = Math.imul(power, base);
  return power;
}
