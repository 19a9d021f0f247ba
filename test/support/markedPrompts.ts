import type { Location, Position, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Documents } from '../../src/promptLanguage/documents.ts';
import type { PromptFolder, PromptWorkspace } from '../../src/promptLanguage/workspace.ts';

const ownFolder = 'file:///some/.regenesis/prompts/';
const shippedFolder = 'shipped:/prompts/';
const marks = /[‸⟦⟧]/g;

/** Path below `prompts/` → text. In texts `‸` is where the cursor stands, and `⟦…⟧` is what an answer shall name. */
export type MarkedFiles = Readonly<Record<string, string>>;

/** A workspace in memory whose files were marked; the marks are not part of their texts. */
export interface MarkedPrompts {
  readonly workspace: PromptWorkspace;
  readonly documents: Documents;
  readonly folder: PromptFolder;
  readonly uriOf: (path: string) => string;
  /** Where the cursor stands. There must be one. */
  readonly cursor: { readonly uri: string; readonly position: Position };
  /** All that is in brackets, file by file and by place. */
  readonly marked: readonly Location[];
  /** The texts after edits and renamed files. */
  readonly after: (edit: WorkspaceEdit) => ReadonlyMap<string, string>;
}

/** @param shipped what lies under the workspace's own files and cannot be changed; marks count there too */
export function markedPrompts(own: MarkedFiles, shipped: MarkedFiles = {}): MarkedPrompts {
  const isShipped = (path: string) => !Object.hasOwn(own, path) && Object.hasOwn(shipped, path);
  const uriOf = (path: string) => (isShipped(path) ? shippedFolder : ownFolder) + path;
  const read = Object.entries({ ...shipped, ...own }).sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ path, ...unmarked(uriOf(path), text) }));
  const folder: PromptFolder = { files: new Map(read.map(({ path, text }) => [path, text])), uriOf, isShipped };
  const pathOf = (uri: string) => [ownFolder, shippedFolder].find(each => uri.startsWith(each))?.length;
  const workspace: PromptWorkspace = {
    placeOf: uri => {
      const length = pathOf(uri);
      return length === undefined ? undefined : { folder, path: uri.slice(length) };
    },
  };
  const cursors = read.flatMap(({ path, cursor }) => (cursor ? [{ uri: uriOf(path), position: cursor }] : []));
  return {
    workspace, documents: new Documents(workspace), folder, uriOf,
    get cursor() {
      const [cursor] = cursors;
      if (!cursor) throw new Error('No file holds ‸.');
      return cursor;
    },
    marked: read.flatMap(each => each.marked),
    after: edit => new Map(read.map(({ path, text }) => afterEdit(edit, { uri: uriOf(path), path, text }, uri => uri.slice(pathOf(uri) ?? 0)))),
  };
}

/** A text after its edits. */
export const edited = (text: string, edits: readonly TextEdit[]): string => TextDocument.applyEdits(TextDocument.create('', '', 0, text), [...edits]);

function unmarked(uri: string, text: string): { readonly text: string; readonly cursor: Position | undefined; readonly marked: readonly Location[] } {
  const plain = text.replace(marks, '');
  const document = TextDocument.create(uri, '', 0, plain);
  const found = [...text.matchAll(marks)].map((match, index) => ({ sign: match[0], position: document.positionAt(match.index - index) }));
  const [starts, ends] = ['⟦', '⟧'].map(sign => found.filter(each => each.sign === sign).map(each => each.position));
  return {
    text: plain,
    cursor: found.find(each => each.sign === '‸')?.position,
    marked: (starts ?? []).flatMap((start, index) => (ends?.[index] ? [{ uri, range: { start, end: ends[index] } }] : [])),
  };
}

function afterEdit({ changes, documentChanges }: WorkspaceEdit, file: { readonly uri: string; readonly path: string; readonly text: string }, pathOf: (uri: string) => string): readonly [string, string] {
  const { uri, path, text } = file;
  const own = (documentChanges ?? []).flatMap(change => ('textDocument' in change && change.textDocument.uri === uri ? change.edits : []));
  const edits = [...(changes?.[uri] ?? []), ...own].flatMap(edit => ('newText' in edit ? [edit] : []));
  const renamed = documentChanges?.find(change => 'oldUri' in change && change.oldUri === uri);
  return [renamed && 'newUri' in renamed ? pathOf(renamed.newUri) : path, edited(text, edits)];
}
