import type { Benchmark } from './record.ts';

/** Whether `only` (a name, or a prefix that ends with a dot) asks for a figure. Without it everything is asked for. */
export const wants = (only: string | undefined, name: string): boolean => only === undefined || name === only || (only.endsWith('.') && name.startsWith(only));

/** The benchmarks that have to run for what is asked for; none where there is no such figure. */
export const selected = (benchmarks: readonly Benchmark[], only: string | undefined): readonly Benchmark[] =>
  benchmarks.filter(({ names }) => names.some(name => wants(only, name) || (only !== undefined && name.endsWith('.') && only.startsWith(name) && only !== name)));
