import { InsertTextFormat, type CompletionItem, type Position } from 'vscode-languageserver-types';
import { Documents } from '../../src/promptLanguage/documents.ts';
import type { ProjectFacts, PromptFolder, PromptWorkspace } from '../../src/promptLanguage/workspace.ts';
import { shippedPrompts } from './promptFiles.ts';

const root = 'file:///some/.regenesis/prompts/';
const mark = '‸';
const ours = shippedPrompts();

/** A workspace in memory, laid over the shipped prompts, and a place in one of its files. */
export interface CursorPrompts {
  readonly workspace: PromptWorkspace;
  readonly documents: Documents;
  readonly uri: string;
  /** Without the mark. */
  readonly text: string;
  readonly offset: number;
  readonly position: Position;
}

/** What a workspace in memory has beside its texts. */
export interface CursorOptions {
  readonly project?: ProjectFacts;
  /** Instead of those that ship. */
  readonly shipped?: ReadonlyMap<string, string>;
}

/** @param files path below `prompts/` → text; the place is at `‸` in one of them, else at the beginning of the first */
export function cursorPrompts(files: Readonly<Record<string, string>>, { project, shipped = ours }: CursorOptions = {}): CursorPrompts {
  const [first = ['', '']] = Object.entries(files);
  const [path, marked] = Object.entries(files).find(([, text]) => text.includes(mark)) ?? first;
  const own = new Map(Object.entries(files).map(([file, text]) => [file, text.replace(mark, '')]));
  const folder: PromptFolder = {
    files: new Map([...shipped, ...own]), uriOf: file => root + file, isShipped: file => shipped.has(file) && !own.has(file), hidesShipped: file => shipped.has(file) && own.has(file),
  };
  const workspace: PromptWorkspace = {
    placeOf: uri => (uri.startsWith(root) ? { folder, path: uri.slice(root.length) } : undefined),
    ...(project ? { project } : {}),
  };
  const text = own.get(path) ?? '';
  const offset = Math.max(0, marked.indexOf(mark));
  return { workspace, documents: new Documents(workspace), uri: root + path, text, offset, position: positionIn(text, offset) };
}

/** A place as editors count: lines, which may end in LF, CRLF or CR, and UTF-16 columns, from 0. No place is inside of CRLF. */
export function positionIn(text: string, offset: number): Position {
  const lines = text.slice(0, text.startsWith('\r\n', offset - 1) ? offset - 1 : offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** The offset of a place in a text; a place that is not in it throws. */
export function offsetIn(text: string, { line, character }: Position): number {
  const lines = [...text.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g)];
  const found = lines[line];
  const length = found?.[0].replace(/[\r\n]+$/, '').length ?? -1;
  if (!found || character > length) throw new Error(`There is no place ${line}:${character}.`);
  return found.index + character;
}

/** What an item writes, with the words of its places to fill in. */
export function writtenBy({ textEdit, insertTextFormat }: CompletionItem): string {
  const text = textEdit?.newText ?? '';
  return insertTextFormat === InsertTextFormat.Snippet ? text.replace(/\$\{\d+:((?:[^\\}]|\\.)*)\}|\$\d+|\\([\\$}])/g, (_, words: string | undefined, escaped: string | undefined) => words ?? escaped ?? '') : text;
}

/** A text after an item was accepted. */
export function accepted(text: string, item: CompletionItem): string {
  if (!item.textEdit || !('range' in item.textEdit)) throw new Error(`${item.label} has no edit.`);
  const { start, end } = item.textEdit.range;
  return text.slice(0, offsetIn(text, start)) + writtenBy(item) + text.slice(offsetIn(text, end));
}

/** Items as an editor shows them. */
export const inOrder = (items: readonly CompletionItem[]): readonly CompletionItem[] => items.toSorted((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
