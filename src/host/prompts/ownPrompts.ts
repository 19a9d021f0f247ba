// The prompts of one's own: copies of shipped ones, and what each was made from. Knows nothing of the editor.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';
import { errorCodeOf, messageOf, problemError, ProblemError } from '../../core/model/problem.ts';
import { versionOf } from './shippedPrompts.ts';

const place = ['.regenesis', 'prompts'] as const;

/** Where the prompts of a folder stand: the nearest `.regenesis/prompts` upwards, which is where an engine looks; absent where there is none yet. */
export function homeOf(folder: string): string | undefined {
  for (let from = folder; ; from = path.dirname(from)) {
    const home = path.join(from, ...place);
    if (existsSync(home)) return home;
    if (path.dirname(from) === from) return undefined;
  }
}

/** The same; in the folder itself where there is none yet. */
export const homeFrom = (folder: string): string => homeOf(folder) ?? path.join(folder, ...place);

/** A file below a `.regenesis/prompts`: that folder, and the path below it with forward slashes. */
export interface OwnPlace {
  readonly home: string;
  readonly path: string;
}

/** Where a file stands; absent for one that lies in no `.regenesis/prompts`. */
export function placeOf(file: string): OwnPlace | undefined {
  const parts = file.split(path.sep);
  const at = parts.findLastIndex((part, index) => part === place[0] && parts[index + 1] === place[1]);
  if (at < 0 || at + place.length >= parts.length) return undefined;
  return { home: parts.slice(0, at + place.length).join(path.sep), path: parts.slice(at + place.length).join('/') };
}

/** A copy of which the shipped one is not what it was made from. `gone`: nothing of that name ships any more. */
export interface ShippedChange {
  readonly path: string;
  readonly kind: 'changed' | 'gone';
}

/** Far longer than any prompt, and than the record of them; an engine reads nothing larger either. */
const largestBytes = 1 << 20;

/** Path below `prompts/` → version of the shipped text that the copy was made from, or that was looked at since. */
const madeFromSchema = z.object({ madeFrom: z.record(z.string(), z.string()) });
type MadeFrom = Readonly<Record<string, string>>;

/** One `.regenesis/prompts`, whether it is there or not. Beside the prompts a small file keeps what the copies were made from: it ends in nothing that an engine reads. */
export class OwnPrompts {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  fileOf(own: string): string {
    return path.join(this.home, ...own.split('/'));
  }

  has(own: string): boolean {
    return existsSync(this.fileOf(own));
  }

  /** The text of a file in it; absent where there is none, or none that an engine would read. */
  async read(own: string): Promise<string | undefined> {
    return this.#textOf(this.fileOf(own)).catch(() => undefined);
  }

  /** Names of the folders in it; none where it is not there. */
  async folders(): Promise<readonly string[]> {
    const entries = await readdir(this.home, { withFileTypes: true }).catch(() => []);
    return entries.filter(entry => !entry.isFile()).map(({ name }) => name).sort(); // a link may lead to a folder
  }

  /** What keeps the versions. */
  get record(): string {
    return path.join(this.home, '.shipped.json');
  }

  /**
   * Writes a file that is not there yet, and what it was made from where it is a copy.
   *
   * @returns whether it was written; what stands there already is left as it is. Throws `file-not-writable`, `disk-full`, `file-unreadable`
   */
  async add(own: string, text: string, { isCopy }: { readonly isCopy: boolean }): Promise<boolean> {
    const file = this.fileOf(own);
    if (existsSync(file)) return false;
    const madeFrom = isCopy ? await this.#madeFrom() : {};
    try {
      await this.#folderFor(path.dirname(file));
      await writeFile(file, text, { flag: 'wx' });
    } catch (thrown) {
      if (errorCodeOf(thrown) === 'EEXIST' && existsSync(file)) return false; // somebody else was quicker
      throw notWritten(file, thrown);
    }
    if (isCopy) await this.#keep({ ...madeFrom, [own]: versionOf(text) });
    return true;
  }

  /** Keeps that a shipped version was looked at; without one nothing is kept of the file any more. */
  async mark(own: string, shipped: string | undefined): Promise<void> {
    const { [own]: former, ...others } = await this.#madeFrom();
    if (former !== undefined || shipped !== undefined) await this.#keep({ ...others, ...(shipped === undefined ? {} : { [own]: versionOf(shipped) }) });
  }

  /** Copies whose shipped text is another than the one they were made from, and than their own. Of a copy that somebody made by hand nothing is known. Throws `file-unreadable`. */
  async changes(shipped: ReadonlyMap<string, string>): Promise<readonly ShippedChange[]> {
    const found = await Promise.all(Object.entries(await this.#madeFrom()).map(async ([own, version]): Promise<readonly ShippedChange[]> => {
      const now = shipped.get(own);
      if (now !== undefined && versionOf(now) === version || placeOf(this.fileOf(own))?.path !== own) return []; // anybody may have written any path there
      const text = await this.read(own);
      return text === undefined || text === now ? [] : [{ path: own, kind: now === undefined ? 'gone' : 'changed' }];
    }));
    return found.flat();
  }

  async #madeFrom(): Promise<MadeFrom> {
    const text = await this.#textOf(this.record).catch((thrown: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(thrown) ?? '')) return undefined;
      throw problemError('file-unreadable', `${this.record} cannot be read: ${messageOf(thrown)}.`, { file: this.record, cause: thrown });
    });
    if (text === undefined) return {};
    const read = z.safeParse(madeFromSchema, parseJson(text));
    if (read.success) return read.data.madeFrom;
    throw problemError('file-unreadable', `${this.record} does not say what your prompts were made from any more. Put it right, or delete it: you are then not told which shipped ones change.`, { file: this.record });
  }

  /** Never half a file, and in one order, a line each, so that git merges it. */
  async #keep(madeFrom: MadeFrom): Promise<void> {
    const sorted = Object.fromEntries(Object.entries(madeFrom).sort(([one], [other]) => (one < other ? -1 : 1)));
    const written = `${this.record}.${randomUUID()}`;
    try {
      await this.#folderFor(this.home);
      await writeFile(written, `${JSON.stringify({ madeFrom: sorted }, undefined, 2)}\n`, { flag: 'wx' });
      await rename(written, this.record);
    } catch (thrown) {
      await rm(written, { force: true }).catch(() => undefined); // what went wrong is said below
      throw notWritten(this.record, thrown);
    }
  }

  /** Reads what an engine would read: a folder is looked at before anybody trusts it, and may hold links to anything, and files of any size. */
  async #textOf(file: string): Promise<string> {
    if (!(await realpath(file)).startsWith(await this.#inside())) throw new Error(`it is a link that leads out of ${this.#holder}`);
    const stats = await stat(file);
    if (!stats.isFile()) throw new Error('it is no file');
    if (stats.size > largestBytes) throw new Error(`it is larger than ${largestBytes >> 20} MiB`);
    return readFile(file, 'utf8');
  }

  get #holder(): string {
    return path.dirname(path.dirname(this.home));
  }

  /** How every path begins that lies in the folder that holds the home. */
  async #inside(): Promise<string> {
    return path.join(await realpath(this.#holder), path.sep);
  }

  /** Makes a folder below the home. An engine reads no prompt by a link that leads out of the folder that holds the home, and nothing is written by one either. */
  async #folderFor(folder: string): Promise<void> {
    const inside = await this.#inside();
    for (const each of [this.home, folder]) {
      await mkdir(each, { recursive: true });
      if (!(await realpath(each)).startsWith(inside)) throw problemError('file-not-writable', `${each} is a link that leads out of ${this.#holder}: nothing is read there. Put a folder in its place.`, { file: each });
    }
  }
}

function notWritten(file: string, thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  const code = errorCodeOf(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') return problemError('disk-full', `The disk is full: ${file} was not written.`, { file, cause: thrown });
  return problemError('file-not-writable', `${file} cannot be written: ${messageOf(thrown)}.`, { file, cause: thrown });
}
