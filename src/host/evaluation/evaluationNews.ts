import * as vscode from 'vscode';
import { executeCommand, titleOf } from '../contributions.ts';
import type { Disposable } from '../lifetime.ts';
import { pages } from '../manifest.ts';
import type { Notify } from '../notify.ts';
import { waysOut } from '../wayOut.ts';
import { evaluationAddress } from './evaluationNode.ts';
import { endWords } from './evaluationWords.ts';
import type { Evaluations } from './evaluations.ts';

/** Tells of each evaluation that comes to its end while nobody looks. One that was cancelled is not spoken of: whoever cancelled it knows. */
export const evaluationNews = ({ evaluations, notify, isSeen }: { readonly evaluations: Evaluations; readonly notify: Pick<Notify, 'tell'>; readonly isSeen: () => boolean }): Disposable =>
  evaluations.onDidChange(({ project, evaluation, ended }) => {
    const row = ended === true && evaluation !== undefined ? evaluations.one(project.path, evaluation) : undefined;
    if (!row || row.state === 'cancelled' || isSeen() || isOnScreen()) return;
    const show = { title: titleOf('regenesis.evaluation.show'), run: () => executeCommand('regenesis.evaluation.show', evaluationAddress(project.path, row.id)) };
    notify.tell(endWords(row, project.name), [show, ...(row.problem?.code === 'server-wrong-key' ? waysOut(row.problem.code) : [])], row.state === 'completed' ? 'information' : 'warning');
  });

/** Whether the page of an evaluation is in front in some group of tabs. */
const isOnScreen = (): boolean => vscode.window.tabGroups.all.some(({ activeTab }) => activeTab?.input instanceof vscode.TabInputWebview && activeTab.input.viewType.endsWith(pages.evaluation));
