/** One measured figure, as `npm run bench -- --json` prints it. */
export interface BenchRecord {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What is wanted; null where the figure is only reported. */
  readonly goal: { readonly op: '<=' | '>='; readonly value: number } | null;
}

/** What every benchmark is given. */
export interface Bench {
  /** Holds the data sets; may not be there. */
  readonly dataFolder: string;
  /** For files that take minutes to make and serve again; it is there. */
  readonly cacheFolder: string;
  /** How many of something there are in this pass: `count`, or its share in a trial pass, and `least` at least. */
  readonly sized: (count: number, least?: number) => number;
  /** Whether a figure is asked for, so that what only others need can be left out. */
  readonly wanted: (name: string) => boolean;
  /** Says on standard error what goes on. */
  readonly say: (text: string) => void;
}

/** Something that is measured as a whole and yields one or more figures. */
export interface Benchmark {
  /** The figures that it yields; one that ends with a dot stands for all that begin with it. */
  readonly names: readonly string[];
  readonly run: (bench: Bench) => AsyncGenerator<BenchRecord>;
}

/** A goal that is met by any value up to this one. */
export const atMost = (value: number): BenchRecord['goal'] => ({ op: '<=', value });
/** A goal that is met by any value from this one on. */
export const atLeast = (value: number): BenchRecord['goal'] => ({ op: '>=', value });

/** A value with so many decimals. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** The middle one of some values; NaN where there are none. */
export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
