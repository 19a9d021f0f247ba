import * as vscode from 'vscode';
import { withdrawAll } from '../../client/contamination.ts';
import { counted } from '../../client/words.ts';
import type { Action, Notify } from '../notify.ts';
import type { Project } from '../projects/project.ts';
import { oneLine } from '../words.ts';

/** Moves train tasks to the held-out ones, and offers to take exactly that back. */
export async function holdOut(notify: Notify, project: Project, tasks: readonly string[]): Promise<void> {
  const moved = await withdrawAll(tasks, request => project.call('holdOut', request));
  tell(notify, project, { changed: moved, none: 'These tasks are held out already.', words: 'is held out now: it is only ever evaluated on', many: 'are held out now: they are only ever evaluated on', undo: () => holdIn(notify, project, moved) });
}

/** Makes train tasks again of those that were moved. */
export async function holdIn(notify: Notify, project: Project, tasks: readonly string[]): Promise<void> {
  const back = await withdrawAll(tasks, request => project.call('holdIn', request));
  tell(notify, project, { changed: back, none: 'None of these tasks was moved here; what was imported as held out stays so.', words: 'trains again', many: 'train again', undo: () => holdOut(notify, project, back) });
}

/** Leaves train tasks out of whatever is exported, and offers to take that back. */
export async function leaveOut(notify: Notify, project: Project, tasks: readonly string[]): Promise<void> {
  const left = await withdrawAll(tasks, request => project.call('leaveOut', request));
  tellLeftOut(notify, project, left);
}

/** Leaves tasks out once more that were taken in, each for its former reason. */
async function leaveOutAgain(notify: Notify, project: Project, tasks: readonly { readonly task: string; readonly reason: string }[]): Promise<void> {
  const left: string[] = [];
  for (const [reason, own] of Map.groupBy(tasks, each => each.reason)) {
    for (const task of await withdrawAll(own.map(each => each.task), request => project.call('leaveOut', { ...request, reason }))) left.push(task);
  }
  tellLeftOut(notify, project, left);
}

function tellLeftOut(notify: Notify, project: Project, left: readonly string[]): void {
  tell(notify, project, { changed: left, none: 'These tasks are in no export already.', words: 'is left out of exports now', many: 'are left out of exports now', undo: () => takeIn(notify, project, left) });
}

/** Takes tasks into exports again. */
export async function takeIn(notify: Notify, project: Project, tasks: readonly string[]): Promise<void> {
  const { leftOut } = await project.call('withdrawnTasks', {});
  const taken = await withdrawAll(tasks, request => project.call('takeIn', request));
  const given = new Set(taken);
  tell(notify, project, { changed: taken, none: 'None of these tasks was left out.', words: 'is exported again', many: 'are exported again', undo: () => leaveOutAgain(notify, project, leftOut.filter(({ task }) => given.has(task))) });
}

/** What was done to tasks, in words for one and for many of them. */
interface Done {
  readonly changed: readonly string[];
  readonly none: string;
  readonly words: string;
  readonly many: string;
  readonly undo: () => Promise<void>;
}

function tell(notify: Notify, project: Project, { changed: tasks, none, words, many, undo }: Done): void {
  const [first, ...others] = tasks;
  if (first === undefined) {
    notify.tell(none, ['regenesis.tasks.show']);
    return;
  }
  const back: Action = { title: 'Undo', run: () => undo().catch((thrown: unknown) => { notify.problem(thrown); }) };
  notify.tell(others.length === 0 ? `${oneLine(first)} ${words}.` : `${counted(tasks.length, 'task')} of ${project.name} ${many}.`, [back]);
}

/** Lets a person pick among the tasks that were moved, or left out. Absent where they leave it, or there are none, which is then said. */
export async function pickWithdrawn(notify: Notify, project: Project, { which, title }: { readonly which: 'moved' | 'leftOut'; readonly title: string }): Promise<readonly string[] | undefined> {
  const list = await project.call('withdrawnTasks', {});
  const rows = which === 'moved' ? list.moved.map(({ task }) => ({ label: oneLine(task), task })) : list.leftOut.map(({ task, reason }) => ({ label: oneLine(task), description: oneLine(reason), task }));
  if (rows.length === 0) {
    notify.tell(which === 'moved' ? `No task of ${project.name} was moved to the held-out ones.` : `No task of ${project.name} is left out of exports.`, ['regenesis.contamination.find']);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(rows, { title, canPickMany: true, ignoreFocusOut: true, matchOnDescription: true });
  return picked && picked.length > 0 ? picked.map(({ task }) => task) : undefined;
}
