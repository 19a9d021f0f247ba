import * as vscode from 'vscode';
import { overviewPage } from '../../contract/pages/overview.ts';
import { customEditors } from '../manifest.ts';
import type { PageBuilder } from '../pages/page.ts';
import type { Projects } from './projects.ts';

/** A project file opens as its overview. Nothing on it is edited in place, so that there is nothing to save. */
export function registerProjectEditor(projects: Projects, builder: PageBuilder): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: uri => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => {
      builder.fill(panel, {
        contract: overviewPage, title: uri.path,
        snapshot: async () => {
          const { name, path } = await projects.open(uri.fsPath, 'open');
          return { name, path };
        },
        fulfil: () => undefined,
      });
    },
  };
  return vscode.window.registerCustomEditorProvider(customEditors.project, provider);
}
