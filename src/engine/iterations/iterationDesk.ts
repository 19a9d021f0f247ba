import type { methods, ResultOf } from '../../contract/engine.ts';
import type { EvaluationRow } from '../../contract/evaluation.ts';
import type { Iteration, IterationFigures, ModelEvaluation } from '../../contract/iterations.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemOf, type Problem } from '../../core/model/problem.ts';
import type { TrainingJob } from '../../core/model/trainingJob.ts';
import type { RunContext } from '../../core/plan/context.ts';
import { findIn, type FoundModel } from '../../core/stats/iterationFinding.ts';
import { tallyIteration, type Figure } from '../../core/stats/iterations.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { Asking } from '../asking.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { servedName } from '../jobs/adapterName.ts';
import { chainOf, type ChainLink } from './chain.ts';
import { iterationTasks } from './iterationTasks.ts';
import { iterationRuns, lineageIn, lineageOf } from './lineage.ts';

type Report = ResultOf<(typeof methods)['iterations']>;

/** What iterations are told with. */
export interface IterationDeskOptions {
  readonly dependencies: EngineDependencies;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  /** The context in which a run worked. */
  readonly contextOf: (run: RunRecord) => Promise<RunContext>;
  /** All evaluations, newest first. */
  readonly evaluations: () => Promise<readonly EvaluationRow[]>;
}

type Tuned = NonNullable<Iteration['tuned']>;

/** Says what iterations came to. Their figures are worked out from the answers, and kept until those change. */
export class IterationDesk {
  readonly handlers: { readonly iterations: (nothing: object, asking?: Pick<Asking, 'signal'>) => Promise<Report> };
  readonly #options: IterationDeskOptions;
  readonly #figures = new Map<string, IterationFigures>();

  constructor(options: IterationDeskOptions) {
    this.#options = options;
    this.handlers = { iterations: async (_nothing, asking) => this.#report(asking?.signal ?? new AbortController().signal) };
  }

  /** A person may have decided otherwise about a path, or the project be another one. What runs do tells itself. */
  changed(): void {
    this.#figures.clear();
  }

  async #report(signal: AbortSignal): Promise<Report> {
    const { store: opened, evaluations, dependencies: { jobFiles } } = this.#options;
    const store = opened();
    const runs = iterationRuns(store);
    const chain = chainOf(runs);
    const rows = await evaluations();
    const lineages = store.jobs.all().filter(({ now }) => now.state === 'succeeded').map(job => ({ job, parentRun: lineageOf({ store, jobFiles }, job).parentRun }));
    const iterations: Iteration[] = [];
    for (const [at, link] of chain.entries()) {
      const next = chain[at + 1];
      const made = lineages.filter(({ parentRun }) => link.runs.some(({ id }) => id === parentRun)).map(({ job }) => job);
      const goesOn = next && lineageIn(next.runs[0])?.job;
      const tuned = tunedOf(made.filter(({ id }) => goesOn === undefined || id === goesOn), rows);
      iterations.push({ ...headOf(link, rows), ...withoutAbsent({ tuned }), ...await this.#figuresOf(store, link, signal) });
    }
    const shown = chain.reduce((sum, link) => sum + link.runs.length, 0);
    return { iterations, others: runs.length - shown, simulated: iterations.some(({ simulated }) => simulated), finding: findingOf(iterations) };
  }

  async #figuresOf(store: Store, { runs }: ChainLink, signal: AbortSignal): Promise<Pick<Iteration, 'figures' | 'problem'>> {
    const { dependencies, contextOf } = this.#options;
    const key = JSON.stringify([store.path, runs.map(({ id, state, calls }) => [id, state, calls])]);
    const known = this.#figures.get(key);
    if (known) return { figures: known };
    try {
      const { tasks, sampled } = await iterationTasks({ dependencies, store, runs, context: await contextOf(runs[0]), signal });
      const figures = { sampled, ...tallyIteration(tasks) };
      // those of a run that goes on are others soon
      if (runs.every(({ state }) => state !== 'running')) this.#figures.set(key, figures);
      return { figures };
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return { problem: shownProblem(problemOf(thrown)) };
    }
  }
}

const shownProblem = ({ code, message }: Problem): NonNullable<Iteration['problem']> => ({ code, message });

/** What an iteration is, without what it came to. */
function headOf({ iteration, runs }: ChainLink, rows: readonly EvaluationRow[]): Omit<Iteration, 'tuned' | 'figures' | 'problem'> {
  const [{ model, identity, recipeName }] = runs;
  const lineage = lineageIn(runs[0]);
  return {
    iteration, runs: runs.map(({ id }) => id).toReversed(), recipe: recipeName, model, simulated: runs.some(({ simulated }) => simulated),
    madeBy: lineage ? { job: lineage.job, base: lineage.base, datasetSha256: lineage.datasetSha256 } : null,
    ...withoutAbsent({ evaluated: evaluationOf(rows, each => each.identity === identity) }),
  };
}

/** What came of an iteration; of several jobs the latest that was evaluated, else the latest. @param jobs newest first */
function tunedOf(jobs: readonly TrainingJob[], rows: readonly EvaluationRow[]): Tuned | undefined {
  const all = jobs.map((job): Tuned => {
    const model = servedName(job);
    return { job: job.id, ...withoutAbsent({ model, evaluated: evaluationOf(rows, each => each.model === model) }) };
  });
  return all.find(({ evaluated }) => evaluated) ?? all[0];
}

/** How a model did in the latest evaluation that has figures of it. */
function evaluationOf(rows: readonly EvaluationRow[], isIt: (model: EvaluationRow['models'][number]) => boolean): ModelEvaluation | undefined {
  for (const { id, models, sets, inDomain, outOfDomain } of rows) {
    const label = models.find(isIt)?.label;
    const figures = (row: EvaluationRow['inDomain']) => {
      const found = row?.models.find(({ model }) => model === label);
      return row && found && { n: row.n, accuracy: found.accuracy, low: found.low, high: found.high };
    };
    const found = label === undefined ? {} : withoutAbsent({ inDomain: figures(inDomain), outOfDomain: figures(outOfDomain) });
    if (Object.keys(found).length > 0) return { evaluation: id, sets, ...found };
  }
  return undefined;
}

function findingOf(iterations: readonly Iteration[]): Report['finding'] {
  const [first] = iterations;
  const models = [
    ...(first?.evaluated ? [foundModel('the first model', first.evaluated)] : []),
    ...iterations.flatMap(({ iteration, tuned }) => (tuned?.evaluated ? [foundModel(`the model of iteration ${iteration}`, tuned.evaluated)] : [])),
  ];
  return findIn(iterations.flatMap(({ iteration, recipe, figures }) => (figures ? [{ iteration, recipe, ...figures }] : [])), models);
}

const figureOf = (row: ModelEvaluation['inDomain']): Figure | undefined => row && { value: row.accuracy, low: row.low, high: row.high };
const foundModel = (words: string, { sets, inDomain, outOfDomain }: ModelEvaluation): FoundModel => ({ words, sets, ...withoutAbsent({ inDomain: figureOf(inDomain), outOfDomain: figureOf(outOfDomain) }) });
