import * as vscode from 'vscode';
import { methods, type RunChoices } from '../../contract/engine.ts';
import type { PlanReport, RunReport } from '../../contract/reports.ts';
import { problemError, problemOf } from '../../core/model/problem.ts';
import { addServer } from '../commands/addServer.ts';
import { readyDemo, useDemoServer } from '../commands/projectCommands.ts';
import { executeCommand, readSetting } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { Action } from '../notify.ts';
import type { Project, ProjectChange } from '../projects/project.ts';
import { addressesOf } from '../servers/keys.ts';
import { projectNode } from '../tree/node.ts';
import { shortened } from '../words.ts';
import { isAllowed } from '../trust.ts';
import { waysOut } from '../wayOut.ts';
import { withViewProgress, type Workbench } from '../workbench.ts';
import { canResume, endWords, longProgress, planFigures, planTitle, stoppedWords } from './runWords.ts';

/** Tasks of a pilot: enough to see what comes out, few enough to wait for. */
const pilotTasks = 10;

type Decision = { readonly kind: 'go'; readonly sample?: number } | { readonly kind: 'recipe' };

/** Runs a recipe on a project: a server, a plan that is confirmed, a run that is followed. */
export async function startPipeline(workbench: Workbench, project: Project): Promise<void> {
  if (!isAllowed(workbench.notify, 'Running a recipe')) return;
  if (project.running) throw problemError('run-active', `A run is going on in ${project.name}.`);
  if (project.status?.tasks.trainable === 0) throw problemError('no-tasks', 'There are no train tasks.');
  const server = await serverOf(workbench, project);
  if (!server) return;
  let choices: RunChoices = { ...concurrencySet(), ...server };
  for (;;) {
    const plan = await withViewProgress(() => project.call(methods.plan, choices));
    const decision = await confirmPlan(plan, project);
    if (decision?.kind === 'go') {
      const decided = decision.sample === undefined ? choices : { ...choices, sample: decision.sample };
      await follow(workbench, project, () => project.run(methods.startRun, decided));
      return;
    }
    const recipe = decision && await pickRecipe(project);
    if (recipe === undefined) return;
    choices = { ...choices, recipe };
  }
}

/** The limit that a person set; without one, the engine finds what the server holds. */
function concurrencySet(): Pick<RunChoices, 'concurrency'> {
  const concurrency = readSetting('regenesis.run.maxConcurrent');
  return concurrency > 0 ? { concurrency } : {};
}

/** Goes on with the latest run, as it was started. */
export async function resumePipeline(workbench: Workbench, project: Project): Promise<void> {
  if (!isAllowed(workbench.notify, 'Resuming a run')) return;
  if (project.running) throw problemError('run-active', `A run is going on in ${project.name}.`);
  if (project.status?.run === null) throw problemError('run-not-found', `Nothing was run in ${project.name} yet.`);
  const server = await serverOf(workbench, project);
  if (server) await follow(workbench, project, () => project.run(methods.resumeRun, server));
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

const resumeAction = (project: Project): Action => ({ title: 'Resume Run', run: () => executeCommand('regenesis.run.resume', projectNode(project.path)) });

/** The server that a run asks, made ready; absent where nobody chose one. */
async function serverOf(workbench: Workbench, project: Project): Promise<Pick<RunChoices, 'apiKeys'> | undefined> {
  const { demo, keys, known } = workbench;
  const set = project.status?.server;
  if (!set && !await chooseServer(workbench, project)) return undefined;
  const server = project.status?.server;
  if (!server) return undefined;
  if (server.simulated) {
    if (set) await readyDemo(project, demo);
    return {};
  }
  for (const address of addressesOf(server)) await known.add(address);
  return keys.forRun(server);
}

async function chooseServer(workbench: Workbench, project: Project): Promise<boolean> {
  const choices = [
    { label: '$(plug) Add Server…', detail: 'vLLM or any other server that speaks the OpenAI protocol', add: true },
    { label: '$(beaker) Try the demo server', detail: 'A simulation on this machine that plays a model for the sample tasks', add: false },
  ];
  const picked = await vscode.window.showQuickPick(choices, { title: `Run Pipeline · ${project.name}`, placeHolder: 'No server is set for this project' });
  if (!picked) return false;
  if (picked.add) return await addServer(workbench, project) !== undefined;
  await withViewProgress(async () => { await useDemoServer(project, await workbench.demo.url()); });
  return true;
}

async function confirmPlan(plan: PlanReport, project: Project): Promise<Decision | undefined> {
  const server = project.status?.server;
  const go: Decision = { kind: 'go' };
  const choices: (vscode.QuickPickItem & { readonly decision?: Decision })[] = [
    { label: '$(play) Go', detail: planFigures(plan), decision: go },
    ...(plan.tasks > pilotTasks ? [{ label: `$(beaker) Pilot on ${pilotTasks}`, detail: `${pilotTasks} tasks drawn at random, to see what comes out`, decision: { kind: 'go', sample: pilotTasks } as const }] : []),
    { label: '$(list-unordered) Another Recipe…', detail: `instead of ${plan.recipe}`, decision: { kind: 'recipe' } },
    { label: '$(close) Cancel' },
  ];
  const picked = await vscode.window.showQuickPick(choices, { title: planTitle(plan, server?.simulated ?? false), ignoreFocusOut: true, placeHolder: server ? `${server.model} at ${server.baseUrl}` : '' });
  return picked?.decision;
}

async function pickRecipe(project: Project): Promise<string | undefined> {
  const { recipes } = await project.call(methods.recipes, {});
  const picked = await vscode.window.showQuickPick(recipes.map(({ name, title, description }) => ({ label: name, description: title, detail: shortened(description, 90) })), { title: 'Which recipe?', matchOnDescription: true });
  return picked?.label;
}

async function follow(workbench: Workbench, project: Project, run: () => Promise<RunReport>): Promise<void> {
  const { notify } = workbench;
  try {
    tellEnd(workbench, project, await withProgress(project, run));
  } catch (thrown) {
    const { code } = problemOf(thrown);
    notify.problem(thrown, `Running ${project.name}`, code === 'engine-unavailable' ? [resumeAfterReopening(project), 'regenesis.log.show'] : waysOut(code));
  }
}

/** What is left to do where the engine of a run died. */
const resumeAfterReopening = (project: Project): Action => ({
  title: 'Resume Run',
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

/** Stops the run of a project; what has arrived is kept. */
export const cancelRun = (project: Project): Promise<unknown> => project.call(methods.cancelRun, {}).catch(() => undefined); // an engine that is gone runs nothing

function tellEnd({ notify }: Workbench, project: Project, report: RunReport): void {
  const again = { title: 'Run Pipeline', run: () => executeCommand('regenesis.run.start', projectNode(project.path)) };
  const words = endWords(report, project.name);
  switch (report.state) {
    case 'completed': {
      const dataset = { title: 'Export Dataset…', run: () => executeCommand('regenesis.dataset.export', projectNode(project.path)) };
      notify.tell(words, report.kept > 0 ? [dataset, 'regenesis.tasks.show'] : ['regenesis.tasks.show']);
      break;
    }
    case 'cancelled': notify.tell(words, [resumeAction(project), 'regenesis.tasks.show']); break;
    case 'paused':
    case 'failed': notify.tell(words, report.problem ? [resumeAction(project), ...waysOut(report.problem.code)] : [again, 'regenesis.log.show'], report.state === 'failed' ? 'error' : 'warning');
  }
}
