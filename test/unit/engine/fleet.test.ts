import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../src/adapters/hash.ts';
import { taskId } from '../../../src/core/model/ids.ts';
import type { Endpoint } from '../../../src/engine/endpoint.ts';
import { Fleet } from '../../../src/engine/fleet.ts';
import { RetryQuota } from '../../../src/engine/retryQuota.ts';
import type { ChatReply } from '../../../src/ports/languageModel.ts';
import { aTask } from '../../support/builders.ts';
import { FakeModel, SwiftClock } from '../../support/fakeModel.ts';
import { failure, good, keptIn, trial } from '../../support/runTrial.ts';

const request = { messages: [], sampling: { temperature: 1, topP: 1, maxTokens: 10, stop: [] }, n: 1 };
const wish = { lane: 'bulk' as const, role: 'generate' as const, fixed: true, request, avoid: undefined };

async function aFleet(count: number): Promise<Fleet> {
  const models = Array.from({ length: count }, (_, index) => new FakeModel(good, `http://server-${index}/v1`));
  const servers = await Promise.all(models.map(async model => ({ baseUrl: model.baseUrl, model, description: await model.describe() })));
  return new Fleet({ servers, identity: 'fake', clock: new SwiftClock(), hash: sha256, log: () => undefined });
}

const taskOf = (number: number) => taskId(`set/${number}`);

describe('the servers of a run', () => {
  it('get the requests of a task at one place, and about as many of them each', async () => {
    const fleet = await aFleet(4);
    const homes = new Map<number, Set<Endpoint | undefined>>();
    for (let round = 0; round < 3; round += 1) {
      for (let task = 0; task < 400; task += 1) {
        const endpoint = fleet.place({ ...wish, task: taskOf(task) });
        homes.set(task, (homes.get(task) ?? new Set()).add(endpoint));
        endpoint?.release('bulk', request);
      }
    }
    assert.ok([...homes.values()].every(places => places.size === 1), 'without load every task stays at home');
    for (const endpoint of fleet.endpoints) assert.ok([...homes.values()].filter(places => places.has(endpoint)).length > 60);
  });

  it('are never loaded much over the mean, whatever is sent', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 8 }), fc.array(fc.nat(20), { minLength: 1, maxLength: 400 }), async (count, tasks) => {
      const fleet = await aFleet(count);
      for (const task of tasks) fleet.place({ ...wish, task: taskOf(task) });
      const loads = fleet.endpoints.map(endpoint => endpoint.inFlight);
      const mean = tasks.length / count;
      assert.ok(Math.max(...loads) <= 1.1 * mean + 5, loads.join());
    }), { numRuns: 30 });
  });

  it('lose only the tasks of the one that goes', async () => {
    const fleet = await aFleet(4);
    const placed = () => Array.from({ length: 200 }, (_, task) => {
      const endpoint = fleet.place({ ...wish, task: taskOf(task) });
      endpoint?.release('bulk', request);
      return endpoint;
    });
    const before = placed();
    const [gone] = fleet.endpoints;
    gone?.watch.leave({ code: 'server-unreachable', message: 'gone' }, 0);
    const after = placed();
    assert.ok(after.every((endpoint, task) => endpoint !== gone && (before[task] === gone || endpoint === before[task])));
  });

  it('that ask to be left alone stop nobody else', async () => {
    const refusing = new FakeModel(() => failure('server-rate-limited', true, 3_600_000), 'http://refusing/v1');
    const tasks = Array.from({ length: 30 }, (_, index) => aTask({ id: `set/${index}` }));
    const { store, end, clock } = await trial({ tasks, models: [refusing, new FakeModel(good, 'http://fine/v1')] });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.ok(refusing.requests.length <= 8, `${refusing.requests.length} requests before it was heard`);
    assert.ok(clock.nowMs() < 1_000_000 + 3_600_000, 'nobody waited for it');
  });

  it('are asked no faster than their headers allow', async () => {
    const clock = new SwiftClock();
    const [limit, perMs] = [20, 0.01];
    let [left, atMs, refused] = [limit, clock.nowMs(), 0];
    const model = new FakeModel((asked, sample): ChatReply => {
      left = Math.min(limit, left + (clock.nowMs() - atMs) * perMs);
      atMs = clock.nowMs();
      const allowed = left >= 1;
      if (allowed) left -= 1;
      else refused += 1;
      const limits = { requests: { limit, remaining: Math.floor(left), resetMs: (limit - left) / perMs } };
      const said = good(asked, sample);
      if (!allowed) return { ok: false, problem: { code: 'server-rate-limited', message: 'slow down', retryable: true }, limits };
      return { ok: true, choices: [{ text: typeof said === 'string' ? said : '', finish: 'stop' }], limits };
    });
    const tasks = Array.from({ length: 30 }, (_, index) => aTask({ id: `set/${index}` }));
    const { end, store } = await trial({ clock, tasks, models: [model] });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.ok(refused <= model.requests.length / 50, `${refused} of ${model.requests.length} were refused`);
  });
});

describe('the quota of retries', () => {
  it('is used up by failures, filled by success, and always lets one through', () => {
    const quota = new RetryQuota();
    let taken = 0;
    while (quota.take(5)) taken += 1;
    assert.equal(taken, 100);
    quota.ended(5, true);
    assert.ok(quota.take(5), 'what a success had cost comes back');
    for (let success = 0; success < 5; success += 1) quota.answered();
    assert.ok(quota.take(5));
    assert.equal(quota.take(5), false);
    for (let retry = 0; retry < 101; retry += 1) quota.ended(5, false);
    assert.ok(quota.take(10), 'nothing is under way: nothing else could fill it');
  });

  it('asks more for what timed out', () => {
    assert.deepEqual([RetryQuota.costOf({ code: 'timed-out', message: '' }), RetryQuota.costOf({ code: 'server-error', message: '' })], [10, 5]);
  });
});
