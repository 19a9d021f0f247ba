import assert from 'node:assert/strict';
import { Endpoint } from '../../../src/engine/endpoint.ts';
import { GoodputLimit } from '../../../src/engine/limit/goodputLimit.ts';
import { MetricsLimit } from '../../../src/engine/limit/metricsLimit.ts';
import type { ServerGauges } from '../../../src/ports/languageModel.ts';
import { FakeModel, SwiftClock } from '../../support/fakeModel.ts';
import { good } from '../../support/runTrial.ts';

const settled = () => new Promise<void>(resolve => { setImmediate(resolve); });

async function anEndpoint() {
  const clock = new SwiftClock();
  const model = new FakeModel(good);
  model.gauges = { running: 0, waiting: 0 };
  const pages: ((page: ServerGauges) => void)[] = [];
  model.load = () => new Promise(resolve => { pages.push(resolve); });
  const endpoint = new Endpoint({
    baseUrl: model.baseUrl, model, clock, description: await model.describe(), identity: 'fake', role: 'generate', isKnown: () => true, onChange: () => undefined, onProblem: () => undefined,
  });
  const after = (ms: number) => { clock.jump(ms); endpoint.tick(clock.monotonicMs()); };
  const page = async (gauges: ServerGauges) => { pages.shift()?.(gauges); await settled(); };
  const send = (n: number) => { endpoint.reserve('bulk', { messages: [], sampling: { temperature: 1, topP: 1, maxTokens: 1, stop: [] }, n }); };
  const dueInMs = () => endpoint.nextDueMs(clock.monotonicMs()) - clock.monotonicMs();
  return { endpoint, clock, pages, after, page, send, dueInMs };
}

describe('an endpoint that looks for its limit', () => {
  it('asks for the page soon while more would be sent, and seldom once something waits there', async () => {
    const { endpoint, after, page, send, dueInMs } = await anEndpoint();
    after(0);
    await page({ running: 0, waiting: 0 });
    assert.equal(dueInMs(), 250, 'nothing was sent yet');
    after(10);
    send(endpoint.limit.allowed);
    endpoint.want(true);
    assert.equal(dueInMs(), 60);
    for (const limit of [128, 256, 512]) {
      after(60);
      await page({ running: limit / 2, waiting: 0 });
      assert.deepEqual([endpoint.limit.allowed, dueInMs()], [limit, 60]);
      send(limit / 2);
    }
    // one page may be of a moment that was: two agree
    for (const _page of [1, 2]) {
      after(60);
      await page({ running: 256, waiting: 256 });
    }
    assert.ok(endpoint.limit.allowed < 300 && !endpoint.limit.ramping, `${endpoint.limit.allowed}`);
    assert.equal(dueInMs(), 250);
    await endpoint.close();
  });

  it('asks for it seldom where nothing more would be sent', async () => {
    const { endpoint, after, page, send, dueInMs } = await anEndpoint();
    after(0);
    send(5);
    endpoint.want(false);
    for (let polls = 0; polls < 3; polls += 1) {
      await page({ running: 5, waiting: 0 });
      assert.equal(dueInMs(), 250);
      after(250);
    }
    await endpoint.close();
  });
});

describe('an endpoint whose metrics page is late', () => {
  it('is steered by what comes back, from where it stands, until pages come soon again', async () => {
    const { endpoint, clock, pages, after, page: give, send } = await anEndpoint();
    const gauges: ServerGauges = { running: 64, waiting: 0 };
    const page = () => give(gauges);

    send(32);
    endpoint.want(true);
    after(0);
    await page(); // at once: as many in flight as may be, nothing waits
    const reached = endpoint.limit.allowed;
    assert.ok(endpoint.limit instanceof MetricsLimit && reached >= 32);

    after(1_000);
    after(1_900);
    assert.ok(endpoint.limit instanceof MetricsLimit, 'a page may take two seconds');
    after(200);
    assert.ok(endpoint.limit instanceof GoodputLimit);
    assert.equal(endpoint.limit.allowed, reached);
    clock.jump(5_000);
    await page();
    assert.deepEqual([endpoint.limit instanceof GoodputLimit, endpoint.gauges], [true, gauges], 'a late page is shown and steers nothing');

    after(1_000);
    assert.equal(pages.length, 1, 'it is asked on');
    await page();
    assert.ok(endpoint.limit instanceof MetricsLimit);
    await endpoint.close();
  });
});
