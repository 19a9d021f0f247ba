// Everything with a page. Loaded with the first tab of ours, or the first command: a window that only shows its tree starts without.
import type * as vscode from 'vscode';
import type { Documents } from './documents/documents.ts';
import type { Disposable } from './lifetime.ts';
import type { PageId } from './manifest.ts';
import { auditPanels } from './overview/auditPanels.ts';
import { Audits } from './overview/audits.ts';
import { listPanels } from './overview/listPanels.ts';
import { PageBuilder } from './pages/page.ts';
import { projectEditor } from './projects/projectEditor.ts';
import type { Projects } from './projects/projects.ts';

/** The tabs of this window, by kind. */
export interface Tabs extends Disposable {
  readonly project: Pick<vscode.CustomReadonlyEditorProvider, 'resolveCustomEditor'>;
  /** Those that stand in a tab of their own, to be there again after a reload. */
  readonly pages: Readonly<Record<PageId, vscode.WebviewPanelSerializer>>;
  readonly audit: ReturnType<typeof auditPanels>;
}

/** Puts the tabs together; the caller registers and disposes them. */
export function tabsOf({ projects, documents, log, extension }: { readonly projects: Projects; readonly documents: Documents; readonly log: vscode.LogOutputChannel; readonly extension: vscode.Uri }): Tabs {
  const builder = new PageBuilder(extension, log);
  const list = listPanels({ projects, documents, builder });
  const audits = new Audits(projects);
  const audit = auditPanels({ projects, documents, builder, audits });
  return { project: projectEditor({ projects, builder, audits, lists: list }), pages: { list, audit }, audit, dispose: () => { audits.dispose(); } };
}
