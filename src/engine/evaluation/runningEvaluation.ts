import type { RunChoices } from '../../contract/engine.ts';
import type { EvaluationRow } from '../../contract/evaluation.ts';
import { TaskEvaluation, type EvaluationContext } from '../../core/evaluation/taskEvaluation.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { problemOf } from '../../core/model/problem.ts';
import { isTrainTask } from '../../core/model/task.ts';
import type { Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { hasN, type FoundServers } from '../describeServers.ts';
import type { Fleets, SharedFleet } from '../fleets.ts';
import { noticeOf, Pace, toTenths } from '../progress.ts';
import { Runner, type RunEnd } from '../runner.ts';
import { usualRequestTimeoutMs } from '../settings.ts';
import { evaluationName } from './evaluationPrompt.ts';
import type { ResolvedEvaluation } from './resolveEvaluation.ts';

/** What an evaluation goes on with. */
interface Running {
  readonly dependencies: EngineDependencies;
  readonly fleets: Fleets;
  readonly store: Store;
  readonly id: number;
  readonly resolved: ResolvedEvaluation;
  readonly keys: Pick<RunChoices, 'apiKey' | 'apiKeys'>;
  readonly concurrency?: number;
}

/** An evaluation that goes on: a run for each of its models, all at once, by the runner that every run has. */
export class RunningEvaluation {
  /** Resolves when all runs have ended and what they came to is stored; never rejects. */
  readonly ended: Promise<void>;
  readonly #options: Running;
  readonly #startedMs: number;
  readonly #runs: readonly { readonly runner: Runner; readonly shared: SharedFleet }[];
  readonly #tasks: readonly TaskId[];
  /** Those that have ended, each in its own way. */
  readonly #over = new Set<Runner>();

  /** Stores that its runs have begun. */
  constructor(options: Running) {
    this.#options = options;
    const { dependencies: { clock }, resolved: { found, tasks } } = options;
    this.#startedMs = clock.monotonicMs();
    this.#tasks = tasks.flat();
    this.#runs = found.map((each, index) => this.#begin(each, index));
    this.ended = Promise.all(this.#runs.map(run => this.#follow(run))).then(() => undefined);
  }

  /** Whether one of its models is being asked a task at this moment. */
  isActive(task: TaskId): boolean {
    return this.#runs.some(({ runner }) => runner.isActive(task));
  }

  /** Stops sending; what arrives is stored. */
  stop(end: RunEnd): void {
    for (const { runner } of this.#runs) runner.stop(end);
  }

  /** How far it is, over all models, in answers. The time left is that of the model that takes longest, reckoned from tasks that had to be asked: those that were answered before take none. */
  progress(): NonNullable<EvaluationRow['progress']> {
    const { clock } = this.#options.dependencies;
    const nowMs = clock.monotonicMs();
    const paces = this.#runs.map(({ runner }) => ({ runner, pace: new Pace(runner, { elapsed: nowMs - this.#startedMs, now: nowMs }) }));
    const sum = (of: (runner: Runner) => number) => this.#runs.reduce((total, { runner }) => total + of(runner), 0);
    const { samples } = this.#options.resolved.draft.rule;
    const [done, calls, cached] = [sum(({ counts }) => counts.tasksDone), sum(({ counts }) => counts.calls), sum(({ counts }) => counts.cached)];
    const each = this.#tasks.length;
    const times = paces.filter(({ runner }) => !this.#over.has(runner)).map(({ runner: { counts }, pace }) => pace.remainingMs(counts.tasksDone - Math.floor(counts.cached / samples), each - counts.tasksDone));
    return {
      done: done * samples, total: each * this.#runs.length * samples, failed: sum(({ counts }) => [...counts.failed.values()].reduce((total, count) => total + count, 0)), calls, cached,
      callsPerSecond: toTenths(paces.reduce((total, { pace }) => total + pace.callsPerSecond, 0)), remainingMs: times.reduce((longest, time) => (longest === null || time === null ? null : Math.max(longest, time)), 0),
      ...this.#runs.map(({ runner }) => noticeOf(runner, nowMs)).find(({ notice }) => notice !== undefined),
    };
  }

  #begin(found: FoundServers, index: number): { readonly runner: Runner; readonly shared: SharedFleet } {
    const { dependencies: { clock, hash, requestTimeoutMs = usualRequestTimeoutMs }, fleets, store, id, resolved: { draft, prompt, found: all }, keys, concurrency } = this.#options;
    const tasks = this.#tasks;
    const { server: { baseUrl, model, identity, simulated } } = found;
    const runId = store.startRun({
      recipeId: prompt.id, recipeName: evaluationName, mode: 'all', filter: 'typed', baseUrl, model: draft.models[index]?.model ?? model, identity, simulated,
      tasks: tasks.length, startedAtMs: clock.nowMs(), evaluation: id,
    });
    const context: EvaluationContext = { prompt: prompt.prompt, rule: draft.rule, identity, hash };
    const shared = fleets.take(found, keys);
    const runner = new Runner({
      runId, workOn: task => evaluationOf(store, task, context), tasks, store, fleet: shared.fleet, shared: fleets.answers, clock, lane: 'bulk',
      timeoutMs: requestTimeoutMs, serverHasN: hasN(found.server), onTaskChange: () => undefined, ...(concurrency === undefined ? {} : { concurrency: shareOf(concurrency, all.filter(({ server }) => server.baseUrl === baseUrl).length) }),
    });
    return { runner, shared };
  }

  async #follow({ runner, shared }: { readonly runner: Runner; readonly shared: SharedFleet }): Promise<void> {
    const { store, fleets, dependencies: { clock, emit } } = this.#options;
    const end = await runner.run();
    this.#over.add(runner);
    try {
      store.commit({ run: { id: runner.runId, ...runner.counts.stored() } });
      store.endRun(runner.runId, end.state, clock.nowMs(), end.problem);
    } catch (thrown) {
      emit('log', { level: 'error', text: problemOf(thrown).message });
    }
    await fleets.release(shared);
  }
}

/** What each of some models gets of the requests that one server may have in flight. */
const shareOf = (concurrency: number, models: number): number => Math.max(1, Math.floor(concurrency / models));

function evaluationOf(store: Store, id: TaskId, context: EvaluationContext): TaskEvaluation | undefined {
  const task = store.task(id);
  return task && !isTrainTask(task) ? new TaskEvaluation(task, context) : undefined;
}
