import * as vscode from 'vscode';
import { addressParts } from '../documents/address.ts';
import { isolated, shortened } from '../words.ts';

/** The answers to a task of an evaluation. `base`: what the model's are held against; null where nothing is compared. */
export interface AnswersAddress {
  /** Absolute path of the project file. */
  readonly project: string;
  readonly evaluation: number;
  readonly task: string;
  readonly model: string;
  readonly base: string | null;
}

/** Shows what models answered: side by side in the editor's own diff where there are two, the base on the left. */
export async function showAnswers({ project, evaluation, task, model, base }: AnswersAddress): Promise<void> {
  const of = (label: string) => vscode.Uri.from(addressParts({ project, task, shown: 'evaluated', evaluated: { evaluation, model: label } }, [label, task]));
  if (base === null || base === model) await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(of(model)), { preview: true });
  else await vscode.commands.executeCommand('vscode.diff', of(base), of(model), `${inTitle(base)} ↔ ${inTitle(model)} · ${inTitle(task)}`);
}

const inTitle = (name: string): string => isolated(shortened(name, 40));
