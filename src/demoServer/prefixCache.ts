import type { Scan } from './play/scan.ts';

/** Tokens of a block: only whole blocks are kept and found again. */
const blockTokens = 16;

/** Tokens of a prompt that were there already: for the first sequence of a request, and for all of them together. */
export interface CacheHits {
  readonly first: number;
  readonly all: number;
}

/** A prefix cache as inference servers have it: blocks of tokens, found by everything before them, the least recently used forgotten first. */
export class PrefixCache {
  readonly #mostBlocks: number;
  readonly #blocks = new Set<number>();

  constructor(capacityTokens: number) {
    this.#mostBlocks = Math.floor(capacityTokens / blockTokens);
  }

  /** Tokens held at present. */
  get tokens(): number {
    return this.#blocks.size * blockTokens;
  }

  /**
   * How many tokens at the beginning of a prompt were there already; afterwards all its whole blocks are. Never all tokens: the last is always computed, and
   * with it its block.
   *
   * A request for n samples asks n times, since vLLM makes n requests for one sample each of it (github.com/vllm-project/vllm/pull/13421): the repeats find
   * what the first has just left, where the cache can hold it.
   */
  take(prompt: Scan, sequences: number): CacheHits {
    if (this.#mostBlocks === 0) return { first: 0, all: 0 };
    const reusable = Math.floor(Math.max(0, prompt.count - 1) / blockTokens) * blockTokens;
    const first = Math.min(this.#takeBlocks(prompt) * blockTokens, reusable);
    const repeat = Math.floor(prompt.count / blockTokens) <= this.#mostBlocks ? reusable : 0;
    return { first, all: first + (sequences - 1) * repeat };
  }

  /** How many whole blocks from the beginning on were there. */
  #takeBlocks(prompt: Scan): number {
    let chain = 0;
    let hits = 0;
    let unbroken = true;
    for (let block = 0; (block + 1) * blockTokens <= prompt.count; block += 1) {
      for (let at = block * blockTokens; at < (block + 1) * blockTokens; at += 1) chain = Math.imul(chain ^ (prompt.hashes[at] ?? 0), 0x5bd1e995) ^ (chain >>> 15);
      unbroken &&= this.#blocks.delete(chain);
      if (unbroken) hits += 1;
      else this.#blocks.delete(chain);
      this.#blocks.add(chain);
    }
    for (const oldest of this.#blocks) {
      if (this.#blocks.size <= this.#mostBlocks) break;
      this.#blocks.delete(oldest);
    }
    return hits;
  }
}
