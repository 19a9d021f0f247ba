import type { ReviewItem } from '../../../../src/contract/review.ts';
import { align } from '../../../../src/core/align/align.ts';

/** A path as a page is told of it. */
export function reviewItem({ text, structure, ...change }: Partial<ReviewItem> & { readonly text: string }): ReviewItem {
  const { structure: steps, path, pairs, marks, coverage } = align({ structure: structure ?? '', path: text });
  const cut = (all: typeof path) => all.map(({ text: words, start, end }) => ({ text: words, start, end }));
  return {
    path: 'p', task: { id: 't', question: 'How many?', gold: '154', answerKind: 'number', state: 'solved', kept: 1, perTask: 5, corrected: false },
    branch: { id: 'guideline:g', round: 1, title: 'Think stepwise', guidelines: ['g'], guidelineText: 'Think.' }, doubts: [], sampled: false, ...(structure === undefined ? {} : { structure }), text, length: text.length,
    alignment: { structure: cut(steps), path: cut(path), pairs: pairs.map(([step, at]): [number, number] => [step, at]), marks: { structure: [...marks.structure], path: [...marks.path] }, coverage },
    verdicts: [], extracted: '154', kept: true, failed: [], hinted: false, edited: false, finish: 'stop', simulated: false, reviews: [], rail: [], ...change,
  };
}
