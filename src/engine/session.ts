import type { methods, ParamsOf, ResultOf, RunChoices } from '../contract/engine.ts';
import { taskId } from '../core/model/ids.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError, problemOf } from '../core/model/problem.ts';
import type { RunContext } from '../core/plan/context.ts';
import { loadRecipe } from '../core/recipes/loadRecipe.ts';
import { modelStagesOf } from '../core/recipes/recipe.ts';
import { recipeNames } from '../core/recipes/recipeFile.ts';
import type { RunRecord, Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import { describeServers, hasN } from './describeServers.ts';
import { exportDataset } from './exportDataset.ts';
import { importSamples, importTasks } from './importTasks.ts';
import { baseName } from './paths.ts';
import { planReport } from './planReport.ts';
import { resolveContext, resolveRun } from './resolveRun.ts';
import { RunControl } from './runControl.ts';
import { setServer } from './settings.ts';
import { statusReport } from './statusReport.ts';
import { taskReport } from './taskReport.ts';

/** Methods about the project; the others are about the process, and its service answers them. */
type Name = Exclude<keyof typeof methods, 'handshake' | 'engineState' | 'shutdown'>;
type Params<N extends Name> = ParamsOf<(typeof methods)[N]>;
type Result<N extends Name> = ResultOf<(typeof methods)[N]>;

/** One handler for each method that is about the project. */
export type Handlers = { readonly [N in Name]: (params: Params<N>) => Promise<Result<N>> };

/** One open project, and the run on it, as the clients of an engine see them. */
export class Session {
  readonly #dependencies: EngineDependencies;
  readonly #run: RunControl;
  #store: Store | undefined;

  constructor(dependencies: EngineDependencies) {
    this.#dependencies = dependencies;
    this.#run = new RunControl(dependencies);
  }

  /** The handlers of all methods. */
  handlers(): Handlers {
    return {
      createProject: async params => this.#create(params),
      openProject: async ({ path }) => this.#open(path),
      status: async () => statusReport(this.#opened(), this.#run.activeTasks),
      importTasks: async params => importTasks(this.#dependencies, this.#opened(), params),
      taskPage: async params => this.#taskPage(params),
      pathPage: async () => { throw problemError('usage', 'not yet'); },
      journalPage: async () => { throw problemError('usage', 'not yet'); },
      showTask: async ({ task }) => this.#showTask(task),
      plan: async choices => this.#plan(choices),
      startRun: async choices => this.#run.start(this.#opened(), choices),
      resumeRun: async ({ apiKey }) => this.#run.resume(this.#opened(), apiKey),
      followRun: async () => this.#run.follow(),
      cancelRun: async () => (this.#run.cancel(), {}),
      exportDataset: async params => exportDataset(this.#dependencies, this.#opened(), { ...params, context: run => this.#contextOf(run) }),
      probeServer: async params => this.#probe(params),
      setServer: async ({ server }) => (setServer(this.#opened(), server), {}),
      recipes: async () => ({ recipes: this.#recipes() }),
    };
  }

  /**
   * Tells the project file that its engine lives; called twice a minute. Should another host have taken the file meanwhile, the run ends: two writers must never be.
   */
  beat(): void {
    try {
      this.#store?.beat?.();
    } catch (thrown) {
      this.#run.fail(problemOf(thrown));
    }
  }

  /** Ends the run so that it can be resumed, and closes the project: for the end of the process, however it comes. */
  async close(): Promise<void> {
    this.#run.stop({ code: 'engine-stopped', message: 'The engine was stopped while the run went on; nothing is lost. Resume the run to go on.' });
    await this.#run.ended();
    this.#store?.close();
    this.#store = undefined;
  }

  async #create({ path, sample }: Params<'createProject'>): Promise<Result<'createProject'>> {
    this.#refuseSecond();
    this.#store = this.#dependencies.openStore(path, true);
    return { project: this.#store.path, tasks: sample ? await importSamples(this.#dependencies, this.#store) : 0 };
  }

  #open(path: string): Result<'openProject'> {
    this.#refuseSecond();
    this.#store = this.#dependencies.openStore(path, false);
    return { project: this.#store.path, name: baseName(this.#store.path).replace(/\.regenesis$/, '') };
  }

  #taskPage({ filter, after, limit }: Params<'taskPage'>): Result<'taskPage'> {
    const store = this.#opened();
    const wanted = withoutAbsent(filter);
    const rows = store.taskPage(wanted, after, limit);
    return { total: store.countTasks(wanted), rows: rows.map(row => ({ ...row, state: this.#run.isActive(row.id) ? 'running' : row.state })) };
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

  async #plan(choices: RunChoices): Promise<Result<'plan'>> {
    const store = this.#opened();
    const { recipe, tasks, servers } = resolveRun(this.#dependencies, store, choices);
    try {
      const { server } = await describeServers(servers, new AbortController().signal);
      const context = await resolveContext(this.#dependencies, choices, { recipe, identity: server.identity });
      return planReport({ store, context, tasks, serverHasN: hasN(server) });
    } finally {
      await Promise.all(servers.map(({ model }) => model.close()));
    }
  }

  /** The context in which a run worked, from the recipe as it was then. */
  async #contextOf(run: RunRecord): Promise<RunContext> {
    const { hash } = this.#dependencies;
    const record = this.#opened().recipe(run.recipeId);
    const { recipe } = record ? loadRecipe({ name: record.name, files: new Map(Object.entries(record.files)), hash }) : { recipe: undefined };
    if (!recipe) throw problemError('recipe-invalid', `The recipe of run ${run.id}, ${run.recipeName}, cannot be read any more by this version. Run the tasks again.`);
    const context = await resolveContext(this.#dependencies, { mode: run.mode, filter: run.filter }, { recipe, identity: run.identity });
    return { ...context, runId: run.id };
  }

  async #probe({ url, model, apiKey, completions }: Params<'probeServer'>): Promise<Result<'probeServer'>> {
    const endpoint = this.#dependencies.createModel({ baseUrl: url, ...withoutAbsent({ model, apiKey }) });
    try {
      const { signal } = new AbortController();
      const { baseUrl, ...found } = await (completions ? endpoint.probe(signal) : endpoint.describe(signal));
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
    return recipes.map(recipe => ({ name: recipe.name, title: recipe.title, description: recipe.description, stages: [...modelStagesOf(recipe)] }));
  }

  #opened(): Store {
    if (!this.#store) throw problemError('usage', 'No project is open in this engine.');
    return this.#store;
  }

  #refuseSecond(): void {
    if (this.#store) throw problemError('usage', `This engine has ${this.#store.path} open; one engine serves one project.`);
  }
}
