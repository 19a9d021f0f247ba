import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DrawnTally, lengthFigures } from '../../../../src/core/stats/datasetFigures.ts';
import { quantilesOf } from '../../../../src/core/stats/quantiles.ts';

describe('figures of a training set', () => {
  it('tell lengths by values that there are', () => {
    assert.equal(lengthFigures([]), undefined);
    assert.deepEqual(lengthFigures([40, 10, 30, 20]), { known: 4, mean: 25, p50: 20, p90: 40 });
    fc.assert(fc.property(fc.array(fc.nat(1_000), { minLength: 1 }), numbers => {
      const { least = -1, p10 = -1, p50 = -1, p90 = -1, most = -1 } = quantilesOf(numbers) ?? {};
      assert.ok([least, p10, p50, p90, most].every((value, at, all) => numbers.includes(value) && value >= (all[at - 1] ?? 0)));
      assert.ok(numbers.filter(number => number <= p50).length * 2 >= numbers.length);
    }));
  });

  it('count every request, and tokens where a server said how many', () => {
    const tally = new DrawnTally();
    tally.add({ kept: 2, answers: ['18', '18', '17'], requests: [{ answered: true, outputTokens: 30 }, { answered: false }, { answered: true, outputTokens: 12 }] });
    tally.add({ kept: 0, answers: [], requests: [{ answered: true }, { answered: true, outputTokens: 0 }] });
    tally.add({ kept: 1, answers: ['4'], requests: [] });
    assert.deepEqual(tally.figures(), { answers: { tasks: 2, paths: 4, distinct: 1.5 }, cost: { requests: 5, outputTokens: 42, untold: 1, kept: 3 } });
  });

  it('say nothing of tokens that nobody has counted', () => {
    const tally = new DrawnTally();
    assert.deepEqual(tally.figures(), { answers: { tasks: 0, paths: 0, distinct: 0 }, cost: { requests: 0, kept: 0 } });
    tally.add({ kept: 1, answers: ['4'], requests: [{ answered: true }, { answered: false }] });
    assert.deepEqual(tally.figures().cost, { requests: 2, untold: 1, kept: 1 });
  });
});
