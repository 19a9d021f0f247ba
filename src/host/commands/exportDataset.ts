import path from 'node:path';
import * as vscode from 'vscode';
import { methods } from '../../contract/engine.ts';
import { exportFormats, type ExportFormat } from '../../core/model/exportRule.ts';
import { setContext } from '../contributions.ts';
import { projectEnding } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import { exportWords } from '../runs/runWords.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';

const formatWords: Readonly<Record<ExportFormat, string>> = {
  'chat': 'messages with roles, as TRL and most trainers take them',
  'prompt-completion': 'two fields, the prompt as messages',
  'sharegpt': 'conversations with from and value',
  'alpaca': 'instruction, input and output',
  'parquet': 'messages with roles, in columns',
  'kto': 'right and wrong paths, each with a label',
  'dpo': 'pairs of a right and a wrong path of one task',
};

/** Writing the training set. */
export function exportCommands(workbench: Workbench): Pick<Handlers, 'regenesis.dataset.export'> {
  return {
    'regenesis.dataset.export': async target => {
      const project = await projectFor(workbench, target);
      if (project) await exportDataset(workbench, project);
    },
  };
}

async function exportDataset({ notify }: Workbench, project: Project): Promise<void> {
  if ((project.status?.kept ?? 0) === 0) {
    notify.tell(`No path of ${project.name} is kept yet, so there is nothing to export. A run makes paths and keeps the right ones.`, ['regenesis.run.start']);
    return;
  }
  const picked = await vscode.window.showQuickPick(exportFormats.map(format => ({ label: format, detail: formatWords[format], format })), { title: `Export Dataset · ${project.name}`, placeHolder: 'Which format?' });
  if (!picked) return;
  const { format } = picked;
  const start = path.join(path.dirname(project.path), `${path.basename(project.path, `.${projectEnding}`)}.${format === 'parquet' ? format : `${format}.jsonl`}`);
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(start), filters: format === 'parquet' ? { Parquet: ['parquet'] } : { 'JSON lines': ['jsonl'] }, title: 'Export Dataset', saveLabel: 'Export' });
  if (!target) return;
  const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Writing ${path.basename(target.fsPath)}` },
    () => project.call(methods.exportDataset, { format, out: target.fsPath, overwrite: true }));
  setContext('regenesis.has.export', true);
  const open = (file: string) => () => vscode.window.showTextDocument(vscode.Uri.file(file));
  notify.tell(exportWords(report), [{ title: 'Open File', run: open(report.path) }, { title: 'Show Manifest', run: open(report.manifest) }]);
}
