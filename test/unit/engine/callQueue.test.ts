import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CallQueue, type QueuedCall } from '../../../src/engine/callQueue.ts';

let made = 0;
const anItem = (taskOrder: number, notBeforeMs = 0): QueuedCall => ({
  call: { stage: 'path', messages: [{ role: 'user', content: String(made++) }], sampling: { temperature: 1, topP: 1, maxTokens: 1, stop: [] }, answers: [] },
  tries: 0, strikes: 0, taskOrder, notBeforeMs,
});

describe('the queue of calls', () => {
  it('gives the calls of the earliest task first, in order, and delayed ones when their time has come', () => {
    const queue = new CallQueue();
    const [late, second, first, delayed] = [anItem(2), anItem(1), anItem(1), anItem(0, 50)];
    for (const item of [late, second, first, delayed]) queue.add(item);
    assert.deepEqual([queue.size, queue.ready, queue.nextReadyMs], [4, 3, 50]);
    queue.wake(49);
    assert.equal(queue.take(), second);
    queue.putBack(second);
    queue.wake(50);
    assert.deepEqual([queue.take(), queue.take(), queue.take(), queue.take(), queue.take()], [delayed, second, first, late, undefined]);
    assert.deepEqual([queue.size, queue.nextReadyMs], [0, undefined]);
  });

  it('does as a plain list would, whatever is done with it', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), order: fc.nat(5), delay: fc.option(fc.integer({ min: 1, max: 20 }), { nil: 0 }) }),
      fc.record({ kind: fc.constantFrom('take' as const, 'clear' as const, 'putBack' as const) }),
      fc.record({ kind: fc.constant('drop' as const), order: fc.nat(5) }),
      fc.record({ kind: fc.constant('wake' as const), ms: fc.nat(20) }),
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const queue = new CallQueue();
      let ready: QueuedCall[] = [];
      let delayed: QueuedCall[] = [];
      const next = () => ready.toSorted((one, other) => one.taskOrder - other.taskOrder)[0];
      for (const each of steps) {
        if (each.kind === 'add') {
          const item = anItem(each.order, each.delay);
          queue.add(item);
          (each.delay > 0 ? delayed : ready).push(item);
        } else if (each.kind === 'take' || each.kind === 'putBack') {
          const expected = next();
          assert.equal(queue.take(), expected);
          ready = ready.filter(item => item !== expected);
          if (each.kind === 'putBack' && expected) {
            queue.putBack(expected);
            ready.unshift(expected);
          }
        } else if (each.kind === 'drop') {
          const dropped = new Set(queue.dropTask(each.order));
          assert.deepEqual(dropped, new Set([...ready, ...delayed].filter(item => item.taskOrder === each.order)));
          ready = ready.filter(item => !dropped.has(item));
          delayed = delayed.filter(item => !dropped.has(item));
        } else if (each.kind === 'wake') {
          queue.wake(each.ms);
          // those of one moment become ready in any order
          const due = delayed.filter(item => item.notBeforeMs <= each.ms);
          delayed = delayed.filter(item => item.notBeforeMs > each.ms);
          if (new Set(due.map(item => item.taskOrder)).size < due.length) return;
          ready.push(...due);
        } else {
          queue.clear();
          [ready, delayed] = [[], []];
        }
        assert.deepEqual([queue.ready, queue.size], [ready.length, ready.length + delayed.length]);
        assert.equal(queue.nextReadyMs, delayed.length === 0 ? undefined : Math.min(...delayed.map(item => item.notBeforeMs)));
      }
    }));
  });
});
