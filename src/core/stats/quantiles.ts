/** How some numbers are spread. A quantile is the smallest of them that so large a share does not exceed, so that it is one of them. */
export interface Quantiles {
  /** How many there are, at least one. */
  readonly known: number;
  readonly least: number;
  readonly p10: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
}

/** Quantiles of some numbers, in whatever order; nothing for none. */
export function quantilesOf(numbers: readonly number[]): Quantiles | undefined {
  if (numbers.length === 0) return undefined;
  const ascending = Float64Array.from(numbers).sort();
  const at = (share: number) => ascending[Math.min(ascending.length - 1, Math.ceil(share * ascending.length) - 1)] ?? 0;
  return { known: numbers.length, least: ascending[0] ?? 0, p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9), p99: at(0.99), most: ascending.at(-1) ?? 0 };
}
