import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { thousands } from '../../client/words.ts';
import { importPage, type ImportIntent } from '../../contract/pages/importTasks.ts';
import type { ImportReport } from '../../contract/reports.ts';
import type { PageBuilder } from '../pages/page.ts';
import { Panels } from '../pages/panels.ts';
import type { Project } from '../projects/project.ts';
import { importWords } from '../runs/runWords.ts';
import { isAllowed } from '../trust.ts';
import { showTasks, type Workbench } from '../workbench.ts';
import { ImportDesk, type ImportEngine } from './importDesk.ts';

const addressSchema = z.object({ project: z.string(), files: z.array(z.string()).check(z.minLength(1)) });
type ImportAddress = z.infer<typeof addressSchema>;

const titleOf = ({ files: [first = '', ...others] }: ImportAddress): string => `Import ${path.basename(first)}${others.length > 0 ? ` and ${others.length} more` : ''}`;

/** What the pages are made with. */
interface ImportTools {
  readonly builder: PageBuilder;
  /** Called where tasks were added, once that was said; nobody waits for it. */
  readonly imported: (project: Project) => Promise<void>;
}

/** The tabs that show what files would become before they are imported. */
export const importPanels = (workbench: Workbench, tools: ImportTools): Panels<ImportAddress> => new Panels({
  id: 'importTasks', address: addressSchema, title: titleOf, fill: (panel, address) => { fill(workbench, tools, { panel, address }); },
});

function fill(workbench: Workbench, { builder, imported }: ImportTools, { panel, address }: { readonly panel: vscode.WebviewPanel; readonly address: ImportAddress }): void {
  const { projects } = workbench;
  let open: Promise<{ readonly project: Project; readonly desk: ImportDesk }> | undefined;
  const desk = () => {
    open ??= projects.open(address.project, 'open').then(project => {
      const made = new ImportDesk({ project: project.name, files: address.files, engine: engineOf(project), onChange: () => { connection.changed(); } });
      void made.open();
      return { project, desk: made };
    });
    open.catch(() => { open = undefined; });
    return open;
  };
  const { connection } = builder.fill(panel, {
    contract: importPage, title: titleOf(address), address,
    snapshot: async () => (await desk()).desk.snapshot(),
    fulfil: async intent => {
      const opened = await desk();
      await fulfil(workbench, { ...opened, panel, imported }, intent);
    },
  });
}

const engineOf = (project: Project): ImportEngine => ({
  preview: choices => project.call('previewImport', choices),
  run: (choices, onRows) => project.whileHearing('importProgress', ({ rows }) => { onRows(rows); }, () => project.call('importTasks', choices)),
  cancel: () => project.call('cancelImport', {}),
});

interface OpenImport {
  readonly project: Project;
  readonly desk: ImportDesk;
  readonly panel: vscode.WebviewPanel;
  readonly imported: ImportTools['imported'];
}

async function fulfil(workbench: Workbench, open: OpenImport, intent: ImportIntent): Promise<void> {
  const { desk, panel } = open;
  switch (intent.kind) {
    case 'draft': return desk.change(intent.change);
    case 'show': desk.show(intent.file); return;
    case 'cancel': return desk.cancel();
    case 'close': panel.dispose(); return;
    case 'import': return importFiles(workbench, open, 'shown');
    case 'import-all': return importFiles(workbench, open, 'all');
  }
}

/** The import goes on where its page is closed meanwhile; the notification shows it too. */
async function importFiles(workbench: Workbench, { project, desk, panel, imported }: OpenImport, which: 'shown' | 'all'): Promise<void> {
  if (!isAllowed(workbench.notify, 'Importing tasks') || desk.importing) return;
  const before = desk.report;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Importing into ${project.name}`, cancellable: true }, async (bar, token) => {
    token.onCancellationRequested(() => void desk.cancel());
    return project.whileHearing('importProgress', ({ rows, path: file }) => { bar.report({ message: `${path.basename(file)} · ${thousands(rows)} rows` }); }, () => desk.import(which));
  });
  const done = since(desk.report, before);
  workbench.problems.show(done);
  await project.refresh();
  await workbench.evaluations.read(project); // the domain of a data set may be said where no task is new
  if (desk.finished) {
    panel.dispose();
    await showTasks(workbench, project);
  }
  tellImport(workbench, done);
  if (done.tasks > 0) void imported(project);
}

const since = (now: ImportReport, before: ImportReport): ImportReport => ({ ...now, files: now.files.filter(file => !before.files.includes(file)), tasks: now.tasks - before.tasks, refused: now.refused - before.refused });

function tellImport({ notify }: Workbench, report: ImportReport): void {
  if (report.files.length === 0 && report.cancelled !== true) return;
  const show = { title: 'Show Problems', run: () => vscode.commands.executeCommand('workbench.actions.view.problems') };
  const [refusal] = report.files.flatMap(file => file.refused);
  // where nothing was taken, the first reason says more than a count
  const words = report.tasks === 0 && refusal ? `Nothing was imported: ${refusal.message}` : importWords(report);
  const cancelled = report.cancelled === true ? ' The import was cancelled; importing the file again goes on from there.' : '';
  notify.tell(`${words}${cancelled}`, [...(report.refused > 0 ? [show] : []), ...(report.tasks > 0 ? ['regenesis.run.start' as const] : [])], report.refused > 0 ? 'warning' : 'information');
}
