// What the page of iterations shows, in words. Knows nothing of the editor.
import { accuracyWords, figureWords, hintedWords, iterationColumns, iterationNotes, iterationTable, madeWords, type ShownFigure } from '../../client/iterationWords.ts';
import { thousands } from '../../client/words.ts';
import type { Iteration, IterationsReport, ModelEvaluation } from '../../contract/iterations.ts';
import type { IterationChart, IterationWish, OpenIterations } from '../../contract/pages/iterations.ts';
import { commands, type CommandId } from '../manifest.ts';
import { csv } from '../csv.ts';
import { oneLine } from '../words.ts';

/** What does a wish. */
export const wishCommands = { 'run': 'regenesis.run.start', 'fine-tune': 'regenesis.dataset.fineTune', 'iterate': 'regenesis.iteration.run', 'evaluate': 'regenesis.evaluation.start' } as const satisfies Readonly<Record<IterationWish, CommandId>>;

/** All that the page shows. @param hasModel a job of the project has succeeded */
export function openIterations(report: IterationsReport, hasModel: boolean): OpenIterations {
  const { iterations, finding, simulated } = report;
  const { wishes, words } = nextOf(iterations, hasModel);
  return {
    kind: 'open', simulated, finding, notes: iterationNotes(report).map(oneLine), marks: [{ at: 0, words: 'base' }, ...iterations.map(({ iteration }) => ({ at: iteration, words: String(iteration) }))],
    charts: iterations.length === 0 ? [] : chartsOf(iterations), names: ['Iteration', 'Model', 'Made by', 'Tasks', 'Solved', 'Kept', 'Length', 'Answers', 'Paths', 'Wrong differ', 'Hinted', 'In domain after', 'Out of domain after'],
    rows: iterations.map(rowOf), next: wishes.map(wish => ({ wish, title: commands[wishCommands[wish]].title })), nextWords: words,
  };
}

/** All figures for a spreadsheet. */
export function iterationsCsv({ iterations }: Pick<IterationsReport, 'iterations'>): string {
  const { names, rows } = iterationTable(iterations);
  return csv(names, rows);
}

function nextOf(iterations: readonly Iteration[], hasModel: boolean): { readonly wishes: readonly IterationWish[]; readonly words: string } {
  const last = iterations.at(-1);
  if (!last) return { wishes: ['run'], words: 'Nothing was run in this project yet. The first run is iteration 1: what it keeps is what a model learns from.' };
  if (!last.tuned) {
    return { wishes: hasModel ? ['fine-tune', 'iterate'] : ['fine-tune'], words: `No model has learnt from iteration ${last.iteration} yet. Fine-tune one on what it has kept; it goes on from there.` };
  }
  if (!last.tuned.evaluated) return { wishes: ['iterate', 'evaluate'], words: `Job ${last.tuned.job} has learnt from iteration ${last.iteration}, and nobody has evaluated its model yet.` };
  return { wishes: ['iterate', 'evaluate'], words: '' };
}

const rowOf = (each: Iteration): OpenIterations['rows'][number] => ({
  cells: [
    String(each.iteration), oneLine(each.model), oneLine(madeWords(each)), each.figures ? thousands(each.figures.tasks) : '–', ...iterationColumns.map(({ name, unit }) => figureWords(each.figures?.[name], unit)),
    hintedWords(each), accuracyWords(each.tuned?.evaluated?.inDomain), accuracyWords(each.tuned?.evaluated?.outOfDomain),
  ],
  job: each.madeBy?.job ?? null, evaluation: each.tuned?.evaluated?.evaluation ?? null,
});

type Point = IterationChart['series'][number]['points'][number];
type ColumnName = (typeof iterationColumns)[number]['name'];

function chartsOf(iterations: readonly Iteration[]): IterationChart[] {
  const figures = (name: ColumnName): readonly Point[] => {
    const unit = iterationColumns.find(column => column.name === name)?.unit ?? 'number';
    return iterations.flatMap(({ iteration, figures: counted }) => pointOf(iteration, counted?.[name], figure => figureWords(figure, unit)));
  };
  const accuracy = (domain: 'inDomain' | 'outOfDomain'): readonly Point[] => [{ at: 0, model: iterations[0]?.evaluated }, ...iterations.map(({ iteration, tuned }) => ({ at: iteration, model: tuned?.evaluated }))].flatMap(({ at, model }) => {
    const row: ModelEvaluation['inDomain'] = model?.[domain];
    return pointOf(at, row && { value: row.accuracy, low: row.low, high: row.high }, () => accuracyWords(row));
  });
  return [
    chart('Accuracy', 'Of the model that learnt from each iteration, on held-out tasks; base is the model before the first', shares, [{ name: 'in domain', points: accuracy('inDomain') }, { name: 'out of domain', points: accuracy('outOfDomain') }]),
    chart('Share solved', 'Tasks that a path without a hint solves, of those with a known answer', shares, [{ name: 'solved', points: figures('solved') }]),
    chart('Kept per task', 'Paths that go into the training set', fromZero, [{ name: 'kept', points: figures('keptPerTask') }]),
    chart('Length', 'Characters of a kept path as the model wrote it', fromZero, [{ name: 'characters', points: figures('length') }]),
    chart('Different answers', 'Of a task, among its readable paths without a hint. They become fewer as more are right; that wrong ones become alike is a sign of collapse', fromZero, [{ name: 'answers', points: figures('distinctAnswers') }, { name: 'paths', points: figures('readablePaths') }]),
  ];
}

const pointOf = (at: number, figure: ShownFigure | null | undefined, words: (figure: ShownFigure) => string): readonly Point[] => (figure ? [{ at, ...figure, words: words(figure) }] : []);

type Ticks = (highest: number) => IterationChart['ticks'];
const shares: Ticks = () => [0, .5, 1].map(value => ({ value, words: `${value * 100} %` }));
/** From 0 to a round number above all. */
const fromZero: Ticks = highest => {
  const size = 10 ** Math.floor(Math.log10(Math.max(highest, 1)));
  const top = [1, 2, 5, 10].map(each => each * size).find(each => each >= highest) ?? highest;
  return [0, top / 2, top].map(value => ({ value, words: thousands(value) }));
};

function chart(...[title, hint, ticks, series]: [title: string, hint: string, ticks: Ticks, series: readonly { readonly name: string; readonly points: readonly Point[] }[]]): IterationChart {
  const highest = Math.max(0, ...series.flatMap(({ points }) => points.map(({ value, high }) => high ?? value)));
  return { title, hint, ticks: ticks(highest), series: series.map(({ name, points }) => ({ name, points: [...points] })) };
}
