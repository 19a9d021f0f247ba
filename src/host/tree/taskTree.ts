import * as vscode from 'vscode';
import { problemOf } from '../../core/model/problem.ts';
import { Lifetime } from '../lifetime.ts';
import type { Look } from '../look.ts';
import type { Project, ProjectChange } from '../projects/project.ts';
import type { Projects, ProjectsChange } from '../projects/projects.ts';
import { filterOf, filterWords, type Grouping, type ShownFilter } from './grouping.ts';
import { lookOf, taskTooltip, type ProjectFacts } from './look.ts';
import {
  branchNode, countsByState, filterNode, foldId, groupId, groupNodes, moreNode, noteNode, outputNodes, projectId, projectNode, projectOf, stateCounts, taskNode, type GroupCount, type GroupNode,
  type ProjectNode, type TaskNode, type TreeNode,
} from './node.ts';
import { groupRows, rowsAfter, type AskPage } from './pages.ts';
import { treeItemOf } from './treeItem.ts';
import { TreeMemory } from './treeMemory.ts';

/** Groups that the engine counts anew are asked for again no more often than this while a run goes on. */
const regroupEveryMs = 2_000;

/** Project → group → task → branch → what its stages gave. Shows what the engine says and keeps nothing of it but what is on screen. */
export class TaskTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #projects: Projects;
  readonly #log: vscode.LogOutputChannel;
  readonly #memory: TreeMemory;
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<TreeNode[] | undefined>;
  readonly #arranged: vscode.EventEmitter<void>;
  /** The nodes of projects and groups that the editor has, by id: it knows them by identity. */
  readonly #nodes = new Map<string, TreeNode>();
  /** How often somebody asked for more, by group id. */
  readonly #wishes = new Map<string, number>();
  /** How many tasks each group by state is shown with, by project; only while all tasks are shown by state. */
  readonly #shown = new Map<string, Readonly<Record<string, number>>>();
  /** Projects that are shown as running. */
  readonly #running = new Set<Project>();
  /** In which group a task is shown, by project and task; of groups by state. */
  readonly #places = new Map<string, Map<string, string>>();
  /** Projects whose groups are to be counted anew soon. */
  readonly #regrouping = new Map<string, NodeJS.Timeout>();

  constructor(projects: Projects, log: vscode.LogOutputChannel, memory: vscode.Memento) {
    this.#projects = projects;
    this.#log = log;
    this.#memory = new TreeMemory(memory);
    this.#changes = this.#lifetime.add(new vscode.EventEmitter());
    this.#arranged = this.#lifetime.add(new vscode.EventEmitter());
    this.#lifetime.add(projects.onDidChange(change => { this.#follow(change); }));
  }

  get onDidChangeTreeData(): vscode.Event<TreeNode[] | undefined> {
    return this.#changes.event;
  }

  /** The tasks are grouped or filtered in another way. */
  get onDidArrange(): vscode.Event<void> {
    return this.#arranged.event;
  }

  get grouping(): Grouping {
    return this.#memory.grouping;
  }

  /** Which tasks are shown; nothing in it is all of them. */
  get filter(): ShownFilter {
    return this.#memory.filter;
  }

  get filtered(): boolean {
    return this.#memory.filtered;
  }

  group(by: Grouping): void {
    this.#memory.group(by);
    this.#arrange();
  }

  show(filter: ShownFilter): void {
    this.#memory.show(filter);
    this.#arrange();
  }

  /** Remembers what somebody folds out and in. */
  remember(view: vscode.TreeView<TreeNode>): void {
    this.#lifetime.add(view.onDidExpandElement(({ element }) => { this.#memory.setFold(foldId(element), true); }));
    this.#lifetime.add(view.onDidCollapseElement(({ element }) => { this.#memory.setFold(foldId(element), false); }));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const look = lookOf(node, this.#factsOf(projectOf(node)));
    return treeItemOf({ ...look, fold: this.#foldOf(node, look) }, node);
  }

  /** The whole question, once somebody points at a task. */
  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    const project = node.kind === 'task' ? this.#projects.find(node.project) : undefined;
    if (node.kind !== 'task' || !project) return item;
    const report = await project.report(node.row.id).catch(() => undefined); // the short tooltip is there already
    if (report) item.tooltip = taskTooltip(report.task.question, report.task.gold, node);
    return item;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const children = node ? await this.#childrenOf(node) : this.#roots();
    for (const child of children) if (child.kind === 'project' || child.kind === 'group') this.#nodes.set(child.id, child);
    return [...children];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    switch (node.kind) {
      case 'project': return undefined;
      case 'note':
      case 'filter':
      case 'group': return this.#nodes.get(projectId(node.project));
      case 'task':
      case 'more': return this.#nodes.get(node.group);
      case 'branch':
      case 'output': return node.parent;
    }
  }

  /** Whether a project has a node: one without tasks, alone, has the welcome of the view instead. */
  isShown(project: Project): boolean {
    return this.#roots().some(node => node.project === project.path);
  }

  /** The node of a project, to be revealed. */
  rootOf(project: Project): TreeNode {
    return this.#nodes.get(projectId(project.path)) ?? projectNode(project.path);
  }

  /** Shows more of a group. @param group its id */
  showMore(group: string): void {
    this.#wishes.set(group, (this.#wishes.get(group) ?? 0) + 1);
    this.#refresh([group]);
  }

  dispose(): void {
    for (const timer of this.#regrouping.values()) clearTimeout(timer);
    this.#lifetime.dispose();
  }

  #foldOf(node: TreeNode, { fold }: Look): Look['fold'] {
    const remembered = fold === 'none' ? undefined : this.#memory.fold(foldId(node));
    return remembered === undefined ? fold : remembered ? 'open' : 'closed';
  }

  /** All tasks by state: what a project's status counts anyway. */
  get #isPlain(): boolean {
    return this.grouping === 'state' && !this.filtered;
  }

  #arrange(): void {
    this.#wishes.clear();
    this.#shown.clear();
    this.#places.clear();
    this.#changes.fire(undefined);
    this.#arranged.fire();
  }

  /** One project without tasks leaves the view empty, so that its welcome says what to do. */
  #roots(): readonly ProjectNode[] {
    this.#projects.restore();
    const all = this.#projects.all;
    const [only] = all;
    if (only && all.length === 1 && only.status?.tasks.total === 0) return [];
    return all.map(project => projectNode(project.path));
  }

  async #childrenOf(node: TreeNode): Promise<readonly TreeNode[]> {
    const project = this.#projects.find(projectOf(node));
    if (!project) return [];
    switch (node.kind) {
      case 'project': return this.#below(project);
      case 'group': return this.#tasks(project, node);
      case 'task': return this.#branches(project, node);
      case 'branch': return outputNodes(node);
      default: return [];
    }
  }

  async #below(project: Project): Promise<readonly TreeNode[]> {
    const { state, path } = project;
    if (state.kind !== 'open') return [noteNode(path, state.kind)];
    if (state.status.tasks.total === 0) return [noteNode(path, 'no-tasks')];
    if (this.#isPlain) {
      const counts = stateCounts(state.status);
      this.#shown.set(path, counts);
      return groupNodes(path, 'state', { counts: countsByState(counts) });
    }
    const { grouping: by, filter, filtered } = this;
    const { counts, tasks } = await this.#answered(() => this.#counted(project, by, filter), { counts: [], tasks: 0 });
    const head = filtered ? [filterNode(path, filterWords(filter), tasks)] : [];
    const nodes = groupNodes(path, by, { counts, filtered });
    return [...head, ...nodes, ...(nodes.length === 0 && filtered ? [noteNode(path, 'no-match')] : [])];
  }

  /** The groups that a filter leaves, and how many tasks are in them: one may stand in several groups by guideline, and in none. */
  async #counted(project: Project, by: Grouping, filter: ShownFilter): Promise<{ readonly counts: readonly GroupCount[]; readonly tasks: number }> {
    const groupsOf = async (wanted: ShownFilter) => (await project.call('taskGroups', { by, filter: wanted })).groups;
    const count = async (wanted: ShownFilter) => (await project.call('taskPage', { filter: wanted, limit: 1 })).total;
    const sum = (counts: readonly GroupCount[]) => counts.reduce((total, { tasks }) => total + tasks, 0);
    if (by === 'guideline') return { counts: await groupsOf(filter), tasks: await count(filter) };
    if (by !== 'state') {
      const counts = await groupsOf(filter);
      return { counts, tasks: sum(counts) };
    }
    const train = filter.split === 'held-out' ? [] : await groupsOf({ ...filter, split: 'train' });
    const heldOut = filter.split === 'train' || (project.status?.tasks.heldOut ?? 0) === 0 ? 0 : await count({ ...filter, split: 'held-out' });
    const counts = countsByState(Object.fromEntries([...train.map(({ key, tasks }) => [key, tasks] as const), ['held-out', heldOut]]));
    return { counts, tasks: sum(counts) };
  }

  async #tasks(project: Project, node: GroupNode): Promise<readonly TreeNode[]> {
    const ask: AskPage = params => project.call('taskPage', params);
    const list = { filter: filterOf(node.by, node.key, this.filter), ...(node.by === 'state' ? { state: node.key } : {}) };
    const { rows, left } = await this.#answered(() => groupRows(ask, list, rowsAfter(this.#wishes.get(node.id) ?? 0)), { rows: [], left: 0 });
    const places = this.#places.get(project.path) ?? new Map<string, string>();
    this.#places.set(project.path, places);
    for (const row of rows) places.set(row.id, node.id);
    return [...rows.map(row => taskNode(node, row)), ...(left > 0 ? [moreNode(node, left)] : [])];
  }

  async #branches(project: Project, node: TaskNode): Promise<readonly TreeNode[]> {
    const report = await this.#answered(() => project.report(node.row.id), undefined);
    return report ? report.branches.map(branch => branchNode(node, branch, report.task.gold)) : [];
  }

  /** A project that goes away while it is asked is told by its own node; here it has nothing. */
  async #answered<Result, Otherwise>(ask: () => Promise<Result>, otherwise: Otherwise): Promise<Result | Otherwise> {
    try {
      return await ask();
    } catch (thrown) {
      this.#log.warn(problemOf(thrown).message);
      return otherwise;
    }
  }

  #factsOf(file: string): ProjectFacts {
    const project = this.#projects.find(file);
    if (!project) return { name: file, path: file, state: 'opening', status: undefined, problem: undefined, running: false };
    const { name, state, status, running } = project;
    return {
      name, path: file, state: state.kind, status, running,
      problem: state.kind === 'failed' ? state.problem : undefined,
    };
  }

  #follow({ project, change }: ProjectsChange): void {
    if (!project || change.kind === 'state') {
      if (!project) this.#forgetClosed();
      this.#changes.fire(undefined);
    } else if (change.kind === 'tasks') this.#followTasks(project, change);
    else if (project.running !== this.#running.has(project)) {
      if (project.running) this.#running.add(project);
      else this.#running.delete(project);
      this.#refresh([projectId(project.path)]);
    }
  }

  /** Only the groups that changed are asked for again; everything where a group came or went. */
  #followTasks(project: Project, change: Extract<ProjectChange, { kind: 'tasks' }>): void {
    if (!this.#isPlain && !change.all) {
      this.#regroupSoon(project.path);
      return;
    }
    const before = this.#shown.get(project.path);
    const now = project.status && stateCounts(project.status);
    const groups = Object.keys(now ?? {});
    const had = (counts: Readonly<Record<string, number>>, group: string) => counts[group] ?? 0;
    if (!before || !now || change.all || groups.some(group => (had(before, group) > 0) !== (had(now, group) > 0))) {
      this.#changes.fire(undefined);
      return;
    }
    this.#shown.set(project.path, now);
    for (const count of countsByState(now)) this.#recount(project.path, count);
    const places = this.#places.get(project.path);
    const touched = new Set([...change.tasks].flatMap(task => places?.get(task) ?? []));
    const changed = groups.filter(group => had(before, group) !== had(now, group)).map(group => groupId(project.path, 'state', group));
    this.#refresh([...new Set([...changed, ...touched])]);
  }

  /** A group's node stands for another number of tasks from now on. */
  #recount(project: string, { key, tasks }: GroupCount): void {
    const id = groupId(project, 'state', key);
    const node = this.#nodes.get(id);
    if (node?.kind === 'group') node.tasks = tasks;
  }

  #regroupSoon(project: string): void {
    if (this.#regrouping.has(project)) return;
    this.#regrouping.set(project, setTimeout(() => {
      this.#regrouping.delete(project);
      this.#refresh([projectId(project)]);
    }, regroupEveryMs));
  }

  #refresh(ids: readonly string[]): void {
    const nodes = ids.flatMap(id => this.#nodes.get(id) ?? []);
    if (nodes.length > 0) this.#changes.fire(nodes);
  }

  #forgetClosed(): void {
    for (const [id, node] of this.#nodes) if (!this.#projects.find(projectOf(node))) this.#nodes.delete(id);
    for (const file of this.#shown.keys()) if (!this.#projects.find(file)) this.#shown.delete(file);
    for (const file of this.#places.keys()) if (!this.#projects.find(file)) this.#places.delete(file);
  }
}
