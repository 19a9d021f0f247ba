import type { TrialChoices } from '../../contract/engine.ts';
import type { TrialPlan, TrialReport } from '../../contract/prompts.ts';
import type { BranchId, TaskId } from '../../core/model/ids.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, ProblemError } from '../../core/model/problem.ts';
import type { Round } from '../../core/model/stage.ts';
import { idOfBranch, rootsOf, type BranchRoot } from '../../core/plan/branchSource.ts';
import type { RunContext } from '../../core/plan/context.ts';
import { seededDraw } from '../../core/plan/order.ts';
import { modelStagesOf, type Recipe } from '../../core/recipes/recipe.ts';
import type { Store } from '../../ports/store.ts';
import { AnswersInFlight } from '../answersInFlight.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { describeFor, hasN, refuseUntold, type FoundServers } from '../describeServers.ts';
import type { Fleets, SharedFleet } from '../fleets.ts';
import { planning } from '../planning.ts';
import { planReport } from '../planReport.ts';
import { resolveContext, resolveServers, serversOf } from '../resolveRun.ts';
import { Runner } from '../runner.ts';
import { usualRequestTimeoutMs } from '../settings.ts';
import type { FoundPrompt } from './findPrompt.ts';
import { problemWords } from './preview.ts';
import { scratchOf, type Scratch } from './scratch.ts';
import { trainTasks } from './trainTasks.ts';
import { sideOf, sumsOf, type Side } from './trialReport.ts';

/** What a trial is made with. */
export interface Trying {
  readonly dependencies: EngineDependencies;
  readonly store: Store;
  readonly fleets: Fleets;
  readonly found: FoundPrompt;
  readonly choices: TrialChoices;
  /** Aborts when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** Both recipes, and the tasks by the branch that is tried with each. */
interface Trial {
  readonly before: Recipe;
  readonly after: Recipe;
  readonly tasks: readonly TaskId[];
  /** The same branch of either recipe for each of the tasks. */
  readonly groups: readonly Group[];
}

interface Group {
  readonly before: Recipe;
  readonly after: Recipe;
  readonly tasks: readonly TaskId[];
}

/** What a trial would ask. Throws as `runTrial`. */
export async function planTrial(trying: Trying): Promise<TrialPlan> {
  const trial = await trialOf(trying);
  const found = await serversFor(trying, trial);
  let scratch: Scratch | undefined;
  try {
    scratch = await scratchFor(trying, trial, found);
    return await planned({ trying, trial, found, scratch });
  } finally {
    try {
      scratch?.discard();
    } finally {
      await Promise.all([...found.servers, ...found.judge?.servers ?? []].map(({ model }) => model.close()));
    }
  }
}

async function planned({ trying, trial, found, scratch: { store } }: Pick<Running, 'trying' | 'trial' | 'found' | 'scratch'>): Promise<TrialPlan> {
  const { dependencies: { clock }, found: { round }, signal } = trying;
  const plan = { tasks: trial.tasks.length, hinted: round === 2, calls: 0, promptTokens: 0, outputTokens: 0 };
  for (const { tasks, before, after } of trial.groups) {
    for (const recipe of [before, after]) {
      const context = await contextOf(trying, found, recipe);
      const report = await planReport({ store, context, tasks, settled: new Map(), clock, serverHasN: hasN(found.server), signal });
      plan.calls += report.calls;
      plan.promptTokens += report.promptTokens;
      plan.outputTokens += report.outputTokens;
    }
  }
  return { ...plan, outputTokens: Math.round(plan.outputTokens) };
}

/** Runs both sides, the one of before first: what the other shares with it is not asked again. Throws as the contract says of `tryPrompt`. */
export async function runTrial(trying: Trying, report: (done: number, total: number) => void): Promise<TrialReport> {
  const { fleets, found: { stage }, choices, store } = trying;
  const trial = await trialOf(trying);
  const found = await serversFor(trying, trial);
  const shared = fleets.take(found, withoutAbsent({ apiKey: choices.apiKey, apiKeys: choices.apiKeys }));
  let scratch: Scratch | undefined;
  try {
    scratch = await scratchFor(trying, trial, found);
    const running = { trying, trial, found, shared, scratch };
    const all = trial.tasks.length;
    const before = await runSide({ ...running, ended: tasks => { report(tasks, 2 * all); } }, 'before');
    const after = await runSide({ ...running, ended: tasks => { report(all + tasks, 2 * all); } }, 'after');
    const { name, title } = trial.before;
    const { model, baseUrl, simulated } = found.server;
    return { recipe: { name, title }, stage, server: { model, baseUrl, simulated }, ...sumsOf({ tasks: trial.tasks, store }, before, after) };
  } finally {
    try {
      scratch?.discard();
    } finally {
      await fleets.release(shared);
    }
  }
}

async function trialOf({ dependencies, store, found, choices }: Trying): Promise<Trial> {
  const { recipe: after, before, round } = found;
  if (!after) throw problemError('recipe-invalid', problemWords(found));
  if (!before) throw problemError('recipe-invalid', `The recipe ${found.name} cannot be used as it was before, so that there is nothing to compare with. Save the prompt, and run the recipe on a few tasks.`);
  if (before.id === after.id) throw problemError('usage', `The recipe ${found.name} asks nothing else than when it was run last, so that there is nothing to compare. Change a prompt of it first.`);
  const branches = sharedBranches(found, before, after);
  const tasks = await sampleOf(dependencies, store, choices);
  const groups = branches.slice(0, tasks.length).map((branch, index) =>
    ({ before: withBranch(before, round, branch), after: withBranch(after, round, branch), tasks: tasks.filter((_id, at) => at % branches.length === index) }));
  return { before, after, tasks, groups };
}

/** Tasks that were run come first: their answers are there already. Throws `no-tasks`. */
async function sampleOf({ clock, hash }: EngineDependencies, store: Store, { tasks, seed: seedText = 'try' }: TrialChoices): Promise<readonly TaskId[]> {
  const { settled, fresh } = await trainTasks(store, clock);
  const known = seededDraw(settled, tasks, { seedText, hash });
  const drawn = [...known, ...seededDraw(fresh, tasks - known.length, { seedText, hash })];
  if (drawn.length === 0) throw problemError('no-tasks', `There are no train tasks in ${store.path} yet. Import some, to try a prompt on.`);
  return drawn;
}

/**
 * The branches that both recipes have in the round: what differs must be the prompt alone. One whose guidelines are chosen is tried for the prompt that chooses them, and
 * where there are no others; of plain draws, which are all alike, the first. Throws `usage` where they share none.
 */
function sharedBranches({ name, stage, round }: FoundPrompt, before: Recipe, after: Recipe): readonly BranchId[] {
  const [former, latter] = [before, after].map(recipe => branchesIn(recipe, round));
  if (!former || !latter) throw problemError('usage', `The recipe ${name} has a hint round ${former ? 'only as it was run last' : 'only as it is now'}, so that there is nothing to compare its prompts with. Run the recipe on a few tasks first.`);
  const there = new Set(latter.map(idOfBranch));
  const shared = former.filter(root => there.has(idOfBranch(root)));
  const chosen = shared.filter(root => 'sample' in root).slice(0, 1);
  const listed = shared.filter(root => 'guideline' in root);
  const drawn = shared.filter(root => 'drawn' in root).slice(0, 1);
  const tried = [listed, chosen, drawn].find(each => each.length > 0 && (stage !== 'choose' || each === chosen)) ?? [];
  if (tried.length === 0) throw problemError('usage', `The recipe ${name} has no ${stage === 'choose' ? 'branch that chooses its guidelines' : 'guideline'} now that it also had when it was run last, so that there is nothing to compare. Keep one of them, or run the recipe on a few tasks first.`);
  return tried.map(idOfBranch);
}

function branchesIn({ rounds }: Recipe, round: Round): readonly BranchRoot[] | undefined {
  const plan = rounds[round];
  return plan && rootsOf(plan);
}

/**
 * The recipe with one branch, in one round: a prompt of the hint round is tried as if every task came to that, in the place of round 1. Answers that are there of the hint
 * round are of round 2, so that they do not stand there, and are asked for again. Known answers measure it in any case: one path alone has nobody to vote with.
 */
function withBranch(recipe: Recipe, round: Round, id: BranchId): Recipe {
  const { choose, drawn, ...plan } = recipe.rounds[round] ?? recipe.rounds[1];
  const guidelines = plan.guidelines.filter(guideline => idOfBranch({ guideline }) === id);
  const alone = { ...(choose && guidelines.length === 0 ? { choose: { ...choose, samples: 1 } } : {}), ...(drawn === undefined ? {} : { drawn: 1 }) };
  return { ...recipe, perTask: 1, knownAnswers: 'used', rounds: { 1: { ...plan, guidelines, ...alone } } };
}

/** What the servers of the project, or of the choices, serve. They are the caller's to close. */
async function serversFor({ dependencies, store, choices, signal }: Trying, { before, after }: Trial): Promise<FoundServers> {
  const judged = [before, after].some(recipe => modelStagesOf(recipe).includes('judge'));
  const named = resolveServers(dependencies, store, { ...withoutAbsent({ server: choices.server, model: choices.model, apiKey: choices.apiKey, apiKeys: choices.apiKeys }), judged });
  try {
    const found = await describeFor({}, { store, ...named }, signal);
    refuseUntold(store, found.server);
    return found;
  } catch (thrown) {
    await Promise.all(serversOf(named).map(({ model }) => model.close()));
    throw thrown;
  }
}

const scratchFor = ({ dependencies, store, signal }: Trying, { before, tasks }: Trial, { server: { baseUrl, model, identity, simulated } }: FoundServers): Promise<Scratch> =>
  scratchOf(dependencies, store, { tasks, recipe: before, run: { baseUrl, model, identity, simulated }, signal });

const contextOf = ({ dependencies }: Trying, { server, judge }: FoundServers, recipe: Recipe): Promise<RunContext> =>
  resolveContext(dependencies, { mode: 'all' }, { recipe, identity: server.identity, judgeIdentity: judge?.server.identity });

interface Running {
  readonly trying: Trying;
  readonly trial: Trial;
  readonly found: FoundServers;
  readonly shared: SharedFleet;
  readonly scratch: Scratch;
  /** Told how many tasks of the side have ended. */
  readonly ended: (tasks: number) => void;
}

/** Runs one side, every branch with the runner that all runs have. Throws `cancelled`, and why a run failed. */
async function runSide({ trying, trial, found, shared, scratch: { store, begin }, ended }: Running, side: 'before' | 'after'): Promise<Side> {
  const { dependencies: { clock, requestTimeoutMs = usualRequestTimeoutMs }, signal } = trying;
  const runId = begin(trial[side]);
  const answers = new AnswersInFlight(); // those of the project's own runs are stored elsewhere
  const runners = await Promise.all(trial.groups.map(async group => new Runner({
    runId, workOn: planning(store, { ...await contextOf(trying, found, group[side]), runId }), tasks: group.tasks, store, fleet: shared.fleet, shared: answers, clock, lane: 'interactive',
    timeoutMs: requestTimeoutMs, serverHasN: hasN(found.server), onTaskChange: () => { ended(sum('tasksDone')); },
  })));
  const sum = (of: 'calls' | 'cached' | 'tasksDone') => runners.reduce((total, { counts }) => total + counts[of], 0);
  const stop = () => { for (const runner of runners) runner.stop({ state: 'cancelled' }); };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const ends = await Promise.all(runners.map(runner => runner.run()));
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw problemError('cancelled', 'The trial was called off. Nothing of it was kept.');
  const problem = ends.find(({ state }) => state !== 'completed')?.problem;
  if (problem) throw new ProblemError(problem);
  ended(sum('tasksDone'));
  const tried = trial.tasks.map(id => sideOf(store, { id, stage: trying.found.stage }));
  return { tried, calls: sum('calls'), cached: sum('cached') };
}
