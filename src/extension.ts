import * as vscode from 'vscode';
import { exportCommands } from './host/commands/exportDataset.ts';
import { importCommands } from './host/commands/importTasks.ts';
import { overviewCommands } from './host/commands/overviewCommands.ts';
import { projectCommands } from './host/commands/projectCommands.ts';
import { partHandler, runCommands } from './host/commands/runCommands.ts';
import { serverCommands } from './host/commands/addServer.ts';
import { viewCommands } from './host/commands/viewCommands.ts';
import { registerCommand, setContext, setContexts } from './host/contributions.ts';
import { Documents } from './host/documents/documents.ts';
import { bundlesIn, idleMs, nodeFor, openEngineOf } from './host/engines.ts';
import { DataView } from './host/data/dataView.ts';
import { commands, views, type CommandId } from './host/manifest.ts';
import { Notify } from './host/notify.ts';
import { auditPanels } from './host/overview/auditPanels.ts';
import { Audits } from './host/overview/audits.ts';
import { listPanels } from './host/overview/listPanels.ts';
import { PageBuilder } from './host/pages/page.ts';
import { registerProjectEditor } from './host/projects/projectEditor.ts';
import type { Project } from './host/projects/project.ts';
import { Projects } from './host/projects/projects.ts';
import { offerResume, tellOfRuns } from './host/runs/pipeline.ts';
import { RunsView } from './host/runs/runsView.ts';
import { isPartCommand, partOf } from './host/runs/stageTable.ts';
import { RunStatusBar } from './host/runs/statusBar.ts';
import { DemoServer } from './host/servers/demoServer.ts';
import { ServerKeys } from './host/servers/keys.ts';
import { TaskTree } from './host/tree/taskTree.ts';
import { milestones, viewState } from './host/tree/viewState.ts';
import type { Handlers, Workbench } from './host/workbench.ts';

/** Put in by the build. */
declare const APP_VERSION: string | undefined;
const app = typeof APP_VERSION === 'undefined' ? 'source' : APP_VERSION;

let end: (() => Promise<void>) | undefined;

/** Registers everything and returns; an engine is found or started when a project is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const keep = <Member extends vscode.Disposable>(member: Member): Member => {
    context.subscriptions.push(member);
    return member;
  };
  const bundles = bundlesIn(context.extensionUri.fsPath, { app, storage: context.globalStorageUri.fsPath });
  const log = keep(vscode.window.createOutputChannel('ReGenesis', { log: true }));
  const notify = new Notify(log);
  const projects = keep(new Projects({ memory: context.workspaceState, openEngine: (file, how) => openEngineOf(bundles, file, how), log }));
  const demo = new DemoServer(() => ({ node: nodeFor(bundles), cliPath: bundles.cliPath, idleMs: idleMs() }));
  const documents = keep(new Documents(projects));
  const tree = keep(new TaskTree(projects, log, context.workspaceState));
  const view = keep(vscode.window.createTreeView(views.tasks, { treeDataProvider: tree, showCollapseAll: true, canSelectMany: true }));
  tree.remember(view);
  const runs = keep(new RunsView(projects));
  keep(new DataView(projects));
  keep(new RunStatusBar(projects));
  const builder = new PageBuilder(context.extensionUri, log);
  const lists = keep(listPanels({ projects, documents, builder }));
  const audits = keep(new Audits(projects));
  const auditTabs = keep(auditPanels({ projects, documents, builder, audits }));
  keep(registerProjectEditor({ projects, builder, audits, lists }));

  const follow = () => {
    const { context: shown, message, description, badge } = viewState(projects.all, tree.filtered);
    setContext('regenesis.projects', shown);
    setContext('regenesis.filtered', tree.filtered);
    setContext('regenesis.running', projects.all.some(project => project.running));
    setContexts(milestones(projects.all));
    view.message = message;
    view.description = description;
    view.badge = badge;
  };
  keep(projects.onDidChange(follow));
  keep(tree.onDidArrange(follow));
  follow();

  const workbench: Workbench = { projects, notify, keys: new ServerKeys(context.secrets), demo, documents, tree, view, runs, log, storageFolder: context.globalStorageUri.fsPath };
  const handlers: Handlers = {
    ...projectCommands(workbench), ...viewCommands(workbench), ...runCommands(workbench),
    ...importCommands(workbench), ...serverCommands(workbench), ...exportCommands(workbench), ...overviewCommands(workbench, auditTabs),
  };
  for (const id of Object.keys(commands) as CommandId[]) {
    keep(registerCommand(id, isPartCommand(id) ? partHandler(workbench, partOf(id)) : handlers[id], thrown => { notify.problem(thrown); }));
  }
  const offered = new Set<Project>();
  keep(projects.onDidChange(({ project, change }) => {
    if (!project) return;
    tellOfRuns(workbench, project, change);
    if (project.state.kind !== 'open' || offered.has(project)) return;
    offered.add(project);
    offerResume(workbench, project);
  }));
  end = () => projects.end();
}

/** Leaves the engines: what runs there goes on. */
export async function deactivate(): Promise<void> {
  await end?.();
}
