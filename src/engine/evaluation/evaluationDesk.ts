import type { methods, ParamsOf, ResultOf } from '../../contract/engine.ts';
import type { EvaluationChoices, EvaluationReport, EvaluationRow } from '../../contract/evaluation.ts';
import type { EvaluationRecord } from '../../core/model/evaluation.ts';
import { taskId, type TaskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import { estimateTokens } from '../../core/verify/tokens.ts';
import { isTrainTask } from '../../core/model/task.ts';
import { TaskEvaluation } from '../../core/evaluation/taskEvaluation.ts';
import type { Store } from '../../ports/store.ts';
import type { Asking } from '../asking.ts';
import type { AskedOfModels, ContaminationOfModels } from '../contamination/contaminationOfModels.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { hasN } from '../describeServers.ts';
import type { Fleets } from '../fleets.ts';
import { guessedShareOfLimit } from '../planReport.ts';
import type { RunEnd } from '../runner.ts';
import { inSlices } from '../slices.ts';
import { contextsOf, judgedTask } from './evaluated.ts';
import { changesOfSide, evaluatedTask, evaluationReport, evaluationRow, standingOf, withQuestion, type Figures } from './evaluationReports.ts';
import { FigureKeeper } from './figureKeeper.ts';
import { heldOutSets, setDomain } from './heldOutSets.ts';
import { closeModels, resolveAgain, resolveEvaluation, type ResolvedEvaluation } from './resolveEvaluation.ts';
import { RunningEvaluation } from './runningEvaluation.ts';

type Names = 'heldOutSets' | 'setDomain' | 'planEvaluation' | 'startEvaluation' | 'continueEvaluation' | 'cancelEvaluation' | 'evaluations' | 'evaluation' | 'evaluationChanges' | 'evaluatedTask';
type Params<N extends Names> = ParamsOf<(typeof methods)[N]>;
type Result<N extends Names> = ResultOf<(typeof methods)[N]>;
/** The methods about evaluations. */
export type EvaluationHandlers = { readonly [N in Names]: (params: Params<N>, asking?: Pick<Asking, 'signal'>) => Promise<Result<N>> };

/** What evaluations are made with. */
export interface EvaluationDeskOptions {
  readonly dependencies: EngineDependencies;
  readonly fleets: Fleets;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  /** Which of the tasks that are asked the training data has too. */
  readonly contaminated: (store: Store, asked: AskedOfModels) => Promise<ContaminationOfModels>;
}

/** How an evaluation is begun, or gone on with. */
interface Beginning extends Pick<EvaluationChoices, 'retryLost' | 'apiKey' | 'apiKeys' | 'concurrency'> {
  readonly signal: AbortSignal;
}

const progressEveryMs = 250;
const never = new AbortController().signal;

/** Begins evaluations, and says what came of them. What is counted is counted from the answers, and kept until something of the project changes. */
export class EvaluationDesk {
  readonly handlers: EvaluationHandlers;
  readonly #options: EvaluationDeskOptions;
  readonly #running = new Map<number, RunningEvaluation>();
  /** Until the end of each is told. */
  readonly #told = new Set<Promise<void>>();
  /** Those that are about to begin: they wait for their turn, or for their servers to say what they serve. Of one that is gone on with the number is known. */
  readonly #beginning = new Map<AbortController, number | undefined>();
  readonly #figures: FigureKeeper;
  #starting: Promise<unknown> = Promise.resolve();
  #open = new AbortController();

  constructor(options: EvaluationDeskOptions) {
    this.#options = options;
    this.#figures = new FigureKeeper(options.dependencies);
    this.handlers = {
      heldOutSets: async () => ({ sets: [...heldOutSets(this.#store)] }),
      setDomain: async ({ dataset, domain }) => this.#setDomain(dataset, domain),
      planEvaluation: async (choices, asking) => this.#plan(choices, AbortSignal.any([this.#open.signal, asking?.signal ?? never])),
      startEvaluation: async (choices, asking) => this.#inTurn({ asking: asking?.signal }, signal => this.#start(choices, signal)),
      continueEvaluation: async (params, asking) => this.#inTurn({ id: params.id, asking: asking?.signal }, signal => this.#goOn(params, signal)),
      cancelEvaluation: async ({ id }) => this.#cancel(id),
      evaluations: async () => ({ rows: await this.#rowsAtOnce() }),
      evaluation: async ({ id }, asking) => this.#report(this.#one(id), asking?.signal ?? never),
      evaluationChanges: async params => this.#changes(params),
      evaluatedTask: async ({ id, task }) => this.#task(this.#one(id), task),
    };
  }

  /** Whether an evaluation goes on. */
  get running(): boolean {
    return this.#running.size > 0;
  }

  /** How the evaluation stands that was begun, or gone on with, last; absent where there is none. */
  get latest(): Pick<EvaluationRow, 'state' | 'problem'> | undefined {
    const { evaluations } = this.#store;
    const all = evaluations.all().map(record => ({ record, runs: evaluations.runs(record.id) }));
    const [latest] = all.toSorted((one, other) => (other.runs[0]?.id ?? 0) - (one.runs[0]?.id ?? 0));
    return latest && standingOf(latest.record, latest.runs);
  }

  /** Whether a task is being asked at this moment. */
  isActive(task: TaskId): boolean {
    return [...this.#running.values()].some(each => each.isActive(task));
  }

  /** These tasks may be others now; absent: too many to name. Runs change train tasks many times a second, which no figure here is of: without a run it is what a person did. */
  changed(store: Store, { tasks, runGoesOn }: { readonly tasks: readonly string[] | undefined; readonly runGoesOn: boolean }): void {
    const concerned = tasks ? tasks.some(id => store.task(taskId(id))?.split === 'held-out') : !runGoesOn;
    if (concerned) this.#figures.forget();
  }

  /** Ends what goes on, and what is about to begin; what has arrived is stored, where it still can be. */
  stop(end: RunEnd): void {
    for (const beginning of this.#beginning.keys()) beginning.abort();
    for (const each of this.#running.values()) each.stop(end);
  }

  /** Stops what goes on, to be gone on with. */
  async close(): Promise<void> {
    this.#open.abort();
    this.stop({ state: 'paused', problem: { code: 'engine-stopped', message: 'The engine was ended while the evaluation went on. What had arrived is stored; evaluate the same again to go on.' } });
    await this.#starting;
    await Promise.all(this.#told);
    this.#figures.forget();
    this.#open = new AbortController();
  }

  get #store(): Store {
    return this.#options.store();
  }

  #one(id: number): EvaluationRecord {
    const record = this.#store.evaluations.one(id);
    if (!record) throw problemError('run-not-found', `There is no evaluation ${id} in this project.`);
    return record;
  }

  #setDomain(dataset: string, domain: Params<'setDomain'>['domain']): Result<'setDomain'> {
    setDomain(this.#store, dataset, domain);
    void this.#tellAll();
    return {};
  }

  #cancel(id: number): Result<'cancelEvaluation'> {
    for (const [beginning, of] of this.#beginning) if (of === id) beginning.abort();
    this.#running.get(id)?.stop({ state: 'cancelled' });
    return {};
  }

  /**
   * One after the other: two clients that ask for the same at once are one evaluation. Whoever takes it back while others have their turn is not kept waiting for that.
   * @param work is given what aborts with whoever asks, with the project, and when it is cancelled
   */
  async #inTurn<Made>({ id, asking = never }: { readonly id?: number; readonly asking: AbortSignal | undefined }, work: (signal: AbortSignal) => Promise<Made>): Promise<Made> {
    const [before, beginning] = [this.#starting, new AbortController()];
    let end: () => void = () => undefined;
    const ended = new Promise<void>(resolve => { end = resolve; });
    this.#starting = before.then(() => ended);
    this.#beginning.set(beginning, id);
    const signal = AbortSignal.any([this.#open.signal, asking, beginning.signal]);
    try {
      if (!signal.aborted) await Promise.race([before, new Promise(resolve => { signal.addEventListener('abort', resolve, { once: true }); })]);
      if (signal.aborted) throw problemError('cancelled', 'The evaluation was called off before it began.');
      return await work(signal);
    } finally {
      this.#beginning.delete(beginning);
      end();
    }
  }

  async #plan(choices: EvaluationChoices, signal: AbortSignal): Promise<Result<'planEvaluation'>> {
    const store = this.#store;
    const resolved = await resolveEvaluation({ dependencies: this.#options.dependencies, store, signal }, choices);
    try {
      const { draft, sets } = resolved;
      const { sets: contamination } = await this.#options.contaminated(store, { tasks: new Set(resolved.tasks.flat()), models: draft.models, signal });
      return { models: draft.models.map(model => ({ ...model })), base: draft.base ?? null, sets: [...sets], ...await this.#wanted(store, resolved, signal), contamination };
    } finally {
      await closeModels(resolved.found);
    }
  }

  /** What is there already, and what is to be asked for. */
  async #wanted(store: Store, { draft: { models, rule }, prompt: { prompt }, found, tasks }: ResolvedEvaluation, signal: AbortSignal): Promise<Pick<Result<'planEvaluation'>, 'tasks' | 'cached' | 'calls' | 'promptTokens' | 'outputTokens'>> {
    const { hash, clock } = this.#options.dependencies;
    const pause = inSlices(clock);
    const all = tasks.flat();
    const sum = { tasks: all.length, cached: 0, calls: 0, promptTokens: 0, outputTokens: 0 };
    for (const id of all) {
      const task = store.task(id);
      if (!task || isTrainTask(task)) continue;
      const [answers, lost] = [store.answers(id), store.lost(id)];
      models.forEach(({ identity }, index) => {
        const work = new TaskEvaluation(task, { prompt, rule, identity, hash });
        work.receive(answers, lost);
        sum.cached += work.answers.length;
        const server = found[index]?.server;
        for (const call of work.next()) {
          const requests = server && hasN(server) ? 1 : call.answers.length;
          sum.calls += requests;
          sum.promptTokens += requests * estimateTokens(call.messages.map(({ content }) => content).join('\n'));
          sum.outputTokens += Math.round(call.answers.length * guessedShareOfLimit * rule.sampling.maxTokens);
        }
      });
      await pause();
      if (signal.aborted) throw problemError('cancelled', 'The plan was called off.');
    }
    return sum;
  }

  /** @param signal aborts when nobody wants it any more: servers that do not answer are not waited for then */
  async #start(choices: EvaluationChoices, signal: AbortSignal): Promise<Result<'startEvaluation'>> {
    const { dependencies } = this.#options;
    const store = this.#store;
    const resolved = await resolveEvaluation({ dependencies, store, signal }, choices);
    return this.#begin(store, resolved, { ...choices, signal });
  }

  async #goOn({ id, ...how }: Params<'continueEvaluation'>, signal: AbortSignal): Promise<Result<'continueEvaluation'>> {
    const store = this.#store;
    const record = this.#one(id);
    this.#refuseSecond(id);
    const resolved = await resolveAgain({ dependencies: this.#options.dependencies, store, signal }, record, how);
    return this.#begin(store, resolved, { ...how, signal });
  }

  async #begin(store: Store, resolved: ResolvedEvaluation, { signal, retryLost, apiKey, apiKeys, concurrency }: Beginning): Promise<Result<'startEvaluation'>> {
    const { dependencies, fleets } = this.#options;
    try {
      if (signal.aborted) throw problemError('cancelled', 'The evaluation was called off before it began.');
      const { draft, prompt, tasks } = resolved;
      store.recordRecipe({ id: prompt.id, name: prompt.prompt.file, files: prompt.files });
      const { id } = store.evaluations.add(draft, tasks);
      this.#refuseSecond(id);
      if (retryLost === true) store.retryLost('evaluate');
      const evaluation = new RunningEvaluation({ dependencies, fleets, store, id, resolved, keys: withoutAbsent({ apiKey, apiKeys }), ...withoutAbsent({ concurrency }) });
      this.#running.set(id, evaluation);
      this.#figures.forget(id);
      const told = this.#follow(id, evaluation).finally(() => { this.#told.delete(told); });
      this.#told.add(told);
      return { id, tasks: tasks.reduce((sum, { length }) => sum + length, 0), pass: standingOf({ ...draft, id }, store.evaluations.runs(id)).pass };
    } catch (thrown) {
      await closeModels(resolved.found);
      throw thrown;
    }
  }

  /** Whoever asks for what goes on already is told which one that is. */
  #refuseSecond(id: number): void {
    if (this.#running.has(id)) throw problemError('run-active', `Evaluation ${id} asks just this, and is going on. Cancel it or wait for its end.`, { field: String(id) });
  }

  async #follow(id: number, evaluation: RunningEvaluation): Promise<void> {
    const { clock } = this.#options.dependencies;
    const ticking = new AbortController();
    const ticks = (async () => {
      while (await clock.sleep(progressEveryMs, ticking.signal).then(() => true, () => false)) await this.#tell(id);
    })();
    await evaluation.ended;
    ticking.abort();
    await ticks;
    this.#running.delete(id);
    this.#figures.forget(id);
    await this.#tell(id);
  }

  /** Says how an evaluation stands; nobody is to blame where the project is closed by then. */
  async #tell(id: number): Promise<void> {
    const { emit } = this.#options.dependencies;
    try {
      emit('evaluationChanged', await this.#rowOf(this.#one(id)));
    } catch {
      // the project is closed, or its file is gone: whoever looks next is told
    }
  }

  /** What can be said at once, the newest first; figures that are still to be counted are told as they come. */
  async #rowsAtOnce(): Promise<EvaluationRow[]> {
    const store = this.#store;
    const records = store.evaluations.all();
    const known = records.filter(record => this.#running.has(record.id) || this.#figures.has(store, record));
    if (known.length < records.length) void this.#tellAll(records.filter(record => !known.includes(record)));
    return Promise.all(records.map(async record => (known.includes(record) ? this.#rowOf(record) : evaluationRow(record, standingOf(record, store.evaluations.runs(record.id)), undefined))));
  }

  /** One after the other: each may take a while. */
  async #tellAll(records: readonly EvaluationRecord[] = this.#store.evaluations.all()): Promise<void> {
    for (const { id } of records) await this.#tell(id);
  }

  /** Every evaluation of the project with its figures, the newest first. */
  async rows(): Promise<EvaluationRow[]> {
    const rows: EvaluationRow[] = [];
    for (const record of this.#store.evaluations.all()) rows.push(await this.#rowOf(record));
    return rows;
  }

  async #rowOf(record: EvaluationRecord): Promise<EvaluationRow> {
    const running = this.#running.get(record.id);
    const standing = standingOf(record, this.#store.evaluations.runs(record.id));
    if (running) return evaluationRow(record, { state: 'running', pass: standing.pass, progress: running.progress() }, undefined);
    try {
      return evaluationRow(record, standing, await this.#figuresOf(record));
    } catch (thrown) {
      const { code, message } = problemOf(thrown); // one that cannot be counted takes no other's place in a list
      return evaluationRow(record, { problem: { code, message }, ...standing }, undefined);
    }
  }

  #figuresOf(record: EvaluationRecord): Promise<Figures> {
    return this.#figures.of(this.#store, record, { goesOn: this.#running.has(record.id), signal: this.#open.signal });
  }

  async #report(record: EvaluationRecord, signal: AbortSignal): Promise<EvaluationReport> {
    const store = this.#store;
    const asked = new Set(store.evaluations.tasks(record.id).flat());
    const [figures, contamination, row] = await Promise.all([this.#figuresOf(record), this.#options.contaminated(store, { tasks: asked, models: record.models, signal }), this.#rowOf(record)]);
    return evaluationReport({ record, runs: store.evaluations.runs(record.id), row, figures, contamination });
  }

  async #changes({ id, after = 0, limit, side, ...filter }: Params<'evaluationChanges'>): Promise<Result<'evaluationChanges'>> {
    const { evaluated } = await this.#figuresOf(this.#one(id));
    const all = changesOfSide(evaluated, { side, ...withoutAbsent({ model: filter.model, set: filter.set, domain: filter.domain }) });
    return { rows: all.slice(after, after + limit).map(row => withQuestion(this.#store, row)), total: all.length };
  }

  #task(record: EvaluationRecord, name: string): Result<'evaluatedTask'> {
    const reading = { dependencies: this.#options.dependencies, store: this.#store, record };
    const judged = judgedTask(reading, contextsOf(reading), taskId(name));
    if (!judged) throw problemError('task-not-found', `There is no held-out task ${name} in ${reading.store.path}.`);
    return evaluatedTask(judged, record);
  }
}
