import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { bootstrapDraws, pairedBootstrap, type PairCounts } from '../../../../src/core/evaluation/pairedBootstrap.ts';
import { wilson } from '../../../../src/core/stats/interval.ts';
import { signTest } from '../../../../src/core/stats/signTest.ts';

interface Recorded extends PairCounts {
  readonly mcnemar: number;
  readonly wilsonOfTuned: readonly [number, number];
  readonly bootstrap: readonly [number, number];
  readonly standardError: number;
}

/** Made by paired_statistics.py beside it. */
const golden = path.resolve(import.meta.dirname, '../../../golden/paired-statistics.json');
const { tables } = JSON.parse(fs.readFileSync(golden, 'utf8')) as { readonly tables: readonly Recorded[] };
const named = ({ both, gains, losses, neither }: PairCounts) => [both, gains, losses, neither].join(' ');
const sizeOf = ({ both, gains, losses, neither }: PairCounts) => both + gains + losses + neither;
const near = (found: number, expected: number, by: number, what: string) => assert.ok(Math.abs(found - expected) <= by, `${what}: ${found} is not ${expected} within ${by}`);

const draws = bootstrapDraws({ seed: 0, hash: sha256 });
const few = bootstrapDraws({ seed: 3, hash: sha256, resamples: 1_000 });
const count = fc.oneof(fc.nat(3), fc.nat(60), fc.nat(3_000));
const anyPairs = fc.record({ both: count, gains: count, losses: count, neither: count });

describe('statistics of pairs, against SciPy', () => {
  it("has McNemar's exact chance and Wilson's bounds of recorded tables", () => {
    assert.equal(tables.length, 20);
    for (const table of tables) {
      near(signTest(table.gains, table.losses), table.mcnemar, 1e-9, named(table));
      const { low, high } = wilson(table.both + table.gains, sizeOf(table));
      near(low, table.wilsonOfTuned[0], 1e-9, named(table));
      near(high, table.wilsonOfTuned[1], 1e-9, named(table));
    }
  });

  it('has its bootstrap intervals within the error of both, and leans to no side', () => {
    const errors = tables.flatMap(table => {
      const { low, high } = pairedBootstrap(table, draws);
      // a bound of 10,000 resamples is uncertain by 0.027 standard errors, one of 40,000 by half of that; and both stand on multiples of 1 / n
      const most = 4 * 0.03 * table.standardError + 1 / sizeOf(table);
      near(low, table.bootstrap[0], most, named(table));
      near(high, table.bootstrap[1], most, named(table));
      return sizeOf(table) < 100 ? [] : [(low - table.bootstrap[0]) / table.standardError, (high - table.bootstrap[1]) / table.standardError];
    });
    near(errors.reduce((sum, error) => sum + error, 0) / errors.length, 0, 0.02, 'mean error in standard errors');
  });
});

describe('the paired bootstrap', () => {
  it('is decided by its seed', () => {
    const pairs = { both: 90, gains: 33, losses: 21, neither: 53 };
    assert.deepEqual(pairedBootstrap(pairs, bootstrapDraws({ seed: 0, hash: sha256 })), pairedBootstrap(pairs, draws));
    assert.notDeepEqual(bootstrapDraws({ seed: 1, hash: sha256 }), draws);
    assert.ok(draws.length === 20_000 && draws.every(draw => draw >= 0 && draw < 1));
  });

  it('holds the difference, within −1 and 1, and negates when the models are swapped', () => {
    fc.assert(fc.property(anyPairs, pairs => {
      const { low, high } = pairedBootstrap(pairs, few);
      const value = sizeOf(pairs) === 0 ? 0 : (pairs.gains - pairs.losses) / sizeOf(pairs);
      assert.ok(low >= -1 && low <= value && value <= high && high <= 1, JSON.stringify([low, value, high]));
      const swapped = pairedBootstrap({ ...pairs, gains: pairs.losses, losses: pairs.gains }, few);
      assert.ok(swapped.low === -high && swapped.high === -low);
    }), { numRuns: 200 });
  });

  it('knows nothing of no pairs, and is never sure where all pairs are alike', () => {
    assert.deepEqual(pairedBootstrap({ both: 0, gains: 0, losses: 0, neither: 0 }, draws), { low: -1, high: 1 });
    // nobody changed sides in 100 tasks: Wilson's upper bound of 0 in 100 is z² / (100 + z²)
    const still = pairedBootstrap({ both: 60, gains: 0, losses: 0, neither: 40 }, draws);
    near(still.high, 0.0369935, 1e-6, 'high');
    assert.equal(still.low, -still.high);
    const allGained = pairedBootstrap({ both: 0, gains: 3, losses: 0, neither: 0 }, draws);
    assert.ok(allGained.low < 0 && allGained.high === 1, 'three tasks prove nothing');
    const allLost = pairedBootstrap({ both: 0, gains: 0, losses: 50, neither: 0 }, draws);
    assert.ok(allLost.low === -1 && allLost.high < -0.8 && allLost.high > -1);
  });

  it('has the bounds of the distribution itself where chance is spread evenly', () => {
    const spread = Float64Array.from({ length: 200_000 }, (_, index) => (Math.floor(index / 2) + 0.5) / 100_000);
    // of 76 throws of a coin at most 29, and at least 47, are heads with a chance of 0.02523 each: just more than 0.025
    assert.deepEqual(pairedBootstrap({ both: 0, gains: 38, losses: 0, neither: 38 }, spread), { low: 29 / 76, high: 47 / 76 });
  });

  it('is made for a million tasks too, which could not be drawn one by one', () => {
    const { low, high } = pairedBootstrap({ both: 400_000, gains: 150_000, losses: 140_000, neither: 310_000 }, draws);
    // where so many are drawn the interval is that of the normal distribution
    const half = 1.96 * Math.sqrt((0.29 - 0.01 ** 2) / 1_000_000);
    near(low, 0.01 - half, half / 20, 'low');
    near(high, 0.01 + half, half / 20, 'high');
  });
});
