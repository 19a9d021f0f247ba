import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { bulkId, decisions, type Decision, type Review } from '../../../../src/core/model/review.ts';
import { estimatePrecision, reviewedPaths, type Estimate } from '../../../../src/core/review/precision.ts';
import { queueOrder } from '../../../../src/core/review/queue.ts';
import { wilson } from '../../../../src/core/stats/interval.ts';
import { aReview } from '../../../support/builders.ts';
import { seededRandom } from '../../../support/simulation.ts';

describe('an estimate of precision', () => {
  it('is none while nothing of the random sample is decided', () => {
    assert.equal(estimatePrecision({ population: 100, sample: { decided: 0, good: 0 }, rejected: 5, amended: 5 }), undefined);
  });

  it('is the share of the sample with Wilson’s interval, and better by what people rejected and amended', () => {
    const { low, high } = wilson(45, 50);
    const report = estimatePrecision({ population: 1_000, sample: { decided: 50, good: 45 }, rejected: 40, amended: 20 });
    assert.deepEqual(report?.filtered, { share: 0.9, low, high, of: 50 });
    assert.deepEqual(report.exported, { share: 920 / 960, low: (low * 1_000 + 20) / 960, high: Math.min(1, (high * 1_000 + 20) / 960), of: 50 });
    const untouched = estimatePrecision({ population: 1_000, sample: { decided: 50, good: 45 }, rejected: 0, amended: 0 });
    assert.deepEqual(untouched?.exported, untouched?.filtered);
  });

  it('stays within 0 and 1, in order, whatever was decided', () => {
    const known = fc.integer({ min: 1, max: 500 }).chain(population => fc.record({
      population: fc.constant(population), rejected: fc.nat(population), amended: fc.nat(population), sample: fc.integer({ min: 1, max: population }).chain(decided => fc.record({ decided: fc.constant(decided), good: fc.nat(decided) })),
    })).filter(({ population, rejected, amended }) => rejected + amended <= population);
    fc.assert(fc.property(known, paths => {
      const report = estimatePrecision(paths);
      assert.ok(report);
      for (const { share, low, high } of [report.filtered, report.exported]) assert.ok(low >= 0 && low <= share + 1e-12 && share <= high + 1e-12 && high <= 1, JSON.stringify(report));
      if (paths.rejected < paths.population) assert.ok(report.exported.share >= report.filtered.share - 1e-12, 'to reject never makes worse');
    }));
  });
});

describe('what people made of the paths that the filters let through', () => {
  const population = ['a', 'b', 'c', 'd', 'e', 'f'];
  const review = (path: string, decision: Decision, parts: Partial<Parameters<typeof aReview>[0]> = {}): Review =>
    aReview({ id: `${path}/${decision}/${parts.reviewer ?? 'ada'}`, path, decision, ...(decision === 'amend' ? { amendedText: 'Mine.' } : {}), ...parts });
  const counted = (...reviews: readonly Review[]) => {
    const { population: all, sample: { decided, good }, rejected, amended } = reviewedPaths(population, reviews);
    assert.equal(all, 6);
    return { decided, good, rejected, amended };
  };
  const drawn = { sampled: true } as const;

  it('is a sample of all decided paths up to the last that was drawn', () => {
    assert.deepEqual(counted(review('a', 'accept'), review('f', 'reject')), { decided: 0, good: 0, rejected: 1, amended: 0 }, 'nothing was drawn');
    assert.deepEqual(counted(review('d', 'accept', drawn), review('a', 'reject'), review('c', 'amend'), review('e', 'accept'), review('f', 'reject')), { decided: 3, good: 1, rejected: 2, amended: 1 });
  });

  it('is bad where anybody rejects or amends, good where it was accepted, and no sample where nobody is sure', () => {
    const last = review('f', 'accept', drawn);
    assert.deepEqual(counted(last, review('a', 'accept'), review('a', 'reject', { reviewer: 'bob' })), { decided: 2, good: 1, rejected: 1, amended: 0 });
    assert.deepEqual(counted(last, review('a', 'accept'), review('a', 'amend', { reviewer: 'bob' })), { decided: 2, good: 1, rejected: 0, amended: 1 });
    assert.deepEqual(counted(last, review('a', 'reject'), review('a', 'amend', { reviewer: 'bob' })), { decided: 2, good: 1, rejected: 1, amended: 0 });
    assert.deepEqual(counted(last, review('a', 'unsure'), review('b', 'accept'), review('b', 'none', { supersedes: 'b/accept/ada' })), { decided: 1, good: 1, rejected: 0, amended: 0 });
    assert.deepEqual(counted(last, review('a', 'unsure'), review('a', 'accept', { reviewer: 'bob' })), { decided: 2, good: 2, rejected: 0, amended: 0 });
  });

  it('stays drawn whatever became of the review that said so', () => {
    const changed = [review('c', 'accept', drawn), review('c', 'reject', { supersedes: 'c/accept/ada' }), review('a', 'accept')];
    assert.deepEqual(counted(...changed), { decided: 2, good: 1, rejected: 1, amended: 0 });
    assert.deepEqual(counted(review('c', 'unsure', drawn), review('a', 'accept')), { decided: 1, good: 1, rejected: 0, amended: 0 });
  });

  it('has none in the sample that were decided about with many others', () => {
    const bulk = (path: string, decision: Decision): Review => review(path, decision, { id: `${bulkId}${path}` });
    assert.deepEqual(counted(review('d', 'accept', drawn), bulk('a', 'accept'), bulk('b', 'accept'), review('c', 'reject')), { decided: 2, good: 1, rejected: 1, amended: 0 });
    assert.deepEqual(counted(review('d', 'accept', drawn), bulk('a', 'accept'), review('a', 'reject', { reviewer: 'bob' })), { decided: 2, good: 1, rejected: 1, amended: 0 }, 'somebody saw it as well');
    assert.deepEqual(reviewedPaths(population, [review('d', 'accept', drawn), bulk('e', 'reject')]), { population: 5, sample: { decided: 1, good: 1 }, rejected: 0, amended: 0 });
  });

  it('says nothing by reviews of other paths', () => {
    assert.deepEqual(counted(review('z', 'accept', drawn), review('a', 'accept'), review('y', 'reject')), { decided: 0, good: 0, rejected: 0, amended: 0 });
    assert.deepEqual(counted(review('b', 'accept', drawn), review('bb', 'accept', drawn), review('c', 'reject')), { decided: 1, good: 1, rejected: 1, amended: 0 });
  });

  it('does not depend on the order of either', () => {
    const reviews = fc.array(fc.record({ path: fc.constantFrom(...population, 'z'), decision: fc.constantFrom(...decisions), reviewer: fc.constantFrom('ada', 'bob'), isDrawn: fc.boolean() }), { maxLength: 12 })
      .map(all => all.map(({ path, decision, reviewer, isDrawn }, index) => review(path, decision, { id: String(index), reviewer, reviewedAtMs: index, ...(isDrawn ? drawn : {}) })));
    fc.assert(fc.property(reviews.chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
      const found = reviewedPaths(population, all);
      assert.deepEqual(reviewedPaths(population.toReversed(), shuffled), found);
      assert.ok(found.sample.good <= found.sample.decided && found.sample.decided - found.sample.good <= found.rejected + found.amended);
    }));
  });
});

const truePrecision = 0.9;
const size = 2_000;
const decisionsMade = 200;

interface SimulatedPath {
  readonly path: string;
  readonly isRight: boolean;
  readonly weight: number;
}

/** A project whose paths are right at `truePrecision`, and doubted by what mostly tells wrong ones: three of five of those, one in fifty of the right ones. */
function simulatedPaths(seed: number, random: () => number): readonly SimulatedPath[] {
  return Array.from({ length: size }, (_, index) => {
    const isRight = index >= size * (1 - truePrecision);
    const isDoubted = random() < (isRight ? 0.02 : 0.6);
    return { path: sha256(`${seed}/${index}`), isRight, weight: isDoubted ? 1 + Math.floor(random() * 4) : 0 };
  });
}

/** A person who goes through the queue from its beginning, always right, but now and then unsure, or of another mind at second sight. */
function simulatedReviews(paths: readonly SimulatedPath[], random: () => number): readonly Review[] {
  const isRight = new Map(paths.map(path => [path.path, path.isRight]));
  return queueOrder(paths, [...isRight.keys()].sort()).slice(0, decisionsMade).flatMap(({ path, sampled }, index): Review[] => {
    const first = { path, id: String(index), reviewedAtMs: index, ...(sampled ? { sampled } : {}) };
    const decision = random() < 0.05 ? 'unsure' : isRight.get(path) === true ? 'accept' : random() < 0.25 ? 'amend' : 'reject';
    const decided = { decision, ...(decision === 'amend' ? { amendedText: 'Put right.' } : {}) } as const;
    if (random() > 0.1) return [aReview({ ...first, ...decided })];
    return [aReview({ ...first, decision: 'accept' }), aReview({ path, id: `${index} again`, reviewedAtMs: index, supersedes: String(index), ...decided })];
  });
}

/** What one seed's reviews say, and what is so. */
function simulation(seed: number) {
  const random = seededRandom(seed);
  const paths = simulatedPaths(seed, random);
  const reviews = simulatedReviews(paths, random);
  const report = estimatePrecision(reviewedPaths(paths.map(({ path }) => path), reviews)) ?? assert.fail('nothing was drawn');
  const taken = new Map<string, Decision>(reviews.map(({ path, decision }) => [path, decision]));
  const left = paths.filter(({ path }) => taken.get(path) !== 'reject');
  const right = left.filter(({ path, isRight }) => isRight || taken.get(path) === 'amend').length;
  const shareOf = (chosen: readonly Review[]) => {
    const decided = new Map(chosen.flatMap(({ path }): [string, Decision][] => [[path, taken.get(path) ?? 'none']]));
    const [good, all] = [[...decided.values()].filter(decision => decision === 'accept').length, [...decided.values()].filter(decision => decision !== 'unsure').length];
    return { share: good / all, ...wilson(good, all), of: all };
  };
  return { report, exported: right / left.length, all: shareOf(reviews), drawn: shareOf(reviews.filter(({ sampled }) => sampled)) };
}

const holds = ({ low, high }: Estimate, share: number): boolean => low <= share && share <= high;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the precision of 2,000 paths after 200 decisions, the doubted first', () => {
  const seeds = Array.from({ length: 100 }, (_, seed) => seed);
  let found: readonly ReturnType<typeof simulation>[] = [];
  before(() => { found = seeds.map(simulation); });
  const times = (isSo: (each: ReturnType<typeof simulation>) => boolean): number => found.filter(isSo).length;

  it('lies in its interval as often as that promises', () => {
    assert.ok(times(({ report }) => holds(report.filtered, truePrecision)) >= 90);
    const bias = mean(found.map(({ report }) => report.filtered.share)) - truePrecision;
    assert.ok(Math.abs(bias) < 0.015, `off by ${bias}`);
  });

  it('lies there also for what is left of them after the rejects', () => {
    assert.ok(times(({ report, exported }) => holds(report.exported, exported)) >= 90);
    assert.ok(times(({ exported }) => exported > truePrecision + 0.02) >= 90, 'which is better than what the filters let through');
  });

  it('cannot be told from all reviewed paths, nor from those alone that were drawn', () => {
    assert.ok(times(({ all }) => holds(all, truePrecision)) < 10);
    assert.ok(mean(found.map(({ drawn }) => drawn.share)) > truePrecision + 0.01, 'few wrong ones are left to be drawn');
  });
});
