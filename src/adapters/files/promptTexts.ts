import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, problemError, ProblemError } from '../../core/model/problem.ts';
import { promptEnding, recipeEnding } from '../../core/model/promptFile.ts';

/** What a recipe of one's own may name beside itself; other YAML in the same folder is none of ours. */
export const recipeEndings = [promptEnding, recipeEnding];
/** Far longer than any prompt; what is larger was put there by mistake. */
const largestPromptBytes = 1 << 20;

/** A workspace's own prompts, if it has any: the nearest `.regenesis/prompts` from a folder upwards. */
export function workspacePrompts(from: string): { readonly home: string; readonly folder: string } | undefined {
  const folder = path.join(from, '.regenesis', 'prompts');
  if (existsSync(folder)) return { home: from, folder };
  const parent = path.dirname(from);
  return parent === from ? undefined : workspacePrompts(parent);
}

/** Paths of the files of a folder that end so, sorted. Throws `file-not-found`, `file-unreadable`. */
export function promptFilesIn(folder: string, { recursive, endings }: { readonly recursive: boolean; readonly endings: readonly string[] }): readonly string[] {
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

/** Whether a file is a link to what lies outside of a folder. Throws what the platform throws. */
export const leadsOut = (file: string, home: string): boolean => !realpathSync(file).startsWith(path.join(realpathSync(home), path.sep));

/**
 * The text of a prompt, recipe or file of guidelines. Throws `file-unreadable`.
 *
 * @param home folder that the file has to lie in. What a prompt says is sent to a server: a folder of somebody else must not make it say what lies elsewhere.
 */
export function readPromptText(file: string, home: string): string {
  try {
    if (leadsOut(file, home)) throw unreadable(file, `it is a link that leads out of ${home}; put the file itself there`);
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
