import assert from 'node:assert/strict';
import { RateBuckets } from '../../../../src/engine/limit/rateBuckets.ts';
import { RefusalLimit } from '../../../../src/engine/limit/refusalLimit.ts';

describe('the allowances of a hosted server', () => {
  const one = { requests: 1, tokens: 100 };

  it('allow everything while nothing is told', () => {
    assert.equal(new RateBuckets().waitMs(one, 0), 0);
  });

  it('count what was sent since, and what flows back', () => {
    const buckets = new RateBuckets();
    const receipt = buckets.sent(one, 0);
    for (let request = 0; request < 9; request += 1) buckets.sent(one, 0);
    // the headers were written when the first had arrived: 12 left, then 9 more were sent
    buckets.learn({ requests: { limit: 20, remaining: 12, resetMs: 7_000 } }, receipt, 100);
    assert.equal(buckets.waitMs(one, 100), 0);
    for (let request = 0; request < 3; request += 1) buckets.sent(one, 100);
    assert.equal(Math.round(buckets.waitMs(one, 100)), 1_000);
    assert.equal(Math.round(buckets.waitMs(one, 600)), 500);
    assert.equal(buckets.waitMs(one, 1_101), 0);
  });

  it('believe the newest request, in whatever order replies come', () => {
    const buckets = new RateBuckets();
    const [older, newer] = [buckets.sent(one, 0), buckets.sent(one, 0)];
    buckets.learn({ tokens: { limit: 1_000, remaining: 50, resetMs: 9_490 } }, newer, 10);
    buckets.learn({ tokens: { limit: 1_000, remaining: 900, resetMs: 1_000 } }, older, 11);
    assert.ok(Math.abs(buckets.waitMs(one, 11) - 499) < 2);
  });

  it('let a request wait for a full one that is larger than it', () => {
    const buckets = new RateBuckets();
    buckets.learn({ tokens: { limit: 60, remaining: 60, resetMs: 0 } }, buckets.sent({ requests: 1, tokens: 0 }, 0), 0);
    assert.equal(buckets.waitMs(one, 0), 0);
  });
});

describe('refusals for too many requests', () => {
  it('stop until the time that was named, take three tenths away once, and give them back', () => {
    const limit = new RefusalLimit();
    assert.equal(limit.allowed(0), Infinity);
    limit.refused({ sentAtMs: 90, nowMs: 100, inFlight: 100, retryAfterMs: 2_000 });
    for (let other = 0; other < 50; other += 1) limit.refused({ sentAtMs: 95, nowMs: 110, inFlight: 60, retryAfterMs: 2_000 });
    assert.equal(limit.untilMs, 2_110);
    assert.ok(Math.abs(limit.allowed(2_110) - 70) <= 1);
    assert.ok(limit.allowed(4_000) > 75 && limit.allowed(60_000) > 200);
    limit.allowed(120_000);
    assert.equal(limit.allowed(120_000), Infinity);
  });

  it('pause longer and longer where no time is named, and shortly again after an answer', () => {
    const limit = new RefusalLimit();
    const pauses = [1, 2, 3].map(turn => {
      const nowMs = turn * 100_000;
      limit.refused({ sentAtMs: nowMs - 1, nowMs, inFlight: 10 });
      return limit.untilMs - nowMs;
    });
    assert.deepEqual(pauses, [1_000, 2_000, 4_000]);
    limit.answered();
    limit.refused({ sentAtMs: 899_999, nowMs: 900_000, inFlight: 10 });
    assert.equal(limit.untilMs, 901_000);
  });

  it('that ask for no time at all are no complaint', () => {
    const limit = new RefusalLimit();
    limit.refused({ sentAtMs: 1, nowMs: 2, inFlight: 100, retryAfterMs: 0 });
    assert.deepEqual([limit.untilMs, limit.allowed(3)], [0, Infinity]);
  });

  it('that ask for no time at all and never end are paused for all the same', () => {
    const limit = new RefusalLimit();
    for (let refusal = 0; refusal < 200; refusal += 1) limit.refused({ sentAtMs: refusal, nowMs: refusal, inFlight: 10, retryAfterMs: 0 });
    assert.ok(limit.untilMs > 1_000);
  });
});
