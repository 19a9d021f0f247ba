import type { ParamsOf, ResultOf, RunChoices, methods } from '../../contract/engine.ts';
import type { BranchChoice, BranchPlace, BranchStages, StageChoice, StagePrompt, StepChoice } from '../../contract/stepper.ts';
import { branchId, type TaskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import type { RunContext, TaskContext } from '../../core/plan/context.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { Asking } from '../asking.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { describeFor, refuseUntold, type FoundServers } from '../describeServers.ts';
import type { Fleets } from '../fleets.ts';
import { resolveContext, resolveRun, serversOf } from '../resolveRun.ts';
import { serverSetting } from '../settings.ts';
import { taskNamed } from '../taskNamed.ts';
import { identityUnknown, judgeIn, type BranchContexts } from './branchContexts.ts';
import { branchStages, stagePrompt, textsToCount, type Stepping } from './branchReports.ts';
import { answerEdit, choiceEdit, forkEdit, includeEdit, promptEdit, type EditFacts } from './edits.ts';
import type { LiveTexts, WatchedBranch } from './liveTexts.ts';
import { settleAnew } from './settleAnew.ts';
import { Step } from './step.ts';
import { branchRows, readBranch, type SteppedBranch } from './steppedBranch.ts';

/** What a stepper is made with. */
export interface StepperOptions {
  readonly dependencies: EngineDependencies;
  /** The open project. Throws where there is none. */
  readonly store: () => Store;
  readonly fleets: Fleets;
  readonly texts: LiveTexts;
  /** Closed by whoever made it. */
  readonly contexts: BranchContexts;
  /** Whether a run works on a task at this moment. */
  readonly isActive: (task: TaskId) => boolean;
}

type Names = 'branches' | 'branchStages' | 'stagePrompt' | 'runStage' | 'runBranch' | 'stopBranch' | 'editAnswer' | 'chooseAnswer' | 'editPrompt' | 'forkBranch' | 'includeFork' | 'watchBranch';
/** The methods about single branches. */
export type StepperHandlers = { readonly [N in Names]: (params: ParamsOf<(typeof methods)[N]>, asking?: Asking) => Promise<ResultOf<(typeof methods)[N]>> };

/** What a step begins with, once a server has answered. */
interface Beginning {
  readonly choice: StepChoice;
  readonly choices: RunChoices;
  readonly context: TaskContext;
  readonly found: FoundServers;
  readonly keys: Pick<RunChoices, 'apiKey' | 'apiKeys'>;
  readonly toEnd: boolean;
}

const keyOf = ({ task, round, branch }: BranchPlace): string => `${round}\n${branch}\n${task}`;
const watchedOf = ({ round, branch }: BranchPlace, id: TaskId): WatchedBranch => ({ task: id, round, branch: branchId(branch) });
const steppedAlready = 'This branch is being asked about already. Stop that, or wait for its end.';

/** Lets a person go through one branch of one task: look, ask, edit, fork. All state is in the store, but for what is asked at this moment. */
export class Stepper {
  readonly handlers: StepperHandlers;
  readonly #options: StepperOptions;
  readonly #steps = new Map<string, Step>();
  readonly #problems = new Map<string, Step['problem']>();

  constructor(options: StepperOptions) {
    this.#options = options;
    this.handlers = {
      branches: async params => this.#branches(params),
      branchStages: async params => this.#stages(params),
      stagePrompt: async params => this.#prompt(params),
      runStage: async params => this.#start(params, false),
      runBranch: async params => this.#start(params, true),
      stopBranch: async params => (this.#steps.get(keyOf(params))?.stop(), {}),
      editAnswer: async ({ text, ...params }) => this.#edit(params, branch => answerEdit(branch, { ...params, text }, options.dependencies.hash)),
      chooseAnswer: async ({ fingerprint, ...params }) => this.#edit(params, branch => choiceEdit(branch, { ...params, fingerprint })),
      editPrompt: async ({ messages, ...params }) => this.#edit(params, branch => promptEdit(branch, { ...params, messages })),
      forkBranch: async params => this.#fork(params),
      includeFork: async ({ included, ...params }) => this.#edit(params, branch => includeEdit(branch, included)),
      watchBranch: async ({ watched, ...params }, asking) => (options.texts.watch(watchedOf(params, taskNamed(options.store(), params.task).id), watched, asking?.client), {}),
    };
  }

  /** Whether any branch is asked about at this moment. */
  get running(): boolean {
    return this.#steps.size > 0;
  }

  /** Whether any branch of a task is asked about at this moment. */
  isStepping(task: TaskId): boolean {
    return [...this.#steps.keys()].some(key => key.endsWith(`\n${task}`));
  }

  /** Stops all steps. */
  async close(): Promise<void> {
    for (const step of this.#steps.values()) step.stop();
    await Promise.all([...this.#steps.values()].map(step => step.ended));
  }

  async #branches(choice: Pick<BranchChoice, 'task' | 'recipe' | 'offline'>): Promise<ResultOf<(typeof methods)['branches']>> {
    const { context } = await this.#options.contexts.for(choice).of(choice);
    return { branches: [...branchRows(this.#options.store(), context)] };
  }

  async #stages(choice: BranchChoice): Promise<BranchStages> {
    const stepped = await this.#look(choice);
    return branchStages(stepped, { stepping: this.#steppingOf(choice, stepped), server: serverSetting(this.#options.store()) });
  }

  async #prompt({ stage, ...choice }: StageChoice): Promise<StagePrompt> {
    const stepped = await this.#look(choice);
    const counts = await this.#options.contexts.for(choice).count(textsToCount(stepped, stage));
    return stagePrompt(stepped, stage, { stepping: this.#steppingOf(choice, stepped), counts });
  }

  #steppingOf(choice: BranchPlace, { context: { task } }: SteppedBranch): Stepping {
    const live = this.#options.texts.of(watchedOf(choice, task.id));
    const step = this.#steps.get(keyOf(choice));
    return { running: step ? step.stage : live?.stage, live, problem: this.#problems.get(keyOf(choice)) };
  }

  async #start(choice: StepChoice, toEnd: boolean): Promise<ResultOf<(typeof methods)['runStage']>> {
    const key = keyOf(choice);
    if (this.#steps.has(key)) throw problemError('run-active', steppedAlready);
    const { dependencies, store: opened, contexts } = this.#options;
    const store = opened();
    const { choices, task } = contexts.resolve(choice);
    const keys = withoutAbsent({ apiKey: choice.apiKey, apiKeys: choice.apiKeys });
    const { recipe, tasks: _one, ...named } = resolveRun(dependencies, store, { ...choices, ...keys, tasks: [task.id] });
    const close = () => Promise.all(serversOf(named).map(({ model }) => model.close()));
    try {
      const found = await describeFor(choices, { store, ...named }, new AbortController().signal);
      refuseUntold(store, found.server);
      contexts.learn(found);
      const context = { ...await resolveContext(dependencies, choices, { recipe, identity: found.server.identity, judgeIdentity: found.judge?.server.identity }), task };
      return await this.#begin({ choice, choices, context, found, keys, toEnd });
    } catch (thrown) {
      await close();
      throw thrown;
    }
  }

  async #begin({ choice, choices, context, found, keys, toEnd }: Beginning): Promise<ResultOf<(typeof methods)['runStage']>> {
    const { dependencies, store: opened, fleets, texts } = this.#options;
    const [store, key] = [opened(), keyOf(choice)];
    const { branch: { state } } = readBranch(store, context, choice);
    if (this.#steps.has(key)) throw problemError('run-active', steppedAlready);
    if (state?.kind !== 'wants') {
      await Promise.all([...found.servers, ...found.judge?.servers ?? []].map(({ model }) => model.close()));
      return { stage: null };
    }
    const shared = fleets.take(found, keys);
    const step = new Step({
      store, context, fleets, shared, dependencies, server: found.server, choices: { ...choices, ...judgeOf(found) }, place: choice, toEnd, first: state.stage,
      open: stage => texts.open(watchedOf(choice, context.task.id), stage), changed: () => { this.#changed(context.task.id); },
    });
    this.#problems.delete(key);
    this.#steps.set(key, step);
    void this.#follow(key, step, { choice, context });
    return { stage: state.stage };
  }

  async #follow(key: string, step: Step, { choice, context }: { readonly choice: StepChoice; readonly context: TaskContext }): Promise<void> {
    const { dependencies, store, fleets } = this.#options;
    const end = await step.run();
    await fleets.release(step.shared);
    if (end.problem && end.state === 'failed') this.#problems.set(key, end.problem);
    try {
      if (end.run !== undefined) this.#settle(store(), { ...context, runId: end.run });
    } catch (thrown) {
      dependencies.emit('log', { level: 'error', text: problemOf(thrown).message });
    }
    this.#steps.delete(key);
    this.#changed(context.task.id);
    const { task, round, branch } = choice;
    dependencies.emit('branchStepped', { task, round, branch, state: end.state, ...(end.problem ? { problem: end.problem } : {}) });
  }

  async #fork(choice: StageChoice): Promise<BranchStages> {
    let made = choice.branch;
    await this.#edit(choice, branch => {
      const facts = forkEdit(branch, choice.stage);
      made = facts.branch;
      return facts;
    });
    return this.#stages({ ...choice, branch: made });
  }

  /** Stores an edit, and works the outcome of its task out anew where nothing has to be asked for that. */
  async #edit(choice: BranchChoice, of: (branch: SteppedBranch) => EditFacts): Promise<BranchStages> {
    const { store: opened, dependencies: { clock } } = this.#options;
    const { context, before } = await this.#options.contexts.for(choice).of(choice);
    const store = opened();
    const { task } = context;
    this.#mayEdit(choice, context);
    const stepped = readBranch(store, context, choice); // nothing is waited for from here to the commit: somebody else may edit the same branch
    const { written, fact, branch = choice.branch } = of(stepped);
    if (!fact) return this.#stages(choice);
    store.commit({ ...(written ? { written: [written] } : {}), edits: [{ taskId: task.id, round: choice.round, branch: branchId(branch), ...fact, atMs: clock.nowMs() }] });
    if (before && isOfSame(before, context)) this.#settle(store, { ...context, runId: before.id });
    this.#changed(task.id);
    return this.#stages(choice);
  }

  #mayEdit(choice: BranchPlace, { task, identity }: TaskContext): void {
    if (this.#options.isActive(task.id)) throw problemError('run-active', `A run works on ${task.id} at this moment and would not know of the edit. Wait until it is done with this task, or cancel the run.`);
    if (this.#steps.has(keyOf(choice))) throw problemError('run-active', 'This branch is being asked about. Stop that before you edit it.');
    if (identity === identityUnknown) throw problemError('no-server', 'Nothing is known of the model that this branch is for. Name a server that can be reached, and edit then.');
  }

  #settle(store: Store, context: TaskContext): void {
    if (!this.#options.isActive(context.task.id)) settleAnew(store, context, { understanding: this.#options.dependencies.understanding, inPart: false });
  }

  #changed(task: TaskId): void {
    this.#options.dependencies.emit('tasksChanged', { tasks: [task], all: false });
  }

  async #look(choice: BranchChoice): Promise<SteppedBranch> {
    const { context } = await this.#options.contexts.for(choice).of(choice);
    return readBranch(this.#options.store(), context, choice);
  }
}

/** The judge as a run's choices name it, with what it was found to be: whoever works with the step's answers later needs to know. */
const judgeOf = ({ judge }: FoundServers): Pick<RunChoices, 'judge'> =>
  (judge ? { judge: { server: judge.server.baseUrl, model: judge.server.model, identity: judge.server.identity } } : {});

/** Whether a run came to its outcomes as this context would. */
const isOfSame = (run: RunRecord, { recipe, identity, judgeIdentity, mode, filter }: RunContext): boolean =>
  run.recipeId === recipe.id && run.identity === identity && (judgeIn(run) ?? run.identity) === (judgeIdentity ?? identity) && run.mode === mode && run.filter === filter;
