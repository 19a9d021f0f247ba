import assert from 'node:assert/strict';
import { isKept } from '../../../src/core/model/outcome.ts';
import type { Runner } from '../../../src/engine/runner.ts';
import { aGuideline, aRecipe, aRound, aStage, aTask } from '../../support/builders.ts';
import { SwiftClock, type Script } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { failure, good, keptIn, trial } from '../../support/runTrial.ts';

describe('running a recipe', () => {
  it('settles every task and counts what it did', async () => {
    const { store, end, runner } = await trial();
    assert.deepEqual(end, { state: 'completed' });
    assert.deepEqual(keptIn(store), [2, 2]);
    assert.equal(runner.tasksByState().solved, 2);
    assert.equal(runner.counts.kept, 4);
    assert.deepEqual(store.counters(), store.recount());
  });

  it('asks nothing the second time', async () => {
    const first = await trial();
    const again = await trial({ store: first.store });
    assert.equal(again.model.requests.length, 0);
    assert.equal(again.runner.counts.cached, [...first.store.outcomes()].flatMap(outcome => outcome.branches.flatMap(branch => Object.keys(branch.answers))).length);
    assert.equal(again.end.state, 'completed');
  });

  it('counts what it took from the store also where a stage is left out', async () => {
    const allowed = new Set(['adapt'] as const);
    const first = await trial({ context: { allowed } });
    const again = await trial({ store: first.store, context: { allowed } });
    assert.equal(again.model.requests.length, 0);
    assert.deepEqual([first.runner.counts.cached, again.runner.counts.cached], [0, first.runner.counts.stages[0]?.done]);
  });

  it('records a request as sent before it leaves', async () => {
    const store = new MemoryStore();
    const seen: string[] = [];
    await trial({ store, meanwhile: (_runner, model) => {
      model.before = ({ stage }) => {
        seen.push(...store.attempts(aTask().id).filter(attempt => attempt.call.stage === stage && attempt.state === 'sent').map(attempt => attempt.state));
        return Promise.resolve();
      };
    } });
    assert.ok(seen.length > 0);
  });

  it('never has more requests in flight than it may', async () => {
    let [now, most] = [0, 0];
    await trial({ concurrency: 3, tasks: Array.from({ length: 10 }, (_, index) => aTask({ id: `set/${index}` })), meanwhile: (_runner, model) => {
      model.before = async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise(resolve => { setImmediate(resolve); });
        now -= 1;
      };
    } });
    assert.equal(most, 3);
  });

  it('tries again what may succeed later, after the time that the server asked for', async () => {
    let failures = 2;
    const { model, end, clock, runner } = await trial({ script: (request, sample) => (failures-- > 0 ? failure('server-rate-limited', true, 7000) : good(request, sample)) });
    assert.equal(end.state, 'completed');
    assert.equal(runner.counts.failed.get('server-rate-limited'), 2);
    assert.ok(clock.nowMs() >= 1_007_000, 'it waited');
    assert.ok(model.requests.length > 12);
  });

  it('says what every call waits for, and nothing while one is under way', async () => {
    const seen = new Set<string | undefined>();
    let watched: Runner | undefined;
    class WatchingClock extends SwiftClock {
      override sleep(delayMs: number, signal: AbortSignal): Promise<void> {
        seen.add(watched?.waiting?.problem.code);
        return super.sleep(delayMs, signal);
      }
    }
    let failures = 5;
    const script: Script = (request, sample) => (failures-- > 0 ? failure('server-rate-limited', true, 7000) : good(request, sample));
    await trial({ tasks: [aTask()], script, clock: new WatchingClock(), meanwhile: runner => { watched = runner; } });
    assert.deepEqual(seen, new Set([undefined, 'server-rate-limited']));
  });

  it('gives up a request that never succeeds, with its reason, and never asks for it again unless told', async () => {
    const script: Script = (request, sample) => (request.stage === 'structure' && request.messages.some(message => message.content.includes('set/2')) ? failure('server-error', true) : good(request, sample));
    const { store, end } = await trial({ script });
    assert.equal(end.state, 'completed');
    const [, second] = [...store.outcomes()];
    assert.equal(second?.state, 'failed');
    assert.deepEqual(second.branches[0]?.loss, { step: 'stage-structure', reason: 'server-error' });
    assert.equal((await trial({ store })).model.requests.length, 0);
    assert.ok(store.retryLost() > 0);
    const retried = await trial({ store });
    assert.ok(retried.model.requests.length > 0);
    assert.deepEqual(keptIn(store), [2, 2]);
  });

  it('tops up a reply with fewer choices than it asked for', async () => {
    const round = aRound({ count: 0, choices: [aGuideline('advice-a'), aGuideline('advice-b')], choose: { ...aStage('choose'), samples: 5, picks: [2, 2] } });
    const short: Script = (request, sample) => (request.stage !== 'choose' ? good(request, sample)
      : request.n > 2 ? { ok: true, choices: Array.from({ length: 2 }, () => ({ text: 'advice-a, advice-b', finish: 'stop' as const })) } : 'advice-a, advice-b');
    const { model, store } = await trial({ tasks: [aTask()], script: short, context: { mode: 'all', recipe: aRecipe({ rounds: { 1: round } }) } });
    const choose = model.requests.filter(request => request.stage === 'choose');
    assert.deepEqual(choose.map(request => request.n), [5, 3, 1]);
    assert.deepEqual(choose.map(request => request.seed - (choose[0]?.seed ?? 0)), [0, 2, 4]);
    assert.equal(store.outcome(aTask().id)?.branches.length, 5);
  });

  it('sends one request a draw where the server has no n, with the same seeds', async () => {
    const round = aRound({ count: 0, choices: [aGuideline('advice-a'), aGuideline('advice-b')], choose: { ...aStage('choose'), samples: 4, picks: [2, 2] } });
    const choosing: Script = (request, sample) => (request.stage === 'choose' ? 'advice-a, advice-b' : good(request, sample));
    const { model } = await trial({ tasks: [aTask()], script: choosing, serverHasN: false, context: { recipe: aRecipe({ rounds: { 1: round } }) } });
    const choose = model.requests.filter(request => request.stage === 'choose');
    assert.deepEqual(choose.map(request => [request.n, request.seed - (choose[0]?.seed ?? 0)]), [[1, 0], [1, 1], [1, 2], [1, 3]]);
  });

  it('pauses on a wrong key instead of making failures of it', async () => {
    const { end, store } = await trial({ script: () => failure('server-wrong-key', false) });
    assert.equal(end.state, 'paused');
    assert.equal(end.problem?.code, 'server-wrong-key');
    assert.equal(store.lost(aTask().id).length, 0);
  });

  it('takes a page in the place of an answer for a gateway that stumbles, and asks again', async () => {
    let pages = 4;
    const { end, store } = await trial({ script: (request, sample) => (pages-- > 0 ? failure('reply-unreadable', false) : good(request, sample)) });
    assert.equal(end.state, 'completed');
    assert.deepEqual(keptIn(store), [2, 2]);
  });

  it('is not done where every request was refused, and says why', async () => {
    const { store, end } = await trial({ script: () => failure('server-bad-request', false) });
    assert.equal(end.state, 'failed');
    assert.match(end.problem?.message ?? '', /^Not one request of this run was answered.*--retry-lost\. server-bad-request$/);
    const again = await trial({ store, script: () => assert.fail('asked again') });
    assert.equal(again.end.state, 'completed');
    store.retryLost();
    assert.deepEqual(keptIn((await trial({ store })).store), [2, 2]);
  });

  it('stops before more requests are sent than the budget allows', async () => {
    const { end, model, store } = await trial({ maxCalls: 5 });
    assert.equal(end.state, 'paused');
    assert.equal(end.problem?.code, 'budget-spent');
    assert.equal(model.requests.length, 5);
    assert.equal(store.answers(aTask().id).length + store.answers(aTask({ id: 'set/2' }).id).length, 5, 'what was under way is kept');
  });

  it('cancels down to the request, keeps what had arrived, and goes on the next time', async () => {
    const whole = await trial();
    const store = new MemoryStore();
    const { end, model } = await trial({ store, meanwhile: (runner, fake) => {
      fake.before = () => {
        if (fake.requests.length === 9) runner.stop({ state: 'cancelled' });
        return Promise.resolve();
      };
    } });
    assert.equal(end.state, 'cancelled');
    const stored = store.answers(aTask().id).length + store.answers(aTask({ id: 'set/2' }).id).length;
    assert.ok(stored > 0 && stored < whole.model.requests.length);
    const rest = await trial({ store });
    assert.equal(rest.end.state, 'completed');
    assert.ok(rest.model.requests.length <= whole.model.requests.length - stored + model.requests.length - stored);
    assert.deepEqual([...store.outcomes()].map(({ runId: _run, ...outcome }) => outcome.branches.filter(isKept).map(branch => branch.answers.path)),
      [...whole.store.outcomes()].map(outcome => outcome.branches.filter(isKept).map(branch => branch.answers.path)));
  });
});
