/** A share of all, to four digits; 0 of none. */
export const shareOf = (count: number, all: number): number => (all === 0 ? 0 : Math.round((count / all) * 10_000) / 10_000);
