// The curve of a training as columns to be drawn. Knows no DOM.
import type { OpenJob } from '../../contract/pages/job.ts';

type Point = OpenJob['points'][number];
type Column = readonly (number | null)[];

/** Columns of equal length, by step. What was not measured at a step is null. */
export interface Curve {
  readonly steps: readonly number[];
  readonly loss: Column;
  readonly smoothed: Column;
  readonly heldOut: Column;
  readonly learningRate: Column;
  /** Steps at which an epoch begins, with its number; the first is not marked. */
  readonly epochs: readonly { readonly step: number; readonly epoch: number }[];
}

/** Smoothing is over this share of the points, and at least so many. */
const smoothedShare = 1 / 60;
const fewestSmoothed = 3;

/**
 * An exponential mean of what was measured, without the pull of its beginning: the first value is itself.
 *
 * @param over about how many points count
 */
export function smooth(values: Column, over: number): Column {
  const keep = 1 - 2 / (Math.max(1, over) + 1);
  let [sum, weight] = [0, 0];
  return values.map(value => {
    if (value === null) return null;
    sum = sum * keep + value * (1 - keep);
    weight = weight * keep + (1 - keep);
    return sum / weight;
  });
}

/** The columns of the points of a job, which come in any order. */
export function curveOf(points: readonly Point[]): Curve {
  const training = new Map(points.filter(({ heldOut }) => heldOut !== true).map(point => [point.step, point]));
  const measured = new Map(points.filter(({ heldOut }) => heldOut === true).map(point => [point.step, point]));
  const steps = [...new Set([...training.keys(), ...measured.keys()])].sort((a, b) => a - b);
  const column = (of: ReadonlyMap<number, Point>, field: 'loss' | 'learningRate'): Column => steps.map(step => of.get(step)?.[field] ?? null);
  const loss = column(training, 'loss');
  return {
    steps, loss, smoothed: smooth(loss, Math.max(fewestSmoothed, training.size * smoothedShare)), heldOut: column(measured, 'loss'), learningRate: column(training, 'learningRate'),
    epochs: epochStarts(steps.flatMap(step => training.get(step) ?? [])),
  };
}

function epochStarts(points: readonly Point[]): Curve['epochs'] {
  const starts: { step: number; epoch: number }[] = [];
  let before = 1;
  for (const { step, epoch } of points) {
    if (epoch === undefined || !Number.isFinite(epoch)) continue;
    const now = Math.floor(epoch) + 1;
    if (now > before && epoch > Math.floor(epoch)) { // the very end of the last epoch begins none
      starts.push({ step, epoch: now });
      before = now;
    }
  }
  return starts.slice(0, 50);
}

/** At most `most` values, evenly taken, the last of them always. */
export function thinned<Value>(values: readonly Value[], most: number): readonly Value[] {
  const stretch = Math.ceil(values.length / Math.max(1, most));
  return stretch <= 1 ? values : values.filter((_, at) => (values.length - 1 - at) % stretch === 0);
}

/** The last number of a column; absent where there is none. */
export const latest = (column: Column): number | undefined => column.findLast(value => value !== null) ?? undefined;

/** A loss as it is written beside a curve. */
export const lossWords = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : value !== 0 && Math.abs(value) < 0.01 ? value.toExponential(2) : value.toFixed(value < 10 ? 3 : 1));

/** A learning rate: `7.7e-6`, `2e-5`. */
export const rateWords = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : value === 0 ? '0' : Number(value.toPrecision(2)).toExponential());
