// What a window must know of reviews before it has loaded them.
import * as vscode from 'vscode';
import { customEditors, reviewEnding, reviewScheme } from '../manifest.ts';
import type { ReviewDocument } from './reviewDocument.ts';
import type { ReviewEditor } from './reviewEditor.ts';

const refused = (): never => { throw vscode.FileSystemError.NoPermissions('A review is no file.'); };

/**
 * Review documents stand in no file: what is decided is stored in the project. The editor writes and restores only documents that it finds in a file system, so there
 * is one, whose files hold their own address and forget what is written to them.
 */
const reviewFiles: vscode.FileSystemProvider = {
  onDidChangeFile: () => new vscode.Disposable(() => undefined),
  watch: () => new vscode.Disposable(() => undefined),
  stat: ({ path, query }) => ({ type: path.endsWith(`.${reviewEnding}`) ? vscode.FileType.File : vscode.FileType.Directory, ctime: 0, mtime: 0, size: Buffer.from(query, 'base64url').length }),
  readFile: ({ query }) => Buffer.from(query, 'base64url'),
  writeFile: () => undefined,
  readDirectory: () => [],
  createDirectory: refused,
  delete: refused,
  rename: refused,
};

/** Registers the editor of reviews, which is loaded with the first of them. */
export function registerReviews(editor: () => Promise<ReviewEditor>): vscode.Disposable {
  const edits = new vscode.EventEmitter<vscode.CustomDocumentContentChangeEvent<ReviewDocument>>();
  const provider: vscode.CustomEditorProvider<ReviewDocument> = {
    onDidChangeCustomDocument: edits.event,
    openCustomDocument: async (uri, { backupId }) => (await editor()).open(uri, { backup: backupId, edited: document => { edits.fire({ document }); } }),
    resolveCustomEditor: (document, panel) => { document.fill(panel); },
    saveCustomDocument: document => document.save(),
    saveCustomDocumentAs: refused,
    revertCustomDocument: async document => { document.revert(); },
    backupCustomDocument: async (document, { destination }) => document.backUp(destination),
  };
  return vscode.Disposable.from(
    edits,
    vscode.workspace.registerFileSystemProvider(reviewScheme, reviewFiles, { isCaseSensitive: true }),
    vscode.window.registerCustomEditorProvider(customEditors.review, provider, { supportsMultipleEditorsPerDocument: false }),
  );
}
