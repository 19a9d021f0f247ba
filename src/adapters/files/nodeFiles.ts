import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { errorCodeOf, messageOf, problemError, ProblemError } from '../../core/model/problem.ts';
import type { Files, NewFile } from '../../ports/files.ts';
import { ParquetConversations } from './parquetConversations.ts';
import { shippedFiles } from './shippedFiles.ts';
import { notWritable, writeProblem } from './writeProblem.ts';

/** The files of this machine. */
export const nodeFiles: Files = {
  prompts: projectPath => new Map([...shippedFiles(), ...workspacePrompts(path.dirname(projectPath))]),
  promptFolder: folder => new Map(promptFilesIn(folder, { recursive: false, endings: recipeEndings }).map(file => [path.basename(file), readText(file, folder)])),
  create: file => new NodeNewFile(file),
  isSame: (one, other) => isSameFile(one, other),
  sizeBytes: file => statSync(file, { throwIfNoEntry: false })?.size,
  text: textOf,
  conversationTable: () => new ParquetConversations(),
  scratch: scratchProject,
};

function scratchProject(): { readonly project: string; readonly remove: () => void } {
  const above = path.join(os.tmpdir(), 'regenesis-try-');
  try {
    const folder = mkdtempSync(above);
    return { project: path.join(folder, 'try.regenesis'), remove: () => { rmSync(folder, { recursive: true, force: true }); } };
  } catch (thrown) {
    throw writeProblem(above, thrown);
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isSameFile(one: string, other: string): boolean {
  const [first, second] = [one, other].map(file => statSync(file, { bigint: true, throwIfNoEntry: false }));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}

/** What a recipe of one's own may name beside itself; other YAML in the same folder is none of ours. */
const recipeEndings = ['.rgprompt', '.rgrecipe.yaml'];
const promptEndings = ['.rgprompt', '.yaml'];
/** Far longer than any prompt; what is larger was put there by mistake. */
const largestPromptBytes = 1 << 20;

/** A workspace's own prompts: the nearest `.regenesis/prompts` from the project's folder upwards. */
function workspacePrompts(from: string): readonly [string, string][] {
  const folder = path.join(from, '.regenesis', 'prompts');
  if (existsSync(folder)) return promptFilesIn(folder, { recursive: true, endings: promptEndings }).map(file => [path.relative(folder, file).split(path.sep).join('/'), readText(file, from)]);
  const parent = path.dirname(from);
  return parent === from ? [] : workspacePrompts(parent);
}

function promptFilesIn(folder: string, { recursive, endings }: { readonly recursive: boolean; readonly endings: readonly string[] }): readonly string[] {
  if (!existsSync(folder)) throw problemError('file-not-found', `There is no folder ${folder}.`, { file: folder });
  try {
    return readdirSync(folder, { recursive, withFileTypes: true })
      .filter(entry => endings.some(ending => entry.name.endsWith(ending)))
      .filter(entry => entry.isFile() || entry.isSymbolicLink())
      .map(entry => path.join(entry.parentPath, entry.name))
      .sort();
  } catch (thrown) {
    throw unreadable(folder, messageOf(thrown), thrown);
  }
}

/** @param home folder that the file has to lie in. What a prompt says is sent to a server: a folder of somebody else must not make it say what lies elsewhere. */
function readText(file: string, home: string): string {
  try {
    if (!realpathSync(file).startsWith(path.join(realpathSync(home), path.sep))) throw unreadable(file, `it is a link that leads out of ${home}; put the file itself there`);
    const stats = statSync(file);
    if (!stats.isFile()) throw unreadable(file, 'it is no file');
    if (stats.size > largestPromptBytes) throw unreadable(file, `it is larger than ${largestPromptBytes >> 20} MiB, too large for a prompt or recipe`);
    const bytes = readFileSync(file);
    if (!isUtf8(bytes)) throw unreadable(file, 'it is not valid UTF-8; save it as UTF-8');
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    throw thrown instanceof ProblemError ? thrown : unreadable(file, messageOf(thrown), thrown);
  }
}

const unreadable = (file: string, why: string, cause?: unknown): ProblemError => problemError('file-unreadable', `${file} cannot be read: ${why}.`, { file, cause });

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
