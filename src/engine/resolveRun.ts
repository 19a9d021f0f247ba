import type { RunChoices } from '../contract/engine.ts';
import type { ServerSetting } from '../contract/reports.ts';
import { runId, type Hash, type TaskId } from '../core/model/ids.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError } from '../core/model/problem.ts';
import { recipeEnding } from '../core/model/promptFile.ts';
import { withoutEnding } from '../core/model/server.ts';
import { asksNothing, modelStages, type ModelStage } from '../core/model/stage.ts';
import { isTrainTask } from '../core/model/task.ts';
import type { RunContext } from '../core/plan/context.ts';
import { seededOrder } from '../core/plan/order.ts';
import { loadRecipe } from '../core/recipes/loadRecipe.ts';
import { modelStagesOf, stagesOf, type Recipe } from '../core/recipes/recipe.ts';
import { recipeNames } from '../core/recipes/recipeFile.ts';
import { estimateTokens } from '../core/verify/tokens.ts';
import type { Store } from '../ports/store.ts';
import type { EngineDependencies } from './dependencies.ts';
import type { NamedServer } from './describeServers.ts';
import { baseName, folderOf } from './paths.ts';
import { serverSetting } from './settings.ts';
import { taskNamed } from './taskNamed.ts';

/** The recipe that runs unless told otherwise. */
export const defaultRecipe = 'regenesis';

/** What a plan or a run is about. The models are the caller's to close. */
export interface ResolvedRun {
  readonly recipe: Recipe;
  /** Train tasks, in import order. */
  readonly tasks: readonly TaskId[];
  /** At least one; none where nothing is asked. */
  readonly servers: readonly NamedServer[];
  /** Answers stage `judge` in place of the others; absent where they do, and where the recipe asks no judge. */
  readonly judge?: NamedServer;
}

/** All servers of a run. */
export const serversOf = ({ servers, judge }: Pick<ResolvedRun, 'servers' | 'judge'>): readonly NamedServer[] => (judge ? [...servers, judge] : servers);

/**
 * Everything that choices name, checked before any request.
 *
 * Throws `recipe-not-found`, `recipe-invalid` with every place, `task-held-out`, `task-not-found`, `no-tasks`, `no-server`.
 */
export function resolveRun(dependencies: EngineDependencies, store: Store, choices: RunChoices): ResolvedRun {
  const recipe = resolveRecipe(dependencies, store, choices.recipe);
  if (choices.filter === 'reference' && recipe.knownAnswers === 'unused') {
    throw problemError('usage', `The released filter compares with known answers, which the recipe ${recipe.name} leaves unused. Let the recipe's own filters decide.`);
  }
  const tasks = resolveTasks(store, choices, { seed: recipe.seed, hash: dependencies.hash });
  const servers = asksNothing(choices.stages) ? { servers: [] } : resolveServers(dependencies, store, { ...choices, judged: modelStagesOf(recipe).includes('judge') });
  return { recipe, tasks, ...servers };
}

/** Reads and checks a recipe, by name (shipped or the workspace's) or by the path of its file. Throws `recipe-not-found`, `recipe-invalid`. */
export function resolveRecipe({ files, hash }: EngineDependencies, store: Store, nameOrPath: string = defaultRecipe): Recipe {
  const byPath = nameOrPath.endsWith(recipeEnding);
  const shared = files.prompts(store.path);
  const name = byPath ? baseName(nameOrPath).slice(0, -recipeEnding.length) : nameOrPath;
  const folder = byPath ? folderOf(nameOrPath) : '';
  const own = new Map(byPath ? [...files.promptFolder(folder)].map(([file, text]): [string, string] => [`${name}/${file}`, text]) : []);
  const { recipe, problems } = loadRecipe({ name, files: new Map([...shared, ...own]), hash });
  const errors = problems.filter(problem => problem.severity === 'error')
    .map(problem => (own.has(problem.file) ? { ...problem, file: `${folder}/${baseName(problem.file)}` } : problem));
  const [first] = errors;
  if (recipe && !first) return recipe;
  if (!first) throw problemError('recipe-not-found', `There is no recipe ${nameOrPath}. There are: ${recipeNames(shared).join(', ')}. A recipe of your own is a file NAME${recipeEnding}.`);
  const list = errors.slice(0, 5).map(({ file, line, column, code, message }) => `${file}:${line}:${column}: ${code} ${message}`).join('\n');
  throw problemError('recipe-invalid', `The recipe ${nameOrPath} cannot be run:\n${list}`, { file: first.file, line: first.line, column: first.column });
}

/** The train tasks that choices name, in import order. Throws as `resolveRun`. */
export function resolveTasks(store: Store, choices: RunChoices, { seed, hash }: { readonly seed: number; readonly hash: Hash }): readonly TaskId[] {
  const tasks = choices.tasks ? namedTasks(store, choices.tasks) : store.taskIds({ ...withoutAbsent(choices.where ?? {}), split: 'train' });
  if (tasks.length === 0 && choices.where && store.countTasks({ split: 'train' }) > 0) throw problemError('no-tasks', 'No train task is among those that were chosen. Choose others, or run on all.');
  if (tasks.length === 0) {
    const heldOut = store.countTasks({ split: 'held-out' });
    throw problemError('no-tasks', heldOut > 0
      ? `All ${heldOut} tasks of ${store.path} are held out; a run makes training data and takes train tasks only. Import some with \`--split train\`.`
      : `There are no tasks in ${store.path} yet. Import some: \`regenesis import ${store.path} FILE\`.`);
  }
  if (choices.limit !== undefined) return tasks.slice(0, choices.limit);
  if (choices.sample === undefined) return tasks;
  const sampled = new Set(seededOrder(tasks, `sample:${seed}`, hash).slice(0, choices.sample));
  return tasks.filter(id => sampled.has(id));
}

function namedTasks(store: Store, names: readonly string[]): readonly TaskId[] {
  return [...new Set(names)].map(name => {
    const task = taskNamed(store, name);
    if (!isTrainTask(task)) throw problemError('task-held-out', `Task ${name} is held out: it is kept for evaluation and may never make training data. Leave it out of --task.`);
    return task.id;
  });
}

/** Model stages that the chosen stages allow to ask; absent where every stage may. Throws `usage` for a stage or a round that the recipe lacks. */
function allowedStages(recipe: Recipe, { stages, round }: RunChoices): ReadonlySet<ModelStage> | undefined {
  if (round === 2 && !recipe.rounds[2]) throw problemError('usage', `Recipe ${recipe.name} has no hint round. Run a recipe that has one, or state hints in one of your own.`);
  if (!stages) return undefined;
  const there = stagesOf(recipe);
  const lacking = stages.filter(stage => !there.includes(stage));
  if (lacking.length > 0) throw problemError('usage', `Recipe ${recipe.name} has no stage ${lacking.join(', ')}. It has: ${there.join(', ')}. Run a recipe that has it, or add it to one of your own.`);
  const asked = modelStagesOf(recipe);
  const chosen = modelStages.filter(stage => stages.includes(stage));
  return chosen.length === asked.length ? undefined : new Set(chosen);
}

/** Opens the servers that the choices, else the project, name. Whoever names a server means that one alone. */
export function resolveServers(dependencies: EngineDependencies, store: Store, choices: RunChoices & { readonly judged: boolean }): Pick<ResolvedRun, 'servers' | 'judge'> {
  const remembered = serverSetting(store);
  const baseUrl = choices.server ?? remembered?.baseUrl;
  if (baseUrl === undefined) {
    throw problemError('no-server', 'No inference server is set. Name one with --server URL (vLLM or any OpenAI-compatible server), or start the built-in one with `regenesis demo-server`.');
  }
  const open = (url: string, model: string | undefined, apiKey: string | undefined): NamedServer => ({ baseUrl: url, model: dependencies.createModel({ baseUrl: url, ...withoutAbsent({ model, apiKey }) }) });
  const model = choices.model ?? (baseUrl === remembered?.baseUrl ? remembered.model : undefined);
  const servers = [baseUrl, ...replicasOf(choices, remembered)].filter((url, index, all) => all.findIndex(other => withoutEnding(other) === withoutEnding(url)) === index)
    .map(url => open(url, model, keyAt(url, choices)));
  const judge = choices.judged ? judgeOf(choices, remembered) : undefined;
  const keys = choices.apiKeys ?? (choices.apiKey === undefined ? {} : { [originOf(baseUrl)]: choices.apiKey });
  return { servers, ...(judge ? { judge: open(judge.server, judge.model, keyFor(judge.server, keys)) } : {}) };
}

const replicasOf = (choices: RunChoices, remembered: ServerSetting | undefined): readonly string[] => choices.replicas ?? (choices.server === undefined ? remembered?.replicas : undefined) ?? [];

function judgeOf({ judge, server }: RunChoices, remembered: ServerSetting | undefined): RunChoices['judge'] {
  const ofProject = server === undefined ? remembered?.judge : undefined;
  return judge ?? (ofProject && { server: ofProject.baseUrl, model: ofProject.model });
}

/** Where an address leads, as keys are bound to it; the address itself where it is written without a scheme. */
const originOf = (address: string): string => (URL.canParse(address) ? new URL(address).origin : address);

const keyFor = (address: string, keys: Readonly<Record<string, string>>): string | undefined => {
  const origin = originOf(address);
  return Object.hasOwn(keys, origin) ? keys[origin] : undefined;
};

/** The key that a server is sent; see `RunChoices`. */
export const keyAt = (address: string, { apiKey, apiKeys }: Pick<RunChoices, 'apiKey' | 'apiKeys'>): string | undefined => (apiKeys ? keyFor(address, apiKeys) : apiKey);

/** How a plan or a run of these choices works, beside its tasks. Throws `usage` for a stage that the recipe lacks. */
export async function resolveContext(dependencies: Pick<EngineDependencies, 'hash' | 'loadCl100k'>, choices: RunChoices, { recipe, identity, judgeIdentity }: Pick<RunContext, 'recipe' | 'identity'> & { readonly judgeIdentity: string | undefined }): Promise<RunContext> {
  const allowed = allowedStages(recipe, choices);
  const filter = choices.filter ?? 'typed';
  const needsCl100k = filter === 'reference' || recipe.length?.tokenizer === 'cl100k';
  return {
    runId: runId(0),
    recipe,
    identity,
    ...(judgeIdentity === undefined || judgeIdentity === identity ? {} : { judgeIdentity }),
    mode: choices.mode ?? 'until-enough',
    filter,
    hash: dependencies.hash,
    countTokens: needsCl100k ? await dependencies.loadCl100k() : estimateTokens,
    ...(allowed ? { allowed } : {}),
    ...(choices.round === undefined ? {} : { onlyRound: choices.round }),
  };
}
