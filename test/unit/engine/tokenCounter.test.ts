import assert from 'node:assert/strict';
import type { ServerDescription } from '../../../src/ports/languageModel.ts';
import { TokenCounter } from '../../../src/engine/stepper/tokenCounter.ts';
import { FakeModel, SwiftClock } from '../../support/fakeModel.ts';
import { telling } from '../../support/stepperWorkshop.ts';

/** A model that answers what it is when a test says so, and counts how often it was asked and closed. */
class SlowModel extends FakeModel {
  asked = 0;
  counted = 0;
  closed = 0;
  aborted = 0;
  answers: Promise<void> = Promise.resolve();

  override async describe(signal?: AbortSignal): Promise<ServerDescription> {
    this.asked += 1;
    signal?.addEventListener('abort', () => { this.aborted += 1; });
    await this.answers;
    return super.describe();
  }

  override countTokens(): Promise<undefined> {
    this.counted += 1;
    return super.countTokens();
  }

  override async close(): Promise<void> {
    this.closed += 1;
  }
}

const setting = { baseUrl: 'http://fake/v1', model: 'fake', simulated: true };

function counting() {
  const [clock, made] = [new SwiftClock(), [] as SlowModel[]];
  let answers: Promise<void> = Promise.resolve();
  const createModel = ({ baseUrl }: { readonly baseUrl: string }) => {
    const model = new SlowModel(telling, baseUrl);
    model.answers = answers;
    made.push(model);
    return model;
  };
  return { clock, made, counter: new TokenCounter({ clock, createModel }), answer: (when: Promise<void>) => { answers = when; } };
}

describe('a server that is asked small things', () => {
  it('is asked what it is once a minute, whoever asks meanwhile', async () => {
    const { clock, made, counter } = counting();
    const said = await Promise.all([counter.describe(setting), counter.describe(setting)]);
    assert.deepEqual(said.map(each => each?.identity), ['fake', 'fake']);
    await counter.describe(setting);
    assert.deepEqual(made.map(({ asked }) => asked), [1]);
    clock.jump(60_000);
    await counter.describe(setting);
    assert.deepEqual(made.map(({ asked }) => asked), [2]);
  });

  it('is left in peace for as long when it does not answer', async () => {
    const { clock, made, counter, answer } = counting();
    const down = Promise.reject(new Error('down'));
    down.catch(() => undefined);
    answer(down);
    assert.deepEqual([await counter.describe(setting), await counter.describe(setting)], [undefined, undefined]);
    assert.equal(made[0]?.asked, 1);
    clock.jump(60_000);
    await counter.describe(setting);
    assert.equal(made[0].asked, 2);
    assert.deepEqual([await counter.count(setting, ['a']), await counter.count(setting, ['b']), made[0].counted], [undefined, undefined, 1]);
  });

  it('keeps nobody waiting who has gone, and goes on for the others', async () => {
    const { made, counter, answer } = counting();
    let open = (): void => undefined;
    answer(new Promise(resolve => { open = resolve; }));
    const stop = new AbortController();
    const [gone, stays] = [counter.describe(setting, stop.signal), counter.describe(setting)];
    stop.abort();
    assert.equal(await gone, undefined);
    assert.equal(await counter.describe(setting, stop.signal), undefined);
    open();
    assert.deepEqual([(await stays)?.identity, made[0]?.asked, made[0]?.aborted], ['fake', 1, 0]);
  });

  it('is closed when another takes its place, and every one that was opened in the end', async () => {
    const { made, counter, answer } = counting();
    answer(new Promise(() => undefined));
    void counter.describe(setting);
    void counter.describe({ ...setting, baseUrl: 'http://other/v1' });
    void counter.describe({ ...setting, baseUrl: 'http://other/v1' });
    await counter.close();
    assert.deepEqual(made.map(({ baseUrl, asked, aborted, closed }) => [baseUrl, asked, aborted, closed]), [['http://fake/v1', 1, 1, 1], ['http://other/v1', 1, 1, 1]]);
  });
});
