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

type Figures = NonNullable<NonNullable<ComparedRow['set']>['figures']>;

const names = [
  'training set', 'recipes', 'models', 'records', 'tasks', 'trainable tasks', 'coverage', 'characters mean', 'characters median', 'characters 90 %', 'tokens mean', 'tokens median', 'tokens 90 %',
  'diversity of records', 'distinct-4', 'skeletons', 'hinted share', 'answers a task', 'requests a path', 'tokens a path', 'simulation', 'jobs', 'sha256', 'manifest',
];

const lengthCells = (lengths: Figures['characters']): readonly Cell[] => [lengths?.mean ?? null, lengths?.p50 ?? null, lengths?.p90 ?? null];

/** Training sets as CSV, with whole numbers and shares from 0 to 1; what cannot be read is left out. */
export function compareCsv({ size, rows }: { readonly size: number | null; readonly rows: readonly ComparedRow[] }): string {
  return csv(names, rows.flatMap(({ name, set, jobs, manifest }) => {
    if (!set) return [];
    const { figures } = set;
    return [[
      name, set.recipes.join(' '), set.models.join(' '), set.records, set.tasks, figures?.trainable ?? null, figures?.coverage ?? null, ...lengthCells(figures?.characters), ...lengthCells(figures?.tokens),
      set.distinct === undefined ? null : size, set.distinct ?? null, set.skeletons ?? null, set.hintedShare, figures?.answers.distinct ?? null, set.requestsPerPath ?? null, set.tokensPerPath ?? null,
      String(set.simulated), jobs.map(({ id }) => id).join(' '), set.sha256, manifest,
    ]];
  }));
}
