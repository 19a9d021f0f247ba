// The task and branch that the tree's selection is about. Knows nothing of the editor.
import { projectOf, type TreeNode } from '../tree/node.ts';

/** Where in a project something is. */
export interface SelectedPlace {
  readonly project: string;
  readonly at: { task?: string; branch?: string; round?: 1 | 2 };
  /** A task that is selected and held out: none of it can be looked at but what evaluations ask. */
  readonly heldOut?: string;
}

/** What the first selected node is about; absent where nothing is selected. */
export function nodesPlace([node]: readonly TreeNode[]): SelectedPlace | undefined {
  if (!node) return undefined;
  const branchNode = node.kind === 'output' ? node.parent : node;
  if (branchNode.kind === 'branch') return { project: projectOf(node), at: { task: branchNode.parent.row.id, branch: branchNode.branch.id, round: branchNode.branch.round } };
  if (node.kind !== 'task') return { project: projectOf(node), at: {} };
  return { project: projectOf(node), ...(node.row.split === 'train' ? { at: { task: node.row.id } } : { at: {}, heldOut: node.row.id }) };
}

/** The selected one of several projects, else the first; absent where there is none. */
export function selectedOf<Of extends { readonly path: string }>(projects: readonly Of[], nodes: readonly TreeNode[]): Of | undefined {
  const selected = nodesPlace(nodes)?.project;
  return projects.find(({ path }) => path === selected) ?? projects[0];
}

/** What is selected of one project; nothing in it where that is another's, or nothing is. */
export function placeIn(nodes: readonly TreeNode[], project: string): SelectedPlace['at'] {
  const selected = nodesPlace(nodes);
  return selected?.project === project ? selected.at : {};
}
