import * as vscode from 'vscode';
import { importEndings } from '../manifest.ts';
import type { Tabs } from '../tabs.ts';
import { isAllowed } from '../trust.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';
import { isFile } from './projectCommands.ts';

/** Importing data files: what each would become is shown first. */
export function importCommands(workbench: Workbench, { imports }: Pick<Tabs, 'imports'>): Pick<Handlers, 'regenesis.tasks.import' | 'regenesis.import.clear'> {
  return {
    'regenesis.tasks.import': async (target, selected) => {
      if (!isAllowed(workbench.notify, 'Importing tasks')) return;
      const project = await projectFor(workbench, target);
      const files = project && await filesOf(target, selected);
      if (project && files && files.length > 0) imports.show({ project: project.path, files: [...files] });
    },
    'regenesis.import.clear': () => { workbench.problems.clear(); },
  };
}

/** The editor's own dialog, in a browser or a remote window, lists whatever any filter lets through, project files too; there a path with another ending can be typed. */
const isSystemDialog = (): boolean => vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;

/** The files that the explorer hands over, else those that are picked. */
async function filesOf(target: unknown, selected: unknown): Promise<readonly string[] | undefined> {
  const given: readonly unknown[] = Array.isArray(selected) && selected.some(isFile) ? selected : [target];
  const files = given.filter(isFile).map(({ fsPath }) => fsPath);
  if (files.length > 0) return files;
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: true, title: 'Import Tasks', openLabel: 'Preview', filters: { 'Data files': [...importEndings], ...(isSystemDialog() ? { 'All files': ['*'] } : {}) },
  });
  return picked?.map(({ fsPath }) => fsPath);
}
