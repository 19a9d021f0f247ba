import * as vscode from 'vscode';
import type { Notify } from './notify.ts';

/** Why something is not done in a folder that is not trusted. `what`: such as `Running a recipe`. */
export const needsTrust = (what: string): string => `${what} needs a trusted folder: prompts and recipes of a folder decide what is sent to a server. Browsing works without.`;

/** Whether something may be done in this folder; says why not, and what to do, where it is not trusted. `what`: as there. */
export function isAllowed(notify: Notify, what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = { title: 'Manage Workspace Trust', run: () => vscode.commands.executeCommand('workbench.trust.manage') };
  notify.tell(needsTrust(what), [manage], 'warning');
  return false;
}
