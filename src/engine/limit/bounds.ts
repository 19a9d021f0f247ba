/** Sequences in flight below which no limit goes: what the server makes of one alone says nothing of how many it takes. */
export const leastLimit = 2;
/**
 * Sequences to begin with where nothing was found out yet. A server that tells of its queue gets half of what a large one holds: where it is too much, its first
 * page says so. One that tells nothing gets what fills small servers and harms none.
 */
export const firstLimit = { withMetrics: 64, blind: 32 } as const;
