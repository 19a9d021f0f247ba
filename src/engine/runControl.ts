import type { ResultOf, RunChoices, methods } from '../contract/engine.ts';
import type { TaskId } from '../core/model/ids.ts';
import { problemError, problemOf, type Problem } from '../core/model/problem.ts';
import type { RunContext } from '../core/plan/context.ts';
import type { LanguageModel, ServerDescription } from '../ports/languageModel.ts';
import type { SettledTask, Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import { progressOf, reportOf, type RunView } from './progress.ts';
import { defaultConcurrency, resolveContext, resolveRun } from './resolveRun.ts';
import { Runner, type RunEnd } from './runner.ts';
import { basisOf, settledTasks } from './settledTasks.ts';
import { setServer } from './settings.ts';

/** A request may take this long: a long path on a busy server, with room. */
const requestTimeoutMs = 600_000;
const progressEveryMs = 250;
/** Beyond this many changed tasks, clients are told to look at everything again. */
const namedChanges = 200;

/** What a run begins with, once the server has answered. */
interface Beginning {
  readonly store: Store;
  readonly model: LanguageModel;
  readonly server: ServerDescription;
  readonly context: RunContext;
  readonly tasks: readonly TaskId[];
  readonly basis: string;
  readonly settled: ReadonlyMap<TaskId, SettledTask>;
}

/** At most one run at a time on a project: starts it, tells of it, stops it. */
export class RunControl {
  readonly #dependencies: EngineDependencies;
  readonly #changed = new Set<TaskId>();
  #current: { readonly view: RunView; readonly ended: Promise<void> } | undefined;
  #starting: AbortController | undefined;

  constructor(dependencies: EngineDependencies) {
    this.#dependencies = dependencies;
  }

  /** Whether the current run works on a task at this moment. */
  isActive(task: TaskId): boolean {
    return this.#current?.view.runner.isActive(task) ?? false;
  }

  /** Tasks that the current run has begun and not settled. */
  get activeTasks(): number {
    return this.#current?.view.runner.activeTasks ?? 0;
  }

  get running(): boolean {
    return this.#current !== undefined;
  }

  /** Checks everything that can be checked before a token is spent, then starts. Throws `run-active`, `cancelled`, and what the parts throw. */
  async start(store: Store, choices: RunChoices): Promise<ResultOf<(typeof methods)['startRun']>> {
    if (this.#current) throw problemError('run-active', `Run ${this.#current.view.runId} is going on in this project. Cancel it or wait for its end.`);
    if (this.#starting) throw problemError('run-active', 'A run is about to start in this project. Cancel it or wait for its end.');
    const { recipe, tasks, model } = resolveRun(this.#dependencies, store, choices);
    const starting = new AbortController();
    this.#starting = starting;
    try {
      const server = await model.describe(starting.signal);
      const context = await resolveContext(this.#dependencies, choices, { recipe, identity: server.identity });
      if (choices.retryLost === true && !starting.signal.aborted) store.retryLost();
      const basis = basisOf(context, this.#dependencies.understanding);
      const settled = await settledTasks(store, basis, this.#dependencies.clock);
      if (starting.signal.aborted) throw problemError('cancelled', 'The run was cancelled before it began.');
      return this.#begin({ store, model, server, context, tasks, basis, settled }, choices);
    } catch (thrown) {
      await model.close();
      throw thrown;
    } finally {
      this.#starting = undefined;
    }
  }

  #begin({ store, model, server, context, tasks, basis, settled }: Beginning, choices: RunChoices): ResultOf<(typeof methods)['startRun']> {
    const { recipe, mode, filter } = context;
    store.recordRecipe({ id: recipe.id, name: recipe.name, files: recipe.files });
    setServer(store, { baseUrl: server.baseUrl, model: server.model, simulated: server.simulated });
    const runId = store.startRun({
      recipeId: recipe.id, recipeName: recipe.name, mode, filter, baseUrl: server.baseUrl, model: server.model, identity: server.identity,
      simulated: server.simulated, tasks: tasks.length, startedAtMs: this.#dependencies.clock.nowMs(),
    });
    const runner = new Runner({
      context: { ...context, runId }, tasks, basis, settled, store, model, clock: this.#dependencies.clock, maxConcurrent: choices.concurrency ?? defaultConcurrency,
      timeoutMs: requestTimeoutMs, serverHasN: hasN(server), onTaskChange: task => this.#changed.add(task),
      ...(choices.maxCalls === undefined ? {} : { maxCalls: choices.maxCalls }),
    });
    const view = { runId, recipe: recipe.name, tasks: tasks.length, simulated: server.simulated, runner, startedMs: this.#dependencies.clock.monotonicMs() };
    this.#current = { view, ended: this.#follow(store, model, view) };
    return { runId, tasks: tasks.length, recipe: recipe.name, simulated: server.simulated };
  }

  /** Stops the current run, or the one that is about to start; what has arrived is kept. Harmless when there is none. */
  cancel(): void {
    this.#starting?.abort();
    this.#current?.view.runner.stop({ state: 'cancelled' });
  }

  /** Stops the current run so that it can be resumed. */
  stop(problem: Problem): void {
    this.#starting?.abort();
    this.#current?.view.runner.stop({ state: 'paused', problem });
  }

  /** Ends the current run for a reason that lies outside of it; without a run the reason goes to the log. */
  fail(problem: Problem): void {
    if (this.#current) this.#current.view.runner.stop({ state: 'failed', problem });
    else this.#dependencies.emit('log', { level: 'error', text: problem.message });
  }

  /** Resolves when there is no run any more. */
  async ended(): Promise<void> {
    await this.#current?.ended;
  }

  async #follow(store: Store, model: LanguageModel, view: RunView): Promise<void> {
    const { clock, emit } = this.#dependencies;
    const ticking = new AbortController();
    const ticks = this.#tick(view, ticking.signal);
    const end = await view.runner.run();
    ticking.abort();
    await ticks;
    const stored = this.#storeEnd(store, view, end);
    await model.close();
    this.#current = undefined;
    this.#tellChanges();
    emit('runProgress', progressOf(view, clock.monotonicMs()));
    emit('runEnded', reportOf(view, stored, clock.monotonicMs()));
  }

  #storeEnd(store: Store, view: RunView, end: RunEnd): RunEnd {
    try {
      store.commit({ run: { id: view.runner.runId, calls: view.runner.counts.calls, cached: view.runner.counts.cached, failed: Object.fromEntries(view.runner.counts.failed) } });
      store.endRun(view.runner.runId, end.state, this.#dependencies.clock.nowMs(), end.problem);
      return end;
    } catch (thrown) {
      return { state: 'failed', problem: problemOf(thrown) };
    }
  }

  async #tick(view: RunView, signal: AbortSignal): Promise<void> {
    const { clock, emit } = this.#dependencies;
    const waited = () => clock.sleep(progressEveryMs, signal).then(() => true, () => false);
    while (await waited()) {
      emit('runProgress', progressOf(view, clock.monotonicMs()));
      this.#tellChanges();
    }
  }

  #tellChanges(): void {
    if (this.#changed.size === 0) return;
    const all = this.#changed.size > namedChanges;
    this.#dependencies.emit('tasksChanged', { tasks: all ? [] : [...this.#changed], all });
    this.#changed.clear();
  }
}

/** Where it is not known that the server draws several answers in one request, each is a request of its own: the draws are the same. */
export const hasN = (server: ServerDescription): boolean => server.capabilities.n === 'supported';
