import type { BodyOf, events, methods, ParamsOf, ResultOf, RunChoices } from '../contract/engine.ts';
import { taskId } from '../core/model/ids.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError, ProblemError, problemOf, type Problem } from '../core/model/problem.ts';
import type { RunContext } from '../core/plan/context.ts';
import { loadRecipe } from '../core/recipes/loadRecipe.ts';
import { modelStagesOf, stagesOf } from '../core/recipes/recipe.ts';
import { recipeNames } from '../core/recipes/recipeFile.ts';
import type { RunRecord, Store } from '../ports/store.ts';
import type { Asking } from './asking.ts';
import { AuditControl } from './auditControl.ts';
import { CompareDesk } from './compare/compareDesk.ts';
import { ContaminationDesk } from './contamination/contaminationDesk.ts';
import { contaminationOfModels } from './contamination/contaminationOfModels.ts';
import { LearntTasks } from './contamination/learntTasks.ts';
import { WithdrawalDesk } from './contamination/withdrawalDesk.ts';
import type { EngineDependencies } from './dependencies.ts';
import { describeFor, hasN, refuseUntold } from './describeServers.ts';
import { EvaluationDesk } from './evaluation/evaluationDesk.ts';
import { ExportDesk } from './export/exportDesk.ts';
import { Fleets } from './fleets.ts';
import { greetServer } from './greetServer.ts';
import { IterationDesk } from './iterations/iterationDesk.ts';
import { askingTuned } from './iterations/tunedModel.ts';
import { JobDesk } from './jobs/jobDesk.ts';
import { importSamples, importTasks } from './importTasks.ts';
import { journalPage, pathPage, taskPage } from './pages.ts';
import { GuidelinesOfRuns, overviewReport } from './overviewReport.ts';
import { baseName } from './paths.ts';
import { planReport } from './planReport.ts';
import { previewImport } from './previewImport.ts';
import { PromptDesk } from './prompting/promptDesk.ts';
import { ReviewDesk } from './review/reviewDesk.ts';
import { resolveContext, resolveRun, serversOf } from './resolveRun.ts';
import { choicesOf } from './runChoices.ts';
import { RunControl } from './runControl.ts';
import { basisOf, settledTasks } from './settledTasks.ts';
import { setServer } from './settings.ts';
import { statusReport } from './statusReport.ts';
import { BranchContexts } from './stepper/branchContexts.ts';
import { LiveTexts } from './stepper/liveTexts.ts';
import { Stepper } from './stepper/stepper.ts';
import { taskGroups } from './taskGroups.ts';
import { taskReport } from './taskReport.ts';

/** Methods about the project; the others are about the process, and its service answers them. */
type Name = Exclude<keyof typeof methods, 'handshake' | 'engineState' | 'shutdown'>;
type Params<N extends Name> = ParamsOf<(typeof methods)[N]>;
type Result<N extends Name> = ResultOf<(typeof methods)[N]>;

/** One handler for each method that is about the project. `asking`: on whose behalf; absent where it is the process's own. */
export type Handlers = { readonly [N in Name]: (params: Params<N>, asking?: Asking) => Promise<Result<N>> };

/** Of a project file that is ours no more. */
const lostCodes: ReadonlySet<string> = new Set(['project-not-found', 'project-locked']);

/** One open project, and the run on it, as the clients of an engine see them. */
export class Session {
  readonly #dependencies: EngineDependencies;
  readonly #run: RunControl;
  readonly #contexts: BranchContexts;
  readonly #stepper: Stepper;
  readonly #prompts: PromptDesk;
  readonly #audit: AuditControl;
  readonly #review: ReviewDesk;
  readonly #jobs: JobDesk;
  readonly #exports: ExportDesk;
  readonly #withdrawals: WithdrawalDesk;
  readonly #contamination: ContaminationDesk;
  readonly #evaluations: EvaluationDesk;
  readonly #iterations: IterationDesk;
  readonly #guidelines = new GuidelinesOfRuns();
  readonly handlers: Handlers;
  #store: Store | undefined;
  /** Why there is none any more. */
  #lost: Problem | undefined;
  #importing = new AbortController();

  constructor(given: EngineDependencies) {
    const dependencies: EngineDependencies = { ...given, emit: (name, body) => { this.#note(name, body); given.emit(name, body); } };
    this.#dependencies = dependencies;
    const [fleets, texts] = [new Fleets(dependencies), new LiveTexts(dependencies)];
    this.#run = new RunControl(dependencies, { fleets, texts });
    this.#contexts = new BranchContexts(dependencies, () => this.#opened());
    this.#stepper = new Stepper({ dependencies, fleets, texts, contexts: this.#contexts, store: () => this.#opened(), isActive: task => this.#run.isActive(task) });
    this.#prompts = new PromptDesk({ dependencies, fleets, contexts: this.#contexts, store: () => this.#opened() });
    this.#audit = new AuditControl(dependencies);
    this.#review = new ReviewDesk({ dependencies, store: () => this.#opened(), contextOf: run => this.#contextOf(run), guidelines: this.#guidelines, isActive: task => this.#run.isActive(task) });
    this.#exports = new ExportDesk({ dependencies, store: () => this.#opened(), contextOf: run => this.#contextOf(run), settled: () => this.#review.settled(), contamination: async (store, signal) => (store.countTasks({ split: 'held-out' }) > 0 ? this.#contamination.find({}, signal) : undefined) });
    this.#jobs = new JobDesk({ dependencies, store: () => this.#opened(), exportTo: (params, signal) => this.#exports.export({ ...params, overwrite: true }, signal) });
    this.#contamination = new ContaminationDesk({ dependencies, store: () => this.#opened() });
    const learnt = new LearntTasks(dependencies);
    this.#withdrawals = new WithdrawalDesk({ dependencies, store: () => this.#opened(), contextOf: run => this.#contextOf(run), isActive: task => this.#run.isActive(task) || this.#stepper.isStepping(task) || this.#evaluations.isActive(task) });
    this.#evaluations = new EvaluationDesk({ dependencies, fleets, store: () => this.#opened(), contaminated: (store, asked) => contaminationOfModels({ store, desk: this.#contamination, learnt }, asked) });
    this.#iterations = new IterationDesk({ dependencies, store: () => this.#opened(), contextOf: run => this.#contextOf(run), evaluations: () => this.#evaluations.rows() });
    this.handlers = this.#handlers();
  }

  running(): boolean {
    return this.#run.running || this.#stepper.running || this.#prompts.trying || this.#jobs.running || this.#evaluations.running;
  }

  /** The run that goes on, and whether it or an evaluation runs; `waiting-for-key` where the latest run or the latest evaluation was paused by a wrong key. */
  state(): { readonly run: string | null; readonly state: 'idle' | 'running' | 'waiting-for-key' } {
    const runs = this.#store?.runs() ?? [];
    const running = runs.find(run => run.state === 'running');
    if (this.#storing) return { run: running ? String(running.id) : null, state: 'running' };
    const latest = this.#store ? [runs[0], this.#evaluations.latest] : [];
    return { run: null, state: latest.some(each => each?.state === 'paused' && each.problem?.code === 'server-wrong-key') ? 'waiting-for-key' : 'idle' };
  }

  /** The open project; absent while there is none. */
  opened(): { readonly path: string; readonly schema: number } | undefined {
    return this.#store && { path: this.#store.path, schema: this.#store.schemaVersion };
  }

  /** For when nobody is there and nothing runs: the file can then be copied as it lies there. */
  rest(): void {
    this.#store?.rest();
  }

  #handlers(): Handlers {
    return {
      createProject: async params => this.#create(params),
      openProject: async ({ path }) => this.#open(path),
      status: async () => ({ ...statusReport(this.#opened(), this.#run.activeTasks), ...withoutAbsent({ unreviewed: await this.#review.left() }) }),
      importTasks: async params => this.#import(params),
      previewImport: async params => previewImport(this.#dependencies, this.#opened(), params),
      cancelImport: async () => this.#cancelImport(),
      taskPage: async params => this.#taskPage(params),
      taskGroups: async params => ({ groups: await taskGroups(this.#opened(), params, { clock: this.#dependencies.clock, titles: this.#guidelines.titles(this.#opened()) }) }),
      pathPage: async params => pathPage(this.#opened(), params),
      overview: async () => overviewReport(this.#opened(), { active: this.#run.activeTasks, titles: this.#guidelines.titles(this.#opened()) }),
      audit: async (_nothing, asking) => this.#audit.ask(this.#opened(), asking?.signal),
      cancelAudit: async () => this.#audit.cancel().then(() => ({})),
      journalPage: async params => journalPage(this.#opened(), params, this.#dependencies.clock),
      showTask: async ({ task }) => this.#showTask(task),
      ...this.#stepper.handlers,
      ...this.#prompts.handlers,
      ...this.#review.handlers,
      plan: async (choices, asking) => this.#plan(choices, asking?.signal),
      startRun: async choices => this.#run.start(this.#opened(), choices),
      resumeRun: async keys => this.#run.resume(this.#opened(), keys),
      followRun: async () => this.#run.follow(),
      cancelRun: async ({ lane }) => this.#cancelRun(lane),
      ...this.#exports.handlers,
      ...new CompareDesk({ ...this.#dependencies, store: () => this.#opened(), evaluations: () => this.#evaluations.rows() }).handlers,
      ...this.#jobs.handlers,
      ...this.#withdrawals.handlers,
      ...this.#contamination.handlers,
      ...this.#evaluations.handlers,
      ...this.#iterations.handlers,
      cancelExport: async params => {
        this.#jobs.callOff(params.work);
        return this.#exports.handlers.cancelExport(params);
      },
      probeServer: async (params, asking) => this.#probe(params, asking?.signal),
      surveyServer: async params => this.#survey(params),
      setServer: async ({ server }) => (setServer(this.#opened(), server), {}),
      recipes: async () => ({ recipes: this.#recipes() }),
    };
  }

  /**
   * Tells the project file that its engine lives; called twice a minute. Should another host have taken the file meanwhile, or somebody have moved it away, runs
   * and evaluations end and the file is let go: two writers must never be.
   */
  beat(): void {
    try {
      this.#store?.beat?.();
    } catch (thrown) {
      const problem = problemOf(thrown);
      this.#run.fail(problem);
      this.#evaluations.stop({ state: 'failed', problem });
      if (lostCodes.has(problem.code) && !this.#storing) this.#lose(problem);
    }
  }

  /** Stops the run, to be resumed, and closes the project: for the end of the process, however it comes. */
  async close(): Promise<void> {
    this.#run.stop({ code: 'engine-stopped', message: 'The engine was ended while the run went on. What had arrived is stored; resume the run, or run again, to go on.' });
    await this.#run.ended();
    await this.#stepper.close();
    await this.#prompts.close();
    await this.#contexts.close();
    await this.#review.close();
    await this.#audit.cancel();
    await this.#contamination.close();
    await this.#evaluations.close();
    await Promise.all([this.#jobs.close(), this.#exports.close()]); // a job may be waiting for its export
    this.#letGo();
  }

  async #create({ path, sample }: Params<'createProject'>): Promise<Result<'createProject'>> {
    this.#forgetLost();
    if (this.#isOpen(path)) throw problemError('file-exists', `${path} is there already, and open in this engine.`, { file: path });
    this.#refuseSecond();
    this.#store = this.#dependencies.openStore(path, true);
    this.#lost = undefined;
    this.#jobs.opened();
    return { project: this.#store.path, tasks: sample ? await importSamples(this.#dependencies, this.#store) : 0 };
  }

  /** Whoever comes later joins in what the first has opened. */
  #open(path: string): Result<'openProject'> {
    this.#forgetLost();
    if (!this.#isOpen(path)) {
      this.#refuseSecond();
      this.#store = this.#dependencies.openStore(path, false);
      this.#lost = undefined;
      this.#review.opened();
      this.#jobs.opened();
    }
    const { path: opened } = this.#opened();
    return { project: opened, name: baseName(opened).replace(/\.regenesis$/, '') };
  }

  /** One may come by a link, as where the home folder is one, and another by the place itself. */
  #isOpen(path: string): boolean {
    return this.#store !== undefined && (this.#store.path === path || this.#dependencies.files.isSame(this.#store.path, path));
  }

  /** A file that was moved or deleted under us is not the one that somebody opens or makes now. */
  #forgetLost(): void {
    try {
      this.#store?.beat?.();
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (lostCodes.has(problem.code) && !this.#storing) this.#lose(problem);
    }
  }

  /** Whether something stores what arrives from servers. */
  get #storing(): boolean {
    return this.#run.running || this.#evaluations.running;
  }

  /** Lets go of a file that is ours no more. Clients look again, and are told why. */
  #lose(problem: Problem): void {
    this.#lost = problem;
    this.#letGo();
    this.#dependencies.emit('tasksChanged', { tasks: [], all: true });
  }

  #letGo(): void {
    const store = this.#store;
    void this.#audit.cancel(); // it reads what is about to be closed
    void this.#prompts.close();
    void this.#contamination.close();
    void this.#jobs.close();
    void this.#evaluations.close();
    this.#store = undefined;
    try {
      store?.close();
    } catch (thrown) {
      this.#dependencies.emit('log', { level: 'warning', text: problemOf(thrown).message }); // the file is gone, or another's
    }
  }

  /** A file of which nothing was taken says nothing of its data set. */
  async #import({ domain, ...choices }: Params<'importTasks'>): Promise<Result<'importTasks'>> {
    const report = await importTasks(this.#dependencies, this.#opened(), { ...choices, signal: this.#importing.signal });
    const heldOut = report.files.filter(({ split, tasks, duplicates }) => split === 'held-out' && tasks + duplicates > 0);
    if (domain !== undefined) for (const dataset of new Set(heldOut.map(file => file.dataset))) await this.#evaluations.handlers.setDomain({ dataset, domain });
    return report;
  }

  async #taskPage(params: Params<'taskPage'>): Promise<Result<'taskPage'>> {
    const { rows, total } = await taskPage(this.#opened(), params, this.#dependencies.clock);
    return { total, rows: rows.map(row => ({ ...row, state: this.#run.isActive(row.id) ? 'running' : row.state })) };
  }

  async #showTask(id: string): Promise<Result<'showTask'>> {
    const store = this.#opened();
    const active = this.#run.isActive(taskId(id));
    const [latest, ...earlier] = store.runs();
    const settledBy = active ? undefined : store.outcome(taskId(id))?.runId;
    const run = earlier.find(each => each.id === settledBy) ?? latest;
    const context = run && await this.#contextOf(run);
    return taskReport(store, id, { active, simulated: run?.simulated ?? false, ...(context ? { context } : {}) });
  }

  async #plan(given: RunChoices, signal = new AbortController().signal): Promise<Result<'plan'>> {
    const store = this.#opened();
    const choices = await askingTuned(this.#dependencies, { store, choices: given, signal });
    const { recipe, tasks, ...named } = resolveRun(this.#dependencies, store, choices);
    try {
      const { server, judge } = await describeFor(choices, { store, ...named }, signal);
      refuseUntold(store, server);
      const context = await resolveContext(this.#dependencies, choices, { recipe, identity: server.identity, judgeIdentity: judge?.server.identity });
      const { clock, understanding } = this.#dependencies;
      const settled = await settledTasks(store, basisOf(context, understanding), { clock, signal });
      return await planReport({ store, context, tasks, settled, clock, serverHasN: hasN(server), signal });
    } finally {
      await Promise.all(serversOf(named).map(({ model }) => model.close()));
    }
  }

  /** Whoever keeps something of the outcomes in memory hears that they changed. */
  #note<Name extends keyof typeof events>(name: Name, body: BodyOf<(typeof events)[Name]>): void {
    if (name === 'runEnded') {
      this.#review.runEnded();
      this.#iterations.changed();
    }
    if (name !== 'tasksChanged') return;
    if (!this.#run.running) this.#iterations.changed();
    const { all, tasks } = body as BodyOf<(typeof events)['tasksChanged']>;
    if (this.#store) this.#evaluations.changed(this.#store, { tasks: all ? undefined : tasks, runGoesOn: this.#run.running });
    this.#review.changed(all ? undefined : tasks);
  }

  /** The context in which a run worked, from the recipe as it was then. */
  async #contextOf(run: RunRecord): Promise<RunContext> {
    const { hash } = this.#dependencies;
    const record = this.#opened().recipe(run.recipeId);
    const { recipe } = record ? loadRecipe({ name: record.name, files: new Map(Object.entries(record.files)), hash }) : { recipe: undefined };
    if (!recipe) throw problemError('recipe-invalid', `The recipe of run ${run.id}, ${run.recipeName}, cannot be read any more by this version. Run the tasks again.`);
    const context = await resolveContext(this.#dependencies, { mode: run.mode, filter: run.filter }, { recipe, identity: run.identity, judgeIdentity: choicesOf(run)?.judge?.identity });
    return { ...context, runId: run.id };
  }

  /** Whoever names no lane may be of another version, which knows no other way to end what goes on. */
  #cancelRun(lane: Params<'cancelRun'>['lane']): Result<'cancelRun'> {
    this.#run.cancel(lane);
    if (lane === undefined) this.#evaluations.stop({ state: 'cancelled' });
    return {};
  }

  #cancelImport(): Result<'cancelImport'> {
    this.#importing.abort();
    this.#importing = new AbortController();
    return {};
  }

  async #survey({ url, apiKey, timeoutMs }: Params<'surveyServer'>): Promise<Result<'surveyServer'>> {
    const endpoint = this.#dependencies.createModel({ baseUrl: url, ...withoutAbsent({ apiKey }) });
    try {
      const { baseUrl, kind, models } = await endpoint.survey({ signal: new AbortController().signal, timeoutMs });
      return { server: baseUrl, from: this.#dependencies.host, kind, models: [...models] };
    } finally {
      await endpoint.close();
    }
  }

  async #probe({ url, model, apiKey, completions, greet }: Params<'probeServer'>, signal = new AbortController().signal): Promise<Result<'probeServer'>> {
    const endpoint = this.#dependencies.createModel({ baseUrl: url, ...withoutAbsent({ model, apiKey }) });
    try {
      const { baseUrl, ...found } = await (completions ? endpoint.probe(signal) : endpoint.describe(signal));
      if (greet === true) await greetServer(endpoint, signal);
      return { ...found, capabilities: { ...found.capabilities }, server: baseUrl, from: this.#dependencies.host };
    } finally {
      await endpoint.close();
    }
  }

  /** A recipe of the workspace that does not load is left out of the list; running it says what is wrong with it. */
  #recipes(): Result<'recipes'>['recipes'] {
    const { files, hash } = this.#dependencies;
    const prompts = files.prompts(this.#opened().path);
    const recipes = recipeNames(prompts).flatMap(name => loadRecipe({ name, files: prompts, hash }).recipe ?? []);
    return recipes.map(recipe => ({ name: recipe.name, title: recipe.title, description: recipe.description, stages: [...modelStagesOf(recipe)], everyStage: [...stagesOf(recipe)], hints: recipe.rounds[2] !== undefined }));
  }

  #opened(): Store {
    if (!this.#store) throw this.#lost ? new ProblemError(this.#lost) : problemError('usage', 'No project is open in this engine.');
    return this.#store;
  }

  #refuseSecond(): void {
    if (this.#store) throw problemError('usage', `This engine has ${this.#store.path} open; one engine serves one project.`);
  }
}
