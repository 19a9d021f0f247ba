import { scan, type Scan } from './scan.ts';

/** A phrase found in a text; `from` and `to` count tokens, `to` is the first one after it. */
export interface Found<Value> {
  readonly value: Value;
  readonly from: number;
  readonly to: number;
}

interface Phrase<Value> {
  readonly hashes: Int32Array;
  readonly value: Value;
}

/** Tokens that lead to a phrase; with fewer, too many phrases begin alike. */
const leadTokens = 6;

const leadKey = (hashes: Int32Array, from: number, length: number): number => {
  let key = length;
  for (let at = from; at < from + length; at += 1) key = Math.imul(key ^ (hashes[at] ?? 0), 0x5bd1e995) ^ (key >>> 13);
  return key;
};

/** Which numbers may be among those added, told at the price of one look into a small table: most numbers are none of them. */
class Sieve {
  readonly #marks: Uint8Array;

  constructor(bits: number) {
    this.#marks = new Uint8Array(2 ** bits);
  }

  add(number: number): void {
    this.#marks[number & (this.#marks.length - 1)] = 1;
  }

  mayHave(number: number): boolean {
    return this.#marks[number & (this.#marks.length - 1)] === 1;
  }
}

/** Finds which of many phrases stand in a text, in one pass over it: the cost does not grow with the number of phrases. */
export class PhraseIndex<Value> {
  readonly #firstTokens = new Sieve(12);
  readonly #byLead = new Map<number, Phrase<Value>[]>();
  readonly #leads = new Set<number>();

  /** A phrase without a token is never found. The first of two equal phrases is. */
  add(text: string, value: Value): void {
    const { hashes, count } = scan(text);
    if (count === 0) return;
    this.#firstTokens.add(hashes[0] ?? 0);
    const lead = Math.min(leadTokens, count);
    this.#leads.add(lead);
    const key = leadKey(hashes, 0, lead);
    const known = this.#byLead.get(key);
    if (known) known.push({ hashes, value });
    else this.#byLead.set(key, [{ hashes, value }]);
  }

  /** Every phrase in the text, in order and without overlap; where several begin at one place, the longest. */
  findAll(text: Scan): Found<Value>[] {
    const found: Found<Value>[] = [];
    for (let at = 0; at < text.count;) {
      const here = this.#longestAt(text, at);
      if (here === undefined) at += 1;
      else {
        found.push({ value: here.value, from: at, to: at + here.hashes.length });
        at += here.hashes.length;
      }
    }
    return found;
  }

  /** The longest phrase anywhere in the text. */
  findLongest(text: Scan): Found<Value> | undefined {
    let best: Found<Value> | undefined;
    for (let at = 0; at < text.count; at += 1) {
      const here = this.#longestAt(text, at);
      if (here !== undefined && (best === undefined || here.hashes.length > best.to - best.from)) best = { value: here.value, from: at, to: at + here.hashes.length };
    }
    return best;
  }

  #longestAt(text: Scan, at: number): Phrase<Value> | undefined {
    if (!this.#firstTokens.mayHave(text.hashes[at] ?? 0)) return undefined;
    let best: Phrase<Value> | undefined;
    for (const lead of this.#leads) {
      if (at + lead > text.count) continue;
      for (const phrase of this.#byLead.get(leadKey(text.hashes, at, lead)) ?? []) {
        if ((best === undefined || phrase.hashes.length > best.hashes.length) && standsAt(phrase.hashes, text, at)) best = phrase;
      }
    }
    return best;
  }
}

function standsAt(phrase: Int32Array, text: Scan, at: number): boolean {
  if (at + phrase.length > text.count) return false;
  for (let offset = 0; offset < phrase.length; offset += 1) if (phrase[offset] !== text.hashes[at + offset]) return false;
  return true;
}

/** Tokens in a row that vote together. */
const shingleTokens = 4;

/**
 * Finds out whose words a text uses, also where they were edited or laid out anew: every four tokens in a row that only one owner uses are a vote for it.
 */
export class VoteIndex<Owner> {
  readonly #keys = new Sieve(15);
  readonly #owners = new Map<number, Owner | null>();

  add(text: string, owner: Owner): void {
    const { hashes, count } = scan(text);
    for (let at = 0; at + shingleTokens <= count; at += 1) {
      const key = leadKey(hashes, at, shingleTokens);
      this.#keys.add(key);
      const known = this.#owners.get(key);
      if (known === undefined) this.#owners.set(key, owner);
      else if (known !== owner) this.#owners.set(key, null);
    }
  }

  /** Owners with at least `least` votes and two fifths of the winner's, at most two, in the order in which they first speak. */
  speakers(text: Scan, least: number): Owner[] {
    const votes = new Map<Owner, number>();
    for (let at = 0; at + shingleTokens <= text.count; at += 1) {
      const key = leadKey(text.hashes, at, shingleTokens);
      if (!this.#keys.mayHave(key)) continue;
      const owner = this.#owners.get(key);
      if (owner !== undefined && owner !== null) votes.set(owner, (votes.get(owner) ?? 0) + 1);
    }
    const most = Math.max(0, ...votes.values());
    const heard = [...votes].filter(([, count]) => count >= Math.max(least, most * 0.4));
    const leaders = new Set(heard.toSorted((one, other) => other[1] - one[1]).slice(0, 2).map(([owner]) => owner));
    return heard.map(([owner]) => owner).filter(owner => leaders.has(owner));
  }
}
