import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editDistance, leastEdits, letterCounts, mostEdits } from '../../../../src/core/contamination/editDistance.ts';
import { plainDistance } from './plainDistance.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 14 });

describe('the edit distance', () => {
  it('is that of the whole table as far as it is small enough, either way round, and no less than the letters say', () => {
    fc.assert(fc.property(text, text, fc.nat(16), (one, other, most) => {
      const distance = plainDistance(one, other);
      assert.equal(editDistance(one, other, most), distance <= most ? distance : undefined);
      assert.equal(editDistance(other, one, most), distance <= most ? distance : undefined);
      assert.ok(leastEdits(letterCounts(one), letterCounts(other)) <= distance);
    }), { numRuns: 2_000 });
  });

  it('of known words is known', () => {
    assert.deepEqual([editDistance('kitten', 'sitting', 3), editDistance('kitten', 'sitting', 2), editDistance('', 'abc', 3), editDistance('same', 'same', 0)], [3, undefined, 3, 0]);
  });

  it('may be a tenth of the text where nine tenths are to stay', () => {
    assert.deepEqual([0, 9, 10, 19, 20, 100].map(length => mostEdits(length, 0.9)), [0, 0, 1, 1, 2, 10]);
  });
});
