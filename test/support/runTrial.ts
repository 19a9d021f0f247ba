import { sha256 } from '../../src/adapters/hash.ts';
import { isKept } from '../../src/core/model/outcome.ts';
import type { ProblemCode } from '../../src/core/model/problem.ts';
import type { TrainTask } from '../../src/core/model/task.ts';
import type { RunContext } from '../../src/core/plan/context.ts';
import { AnswersInFlight } from '../../src/engine/answersInFlight.ts';
import { Fleet } from '../../src/engine/fleet.ts';
import { planning } from '../../src/engine/planning.ts';
import { Runner, type RunEnd, type RunnerOptions } from '../../src/engine/runner.ts';
import type { ChatReply } from '../../src/ports/languageModel.ts';
import type { Store } from '../../src/ports/store.ts';
import { aContext, aTask } from './builders.ts';
import { FakeModel, SwiftClock, type Script } from './fakeModel.ts';
import { MemoryStore } from './memoryStore.ts';

/** Answers that make a kept path of every branch. */
export const good: Script = ({ stage, seed }) => {
  if (stage === 'adapt') return 'Mind the factors.';
  if (stage === 'structure') return '1. Read\n2. Multiply';
  return `1. In draw ${seed} three sixes were counted.\n2. It is \\boxed{18}.`;
};

/** A reply that has failed. */
export const failure = (code: ProblemCode, retryable: boolean, retryAfterMs?: number): ChatReply =>
  ({ ok: false, problem: { code, message: code, retryable }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

/** How many paths of each task are kept, in import order. */
export const keptIn = (store: Store): number[] => [...store.outcomes()].map(outcome => outcome.branches.filter(isKept).length);

/** A run and all that it was made of. */
export interface Trial {
  readonly store: Store;
  readonly model: FakeModel;
  readonly models: readonly FakeModel[];
  readonly fleet: Fleet;
  readonly clock: SwiftClock;
  readonly runner: Runner;
  /** Lines of the log. */
  readonly log: string[];
}

/** What a test names of it; the rest is a small run of two tasks, eight requests at a time. */
export interface TrialOptions extends Partial<Omit<RunnerOptions, 'runId' | 'workOn' | 'tasks' | 'clock' | 'concurrency'>> {
  readonly clock?: SwiftClock;
  readonly context?: Partial<RunContext>;
  readonly tasks?: readonly TrainTask[];
  readonly script?: Script;
  /** The servers; one with the script where absent. */
  readonly models?: readonly FakeModel[];
  /** Servers that do not answer when the run begins. */
  readonly absent?: readonly FakeModel[];
  /** `found`: none is set. */
  readonly concurrency?: number | 'found';
  readonly meanwhile?: (runner: Runner, model: FakeModel) => void;
}

/** Makes a run ready to be started. */
export async function prepare(options: TrialOptions = {}): Promise<Trial> {
  const { context: contextParts, tasks = [aTask(), aTask({ id: 'set/2' })], script = good, meanwhile, store = new MemoryStore(), clock = new SwiftClock(), concurrency = 8, absent = [], ...rest } = options;
  const models = options.models ?? [new FakeModel(script)];
  const [model] = models;
  if (!model) throw new Error('a trial needs a server');
  const log: string[] = [];
  store.addTasks(tasks);
  const context = aContext(contextParts);
  store.recordRecipe({ id: context.recipe.id, name: 'test', files: {} });
  const runId = store.startRun({
    recipeId: context.recipe.id, recipeName: 'test', mode: context.mode, filter: 'typed', baseUrl: model.baseUrl, model: 'fake', identity: 'model', simulated: true, tasks: tasks.length, startedAtMs: 0,
  });
  const servers = await Promise.all([...models, ...absent].map(async each => ({ baseUrl: each.baseUrl, model: each, description: absent.includes(each) ? undefined : await each.describe() })));
  const fleet = rest.fleet ?? new Fleet({ servers, identity: 'fake', clock, hash: sha256, log: text => { log.push(text); } });
  const runner = new Runner({
    runId, workOn: planning(store, { ...context, runId }), tasks: tasks.map(task => task.id), store, shared: new AnswersInFlight(), clock, lane: 'bulk',
    timeoutMs: 1000, serverHasN: true, onTaskChange: () => undefined, ...rest, fleet, ...(concurrency === 'found' ? {} : { concurrency }),
  });
  meanwhile?.(runner, model);
  return { store, model, models, fleet, clock, runner, log };
}

/** Runs to the end. */
export async function trial(options: TrialOptions = {}): Promise<Trial & { readonly end: RunEnd }> {
  const prepared = await prepare(options);
  const end = await prepared.runner.run();
  return { ...prepared, end };
}
