import * as vscode from 'vscode';
import { groupings } from '../../contract/overview.ts';
import { problemError } from '../../core/model/problem.ts';
import type { DocumentAddress } from '../documents/address.ts';
import { walkthrough } from '../manifest.ts';
import { outputWord, stageOf } from '../tree/branchLook.ts';
import { filterWords, groupingWords, isEmpty, readFilter } from '../tree/grouping.ts';
import { isTreeNode, projectOf, type OutputNode, type TaskNode, type TreeNode } from '../tree/node.ts';
import { isSimulated } from '../tree/look.ts';
import { showTasks, withViewProgress, type Handlers, type Workbench } from '../workbench.ts';

/** What is looked at: the tree, the documents, the log. */
export function viewCommands(workbench: Workbench): Pick<Handlers,
  `regenesis.tasks.${'refresh' | 'show' | 'more' | 'group' | 'filter' | 'unfilter'}` | 'regenesis.task.show' | 'regenesis.output.show' | 'regenesis.prompt.show' | 'regenesis.answer.show' | 'regenesis.log.show' | 'regenesis.language.restart' | 'regenesis.walkthrough.show'> {
  return {
    'regenesis.tasks.refresh': () => withViewProgress(async () => {
      await Promise.all(workbench.projects.all.map(project => project.refresh()));
    }),
    'regenesis.tasks.show': () => showTasks(workbench),
    'regenesis.tasks.more': target => {
      const node = expected(target, 'more', 'a line "… more"');
      workbench.tree.showMore(node.group);
    },
    'regenesis.tasks.group': () => groupBy(workbench),
    'regenesis.tasks.filter': target => filterTasks(workbench, target),
    'regenesis.tasks.unfilter': () => { workbench.tree.show({}); },
    'regenesis.task.show': target => {
      const node = expected(target, 'task', 'a task');
      return workbench.documents.show({ project: node.project, task: node.row.id, shown: 'task' }, ['Task', node.row.id, ...tag(workbench, node)]);
    },
    'regenesis.output.show': target => {
      const node = expected(target, 'output', 'an output of a branch');
      return showOutput(workbench, node, node.output);
    },
    'regenesis.prompt.show': target => showOutput(workbench, expected(target, 'output', 'an output of a branch'), 'prompt'),
    'regenesis.answer.show': target => showOutput(workbench, expected(target, 'output', 'an output of a branch'), 'answer'),
    'regenesis.log.show': () => { workbench.log.show(); },
    'regenesis.language.restart': () => workbench.language.restart(),
    'regenesis.walkthrough.show': () => vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough),
  };
}

/** Asks by what the tasks are to be grouped. */
async function groupBy(workbench: Workbench): Promise<void> {
  const { tree } = workbench;
  const choices = groupings.map(by => ({ label: groupingWords[by].word, detail: groupingWords[by].detail, ...(by === tree.grouping ? { description: 'now' } : {}), by }));
  const picked = await vscode.window.showQuickPick(choices, { title: 'Group Tasks By', matchOnDetail: true });
  if (picked) tree.group(picked.by);
}

/** Shows the tasks of a filter that another part hands over, else those with the words that are asked for. */
async function filterTasks(workbench: Workbench, target: unknown): Promise<void> {
  const { tree } = workbench;
  const given = isTreeNode(target) ? undefined : readFilter(target);
  if (given && !isEmpty(given)) {
    tree.show(given);
    await showTasks(workbench);
    return;
  }
  const { text: before, ...rest } = tree.filter;
  const kept = isEmpty(rest) ? '' : ` Among: ${filterWords(rest)}.`;
  const text = await vscode.window.showInputBox({ title: 'Filter Tasks', value: before ?? '', prompt: `Words in the question or the id, in capitals or not; nothing shows all.${kept}`, placeHolder: 'such as caesar' });
  if (text === undefined) return;
  tree.show(text.trim() === '' ? rest : { ...rest, text: text.trim() });
  await showTasks(workbench);
}

/** The node that a command was called on. Throws `usage` where it was called on something else, as a key binding may. */
export function expected<Kind extends TreeNode['kind']>(target: unknown, kind: Kind, words: string): Extract<TreeNode, { kind: Kind }> {
  if (isTreeNode(target) && isOfKind(target, kind)) return target;
  throw problemError('usage', `Choose ${words} in the tree of tasks first.`);
}

const isOfKind = <Kind extends TreeNode['kind']>(node: TreeNode, kind: Kind): node is Extract<TreeNode, { kind: Kind }> => node.kind === kind;

/** What stands behind everything that came from the demo server. */
function tag({ projects }: Workbench, node: TaskNode | OutputNode): readonly string[] {
  return isSimulated(projects.find(projectOf(node))?.status) ? ['simulation'] : [];
}

async function showOutput(workbench: Workbench, node: OutputNode, shown: DocumentAddress['shown']): Promise<void> {
  const { branch, parent: task } = node.parent;
  const stage = stageOf(node.output);
  const address = { project: task.project, task: task.row.id, branch: { id: branch.id, round: branch.round }, shown };
  if (shown === 'prompt' || shown === 'answer') {
    const word = shown === 'prompt' ? 'Prompt' : 'Raw answer';
    await workbench.documents.show({ ...address, stage }, [`${word} of ${stage}`, branch.title, task.row.id, ...tag(workbench, node)]);
  } else await workbench.documents.show(address, [outputWord(node.output), branch.title, task.row.id]);
}
