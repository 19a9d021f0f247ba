import * as vscode from 'vscode';
import type { ReviewCommand } from '../../contract/pages/review.ts';
import { Lifetime } from '../lifetime.ts';
import type { CommandId } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import { correctGold } from '../review/correctGold.ts';
import { decideAll } from '../review/reviewBulk.ts';
import type { ReviewEditor } from '../review/reviewEditor.ts';
import { exportReviews, importReviews } from '../review/reviewFiles.ts';
import { filterQueue, namedQueue, queueChoices, taskQueue, type QueueChoice } from '../review/reviewQueues.ts';
import { showReview } from '../review/showReview.ts';
import { topUp } from '../review/topUp.ts';
import { filterOf } from '../tree/grouping.ts';
import { isTreeNode, taskOf } from '../tree/node.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';
import { pickTask } from './stepCommands.ts';
import { expected } from './viewCommands.ts';

type PageCommand = Extract<CommandId, `regenesis.review.${ReviewCommand | 'forward' | 'back'}`> & Exclude<CommandId, 'regenesis.review.next'>;
type OtherCommand = Exclude<Extract<CommandId, `regenesis.review.${string}` | 'regenesis.gold.correct'>, PageCommand>;

/** Two names of the page were taken: Review Next opens a queue. */
const pageCommands = {
  ...ownNames(['accept', 'reject', 'unsure', 'amend', 'note', 'markStep', 'undo', 'redo', 'nextStep', 'nextDoubt', 'previousDoubt', 'compare', 'diff', 'keys', 'confirm', 'save']),
  ...ownNames(['reason1', 'reason2', 'reason3', 'reason4', 'reason5', 'reason6', 'reason7', 'reason8', 'reason9']),
  'regenesis.review.forward': 'next',
  'regenesis.review.back': 'previous',
} as const satisfies Readonly<Record<PageCommand, ReviewCommand>>;

function ownNames<const Name extends Exclude<ReviewCommand, 'next' | 'previous'>>(names: readonly Name[]): Readonly<Record<`regenesis.review.${Name}`, Name>> {
  return Object.fromEntries(names.map(name => [`regenesis.review.${name}`, name])) as Record<`regenesis.review.${Name}`, Name>;
}

/** Reviewing paths: which queue, and what the keys of its page do. */
export function reviewCommands(workbench: Workbench, editor: ReviewEditor): Pick<Handlers, PageCommand | OtherCommand> {
  const open = async (target: unknown, choose: (project: Project) => Promise<QueueChoice | undefined>) => {
    const project = await reviewable(workbench, target);
    const chosen = project && await choose(project);
    if (project && chosen) await showReview({ project: project.path, title: chosen.title, query: chosen.query });
  };
  const withProject = (work: (of: Workbench, project: Project) => Promise<void>) => async (target: unknown) => {
    const project = await projectFor(workbench, target);
    if (project) await work(workbench, project);
  };
  const pressed = Object.fromEntries(Object.entries(pageCommands).map(([id, command]) => [id, () => { if (!editor.press(command)) tellNoReview(workbench); }])) as Pick<Handlers, PageCommand>;
  return {
    ...pressed,
    'regenesis.review.next': target => open(target, async () => namedQueue('next')),
    'regenesis.review.task': target => {
      const { row } = expected(target, 'task', 'a task');
      return open(target, async () => taskQueue(row.id));
    },
    'regenesis.review.group': target => {
      const { by, key } = expected(target, 'group', 'a group of tasks');
      return open(target, async () => filterQueue(filterOf(by, key, workbench.tree.filter)));
    },
    'regenesis.review.query': target => open(target, () => pickQueue(workbench)),
    'regenesis.review.acceptAll': () => all(workbench, editor, 'accept'),
    'regenesis.review.rejectAll': () => all(workbench, editor, 'reject'),
    'regenesis.review.topUp': async target => {
      const project = await reviewable(workbench, target);
      if (project) await topUp(workbench, project);
    },
    'regenesis.gold.correct': target => correct(workbench, editor, target),
    'regenesis.review.export': withProject(exportReviews),
    'regenesis.review.import': withProject(importReviews),
  };
}

const tellNoReview = ({ notify }: Workbench): void => { notify.tell('No review is open. Review Next shows one path after the other.', ['regenesis.review.next', 'regenesis.review.query']); };

/** The project that a command is about, where it has paths; that it has none is said. */
async function reviewable(workbench: Workbench, target: unknown): Promise<Project | undefined> {
  const project = await projectFor(workbench, target);
  if (project?.status?.runs.length !== 0) return project;
  workbench.notify.tell(`Nothing was run in ${project.name} yet, so that there are no paths to review.`, ['regenesis.run.start']);
  return undefined;
}

async function pickQueue({ tree }: Workbench): Promise<QueueChoice | undefined> {
  const picked = await vscode.window.showQuickPick(queueChoices(tree.filter).map(choice => ({ label: choice.title, detail: choice.detail, choice })), { title: 'Review', placeHolder: 'Which paths?', matchOnDetail: true });
  return picked?.choice;
}

async function all(workbench: Workbench, { active }: ReviewEditor, decision: 'accept' | 'reject'): Promise<void> {
  if (active) await decideAll(workbench, active, decision);
  else tellNoReview(workbench);
}

/** Corrects the known answer of the task that a command was called on, else of the one that is reviewed, else of the one that is picked. */
async function correct(workbench: Workbench, { active }: ReviewEditor, target: unknown): Promise<void> {
  const node = isTreeNode(target) ? taskOf(target) : undefined;
  const shown = node ? undefined : active?.shown;
  if (active && shown) {
    await correctGold(workbench, active.project, shown.task.id);
    return;
  }
  const project = await projectFor(workbench, target);
  if (!project) return;
  const picks = new Lifetime();
  try {
    const task = node ? node.row.id : await pickTask(workbench, project, { title: 'Correct Known Answer', picks });
    if (task !== undefined) await correctGold(workbench, project, task);
  } finally {
    picks.dispose();
  }
}
