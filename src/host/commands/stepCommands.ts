import * as vscode from 'vscode';
import { codeWords } from '../../client/words.ts';
import type { StepAddress } from '../../contract/pages/step.ts';
import type { Split } from '../../core/model/task.ts';
import { Lifetime } from '../lifetime.ts';
import type { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import { isTreeNode, type TreeNode } from '../tree/node.ts';
import { offlineHere } from '../trust.ts';
import { isolated, oneLine } from '../words.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';

/** Tasks that are offered at once; words that are typed find the others. */
const tasksOffered = 100;

/** Single branches. */
export function stepCommands(workbench: Workbench, steps: Panels<StepAddress>): Pick<Handlers, `regenesis.branch.${'step' | 'watch'}`> {
  const show = async (target: unknown, watch: boolean) => {
    const address = await addressOf(workbench, target, watch ? 'Watch Branch' : 'Step Through Branch');
    if (address) steps.show({ ...address, ...(watch ? { watch: true } : {}) });
  };
  return {
    'regenesis.branch.step': target => show(target, false),
    'regenesis.branch.watch': target => show(target, true),
  };
}

/** The branch that a command was called on, or that is picked; absent where nobody picked one. */
async function addressOf(workbench: Workbench, target: unknown, title: string): Promise<StepAddress | undefined> {
  const node = isTreeNode(target) ? target : undefined;
  const named = node && branchOf(node);
  if (named) return named;
  const project = await projectFor(workbench, target);
  if (!project) return undefined;
  const picks = new Lifetime();
  try {
    const task = node?.kind === 'task' ? node.row.id : await pickTask(workbench, project, { title, picks });
    const branch = task === undefined ? undefined : await pickBranch(project, task, title);
    return task !== undefined && branch ? { project: project.path, task, ...branch } : undefined;
  } finally {
    picks.dispose();
  }
}

function branchOf(node: TreeNode): StepAddress | undefined {
  const branchNode = node.kind === 'output' ? node.parent : node;
  if (branchNode.kind !== 'branch') return undefined;
  const { parent, branch } = branchNode;
  return { project: parent.project, task: parent.row.id, branch: branch.id, round: branch.round };
}

/**
 * Lets a person choose a task; absent where nobody chose one, or there is none.
 *
 * @param split the tasks that are offered: those that may train, unless told
 * @param picks keeps the list of tasks until the branch is picked, which takes its place: one that closed first would give the focus back to the page behind, and
 * the next would close at once because it lost it
 */
export async function pickTask({ notify }: Pick<Workbench, 'notify'>, project: Project, { title, picks, split = 'train' }: { readonly title: string; readonly picks: Lifetime; readonly split?: Split }): Promise<string | undefined> {
  if (split === 'train' && project.status?.tasks.trainable === 0) {
    notify.tell(`${project.name} has no tasks that could be worked on yet.`, ['regenesis.tasks.import']);
    return undefined;
  }
  const pick = picks.add(vscode.window.createQuickPick<vscode.QuickPickItem & { readonly id: string }>());
  pick.title = `${title} · ${project.name}`;
  pick.placeholder = 'Which task? Type words of its question or id';
  pick.matchOnDescription = true;
  let asked = 0;
  const offer = async (text: string) => {
    const mine = asked += 1;
    pick.busy = true;
    const { rows } = await project.call('taskPage', { filter: { split, ...(text === '' ? {} : { text }) }, limit: tasksOffered });
    if (mine !== asked) return; // other words were typed meanwhile
    pick.busy = false;
    pick.items = rows.map(({ id, excerpt, state }) => ({ label: isolated(oneLine(excerpt)), description: id, detail: codeWords(state), alwaysShow: true, id }));
  };
  return new Promise((resolve, reject) => {
    pick.onDidChangeValue(text => { offer(text.trim()).catch(reject); });
    pick.onDidAccept(() => { resolve(pick.selectedItems[0]?.id); });
    pick.onDidHide(() => { resolve(undefined); });
    pick.show();
    offer('').catch(reject);
  });
}

/** Lets a person choose a branch of a task; absent where nobody chose one. */
export async function pickBranch(project: Project, task: string, title: string): Promise<Pick<StepAddress, 'branch' | 'round'> | undefined> {
  const { branches } = await project.call('branches', { task, ...offlineHere() });
  const picked = await vscode.window.showQuickPick(branches.map(({ id, round, title: name, words }) => ({
    label: name, description: [words, ...(round === 2 ? ['hint round'] : [])].join(' · '), branch: { branch: id, round },
  })), { title: `${title} · ${task}`, placeHolder: 'Which branch?', matchOnDescription: true });
  return picked?.branch;
}
