// How the figures of an evaluation are written. Knows no DOM.
import { points } from '../../client/words.ts';
import type { Difference, EvaluatedRow } from '../../contract/evaluation.ts';
import type { ModelColumn } from '../../contract/pages/evaluation.ts';

type Figures = EvaluatedRow['models'][number];

/** A share of all tasks in percent: `62.7`; a dash where there are none. */
export const shareWords = (share: number, of: number): string => (of === 0 ? '–' : (share * 100).toFixed(1));

/** `+3.0 to +11.0`. */
export const intervalWords = ({ low, high }: Pick<Difference, 'low' | 'high'>): string => `${points(low)} to ${points(high)}`;

/** How likely so uneven a split is by chance. */
export const chanceWords = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** How a model did on a row; absent where it has no figures there. */
export const figuresOf = ({ models }: EvaluatedRow, { label }: ModelColumn): Figures | undefined => models.find(({ model }) => model === label);

/** The whole of a chart of shares in words, model by model. */
export const sharesSaid = (row: EvaluatedRow, columns: readonly ModelColumn[]): string => columns.flatMap(column => {
  const found = figuresOf(row, column);
  return found ? [`${column.head} ${shareWords(found.accuracy, row.n)}, ${shareWords(found.low, row.n)} to ${shareWords(found.high, row.n)} %`] : [];
}).join('; ');

/** Answers of each model that could not be read, in the order of the columns: `3 → 12`; empty where there are none. */
export function unreadableWords(row: EvaluatedRow, columns: readonly ModelColumn[]): string {
  const counts = columns.map(column => figuresOf(row, column)?.unreadable ?? 0);
  return counts.every(count => count === 0) ? '' : counts.join(columns.length === 2 ? ' → ' : ' · ');
}
