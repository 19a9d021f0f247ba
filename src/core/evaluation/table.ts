import type { Domain } from '../model/evaluation.ts';
import type { Comparison, ComparedRow, Difference } from './compare.ts';

/** A table of figures: its names, then its rows, with nothing where there is nothing to say. */
export interface FigureTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

const names = [
  'data set', 'domain', 'tasks', 'unanswered', 'without known answer', 'model', 'correct', 'unreadable', 'undecided', 'accuracy', 'low', 'high',
  'against', 'difference', 'difference low', 'difference high', 'gains', 'losses', 'p',
];

/** Not `all`, which a data set may be called as well. */
const pooledNames: Readonly<Record<Domain, string>> = { in: 'all in-domain', out: 'all out-of-domain' };

/**
 * The whole comparison as a table for a spreadsheet, a row for each model of each data set and of each domain. Shares and differences are 0 to 1, not percent.
 * A model's difference stands in its own row, beside the model that it is compared with.
 */
export function evaluationTable({ sets, pooled }: Comparison): FigureTable {
  return { names, rows: [...sets.flatMap(set => rowsOf(set.name, set)), ...pooled.flatMap(row => rowsOf(pooledNames[row.domain], row))] };
}

function rowsOf(name: string, { domain, n, leftOut, models, differences }: ComparedRow): FigureTable['rows'] {
  return models.map(({ model, correct, unreadable, undecided, accuracy, low, high }) => [
    name, domain, n, leftOut.unanswered, leftOut.withoutKnown, model, correct, unreadable, undecided, accuracy, low, high, ...differenceCells(differences.find(({ tuned }) => tuned === model)),
  ]);
}

const differenceCells = (difference: Difference | undefined): (string | number | null)[] =>
  difference ? [difference.base, difference.value, difference.low, difference.high, difference.gains, difference.losses, difference.p] : Array.from({ length: 7 }, () => null);
