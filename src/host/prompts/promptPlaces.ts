// Which project the files of prompts belong to, and what of them is not saved.
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PromptAddress } from '../../contract/pages/promptPreview.ts';
import type { Overlay } from '../../contract/prompts.ts';
import { promptFileEndings, shippedScheme } from '../../core/model/promptFile.ts';
import type { Project } from '../projects/project.ts';
import { homeOf } from './ownPrompts.ts';
import { shippedUri } from './shippedDocuments.ts';

/** A project's own prompts; absent where there are none. */
export const promptsFolderOf = (project: string): string | undefined => homeOf(path.dirname(project));

/** The last part of a path below `prompts/`. */
export const fileName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** Whether a document is one that prompts are made of, by its name alone. */
export const isPromptFile = ({ path: name }: Pick<vscode.Uri, 'path'>): boolean => promptFileEndings.some(ending => name.endsWith(ending));

/** The file of a prompt, and the projects that use it. What ships belongs to all of them. */
export function usersOf<Of extends Pick<Project, 'path'>>(uri: vscode.Uri, projects: readonly Of[]): { readonly file: string; readonly projects: readonly Of[] } | undefined {
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
export const unsavedOf = (project: Pick<Project, 'path'>): Overlay => Object.fromEntries(unsavedIn(project).map(({ file, document }) => [file, document.getText()]));

/** Saves every file of a project's prompts that is not saved. @returns whether all of it is */
export async function saveUnsaved(project: Pick<Project, 'path'>): Promise<boolean> {
  const saved = await Promise.all(unsavedIn(project).map(({ document }) => document.save()));
  return saved.every(Boolean);
}

function unsavedIn({ path: project }: Pick<Project, 'path'>): readonly { readonly file: string; readonly document: vscode.TextDocument }[] {
  const folder = promptsFolderOf(project);
  return vscode.workspace.textDocuments.filter(document => document.isDirty && document.uri.scheme === 'file' && isPromptFile(document.uri)).flatMap(document => {
    const file = folder === undefined ? undefined : below(folder, document.uri.fsPath);
    return file === undefined ? [] : [{ file, document }];
  });
}

/** The document of a file of prompts: one's own where there is one, else what ships. */
export function uriOf({ project, file }: PromptAddress): vscode.Uri {
  const folder = promptsFolderOf(project);
  const own = folder === undefined ? undefined : path.join(folder, ...file.split('/'));
  return own !== undefined && fs.existsSync(own) ? vscode.Uri.file(own) : shippedUri(file);
}
