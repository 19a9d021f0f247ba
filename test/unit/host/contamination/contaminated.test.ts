import assert from 'node:assert/strict';
import type { ContaminationReport } from '../../../../src/contract/contamination.ts';
import { contaminatedTasks, pairOf, summaryWords, taskWords, withdrawnAmong } from '../../../../src/host/contamination/contaminated.ts';

type Pair = ContaminationReport['pairs'][number];
const pair = (train: string, evaluation: string, parts: Partial<Pair> = {}): Pair =>
  ({ train, trainSet: train.split('/')[0] ?? '', evaluation, evaluationSet: evaluation.split('/')[0] ?? '', how: 'exact', share: 1, trainExcerpt: '', evaluationExcerpt: '', ...parts });

const thresholds = { ngrams: 0.5, edit: 0.9, sameNumbers: true };
const pairs = [
  pair('gsm8k/1', 'svamp/7'), pair('gsm8k/1', 'asdiv/2', { how: 'ngrams', share: 0.839 }),
  pair('gsm8k/2', 'svamp/8', { how: 'edit', share: 0.9567 }),
  pair('own/1', 'svamp/9', { how: 'ngrams', share: 0.5 }),
];

describe('contaminated tasks', () => {
  it('are named with the tasks that they are, how that was found, and what it is measured by', () => {
    const [first, second] = contaminatedTasks({ pairs }, new Set());
    assert.ok(first && second);
    assert.equal(taskWords(first, thresholds), 'In held-out data too: svamp/7 of svamp (the same after normalisation), asdiv/2 of asdiv (83 % shared 8-grams). '
      + 'Counted as near: shared 8-grams from 50 %, edit from 0.90, with the same numbers.');
    assert.match(taskWords(second, thresholds), /svamp\/8 of svamp \(edit 0\.95\)/);
    const many = contaminatedTasks({ pairs: ['1', '2', '3', '4', '5'].map(id => pair('gsm8k/1', `svamp/${id}`)) }, new Set());
    assert.match(many.map(each => taskWords(each, thresholds)).join(), /svamp\/3 of svamp \(the same after normalisation\) and 2 more\./);
  });

  it('are those that still train', () => {
    assert.deepEqual(contaminatedTasks({ pairs }, new Set(['gsm8k/1'])).map(({ task }) => task), ['gsm8k/2', 'own/1']);
    assert.deepEqual(contaminatedTasks({ pairs }, new Set(pairs.map(({ train }) => train))), []);
    const list = { moved: [{ task: 'gsm8k/1', atMs: 1 }, { task: 'x', atMs: 1 }], leftOut: [{ task: 'own/1', reason: 'contamination', atMs: 1 }] };
    assert.deepEqual(withdrawnAmong(new Set(pairs.map(({ train }) => train)), list), new Set(['gsm8k/1', 'own/1']));
  });

  it('are taken together by the two data sets of their best match', () => {
    const all = contaminatedTasks({ pairs }, new Set());
    assert.deepEqual(all.map(each => pairOf(each, all)), [
      { train: 'gsm8k', evaluation: 'svamp', tasks: ['gsm8k/1', 'gsm8k/2'] }, { train: 'gsm8k', evaluation: 'svamp', tasks: ['gsm8k/1', 'gsm8k/2'] }, { train: 'own', evaluation: 'svamp', tasks: ['own/1'] },
    ]);
  });

  it('are counted by the data sets that they stand in', () => {
    assert.equal(summaryWords('p', contaminatedTasks({ pairs }, new Set()), { thresholds, left: 1_200 }),
      '3 train tasks of p stand in held-out data: 3 in svamp, 1 in asdiv. Counted as near: shared 8-grams from 50 %, edit from 0.90, with the same numbers. 1,200 more pairs were counted and not kept: of every task the best are.');
    assert.equal(summaryWords('p', contaminatedTasks({ pairs: pairs.slice(2, 3) }, new Set()), { thresholds, left: 0 }),
      '1 train task of p stands in held-out data: 1 in svamp. Counted as near: shared 8-grams from 50 %, edit from 0.90, with the same numbers.');
  });
});
