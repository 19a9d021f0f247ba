// The one mouth: no other file shows a message box.
import * as vscode from 'vscode';
import { ProblemError, problemOf } from '../core/model/problem.ts';
import { executeCommand, titleOf } from './contributions.ts';
import type { CommandId } from './manifest.ts';
import { problemWords, waysOut } from './wayOut.ts';
import { withoutLinks } from './words.ts';

/** A button: one of our commands, or something else. */
export type Action = CommandId | { readonly title: string; readonly run: () => unknown };

/** How bad it is. */
export type Weight = 'information' | 'warning' | 'error';

/** Speaks to the person. */
export class Notify {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** Says something and goes on; a button runs its action when it is pressed. */
  tell(message: string, actions: readonly Action[] = [], weight: Weight = 'information'): void {
    this.#follow(message, actions, weight).catch((thrown: unknown) => { this.#log.error(problemOf(thrown).message); });
  }

  /** Says what went wrong, with the ways out of it. A cancelled thing is not spoken of: whoever cancelled it knows. */
  problem(thrown: unknown, doing?: string, actions?: readonly Action[]): void {
    const problem = problemOf(thrown);
    if (problem.code === 'cancelled') return;
    const stack = thrown instanceof Error && !(thrown instanceof ProblemError) ? thrown.stack : undefined;
    this.#log.error(`${doing === undefined ? '' : `${doing}: `}${problem.code}: ${stack ?? problem.message}`);
    this.tell(problemWords(problem, doing), actions ?? waysOut(problem.code), 'error');
  }

  /** Asks before something happens, in a dialog that must be answered. @returns whether the one button was pressed */
  async confirm(message: string, button: string, detail?: string): Promise<boolean> {
    const chosen = await vscode.window.showWarningMessage(withoutLinks(message), { modal: true, ...(detail === undefined ? {} : { detail }) }, button);
    return chosen === button;
  }

  /** Says something and waits for one of the buttons; with a detail in a dialog that must be answered. @returns the button; absent where it was left */
  async ask(message: string, buttons: readonly string[], detail?: string): Promise<string | undefined> {
    return vscode.window.showWarningMessage(withoutLinks(message), detail === undefined ? {} : { modal: true, detail }, ...buttons);
  }

  async #follow(message: string, actions: readonly Action[], weight: Weight): Promise<void> {
    const show = { information: vscode.window.showInformationMessage, warning: vscode.window.showWarningMessage, error: vscode.window.showErrorMessage }[weight];
    const titles = actions.map(action => (typeof action === 'string' ? titleOf(action) : action.title));
    const chosen = await show(withoutLinks(message), ...titles);
    const action = chosen === undefined ? undefined : actions[titles.indexOf(chosen)];
    if (action === undefined) return;
    await (typeof action === 'string' ? executeCommand(action) : action.run());
  }
}
