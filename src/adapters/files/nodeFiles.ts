import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { errorCodeOf } from '../../core/model/problem.ts';
import { promptFileEndings } from '../../core/model/promptFile.ts';
import type { Files, NewFile } from '../../ports/files.ts';
import { ParquetConversations } from './parquetConversations.ts';
import { promptFilesIn, readPromptText, recipeEndings, workspacePrompts } from './promptTexts.ts';
import { shippedFiles } from './shippedFiles.ts';
import { notWritable, writeProblem } from './writeProblem.ts';

/** The files of this machine. */
export const nodeFiles: Files = {
  prompts: projectPath => new Map([...shippedFiles(), ...ownPrompts(path.dirname(projectPath))]),
  promptFolder: folder => new Map(promptFilesIn(folder, { recursive: false, endings: recipeEndings }).map(file => [path.basename(file), readPromptText(file, folder)])),
  create: file => new NodeNewFile(file),
  isSame: (one, other) => isSameFile(one, other),
  sizeBytes: file => statSync(file, { throwIfNoEntry: false })?.size,
  text: textOf,
  conversationTable: () => new ParquetConversations(),
  scratch: scratchProject,
};

const scratchStart = 'regenesis-try-';
/** No trial lasts as long: what is older is of a process that ended in the midst of one. */
const abandonedAfterMs = 24 * 3_600_000;

function scratchProject(): { readonly project: string; readonly remove: () => void } {
  const above = path.join(os.tmpdir(), scratchStart);
  removeAbandoned(path.dirname(above));
  try {
    const folder = mkdtempSync(above);
    return { project: path.join(folder, 'try.regenesis'), remove: () => { rmSync(folder, { recursive: true, force: true }); } };
  } catch (thrown) {
    throw writeProblem(above, thrown);
  }
}

function removeAbandoned(parent: string): void {
  try {
    for (const { name } of readdirSync(parent, { withFileTypes: true }).filter(entry => entry.isDirectory() && entry.name.startsWith(scratchStart))) {
      removeIfOld(path.join(parent, name));
    }
  } catch {
    // whatever is wrong with the place shows when a folder is made there
  }
}

function removeIfOld(folder: string): void {
  try {
    if (Date.now() - statSync(folder).mtimeMs > abandonedAfterMs) rmSync(folder, { recursive: true, force: true });
  } catch {
    // another user's, or removed by another engine meanwhile
  }
}

/** Projects that are anybody's name files: what never ends is none. */
function textOf(file: string): string | undefined {
  try {
    return statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function isSameFile(one: string, other: string): boolean {
  const [first, second] = [one, other].map(file => statSync(file, { bigint: true, throwIfNoEntry: false }));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}

/** A workspace's own prompts, by their paths below their folder. */
function ownPrompts(from: string): readonly [string, string][] {
  const found = workspacePrompts(from);
  if (!found) return [];
  const { home, folder } = found;
  return promptFilesIn(folder, { recursive: true, endings: promptFileEndings }).map(file => [path.relative(folder, file).split(path.sep).join('/'), readPromptText(file, home)]);
}

class NodeNewFile implements NewFile {
  readonly #path: string;
  readonly #temporary: string;
  /** What stood at the path, under another name; there once it was replaced. */
  readonly #former: string;
  readonly #hash = createHash('sha256');
  readonly #descriptor: number;
  #open = true;
  #sha256: string | undefined;

  constructor(file: string) {
    this.#path = replaceable(file);
    const hidden = path.join(path.dirname(this.#path), `.${path.basename(this.#path)}.${process.pid}`);
    [this.#temporary, this.#former] = [`${hidden}.tmp`, `${hidden}.old`];
    try {
      this.#descriptor = openSync(this.#temporary, 'w');
    } catch (thrown) {
      throw writeProblem(this.#path, thrown);
    }
  }

  write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    this.#hash.update(bytes);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor, bytes, written);
    } catch (thrown) {
      this.discard();
      throw writeProblem(this.#path, thrown);
    }
  }

  seal(): string {
    if (this.#sha256 !== undefined) return this.#sha256;
    try {
      fsyncSync(this.#descriptor);
    } catch (thrown) {
      this.discard();
      throw writeProblem(this.#path, thrown);
    }
    this.#close();
    this.#sha256 = this.#hash.digest('hex');
    return this.#sha256;
  }

  keep(): () => void {
    this.seal();
    const former = this.#keepFormer();
    try {
      renameSync(this.#temporary, this.#path);
    } catch (thrown) {
      this.discard();
      throw writeProblem(this.#path, thrown);
    }
    return () => {
      if (former === 'kept') renameSync(this.#former, this.#path);
      else if (former === 'none') rmSync(this.#path, { force: true });
    };
  }

  discard(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
    rmSync(this.#former, { force: true });
  }

  /** A second name for what stands at the path; `lost` where the file system has no second names. */
  #keepFormer(): 'none' | 'kept' | 'lost' {
    try {
      rmSync(this.#former, { force: true });
      linkSync(this.#path, this.#former);
      return 'kept';
    } catch (thrown) {
      return errorCodeOf(thrown) === 'ENOENT' ? 'none' : 'lost';
    }
  }

  #close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }
}

/** What a name given for a new file stands for; a link stands for the file it leads to. Throws `file-not-writable` where that must not be replaced. */
function replaceable(file: string): string {
  const there = existsSync(file); // a link that leads nowhere counts as nothing
  const target = there ? realpathSync(file) : path.resolve(file);
  if (/\.regenesis(?:-\w+)?$/i.test(target)) throw notWritable(target, 'it is the name of a project, which would be lost');
  const stats = there ? statSync(target) : undefined;
  if (stats && !stats.isFile()) throw notWritable(target, stats.isDirectory() ? 'it is a folder' : 'it is a device or a pipe');
  return target;
}
