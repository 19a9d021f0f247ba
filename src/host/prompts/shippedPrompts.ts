// The prompts, recipes and guidelines that ship. Knows nothing of the editor.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promptFileEndings } from '../../core/model/promptFile.ts';

/** Which version of a text it is: one that is kept beside a copy tells later whether the shipped one has changed. */
export const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What ships, as it lies in the extension's own folder: the build puts the same files into the engine. */
export class ShippedPrompts {
  readonly #folder: string;
  #files: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Path below `prompts/` with forward slashes → text, sorted by path. Read once: an update comes with a new window. */
  files(): Promise<ReadonlyMap<string, string>> {
    return this.#files ??= readAll(this.#folder).catch((thrown: unknown) => {
      this.#files = undefined; // it may be there the next time
      throw thrown;
    });
  }
}

async function readAll(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile() && promptFileEndings.some(ending => entry.name.endsWith(ending))).map(entry => path.join(entry.parentPath, entry.name)).sort();
  return new Map(await Promise.all(files.map(async file => [path.relative(folder, file).split(path.sep).join('/'), await readFile(file, 'utf8')] as const)));
}
