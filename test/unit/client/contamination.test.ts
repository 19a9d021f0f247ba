import assert from 'node:assert/strict';
import { readContamination, withdrawAll } from '../../../src/client/contamination.ts';
import type { ContaminationChoices, ContaminationReport } from '../../../src/contract/contamination.ts';
import { usualThresholds } from '../../../src/core/model/contamination.ts';

const pairs = Array.from({ length: 2_500 }, (_, index) => ({
  train: `t/${Math.floor(index / 500)}`, trainSet: 't', evaluation: `e/${index}`, evaluationSet: 'e', how: 'exact' as const, share: 1, trainExcerpt: '', evaluationExcerpt: '',
}));
const ask = ({ after = 0, limit = 100 }: ContaminationChoices): Promise<ContaminationReport> =>
  Promise.resolve({ thresholds: usualThresholds, total: pairs.length, left: 0, tasks: 5, sets: [], pairs: pairs.slice(after, after + limit) });

describe('contamination that is read page after page', () => {
  it('is all that there is, and beyond what anybody reads every task once', async () => {
    assert.deepEqual((await readContamination(ask)).pairs, pairs);
    const few = await readContamination(ask, undefined, { pairs: 600 });
    assert.deepEqual([few.total, few.pairs.length], [2_500, 603]);
    assert.deepEqual(few.pairs.slice(600), [pairs[1_000], pairs[1_500], pairs[2_000]]);
  });

  it('is acted on in requests that are short enough', async () => {
    const asked: (readonly string[])[] = [];
    const change = ({ tasks }: { tasks: string[] }) => {
      asked.push(tasks);
      return Promise.resolve({ tasks: tasks.filter(task => task !== 'b') });
    };
    assert.deepEqual(await withdrawAll(['a', 'b', 'c'], change, 2), ['a', 'c']);
    assert.deepEqual([await withdrawAll([], change), asked], [[], [['a', 'b'], ['c']]]);
  });
});
