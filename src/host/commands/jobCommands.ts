import path from 'node:path';
import * as vscode from 'vscode';
import type { JobRow } from '../../contract/jobs.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import { jobIn } from '../jobs/jobNode.ts';
import { adapterFolder, hasAdapter } from '../jobs/jobSnapshot.ts';
import { jobName, jobStanding, jobStateLooks, possible } from '../jobs/jobWords.ts';
import type { CommandId } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import type { Tabs } from '../tabs.ts';
import { isAllowed } from '../trust.ts';
import { oneLine } from '../words.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';

type JobCommand = `regenesis.job.${'show' | 'cancel' | 'retry' | 'log' | 'files'}` | 'regenesis.adapter.load';

/** Following training jobs: their pages, their logs, and how they go on. */
export function jobCommands(workbench: Workbench, { job: pages, jobLogs }: Pick<Tabs, 'job' | 'jobLogs'>): Pick<Handlers, JobCommand> {
  const on = (choice: Choice, act: (chosen: Chosen) => unknown) => async (target: unknown) => {
    const chosen = await chosenJob(workbench, target, choice);
    if (chosen) await act(chosen);
  };
  return {
    'regenesis.job.show': on({ title: 'Show Job' }, ({ project, row }) => { pages.show({ project: project.path, job: row.id }); }),
    'regenesis.job.log': on({ title: 'Open Log' }, ({ project, row }) => jobLogs.show(project, row.id)),
    'regenesis.job.files': on({ title: 'Open Files' }, openFiles),
    'regenesis.job.cancel': on({ title: 'Cancel Job', fits: possible.cancel, none: 'No job goes on in' }, chosen => cancel(workbench, chosen)),
    'regenesis.job.retry': on({ title: 'Retry Job', fits: possible.retry, none: 'No job has ended yet in' }, async chosen => {
      const row = await retry(workbench, chosen);
      if (row) pages.show({ project: chosen.project.path, job: row.id });
    }),
    'regenesis.adapter.load': on({ title: 'Load Adapter on Server', fits: possible.load, none: 'No job with an adapter to load has succeeded yet in' }, chosen => load(workbench, chosen)),
  };
}

/** A job with its project. */
export interface Chosen {
  readonly project: Project;
  readonly row: JobRow;
}

/** Which jobs a command is for; absent: all. */
interface Choice {
  readonly title: string;
  readonly fits?: (row: JobRow) => boolean;
  /** What is said, before the project's name, where none fits. */
  readonly none?: string;
}

/** What begins a job. */
const begins: readonly CommandId[] = ['regenesis.dataset.fineTune'];

/** The job that a command was called on, else the only one that fits, else the one that is picked; absent where there is none, which is then said. */
export async function chosenJob(workbench: Workbench, target: unknown, choice: Choice): Promise<Chosen | undefined> {
  const address = jobIn(target);
  const project = await projectFor(workbench, address ? { project: address.project } : target);
  if (!project) return undefined;
  const rows = workbench.jobs.of(project.path);
  if (!address) return pickJob(workbench, { project, rows, choice });
  const row = rows.find(({ id }) => id === address.job);
  if (!row) throw problemError('job-not-found', `There is no job ${address.job} in ${project.name} any more.`);
  return { project, row };
}

async function pickJob({ notify }: Workbench, { project, rows, choice: { title, fits = () => true, none } }: { readonly project: Project; readonly rows: readonly JobRow[]; readonly choice: Choice }): Promise<Chosen | undefined> {
  const fitting = rows.filter(fits);
  const [only, ...others] = fitting;
  if (!only && rows.length > 0 && none !== undefined) notify.tell(`${none} ${project.name}.`, ['regenesis.job.show']);
  else if (!only) notify.tell(`No training job was begun in ${project.name} yet. A job learns from the kept paths; exporting them is what comes before.`, begins);
  if (!only || others.length === 0) return only && { project, row: only };
  const picked = await vscode.window.showQuickPick(fitting.map(row => ({
    label: `$(${jobStateLooks[row.state].icon.name}) ${jobName(row)}`, description: jobStanding(row), detail: [oneLine(row.base), row.preset, ...(row.tuned ? [oneLine(row.tuned.dataset)] : [])].join(' · '), row,
  })), { title: `${title} · ${project.name}`, placeHolder: 'Which job?', matchOnDescription: true, matchOnDetail: true });
  return picked && { project, row: picked.row };
}

async function cancel({ notify, jobs }: Workbench, { project, row }: Chosen): Promise<void> {
  if (!possible.cancel(row)) {
    notify.tell(`${jobName(row)} has ended: ${jobStanding(row)}.`, ['regenesis.job.show']);
    return;
  }
  if (!await notify.confirm(`Cancel job ${row.id} on ${oneLine(row.target)}?`, 'Cancel Job', 'The training ends at its target. What it has saved stays there, and its log and curve stay here; Retry begins the same work once more.')) return;
  const { job } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Cancelling ${jobName(row)}` }, () => project.call('cancelJob', { job: row.id }));
  jobs.note(project, job);
  if (possible.cancel(job)) notify.tell(`${jobName(job)} was asked to end; its target says that it has not yet.`, ['regenesis.job.show']);
}

/** The same work once more. @returns the new job; absent where that is not allowed or not possible, which is then said */
async function retry({ notify, jobs, keys }: Workbench, { project, row }: Chosen): Promise<JobRow | undefined> {
  if (!isAllowed(notify, 'Training')) return undefined;
  if (!possible.retry(row)) {
    notify.tell(`${jobName(row)} has not ended: ${jobStanding(row)}. Cancel it first, or let it go on.`, ['regenesis.job.cancel']);
    return undefined;
  }
  const apiKey = row.origin === undefined ? undefined : await keys.get(row.origin);
  const { job } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Sending the work of job ${row.id} once more` }, () => project.call('retryJob', { job: row.id, ...withoutAbsent({ apiKey }) }));
  jobs.note(project, job);
  return job;
}

/** Asks which server is to serve what a job has tuned, and where that lies on the server's machine. */
async function load({ notify, keys, known }: Workbench, { project, row }: Chosen): Promise<void> {
  if (!isAllowed(notify, 'Loading an adapter on a server')) return;
  const detail = await project.call('jobDetail', { job: row.id });
  if (!hasAdapter(detail)) throw problemError('usage', `Job ${row.id} has no adapter that a server could load: it trained all weights, or has not succeeded. A server is started with the weights themselves.`);
  const title = `Load Adapter on Server · ${jobName(row)}`;
  const set = project.status?.server;
  const server = await vscode.window.showInputBox({
    title, value: set && !set.simulated ? set.baseUrl : 'http://127.0.0.1:8000/v1', ignoreFocusOut: true,
    prompt: `Base URL of a vLLM that serves ${oneLine(row.base)} and was started with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.`,
  });
  if (server === undefined || server.trim() === '') return;
  const folder = await vscode.window.showInputBox({ title, value: adapterFolder(detail), ignoreFocusOut: true, prompt: 'Folder of the adapter, as the machine of the server knows it.' });
  if (folder === undefined || folder.trim() === '') return;
  const url = server.trim();
  const apiKey = await keys.get(url);
  const { name } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Loading the adapter of job ${row.id}` },
    () => project.call('loadAdapter', { job: row.id, server: url, path: folder.trim(), ...withoutAbsent({ apiKey }) }));
  await known.add(url);
  await vscode.env.clipboard.writeText(name);
  notify.tell(`${url} serves ${name} now; its name is on the clipboard. Add the server and choose that model to generate with it, then Set As… gives it another role.`, ['regenesis.server.add', 'regenesis.server.assign']);
}

/** Shows the job's folder on this machine, by the best means that this editor has. */
async function openFiles({ project, row }: Chosen): Promise<void> {
  const { files } = await project.call('jobDetail', { job: row.id });
  const own = files.findLast(({ path: file }) => file.includes(row.key.slice(0, 12))) ?? files[0]; // the training set may have been exported elsewhere before
  if (!own) throw problemError('file-not-found', `Job ${row.id} has no files on this machine.`);
  const folder = vscode.Uri.file(own.path.slice(0, own.path.length - own.name.length - 1));
  if (vscode.workspace.getWorkspaceFolder(folder)) await vscode.commands.executeCommand('revealInExplorer', folder);
  else if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(own.path));
  else {
    const picked = await vscode.window.showOpenDialog({ defaultUri: folder, title: `Files of ${jobName(row)} · ${path.basename(folder.fsPath)}`, openLabel: 'Open' });
    if (picked?.[0]) await vscode.commands.executeCommand('vscode.open', picked[0]);
  }
}
