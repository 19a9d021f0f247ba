// Which project the files of prompts belong to, and what of them is not saved.
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PromptAddress } from '../../contract/pages/promptPreview.ts';
import type { Overlay } from '../../contract/prompts.ts';
import { shippedScheme } from '../manifest.ts';
import type { Project } from '../projects/project.ts';

const endings = ['.rgprompt', '.yaml'];

/** A project's own prompts: the nearest `.regenesis/prompts` from its folder upwards; absent where there is none. */
export function promptsFolderOf(project: string): string | undefined {
  for (let folder = path.dirname(project); ; folder = path.dirname(folder)) {
    const prompts = path.join(folder, '.regenesis', 'prompts');
    if (fs.existsSync(prompts)) return prompts;
    if (path.dirname(folder) === folder) return undefined;
  }
}

/** Whether a document is one that prompts are made of, by its name alone. */
export const isPromptFile = ({ path: name }: Pick<vscode.Uri, 'path'>): boolean => endings.some(ending => name.endsWith(ending));

/** The file of a prompt, and the projects that use it. What ships belongs to all of them. */
export function placeOf(uri: vscode.Uri, projects: readonly Project[]): { readonly file: string; readonly projects: readonly Project[] } | undefined {
  if (!isPromptFile(uri)) return undefined;
  if (uri.scheme === shippedScheme) return { file: uri.path.slice(1), projects };
  if (uri.scheme !== 'file') return undefined;
  const own = projects.flatMap(project => {
    const folder = promptsFolderOf(project.path);
    const file = folder === undefined ? undefined : below(folder, uri.fsPath);
    return file === undefined ? [] : [{ project, file }];
  });
  return own[0] && { file: own[0].file, projects: own.map(({ project }) => project) };
}

/** The path of a file within a folder, with forward slashes; absent where it lies elsewhere. */
function below(folder: string, file: string): string | undefined {
  return pathIn(folder, file) ?? pathIn(real(folder), real(file)); // either may be reached by a link, as where the home folder is one
}

function pathIn(folder: string, file: string): string | undefined {
  const relative = path.relative(folder, file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative.split(path.sep).join('/');
}

function real(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file; // it is not there yet
  }
}

/** What is not saved of a project's prompts: path below `prompts/` → text. */
export function unsavedOf({ path: project }: Pick<Project, 'path'>): Overlay {
  const folder = promptsFolderOf(project);
  const texts = vscode.workspace.textDocuments.filter(document => document.isDirty && document.uri.scheme === 'file' && isPromptFile(document.uri)).flatMap(document => {
    const file = folder === undefined ? undefined : below(folder, document.uri.fsPath);
    return file === undefined ? [] : [[file, document.getText()] as const];
  });
  return Object.fromEntries(texts);
}

/** The document of a file of prompts: one's own where there is one, else what ships. */
export function uriOf({ project, file }: PromptAddress): vscode.Uri {
  const folder = promptsFolderOf(project);
  const own = folder === undefined ? undefined : path.join(folder, ...file.split('/'));
  return own !== undefined && fs.existsSync(own) ? vscode.Uri.file(own) : vscode.Uri.from({ scheme: shippedScheme, path: `/${file}` });
}
