import * as vscode from 'vscode';
import type { RunChoices } from '../../contract/engine.ts';
import type { PlanReport, RunReport } from '../../contract/reports.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import { runLanes } from '../../core/model/run.ts';
import { asksNothing } from '../../core/model/stage.ts';
import { executeCommand, readSetting, titleOf } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { Action } from '../notify.ts';
import type { Project, ProjectChange } from '../projects/project.ts';
import { addServer } from '../servers/addServer.ts';
import { addressesOf } from '../servers/keys.ts';
import { readyDemo } from '../servers/useDemo.ts';
import { filterWords } from '../tree/grouping.ts';
import { projectNode, projectOf, taskOf } from '../tree/node.ts';
import { isAllowed } from '../trust.ts';
import { waysOut } from '../wayOut.ts';
import { actionOn, withPatience, withViewProgress, type Workbench } from '../workbench.ts';
import { askSample, confirmPlan, pickRecipe, recipesOf, isChange, type Change } from './confirm.ts';
import { canResume, endWords, longProgress, pilotWords, stoppedWords } from './runWords.ts';
import { pilotTasks, scopeOfNodes, scopeWords, type Scope } from './scope.ts';
import { partChoices, hasPart, lackingWords, partTitle, type KnownRecipe, type Part } from './stageTable.ts';

/** The recipe that runs where nothing was run yet. */
const usualRecipe = 'regenesis';

/** What a person wants to run. */
export interface Wish {
  /** Absent: the whole method. */
  readonly part?: Part;
  /** Name of the recipe; absent: that of the latest run, else the usual one. */
  readonly recipe?: string;
  /** Nothing in it: all train tasks. */
  readonly scope: Scope;
  /** Absent: the project's model is asked. */
  readonly tuned?: TunedWish;
}

/** A model that a job of the project has made. */
export interface TunedWish {
  readonly choices: Pick<RunChoices, 'iteration' | 'server' | 'model' | 'apiKeys'>;
  /** Where it comes from, beside the plan. */
  readonly words: string;
}

/** Runs a recipe, or a part of one, on a project: a recipe that has it, a server where the model is asked, a plan that is confirmed, a run that is followed. */
export async function startPipeline(workbench: Workbench, project: Project, { part, scope, recipe: named, tuned }: Wish): Promise<void> {
  if (!isAllowed(workbench.notify, part === undefined ? 'Running a recipe' : partTitle(part))) return;
  if (project.running) throw problemError('run-active', `A run is going on in ${project.name}.`);
  if (project.status?.tasks.trainable === 0) throw problemError('no-tasks', 'There are no train tasks.');
  const recipe = await recipeFor(workbench, project, { part, named });
  if (!recipe) return;
  const about = (chosen: KnownRecipe): RunChoices => ({ recipe: chosen.name, ...(part === undefined ? {} : partChoices(part, chosen)) });
  const grades = asksNothing(about(recipe).stages);
  const server = grades ? {} : await serverOf(workbench, project);
  if (!server) return;
  await confirmAndRun(workbench, project, { part, about, ...withoutAbsent({ where: tuned?.words }), choices: { ...concurrencySet(), ...askedOf(server, tuned), ...about(recipe), ...scope } });
}

/** Whom a run asks: the project's servers, or those of a tuned model, each with its own key. */
const askedOf = (server: Pick<RunChoices, 'apiKeys'>, tuned: TunedWish | undefined): RunChoices =>
  (tuned ? { ...tuned.choices, apiKeys: { ...server.apiKeys, ...tuned.choices.apiKeys } } : server);

interface Confirmed {
  readonly part: Part | undefined;
  readonly about: (recipe: KnownRecipe) => RunChoices;
  /** See `Confirming`. */
  readonly where?: string;
  readonly choices: RunChoices;
}

/** Asks until it is clear what to do: each answer but Go and Cancel leads to another plan. */
async function confirmAndRun(workbench: Workbench, project: Project, { part, about, where, ...rest }: Confirmed): Promise<void> {
  let { choices } = rest;
  let pilot: string | undefined;
  for (;;) {
    const plan = await planned(project, choices);
    if (!plan) return;
    const decision = await confirmPlan(project, { plan, part, narrower: narrowerScopes(workbench, project, choices), pilot, ...withoutAbsent({ where }) });
    if (!decision) return;
    if (isChange(decision)) {
      choices = { ...choices, ...await changed(project, decision, { part, about, tasks: plan.tasks }) };
      continue;
    }
    const wanted = decision.kind === 'go' ? choices : { ...choices, sample: pilotTasks };
    const report = await follow(workbench, project, () => project.run('startRun', wanted));
    pilot = decision.kind === 'pilot' && report?.state === 'completed' ? pilotWords(report) : undefined;
    if (pilot !== undefined) continue;
    if (report) tellEnd(workbench, project, report);
    return;
  }
}

/** What a run would do; absent where it was called off, which ends the counting too. */
const planned = (project: Project, choices: RunChoices): Promise<PlanReport | undefined> =>
  withPatience(`ReGenesis: counting what there is to do in ${project.name}`, signal => project.call('plan', choices, signal));

/** What a person changes of a run before it starts; nothing where that is called off. */
async function changed(project: Project, decision: Change, { part, about, tasks }: Pick<Confirmed, 'part' | 'about'> & { readonly tasks: number }): Promise<RunChoices> {
  if (decision.kind === 'narrow') return decision.scope;
  if (decision.kind === 'sample') {
    const sample = await askSample(tasks);
    return sample === undefined ? {} : { sample };
  }
  const other = await pickRecipe(await recipesOf(project), part);
  return other ? about(other) : {};
}

/** The recipe that is named, else that of the latest run, else the usual one. Where it lacks what is wanted, that is said with the recipes that have it. */
async function recipeFor({ notify }: Workbench, project: Project, { part, named }: { readonly part: Part | undefined; readonly named: string | undefined }): Promise<KnownRecipe | undefined> {
  const recipes = await recipesOf(project);
  if (named !== undefined && !recipes.some(({ name }) => name === named)) throw problemError('recipe-not-found', `${project.name} has no recipe ${named} that can be run. Problems stand in its file.`);
  const latest = named ?? project.status?.runs[0]?.recipe;
  const recipe = recipes.find(({ name }) => name === latest) ?? recipes.find(({ name }) => name === usualRecipe) ?? recipes[0];
  if (!recipe) throw problemError('recipe-not-found', 'No recipe can be read. Problems stand in the files below .regenesis/prompts of this folder.');
  if (part === undefined || hasPart(recipe, part)) return recipe;
  const others = recipes.filter(each => hasPart(each, part));
  const chosen = await notify.ask(lackingWords(part, recipe.name, others.map(({ name }) => name)), others.map(({ name }) => `Use ${name}`));
  return others.find(({ name }) => chosen === `Use ${name}`);
}

/** Fewer tasks that may be meant where a run is about all of them. */
function narrowerScopes({ tree, view }: Workbench, project: Project, { tasks, where, sample }: RunChoices): readonly { readonly words: string; readonly scope: Scope }[] {
  if (tasks ?? where ?? sample) return [];
  const selected = scopeOfNodes(view.selection.filter(node => taskOf(node) !== undefined && projectOf(node) === project.path), tree.filter);
  return [
    ...(selected?.tasks ? [{ words: scopeWords(selected), scope: selected }] : []),
    ...(tree.filtered ? [{ words: `what the filter shows: ${filterWords(tree.filter)}`, scope: { where: tree.filter } }] : []),
  ];
}

/** The limit that a person set; without one, the engine finds what the server holds. */
export function concurrencySet(): Pick<RunChoices, 'concurrency'> {
  const concurrency = readSetting('regenesis.run.maxConcurrent');
  return concurrency > 0 ? { concurrency } : {};
}

/** Goes on with the latest run, as it was started. */
export async function resumePipeline(workbench: Workbench, project: Project): Promise<void> {
  if (!isAllowed(workbench.notify, 'Resuming a run')) return;
  if (project.running) throw problemError('run-active', `A run is going on in ${project.name}.`);
  if (project.status?.run === null) throw problemError('run-not-found', `Nothing was run in ${project.name} yet.`);
  const grades = asksNothing(project.status?.runs[0]?.stages);
  const server = grades ? {} : await serverOf(workbench, project);
  const report = server && await follow(workbench, project, () => project.run('resumeRun', server));
  if (report) tellEnd(workbench, project, report);
}

/** Says how a run ended that this window only followed. */
export function tellOfRuns(workbench: Workbench, project: Project, change: ProjectChange): void {
  if (change.kind === 'joined-run-ended') tellEnd(workbench, project, change.report);
}

/** Offers to go on with a run that ended before its time while nobody looked. */
export function offerResume({ notify }: Workbench, project: Project): void {
  const [latest] = project.status?.runs ?? [];
  if (!latest || project.running || !canResume(latest.state)) return;
  notify.tell(stoppedWords(latest, project.name), [resumeAction(project), 'regenesis.tasks.show'], 'warning');
}

const resumeAction = (project: Project): Action => actionOn(project, 'regenesis.run.resume');

/** The server that a step of one branch asks, made ready; absent where nobody chose one, or the folder is not trusted, which is then said. */
export const serverForStep = async (workbench: Workbench, project: Project): Promise<Pick<RunChoices, 'apiKeys'> | undefined> =>
  (isAllowed(workbench.notify, 'Stepping through a branch') ? serverOf(workbench, project) : undefined);

/** The server that a run asks, made ready; absent where nobody chose one. `title`: of what wants it. */
export async function serverOf(workbench: Workbench, project: Project, title = 'Run Pipeline'): Promise<Pick<RunChoices, 'apiKeys'> | undefined> {
  const { keys, known } = workbench;
  const set = project.status?.server;
  if (!set && !await chooseServer(workbench, project, title)) return undefined;
  const server = project.status?.server;
  if (!server) return undefined;
  if (server.simulated) {
    if (set) await readyDemo(project, workbench);
    return {};
  }
  for (const address of addressesOf(server)) await known.add(address);
  return keys.forRun(server);
}

async function chooseServer(workbench: Workbench, project: Project, title: string): Promise<boolean> {
  const choices = [
    { label: '$(plug) Add Server…', detail: 'vLLM or any other server that speaks the OpenAI protocol', add: true },
    { label: '$(beaker) Try the demo server', detail: 'A simulation on this machine that plays a model for the sample tasks', add: false },
  ];
  const picked = await vscode.window.showQuickPick(choices, { title: `${title} · ${project.name}`, placeHolder: 'No server is set for this project' });
  if (!picked) return false;
  if (picked.add) return await addServer(workbench, project) !== undefined;
  await withViewProgress(() => readyDemo(project, workbench));
  return true;
}

/** Follows a run to its end; what kept it from one is told. */
async function follow({ notify }: Workbench, project: Project, run: () => Promise<RunReport>): Promise<RunReport | undefined> {
  try {
    return await withProgress(project, run);
  } catch (thrown) {
    const { code } = problemOf(thrown);
    notify.problem(thrown, `Running ${project.name}`, code === 'engine-unavailable' ? [resumeAfterReopening(project), 'regenesis.log.show'] : waysOut(code));
    return undefined;
  }
}

/** What is left to do where the engine of a run died. */
const resumeAfterReopening = (project: Project): Action => ({
  title: titleOf('regenesis.run.resume'),
  run: async () => {
    if (project.state.kind === 'failed') await project.open('open');
    await executeCommand('regenesis.run.resume', projectNode(project.path));
  },
});

/** Progress at the head of the view, and in a notification with Cancel. */
function withProgress(project: Project, run: () => Promise<RunReport>): Thenable<RunReport> {
  const simulated = project.status?.server?.simulated === true ? ' (simulation)' : '';
  const title = `ReGenesis: ${project.name}${simulated}`;
  return withViewProgress(async () => vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (bar, cancelled) => {
    const lifetime = new Lifetime();
    lifetime.add(cancelled.onCancellationRequested(() => { void cancelRun(project); }));
    let shownPercent = 0;
    lifetime.add(project.onDidChange(({ kind }) => {
      const { progress } = project;
      if (kind !== 'progress' || !progress) return;
      const percent = progress.tasks.total === 0 ? 0 : (progress.tasks.done / progress.tasks.total) * 100;
      bar.report({ message: longProgress(progress), increment: percent - shownPercent });
      shownPercent = percent;
    }));
    try {
      return await run();
    } finally {
      lifetime.dispose();
    }
  }));
}

/** Stops the runs of a project; what has arrived is kept. Evaluations go on beside them, except in an engine of another version, where nothing else could end them. */
export async function cancelRun(project: Project): Promise<void> {
  const which = project.state.kind === 'open' ? runLanes.map(lane => ({ lane })) : [{}];
  await Promise.all(which.map(each => project.call('cancelRun', each).catch(() => undefined))); // an engine that is gone runs nothing
}

function tellEnd({ notify }: Workbench, project: Project, report: RunReport): void {
  const words = endWords(report, project.name);
  switch (report.state) {
    case 'completed': notify.tell(words, [...(report.kept > 0 ? [actionOn(project, 'regenesis.review.next'), actionOn(project, 'regenesis.dataset.export')] : []), 'regenesis.tasks.show']); break;
    case 'cancelled': notify.tell(words, [resumeAction(project), 'regenesis.tasks.show']); break;
    case 'paused':
    case 'failed': notify.tell(words, report.problem ? [resumeAction(project), ...waysOut(report.problem.code)] : [actionOn(project, 'regenesis.run.start'), 'regenesis.log.show'], report.state === 'failed' ? 'error' : 'warning');
  }
}
