/** How a batching server works: at most `slots` sequences run; a step with b of them takes `t0 + c·b` ms and makes a token of each, an uncached prompt token `p` ms. */
export interface ServerModel {
  readonly slots: number;
  readonly stepMs: { readonly t0: number; readonly c: number; readonly p: number };
}

/** What a server did. */
export interface ServerWork {
  readonly generatedTokens: number;
  readonly uncachedTokens: number;
  /** Of the answers that had to wait for each other, the longest row. */
  readonly chainTokens: number;
}

/**
 * The least time in which a server can have done its work, in milliseconds: with all slots full at every step and every uncached prompt token computed once, or
 * the longest chain with nothing beside it, whichever takes longer.
 */
export function boundMs({ slots, stepMs: { t0, c, p } }: ServerModel, { generatedTokens, uncachedTokens, chainTokens }: ServerWork): number {
  return Math.max(generatedTokens * (t0 / slots + c) + uncachedTokens * p, chainTokens * (t0 + c));
}
