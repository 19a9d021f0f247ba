import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomOf } from '../../../src/demoServer/play/random.ts';
import { Schedule, type StepTime, type Ticket } from '../../../src/demoServer/schedule.ts';
import { HandClock } from './handClock.ts';

interface Request {
  readonly at: number;
  readonly tokens: readonly number[];
  readonly uncached: number;
}

/** When each request ends, step by step as a server would do it: the plain way to say what the schedule computes. */
function plainly(requests: readonly Request[], slots: number, { t0, c, p }: StepTime): number[] {
  const waiting = requests.flatMap((request, index) => request.tokens.map((left, place) => ({ index, left, at: request.at, prefill: place === 0 ? request.uncached * p : 0 })));
  const ends = requests.map(() => 0);
  let running: typeof waiting = [];
  let now = 0;
  while (running.length + waiting.length > 0) {
    if (running.length === 0) now = Math.max(now, waiting[0]?.at ?? 0);
    while (running.length < slots && waiting[0] !== undefined && waiting[0].at <= now + 1e-9) {
      const next = waiting.shift();
      if (next === undefined) break;
      now += next.prefill;
      running.push(next);
    }
    now += t0 + c * running.length;
    for (const sequence of running) {
      sequence.left -= 1;
      if (sequence.left <= 0) ends[sequence.index] = now;
    }
    running = running.filter(sequence => sequence.left > 0);
  }
  return ends;
}

function simulated(requests: readonly Request[], settings: { slots: number; stepTime: StepTime; lateMs?: number; compress?: number }): number[] {
  const clock = new HandClock(settings.lateMs);
  const schedule = new Schedule({ slots: settings.slots, stepTime: settings.stepTime, compress: settings.compress ?? 1, clock });
  const ends = requests.map(() => NaN);
  requests.forEach((request, index) => {
    clock.moveTo(request.at);
    schedule.submit({ uncachedTokens: request.uncached, sequenceTokens: request.tokens, onDone: () => { ends[index] = clock.now; } });
  });
  clock.moveTo(1e7);
  assert.equal(schedule.running + schedule.waiting, 0);
  return ends;
}

const close = (actual: readonly number[], expected: readonly number[], tolerance: number) => {
  for (const [at, value] of actual.entries()) assert.ok(Math.abs(value - (expected[at] ?? NaN)) <= tolerance, `${at}: ${value}, not ${expected[at] ?? NaN}`);
};

describe('the schedule', () => {
  it('takes a step for each token, longer the more sequences run', () => {
    const stepTime = { t0: 10, c: 2, p: 0.5 };
    close(simulated([{ at: 0, tokens: [5], uncached: 20 }], { slots: 4, stepTime }), [10 + 5 * 12], 1e-6);
    close(simulated([{ at: 0, tokens: [5, 5, 5], uncached: 0 }], { slots: 4, stepTime }), [5 * 16], 1e-6);
  });

  it('does what a server does step by step, for requests that come together', () => {
    const request = fc.record({ at: fc.constant(0), tokens: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }), uncached: fc.constant(0) });
    fc.assert(fc.property(fc.array(request, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 8 }), (requests, slots) => {
      const stepTime = { t0: 3, c: 0.5, p: 0.1 };
      close(simulated(requests, { slots, stepTime }), plainly(requests, slots, stepTime), 1e-6);
    }));
  });

  it('stays within a step of it for requests that come at any time', () => {
    const request = fc.record({ at: fc.integer({ min: 0, max: 400 }), tokens: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }), uncached: fc.integer({ min: 0, max: 30 }) });
    fc.assert(fc.property(fc.array(request, { minLength: 1, maxLength: 10 }), unsorted => {
      const requests = unsorted.toSorted((one, other) => one.at - other.at);
      const stepTime = { t0: 3, c: 0.5, p: 0.1 };
      // Arrivals join between steps there and within one here, so each may shift the others by a step and its own prefill.
      close(simulated(requests, { slots: 64, stepTime }), plainly(requests, 64, stepTime), requests.length * (3 + 0.5 * 30 + 3));
    }));
  });

  it('keeps its throughput when timers are late', () => {
    const requests = Array.from({ length: 200 }, (): Request => ({ at: 0, tokens: [10], uncached: 0 }));
    const stepTime = { t0: 1, c: 0, p: 0 };
    const punctual = simulated(requests, { slots: 4, stepTime });
    const late = simulated(requests, { slots: 4, stepTime, lateMs: 7 });
    assert.equal(Math.max(...punctual), 500);
    assert.ok(Math.max(...late) < 520, `${Math.max(...late)}`);
  });

  for (const { slots, compress, lateMs } of [{ slots: 64, compress: 1, lateMs: 0 }, { slots: 256, compress: 1, lateMs: 3 }, { slots: 64, compress: 10, lateMs: 7 }, { slots: 256, compress: 10, lateMs: 7 }]) {
    it(`spends no more and no less than its tokens cost while requests wait: ${slots} slots, compressed by ${compress}, timers ${lateMs} ms late`, () => {
      const stepTime = { t0: 10, c: 0.08, p: 0.08 };
      const clock = new HandClock(lateMs);
      const schedule = new Schedule({ slots, stepTime, compress, clock });
      const random = randomOf('makespan');
      const underWay = new Set<Ticket>();
      let [made, uncached, leastWaiting] = [0, 0, Infinity];
      const ask = () => {
        const [tokens, uncachedTokens] = [1 + random.below(300), random.below(200)];
        const ticket = schedule.submit({
          uncachedTokens, sequenceTokens: [tokens],
          onFirstToken: () => { uncached += uncachedTokens; },
          onDone: () => {
            made += tokens;
            underWay.delete(ticket);
            leastWaiting = Math.min(leastWaiting, schedule.waiting);
            clock.after(1, ask);
          },
        });
        underWay.add(ticket);
      };
      for (let index = 0; index < slots * 1.5; index += 1) ask();
      const simulatedMs = 120_000;
      clock.moveTo(simulatedMs / compress);
      for (const ticket of underWay) made += ticket.progress();
      assert.ok(leastWaiting > 0, 'the queue was never empty');
      const expectedMs = made * (stepTime.t0 / slots + stepTime.c) + uncached * stepTime.p;
      assert.ok(Math.abs(simulatedMs / expectedMs - 1) < 0.01, `${simulatedMs} ms, and the tokens cost ${expectedMs} ms`);
    });
  }

  it('is faster when time is compressed', () => {
    const stepTime = { t0: 10, c: 0, p: 0 };
    close(simulated([{ at: 0, tokens: [20], uncached: 0 }], { slots: 1, stepTime, compress: 10 }), [20], 1e-6);
  });

  it('tells how far it is, and forgets what is called off', () => {
    const clock = new HandClock();
    const schedule = new Schedule({ slots: 2, stepTime: { t0: 10, c: 0, p: 1 }, compress: 1, clock });
    const ended: string[] = [];
    const submit = (name: string, tokens: readonly number[]) => schedule.submit({ uncachedTokens: 0, sequenceTokens: tokens, onDone: () => ended.push(name) });
    const one = submit('one', [10]);
    const two = submit('two', [10]);
    const three = submit('three', [3]);
    assert.deepEqual([schedule.running, schedule.waiting], [2, 1]);
    clock.moveTo(45);
    assert.equal(one.progress(), 4);
    assert.equal(three.progress(), 0);
    two.abort();
    two.abort();
    assert.deepEqual([schedule.running, schedule.waiting], [2, 0]);
    clock.moveTo(1_000);
    assert.deepEqual(ended, ['three', 'one']);
    assert.equal(one.progress(), 10);
    one.abort();
    submit('long', [50, 50]);
    const five = submit('five', [5]);
    five.abort();
    assert.equal(schedule.waiting, 0);
    clock.moveTo(1_600);
    assert.deepEqual(ended, ['three', 'one', 'long']);
    submit('four', [5]);
    schedule.stop();
    clock.moveTo(3_000);
    assert.deepEqual(ended, ['three', 'one', 'long']);
  });

  it('takes more steps or fewer than tokens where it is told so', () => {
    const clock = new HandClock();
    const schedule = new Schedule({ slots: 4, stepTime: { t0: 10, c: 0, p: 0 }, compress: 1, clock });
    const ended: (readonly [string, number])[] = [];
    const submit = (name: string, steps: number | undefined) => schedule.submit({ uncachedTokens: 0, sequenceTokens: [10], sequenceSteps: steps === undefined ? undefined : [steps], onDone: () => ended.push([name, Math.round(clock.now)]) });
    const tickets = [submit('slow', 15), submit('quick', 7), submit('plain', undefined)];
    clock.moveTo(60);
    assert.deepEqual(tickets.map(ticket => ticket.progress()), [4, 8, 6]);
    clock.moveTo(1_000);
    assert.deepEqual(ended, [['quick', 70], ['plain', 100], ['slow', 150]]);
    assert.deepEqual(tickets.map(ticket => ticket.progress()), [10, 10, 10]);
  });

  it('says when the first token came', () => {
    const clock = new HandClock();
    const schedule = new Schedule({ slots: 1, stepTime: { t0: 10, c: 0, p: 1 }, compress: 1, clock });
    const seconds: number[] = [];
    for (const uncachedTokens of [30, 0]) schedule.submit({ uncachedTokens, sequenceTokens: [2], onDone: () => undefined, onFirstToken: each => seconds.push(each) });
    clock.moveTo(500);
    assert.deepEqual(seconds.map(each => Math.round(each * 1_000)), [40, 60]);
  });
});
