import fs from 'node:fs';
import * as vscode from 'vscode';
import { titleOf } from '../contributions.ts';
import type { Project } from '../projects/project.ts';
import { jobIn } from '../jobs/jobNode.ts';
import { askForKey } from '../servers/askForKey.ts';
import { originOf } from '../servers/keys.ts';
import type { Tabs } from '../tabs.ts';
import { askForTarget } from '../training/addTarget.ts';
import { manifestOf } from '../training/knownDataset.ts';
import { openTargets, savedTargets, saveTarget, targetsDecide } from '../training/savedTargets.ts';
import { placeOf } from '../training/targets.ts';
import { pickDataset } from '../training/trainingPanels.ts';
import { isAllowed } from '../trust.ts';
import { oneLine } from '../words.ts';
import { actionOn, projectFor, type Handlers, type Workbench } from '../workbench.ts';
import { isFile } from './projectCommands.ts';

const openSettings = { title: 'Open Settings', run: openTargets };

/** Exporting training sets, starting jobs that learn from them, and saying where. */
export function trainingCommands(workbench: Workbench, { training }: Pick<Tabs, 'training'>): Pick<Handlers, `regenesis.dataset.${'export' | 'fineTune'}` | 'regenesis.job.start' | `regenesis.target.${'add' | 'key'}`> {
  const { notify } = workbench;
  return {
    'regenesis.dataset.export': async target => {
      const project = await projectFor(workbench, target);
      if (project && hasKept(workbench, project)) training.show({ project: project.path, half: 'export' });
    },
    'regenesis.dataset.fineTune': async target => {
      if (!isAllowed(notify, 'Fine-tuning', targetsDecide)) return;
      const project = await projectFor(workbench, target);
      if (project && hasKept(workbench, project)) training.show({ project: project.path, half: 'both' });
    },
    'regenesis.job.start': async target => {
      if (!isAllowed(notify, 'Fine-tuning', targetsDecide)) return;
      const project = await projectFor(workbench, target);
      if (!project) return;
      const dataset = isFile(target) ? target.fsPath : await pickDataset(project.path);
      if (dataset === undefined) return;
      if (fs.existsSync(manifestOf(dataset))) training.show({ project: project.path, half: 'train', dataset });
      else notify.tell(`${dataset} has no manifest beside it, so it is no training set that was exported from a project.`, [actionOn(project, 'regenesis.dataset.fineTune')]);
    },
    'regenesis.target.add': () => addTarget(workbench),
    'regenesis.target.key': target => setKey(workbench, target),
  };
}

function hasKept({ notify }: Workbench, project: Project): boolean {
  if ((project.status?.kept ?? 0) > 0) return true;
  notify.tell(`No path of ${project.name} is kept yet, so there is nothing to export. A run makes paths and keeps the right ones.`, ['regenesis.run.start']);
  return false;
}

async function addTarget({ notify }: Workbench): Promise<void> {
  if (!isAllowed(notify, 'Adding a training target', targetsDecide)) return;
  const target = await askForTarget(savedTargets().targets.map(({ name }) => name));
  if (!target) return;
  await saveTarget(target);
  notify.tell(`${oneLine(target.name)} trains on ${placeOf(target)}. Everything else that can be said of it, such as GPUs or a time limit, stands in the settings.`, [...('url' in target ? ['regenesis.target.key' as const] : []), openSettings]);
}

/** For the target of the job that it is called on, else for a saved one. */
async function setKey(workbench: Workbench, target: unknown): Promise<void> {
  const { notify, keys, jobs } = workbench;
  if (!isAllowed(notify, 'Keeping the key of a training target', targetsDecide)) return;
  const job = jobIn(target);
  const url = (job && jobs.one(job.project, job.job)?.origin) ?? await savedUrl(workbench);
  if (url === undefined) return;
  const key = await askForKey(`Key of ${originOf(url)}`, 'Leave it empty to forget the one that is kept.');
  if (key === undefined) return;
  await (key === '' ? keys.forget(url) : keys.set(url, key));
  notify.tell(key === '' ? `No key is kept for ${originOf(url)} any more.` : `The key is kept for ${originOf(url)}, and sent nowhere else.`, [openSettings]);
}

/** The address of the saved target that takes a key, or of the one that is picked; that there is none is said. */
async function savedUrl({ notify }: Workbench): Promise<string | undefined> {
  const named = savedTargets().targets.flatMap(target => ('url' in target ? [target] : []));
  const [only, ...others] = named;
  if (!only) notify.tell('No training target takes a key. Those of an API or a Ray dashboard do; ssh has its own.', ['regenesis.target.add', openSettings]);
  if (others.length === 0) return only?.url;
  return (await vscode.window.showQuickPick(named.map(({ name, url }) => ({ label: oneLine(name), description: url, url })), { title: titleOf('regenesis.target.key') }))?.url;
}
