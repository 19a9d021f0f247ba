import assert from 'node:assert/strict';
import { fingerprint, taskId } from '../../src/core/model/ids.ts';
import type { Store } from '../../src/ports/store.ts';
import { aReview, aTask } from '../support/builders.ts';
import { aBranch, aCall, anArrival, anOutcome, aRunDraft, aSending, heldOut, theRecipe } from '../support/storeFacts.ts';
import { refusal } from './store.ts';

const [first, second, held] = [taskId('set/1'), taskId('set/2'), taskId('other/1')];

/** Everything that is counted or listed of a project, and must be what its facts say. */
function figures(store: Store): unknown {
  const counters = [...store.counters()].filter(([, count]) => count !== 0).sort();
  assert.deepEqual([...store.recount()].filter(([, count]) => count !== 0).sort(), counters);
  assert.deepEqual(store.branchCounts(), store.recountBranches());
  return {
    counters, branches: store.branchCounts(), rows: store.taskPage({}, undefined, 10), sets: store.datasets(), paths: [store.pathPage(undefined, 10, {}), store.pathFacts(0, 10)],
    groups: (['state', 'difficulty'] as const).map(by => [...store.groupTasks(by, { split: 'train' })]), guided: store.taskIds({ guideline: 'plan' }), alone: store.taskIds({ solvedOnlyBy: 'plan' }),
    outcomes: [...store.outcomes()], settled: store.settledTasks('b', undefined, 10), unsettled: store.unsettledReviews(),
  };
}

/** Two train tasks, the first of them solved and reviewed, and one that was imported as held out. */
function settled(store: Store): void {
  store.addTasks([aTask({ id: 'set/1' }), aTask({ id: 'set/2' }), heldOut('other/1')]);
  store.recordRecipe(theRecipe);
  const run = store.startRun(aRunDraft());
  const call = aCall('set/1');
  const [attempt] = store.commit({ sent: [aSending(run, call)] });
  assert.ok(attempt !== undefined);
  store.commit({ settled: [anArrival(attempt, call, ['six times three is \\boxed{18}'])] });
  settle(store);
  store.commit({ reviews: [aReview({ id: 'r1', taskId: first, path: fingerprint(call.answers[0]?.fingerprint ?? '') })] });
}

const settle = (store: Store) => {
  const [answer] = store.answers(first);
  store.commit({ outcomes: [anOutcome('set/1', { branches: [aBranch({ answers: answer ? { path: answer.fingerprint } : {} })] })], bases: [{ taskId: first, basis: 'b', used: [], reviews: 1 }] });
};

/** What a store must do with tasks that people keep away from training. */
export function withdrawnContract(current: () => Store, reopen: () => Store): void {
  it('moves train tasks to the held-out ones, without their outcomes and with everything else', () => {
    const store = current();
    settled(store);
    assert.deepEqual(store.withdrawn.holdOut([second, first, held, first]), [second, first]);
    for (const again of [() => store, reopen]) {
      const each = again();
      assert.deepEqual([each.taskIds({ split: 'train' }), each.taskIds({ split: 'held-out' })], [[], [first, second, held]]);
      assert.equal(each.task(first)?.split, 'held-out');
      assert.deepEqual([each.outcome(first), [...each.outcomes()], each.pathFacts(0, 10), each.taskIds({ guideline: 'plan' }), each.unsettledReviews()], [undefined, [], [], [], []]);
      assert.deepEqual([each.countTasks({ split: 'train' }), each.countTasks({ split: 'held-out', state: 'not-started' }), each.countTasks({ state: 'solved' })], [0, 3, 0]);
      assert.deepEqual(each.datasets(), [{ name: 'other', split: 'held-out', tasks: 1 }, { name: 'set', split: 'held-out', tasks: 2 }]);
      assert.deepEqual([each.answers(first).length, each.reviews(first).length, each.countPaths(), each.countPaths({})], [1, 1, 1, 0]);
      assert.deepEqual(each.withdrawn.moved().map(({ taskId: id, run }) => [id, run]), [[first, 1], [second, undefined]]);
      assert.deepEqual(each.journal(0, 100).filter(({ kind }) => kind === 'task-held-out').map(({ task }) => task), [second, first]);
      figures(each);
    }
  });

  it('takes exactly that back', () => {
    const store = current();
    settled(store);
    settle(store);
    const before = figures(store);
    const outcome = store.outcome(first);
    store.withdrawn.holdOut([first]);
    const [back, ...others] = store.withdrawn.holdIn([held, first, second]);
    assert.deepEqual([back?.taskId, back?.run, back?.outcome, back?.basis, others], [first, 1, outcome, { basis: 'b', used: [] }, []]);
    assert.deepEqual(store.withdrawn.holdIn([first]), []);
    assert.deepEqual([store.withdrawn.moved(), store.task(held)?.split, store.outcome(first)], [[], 'held-out', undefined]);
    figures(store);
    settle(store);
    assert.deepEqual(figures(store), before);
    const again = reopen();
    assert.deepEqual(figures(again), before);
    assert.equal(again.journal(0, 100).filter(({ kind }) => kind === 'task-held-in').length, 1);
  });

  it('does not give back what was found before a review that came meanwhile', () => {
    const store = current();
    settled(store);
    store.withdrawn.holdOut([first, second]);
    const [path] = store.answers(first);
    store.commit({ reviews: [aReview({ id: 'r2', taskId: first, path: fingerprint(path?.fingerprint ?? '') })] });
    assert.deepEqual(store.withdrawn.holdIn([first, second]).map(({ taskId: id, run, outcome, basis }) => [id, run, outcome, basis]), [[first, 1, undefined, undefined], [second, undefined, undefined, undefined]]);
  });

  it('shows whoever walks over the outcomes those that are taken away meanwhile', () => {
    const store = current();
    const many = Array.from({ length: 130 }, (_, index) => aTask({ id: `many/${index}` }));
    store.addTasks(many);
    store.recordRecipe(theRecipe);
    store.startRun(aRunDraft());
    store.commit({ outcomes: many.map(({ id }) => anOutcome(id, { branches: [] })) });
    const walk = store.outcomes()[Symbol.iterator]();
    const seen = [walk.next(), walk.next()];
    store.withdrawn.holdOut([1, 2, 63, 64, 65, 100, 128, 129].flatMap(index => many[index]?.id ?? []));
    for (let next = walk.next(); next.done !== true; next = walk.next()) seen.push(next);
    assert.deepEqual(seen.map(({ value }) => (value as { readonly taskId: string }).taskId), many.map(({ id }) => id));
    assert.equal([...store.outcomes()].length, 122);
  });

  it('remembers which train tasks are left out, and why, until they are taken in', () => {
    const store = current();
    settled(store);
    const before = figures(store);
    assert.deepEqual(store.withdrawn.leaveOut([second, held, first], 'contamination'), [second, first]);
    assert.deepEqual(store.withdrawn.leaveOut([first], 'something else'), []);
    for (const again of [() => store, reopen]) {
      const each = again();
      assert.deepEqual(each.withdrawn.leftOut().map(({ taskId: id, reason }) => [id, reason]), [[first, 'contamination'], [second, 'contamination']]);
      assert.deepEqual(figures(each), before, 'nothing else changes');
    }
  });

  it('gives tasks back that were left out', () => {
    const store = current();
    settled(store);
    store.withdrawn.leaveOut([first, second], 'contamination');
    assert.deepEqual([store.withdrawn.takeIn([held, second]), store.withdrawn.takeIn([second])], [[second], []]);
    assert.deepEqual(store.withdrawn.leftOut().map(({ taskId: id }) => id), [first]);
    assert.deepEqual(store.journal(0, 100).flatMap(({ kind, task }) => (kind === 'task-left-out' || kind === 'task-taken-in' ? [[kind, task]] : [])), [['task-left-out', first], ['task-left-out', second], ['task-taken-in', second]]);
  });

  it('takes all tasks or none', () => {
    const store = current();
    settled(store);
    const [before, events] = [figures(store), store.journal(0, 100).length];
    const missing = [first, taskId('nowhere')];
    for (const change of [() => store.withdrawn.holdOut(missing), () => store.withdrawn.leaveOut(missing, 'x'), () => store.withdrawn.holdIn(missing), () => store.withdrawn.takeIn(missing)]) refusal('bug', change);
    assert.deepEqual([figures(store), store.withdrawn.moved(), store.withdrawn.leftOut(), store.journal(0, 100).length], [before, [], [], events]);
  });
}
