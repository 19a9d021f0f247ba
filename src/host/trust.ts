import * as vscode from 'vscode';
import type { Notify } from './notify.ts';

const usualReason = 'prompts and recipes of a folder decide what is sent to a server';

/** Why something may not be done in a folder that is not trusted. */
export const untrustedWords = (what: string, why = usualReason): string => `${what} needs a trusted folder: ${why}. Browsing works without.`;

/** Goes with a request that would else ask the project's server: in a folder that is not trusted nobody is asked, since anybody may have written the address there. */
export const offlineHere = (): { readonly offline: boolean } => ({ offline: !vscode.workspace.isTrusted });

/** Whether something may be done in this folder; says why not, and what to do, where it is not trusted. `what`: such as `Running a recipe`. */
export function isAllowed(notify: Notify, what: string, why = usualReason): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = { title: 'Manage Workspace Trust', run: () => vscode.commands.executeCommand('workbench.trust.manage') };
  notify.tell(untrustedWords(what, why), [manage], 'warning');
  return false;
}
