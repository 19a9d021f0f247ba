import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { ListAddress } from '../../contract/pages/list.ts';
import { trainingHalves, trainingPage, type DraftWish, type KnownDataset, type TrainingHalf, type TrainingIntent } from '../../contract/pages/training.ts';
import { baseOf } from '../../client/lineage.ts';
import { codeWords } from '../../client/words.ts';
import { holdsRejected } from '../../core/model/exportRule.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { comparedSets } from '../compare/comparedSets.ts';
import { namedRows } from '../compare/compareTable.ts';
import { followProject } from '../overview/shownProject.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import { projectNode } from '../tree/node.ts';
import { untrustedWords } from '../trust.ts';
import { oneLine } from '../words.ts';
import type { Workbench } from '../workbench.ts';
import { exportOnly } from './exportOnly.ts';
import { knownDataset, manifestOf } from './knownDataset.ts';
import { keyOf, openTargets, savedTargets, targetsDecide } from './savedTargets.ts';
import { showJob, startJob } from './startJob.ts';
import { TrainingDesk, type TrainingDeskOptions, type TrainingEngine } from './trainingDesk.ts';

const addressSchema = z.object({ project: z.string(), half: z.enum(trainingHalves), dataset: z.optional(z.string()) });
/** Which page: a project, what is done with it, and the training set of the half that trains alone. */
export type TrainingAddress = z.infer<typeof addressSchema>;

const words: Readonly<Record<TrainingHalf, string>> = { both: 'Export and Fine-Tune', export: 'Export', train: 'Fine-Tune' };
const titleOf = ({ project, half, dataset }: TrainingAddress): string => `${words[half]} · ${path.basename(dataset ?? project, dataset === undefined ? path.extname(project) : '')}`;

/** What the pages are made with. */
export interface TrainingTools {
  readonly workbench: Workbench;
  readonly builder: PageBuilder;
  readonly lists: Panels<ListAddress>;
  /** Called when a page that exports is opened; nobody waits for it. */
  readonly opened: (project: Project) => Promise<void>;
}

/** A page that is open. */
export interface OpenTraining {
  readonly project: Project;
  readonly desk: TrainingDesk;
}

/** The tabs in which training sets are chosen, exported and learnt from. */
export const trainingPanels = (tools: TrainingTools): Panels<TrainingAddress> => new Panels({
  id: 'training', address: addressSchema, title: titleOf, fill: (panel, address) => { fill(tools, panel, address); },
});

function fill(tools: TrainingTools, panel: vscode.WebviewPanel, address: TrainingAddress): void {
  const { workbench, builder } = tools;
  const { projects } = workbench;
  let opening: Promise<OpenTraining> | undefined;
  let desk: TrainingDesk | undefined;
  const changed = () => { connection.changed(); };
  const open = async (): Promise<OpenTraining> => {
    const project = await projects.open(address.project, 'open');
    const made = deskOf(workbench, project, { address, onChange: changed });
    await made.ready();
    desk = lifetime.add(made);
    void made.look();
    void made.plan();
    if (address.half !== 'train') void tools.opened(project);
    return { project, desk: made };
  };
  const opened = (): Promise<OpenTraining> => {
    opening ??= open();
    opening.catch(() => { opening = undefined; });
    return opening;
  };
  const { connection, lifetime } = builder.fill(panel, {
    contract: trainingPage, title: titleOf(address), address, target: projectNode(address.project),
    snapshot: async () => (await opened()).desk.snapshot(),
    fulfil: async intent => fulfil(tools, await opened(), intent),
  });
  lifetime.add(followProject(projects, address.project, ({ kind }) => {
    const project = projects.find(address.project);
    // while a run goes on there is more with each moment: it is looked at when the run has ended
    if (kind === 'state' || (kind === 'tasks' && project?.running === false)) void desk?.look();
    if (kind === 'state') void desk?.plan();
    if (kind === 'progress') changed();
  }));
  // whatever it is said to be of: a window that is loaded again learns late what a person's own settings are, and is told of other ones then
  lifetime.add(vscode.workspace.onDidChangeConfiguration(() => void desk?.settingsChanged()));
  lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void desk?.plan()));
  void opened().then(({ project }) => { lifetime.add(project.onEvent('jobChanged', row => { desk?.jobChanged(row); })); }, () => undefined); // the page shows what is wrong with it
}

function deskOf({ memory, keys, jobs }: Workbench, project: Project, { address: { half, dataset }, onChange }: { readonly address: TrainingAddress; readonly onChange: () => void }): TrainingDesk {
  const memoryKey = `training:${project.path}`;
  const model = proposedBase(project, jobs);
  return new TrainingDesk({
    name: project.name, half, engine: engineOf(project, memory), targets: savedTargets, keyOf: target => keyOf(keys, target), isRunning: () => project.running, onChange,
    forbidden: () => (vscode.workspace.isTrusted ? undefined : untrustedWords('Fine-tuning', targetsDecide)),
    remembered: memory.get(memoryKey), remember: wish => void memory.update(memoryKey, wish),
    ...(dataset === undefined ? {} : { dataset: readDataset(dataset) }), ...withoutAbsent({ model }),
  });
}

/** The base of the model that the project asks, where a job has made that: each iteration is trained from the base. Else the model itself; nothing for one that is simulated. */
function proposedBase({ path: file, status }: Project, jobs: Pick<Workbench['jobs'], 'of'>): TrainingDeskOptions['model'] {
  const server = status?.server;
  if (!server) return undefined;
  const found = baseOf(server.model, { runs: status.runs, jobs: jobs.of(file) });
  if (found) return { name: found.base, words: `${oneLine(server.model)}${found.iteration === undefined ? '' : `, the model of iteration ${found.iteration},`} was tuned from it` };
  return server.simulated ? undefined : { name: server.model };
}

/** A training set, and what its manifest says. */
export function readDataset(file: string): KnownDataset {
  try {
    return knownDataset(file, fs.readFileSync(manifestOf(file), 'utf8'));
  } catch {
    return knownDataset(file, undefined);
  }
}

const engineOf = (project: Project, memory: Workbench['memory']): TrainingEngine => ({
  preview: (choices, onProgress) => project.whileHearing('exportProgress', ({ work, done, total }) => { if (work === choices.work) onProgress({ done, total }); }, () => project.call('previewExport', choices)),
  stop: work => project.call('cancelExport', { work }),
  losses: async () => {
    const { funnel } = await project.call('overview', {});
    const counts = new Map<string, number>();
    for (const { reason, count } of funnel.flatMap(({ lost }) => lost)) counts.set(reason, (counts.get(reason) ?? 0) + count);
    return counts;
  },
  datasets: async () => namedRows(await comparedSets(project, memory), []).flatMap(({ manifest, name, set }) => (set && !holdsRejected(set.format) ? [{ manifest, name }] : [])),
  presets: () => project.call('trainingPresets', {}),
  plan: choices => project.call('planJob', choices),
  jobs: async () => (await project.call('jobs', {})).jobs,
});

async function fulfil({ workbench, lists }: TrainingTools, open: OpenTraining, intent: TrainingIntent): Promise<void> {
  const { desk, project } = open;
  switch (intent.kind) {
    case 'draft': return changeDraft(desk, intent.wish);
    case 'look': return desk.plan();
    case 'list': lists.show({ project: project.path, title: `Left out · ${codeWords(intent.reason)}`, of: { kind: 'paths', filter: { reason: intent.reason } } }); return;
    case 'dataset': return chooseDataset(desk);
    case 'settings': await openTargets(); return;
    case 'show-job': await showJob(project, (await project.call('jobDetail', { job: intent.job })).row); return;
    case 'export': return exportOnly(workbench, open);
    case 'start': return startJob(workbench, open);
    case 'cancel': return desk.cancel();
  }
}

function changeDraft(desk: TrainingDesk, wish: DraftWish): Promise<void> {
  switch (wish.kind) {
    case 'rule': return desk.changeRule(wish.change);
    case 'usual-rule': return desk.usualRule();
    case 'choose': return desk.choose(wish.choice);
    case 'value': return desk.setValue(wish.name, wish.value);
    case 'preset-values': return desk.presetValues();
  }
}

async function chooseDataset(desk: TrainingDesk): Promise<void> {
  const file = await pickDataset(desk.dataset?.path);
  if (file !== undefined) await desk.setDataset(readDataset(file));
}

/** Lets a person choose a training set. */
export async function pickDataset(beside: string | undefined): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: 'Fine-Tune', openLabel: 'Choose', filters: { 'Training sets': ['jsonl'], 'All files': ['*'] }, ...(beside === undefined ? {} : { defaultUri: vscode.Uri.file(path.dirname(beside)) }),
  });
  return picked?.[0]?.fsPath;
}
