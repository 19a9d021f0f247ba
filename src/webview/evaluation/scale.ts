// Where figures stand on the axes of an evaluation. Knows no DOM.
import type { EvaluatedRow } from '../../contract/evaluation.ts';

/** An axis: from what to what, with the values that are written below it. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
/** Ticks that fit below a chart. */
const mostTicks = 5;

/** An axis that holds all values, from tick to tick; never outside of `least` and `most`. */
function scaleOf(values: readonly number[], { least, most }: { readonly least: number; readonly most: number }): Scale {
  const [from, to] = [Math.max(least, Math.min(...values)), Math.min(most, Math.max(...values))];
  const step = steps.find(each => (to - from) / each <= mostTicks - 1) ?? 0.5;
  const [first, last] = [Math.floor(from / step + 1e-9), Math.max(Math.ceil(to / step - 1e-9), Math.floor(from / step + 1e-9) + 1)];
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => round((first + at) * step)).filter(tick => tick >= least && tick <= most);
  return { low: ticks[0] ?? least, high: ticks.at(-1) ?? most, ticks };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

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
