import * as vscode from 'vscode';
import { counted } from '../../client/words.ts';
import { mostReviewed } from '../../contract/review.ts';
import type { Workbench } from '../workbench.ts';
import type { ReviewDocument } from './reviewDocument.ts';

type Bulk = 'accept' | 'reject';

const verbs: Readonly<Record<Bulk, { readonly now: string; readonly done: string }>> = { accept: { now: 'Accept', done: 'accepted' }, reject: { now: 'Reject', done: 'rejected' } };

/** Decides alike about all that a review has left, once the person has seen how much that is; can be taken back as one. */
export async function decideAll({ notify }: Workbench, document: ReviewDocument, decision: Bulk): Promise<void> {
  const { project, reviewer, address: { query, title } } = document;
  await document.settle();
  const { stand } = await project.call('reviewQueue', { query, reviewer, skip: [], count: 0 });
  const expected = Math.max(0, stand.total - stand.decided);
  const { now, done } = verbs[decision];
  if (expected === 0) {
    notify.tell(`Nothing is left to decide in ${title}.`, ['regenesis.review.query']);
    return;
  }
  if (expected > mostReviewed) {
    notify.tell(`${title} has ${counted(expected, 'path')} left, and at most ${counted(mostReviewed, 'path')} can be decided at once. Filter the tasks, and review what the filter shows.`, ['regenesis.tasks.filter', 'regenesis.review.query'], 'warning');
    return;
  }
  const paths = counted(expected, 'path');
  if (!await notify.confirm(`${now} ${paths} of ${title}?`, `${now} All`, `Nobody will have looked at them. Each is ${done} in the name of ${reviewer}, and it can be undone as one.`)) return;
  const { reviews } = await withProgress(`Deciding about ${paths}`, () => project.call('bulkReview', { query, reviewer, decision, expected }));
  await document.restart();
  notify.tell(`${counted(reviews.length, 'path')} of ${title} ${reviews.length === 1 ? 'was' : 'were'} ${done}.`, [{ title: 'Undo', run: () => takeBack(document, reviews) }]);
}

async function takeBack(document: ReviewDocument, reviews: readonly string[]): Promise<void> {
  const { project, reviewer } = document;
  await withProgress(`Undoing ${counted(reviews.length, 'decision')}`, () => project.call('undoReviews', { reviewer, reviews: [...reviews] }));
  if (!document.isClosed) await document.restart();
}

const withProgress = <Result>(title: string, work: () => Promise<Result>): Thenable<Result> =>
  vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
