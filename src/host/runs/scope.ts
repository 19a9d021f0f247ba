// On which tasks something runs, from what a command was handed. Knows nothing of the editor.
import { counted } from '../../client/words.ts';
import type { RunChoices } from '../../contract/engine.ts';
import { filterOf, readFilter, type ShownFilter } from '../tree/grouping.ts';
import { isTreeNode, projectOf, taskOf, type GroupNode, type TreeNode } from '../tree/node.ts';

/** Tasks of a run: all train tasks where nothing narrows them. */
export type Scope = Pick<RunChoices, 'tasks' | 'where' | 'sample'>;

/** Tasks of a pilot: enough to see what comes out, few enough to wait for. */
export const pilotTasks = 10;

/** What another part of the editor may hand to a command that runs something, as a plain object. */
export interface GivenScope extends Scope {
  /** Absolute path of the project file. */
  readonly project?: string;
}

/** The nodes that a command was called on: the selection where the one that was clicked is part of it. */
export function nodesOf(target: unknown, selected: unknown): readonly TreeNode[] {
  if (!isTreeNode(target)) return [];
  const many = Array.isArray(selected) ? selected.filter(isTreeNode) : [];
  return many.some(node => node.id === target.id) ? many : [target];
}

/**
 * The tasks that nodes stand for: those of task nodes and of what is below them, or of a group; nothing narrower for a project.
 *
 * @param shown the filter under which the groups stand
 * @returns absent where the nodes name no train task, or several groups at once
 */
export function scopeOfNodes(nodes: readonly TreeNode[], shown: ShownFilter): Scope | undefined {
  if (nodes.length === 0 || nodes.some(node => node.kind === 'project')) return {};
  const tasks = nodes.flatMap(node => taskOf(node) ?? []).filter(({ row }) => row.split === 'train');
  if (tasks.length > 0) return { tasks: [...new Set(tasks.map(({ row }) => row.id))] };
  const groups = nodes.filter((node): node is GroupNode => node.kind === 'group');
  const [group, ...others] = groups;
  return group && others.length === 0 && group.key !== 'held-out' ? { where: filterOf(group.by, group.key, shown) } : undefined;
}

/** The scope in an object of another part of the editor; absent where it is none. Anybody may hand over anything. */
export function readScope(value: unknown): GivenScope | undefined {
  if (typeof value !== 'object' || value === null || isTreeNode(value)) return undefined;
  const { project, tasks, where, sample }: { readonly project?: unknown; readonly tasks?: unknown; readonly where?: unknown; readonly sample?: unknown } = value;
  const ids = Array.isArray(tasks) ? tasks.filter((each: unknown) => typeof each === 'string') : [];
  const filter = readFilter(where);
  return {
    ...(typeof project === 'string' ? { project } : {}),
    ...(ids.length > 0 ? { tasks: ids } : {}),
    ...(filter && Object.keys(filter).length > 0 ? { where: filter } : {}),
    ...(typeof sample === 'number' && Number.isInteger(sample) && sample > 0 ? { sample } : {}),
  };
}

/** The project that a command was called about, by its path; absent where it was called on none. */
export const projectIn = (target: unknown): string | undefined => (isTreeNode(target) ? projectOf(target) : readScope(target)?.project);

/** `3 selected tasks`, or nothing where a scope is all tasks. */
export function scopeWords({ tasks }: Scope): string {
  return tasks ? counted(tasks.length, 'selected task') : '';
}
