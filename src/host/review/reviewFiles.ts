import path from 'node:path';
import * as vscode from 'vscode';
import { counted, thousands } from '../../client/words.ts';
import { problemError } from '../../core/model/problem.ts';
import { projectEnding } from '../manifest.ts';
import type { Action } from '../notify.ts';
import type { Project } from '../projects/project.ts';
import { isAllowed } from '../trust.ts';
import type { Workbench } from '../workbench.ts';
import { importReviewText, reviewText } from './reviewFile.ts';

const filters = { 'JSON lines': ['jsonl'] };

/** Writes all reviews of a project to a file that a person names. */
export async function exportReviews({ notify }: Workbench, project: Project): Promise<void> {
  const { reviews: known } = await project.call('reviewSummary', {});
  if (known === 0) {
    notify.tell(`Nobody has reviewed a path of ${project.name} yet, so there is nothing to export.`, ['regenesis.review.next']);
    return;
  }
  const start = path.join(path.dirname(project.path), `${path.basename(project.path, `.${projectEnding}`)}.reviews.jsonl`);
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(start), filters, title: 'Export Reviews', saveLabel: 'Export' });
  if (!target) return;
  const written = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Writing ${path.basename(target.path)}` }, async () => {
    const { text, reviews } = await reviewText(async (after, limit) => (await project.call('reviewPage', { after, limit })).reviews);
    await vscode.workspace.fs.writeFile(target, Buffer.from(text));
    return reviews;
  });
  notify.tell(`${counted(written, 'review')} of ${project.name} written to ${path.basename(target.path)}, changed minds among them.`, [{ title: 'Open File', run: () => vscode.window.showTextDocument(target) }]);
}

/** Takes in reviews of a file that a person picks; refused lines stand in the Problems panel. */
export async function importReviews({ notify, problems }: Workbench, project: Project): Promise<void> {
  if (!isAllowed(notify, 'Importing reviews')) return;
  const [picked] = await vscode.window.showOpenDialog({ title: 'Import Reviews', openLabel: 'Import', filters: { ...filters, 'All files': ['*'] } }) ?? [];
  if (!picked) return;
  const text = decoded(await vscode.workspace.fs.readFile(picked), picked.fsPath);
  const name = path.basename(picked.path);
  const { imported, known, refused } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Importing ${name}` }, bar =>
    importReviewText(text, lines => project.call('importReviews', { lines }), done => { bar.report({ message: `${thousands(done)} lines` }); }));
  problems.show({ files: [{ path: picked.fsPath, refused }] });
  await project.refresh();
  const show: Action = { title: 'Show Problems', run: () => vscode.commands.executeCommand('workbench.actions.view.problems') };
  const words = [`${counted(imported, 'review')} imported from ${name}`, ...(known > 0 ? [`${thousands(known)} were there already`] : []), ...(refused.length > 0 ? [`${counted(refused.length, 'line')} refused`] : [])];
  notify.tell(`${words.join(', ')}.`, [...(refused.length > 0 ? [show] : []), 'regenesis.review.next'], refused.length > 0 ? 'warning' : 'information');
}

function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw problemError('encoding-invalid', `${file} is not UTF-8 text.`, { file, cause: thrown });
  }
}
