// The columns of training sets side by side. Knows no DOM.
import { thousands, visible } from '../../client/words.ts';
import type { ComparedRow } from '../../contract/pages/compareMethods.ts';
import { percent } from '../kit/figures.ts';

/** Names of the columns, from the left. */
export const columnNames = ['set', 'recipe', 'records', 'tasks', 'coverage', 'length', 'tokens', 'distinct', 'skeletons', 'hinted', 'answers', 'requests', 'cost', 'inDomain', 'outOfDomain', 'model', 'jobs'] as const;
/** One of `columnNames`. */
export type ColumnName = (typeof columnNames)[number];

/** A column. */
export interface Column {
  readonly name: ColumnName;
  readonly words: string;
  /** What it is, in a sentence. @param size of the sample that diversity is told of */
  readonly says: (size: number | null) => string;
  readonly isFigure: boolean;
  /** What it is sorted by; nothing where it is not known. */
  readonly value: (row: ComparedRow) => string | number | null;
  readonly text: (row: ComparedRow) => string;
  /** Absent: always. */
  readonly isThere?: (rows: readonly ComparedRow[]) => boolean;
}

const none = '–';
type Names = Pick<Column, 'name' | 'words' | 'says'>;

const wordColumn = (names: Names, of: (row: ComparedRow) => string): Column => ({ ...names, isFigure: false, value: of, text: row => visible(of(row)) });

function figureColumn(names: Names, of: (row: ComparedRow) => number | undefined, text: (value: number, row: ComparedRow) => string): Column {
  const shown = (row: ComparedRow) => {
    const value = of(row);
    return value === undefined ? none : text(value, row);
  };
  return { ...names, isFigure: true, value: row => of(row) ?? null, text: shown };
}

const share = (value: number): string => percent(value, 1);
/** Whole numbers from ten on, for what varies by more than that. */
const rough = (value: number): string => (value < 10 ? value.toFixed(1) : thousands(Math.round(value)));
const inSample = (what: string) => (size: number | null): string => `${what}${size === null ? '' : `, in ${thousands(size)} records of each set`}`;

/** What the latest model that was trained on a set and evaluated is worth; each domain by its latest evaluation. */
function accuracyColumn(names: Names, domain: 'inDomain' | 'outOfDomain'): Column {
  const latest = ({ evaluations }: ComparedRow) => {
    // both columns are of one model, or the table would show what no model is worth
    const model = evaluations.findLast(each => each.inDomain ?? each.outOfDomain)?.model;
    return evaluations.findLast(each => each.model === model && each[domain])?.[domain];
  };
  const column = figureColumn(names, row => latest(row)?.accuracy, (value, row) => {
    const { low = 0, high = 1 } = latest(row) ?? {};
    return `${share(value)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
  });
  return { ...column, isThere: rows => rows.some(row => latest(row) !== undefined) };
}

/** All columns, from the left. */
export const columns: readonly Column[] = [
  wordColumn({ name: 'set', words: 'Training set', says: () => 'Training set' }, row => row.name),
  wordColumn({ name: 'recipe', words: 'Recipe', says: () => 'The recipes that made its paths' }, ({ set }) => set?.recipes.join(', ') ?? ''),
  figureColumn({ name: 'records', words: 'Records', says: () => 'Records' }, ({ set }) => set?.records, thousands),
  figureColumn({ name: 'tasks', words: 'Tasks', says: () => 'Tasks with a path' }, ({ set }) => set?.tasks, thousands),
  figureColumn({ name: 'coverage', words: 'Coverage', says: () => 'Tasks with a path, of all train tasks of its project' }, ({ set }) => set?.figures?.coverage, share),
  figureColumn({ name: 'length', words: 'Length', says: () => 'Median length of a path, in characters' }, ({ set }) => set?.figures?.characters?.p50, thousands),
  figureColumn({ name: 'tokens', words: 'Tokens', says: () => 'Median length of a path, in tokens as its server counted them' }, ({ set }) => set?.figures?.tokens?.p50, thousands),
  figureColumn({ name: 'distinct', words: 'Distinct-4', says: inSample('Share of distinct runs of four words') }, ({ set }) => set?.distinct, share),
  figureColumn({ name: 'skeletons', words: 'Skeletons', says: inSample('Distinct courses that paths take, by what is done in their steps') }, ({ set }) => set?.skeletons, thousands),
  figureColumn({ name: 'hinted', words: 'Hinted', says: () => 'Records that were written with the known answer as a hint' }, ({ set }) => set?.hintedShare, share),
  figureColumn({ name: 'answers', words: 'Answers', says: () => 'Distinct answers of a task, of all of its paths, kept or not' }, ({ set }) => set?.figures?.answers.distinct, value => value.toFixed(2)),
  figureColumn({ name: 'requests', words: 'Req/path', says: () => 'Requests for each kept path' }, ({ set }) => set?.requestsPerPath, rough),
  figureColumn({ name: 'cost', words: 'Tok/path', says: () => 'Tokens that the model wrote for each kept path' }, ({ set }) => set?.tokensPerPath, rough),
  accuracyColumn({ name: 'inDomain', words: 'In domain', says: () => 'How often the latest model that was trained on it is right in its domain, with the 95 % interval' }, 'inDomain'),
  accuracyColumn({ name: 'outOfDomain', words: 'Out of domain', says: () => 'How often the latest model that was trained on it is right out of its domain, with the 95 % interval' }, 'outOfDomain'),
  wordColumn({ name: 'model', words: 'Model', says: () => 'The models that wrote its paths' }, ({ set }) => set?.models.join(', ') ?? ''),
  wordColumn({ name: 'jobs', words: 'Jobs', says: () => 'Training jobs of this project that have learnt from it' }, ({ jobs }) => jobs.map(({ id, state }) => `${id} ${state}`).join(', ')),
];
