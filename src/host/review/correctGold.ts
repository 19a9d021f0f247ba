import * as vscode from 'vscode';
import type { Project } from '../projects/project.ts';
import type { Workbench } from '../workbench.ts';
import { shortened } from '../words.ts';
import { reviewerName } from './reviewer.ts';

/** Most characters of a known answer in a message. */
const answerShown = 80;

/** Puts another known answer in the place of a task's, once a person has written it. */
export async function correctGold({ notify }: Pick<Workbench, 'notify'>, project: Project, task: string): Promise<void> {
  const { task: { gold = '' } } = await project.report(task);
  const typed = await vscode.window.showInputBox({
    title: `Correct Known Answer · ${task}`, value: gold, ignoreFocusOut: true, prompt: 'Every path of the task is graded by it; the old one is kept beside it.',
    validateInput: value => (value.trim() === '' ? 'A known answer has at least one character.' : undefined),
  });
  const wanted = typed?.trim();
  if (wanted === undefined || wanted === '' || wanted === gold.trim()) return;
  const reviewer = reviewerName();
  const { before } = await project.call('correctGold', { task, gold: wanted, reviewer });
  const undo = before === null || before.trim() === '' ? [] : [{ title: 'Undo', run: () => project.call('correctGold', { task, gold: before, reviewer }) }];
  const words = `${task} is graded by ${shortened(wanted, answerShown)} now${before === null ? '' : `, no longer by ${shortened(before, answerShown)}`}.`;
  notify.tell(words, [...undo, { title: 'Change Again', run: () => correctGold({ notify }, project, task) }]);
}
