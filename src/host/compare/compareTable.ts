// Training sets side by side, as a page and a spreadsheet have them. Knows nothing of the editor.
import type { CompareReport } from '../../contract/compare.ts';
import type { ComparedRow } from '../../contract/pages/compareMethods.ts';
import { csv, type Cell } from '../csv.ts';

/** Names of files, each with as many of its folders as tell it apart from the others. */
export function shortNames(paths: readonly string[]): readonly string[] {
  const parts = paths.map(path => path.split(/[/\\]/).filter(part => part !== ''));
  const named = (own: readonly string[], depth: number) => own.slice(-depth).join('/');
  return parts.map(own => {
    const depth = own.findIndex((_, at) => parts.filter(other => named(other, at + 1) === named(own, at + 1)).length === 1);
    return named(own, depth < 0 ? own.length : depth + 1);
  });
}

/** The rows of a report with their names. */
export function namedRows({ rows }: CompareReport, added: readonly string[]): readonly ComparedRow[] {
  const names = shortNames(rows.map(({ path }) => path));
  return rows.map((row, at) => ({ ...row, name: names[at] ?? row.path, added: added.includes(row.manifest) }));
}

type ComparedSet = NonNullable<ComparedRow['set']>;
type Figures = NonNullable<ComparedSet['figures']>;

const names = [
  'training set', 'recipes', 'models', 'records', 'tasks', 'trainable tasks', 'coverage', 'characters mean', 'characters median', 'characters 90 %', 'tokens mean', 'tokens median', 'tokens 90 %',
  'diversity of records', 'distinct-4', 'skeletons', 'hinted share', 'answers a task', 'requests a path', 'tokens a path', 'simulation', 'jobs', 'sha256', 'manifest',
];

const lengthCells = (lengths: Figures['characters']): readonly Cell[] => [lengths?.mean ?? null, lengths?.p50 ?? null, lengths?.p90 ?? null];
const figureCells = (figures: Figures | undefined): readonly Cell[] => [figures?.trainable ?? null, figures?.coverage ?? null, ...lengthCells(figures?.characters), ...lengthCells(figures?.tokens)];
const diversityCells = ({ distinct, skeletons }: ComparedSet, size: number | null): readonly Cell[] => (distinct === undefined ? [null, null, null] : [size, distinct, skeletons ?? null]);
const costCells = ({ figures, requestsPerPath, tokensPerPath }: ComparedSet): readonly Cell[] => [figures?.answers.distinct ?? null, requestsPerPath ?? null, tokensPerPath ?? null];

/** Training sets as CSV, with whole numbers and shares from 0 to 1; what cannot be read is left out. */
export function compareCsv({ size, rows }: { readonly size: number | null; readonly rows: readonly ComparedRow[] }): string {
  return csv(names, rows.flatMap(({ name, set, jobs, manifest }) => (set ? [[
    name, set.recipes.join(' '), set.models.join(' '), set.records, set.tasks, ...figureCells(set.figures), ...diversityCells(set, size), set.hintedShare, ...costCells(set),
    String(set.simulated), jobs.map(({ id }) => id).join(' '), set.sha256, manifest,
  ]] : [])));
}
