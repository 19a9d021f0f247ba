// Where figures stand on the axes of an evaluation. Knows no DOM.
import type { EvaluatedRow } from '../../contract/evaluation.ts';

/** An axis: from what to what, with the values that are written below it. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
/** Ticks that fit below a chart, less one. */
const mostSteps = 5;
/** What is left free beside the values, as a share of what they take, and how much an axis shows at least. */
const air = 0.04;
const leastSpan = 0.04;

/** An axis that holds all values, with a little air; never outside of `least` and `most`. */
function scaleOf(values: readonly number[], { least, most }: { readonly least: number; readonly most: number }): Scale {
  const [from, to] = [Math.min(...values), Math.max(...values)];
  const free = Math.max((to - from) * air, (leastSpan - (to - from)) / 2);
  const [low, high] = [Math.max(least, from - free), Math.min(most, to + free)];
  const step = steps.find(each => (high - low) / each <= mostSteps) ?? 0.5;
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return { low, high, ticks: Array.from({ length: last - first + 1 }, (_, at) => Math.round((first + at) * step * 1000) / 1000) };
}

/** The axis of shares: as much of 0 to 1 as the intervals take. */
export function shareScale(rows: readonly EvaluatedRow[]): Scale {
  const values = rows.filter(({ n }) => n > 0).flatMap(({ models }) => models.flatMap(({ low, high }) => [low, high]));
  return scaleOf(values.length === 0 ? [0, 1] : values, { least: 0, most: 1 });
}

/** The axis of differences: 0 always stands on it. */
export function differenceScale(rows: readonly EvaluatedRow[]): Scale {
  return scaleOf([0, ...rows.flatMap(({ differences }) => differences.flatMap(({ low, high }) => [low, high]))], { least: -1, most: 1 });
}

/** Where a value stands on its axis, in percent of the width, kept within it. */
export function place(value: number, { low, high }: Scale): string {
  const share = high <= low ? 0 : (value - low) / (high - low);
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;
}
