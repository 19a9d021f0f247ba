import assert from 'node:assert/strict';
import { problemError } from '../../../src/core/model/problem.ts';
import type { TrainTask } from '../../../src/core/model/task.ts';
import { progressOf } from '../../../src/engine/progress.ts';
import type { Runner } from '../../../src/engine/runner.ts';
import type { Store } from '../../../src/ports/store.ts';
import { aTask } from '../../support/builders.ts';
import { FakeModel, SwiftClock, type Script } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { failure, good, keptIn, prepare, trial } from '../../support/runTrial.ts';

const many = (count: number): TrainTask[] => Array.from({ length: count }, (_, index) => aTask({ id: `set/${index}` }));
const lostIn = (store: Store, tasks: readonly TrainTask[]) => tasks.flatMap(task => store.lost(task.id));
const noticeOf = (runner: Runner, clock: SwiftClock) => progressOf({ runId: 1, recipe: 'test', tasks: 1, simulated: true, runner, startedMs: 0 }, clock).notice;

/** A server that is away for a time of the clock, completions and all. */
function awayModel(clock: SwiftClock, { fromMs, untilMs, identityAfter = 'fake' }: { fromMs: number; untilMs: number; identityAfter?: string }) {
  const startMs = clock.nowMs();
  const away = () => clock.nowMs() - startMs >= fromMs && clock.nowMs() - startMs < untilMs;
  const model = new FakeModel((request, sample) => (away() ? failure('server-unreachable', true) : good(request, sample)));
  model.before = () => clock.sleep(10, new AbortController().signal);
  model.identity = () => {
    if (away()) throw problemError('server-unreachable', 'Nothing listens there.', { retryable: true });
    return clock.nowMs() - startMs >= untilMs ? identityAfter : 'fake';
  };
  return model;
}

describe('an outage', () => {
  it('is waited for however long it lasts, and makes no data', async () => {
    const clock = new SwiftClock();
    const tasks = many(60);
    const model = awayModel(clock, { fromMs: 20, untilMs: 7_200_000 });
    const store = new MemoryStore();
    const { end, runner } = await trial({ clock, store, tasks, models: [model] });
    assert.deepEqual(end, { state: 'completed' });
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.deepEqual(lostIn(store, tasks), []);
    assert.ok((runner.counts.failed.get('server-unreachable') ?? 0) < 40, 'few calls are wasted on it');
  });

  it('of completions alone is one too', async () => {
    const clock = new SwiftClock();
    const tasks = many(6);
    let answers = 40;
    const script: Script = (request, sample) => (answers-- > 0 || clock.nowMs() > 1_600_000 ? good(request, sample) : failure('server-error', true));
    const store = new MemoryStore();
    const { end, runner } = await trial({ clock, store, tasks, script, concurrency: 64 });
    assert.equal(end.state, 'completed');
    assert.deepEqual(lostIn(store, tasks), []);
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.ok((runner.counts.failed.get('server-error') ?? 0) < 400, `${runner.counts.failed.get('server-error')} calls were wasted on it`);
  });

  it('of a single task is waited for where the server cannot be reached at all', async () => {
    const clock = new SwiftClock();
    const store = new MemoryStore();
    const { end } = await trial({ clock, store, tasks: [aTask()], models: [awayModel(clock, { fromMs: 5, untilMs: 900_000 })], concurrency: 1 });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), [2]);
  });

  it('says since when and for what it waits, and is cancelled at once', async () => {
    const clock = new SwiftClock();
    const { runner } = await prepare({ clock, tasks: many(60), models: [awayModel(clock, { fromMs: 20, untilMs: Infinity })] });
    const ended = runner.run();
    let notice: string | undefined;
    for (let turn = 0; turn < 2_000 && notice === undefined; turn += 1) {
      await new Promise(resolve => { setImmediate(resolve); });
      notice = noticeOf(runner, clock);
    }
    assert.match(notice ?? '', /^waiting for http:\/\/fake\/v1, gone since 1970-01-01 00:16:40 UTC; asking again in \d+ s\. Nothing is lost; the run goes on when it is back\. /);
    assert.equal(runner.bound, 'gone');
    runner.stop({ state: 'cancelled' });
    assert.equal((await ended).state, 'cancelled');
  });

  it('after which another model is served pauses the run and says what to do', async () => {
    const clock = new SwiftClock();
    const { end } = await trial({ clock, tasks: many(60), models: [awayModel(clock, { fromMs: 20, untilMs: 60_000, identityAfter: 'fake|root=other' })] });
    assert.equal(end.state, 'paused');
    assert.equal(end.problem?.code, 'model-mismatch');
    assert.match(end.problem.message, /http:\/\/fake\/v1 serves another model: this run was begun with fake, and now it serves fake\|root=other\. Serve the first one there again and resume/);
  });

  it('is not needed for a swapped model to be noticed', async () => {
    const clock = new SwiftClock();
    const model = awayModel(clock, { fromMs: 0, untilMs: 0 });
    model.identity = () => (model.requests.length > 50 ? 'fake|root=other' : 'fake');
    // each call takes ten seconds
    model.before = () => clock.sleep(10_000, new AbortController().signal);
    const { end } = await trial({ clock, tasks: many(200), models: [model], concurrency: 1 });
    assert.equal(end.problem?.code, 'model-mismatch');
  });

  it('of one replica leaves the work to the other, and it is joined again', async () => {
    const clock = new SwiftClock();
    const tasks = many(40);
    const steady = new FakeModel(good, 'http://steady/v1');
    const other = awayModel(clock, { fromMs: 30, untilMs: 300 });
    const store = new MemoryStore();
    const { end } = await trial({ clock, store, tasks, models: [steady, other] });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.ok(steady.requests.length > 0 && other.requests.length > 0);
  });

  it('at the beginning is one too where another replica answers', async () => {
    const clock = new SwiftClock();
    const tasks = many(100);
    const steady = new FakeModel(good, 'http://steady/v1');
    steady.before = () => clock.sleep(10, new AbortController().signal);
    const late = awayModel(clock, { fromMs: 0, untilMs: 500 });
    const { end, store } = await trial({ clock, tasks, models: [steady], absent: [late] });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.ok(late.requests.length > 0, 'it was joined');
  });

  it('does not wear down the tries of a call', async () => {
    const clock = new SwiftClock();
    const startMs = clock.nowMs();
    const away = () => Math.floor((clock.nowMs() - startMs) / 5_000) % 2 === 1;
    const model = new FakeModel((request, sample) => (away() ? failure('server-unreachable', true) : good(request, sample)));
    model.identity = () => {
      if (away()) throw problemError('server-unreachable', 'Nothing listens there.');
      return 'fake';
    };
    const tasks = many(60);
    const { store, end } = await trial({ clock, tasks, models: [model] });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
  });
});

describe('a failing call', () => {
  it('that the server refuses for good is not asked again', async () => {
    const script: Script = (request, sample) => (request.messages.some(({ content }) => content.includes('set/2')) ? failure('context-overflow', false) : good(request, sample));
    const { model, store, runner } = await trial({ script });
    assert.equal(runner.counts.failed.get('context-overflow'), store.lost(aTask({ id: 'set/2' }).id).length);
    assert.equal(model.requests.length, new Set(model.requests.map(request => JSON.stringify(request))).size);
  });

  it('that came too often uses up no try, however often that is', async () => {
    let refusals = 40;
    const { end, store } = await trial({ tasks: [aTask()], concurrency: 1, script: (request, sample) => (refusals-- > 0 ? failure('server-rate-limited', true) : good(request, sample)) });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), [2]);
  });

  it('of an account without credit pauses the run: nobody else would be answered', async () => {
    const { end, store } = await trial({ script: () => failure('server-rate-limited', false) });
    assert.deepEqual([end.state, end.problem?.code], ['paused', 'server-rate-limited']);
    assert.equal(store.lost(aTask().id).length, 0);
  });

  it('for a model that the server says it does not have is tried again, and ends the run before anything is lost', async () => {
    const unknown = failure('server-unknown-model', false);
    let left = 5;
    const passing = await trial({ script: (request, sample) => (left-- > 0 ? unknown : good(request, sample)) });
    assert.deepEqual([passing.end, keptIn(passing.store)], [{ state: 'completed' }, [2, 2]]);
    const lasting = await trial({ script: () => unknown });
    assert.deepEqual([lasting.end.state, lasting.end.problem?.code, lostIn(lasting.store, [aTask(), aTask({ id: 'set/2' })])], ['failed', 'server-unknown-model', []]);
  });

  it('for a model that is gone pauses the run as soon as the server has been asked', async () => {
    const model: FakeModel = new FakeModel((request, sample) => (model.requests.length < 20 ? good(request, sample) : failure('server-unknown-model', false)));
    model.identity = () => {
      if (model.requests.length < 20) return 'fake';
      throw problemError('server-unknown-model', 'It has tiny.');
    };
    const { end, store, runner } = await trial({ models: [model], tasks: many(20) });
    assert.deepEqual([end.state, end.problem?.code, lostIn(store, many(20))], ['paused', 'model-mismatch', []]);
    assert.ok((runner.counts.failed.get('server-unknown-model') ?? 0) < 20);
  });

  it('that finds nobody who answers completions ends the run at once where none was answered yet, and is waited for where one was', async () => {
    const nobody = failure('server-bad-request', true);
    const never = await trial({ script: () => nobody, tasks: many(20) });
    assert.deepEqual([never.end.state, never.end.problem?.code, lostIn(never.store, many(20))], ['failed', 'server-bad-request', []]);
    for (const tasks of [many(20), [aTask()]]) {
      const clock = new SwiftClock();
      let answers = 3;
      const away = () => answers <= 0 && clock.nowMs() < 1_900_000;
      const model = new FakeModel((request, sample) => {
        answers -= 1;
        return away() ? nobody : good(request, sample);
      });
      model.identity = () => {
        if (away()) throw problemError('server-bad-request', 'Not found.', { retryable: true });
        return 'fake';
      };
      const { end, store } = await trial({ clock, models: [model], tasks });
      assert.deepEqual([end.state, lostIn(store, tasks), keptIn(store)], ['completed', [], tasks.map(() => 2)]);
    }
    const missing = new FakeModel(() => nobody, 'http://missing/v1');
    const { end, store } = await trial({ models: [missing, new FakeModel(good, 'http://fine/v1')], tasks: many(20) });
    assert.deepEqual([end.state, keptIn(store)], ['completed', many(20).map(() => 2)]);
  });

  it('is tried again at another replica', async () => {
    const bad = new FakeModel(() => failure('server-error', true), 'http://bad/v1');
    const fine = new FakeModel(good, 'http://fine/v1');
    const tasks = many(20);
    const { store } = await trial({ tasks, models: [bad, fine] });
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
  });

  it('does not multiply the traffic to a server that fails half of all calls', async () => {
    const tasks = many(150);
    const seen = new Map<string, number>();
    const script: Script = (request, sample) => {
      const key = `${request.seed} ${request.stage} ${request.messages[0]?.content ?? ''}`;
      const tries = (seen.get(key) ?? 0) + 1;
      seen.set(key, tries);
      return tries < 3 ? failure('server-error', true) : good(request, sample);
    };
    const { store, end } = await trial({ tasks, script });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
  });

  it('of a server that fails most of them does not leave ever more tasks half done', async () => {
    const clock = new SwiftClock();
    let asked = 0;
    const model = new FakeModel((request, sample) => ((asked += 1) % 5 < 3 ? failure('server-error', true) : good(request, sample)));
    const { runner } = await prepare({ clock, tasks: many(300), models: [model] });
    let most = 0;
    model.before = () => {
      most = Math.max(most, runner.activeTasks);
      return clock.sleep(10, new AbortController().signal);
    };
    assert.equal((await runner.run()).state, 'completed');
    assert.ok(most < 100, `${most} tasks of 300 were begun at a time`);
  });
});

describe('a machine that slept', () => {
  it('drops what was under way, asks it again beside all quotas, and says so once', async () => {
    const clock = new SwiftClock();
    const model = new FakeModel(good);
    let slept = false;
    model.before = () => {
      if (slept || model.requests.length < 20) return Promise.resolve();
      if (model.requests.length === 27) {
        slept = true;
        clock.jump(3_600_000);
      }
      return new Promise(() => undefined); // never answered: the connection died in its sleep
    };
    const store = new MemoryStore();
    const { end, log, runner } = await trial({ clock, store, tasks: many(6), models: [model] });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), many(6).map(() => 2));
    assert.deepEqual(log, ['The machine slept for 3600 s. Calls that were under way are asked again.']);
    const unknown = many(6).flatMap(task => store.attempts(task.id)).filter(attempt => attempt.state === 'unknown');
    assert.equal(unknown.length, runner.counts.failed.get('outcome-unknown'));
    assert.ok(unknown.length > 0 && unknown.every(attempt => attempt.problem?.code === 'outcome-unknown'));
  });
});
