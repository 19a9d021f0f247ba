import assert from 'node:assert/strict';
import { Endpoint } from '../../../src/engine/endpoint.ts';
import { GoodputLimit } from '../../../src/engine/limit/goodputLimit.ts';
import { MetricsLimit } from '../../../src/engine/limit/metricsLimit.ts';
import type { ServerGauges } from '../../../src/ports/languageModel.ts';
import { FakeModel, SwiftClock } from '../../support/fakeModel.ts';
import { good } from '../../support/runTrial.ts';

const settled = () => new Promise<void>(resolve => { setImmediate(resolve); });

describe('an endpoint whose metrics page is late', () => {
  it('is steered by what comes back, from where it stands, until pages come soon again', async () => {
    const clock = new SwiftClock();
    const model = new FakeModel(good);
    const gauges: ServerGauges = { running: 64, waiting: 0 };
    model.gauges = gauges;
    const pages: ((page: ServerGauges) => void)[] = [];
    model.load = () => new Promise(resolve => { pages.push(resolve); });
    const endpoint = new Endpoint({
      baseUrl: model.baseUrl, model, clock, description: await model.describe(), identity: 'fake', role: 'generate', isKnown: () => true, onChange: () => undefined, onProblem: () => undefined,
    });
    const after = (ms: number) => { clock.jump(ms); endpoint.tick(clock.monotonicMs()); };
    const page = async () => { pages.shift()?.(gauges); await settled(); };

    endpoint.reserve('bulk', { messages: [], sampling: { temperature: 1, topP: 1, maxTokens: 1, stop: [] }, n: 32 });
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
