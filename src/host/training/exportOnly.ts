import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { thousands } from '../../client/words.ts';
import type { methods, ParamsOf } from '../../contract/engine.ts';
import type { ExportReport } from '../../contract/reports.ts';
import { problemOf } from '../../core/model/problem.ts';
import { setContext } from '../contributions.ts';
import { exportWords } from '../runs/runWords.ts';
import type { Workbench } from '../workbench.ts';
import { proposedName } from './exportFiles.ts';
import type { Progress, Work } from './trainingDesk.ts';
import type { OpenTraining } from './trainingPanels.ts';

/** Shows how far a work is, on the page and where it can be seen when the page is closed; both can cancel it. */
export const withWork = <Result>({ desk }: Pick<OpenTraining, 'desk'>, { kind, title, stop, work }: Work<Result> & { readonly kind: 'export' | 'job'; readonly title: string }): Promise<Result> =>
  desk.during(kind, {
    stop, work: report => vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (bar, token) => {
      token.onCancellationRequested(() => void desk.cancel());
      return work((progress: Progress, words) => {
        report(progress, words);
        bar.report({ message: `${thousands(progress.done)} of ${thousands(progress.total)} ${words}` });
      });
    }),
  });

/** Writes the training set where a person says. */
export async function exportOnly({ notify }: Workbench, open: OpenTraining): Promise<void> {
  const { project, desk } = open;
  const { format, rule, card } = desk.draft;
  const start = path.join(path.dirname(project.path), proposedName(project.name, format));
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(start), filters: format === 'parquet' ? { Parquet: ['parquet'] } : { 'JSON lines': ['jsonl'] }, title: 'Export Dataset', saveLabel: 'Export' });
  if (!target || desk.working) return;
  const write = (overwrite: boolean) => writeSet(open, { format, rule, card, out: target.fsPath, overwrite });
  let report: ExportReport;
  try {
    report = await write(false);
  } catch (thrown) {
    // the dialog asked about one file at most, and of its name alone
    const { code, file } = problemOf(thrown);
    if (code !== 'file-exists' || file === undefined) throw thrown;
    if (!await notify.confirm(`${file} is there already, and was written by no export of a project.`, 'Replace')) return;
    report = await write(true);
  }
  setContext('regenesis.has.export', true);
  const show = (file: string) => () => vscode.window.showTextDocument(vscode.Uri.file(file));
  notify.tell(exportWords(report), [...(format === 'parquet' ? [] : [{ title: 'Open File', run: show(report.path) }]), { title: 'Show Manifest', run: show(report.manifest) }]);
}

function writeSet(open: OpenTraining, choices: Omit<ParamsOf<typeof methods.exportDataset>, 'work'>): Promise<ExportReport> {
  const { project } = open;
  const name = `export-${randomUUID()}`;
  return withWork(open, {
    kind: 'export', title: `Writing ${path.basename(choices.out)}`, stop: () => project.call('cancelExport', { work: name }),
    work: report => project.whileHearing('exportProgress', progress => { if (progress.work === name) report(progress, 'tasks looked at'); }, () => project.call('exportDataset', { ...choices, work: name })),
  });
}
