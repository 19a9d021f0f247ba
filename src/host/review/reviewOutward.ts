import * as vscode from 'vscode';
import type { StepAddress } from '../../contract/pages/step.ts';
import type { ReviewItem } from '../../contract/review.ts';
import { problemError } from '../../core/model/problem.ts';
import { addressParts, type DocumentAddress } from '../documents/address.ts';
import type { Panels } from '../pages/panels.ts';
import type { Workbench } from '../workbench.ts';
import { correctGold } from './correctGold.ts';
import { decideAll } from './reviewBulk.ts';
import type { OutwardIntent, ReviewDocument } from './reviewDocument.ts';
import { topUp } from './topUp.ts';

/** What leads out of a review: documents, the editor's own diff, the stepper, and decisions about many paths. */
export const outward = (workbench: Workbench, steps: Pick<Panels<StepAddress>, 'show'>) => async (document: ReviewDocument, intent: OutwardIntent): Promise<void> => {
  switch (intent.kind) {
    case 'diff': await showDiff(document, pathOf(document, intent.path)); break;
    case 'open': await open(workbench, { steps, document, item: pathOf(document, intent.path) }, intent.what); break;
    case 'correct-gold': await correctGold(workbench, document.project, intent.task); break;
    case 'bulk': await decideAll(workbench, document, intent.decision); break;
    case 'top-up': await topUp(workbench, document.project);
  }
};

function pathOf(document: ReviewDocument, fingerprint: string): ReviewItem {
  const item = document.find(fingerprint);
  if (!item) throw problemError('usage', 'This path is not in front of you any more. Go back to it first.');
  return item;
}

const addressOf = ({ address }: ReviewDocument, { task, branch }: ReviewItem): Omit<DocumentAddress, 'shown'> => ({ project: address.project, task: task.id, branch: { id: branch.id, round: branch.round } });

/** The amended text against the original where there is one, else the path against its structure; plain texts, so that every difference is one of theirs. */
async function showDiff(document: ReviewDocument, item: ReviewItem): Promise<void> {
  const amended = item.reviews.some(({ decision, amendedText }) => decision === 'amend' && amendedText !== undefined);
  if (!amended && item.structure === undefined) throw problemError('usage', 'This path has no structure, and nobody has amended it: there is nothing to hold it against.');
  const place = { ...addressOf(document, item), path: item.path };
  const { title } = item.branch;
  const side = (shown: DocumentAddress['shown'], word: string) => vscode.Uri.from(addressParts({ ...place, shown }, [word, title, item.task.id]));
  const original = side('original', 'Original');
  const [left, right, words] = amended ? [original, side('amended', 'Amended'), 'Original ↔ Amended'] : [side('plan', 'Structure'), original, 'Structure ↔ Path'];
  await vscode.commands.executeCommand('vscode.diff', left, right, `${words} · ${title} · ${item.task.id}`);
}

interface Opened {
  readonly steps: Pick<Panels<StepAddress>, 'show'>;
  readonly document: ReviewDocument;
  readonly item: ReviewItem;
}

async function open({ documents }: Workbench, { steps, document, item }: Opened, what: Extract<OutwardIntent, { kind: 'open' }>['what']): Promise<void> {
  const { task, branch } = item;
  const address = addressOf(document, item);
  switch (what) {
    case 'path': await documents.show({ ...address, shown: 'path' }, ['Path', branch.title, task.id]); break;
    case 'structure': await documents.show({ ...address, shown: 'structure' }, ['Structure', branch.title, task.id]); break;
    case 'task': await documents.show({ project: address.project, task: task.id, shown: 'task' }, ['Task', task.id]); break;
    case 'step': steps.show({ project: address.project, task: task.id, branch: branch.id, round: branch.round });
  }
}
