import type { RecipeStaleness } from '../../contract/prompts.ts';
import type { PlanReport } from '../../contract/reports.ts';
import type { Answer } from '../../core/model/answer.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { problemError } from '../../core/model/problem.ts';
import { modelStages, type CallStage, type ModelStage } from '../../core/model/stage.ts';
import { isTrainTask } from '../../core/model/task.ts';
import { Branch } from '../../core/plan/branch.ts';
import { forkSource, idOfBranch, rootsOf } from '../../core/plan/branchSource.ts';
import { asRecipeKnows, type RunContext, type TaskContext } from '../../core/plan/context.ts';
import { TaskFacts } from '../../core/plan/taskFacts.ts';
import { TaskPlan } from '../../core/plan/taskPlan.ts';
import { loadRecipe } from '../../core/recipes/loadRecipe.ts';
import { modelStagesOf, type Recipe } from '../../core/recipes/recipe.ts';
import { hasErrors, type PromptProblem } from '../../core/prompts/problem.ts';
import type { RunRecord, SettledTask, Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { hasN } from '../describeServers.ts';
import { planReport } from '../planReport.ts';
import { defaultRecipe, resolveContext } from '../resolveRun.ts';
import { isStep } from '../runChoices.ts';
import { basisOf, settledTasks } from '../settledTasks.ts';
import { inSlices } from '../slices.ts';
import { identityUnknown, judgeIn, type BranchContexts } from '../stepper/branchContexts.ts';
import { baselineOf } from './baseline.ts';
import type { PromptTexts } from './findPrompt.ts';
import { findingsOf } from './preview.ts';
import { trainTasks } from './trainTasks.ts';

/** What staleness is counted with. */
export interface Counting {
  readonly dependencies: Pick<EngineDependencies, 'clock' | 'hash' | 'understanding' | 'loadCl100k'>;
  readonly store: Store;
  /** Says whether the server draws several answers in one request. */
  readonly contexts: Pick<BranchContexts, 'describe'>;
  readonly texts: PromptTexts;
  /** Only the recipes that use it are counted; absent: all. */
  readonly file?: string;
  /** How many of the tasks that were run, and of the others, are looked at, the rest being taken to be like them; absent: all. */
  readonly most?: number;
  /** Aborts when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** What saving would make stale, recipe by recipe. Throws `cancelled` once the signal is. */
export async function stalenessOf(options: Counting): Promise<RecipeStaleness[]> {
  const reports: RecipeStaleness[] = [];
  const counting = { ...options, contexts: askedOnce(options.contexts) };
  for (const name of recipesRun(counting.store)) {
    const report = await stalenessOfRecipe(counting, name);
    if (report) reports.push(report);
  }
  return reports;
}

/** One that does not answer keeps no second recipe waiting, and one is asked only where anything is to be counted. */
function askedOnce(contexts: Counting['contexts']): Counting['contexts'] {
  let asked: ReturnType<BranchContexts['describe']> | undefined;
  return { describe: signal => (asked ??= contexts.describe(signal)) };
}

/** The recipes that were run, latest first; the usual one where none was. */
function recipesRun(store: Store): readonly string[] {
  const names = new Set(store.runs().filter(run => !isStep(run)).map(({ recipeName }) => recipeName));
  return names.size === 0 ? [defaultRecipe] : [...names];
}

/** Absent for a recipe that is not below `prompts/`, that could not be used before either, or that has nothing to do with the file that is asked about. */
async function stalenessOfRecipe(counting: Counting, name: string): Promise<RecipeStaleness | undefined> {
  const { dependencies: { hash }, store, texts: { saved, unsaved }, file } = counting;
  const { recipe: before, run } = baselineOf(store, name, { saved, hash });
  const then = loadRecipe({ name, files: unsaved, hash });
  if (file !== undefined && !uses(file, [before, then.recipe], then.problems)) return undefined;
  const { mode } = run ?? { mode: 'until-enough' as const };
  const nothing = { recipe: name, title: (before ?? then.recipe)?.title ?? name, mode, same: true, stale: [], exact: true, calls: 0, promptTokens: 0, outputTokens: 0, problems: [] };
  if (hasErrors(then.problems)) return { ...nothing, same: false, problems: findingsOf(then.problems.filter(({ severity }) => severity === 'error')) };
  if (!before || !then.recipe) return undefined;
  if (before.id === then.recipe.id) return nothing;
  return { ...nothing, same: false, ...await counted(counting, run, { before, then: then.recipe }) };
}

const uses = (file: string, recipes: readonly (Recipe | undefined)[], problems: readonly PromptProblem[]): boolean =>
  recipes.some(recipe => recipe && Object.hasOwn(recipe.files, file)) || problems.some(problem => problem.file === file);

/** Tasks that are looked at, and how many each of them stands for. */
interface Part {
  readonly tasks: readonly TaskId[];
  readonly times: number;
}

type Counted = Pick<RecipeStaleness, 'stale' | 'exact' | 'calls' | 'promptTokens' | 'outputTokens'>;

async function counted(counting: Counting, run: RunRecord | undefined, recipes: { readonly before: Recipe; readonly then: Recipe }): Promise<Counted> {
  const before = await planningOf(counting, await contextOf(counting, run, recipes.before));
  const then = await planningOf(counting, await contextOf(counting, run, recipes.then));
  const sum = { stale: new Map<ModelStage, number>(), exact: true, calls: 0, promptTokens: 0, outputTokens: 0 };
  for (const part of await partsOf(counting)) {
    const found = await countedOf(counting, part.tasks, { before, then });
    for (const { stage, answers } of found.stale) sum.stale.set(stage, (sum.stale.get(stage) ?? 0) + Math.round(answers * part.times));
    sum.exact &&= found.exact && part.times === 1;
    for (const figure of ['calls', 'promptTokens', 'outputTokens'] as const) sum[figure] += Math.round(found[figure] * part.times);
  }
  return { ...sum, stale: modelStages.flatMap(stage => ((sum.stale.get(stage) ?? 0) > 0 ? [{ stage, answers: sum.stale.get(stage) ?? 0 }] : [])) };
}

/** Those that were run and the others, of either as many as are to be looked at. */
async function partsOf({ dependencies: { clock }, store, most }: Counting): Promise<readonly Part[]> {
  const { settled, fresh } = await trainTasks(store, clock);
  return [settled, fresh].filter(part => part.length > 0).map(part => spread(part, most));
}

/** As many of some tasks as are to be looked at, evenly spread; there must be one. */
export function spread(all: readonly TaskId[], most = Infinity): Part {
  const step = Math.max(1, all.length / most);
  const tasks = Array.from({ length: Math.min(all.length, most) }, (_, index) => all[Math.floor(index * step)] ?? []).flat();
  return { tasks, times: all.length / tasks.length };
}

async function countedOf(counting: Counting, tasks: readonly TaskId[], { before, then }: { readonly before: Planning; readonly then: Planning }): Promise<Counted> {
  const stale = await staleAnswers(counting, { before: before.context, then: then.context, tasks });
  const [asked, wanted] = [await planned(counting, before, tasks), await planned(counting, then, tasks)];
  const least = more(wanted.calls, asked.calls);
  // until enough, a run is likely to need again what it needed before; how many samples are drawn in one request is the plan's to know
  const redrawn = stale.filter(({ stage }) => stage !== 'choose').reduce((sum, { answers }) => sum + answers, 0);
  const exact = wanted.exact && asked.exact;
  const calls = exact ? least : Math.max(least, redrawn);
  const times = least === 0 ? 1 : calls / least;
  return { stale, calls, exact, promptTokens: more(wanted.promptTokens, asked.promptTokens) * times, outputTokens: more(wanted.outputTokens, asked.outputTokens) * times };
}

const more = (then: number, now: number): number => Math.max(0, then - now);

async function contextOf({ dependencies }: Counting, run: RunRecord | undefined, recipe: Recipe): Promise<RunContext> {
  const judgeIdentity = run && modelStagesOf(recipe).includes('judge') ? judgeIn(run) : undefined;
  const how = run ? { mode: run.mode, filter: run.filter } : {};
  return resolveContext(dependencies, how, { recipe, identity: run?.identity ?? identityUnknown, judgeIdentity });
}

/** What a recipe is planned with, and the tasks that a run of it would leave as they are. */
interface Planning {
  readonly context: RunContext;
  readonly settled: ReadonlyMap<TaskId, SettledTask>;
}

async function planningOf({ dependencies: { clock, understanding }, store, signal }: Counting, context: RunContext): Promise<Planning> {
  return { context, settled: await settledTasks(store, basisOf(context, understanding), { clock, signal }) };
}

async function planned({ dependencies: { clock }, store, contexts, signal }: Counting, { context, settled }: Planning, tasks: readonly TaskId[]): Promise<PlanReport> {
  const server = await contexts.describe(signal);
  return planReport({ store, context, tasks, settled, clock, serverHasN: server !== undefined && hasN(server), signal });
}

/** Answers that stand in the branches as they were run and would in none of the same branches then, by stage. */
async function staleAnswers({ dependencies: { clock }, store, signal }: Counting, { before, then, tasks }: { readonly before: RunContext; readonly then: RunContext; readonly tasks: readonly TaskId[] }): Promise<RecipeStaleness['stale']> {
  const counts = new Map<CallStage, number>();
  const pause = inSlices(clock);
  for (const id of tasks) {
    for (const { stage } of staleOf(store, id, { before, then })) counts.set(stage, (counts.get(stage) ?? 0) + 1);
    await pause();
    if (signal.aborted) throw problemError('cancelled', 'The counting was called off. It changes nothing.');
  }
  return modelStages.flatMap(stage => (counts.has(stage) ? [{ stage, answers: counts.get(stage) ?? 0 }] : []));
}

function staleOf(store: Store, id: TaskId, { before, then }: { readonly before: RunContext; readonly then: RunContext }): readonly Answer[] {
  const answers = store.answers(id);
  const task = answers.length === 0 ? undefined : store.task(id);
  if (!task || !isTrainTask(task)) return [];
  const [edits, reviews, lost] = [store.edits(id), store.reviews(id), store.lost(id)];
  const plan = new TaskPlan({ ...before, task }, edits, reviews);
  plan.receive(answers, lost);
  const facts = new TaskFacts(edits, reviews);
  facts.learn(answers, lost);
  const standing = new Set<Answer>();
  for (const branch of plan.rounds.flatMap(round => round.launched)) {
    const same = sameBranch(branch, { ...then, task }, facts);
    same?.advance(facts);
    for (const answer of same?.used ?? []) standing.add(answer);
  }
  return [...plan.usedAnswers()].filter(answer => !standing.has(answer));
}

/** The branch of that id under another recipe; absent where it has none. */
function sameBranch({ id, round }: Branch, context: TaskContext, facts: TaskFacts): Branch | undefined {
  const plan = context.recipe.rounds[round];
  const fork = facts.forks(round).find(each => each.branch === id);
  const source = plan && (fork ? forkSource(fork, plan) : rootsOf(plan).find(each => idOfBranch(each) === id));
  return source && new Branch(asRecipeKnows(context), source, { round, plan });
}
