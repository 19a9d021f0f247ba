import path from 'node:path';
import * as vscode from 'vscode';
import { shippedScheme } from '../../core/model/promptFile.ts';
import type { Notify } from '../notify.ts';
import type { Projects } from '../projects/projects.ts';
import { homeFrom, OwnPrompts, placeOf, type OwnPlace } from './ownPrompts.ts';

/** Prompts of one's own, with whose they are: a project or a folder of the workspace. */
export interface PromptHome {
  readonly name: string;
  readonly own: OwnPrompts;
}

/** Each once, however many projects share it. */
function distinct(found: readonly { readonly name: string; readonly folder: string }[]): readonly PromptHome[] {
  const homes = new Map<string, PromptHome>();
  for (const { name, folder } of found) {
    const own = new OwnPrompts(homeFrom(folder));
    if (!homes.has(own.home)) homes.set(own.home, { name, own });
  }
  return [...homes.values()];
}

const foldersOf = (projects: Projects) => projects.all.map(project => ({ name: project.name, folder: path.dirname(project.path) }));
const workspaceFolders = () => (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ name, uri }) => ({ name, folder: uri.fsPath }));

/** Every place of this window where prompts of one's own can be. */
export const allHomes = (projects: Projects): readonly PromptHome[] => distinct([...foldersOf(projects), ...workspaceFolders()]);

/** Where something new goes: to the open project, else to the folder of the workspace; among several one is picked. Absent where nobody picked, or there is none, which is then said. */
export async function homeForNew({ projects, notify }: { readonly projects: Projects; readonly notify: Notify }, what: string): Promise<PromptHome | undefined> {
  projects.restore();
  const homes = projects.all.length > 0 ? distinct(foldersOf(projects)) : distinct(workspaceFolders());
  const [only, ...others] = homes;
  if (!only) {
    const openFolder = { title: 'Open Folder…', run: () => vscode.commands.executeCommand('workbench.action.files.openFolder') };
    notify.tell(`${what} goes beside a project or into a folder, and neither is open.`, ['regenesis.project.open', 'regenesis.project.create', openFolder]);
    return undefined;
  }
  if (others.length === 0) return only;
  const picked = await vscode.window.showQuickPick(homes.map(home => ({ label: home.name, description: home.own.home, home })), { title: `${what}: where?` });
  return picked?.home;
}

/** What a command of prompts is called on. `elsewhere`: a file that is no prompt of one's own. */
export type PromptTarget =
  | { readonly kind: 'shipped'; readonly path: string }
  | { readonly kind: 'own' } & OwnPlace
  | { readonly kind: 'elsewhere'; readonly file: string };

/** Reads what a menu or the head of a file hands over; absent where that is no file or document. */
export function promptTarget(given: unknown): PromptTarget | undefined {
  const target: unknown = typeof given === 'string' ? vscode.Uri.parse(given) : given;
  if (typeof target !== 'object' || target === null || !('scheme' in target)) return undefined;
  if (target.scheme === shippedScheme && 'path' in target && typeof target.path === 'string') return { kind: 'shipped', path: target.path.slice(1) };
  if (target.scheme !== 'file' || !('fsPath' in target) || typeof target.fsPath !== 'string') return undefined;
  const place = placeOf(target.fsPath);
  return place ? { kind: 'own', ...place } : { kind: 'elsewhere', file: target.fsPath };
}
