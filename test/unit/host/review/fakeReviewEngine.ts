import type { ReviewDraft, ReviewItem, ReviewQuery, ReviewStand } from '../../../../src/contract/review.ts';
import { problemError } from '../../../../src/core/model/problem.ts';
import type { ReviewEngine } from '../../../../src/host/review/reviewDesk.ts';

/** A path for review, of a task of its own. */
export function aReviewItem(path: string, parts: Partial<ReviewItem> = {}): ReviewItem {
  return {
    path, task: { id: `task-of-${path}`, question: 'How much?', gold: '4', answerKind: 'number', state: 'solved', kept: 1, perTask: 5, corrected: false },
    branch: { id: 'guideline:simplify', round: 1, title: 'Simplify', guidelines: ['simplify'], guidelineText: 'Make it simple.' }, doubts: [], sampled: false,
    text: `The text of ${path}.`, length: 20, alignment: { structure: [], path: [], pairs: [], marks: { structure: [], path: [] }, coverage: null }, verdicts: [], extracted: '4', kept: true, failed: [],
    hinted: false, edited: false, finish: 'stop', simulated: true, reviews: [], rail: [], ...parts,
  };
}

/** An engine that hands out paths in their order and keeps what it is given, each id once. */
export class FakeReviewEngine implements ReviewEngine {
  readonly asked: { readonly skip: readonly string[]; readonly count: number }[] = [];
  readonly stored: ReviewDraft[] = [];
  readonly items: ReviewItem[];
  /** Tasks that are not there any more. */
  readonly gone = new Set<string>();
  /** Decides what becomes of the next append: `lost` is stored, and nobody hears of it. */
  fate: () => 'stored' | 'refused' | 'lost' | Promise<'stored' | 'refused' | 'lost'> = () => 'stored';

  constructor(items: readonly ReviewItem[]) {
    this.items = [...items];
  }

  async queue(_query: ReviewQuery, { reviewer, skip, count }: { readonly reviewer: string; readonly skip: readonly string[]; readonly count: number }): Promise<{ items: readonly ReviewItem[]; stand: ReviewStand }> {
    this.asked.push({ skip, count });
    const decided = new Set(this.stored.filter(review => review.reviewer === reviewer && review.decision !== 'none').map(({ path }) => path));
    const open = this.items.filter(({ path }) => !decided.has(path) && !skip.includes(path));
    return { items: open.slice(0, count), stand: { total: this.items.length, decided: decided.size, measured: { done: 0, total: 0 } } };
  }

  async item({ task, path }: { readonly task: string; readonly path: string }): Promise<ReviewItem> {
    const item = this.items.find(each => each.path === path && each.task.id === task);
    if (!item || this.gone.has(task)) throw problemError('usage', `${task} has no such path.`);
    return item;
  }

  async append(reviews: readonly ReviewDraft[]): Promise<void> {
    const fate = await this.fate();
    for (const { task } of reviews) if (this.gone.has(task)) throw problemError('task-not-found', `There is no task ${task}.`);
    if (fate !== 'refused') for (const review of reviews) if (!this.stored.some(({ id }) => id === review.id)) this.stored.push(review);
    if (fate !== 'stored') throw problemError('engine-unavailable', 'The engine does not answer.');
  }
}
