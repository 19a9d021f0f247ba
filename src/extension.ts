import * as vscode from 'vscode';
import { registerCommand, setContext, setContexts } from './host/contributions.ts';
import { Documents } from './host/documents/documents.ts';
import { bundlesIn, idleMs, nodeFor, openEngineOf } from './host/engines.ts';
import { ImportProblems } from './host/imports/importProblems.ts';
import { Jobs } from './host/jobs/jobs.ts';
import { JobsOnScreen } from './host/jobs/jobsOnScreen.ts';
import { PromptServer } from './host/language/promptServer.ts';
import type { Disposable } from './host/lifetime.ts';
import { commands, customEditors, pages, views, type CommandId, type PageId } from './host/manifest.ts';
import { Notify } from './host/notify.ts';
import type { Project, ProjectChange } from './host/projects/project.ts';
import { registerShipped } from './host/prompts/shippedDocuments.ts';
import { ShippedPrompts } from './host/prompts/shippedPrompts.ts';
import { Projects } from './host/projects/projects.ts';
import { registerReviews } from './host/review/reviewStart.ts';
import { RunStatusBar } from './host/runs/statusBar.ts';
import { DemoServer } from './host/servers/demoServer.ts';
import { ServerKeys } from './host/servers/keys.ts';
import { KnownOrigins } from './host/servers/knownOrigins.ts';
import { ServerTree } from './host/servers/serverTree.ts';
import { TaskTree } from './host/tree/taskTree.ts';
import { milestones, viewState } from './host/tree/viewState.ts';
import type { Tabs } from './host/tabs.ts';
import type { Workbench } from './host/workbench.ts';

/** Put in by the build. */
declare const APP_VERSION: string | undefined;
const app = typeof APP_VERSION === 'undefined' ? 'source' : APP_VERSION;

/** Does something the first time, and gives its result every time. */
function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => (made ??= make());
}

let end: (() => Promise<void>) | undefined;

/** Registers everything and returns; an engine is found or started when a project is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const keep = <Member extends Disposable>(member: Member): Member => {
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
  keep(new RunStatusBar(projects));
  const keys = new ServerKeys(context.secrets);
  const jobs = keep(new Jobs({ projects, keys, onKeys: context.secrets.onDidChange, log }));
  const jobsOnScreen = new JobsOnScreen();
  const shipped = new ShippedPrompts(vscode.Uri.joinPath(context.extensionUri, 'prompts').fsPath);
  keep(registerShipped(shipped));
  const side = once(async () => keep((await import('./host/sideViews.ts')).sideViewsOf({ projects, jobs, jobsOnScreen, shipped, notify, log, memory: context.workspaceState })));
  side().catch((thrown: unknown) => { log.error(String(thrown)); });
  const known = new KnownOrigins(context.globalState);
  const servers = keep(new ServerTree({ projects, demo, keys, known, jobs }));

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

  const workbench: Omit<Workbench, 'evaluations'> = {
    projects, notify, keys, known, servers, problems: keep(new ImportProblems()), demo, documents, tree, view, jobs, jobsOnScreen, log, memory: context.workspaceState, storageFolder: context.globalStorageUri.fsPath,
    language: keep(new PromptServer({ serverPath: bundles.serverPath, loadFacts: async () => (await import('./host/prompts/promptFacts.ts')).promptFacts({ projects, view, log }), projects, notify, log }).watch()),
    runs: { reveal: async (project, run) => (await side()).runs.reveal(project, run) },
    shipped, promptFlags: { refresh: async () => (await side()).promptFlags.refresh(), hush: async file => { (await side()).promptFlags.hush(file); } },
  };
  const whole = once(async (): Promise<Workbench> => ({ ...workbench, evaluations: (await side()).evaluations })); // what commands do and what stands in tabs is most of what we are, and is loaded with the first of them
  const tabs = once(async () => keep((await import('./host/tabs.ts')).tabsOf(await whole(), context.extensionUri)));
  registerTabs(tabs, keep);
  const handlers = once(async () => (await import('./host/handlers.ts')).handlersOf(await whole(), await tabs()));
  for (const id of Object.keys(commands) as CommandId[]) keep(registerCommand(id, async (...given) => (await handlers())[id](...given), thrown => { notify.problem(thrown); }));
  const offered = new Set<Project>();
  keep(projects.onDidChange(({ project, change }) => {
    if (!project) return;
    const opened = project.state.kind === 'open' && !offered.has(project);
    if (opened) offered.add(project);
    if (opened || change.kind === 'joined-run-ended') void tell(project, change, opened).catch((thrown: unknown) => { log.error(String(thrown)); });
  }));
  const tell = async (project: Project, change: ProjectChange, opened: boolean): Promise<void> => {
    const { offerResume, tellOfRuns } = await import('./host/runs/pipeline.ts');
    tellOfRuns(await whole(), project, change);
    if (opened) offerResume(await whole(), project);
  };
  end = () => projects.end();
}

/** What opens in a tab is known from the start, and loaded with the first tab. */
function registerTabs(tabs: () => Promise<Tabs>, keep: (member: Disposable) => unknown): void {
  keep(vscode.window.registerCustomEditorProvider(customEditors.project, {
    openCustomDocument: uri => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async (document, panel, cancelled) => { await (await tabs()).project.resolveCustomEditor(document, panel, cancelled); },
  }));
  keep(registerReviews(async () => (await tabs()).review));
  for (const id of Object.keys(pages) as PageId[]) {
    keep(vscode.window.registerWebviewPanelSerializer(pages[id], { deserializeWebviewPanel: async (panel, state) => (await tabs()).pages[id].deserializeWebviewPanel(panel, state) }));
  }
}

/** Leaves the engines: what runs there goes on. */
export async function deactivate(): Promise<void> {
  await end?.();
}
