import assert from 'node:assert/strict';
import { Pace, progressOf } from '../../../src/engine/progress.ts';
import { RunCounts } from '../../../src/engine/runCounts.ts';
import { problemError } from '../../../src/core/model/problem.ts';
import { aTask } from '../../support/builders.ts';
import { FakeModel, SwiftClock } from '../../support/fakeModel.ts';
import { failure, good, prepare } from '../../support/runTrial.ts';

const pace = ({ calls = 0, inFlight = 0, goneMs = 0, bound = 'queue' as const as 'queue' | 'gone', elapsed = 0 }) =>
  new Pace({ counts: Object.assign(new RunCounts(), { calls }), inFlight, bound, goneMs: () => goneMs }, { elapsed, now: 0 });

describe('the pace of a run', () => {
  it('is of what has ended, and of a second at least: what leaves in the first moment is no rate', () => {
    assert.equal(pace({ calls: 64, inFlight: 64, elapsed: 2 }).callsPerSecond, 0);
    assert.equal(pace({ calls: 70, inFlight: 64, elapsed: 2 }).callsPerSecond, 6);
    assert.equal(pace({ calls: 264, inFlight: 64, elapsed: 4_000 }).callsPerSecond, 50);
  });

  it('says no time left before there is enough to tell', () => {
    assert.deepEqual([pace({ elapsed: 60_000 }).remainingMs(2, 10), pace({ elapsed: 1_000 }).remainingMs(50, 10), pace({ elapsed: 6_000 }).remainingMs(3, 10)], [null, null, 20_000]);
  });

  it('leaves out the time in which its servers were gone, and says no time left while they are', () => {
    const hour = 3_600_000;
    assert.equal(pace({ elapsed: hour + 6_000, goneMs: hour }).remainingMs(3, 10), 20_000);
    assert.equal(pace({ elapsed: hour + 6_000, goneMs: hour, calls: 12 }).callsPerSecond, 2);
    assert.equal(pace({ elapsed: hour + 6_000, goneMs: hour, bound: 'gone' }).remainingMs(3, 10), null);
  });

  it('of a run whose server was away for two hours is that of the rest', async () => {
    const clock = new SwiftClock();
    const beganMs = clock.nowMs();
    const away = () => clock.nowMs() - beganMs > 60_000 && clock.nowMs() - beganMs < 7_200_000;
    const model = new FakeModel((request, sample) => (away() ? failure('server-unreachable', true) : good(request, sample)));
    model.before = () => clock.sleep(200, new AbortController().signal);
    model.identity = () => {
      if (away()) throw problemError('server-unreachable', 'Nothing listens there.', { retryable: true });
      return 'fake';
    };
    const { runner } = await prepare({ clock, models: [model], tasks: Array.from({ length: 60 }, (_, index) => aTask({ id: `set/${index}` })) });
    const over = new AbortController();
    const seen: (number | null)[] = [];
    const view = { runId: 1, recipe: 'test', tasks: 60, simulated: true, runner, startedMs: beganMs };
    const ended = runner.run().finally(() => { over.abort(); });
    while (!over.signal.aborted) {
      const { remainingMs, notice } = progressOf(view, clock);
      if (notice?.startsWith('waiting for http') === true) assert.equal(remainingMs, null);
      seen.push(remainingMs);
      await new Promise(resolve => { setImmediate(resolve); });
    }
    assert.equal((await ended).state, 'completed');
    const told = seen.filter(each => each !== null);
    assert.ok(seen[0] === null && told.length > 10 && Math.max(...told) < 600_000, `${told.length}, at most ${Math.max(...told)} ms`);
    assert.ok(progressOf(view, clock).callsPerSecond > 1);
  });
});
