import { counted, thousands } from './words.ts';
import type { Iteration, IterationFigures, IterationsReport, ModelEvaluation } from '../contract/iterations.ts';

/** What is shown of an iteration, in the order in which it is shown. `share`: 0 to 1, shown as per cent. */
export const iterationColumns = [
  { name: 'solved', unit: 'share', words: 'solved', of: 'figures' },
  { name: 'keptPerTask', unit: 'number', words: 'kept per task', of: 'figures' },
  { name: 'length', unit: 'characters', words: 'characters per kept path', of: 'figures' },
  { name: 'distinctAnswers', unit: 'number', words: 'different answers per task', of: 'figures' },
  { name: 'readablePaths', unit: 'number', words: 'readable paths per task', of: 'figures' },
  { name: 'wrongDiffer', unit: 'share', words: 'wrong answers that differ', of: 'figures' },
] as const;

/** A figure with its interval, which is absent where nothing tells it. */
export type ShownFigure = NonNullable<IterationFigures['solved']>;
type Unit = (typeof iterationColumns)[number]['unit'];

/** A figure as it is written. */
export function figureWords(figure: Pick<ShownFigure, 'value'> | null | undefined, unit: Unit): string {
  if (!figure) return '–';
  switch (unit) {
    case 'share': return `${(100 * figure.value).toFixed(1)} %`;
    case 'characters': return thousands(Math.round(figure.value));
    case 'number': return figure.value.toFixed(2);
  }
}

/** The share of hinted paths as it is written. */
export function hintedWords({ figures }: Pick<Iteration, 'figures'>): string {
  const hinted = figures?.hinted ?? null;
  return figureWords(hinted === null ? null : { value: hinted }, 'share');
}

/** An accuracy with its interval. */
export const accuracyWords = (row: ModelEvaluation['inDomain']): string => (row ? `${(100 * row.accuracy).toFixed(1)} % (${(100 * row.low).toFixed(1)} to ${(100 * row.high).toFixed(1)})` : '–');

/** What made the model of an iteration. */
export const madeWords = ({ madeBy }: Pick<Iteration, 'madeBy'>): string => (madeBy ? `job ${madeBy.job} from ${madeBy.base}` : 'no job of this project');

/** What is to be known before the figures are believed. */
export function iterationNotes({ iterations, others }: Pick<IterationsReport, 'iterations' | 'others'>): readonly string[] {
  return [
    ...iterations.flatMap(({ iteration, figures }) => (figures?.sampled === true ? [`Iteration ${iteration}: counted on a seeded sample of ${counted(figures.tasks, 'settled task')}.`] : [])),
    ...iterations.flatMap(({ iteration, problem }) => (problem ? [`Iteration ${iteration}: ${problem.message}`] : [])),
    ...(others === 0 ? [] : [`${others} ${others === 1 ? 'run' : 'runs'} beside these ${others === 1 ? 'is' : 'are'} not shown: another model was asked.`]),
  ];
}

/** All figures as a table, for a spreadsheet: shares are 0 to 1. */
export const iterationTable = (iterations: readonly Iteration[]): { readonly names: readonly string[]; readonly rows: readonly (readonly Cell[])[] } => ({
  names: [
    'iteration', 'runs', 'recipe', 'model', 'simulated', 'made by job', 'base', 'dataset sha256', 'tasks', 'sampled', ...iterationColumns.flatMap(({ words }) => withInterval(words)), 'hinted share',
    'tuned by job', 'tuned model', ...['in domain before', 'out of domain before', 'in domain after', 'out of domain after'].flatMap(withInterval),
  ],
  rows: iterations.map(each => [...headCells(each), ...figureCells(each), ...evaluatedCells(each)]),
});

type Cell = string | number | null;

const withInterval = (name: string): readonly string[] => [name, `${name} low`, `${name} high`];
const interval = (figure: ShownFigure | null | undefined): readonly Cell[] => (figure ? [figure.value, figure.low ?? null, figure.high ?? null] : [null, null, null]);

const headCells = ({ iteration, runs, recipe, model, simulated, madeBy }: Iteration): readonly Cell[] =>
  [iteration, runs.join(' '), recipe, model, String(simulated), ...(madeBy ? [madeBy.job, madeBy.base, madeBy.datasetSha256] : [null, null, null])];

const figureCells = ({ figures }: Iteration): readonly Cell[] =>
  [figures?.tasks ?? null, figures ? String(figures.sampled) : null, ...iterationColumns.flatMap(({ name }) => interval(figures?.[name])), figures?.hinted ?? null];

function evaluatedCells({ evaluated, tuned }: Iteration): readonly Cell[] {
  const accuracies = (model: ModelEvaluation | undefined) => [model?.inDomain, model?.outOfDomain].flatMap(row => interval(row && { ...row, value: row.accuracy }));
  return [tuned?.job ?? null, tuned?.model ?? null, ...accuracies(evaluated), ...accuracies(tuned?.evaluated)];
}
