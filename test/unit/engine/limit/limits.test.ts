import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GoodputLimit } from '../../../../src/engine/limit/goodputLimit.ts';
import { MetricsLimit } from '../../../../src/engine/limit/metricsLimit.ts';
import { simulate, type SimulationOptions } from '../../../support/simulation.ts';

/** Output tokens of choose, adapt, structure and path, and of short answers alone. */
const mixes = { method: [60, 45, 250, 350], short: [45, 90, 120] };
const stepTime = { t0: 2, c: 0.02, p: 0.01 };
const base = { stepTime, durationMs: 90_000, warmMs: 15_000 };

const endless = fc.record({
  slots: fc.constantFrom(16, 64, 256, 1024), roundTripMs: fc.integer({ min: 1, max: 50 }), mix: fc.constantFrom(mixes.method, mixes.short), seed: fc.nat(1_000),
});

/** The best of some limits that were set. */
function bestFixed(options: Omit<SimulationOptions, 'controller'>): number {
  const rates = [1.1, 1.3, 1.6].map(factor => simulate({ ...options, controller: { allowed: Math.round(options.slots * factor + 8) } }).tokensPerSecond);
  return Math.max(...rates);
}

describe('the limit from what a server says of itself', () => {
  it('keeps the slots full and the queue short', () => {
    fc.assert(fc.property(endless, trial => {
      const { running, waiting, tokensPerSecond } = simulate({ ...base, ...trial, controller: new MetricsLimit() });
      assert.ok(running >= 0.97 * trial.slots, `${running} of ${trial.slots} run`);
      assert.ok(waiting / running > 0.02 && waiting / running < 0.2, `${waiting} wait, ${running} run`);
      assert.ok(tokensPerSecond >= 0.975 * bestFixed({ ...base, ...trial }));
    }), { numRuns: 12 });
  });

  it('finds the new one when the server has half of its slots', () => {
    fc.assert(fc.property(endless, trial => {
      const later = { slots: trial.slots / 2, fromMs: 30_000 };
      const { running, waiting } = simulate({ ...base, ...trial, warmMs: 60_000, slotsLater: later, controller: new MetricsLimit() });
      assert.ok(running >= 0.97 * later.slots);
      assert.ok(waiting / running > 0.02 && waiting / running < 0.26, `${waiting} wait, ${running} run`);
    }), { numRuns: 8 });
  });

  const own = { inFlight: 40, binding: true, most: 4096 };
  const steady = (limit: MetricsLimit, gauges: Parameters<MetricsLimit['sample']>[0], times = 40) => {
    for (let sample = 0; sample < times; sample += 1) limit.sample(gauges, { ...own, inFlight: Math.min(limit.allowed, gauges.running + gauges.waiting) });
    return limit.allowed;
  };

  it('does not grow where it does not bind', () => {
    const limit = new MetricsLimit();
    const first = limit.allowed;
    for (let sample = 0; sample < 40; sample += 1) limit.sample({ running: 5, waiting: 0 }, { inFlight: 5, binding: false, most: 4096 });
    assert.equal(limit.allowed, first);
  });

  it('shrinks when sequences are put back', () => {
    const limit = new MetricsLimit();
    const before = steady(limit, { running: 64, waiting: 5, preemptions: 3 });
    limit.sample({ running: 64, waiting: 5, preemptions: 4 }, own);
    assert.ok(limit.allowed < 0.95 * before);
    assert.ok(limit.cacheBound);
  });

  it('shrinks while the cache is full, as long as that helps', () => {
    const limit = new MetricsLimit();
    const before = steady(limit, { running: 64, waiting: 5, cacheRatio: 0.5 });
    let ratio = 0.99;
    for (let sample = 0; sample < 20; sample += 1) {
      limit.sample({ running: 64, waiting: 5, cacheRatio: ratio }, { ...own, inFlight: limit.allowed });
      ratio = Math.max(0.9, ratio - 0.01);
    }
    assert.ok(limit.allowed < 0.85 * before, `${limit.allowed} of ${before}`);
    const deaf = new MetricsLimit();
    steady(deaf, { running: 64, waiting: 5, cacheRatio: 0.5 });
    for (let sample = 0; sample < 200; sample += 1) deaf.sample({ running: 64, waiting: deaf.allowed > 64 ? 5 : 0, cacheRatio: 1 }, { ...own, inFlight: deaf.allowed });
    assert.ok(deaf.allowed >= 64, 'a gauge that nothing moves is not believed');
    assert.equal(deaf.cacheBound, false);
  });

  it('shortens only its own share of a queue that others made', () => {
    const limit = new MetricsLimit();
    for (let sample = 0; sample < 100; sample += 1) limit.sample({ running: 64, waiting: 200 }, { ...own, inFlight: limit.allowed });
    assert.ok(limit.allowed >= 2 && limit.allowed < 32);
  });
});

describe('the limit from what comes back', () => {
  it('comes near the best that could have been set', () => {
    const trials = fc.record({ slots: fc.constantFrom(16, 64, 256), roundTripMs: fc.integer({ min: 1, max: 50 }), mix: fc.constantFrom(mixes.method, mixes.short), seed: fc.nat(1_000) });
    fc.assert(fc.property(trials, trial => {
      const options = { ...base, durationMs: 240_000, warmMs: 30_000, ...trial };
      const { tokensPerSecond } = simulate({ ...options, controller: new GoodputLimit() });
      const best = bestFixed(options);
      assert.ok(tokensPerSecond >= 0.96 * best, `${tokensPerSecond / best}`);
    }), { numRuns: 10 });
  });

  it('does not let the queue grow for ever, and finds a smaller server', () => {
    for (const slots of [16, 64, 256]) {
      const { waiting, running } = simulate({ ...base, durationMs: 400_000, warmMs: 300_000, slots, roundTripMs: 10, mix: mixes.short, seed: 5, slotsLater: { slots: slots / 2, fromMs: 100_000 }, controller: new GoodputLimit() });
      assert.ok(running >= 0.9 * (slots / 2));
      assert.ok(waiting < 1.2 * slots, `${waiting} wait for ${slots / 2} slots`);
    }
  });
});
