import * as vscode from 'vscode';
import { counted, thousands } from '../../client/words.ts';
import { mostSamples, type EvaluationChoices, type EvaluationPlanReport, type EvaluationRow, type HeldOutSet } from '../../contract/evaluation.ts';
import { domains } from '../../core/model/evaluation.ts';
import { problemOf } from '../../core/model/problem.ts';
import { executeCommand } from '../contributions.ts';
import type { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import { concurrencySet, serverOf } from '../runs/pipeline.ts';
import { originOf } from '../servers/keys.ts';
import { projectNode } from '../tree/node.ts';
import { isAllowed } from '../trust.ts';
import { isolated, sentence, shortened } from '../words.ts';
import { actionOn, withPatience, type Workbench } from '../workbench.ts';
import type { EvaluationPageAddress } from './evaluationPanels.ts';
import { contaminationWords, domainWords, planWords, setWords } from './evaluationWords.ts';
import { knownModels, pickBase, pickModels } from './pickModels.ts';

const title = 'Evaluate Model';
/** Tasks of each set that are asked to get a first idea. */
const fewTasks = 50;

type Pages = Pick<Panels<EvaluationPageAddress>, 'show'>;

/** Asks what is evaluated, against what and on which held-out tasks, shows what that takes, and starts it once it is confirmed. `named`: the one data set that it is about. */
export async function startEvaluation(workbench: Workbench, project: Project, { pages, named }: { readonly pages: Pages; readonly named: string | undefined }): Promise<void> {
  if (!isAllowed(workbench.notify, 'Evaluating a model')) return;
  const { sets } = await project.call('heldOutSets', {});
  const usable = sets.filter(({ tasks, withoutGold }) => tasks > withoutGold);
  if (usable.length === 0) {
    workbench.notify.tell(`${project.name} has no held-out tasks with a known answer. A model is evaluated on tasks that nothing is trained on: import a file of them as held out.`, [actionOn(project, 'regenesis.tasks.import')]);
    return;
  }
  const server = await serverOf(workbench, project, title);
  if (!server) return;
  const known = await knownModels(workbench, project);
  const models = await pickModels(project, known);
  if (!models) return;
  const against = await pickBase(project, known, models);
  if (against === undefined) return;
  const chosen = named === undefined ? await pickSets(project, usable) : [named];
  if (!chosen) return;
  const unknown = named === undefined ? sets.filter(set => !usable.includes(set)).map(({ name }) => name) : [];
  await confirmAndStart(workbench, project, { pages, unknown, choices: { models: [...models], sets: [...chosen], ...(against === null ? {} : { against }), ...concurrencySet() } });
}

/** Goes on with an evaluation as it was begun: the engine knows with what. `retryLost`: what was given up is asked for again. */
export async function continueEvaluation(workbench: Workbench, project: Project, { pages, row, retryLost }: { readonly pages: Pages; readonly row: EvaluationRow; readonly retryLost: boolean }): Promise<void> {
  if (!isAllowed(workbench.notify, 'Evaluating a model')) return;
  if (!await serverOf(workbench, project, 'Continue Evaluation')) return;
  await showBegun(workbench, project, { pages, begin: async signal => project.call('continueEvaluation', { id: row.id, ...(retryLost ? { retryLost } : {}), ...await keysFor(workbench, project, row.models.map(({ baseUrl }) => baseUrl)) }, signal) });
}

async function pickSets(project: Project, sets: readonly HeldOutSet[]): Promise<readonly string[] | undefined> {
  const [only, ...others] = sets;
  if (only && others.length === 0) return [only.name];
  const items = sets.map(set => ({ label: shortened(set.name, 80), description: setWords(set), picked: true, name: set.name }));
  const picked = await vscode.window.showQuickPick(items, { title: `${title} · ${project.name}`, placeHolder: 'On which held-out data sets?', canPickMany: true, ignoreFocusOut: true, matchOnDescription: true });
  return picked && picked.length > 0 ? picked.map(({ name }) => name) : undefined;
}

interface Wanted {
  readonly pages: Pages;
  readonly choices: EvaluationChoices;
}

interface Considered extends Wanted {
  /** Data sets that cannot be asked, since none of their tasks has a known answer. */
  readonly unknown: readonly string[];
}

type Decision = 'go' | 'few' | 'all' | 'samples' | 'look';
type DecisionItem = vscode.QuickPickItem & { readonly decision?: Decision };

/** Shows what it takes until it is started or left: each answer but Go and Cancel leads to another plan. */
async function confirmAndStart(workbench: Workbench, project: Project, { pages, unknown, ...rest }: Considered): Promise<void> {
  let { choices } = rest;
  for (;;) {
    const asked = { ...choices, ...await keysFor(workbench, project, serversIn(choices)) };
    const plan = await withPatience(`ReGenesis: looking at what there is to ask in ${project.name}`, signal => project.call('planEvaluation', asked, signal));
    if (!plan) return;
    const picked = await vscode.window.showQuickPick(decisionsOn(plan, choices), { title: planTitle(plan), ignoreFocusOut: true, placeHolder: [domainsOf(plan), ...unaskedWords(unknown)].join(' · ') });
    switch (picked?.decision) {
      case undefined: return;
      case 'go': return start(workbench, project, { pages, choices });
      case 'few': choices = { ...choices, limit: fewTasks }; break;
      case 'all': choices = withoutLimit(choices); break;
      case 'samples': choices = { ...choices, ...await askSamples() }; break;
      case 'look': await executeCommand('regenesis.contamination.find', projectNode(project.path)); return; // what is done about it comes before the evaluation
    }
  }
}

function withoutLimit({ limit: _limit, ...choices }: EvaluationChoices): EvaluationChoices {
  return choices;
}

function planTitle({ models, base, tasks }: EvaluationPlanReport): string {
  const own = models.filter(({ label }) => label !== base).map(({ label }) => isolated(shortened(label, 40))).join(', ');
  const simulated = models.some(model => model.simulated) ? ' · simulation' : '';
  return `Evaluate ${own}${base === null ? '' : ` against ${isolated(shortened(base, 40))}`} on ${counted(tasks, 'task')}${simulated}`;
}

const unaskedWords = (unknown: readonly string[]): readonly string[] => (unknown.length === 0 ? [] : [`without a known answer: ${unknown.map(name => isolated(shortened(name, 30))).join(', ')}`]);

/** `In domain: prices, shelves · out of domain: train-times`. */
function domainsOf({ sets }: EvaluationPlanReport): string {
  const parts = domains.map(domain => ({ domain, names: sets.filter(set => set.domain === domain).map(({ name }) => isolated(shortened(name, 30))) })).filter(({ names }) => names.length > 0);
  return sentence(parts.map(({ domain, names }) => `${domainWords[domain]}: ${names.join(', ')}`).join(' · ')).replace(/\.$/, '');
}

function decisionsOn(plan: EvaluationPlanReport, { limit, samples = 1 }: EvaluationChoices): readonly DecisionItem[] {
  const contaminated = contaminationWords(plan.contamination);
  const rule = samples === 1 ? '' : `, the majority of ${samples} answers each`;
  return [
    { label: '$(play) Go', description: limit === undefined ? '' : `${thousands(limit)} tasks of each set`, detail: `${planWords(plan)}${rule}`, decision: 'go' },
    ...(contaminated === '' ? [] : [{ label: '$(warning) List Contaminated Tasks', detail: contaminated, decision: 'look' } as const]),
    ...(limit === undefined && plan.sets.some(({ tasks, withoutGold }) => tasks - withoutGold > fewTasks) ? [{ label: `$(beaker) Only ${fewTasks} Tasks of Each Set`, detail: 'The same ones each time: going on with all of them later asks none of these again', decision: 'few' } as const] : []),
    ...(limit === undefined ? [] : [{ label: '$(list-unordered) All Tasks', decision: 'all' } as const]),
    { label: '$(list-ordered) Several Answers of Each Task…', detail: 'The answer that most of them give counts', decision: 'samples' },
    { label: '$(close) Cancel' },
  ];
}

/** How hot answers are drawn of which several are wanted: greedy ones would all be the same. */
const drawnTemperature = 0.7;

async function askSamples(): Promise<Pick<EvaluationChoices, 'samples' | 'temperature'>> {
  const typed = await vscode.window.showInputBox({
    title: 'How many answers of each task?', value: '5', prompt: `1 to ${mostSamples}; 1 is one greedy answer, more are drawn at temperature ${drawnTemperature}.`, ignoreFocusOut: true,
    validateInput: value => (/^\d+$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= mostSamples ? undefined : `A whole number from 1 to ${mostSamples}.`),
  });
  if (typed === undefined) return {};
  const samples = Number(typed);
  return { samples, temperature: samples === 1 ? 0 : drawnTemperature };
}

/** The servers that were named beside the project's. */
const serversIn = ({ models, against }: EvaluationChoices): readonly string[] => [...models, ...(against ? [against] : [])].flatMap(({ server }) => server ?? []);

/** The keys of the project's servers and of others, each for its own origin. */
async function keysFor({ keys }: Workbench, project: Project, others: readonly string[]): Promise<Pick<EvaluationChoices, 'apiKeys'>> {
  const { apiKeys } = await keys.forRun(project.status?.server);
  const found = await Promise.all(others.map(async url => [originOf(url), await keys.get(url)] as const));
  return { apiKeys: { ...apiKeys, ...Object.fromEntries(found.flatMap(([origin, key]) => (key === undefined ? [] : [[origin, key] as const]))) } };
}

async function start(workbench: Workbench, project: Project, { pages, choices }: Wanted): Promise<void> {
  const servers = serversIn(choices);
  for (const server of servers) await workbench.known.add(server);
  await showBegun(workbench, project, { pages, begin: async signal => project.call('startEvaluation', { ...choices, ...await keysFor(workbench, project, servers) }, signal) });
}

/** Shows the evaluation that is begun, or why none can be at the moment. */
async function showBegun({ notify }: Workbench, project: Project, { pages, begin }: { readonly pages: Pages; readonly begin: (signal: AbortSignal) => Promise<{ readonly id: number }> }): Promise<void> {
  try {
    const begun = await withPatience(`ReGenesis: asking the servers of ${project.name} what they serve`, async signal => {
      const { id } = await begin(signal);
      if (signal.aborted) await project.call('cancelEvaluation', { id }); // it had begun by the time that the engine heard of it
      return { id };
    });
    if (begun) pages.show({ project: project.path, evaluation: begun.id });
  } catch (thrown) {
    if (problemOf(thrown).code !== 'run-active') throw thrown;
    notify.tell(problemOf(thrown).message, ['regenesis.evaluation.show', 'regenesis.evaluation.cancel', 'regenesis.run.cancel'], 'warning');
  }
}
