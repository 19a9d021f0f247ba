import { accuracyWords, figureWords, hintedWords, iterationColumns, iterationNotes, madeWords } from '../client/iterationWords.ts';
import type { Iteration, IterationsReport } from '../contract/iterations.ts';
import { exitCodes, type Command } from './command.ts';
import { json, table } from './print.ts';
import { withProject } from './withEngine.ts';

/** Says what each round of generating and training came to. */
export const iterations: Command = {
  name: 'iterations',
  summary: 'Say what each iteration came to: the model that was asked, what it solved and kept, and how the model does that learnt from it.',
  usage: 'PROJECT',
  options: {},
  positionals: [1, 1],
  notes: 'Iteration 1 is the runs of a model that no job of the project has made. `run PROJECT --iteration JOB` begins the next one. Asks no model: all figures are worked out from stored answers.',
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    const report = await engine.call('iterations', {});
    await environment.out(given.flag('json') ? json(report) : iterationsText(report));
    return exitCodes.done;
  }),
};

/** Iterations, for people. */
export function iterationsText(report: IterationsReport): string {
  const { iterations: all, simulated, finding } = report;
  if (all.length === 0) return 'Nothing was run in this project yet. `regenesis run` begins the first iteration.\n';
  return [
    ...(simulated ? ['simulation: the demo server plays the model'] : []),
    table([['iteration', 'model', 'made by', 'tasks', ...iterationColumns.map(({ words }) => words), 'hinted'], ...all.map(figureRow)]),
    table([['evaluated', 'model', 'in domain', 'out of domain'], ...evaluatedRows(all)]),
    finding.text,
    ...iterationNotes(report),
  ].join('\n') + '\n';
}

const figureRow = (each: Iteration): (string | number)[] => [
  each.iteration, each.model, madeWords(each), each.figures?.tasks ?? '–', ...iterationColumns.map(({ name, unit }) => figureWords(each.figures?.[name], unit)),
  hintedWords(each),
];

/** The model before all iterations, and what came of each. */
function evaluatedRows(all: readonly Iteration[]): readonly (readonly (string | number)[])[] {
  const [first] = all;
  return [
    ['before', first?.model ?? '', accuracyWords(first?.evaluated?.inDomain), accuracyWords(first?.evaluated?.outOfDomain)],
    ...all.flatMap(({ iteration, tuned }) => (tuned ? [[`after ${iteration}`, tuned.model ?? `of job ${tuned.job}`, accuracyWords(tuned.evaluated?.inDomain), accuracyWords(tuned.evaluated?.outOfDomain)]] : [])),
  ];
}
