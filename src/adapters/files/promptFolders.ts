import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { problemOf, type Problem } from '../../core/model/problem.ts';
import { fileKindOf, promptFileEndings, recipeEnding, shippedScheme } from '../../core/model/promptFile.ts';
import type { PromptFolder, PromptPlace, PromptWorkspace } from '../../promptLanguage/workspace.ts';
import { leadsOut, promptFilesIn, readPromptText, recipeEndings, workspacePrompts } from './promptTexts.ts';
import { shippedFiles } from './shippedFiles.ts';

/** The prompts of a machine by the folders that they lie in, each laid over the shipped ones. Texts that an editor has open are laid over those of the disk. */
export interface PromptFolders extends PromptWorkspace {
  /** Lays the text of an open file over what is on the disk; without a text takes it away again. */
  readonly lay: (uri: string, text: string | undefined) => void;
  /** Forgets what was read: something was made, changed or removed on the disk. */
  readonly forget: () => void;
  /** Why a file cannot be read that would belong here, such as a link that leads out of its folder; what a run would say of it. Of an open file only what saving it does not mend. */
  readonly unreadable: (uri: string) => Problem | undefined;
  /** Every file on the disk that keeps a run with this one from beginning: absolute path → why it cannot be read. */
  readonly unreadableAround: (uri: string) => ReadonlyMap<string, Problem>;
}

/** A folder of somebody's own prompts. */
interface Root {
  /** `loose`: no tree of prompts, but files side by side that are taken as one recipe's. */
  readonly kind: 'tree' | 'loose';
  readonly folder: string;
  /** What its files must not lead out of. */
  readonly home: string;
}

/** What of a root is on the disk: absolute path → text, or why there is none. */
interface Read {
  readonly texts: ReadonlyMap<string, string>;
  readonly unreadable: ReadonlyMap<string, Problem>;
}

/** How a root is seen, until something of it or of what lies under it changes. */
interface View extends PromptFolder {
  readonly hidesShipped: (path: string) => boolean;
  readonly pathOf: (file: string) => string | undefined;
}

/** Finds prompts by their addresses as a run finds them: in a workspace's `.regenesis/prompts`, in a tree like ours, else beside each other as files of one recipe. */
export function createPromptFolders(): PromptFolders {
  const shipped = new Map(shippedFiles().filter(([file]) => fileKindOf(file) !== undefined));
  const shippedUri = (file: string): string => `${shippedScheme}:/${file.split('/').map(encodeURIComponent).join('/')}`;
  const shippedFolder: View = { files: shipped, uriOf: shippedUri, isShipped: file => shipped.has(file), hidesShipped: () => false, pathOf: () => undefined };
  const roots = new Map<string, Root>();
  const reads = new Map<string, Read>();
  const views = new Map<string, View>();
  const laid = new Map<string, string>();
  /** As editors wrote them: the same file may be written in more than one way. */
  const uris = new Map<string, string>();

  const rootAt = (folder: string): Root => kept(roots, folder, () => rootOf(folder));
  const readAt = (root: Root): Read => kept(reads, root.folder, () => read(root));
  const viewAt = (root: Root): View => kept(views, root.folder, () => {
    const own = new Map([...readAt(root).texts, ...[...laid].filter(([file]) => rootAt(path.dirname(file)).folder === root.folder)]);
    const below = workspaceBelow(root);
    return viewOf(root, own, { under: below ? viewAt(below) : shippedFolder, uriOf: file => uris.get(file) ?? pathToFileURL(file).href });
  });
  /** Files that lie loose are run over the prompts of the workspace that they lie in. */
  const workspaceBelow = ({ kind, folder }: Root): Root | undefined => {
    const found = kind === 'loose' ? workspacePrompts(folder) : undefined;
    return found && rootAt(found.folder);
  };
  return {
    placeOf: uri => {
      const shippedPath = shippedPathOf(uri);
      if (shippedPath !== undefined) return shipped.has(shippedPath) ? { folder: shippedFolder, path: shippedPath } : undefined;
      const file = fileOf(uri);
      if (file === undefined || !promptFileEndings.some(ending => file.endsWith(ending))) return undefined;
      if (uris.get(file) !== uri) uris.set(file, uri);
      return placeIn(viewAt(rootAt(path.dirname(file))), file);
    },
    lay: (uri, text) => {
      const file = fileOf(uri);
      if (file === undefined) return;
      if (text !== undefined) laid.set(file, text);
      else if (laid.delete(file)) reads.delete(rootAt(path.dirname(file)).folder); // it may have been saved since it was read
      views.clear(); // others may lie over it
    },
    forget: () => { for (const each of [roots, reads, views]) each.clear(); },
    unreadable: uri => {
      const file = fileOf(uri);
      if (file === undefined) return undefined;
      const root = rootAt(path.dirname(file));
      const problem = readAt(root).unreadable.get(file);
      return problem && laid.has(file) && !isOutside(file, root.home) ? undefined : problem;
    },
    unreadableAround: uri => {
      const file = fileOf(uri);
      if (file === undefined) return new Map();
      const root = rootAt(path.dirname(file));
      return new Map([root, workspaceBelow(root)].flatMap(each => (each ? [...readAt(each).unreadable] : [])));
    },
  };
}

function placeIn(view: View, file: string): PromptPlace | undefined {
  const name = view.pathOf(file);
  return name === undefined ? undefined : { folder: view, path: name };
}

function shippedPathOf(uri: string): string | undefined {
  if (!uri.startsWith(`${shippedScheme}:/`)) return undefined;
  try {
    return decodeURIComponent(new URL(uri).pathname.slice(1));
  } catch {
    return undefined;
  }
}

function fileOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? path.normalize(fileURLToPath(uri)) : undefined;
  } catch {
    return undefined;
  }
}

function rootOf(from: string): Root {
  const above = foldersFrom(from);
  const own = above.find(folder => path.basename(folder) === 'prompts' && path.basename(path.dirname(folder)) === '.regenesis');
  if (own !== undefined) return { kind: 'tree', folder: own, home: path.dirname(path.dirname(own)) };
  const tree = above.slice(1).find(isTree);
  return { kind: tree === undefined ? 'loose' : 'tree', folder: tree ?? from, home: tree ?? from };
}

/** A folder and all above it, the nearest first. */
function foldersFrom(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersFrom(parent)];
}

/** Whether a folder is laid out as ours: recipes in folders of their names, beside partials or guidelines. */
function isTree(folder: string): boolean {
  if (!['partials', 'guidelines'].some(name => existsSync(path.join(folder, name)))) return false;
  try {
    return readdirSync(folder).some(name => existsSync(path.join(folder, name, `${name}${recipeEnding}`)));
  } catch {
    return false;
  }
}

function read({ kind, folder, home }: Root): Read {
  const texts = new Map<string, string>();
  const unreadable = new Map<string, Problem>();
  for (const file of filesOf(folder, kind)) {
    try {
      texts.set(file, readPromptText(file, home));
    } catch (thrown) {
      unreadable.set(file, problemOf(thrown));
    }
  }
  return { texts, unreadable };
}

function isOutside(file: string, home: string): boolean {
  try {
    return leadsOut(file, home);
  } catch {
    return false; // gone since
  }
}

function filesOf(folder: string, kind: Root['kind']): readonly string[] {
  try {
    return promptFilesIn(folder, kind === 'tree' ? { recursive: true, endings: promptFileEndings } : { recursive: false, endings: recipeEndings });
  } catch {
    return []; // not there, or closed to us
  }
}

interface Around {
  /** What the root's own files lie over. */
  readonly under: View;
  readonly uriOf: (file: string) => string;
}

function viewOf(root: Root, own: ReadonlyMap<string, string>, { under, uriOf }: Around): View {
  const names = root.kind === 'loose' ? namesOf(root.folder, [...own.keys()]) : [];
  const pathsOf = (file: string): readonly string[] => {
    const below = path.relative(root.folder, file).split(path.sep).join('/');
    const name = path.basename(file, recipeEnding);
    return root.kind === 'tree' ? [below] : file.endsWith(recipeEnding) ? [`${name}/${below}`] : names.map(each => `${each}/${below}`);
  };
  const there = [...own].flatMap(([file, text]) => pathsOf(file).filter(name => fileKindOf(name) !== undefined).map(name => ({ name, file, text })));
  const files = new Map(there.map(({ name, file }) => [name, file]));
  const paths = new Map(there.toReversed().map(({ name, file }) => [file, name]));
  const fileAt = (name: string): string => path.join(root.folder, ...(root.kind === 'tree' ? name : name.slice(name.indexOf('/') + 1)).split('/'));
  return {
    files: new Map([...under.files, ...there.map(({ name, text }): [string, string] => [name, text])]),
    uriOf: name => {
      const file = files.get(name);
      return file === undefined && under.files.has(name) ? under.uriOf(name) : uriOf(file ?? fileAt(name));
    },
    isShipped: name => under.isShipped(name) && !files.has(name),
    hidesShipped: name => under.hidesShipped(name) || (under.isShipped(name) && files.has(name)),
    pathOf: file => paths.get(file),
  };
}

/** Names of the recipes of a folder, each of which has all its prompts; the folder's own where there is no recipe. */
function namesOf(folder: string, files: readonly string[]): readonly string[] {
  const recipes = files.filter(file => file.endsWith(recipeEnding)).map(file => path.basename(file, recipeEnding)).sort();
  return recipes.length > 0 ? recipes : [path.basename(folder) || 'own'];
}

function kept<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
