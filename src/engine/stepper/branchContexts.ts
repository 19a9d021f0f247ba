import type { RunChoices } from '../../contract/engine.ts';
import type { BranchChoice } from '../../contract/stepper.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import { isTrainTask, type TrainTask } from '../../core/model/task.ts';
import type { RunContext, TaskContext } from '../../core/plan/context.ts';
import { modelStagesOf, type Recipe } from '../../core/recipes/recipe.ts';
import { estimateTokens } from '../../core/verify/tokens.ts';
import type { ServerDescription } from '../../ports/languageModel.ts';
import type { RunRecord, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import type { FoundServers } from '../describeServers.ts';
import { resolveContext, resolveRecipe } from '../resolveRun.ts';
import { choicesOf } from '../runChoices.ts';
import { serverSetting } from '../settings.ts';
import { taskNamed } from '../taskNamed.ts';
import type { TokenCounts } from './branchReports.ts';
import { TokenCounter } from './tokenCounter.ts';

/** How a branch is worked on: under which recipe, and as which run before. */
export interface ResolvedBranch {
  readonly choices: RunChoices;
  readonly task: TrainTask;
  readonly before: RunRecord | undefined;
}

/** What stands for a model of which nothing is known. */
export const identityUnknown = 'unknown';

/** What servers said, and what asks them. */
interface Heard {
  /** Absent where nobody may be asked. */
  readonly counter?: TokenCounter;
  /** What the project's server said of itself, by its address: it may serve another model than the latest run asked. */
  readonly identities: Map<string, string>;
  /** Likewise what its judge's server said, where it has one. */
  readonly judges: Map<string, string>;
}

/** How single branches of a project are looked at: as the run before worked, with the model that its server serves now, as far as that is known. */
export class BranchContexts {
  readonly #dependencies: EngineDependencies;
  readonly #store: () => Store;
  readonly #heard: Heard;

  constructor(dependencies: EngineDependencies, store: () => Store, heard: Heard = { counter: new TokenCounter(dependencies), identities: new Map(), judges: new Map() }) {
    this.#dependencies = dependencies;
    this.#store = store;
    this.#heard = heard;
  }

  /** The same for one request: one that is `offline` asks no server, so that tokens are estimated, and the model is taken to be what it was last known to be. */
  for({ offline }: { readonly offline?: boolean | undefined }): BranchContexts {
    const { identities, judges } = this.#heard;
    return offline === true ? new BranchContexts(this.#dependencies, this.#store, { identities, judges }) : this;
  }

  /** The recipe as its files stand now, and as the run before worked: the one that settled the task, else the latest. Throws `task-not-found`, `task-held-out`. */
  resolve(choice: Pick<BranchChoice, 'task' | 'recipe'>): ResolvedBranch {
    const store = this.#store();
    const task = taskNamed(store, choice.task);
    if (!isTrainTask(task)) throw problemError('task-held-out', `Task ${task.id} is held out: it is kept for evaluation and may never make training data, so that no branch of it can be stepped.`);
    const [latest, ...earlier] = store.runs();
    const settledBy = store.outcome(task.id)?.runId;
    const before = earlier.find(run => run.id === settledBy) ?? latest;
    return { task, before, choices: withoutAbsent({ ...takenFrom(before), ...withoutAbsent({ recipe: choice.recipe }) }) };
  }

  async of(choice: Pick<BranchChoice, 'task' | 'recipe'>): Promise<{ readonly context: TaskContext; readonly before: RunRecord | undefined }> {
    const resolved = this.resolve(choice);
    const recipe = resolveRecipe(this.#dependencies, this.#store(), resolved.choices.recipe);
    return { context: await this.under(recipe, resolved), before: resolved.before };
  }

  /** The same under a recipe that was read already. */
  async under(recipe: Recipe, { choices, task, before }: ResolvedBranch): Promise<TaskContext> {
    const store = this.#store();
    // as for a run, a recipe that asks no judge has none
    const judgeIdentity = modelStagesOf(recipe).includes('judge') ? this.#heard.judges.get(judgeKey(store)) ?? (before && judgeIn(before)) : undefined;
    const context: RunContext = await resolveContext(this.#dependencies, choices, { recipe, identity: await this.#identity(store, before), judgeIdentity });
    return { ...context, task };
  }

  /** Remembers what servers said of themselves. */
  learn({ server, judge }: FoundServers): void {
    const store = this.#store();
    this.#heard.identities.set(serverKey(store), server.identity);
    if (judge) this.#heard.judges.set(judgeKey(store), judge.server.identity);
  }

  /** Counted by the project's server where that counts, else estimated. */
  async count(texts: readonly string[]): Promise<TokenCounts> {
    const server = serverSetting(this.#store());
    const known = server && await this.#heard.counter?.count(server, texts);
    if (!known) return { count: estimateTokens, estimated: true };
    const byText = new Map(texts.map((text, index) => [text, known[index] ?? 0]));
    return { count: text => byText.get(text) ?? 0, estimated: false };
  }

  /** What the project's server says of itself, asked at most once a minute; nothing where it does not answer or wants a key, where none is named, and once the signal is aborted. */
  async describe(signal?: AbortSignal): Promise<ServerDescription | undefined> {
    const server = serverSetting(this.#store());
    return server && this.#heard.counter?.describe(server, signal);
  }

  /** Closes what was opened for counting. */
  async close(): Promise<void> {
    await this.#heard.counter?.close();
  }

  /** Which model the project's server serves, as far as that is known without asking; it is asked where nothing is known. */
  async #identity(store: Store, before: RunRecord | undefined): Promise<string> {
    const { counter, identities } = this.#heard;
    const known = identities.get(serverKey(store)) ?? before?.identity;
    if (known !== undefined) return known;
    const server = serverSetting(store);
    const identity = server && (await counter?.describe(server))?.identity;
    if (identity !== undefined) identities.set(serverKey(store), identity);
    return identity ?? identityUnknown;
  }
}

/** The recipe, by name or path, and how far a run went; what only bounded that run is left out. */
function takenFrom(before: RunRecord | undefined): Pick<RunChoices, 'recipe' | 'mode' | 'filter'> {
  if (!before) return {};
  const { mode, filter } = before;
  return { recipe: choicesOf(before)?.recipe ?? before.recipeName, mode, filter };
}

/** What the judge of a run was, where it had a server of its own. */
export const judgeIn = (run: RunRecord): string | undefined => choicesOf(run)?.judge?.identity;

const judgeKey = (store: Store): string => JSON.stringify([serverSetting(store)?.judge?.baseUrl, serverSetting(store)?.judge?.model]);
const serverKey = (store: Store): string => JSON.stringify([serverSetting(store)?.baseUrl, serverSetting(store)?.model]);
