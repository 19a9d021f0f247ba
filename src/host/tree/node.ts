// The nodes of the tree of tasks, and the ids under which the editor remembers which of them are open. Knows nothing of the editor.
import type { BranchReport, StatusReport, TaskListRow } from '../../contract/reports.ts';
import { stateGroups, type Grouping, type StateGroup } from './grouping.ts';

/** What can be opened below a branch. */
export const outputs = ['adapted', 'structure', 'path', 'verdicts'] as const;
/** One of `outputs`. */
export type Output = (typeof outputs)[number];

/** An open project. */
export interface ProjectNode {
  readonly kind: 'project';
  readonly id: string;
  /** Absolute path of the project file. */
  readonly project: string;
}

/** A line that says something and may do something about it. */
export interface NoteNode {
  readonly kind: 'note';
  readonly id: string;
  readonly project: string;
  readonly note: 'opening' | 'failed' | 'no-tasks' | 'no-match';
}

/** Says which tasks are shown, while that is not all. */
export interface FilterNode {
  readonly kind: 'filter';
  readonly id: string;
  readonly project: string;
  /** The filter in words. */
  readonly words: string;
  /** How many tasks it leaves. */
  readonly tasks: number;
}

/** The tasks of a project that have something in common. */
export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly project: string;
  readonly by: Grouping;
  /** What they have in common, as the engine names it; `held-out` among the states. */
  readonly key: string;
  /** Of the engine; by state it is ours. */
  readonly title: string;
  /** Changes while the node stays the same: the editor knows it by identity. */
  tasks: number;
  /** Whether it is open when it is first seen. */
  readonly expanded: boolean;
}

/** A task, as its row in the list says. */
export interface TaskNode {
  readonly kind: 'task';
  readonly id: string;
  readonly project: string;
  /** Id of the group that it stands in. */
  readonly group: string;
  readonly row: TaskListRow;
}

/** The rest of a long group. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly project: string;
  /** Id of the group. */
  readonly group: string;
  readonly left: number;
}

/** One branch of a task. */
export interface BranchNode {
  readonly kind: 'branch';
  readonly id: string;
  readonly parent: TaskNode;
  readonly branch: BranchReport;
  /** The known answer. */
  readonly gold: string | undefined;
}

/** Something that a stage of a branch gave. */
export interface OutputNode {
  readonly kind: 'output';
  readonly id: string;
  readonly parent: BranchNode;
  readonly output: Output;
}

/** A node of the tree. */
export type TreeNode = ProjectNode | NoteNode | FilterNode | GroupNode | TaskNode | MoreNode | BranchNode | OutputNode;

const kinds: readonly string[] = ['project', 'note', 'filter', 'group', 'task', 'more', 'branch', 'output'] satisfies readonly TreeNode['kind'][];

/** Whether what a command was handed is a node of the tree: only our tree makes objects with these two properties. */
export const isTreeNode = (value: unknown): value is TreeNode =>
  typeof value === 'object' && value !== null && 'id' in value && 'kind' in value && typeof value.kind === 'string' && kinds.includes(value.kind);

// Ids are made of what a thing is and never of where it stands in a list: a folded-out task stays folded out when others are solved above it.
// A group is part of a task's id, because the editor refuses one id in two places, as there is for a moment when a task changes its group, and by guideline for good.
const joined = (...parts: readonly string[]): string => parts.map(part => encodeURIComponent(part)).join('|');

/** Id of a project's node. */
export const projectId = (project: string): string => joined('project', project);
/** Id of a group's node. */
export const groupId = (project: string, by: Grouping, key: string): string => joined('group', project, by, key);

/** The node of a project. */
export const projectNode = (project: string): ProjectNode => ({ kind: 'project', id: projectId(project), project });
/** A note below a project. */
export const noteNode = (project: string, note: NoteNode['note']): NoteNode => ({ kind: 'note', id: joined('note', project, note), project, note });
/** The node that says which tasks are shown. */
export const filterNode = (project: string, words: string, tasks: number): FilterNode => ({ kind: 'filter', id: joined('filter', project), project, words, tasks });
/** The node of a task in a group. */
export const taskNode = ({ project, id }: Pick<GroupNode, 'project' | 'id'>, row: TaskListRow): TaskNode => ({ kind: 'task', id: joined('task', id, row.id), project, group: id, row });
/** The node that asks for more of a group. */
export const moreNode = ({ project, id }: Pick<GroupNode, 'project' | 'id'>, left: number): MoreNode => ({ kind: 'more', id: joined('more', id), project, group: id, left });
/** The node of a branch. */
export const branchNode = (parent: TaskNode, branch: BranchReport, gold: string | undefined): BranchNode =>
  ({ kind: 'branch', id: joined('branch', parent.id, branch.id, String(branch.round)), parent, branch, gold });

/** Under what it is remembered whether a node is folded out: a task and its branches stay so when they move to another group. */
export function foldId(node: TreeNode): string {
  if (node.kind === 'task') return joined('task', node.project, node.row.id);
  return node.kind === 'branch' ? joined('branch', node.parent.project, node.parent.row.id, node.branch.id, String(node.branch.round)) : node.id;
}

/** How many tasks each group by state of a project has. */
export function stateCounts({ tasks }: Pick<StatusReport, 'tasks'>): Readonly<Record<StateGroup, number>> {
  return { ...tasks.byState, 'held-out': tasks.heldOut };
}

/** What is known of a group before it is a node. */
export type GroupCount = Readonly<Pick<GroupNode, 'key' | 'title' | 'tasks'>>;

/** The groups by state that have tasks, in their order. */
export const countsByState = (counts: Readonly<Record<string, number>>): readonly GroupCount[] =>
  stateGroups.flatMap(key => ((counts[key] ?? 0) > 0 ? [{ key, title: key, tasks: counts[key] ?? 0 }] : []));

/** So few tasks that a filter leaves are all on screen at once. */
const fewTasks = 50;

/** The nodes of groups. Open at first: what needs review, and the first of all; where a filter leaves few tasks, every one. */
export function groupNodes(project: string, by: Grouping, { counts, filtered = false }: { readonly counts: readonly GroupCount[]; readonly filtered?: boolean }): readonly GroupNode[] {
  const all = filtered && counts.reduce((sum, { tasks }) => sum + tasks, 0) <= fewTasks;
  return counts.map((count, place) => ({
    kind: 'group', id: groupId(project, by, count.key), project, by, ...count, expanded: all || place === 0 || (by === 'state' && count.key === 'needs-review'),
  }));
}

/** What a branch has to show, in the order of the stages. */
export function outputNodes(parent: BranchNode): readonly OutputNode[] {
  const { adapted, structure, path, verdicts, loss } = parent.branch;
  const there: Readonly<Record<Output, boolean>> = {
    adapted: adapted !== undefined, structure: structure !== undefined, path: path !== undefined, verdicts: verdicts.length > 0 || loss !== undefined,
  };
  return outputs.filter(output => there[output]).map(output => ({ kind: 'output', id: joined('output', parent.id, output), parent, output }));
}

/** The project that a node belongs to. */
export function projectOf(node: TreeNode): string {
  if (node.kind === 'output') return node.parent.parent.project;
  return node.kind === 'branch' ? node.parent.project : node.project;
}

/** The task that a node is, or belongs to; absent for what stands above tasks. */
export function taskOf(node: TreeNode): TaskNode | undefined {
  switch (node.kind) {
    case 'task': return node;
    case 'branch': return node.parent;
    case 'output': return node.parent.parent;
    default: return undefined;
  }
}
