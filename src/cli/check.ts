import { readdirSync, statSync, type Dirent, type Stats } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPromptFolders, type PromptFolders } from '../adapters/files/promptFolders.ts';
import { counted } from '../client/words.ts';
import { messageOf, problemError, type Problem } from '../core/model/problem.ts';
import { createPromptLanguage } from '../promptLanguage/createPromptLanguage.ts';
import type { PromptLanguage } from '../promptLanguage/promptLanguage.ts';
import { exitCodes, type Command } from './command.ts';
import { json } from './print.ts';

/** Checks prompts, recipes and guidelines. */
export const check: Command = {
  name: 'check',
  summary: 'Check prompts, partials, recipes and guidelines, each with what it uses and what uses it; folders are searched.',
  usage: 'PATH…',
  options: {},
  positionals: [1, Infinity],
  notes: 'A line for each problem: FILE:LINE:COLUMN: CODE MESSAGE. Exit code 1 when one of them is an error; warnings alone end with 0, a PATH that is not there or holds none of our files with 2. The codes are explained in docs/prompt-language.md and docs/recipes.md.',
  run: async (given, environment) => {
    const folders = createPromptFolders();
    const language = createPromptLanguage({ workspace: folders });
    const files = [...new Set(given.positionals.flatMap(named => filesAt(named, folders)))];
    const problems = [...files.flatMap(file => problemsOf(file, folders, language)), ...unreadableAround(files, folders)];
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    if (given.flag('json')) await environment.out(json({ files: files.length, problems }));
    else {
      await environment.out(problems.map(({ file, line, column, code, message }) => `${inOneLine(file)}:${line}:${column}: ${code} ${inOneLine(message)}\n`).join(''));
      environment.say(`${summary(problems.length, { files: files.length, errors })}\n`);
    }
    return errors > 0 ? exitCodes.failed : exitCodes.done;
  },
};

/** One problem, as programs are told it: lines and columns from 1, columns in UTF-16 units. */
interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
}

const uriOf = (file: string): string => pathToFileURL(path.resolve(file)).href;
const isOurs = (file: string, folders: PromptFolders): boolean => folders.placeOf(uriOf(file)) !== undefined || folders.unreadable(uriOf(file)) !== undefined;

/** The files that a word of the command line stands for, as whoever wrote it would write them. Throws `usage`, `file-unreadable`. */
function filesAt(named: string, folders: PromptFolders): readonly string[] {
  const stats = statsOf(named);
  if (!stats) throw problemError('usage', `There is no file or folder ${named}.`, { file: named });
  if (stats.isDirectory()) {
    const files = below(named).filter(file => isOurs(file, folders));
    if (files.length === 0) throw problemError('usage', `There is no prompt, recipe or file of guidelines in ${named}.`, { file: named });
    return files;
  }
  if (isOurs(named, folders)) return [named];
  throw problemError('usage', `${named} is none of ours: a prompt is a file NAME.rgprompt, a recipe NAME.rgrecipe.yaml, and guidelines lie in guidelines/NAME.yaml.`, { file: named });
}

function statsOf(named: string): Stats | undefined {
  try {
    return statSync(named, { throwIfNoEntry: false });
  } catch (thrown) {
    throw problemError('file-unreadable', `${named} cannot be read: ${messageOf(thrown)}.`, { file: named, cause: thrown });
  }
}

/** What holds the files of others, and many of them. */
const passedOver = new Set(['node_modules', '.git']);

function below(folder: string): readonly string[] {
  return entriesOf(folder)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : below(file);
      return /\.(?:rgprompt|yaml)$/.test(entry.name) ? [file] : [];
    });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    throw problemError('file-unreadable', `The folder ${folder} cannot be read: ${messageOf(thrown)}.`, { file: folder, cause: thrown });
  }
}

const atHead = (file: string, { code, message }: Problem): FileProblem => ({ file, line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error', code, message });

/** Files that nobody asked about, and that every run with those of the list would refuse: without a word a shipped one would seem to stand in for them. */
function unreadableAround(files: readonly string[], folders: PromptFolders): readonly FileProblem[] {
  const asked = new Set(files.map(file => path.resolve(file)));
  const around = new Map(files.flatMap(file => [...folders.unreadableAround(uriOf(file))]));
  return [...around].filter(([file]) => !asked.has(file)).map(([file, problem]) => atHead(path.relative('', file), problem));
}

/** A name or message of somebody else begins no line of its own. */
const inOneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

function problemsOf(file: string, folders: PromptFolders, language: Pick<PromptLanguage, 'diagnostics'>): readonly FileProblem[] {
  const unreadable = folders.unreadable(uriOf(file));
  if (unreadable) return [atHead(file, unreadable)];
  return language.diagnostics(uriOf(file)).map(({ range: { start, end }, severity, code, message }) => ({
    file, line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1,
    severity: severity === 1 ? 'error' : 'warning', code: String(code), message: typeof message === 'string' ? message : message.value,
  }));
}

function summary(problems: number, { files, errors }: { readonly files: number; readonly errors: number }): string {
  return `${counted(files, 'file')}: ${problems === 0 ? 'no problems' : [counted(errors, 'error'), counted(problems - errors, 'warning')].join(', ')}`;
}
