import assert from 'node:assert/strict';
import fc from 'fast-check';
import { coverageCounts, coverageCurve, type Coverage } from '../../../../src/core/stats/coverage.ts';

/** All ways to draw `k` of the first `n` numbers. */
function draws(n: number, k: number): readonly (readonly number[])[] {
  if (k === 0) return [[]];
  if (n < k) return [];
  return [...draws(n - 1, k), ...draws(n - 1, k - 1).map(draw => [...draw, n - 1])];
}

const close = (left: number, right: number) => Math.abs(left - right) < 1e-12;

describe('the coverage by some guidelines', () => {
  it('is the mean over all draws, by hand', () => {
    // of four guidelines two solve: one drawn solves in 2 of 4 cases, two drawn miss only as the other two, 1 of 6
    assert.deepEqual(coverageCurve([{ tried: 4, solving: 2, tasks: 3 }]).map(({ k, share }) => [k, Math.round(share * 6_000) / 6_000]), [[1, 0.5], [2, 5 / 6], [3, 1], [4, 1]]);
    const [one] = coverageCurve([{ tried: 25, solving: 5, tasks: 1 }, { tried: 25, solving: 0, tasks: 3 }]);
    assert.ok(one && close(one.share, (1 / 4) * (5 / 25)));
    assert.deepEqual(coverageCurve([]), []);
  });

  it('counts a task that was tried with fewer with all of them', () => {
    assert.deepEqual(coverageCurve([{ tried: 1, solving: 1, tasks: 1 }, { tried: 3, solving: 0, tasks: 1 }]), [{ k: 1, share: 0.5 }, { k: 2, share: 0.5 }, { k: 3, share: 0.5 }]);
  });

  it('is the mean over all draws, one by one; never falls with more, and ends at the share that any solves', () => {
    const one = fc.integer({ min: 1, max: 9 }).chain(tried => fc.record({ tried: fc.constant(tried), solving: fc.integer({ min: 0, max: tried }), tasks: fc.integer({ min: 1, max: 5 }) }));
    fc.assert(fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (counts: readonly Coverage[]) => {
      const total = counts.reduce((sum, { tasks }) => sum + tasks, 0);
      const curve = coverageCurve(counts);
      for (const { k, share } of curve) {
        const solved = counts.reduce((sum, { tried, solving, tasks }) => {
          const all = draws(tried, Math.min(k, tried));
          return sum + tasks * (all.filter(draw => draw.some(guideline => guideline < solving)).length / all.length);
        }, 0);
        assert.ok(Math.abs(share - solved / total) < 1e-9, JSON.stringify({ k, share, counts }));
      }
      curve.reduce((before, { share }) => (assert.ok(share >= before - 1e-12), share), 0);
      assert.ok(close(curve.at(-1)?.share ?? NaN, counts.filter(({ solving }) => solving > 0).reduce((sum, { tasks }) => sum + tasks, 0) / total));
    }), { numRuns: 60 });
  });

  it('is read from the counters', () => {
    assert.deepEqual(coverageCounts(new Map([['coverage/25/3', 4], ['coverage/2/0', 0], ['pass/0', 9]])), [{ tried: 25, solving: 3, tasks: 4 }]);
  });
});
