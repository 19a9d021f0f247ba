import * as vscode from 'vscode';
import { titleOf } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { CommandId } from '../manifest.ts';

/** How the server is. */
export type ServerState = 'starting' | 'running' | 'stopped';

const restart: CommandId = 'regenesis.language.restart';

/** What stands in the status bar behind the braces while a file of the prompt language is in front. */
export class LanguageStatus implements vscode.Disposable {
  readonly #item: vscode.LanguageStatusItem;
  readonly #lifetime = new Lifetime();
  #state: ServerState = 'starting';

  constructor(selector: vscode.DocumentSelector) {
    this.#item = this.#lifetime.add(vscode.languages.createLanguageStatusItem('regenesis.language', selector));
    this.#item.name = 'ReGenesis Prompt Language';
    this.#lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => { this.show(this.#state); }));
    this.show('starting');
  }

  show(state: ServerState): void {
    this.#state = state;
    const item = this.#item;
    item.busy = state === 'starting';
    item.severity = state === 'stopped' ? vscode.LanguageStatusSeverity.Error : vscode.workspace.isTrusted ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Warning;
    item.command = { title: titleOf(restart), command: restart };
    if (state === 'stopped') [item.text, item.detail] = ['Prompt language: stopped', 'Prompts, recipes and guidelines are not checked.'];
    else if (vscode.workspace.isTrusted) [item.text, item.detail] = ['Prompt language', 'Prompts, recipes and guidelines are checked while you type.'];
    else {
      [item.text, item.detail] = ['Prompt language: reading only', 'This folder is not trusted: its files are read and checked, and no project is asked about them.'];
      item.command = { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' };
    }
  }

  dispose(): void {
    this.#lifetime.dispose();
  }
}
