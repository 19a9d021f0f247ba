import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { counted } from '../../client/words.ts';
import { projectEnding, type FileArgument } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import { showOverview } from '../projects/projectEditor.ts';
import { readyDemo } from '../servers/useDemo.ts';
import { isAllowed } from '../trust.ts';
import { actionOn, pickProject, projectFor, showTasks, withViewProgress, type Handlers, type Workbench } from '../workbench.ts';

/** Opening, making and closing projects. */
export function projectCommands(workbench: Workbench): Pick<Handlers, 'regenesis.demo.try' | `regenesis.project.${'open' | 'create' | 'close' | 'reopen'}`> {
  return {
    'regenesis.demo.try': () => tryDemo(workbench),
    'regenesis.project.open': target => openProject(workbench, target),
    'regenesis.project.create': () => createProject(workbench),
    'regenesis.project.close': target => closeProject(workbench, target),
    'regenesis.project.reopen': target => reopenProject(workbench, target),
  };
}

const filters = { 'ReGenesis projects': [projectEnding] };

/** The folder where projects of this window go. */
const homeFolder = (): string | undefined => vscode.workspace.workspaceFolders?.find(folder => folder.uri.scheme === 'file')?.uri.fsPath;
/** Where a file dialog begins. */
const dialogStart = (name: string): { readonly defaultUri?: vscode.Uri } => {
  const folder = homeFolder();
  return folder === undefined ? {} : { defaultUri: vscode.Uri.file(path.join(folder, name)) };
};

/** A file that a menu of the explorer hands over. */
export const isFile = (value: unknown): value is FileArgument =>
  typeof value === 'object' && value !== null && 'scheme' in value && value.scheme === 'file' && 'fsPath' in value && typeof value.fsPath === 'string';

/** One click: the sample project, the demo server, and the offer to run. */
async function tryDemo(workbench: Workbench): Promise<void> {
  const { projects, notify, storageFolder } = workbench;
  if (!isAllowed(notify, 'Trying the demo')) return;
  const folder = homeFolder() ?? storageFolder;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `demo.${projectEnding}`);
  await vscode.commands.executeCommand('regenesis.tasks.focus');
  const project = await withViewProgress(async () => {
    const opened = await projects.open(file, existsSync(file) ? 'open' : 'create-sample');
    if (!opened.running) await readyDemo(opened, workbench);
    return opened;
  });
  await showOverview(project.path);
  await showTasks(workbench, project);
  const count = project.status?.tasks.total ?? 0;
  notify.tell(`The demo project has ${counted(count, 'sample task')} and a simulated model on this machine: nothing leaves it, nothing is charged.`, [
    actionOn(project, 'regenesis.run.start'),
  ]);
}

async function openProject(workbench: Workbench, target: unknown): Promise<void> {
  const file = isFile(target) ? target.fsPath : await askForProject();
  if (file === undefined) return;
  await vscode.commands.executeCommand('regenesis.tasks.focus');
  const project = await withViewProgress(() => workbench.projects.open(file, 'open'));
  await showOverview(project.path);
  await showTasks(workbench, project);
}

async function askForProject(): Promise<string | undefined> {
  const start = homeFolder();
  const picked = await vscode.window.showOpenDialog({ filters, title: 'Open Project', openLabel: 'Open', ...(start === undefined ? {} : { defaultUri: vscode.Uri.file(start) }) });
  return picked?.[0]?.fsPath;
}

async function createProject(workbench: Workbench): Promise<void> {
  const picked = await vscode.window.showSaveDialog({ filters, title: 'New Project', saveLabel: 'Create', ...dialogStart(`tasks.${projectEnding}`) });
  if (!picked) return;
  const file = path.extname(picked.fsPath) === `.${projectEnding}` ? picked.fsPath : `${picked.fsPath}.${projectEnding}`;
  await vscode.commands.executeCommand('regenesis.tasks.focus');
  const project = await withViewProgress(() => workbench.projects.open(file, 'create'));
  await showOverview(project.path);
  await showTasks(workbench, project);
}

async function closeProject(workbench: Workbench, target: unknown): Promise<void> {
  const { projects, notify } = workbench;
  // one that cannot be used can be closed all the same
  const project = projects.all.find(each => isFileOf(target, each)) ?? (projects.all.length > 1 ? await pickProject(projects.all) : projects.all[0]);
  if (!project) {
    notify.tell('No project is open.', ['regenesis.project.open']);
    return;
  }
  if (project.running && !await notify.confirm(`A run is going on in ${project.name}.`, 'Close Project', 'It goes on without this window; opening the project again shows it. To end it, cancel the run first.')) return;
  await projects.close(project);
}

const isFileOf = (target: unknown, { path: file }: Project): boolean => typeof target === 'object' && target !== null && 'project' in target && target.project === file;

async function reopenProject(workbench: Workbench, target: unknown): Promise<void> {
  const { projects } = workbench;
  const failed = projects.all.filter(project => project.state.kind === 'failed');
  const project = failed.find(each => isFileOf(target, each)) ?? (failed.length > 1 ? await pickProject(failed) : failed[0]);
  if (project) await withViewProgress(() => project.open('open'));
  else if (await projectFor(workbench, target)) workbench.notify.tell('Every project is open already.', ['regenesis.tasks.show']);
}
