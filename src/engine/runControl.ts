import type { ResultOf, RunChoices, methods } from '../contract/engine.ts';
import type { FollowReport, RunReport, ServerSetting, StartReport } from '../contract/reports.ts';
import { taskId, type TaskId } from '../core/model/ids.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError, problemOf, type Problem } from '../core/model/problem.ts';
import { runLanes, type RunLane } from '../core/model/run.ts';
import { asksNothing, modelStages } from '../core/model/stage.ts';
import type { RunLineage } from '../core/model/lineage.ts';
import type { RunContext } from '../core/plan/context.ts';
import type { SettledTask, Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import { describeFor, hasN, refuseUntold, type FoundServers } from './describeServers.ts';
import type { Fleets, SharedFleet } from './fleets.ts';
import { progressOf, reportOf, type RunView } from './progress.ts';
import { askingTuned, lineageFor } from './iterations/tunedModel.ts';
import { resolveContext, resolveRun, serversOf, type ResolvedRun } from './resolveRun.ts';
import { choicesOf, isStep } from './runChoices.ts';
import { planning } from './planning.ts';
import { Runner, type RunEnd } from './runner.ts';
import { basisOf, settledTasks } from './settledTasks.ts';
import { serverSetting, setServer, usualRequestTimeoutMs } from './settings.ts';
import type { LiveTexts } from './stepper/liveTexts.ts';

const progressEveryMs = 250;
/** Beyond this many changed tasks, clients are told to look at everything again. */
const namedChanges = 200;

/** What a run begins with, once a server has answered. */
interface Beginning extends FoundServers {
  readonly store: Store;
  readonly context: RunContext;
  readonly tasks: readonly TaskId[];
  readonly basis: string;
  readonly settled: ReadonlyMap<TaskId, SettledTask>;
}

interface Current {
  readonly view: RunView;
  readonly started: StartReport;
  /** No key in them. */
  readonly choices: RunChoices;
  readonly ended: Promise<void>;
}

/** At most one run of each lane at a time on a project: starts them, tells of them, stops them. */
export class RunControl {
  readonly #dependencies: EngineDependencies;
  readonly #changed = new Set<TaskId>();
  readonly #runs = new Map<RunLane, Current>();
  readonly #starting = new Map<RunLane, AbortController>();
  readonly #fleets: Fleets;
  readonly #texts: LiveTexts;
  #last: RunReport | undefined;

  /** @param shared with whatever else asks models for the same project */
  constructor(dependencies: EngineDependencies, { fleets, texts }: { readonly fleets: Fleets; readonly texts: LiveTexts }) {
    this.#dependencies = dependencies;
    this.#fleets = fleets;
    this.#texts = texts;
  }

  /** Whether a run works on a task at this moment. */
  isActive(task: TaskId): boolean {
    return this.#current().some(({ view }) => view.runner.isActive(task));
  }

  /** Tasks that runs have begun and not settled. */
  get activeTasks(): number {
    return this.#current().reduce((sum, { view }) => sum + view.runner.activeTasks, 0);
  }

  get running(): boolean {
    return this.#runs.size > 0;
  }

  /** Checks everything that can be checked before a token is spent, then starts. Throws `run-active`, `cancelled`, `model-mismatch`, and what the parts throw. */
  async start(store: Store, given: RunChoices): Promise<ResultOf<(typeof methods)['startRun']>> {
    const lane = given.lane ?? 'bulk';
    this.#refuseSecond(lane);
    if (given.retryLost === true && this.running) throw problemError('run-active', 'A run is going on in this project, which counts on what was given up. Wait for its end before answers that were given up are asked for again.');
    const starting = new AbortController();
    this.#starting.set(lane, starting);
    let named: Pick<ResolvedRun, 'servers' | 'judge'> = { servers: [] };
    try {
      const choices = await askingTuned(this.#dependencies, { store, choices: given, signal: starting.signal });
      const { recipe, tasks, ...resolved } = resolveRun(this.#dependencies, store, choices);
      named = resolved;
      const found = await describeFor(choices, { store, ...named }, starting.signal);
      refuseUntold(store, found.server);
      const context = await resolveContext(this.#dependencies, choices, { recipe, identity: found.server.identity, judgeIdentity: found.judge?.server.identity });
      if (choices.retryLost === true && !starting.signal.aborted) store.retryLost(...modelStages);
      const basis = basisOf(context, this.#dependencies.understanding);
      const settled = await settledTasks(store, basis, { clock: this.#dependencies.clock });
      if (starting.signal.aborted) throw problemError('cancelled', 'The run was cancelled before it began.');
      const lineage = asksNothing(choices.stages) ? undefined : lineageFor({ store, jobFiles: this.#dependencies.jobFiles }, found.server.model, choices);
      return this.#begin({ store, ...found, context, tasks, basis, settled }, withLineage(choices, lineage));
    } catch (thrown) {
      await Promise.all(serversOf(named).map(({ model }) => model.close()));
      throw thrown;
    } finally {
      this.#starting.delete(lane);
    }
  }

  /**
   * Starts the latest run of the bulk lane, else the latest of all, with the choices that it had. It asks the project's server, which is the one that it
   * asked before unless another was named since. Throws `run-not-found`, and as `start`.
   */
  async resume(store: Store, keys: Pick<RunChoices, 'apiKey' | 'apiKeys'>): Promise<ResultOf<(typeof methods)['resumeRun']>> {
    const runs = store.runs().filter(each => !isStep(each));
    const run = runs.find(each => choicesOf(each)?.lane !== 'interactive') ?? runs[0];
    if (!run) throw problemError('run-not-found', 'Nothing was run in this project yet, so there is nothing to resume. Start a run.');
    const choices = choicesOf(run);
    if (!choices) throw problemError('run-not-found', `Run ${run.id} was begun by an earlier version, which did not keep what it was started with. Start a run with the same choices: what is there is not asked again.`);
    const { retryLost: _done, server: _server, replicas: _replicas, model: _model, judge: _judge, ...rest } = choices;
    return this.start(store, { ...rest, ...stillTraining(store, rest.tasks), ...keys });
  }

  /** The run that goes on, that of the bulk lane first, and how the latest one of this engine ended. */
  follow(): FollowReport {
    const [first] = this.#current();
    const run = first && { ...first.started, choices: { ...first.choices }, progress: progressOf(first.view, this.#dependencies.clock) };
    return { run: run ?? null, last: this.#last ?? null };
  }

  /** Stops the run of a lane, or of each, also one that is about to start; what has arrived is kept. Harmless when there is none. */
  cancel(lane?: RunLane): void {
    for (const each of lane === undefined ? runLanes : [lane]) {
      this.#starting.get(each)?.abort();
      this.#runs.get(each)?.view.runner.stop({ state: 'cancelled' });
    }
  }

  /** Ends the runs for a reason that lies outside of them, such as the end of the engine, so that they can be resumed. */
  stop(problem: Problem): void {
    for (const starting of this.#starting.values()) starting.abort();
    for (const { view } of this.#runs.values()) view.runner.stop({ state: 'paused', problem });
  }

  /** Ends the runs as failed; without a run the reason goes to the log. */
  fail(problem: Problem): void {
    for (const { view } of this.#runs.values()) view.runner.stop({ state: 'failed', problem });
    if (!this.running) this.#dependencies.emit('log', { level: 'error', text: problem.message });
  }

  /** Resolves when there is no run any more. */
  async ended(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
  }

  #current(): readonly Current[] {
    return runLanes.flatMap(lane => this.#runs.get(lane) ?? []);
  }

  #refuseSecond(lane: RunLane): void {
    const current = this.#runs.get(lane);
    if (current) throw problemError('run-active', `Run ${current.view.runId} is going on in this project. Cancel it or wait for its end.`);
    if (this.#starting.has(lane)) throw problemError('run-active', 'A run is about to start in this project. Cancel it or wait for its end.');
  }

  #begin(beginning: Beginning, { apiKey, apiKeys, judge: _named, ...given }: RunChoices): StartReport {
    const { store, server, judge, context, tasks, basis, settled } = beginning;
    const { recipe, mode, filter } = context;
    const { clock, requestTimeoutMs = usualRequestTimeoutMs } = this.#dependencies;
    const lane = given.lane ?? 'bulk';
    const { setting, choices } = usedServers(beginning, given);
    const simulated = server.simulated || judge?.server.simulated === true;
    store.recordRecipe({ id: recipe.id, name: recipe.name, files: recipe.files });
    if (beginning.servers.length > 0) setServer(store, setting);
    const runId = store.startRun({
      recipeId: recipe.id, recipeName: recipe.name, mode, filter, baseUrl: server.baseUrl, model: server.model, identity: server.identity,
      simulated, tasks: tasks.length, startedAtMs: clock.nowMs(), choices,
    });
    const { concurrency, maxCalls } = choices;
    const shared = this.#fleets.take(beginning, withoutAbsent({ apiKey, apiKeys }));
    const runner = new Runner({
      runId, workOn: planning(store, { ...context, runId }), tasks, basis, settled, store, fleet: shared.fleet, shared: this.#fleets.answers, texts: this.#texts, clock, lane,
      timeoutMs: requestTimeoutMs, serverHasN: hasN(server), onTaskChange: task => this.#changed.add(task),
      ...(concurrency !== undefined && { concurrency }), ...(maxCalls !== undefined && { maxCalls }),
    });
    const started = { runId, tasks: tasks.length, recipe: recipe.name, simulated };
    const view = { ...started, runner, startedMs: clock.monotonicMs() };
    this.#runs.set(lane, { view, started, choices, ended: this.#follow(store, shared, view) });
    return started;
  }

  async #follow(store: Store, shared: SharedFleet, view: RunView): Promise<void> {
    const { clock, emit } = this.#dependencies;
    const ticking = new AbortController();
    const ticks = this.#tick(view, ticking.signal);
    const end = await view.runner.run();
    ticking.abort();
    await ticks;
    const stored = this.#storeEnd(store, view, end);
    const progress = progressOf(view, clock);
    await this.#fleets.release(shared);
    this.#runs.delete(view.runner.lane);
    this.#tellChanges();
    this.#last = reportOf(view, stored, clock.monotonicMs());
    emit('runProgress', progress);
    emit('runEnded', this.#last);
  }

  #storeEnd(store: Store, view: RunView, end: RunEnd): RunEnd {
    try {
      store.commit({ run: { id: view.runner.runId, ...view.runner.counts.stored() } });
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
      emit('runProgress', progressOf(view, clock));
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

/** The tasks that a run was started for, without those that were held out since. */
function stillTraining(store: Store, tasks: RunChoices['tasks']): Pick<RunChoices, 'tasks'> {
  if (!tasks) return {};
  const left = tasks.filter(id => store.task(taskId(id))?.split !== 'held-out');
  if (left.length === 0) throw problemError('no-tasks', 'Every task of that run is held out by now. Move some of them back to train, or run others.');
  return { tasks: left };
}

/** What clients say of a lineage is not heard. */
const withLineage = ({ lineage: _told, ...choices }: RunChoices, found: RunLineage | undefined): RunChoices => (found ? { ...choices, lineage: { ...found } } : choices);

/** The servers of a run as the project remembers them, and as the run's choices name them. A recipe that asks no judge forgets none. */
function usedServers({ store, servers, server, judge }: Beginning, given: RunChoices): { readonly setting: ServerSetting; readonly choices: RunChoices & Pick<ServerSetting, 'model'> } {
  const { model, simulated } = server;
  const baseUrl = servers[0]?.baseUrl ?? server.baseUrl;
  const replicas = servers.length > 1 ? { replicas: servers.slice(1).map(each => each.baseUrl) } : {};
  const asked = judge && { baseUrl: judge.server.baseUrl, model: judge.server.model, simulated: judge.server.simulated };
  const ofProject = given.server === undefined ? serverSetting(store)?.judge : undefined;
  return {
    setting: { baseUrl, model, simulated, ...replicas, ...withoutAbsent({ judge: asked ?? ofProject }) },
    choices: { ...given, server: baseUrl, model, ...replicas, ...(judge ? { judge: { server: judge.server.baseUrl, model: judge.server.model, identity: judge.server.identity } } : {}) },
  };
}
