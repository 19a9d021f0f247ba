import assert from 'node:assert/strict';
import { endedSince, readSeen } from '../../../../src/host/jobs/jobEnds.ts';
import { aJob } from '../../../support/jobs.ts';

const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);

describe('the ends of jobs', () => {
  it('are no news where a workspace sees a project for the first time', () => {
    const { ended, seen } = endedSince([aJob({ id: 2 }), aJob({ id: 1, state: 'failed' })], undefined);
    assert.deepEqual([ended, seen], [[], { latest: 2, open: [2] }]);
  });

  it('are told once, also of jobs that began and ended while nobody was there', () => {
    const before = { latest: 3, open: [2, 3] };
    const rows = [aJob({ id: 5, state: 'succeeded' }), aJob({ id: 4 }), aJob({ id: 3, state: 'lost' }), aJob({ id: 2, state: 'cancelled' }), aJob({ id: 1, state: 'failed' })];
    const { ended, seen } = endedSince(rows, before);
    assert.deepEqual(ids(ended), [5, 2]);
    assert.deepEqual(seen, { latest: 5, open: [3, 4] });
    assert.deepEqual(endedSince(rows, seen).ended, []);
  });

  it('are remembered by nothing but what we wrote', () => {
    assert.deepEqual(readSeen({ latest: 1, open: [1] }), { latest: 1, open: [1] });
    for (const none of [undefined, null, [], { latest: 'x', open: [] }]) assert.equal(readSeen(none), undefined);
  });
});
