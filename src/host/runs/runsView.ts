import * as vscode from 'vscode';
import { Lifetime } from '../lifetime.ts';
import { views } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { treeItemOf } from '../tree/treeItem.ts';
import { runLines, runLook, runNode, type RunFacts, type RunNode, type RunsNode, type RunsOfProject } from './runLook.ts';

/** A run that goes on is drawn no more often than this. */
const drawEveryMs = 500;
/** Runs of a project that are listed: those before are of no more use here. */
const mostRuns = 1000;

/** Runs, newest first, the one that goes on folded out. */
export class RunsView implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #projects: Projects;
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<RunsNode[] | undefined>;
  readonly #view: vscode.TreeView<RunsNode>;
  /** The editor knows nodes by identity. */
  readonly #nodes = new Map<string, RunNode | RunsOfProject>();
  /** What is listed, so that a run that came or went is noticed. */
  #listed = '';
  #drawing: NodeJS.Timeout | undefined;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#changes = this.#lifetime.add(new vscode.EventEmitter());
    this.#view = this.#lifetime.add(vscode.window.createTreeView(views.runs, { treeDataProvider: this, showCollapseAll: true }));
    this.#lifetime.add(projects.onDidChange(() => { this.#drawSoon(); }));
  }

  get onDidChangeTreeData(): vscode.Event<RunsNode[] | undefined> {
    return this.#changes.event;
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    switch (node.kind) {
      case 'runs': {
        const name = this.#projects.find(node.project)?.name ?? node.project;
        return treeItemOf({ label: name, icon: { name: 'database' }, tooltip: node.project, spoken: `Runs of ${name}`, fold: 'open', tokens: ['runs'] }, node);
      }
      case 'run': return treeItemOf(runLook(node, this.#factsOf(node)), this.#stamped(node));
      case 'line': return treeItemOf(node.look, node);
    }
  }

  getChildren(node?: RunsNode): RunsNode[] {
    const children = node ? this.#childrenOf(node) : this.#roots();
    for (const child of children) if (child.kind !== 'line') this.#nodes.set(child.id, child);
    return [...children];
  }

  getParent(node: RunsNode): RunsNode | undefined {
    if (node.kind === 'line') return node.parent;
    return node.kind === 'run' && this.#open.length > 1 ? this.#nodes.get(listId(node.project)) : undefined;
  }

  /** Brings a run to the front, folded out. @returns whether it is listed */
  async reveal(project: Project, run: number): Promise<boolean> {
    await vscode.commands.executeCommand('regenesis.runs.focus');
    const wanted = runNode(project.path, run);
    const roots = this.getChildren();
    const list = roots.flatMap(root => (root.kind === 'runs' && root.project === project.path ? this.getChildren(root) : [root]));
    const node = list.find(each => each.id === wanted.id);
    if (!node) return false;
    await this.#view.reveal(node, { select: true, expand: true });
    return true;
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    this.#lifetime.dispose();
  }

  /** The editor keeps a run folded as it is under one id: one that ends is to be folded in, and one that begins, out. */
  #stamped(node: RunNode): { readonly id: string } & RunNode {
    return this.#factsOf(node).progress ? { ...node, id: `${node.id}|now` } : node;
  }

  get #open(): readonly Project[] {
    return this.#projects.all.filter(project => runsOf(project).length > 0);
  }

  #roots(): readonly RunsNode[] {
    this.#projects.restore();
    const [only, ...others] = this.#open;
    if (!only) return [];
    return others.length === 0 ? runNodes(only) : this.#open.map(({ path }) => ({ kind: 'runs', id: listId(path), project: path }));
  }

  #childrenOf(node: RunsNode): readonly RunsNode[] {
    switch (node.kind) {
      case 'runs': {
        const project = this.#projects.find(node.project);
        return project ? runNodes(project) : [];
      }
      case 'run': return runLines(node, this.#factsOf(node));
      case 'line': return node.below;
    }
  }

  #factsOf({ project, run }: RunNode): RunFacts {
    const known = this.#projects.find(project);
    const progress = known?.progress?.runId === run ? known.progress : undefined;
    return { row: known?.status?.runs.find(({ id }) => id === run), progress, latest: known?.status?.runs[0]?.id === run };
  }

  #drawSoon(): void {
    this.#drawing ??= setTimeout(() => { this.#draw(); }, drawEveryMs);
  }

  /** Runs that go on are drawn again; everything where a run came, went or ended. */
  #draw(): void {
    this.#drawing = undefined;
    const running = this.#projects.all.flatMap(project => (project.progress ? [runNode(project.path, project.progress.runId).id] : []));
    const listed = JSON.stringify([this.#projects.all.map(project => [project.path, project.status?.runs.map(({ id, state }) => [id, state])]), running]);
    if (listed !== this.#listed) {
      this.#listed = listed;
      this.#changes.fire(undefined);
      return;
    }
    const nodes = running.flatMap(id => this.#nodes.get(id) ?? []);
    if (nodes.length > 0) this.#changes.fire(nodes);
  }
}

const listId = (project: string): string => `runs|${encodeURIComponent(project)}`;

/** Numbers of a project's runs, newest first, the one that goes on among them even before the file tells of it. */
function runsOf({ status, progress }: Project): readonly number[] {
  const stored = (status?.runs ?? []).map(({ id }) => id).slice(0, mostRuns);
  return progress === undefined || stored.includes(progress.runId) ? stored : [progress.runId, ...stored];
}

const runNodes = (project: Project): readonly RunNode[] => runsOf(project).map(run => runNode(project.path, run));
