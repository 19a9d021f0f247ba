import path from 'node:path';
import { accuracyWords } from '../client/iterationWords.ts';
import { thousands } from '../client/words.ts';
import type { CompareReport, CompareRow } from '../contract/compare.ts';
import { exitCodes, type Command } from './command.ts';
import { json, table } from './print.ts';
import { withProject } from './withEngine.ts';

const ending = '.manifest.json';

/** Holds training sets against each other. */
export const compare: Command = {
  name: 'compare',
  summary: 'Put training sets side by side: size, coverage, length, diversity, and what a kept path has cost. Of this project and of others.',
  usage: 'PROJECT [MANIFEST…]',
  options: {},
  positionals: [1, 200],
  notes: `Without a manifest: the training sets that the project has exported, and those that its jobs have learnt from. A manifest of another project may be named too.
Diversity is told of samples of one size, the largest that all of the sets have, since it changes with mere size: docs/figures.md says what each figure is.
Asks no model. Exit code 3: something cannot be read.`,
  run: async (given, environment) => {
    const [project = '', ...named] = given.positionals;
    const manifests = named.map(file => path.resolve(file.endsWith(ending) ? file : `${file}${ending}`));
    return withProject(environment, { project }, async engine => {
      const report = await engine.call('compareDatasets', manifests.length === 0 ? {} : { manifests });
      await environment.out(given.flag('json') ? json(report) : compareText(report));
      return report.rows.some(({ wrong }) => wrong !== undefined) ? exitCodes.inPart : exitCodes.done;
    });
  },
};

/** A comparison for people. */
export function compareText({ size, rows }: CompareReport): string {
  if (rows.length === 0) return 'Nothing was exported from this project yet. Export what a recipe has kept: regenesis export PROJECT --out FILE\n';
  const at = size === null ? '' : ` in ${thousands(size)}`;
  const heads = ['training set', 'recipe', 'model', 'records', 'tasks', 'coverage', 'median length', 'tokens', `distinct-4${at}`, `skeletons${at}`, 'hinted', 'answers a task', 'requests a path', 'tokens a path', 'jobs', 'in domain', 'out of domain'];
  const there = rows.filter(({ set }) => set);
  const wrong = rows.flatMap(row => row.wrong ?? []);
  return [
    ...(there.length > 0 ? [table([heads, ...there.map(cellsOf)])] : []),
    ...(there.length > 0 && size === null ? ['Diversity is told where every set has at least ten records.'] : []),
    ...wrong,
  ].join('\n') + '\n';
}

const percent = (ratio: number | undefined): string => (ratio === undefined ? '' : `${(100 * ratio).toFixed(1)} %`);
const figure = (value: number | undefined): string => (value === undefined ? '' : thousands(value));

/** What the model that learnt from a set is worth, by its latest evaluation: a share of the held-out tasks. */
const worth = (evaluations: CompareRow['evaluations'], domain: 'inDomain' | 'outOfDomain'): string => accuracyWords(evaluations.findLast(each => each[domain])?.[domain]);

function cellsOf({ path: file, set, jobs, evaluations }: CompareRow): readonly (string | number)[] {
  if (!set) return [];
  const { figures } = set;
  return [
    `${path.basename(file)}${set.simulated ? ' (simulation)' : ''}`, set.recipes.join(', '), set.models.join(', '), set.records, set.tasks, percent(figures?.coverage),
    figure(figures?.characters?.p50), figure(figures?.tokens?.p50), percent(set.distinct), figure(set.skeletons), percent(set.hintedShare), figure(figures?.answers.distinct),
    figure(set.requestsPerPath), figure(set.tokensPerPath), jobs.map(({ id, state }) => `${id} ${state}`).join(', '), worth(evaluations, 'inDomain'), worth(evaluations, 'outOfDomain'),
  ];
}
