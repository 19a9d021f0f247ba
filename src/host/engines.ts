import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type * as vscode from 'vscode';
import type { EngineClient } from '../client/engineClient.ts';
import { findNode } from '../client/findNode.ts';
import { messageOf, problemError } from '../core/model/problem.ts';
import { readSetting } from './contributions.ts';
import { takePlace } from './takePlace.ts';

/** Where the bundles of this extension lie, and how they are started. `serverPath`: of the prompt language. */
export interface Bundles {
  /** The extension's own folder. */
  readonly root: string;
  readonly enginePath: string;
  readonly cliPath: string;
  readonly serverPath: string;
  /** Version of the extension. */
  readonly app: string;
  /** The folder that the editor gives the extension to keep things in. */
  readonly storage: string;
}

/** The bundles in an extension's folder. */
export const bundlesIn = (root: string, { app, storage }: Pick<Bundles, 'app' | 'storage'>): Bundles =>
  ({ root, app, storage, enginePath: path.join(root, 'dist/engine.mjs'), cliPath: path.join(root, 'dist/cli.mjs'), serverPath: path.join(root, 'dist/languageServer.mjs') });

/** The Node that engines and the demo server run on: the one in the settings, else the editor's own. Throws `node-too-old`. */
export const nodeFor = ({ root }: Bundles): string => findNode(root, readSetting('regenesis.engine.nodePath'));

/** How a project comes about: opened, or made. */
export type HowOpened = 'open' | 'create' | 'create-sample';

/** The engine of a project, which is opened or made. Throws what that throws, `engine-unavailable` and `node-too-old`. */
export async function openEngineOf(bundles: Bundles, project: string, how: HowOpened): Promise<EngineClient> {
  const { openProject } = await import('../client/openEngine.ts'); // a window without a project needs none of it
  return openProject({ node: nodeFor(bundles), enginePath: await ownCopy(bundles), app: bundles.app, project, idleMs: idleMs() }, how);
}

/** How long an engine outlives its last client: minutes from the settings; whoever starts the editor may say otherwise. */
export function idleMs(): number {
  const wanted = Number(process.env['REGENESIS_IDLE_MS'] ?? Number.NaN);
  return Number.isInteger(wanted) && wanted >= 0 ? wanted : readSetting('regenesis.engine.idleMinutes') * 60_000;
}

/** What an engine is made of: its bundle, and the table of tokens that it loads when it counts with it. */
const engineFiles = ['engine.mjs', 'cl100k.mjs'] as const;

/**
 * The engine runs from a copy under its version, in our own storage: an update of the extension removes the folder that it came in, and must not pull the floor
 * from under a run. Copies that no engine runs are removed.
 */
async function ownCopy({ enginePath, app, storage }: Bundles): Promise<string> {
  const { size, mtimeMs } = statSync(enginePath);
  const folder = path.join(storage, 'engines');
  const copy = path.join(folder, `${app}-${size}-${Math.round(mtimeMs)}`);
  const copied = path.join(copy, path.basename(enginePath));
  if (existsSync(copied)) return copied;
  try {
    const [{ enginePathsInUse }, half] = [await import('../client/engines.ts'), `${copy}.${process.pid}`];
    mkdirSync(half, { recursive: true });
    const used = [...enginePathsInUse(process.env)];
    for (const other of readdirSync(folder).map(each => path.join(folder, each))) {
      if (isOld(other) && !used.some(each => each === other || path.dirname(each) === other)) rmSync(other, { force: true, recursive: true });
    }
    for (const name of engineFiles) copyFileSync(path.join(path.dirname(enginePath), name), path.join(half, name));
    takePlace(half, copy, path.basename(enginePath));
    return copied;
  } catch (thrown) {
    throw problemError('file-not-writable', `The engine could not be copied to ${folder}: ${messageOf(thrown)}. Make room there and try again.`, { file: copied, cause: thrown });
  }
}

/** Another window may be about to start what it has just copied. */
const isOld = (file: string): boolean => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 86_400_000;

/** Tells the log of what engines say. */
export const logOf = (log: vscode.LogOutputChannel, name: string) => ({ level, text }: { readonly level: 'info' | 'warning' | 'error'; readonly text: string }): void => {
  log[level === 'warning' ? 'warn' : level](`${name}: ${text}`);
};
