import assert from 'node:assert/strict';
import { branchId, fingerprint, taskId } from '../../../src/core/model/ids.ts';
import { ReviewIndex } from '../../../src/engine/review/reviewIndex.ts';
import { ReviewQueues } from '../../../src/engine/review/reviewQueues.ts';
import type { PathFacts } from '../../../src/ports/store.ts';
import { aReview } from '../../support/builders.ts';
import { SwiftClock } from '../../support/fakeModel.ts';

const paths = 6_000;
const printOf = (at: number) => `p${String(at).padStart(4, '0')}`;
const factsAt = (at: number): PathFacts =>
  ({ sequence: at + 1, taskId: taskId(`t${at}`), branch: branchId('b'), fingerprint: fingerprint(printOf(at)), round: 1, guidelines: ['plan'], correct: true, verdict: 'correct' });

describe('how far a queue of many paths is', () => {
  it('is counted again only where something has changed, and every other second at most', async () => {
    const clock = new SwiftClock();
    const reviews = [{ ...aReview({ path: printOf(0), reviewer: 'ann', decision: 'accept' }), sequence: 1 }];
    const index = new ReviewIndex({
      pathFacts: (after, limit) => Array.from({ length: Math.max(0, Math.min(limit, paths - after)) }, (_, at) => factsAt(after + at)),
      reviewPage: after => reviews.filter(({ sequence }) => sequence > after), task: () => undefined, outcome: () => undefined,
    }, clock);
    let looks = 0;
    const queues = new ReviewQueues({ index, store: { taskIds: () => [] }, nowMs: () => clock.monotonicMs(), perTask: () => {
      looks += 1;
      return 5;
    } });
    const stand = async () => {
      looks = 0;
      await index.upToDate();
      const { total, decided, measured } = queues.stand({ query: { kind: 'queue', name: 'next' }, reviewer: 'ann' });
      return { total, decided, measured: measured.done, counted: looks > paths };
    };
    assert.deepEqual(await stand(), { total: paths, decided: 1, measured: 0, counted: true });
    clock.jump(60_000);
    assert.deepEqual(await stand(), { total: paths, decided: 1, measured: 0, counted: false }, 'a minute later nothing is another');
    reviews.push({ ...aReview({ path: printOf(1), reviewer: 'ann', decision: 'reject' }), sequence: 2 });
    assert.deepEqual(await stand(), { total: paths, decided: 2, measured: 0, counted: true });
    reviews.push({ ...aReview({ path: printOf(2), reviewer: 'ann', decision: 'reject' }), sequence: 3 });
    assert.deepEqual(await stand(), { total: paths, decided: 3, measured: 0, counted: false }, 'within two seconds the decision is added');
    clock.jump(2_000);
    index.measured(printOf(3), 0.5);
    assert.deepEqual(await stand(), { total: paths, decided: 3, measured: 1, counted: true });
    assert.equal(queues.left(), paths - 3);
  });
});
