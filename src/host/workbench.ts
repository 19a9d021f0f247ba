import * as vscode from 'vscode';
import { problemError, ProblemError } from '../core/model/problem.ts';
import { executeCommand, titleOf } from './contributions.ts';
import type { Documents } from './documents/documents.ts';
import type { Evaluations } from './evaluation/evaluations.ts';
import type { ImportProblems } from './imports/importProblems.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { JobsOnScreen } from './jobs/jobsOnScreen.ts';
import type { PromptServer } from './language/promptServer.ts';
import type { CommandArguments, CommandId } from './manifest.ts';
import type { Action, Notify } from './notify.ts';
import type { PromptFlags } from './prompts/promptFlags.ts';
import type { ShippedPrompts } from './prompts/shippedPrompts.ts';
import type { Project } from './projects/project.ts';
import type { Projects } from './projects/projects.ts';
import type { DemoServer } from './servers/demoServer.ts';
import type { ServerKeys } from './servers/keys.ts';
import type { KnownOrigins } from './servers/knownOrigins.ts';
import { isServerNode } from './servers/serverLook.ts';
import type { ServerTree } from './servers/serverTree.ts';
import { projectIn } from './runs/scope.ts';
import type { PartCommand } from './runs/stageTable.ts';
import type { RunsView } from './runs/runsView.ts';
import { projectNode, type TreeNode } from './tree/node.ts';
import type { TaskTree } from './tree/taskTree.ts';

/** Everything that commands work with. */
export interface Workbench {
  readonly projects: Projects;
  readonly notify: Notify;
  readonly keys: ServerKeys;
  readonly known: KnownOrigins;
  readonly servers: ServerTree;
  readonly problems: ImportProblems;
  readonly demo: DemoServer;
  readonly documents: Documents;
  readonly tree: TaskTree;
  readonly view: Pick<vscode.TreeView<TreeNode>, 'selection' | 'reveal'>;
  readonly runs: Pick<RunsView, 'reveal'>;
  readonly shipped: ShippedPrompts;
  readonly promptFlags: { readonly refresh: PromptFlags['refresh']; readonly hush: (file: string) => Promise<void> | void };
  readonly jobs: Jobs;
  readonly jobsOnScreen: JobsOnScreen;
  readonly evaluations: Evaluations;
  readonly language: Pick<PromptServer, 'restart'>;
  readonly log: vscode.LogOutputChannel;
  /** What is remembered of this workspace. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
  /** A folder of our own for what belongs to no workspace. */
  readonly storageFolder: string;
}

/** What a command does; those that run a part of the method have one handler for all. */
export type Handlers = { readonly [Id in Exclude<CommandId, PartCommand>]: (...given: CommandArguments) => unknown };

/**
 * The project that a command is about: the one of the item it was called on, or that another part of the editor names, else the only one, else the one that is picked.
 *
 * Absent where nobody picked one, or none is open, which is then said with what to do. Throws the problem of a project that cannot be used.
 */
export async function projectFor({ projects, notify }: Workbench, target: unknown): Promise<Project | undefined> {
  projects.restore();
  const named = projects.find(isServerNode(target) ? target.project : projectIn(target) ?? '');
  const [only, ...others] = projects.all;
  if (!only) {
    notify.tell('No project is open. A project holds tasks, every answer of the model, and what was kept of them.', ['regenesis.demo.try', 'regenesis.project.open', 'regenesis.project.create']);
    return undefined;
  }
  const project = named ?? (others.length === 0 ? only : await pickProject(projects.all));
  return project && usable(project);
}

async function usable(project: Project): Promise<Project> {
  await project.settled();
  if (project.state.kind === 'failed') throw new ProblemError(project.state.problem);
  if (project.state.kind === 'opening') throw problemError('engine-unavailable', `${project.name} is still being opened.`);
  return project;
}

/** Lets a person choose among projects. */
export async function pickProject(projects: readonly Project[]): Promise<Project | undefined> {
  const picked = await vscode.window.showQuickPick(projects.map(project => ({ label: project.name, description: project.path, project })), { title: 'Which project?' });
  return picked?.project;
}

/** Shows progress at the head of our view while something takes its time. */
export const withViewProgress = <Result>(work: () => Promise<Result>): Thenable<Result> =>
  vscode.window.withProgress({ location: { viewId: 'regenesis.tasks' } }, work);

/** Progress with Cancel, which takes back what was asked with the signal of `stop`. Absent where it was cancelled. */
export function withCancel<Result>(title: string, work: (signal: AbortSignal) => PromiseLike<Result>, stop: AbortController = new AbortController()): Thenable<Result | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_bar, token) =>
    Promise.race([work(stop.signal), new Promise<undefined>(resolve => {
      token.onCancellationRequested(() => {
        resolve(undefined);
        stop.abort();
      });
    })]));
}

/** What takes longer says so, and can be called off. */
const quietMs = 700;

/** Progress at the head of our view, and where it takes more than a moment a notification with Cancel, which takes back what was asked with the signal. Absent where it was cancelled. */
export async function withPatience<Result extends object>(title: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result | undefined> {
  const stop = new AbortController();
  const asked = withViewProgress(() => work(stop.signal));
  const soon = await Promise.race([asked, new Promise<undefined>(resolve => { setTimeout(() => { resolve(undefined); }, quietMs); })]);
  return soon ?? withCancel(title, () => asked, stop);
}

/** A button that runs a command on one project, under the command's own title. */
export const actionOn = ({ path }: Pick<Project, 'path'>, id: CommandId): Action => ({ title: titleOf(id), run: () => executeCommand(id, projectNode(path)) });

/** Brings the view to the front, with a project on screen where one is given. */
export async function showTasks({ tree, view, log }: Workbench, project?: Project): Promise<void> {
  await vscode.commands.executeCommand('regenesis.tasks.focus');
  if (project && tree.isShown(project)) await view.reveal(tree.rootOf(project), { select: true, expand: true }).then(undefined, (thrown: unknown) => { log.debug(String(thrown)); }); // the node may have gone meanwhile
}
