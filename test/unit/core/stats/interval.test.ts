import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wilson } from '../../../../src/core/stats/interval.ts';

const rounded = ({ low, high }: { low: number; high: number }) => [low, high].map(bound => Math.round(bound * 10_000) / 10_000);

describe("Wilson's interval", () => {
  it('is that of the books', () => {
    // Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3
    assert.deepEqual(rounded(wilson(81, 263)), [0.2553, 0.3662]);
    assert.deepEqual(rounded(wilson(15, 148)), [0.0624, 0.1605]);
    assert.deepEqual(rounded(wilson(0, 20)), [0, 0.1611]);
    assert.deepEqual(rounded(wilson(1, 29)), [0.0061, 0.1718]);
    assert.deepEqual(wilson(0, 0), { low: 0, high: 1 });
  });

  it('holds the share, stays within 0 and 1, mirrors, and narrows with more of the same', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }).chain(of => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of))), ([hits, of]) => {
      const { low, high } = wilson(hits, of);
      assert.ok(low >= 0 && low <= hits / of && hits / of <= high && high <= 1, JSON.stringify([low, high]));
      const mirrored = wilson(of - hits, of);
      assert.ok(Math.abs(mirrored.low - (1 - high)) < 1e-9 && Math.abs(mirrored.high - (1 - low)) < 1e-9);
      const more = wilson(4 * hits, 4 * of);
      assert.ok(more.high - more.low < high - low);
    }));
  });
});
