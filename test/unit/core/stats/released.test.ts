import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ReleasedFunnel, type ReleasedBranch } from '../../../../src/core/stats/released.ts';

type Path = NonNullable<ReleasedBranch['path']>;
const path = (parts: Partial<Path> = {}): ReleasedBranch => ({ path: { saysBoxed: true, takesAnswer: true, isCut: true, incorrect: false, ...parts } });

describe('what the released filter would leave', () => {
  it('by hand, one task after the other', () => {
    const funnel = new ReleasedFunnel();
    funnel.add([...Array.from({ length: 6 }, () => path()), path({ incorrect: true }), path({ incorrect: true }), path({ isCut: false }), {}]);
    funnel.add([path({ saysBoxed: false, incorrect: true }), path({ judge: false }), path({ judge: true }), path({ takesAnswer: false, incorrect: true })]);
    assert.deepEqual(funnel.rows(), [
      { step: 'branches', count: 14, incorrect: 0 },
      { step: 'finished', count: 13, incorrect: 4 },
      { step: 'readable', count: 12, incorrect: 3 },
      { step: 'correct', count: 10, incorrect: 2 },
      { step: 'leak-free', count: 10, incorrect: 2 },
      { step: 'in-length', count: 9, incorrect: 2 },
      // five of the first task's eight, two of which are wrong, and the one of the second
      { step: 'kept', count: 6, incorrect: 5 * 2 / 8 },
    ]);
    assert.deepEqual(new ReleasedFunnel().rows().map(({ count }) => count), [0, 0, 0, 0, 0, 0, 0]);
  });

  it('never grows from step to step, holds no more wrong ones than paths, and keeps at most five a task', () => {
    const branch = fc.oneof(fc.constant<ReleasedBranch>({}), fc.record({ saysBoxed: fc.boolean(), takesAnswer: fc.boolean(), isCut: fc.boolean(), incorrect: fc.boolean() }).map(path));
    fc.assert(fc.property(fc.array(fc.array(branch, { maxLength: 12 }), { maxLength: 6 }), tasks => {
      const funnel = new ReleasedFunnel();
      for (const task of tasks) funnel.add(task);
      const rows = funnel.rows();
      rows.reduce((before, { count, incorrect }) => (assert.ok(count <= before && incorrect <= count + 1e-9), count), rows[0]?.count ?? 0);
      assert.ok((rows.at(-1)?.count ?? 0) <= 5 * tasks.length);
    }));
  });
});
