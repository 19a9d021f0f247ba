import * as vscode from 'vscode';
import { shippedScheme } from '../../core/model/promptFile.ts';
import type { ShippedPrompts } from './shippedPrompts.ts';

/** The read-only document of a shipped file. Its name ends as the file's does, so that the editor takes it for the same language. */
export const shippedUri = (path: string): vscode.Uri => vscode.Uri.from({ scheme: shippedScheme, path: `/${path}` });

/** Registers those documents. */
export const registerShipped = (shipped: ShippedPrompts): vscode.Disposable => vscode.workspace.registerTextDocumentContentProvider(shippedScheme, {
  provideTextDocumentContent: async ({ path }) => (await shipped.files()).get(path.slice(1)) ?? 'Nothing ships under this name.\n',
});
