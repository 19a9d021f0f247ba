import path from 'node:path';
import * as vscode from 'vscode';
import { counted, thousands } from '../../client/words.ts';
import { events, methods, type ImportChoices } from '../../contract/engine.ts';
import type { ImportReport } from '../../contract/reports.ts';
import { importEndings } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import { importWords, refusedText } from '../runs/runWords.ts';
import { isAllowed } from '../trust.ts';
import { projectFor, showTasks, type Handlers, type Workbench } from '../workbench.ts';
import { isFile } from './projectCommands.ts';

/** Importing data files. */
export function importCommands(workbench: Workbench): Pick<Handlers, 'regenesis.tasks.import'> {
  return {
    'regenesis.tasks.import': async (target, selected) => {
      if (!isAllowed(workbench.notify, 'Importing tasks')) return;
      const project = await projectFor(workbench, target);
      const files = project && await filesOf(target, selected);
      if (project && files) await importFiles(workbench, project, files);
    },
  };
}

/** The files that the explorer hands over, else those that are picked. */
async function filesOf(target: unknown, selected: unknown): Promise<readonly string[] | undefined> {
  const given: readonly unknown[] = Array.isArray(selected) && selected.some(isFile) ? selected : [target];
  const files = given.filter(isFile).map(({ fsPath }) => fsPath);
  if (files.length > 0) return files;
  const picked = await vscode.window.showOpenDialog({
    canSelectMany: true, title: 'Import Tasks', openLabel: 'Import', filters: { 'Data files': [...importEndings], 'All files': ['*'] },
  });
  return picked?.map(({ fsPath }) => fsPath);
}

type Split = NonNullable<ImportChoices['split']>;

/** Files of known data sets are split as those are meant to be; only what nobody knows is asked about. */
async function importFiles(workbench: Workbench, project: Project, files: readonly string[]): Promise<void> {
  const first = await run(project, { files: [...files] });
  const unknown = first.files.filter(({ tasks, refused }) => tasks === 0 && refused[0]?.code === 'columns-missing');
  const reports: ImportReport[] = [without(first, unknown)];
  for (const file of unknown) {
    const mapped = await mapColumns(file);
    if (mapped) reports.push(await run(project, { files: [file.path], ...mapped }));
  }
  const report = reports.reduce((sum, each) => ({ files: [...sum.files, ...each.files], tasks: sum.tasks + each.tasks, refused: sum.refused + each.refused }));
  await project.refresh();
  if (report.files.length === 0) return; // everything was called off
  await showTasks(workbench, project);
  tellImport(workbench, report);
}

function without(report: ImportReport, left: readonly ImportReport['files'][number][]): ImportReport {
  return { files: report.files.filter(file => !left.includes(file)), tasks: report.tasks, refused: report.refused - left.reduce((sum, { refused }) => sum + refused.length, 0) };
}

function run(project: Project, choices: ImportChoices): Thenable<ImportReport> {
  const title = `Importing ${choices.files.map(file => path.basename(file)).slice(0, 2).join(', ')}${choices.files.length > 2 ? ` and ${choices.files.length - 2} more` : ''}`;
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, bar => project.whileHearing(
    events.importProgress,
    ({ rows, path: file }) => { bar.report({ message: `${path.basename(file)} · ${thousands(rows)} rows` }); },
    () => project.call(methods.importTasks, choices),
  ));
}

/** Asks which column holds what, and whether the tasks may train; absent where it is called off. */
async function mapColumns({ path: file, refused }: ImportReport['files'][number]): Promise<{ readonly map: Record<string, string>; readonly split: Split } | undefined> {
  const columns = refused[0]?.choices ?? [];
  const name = path.basename(file);
  const question = await pickColumn(columns, { title: `${name}: which column holds the question?`, likely: /question|problem|prompt|input|text|query/i });
  if (question === undefined) return undefined;
  const none = '$(circle-slash) No known answers';
  const gold = await pickColumn([...columns.filter(column => column !== question), none], { title: `${name}: which column holds the known answer?`, likely: /answer|gold|target|label|solution|output/i });
  const split = gold === undefined ? undefined : await pickSplit(name);
  if (gold === undefined || split === undefined) return undefined;
  return { map: { question, ...(gold === none ? {} : { gold }) }, split };
}

/** The likeliest column comes first. */
async function pickColumn(columns: readonly string[], { title, likely }: { readonly title: string; readonly likely: RegExp }): Promise<string | undefined> {
  const sorted = [...columns.filter(column => likely.test(column)), ...columns.filter(column => !likely.test(column))];
  return vscode.window.showQuickPick(sorted, { title, ignoreFocusOut: true, placeHolder: 'This is none of the data sets that are known by their columns' });
}

async function pickSplit(name: string): Promise<Split | undefined> {
  const choices: (vscode.QuickPickItem & { readonly split: Split })[] = [
    { label: 'Train', detail: 'These tasks make training data', split: 'train' },
    { label: 'Held out', detail: 'These tasks are only ever evaluated on', split: 'held-out' },
  ];
  return (await vscode.window.showQuickPick(choices, { title: `${name}: what are these tasks for?`, ignoreFocusOut: true }))?.split;
}

function tellImport({ notify, documents }: Workbench, report: ImportReport): void {
  const showRefused = { title: 'Show Refused', run: () => documents.showList(counted(report.refused, 'refused row'), refusedText(report)) };
  const [refusal] = report.files.flatMap(file => file.refused);
  // where nothing was taken, the first reason says more than a count
  const words = report.tasks === 0 && refusal ? `Nothing was imported: ${refusal.message}` : importWords(report);
  notify.tell(words, [...(report.refused > 0 ? [showRefused] : []), ...(report.tasks > 0 ? ['regenesis.run.start' as const] : [])], report.refused > 0 ? 'warning' : 'information');
}
