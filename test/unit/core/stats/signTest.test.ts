import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { signTest } from '../../../../src/core/stats/signTest.ts';

describe('the sign test', () => {
  it('is that of tables', () => {
    const known = [[0, 0, 1], [1, 0, 1], [0, 3, 0.25], [5, 0, 0.0625], [8, 1, 0.0390625], [2, 2, 1], [9, 1, 0.021484375]] as const;
    for (const [first, second, chance] of known) assert.ok(Math.abs(signTest(first, second) - chance) < 1e-12, `${first} and ${second}`);
  });

  it('does not care which side is which, says less the more uneven a split is, and is not lost for many pairs', () => {
    fc.assert(fc.property(fc.nat(400), fc.nat(400), (first, second) => {
      const chance = signTest(first, second);
      assert.equal(chance, signTest(second, first));
      assert.ok(chance >= 0 && chance <= 1);
      if (first > second) assert.ok(signTest(first + 1, second) <= chance + 1e-12);
    }));
    assert.ok(signTest(3_000, 3_000) === 1 && signTest(2_000, 1_000) < 1e-9);
  });
});
