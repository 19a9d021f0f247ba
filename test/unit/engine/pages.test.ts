import assert from 'node:assert/strict';
import { journalPage, pathPage, taskPage } from '../../../src/engine/pages.ts';
import type { Store } from '../../../src/ports/store.ts';
import { aTask } from '../../support/builders.ts';
import { PausingClock, SwiftClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { aBranch, aCall, anArrival, anOutcome, aRunDraft, aSending, theRecipe } from '../../support/storeFacts.ts';

/** A project with so many tasks, every third of which asks for lamps. */
function project(tasks: number): Store {
  const store = new MemoryStore();
  store.addTasks(Array.from({ length: tasks }, (_, index) => aTask({ id: `set/${index}`, question: `How many ${index % 3 === 0 ? 'lamps' : 'boxes'}?` })));
  return store;
}

describe('a page of tasks', () => {
  it('that hold a text is the same as in one go, looked for in parts', async () => {
    const store = project(10_000);
    for (const [after, limit] of [[undefined, 100], [5, 3], [2_999, 1_000], [9_990, 50], [10_000, 5]] as const) {
      const filter = { text: 'LAMPS', split: 'train' as const };
      const clock = new PausingClock();
      const page = await taskPage(store, { filter, after, limit }, clock);
      assert.deepEqual(page, { rows: store.taskPage(filter, after, limit), total: store.countTasks(filter) });
      assert.equal(clock.pauses, 3);
    }
  });

  it('without a text comes at once', async () => {
    const clock = new PausingClock();
    const page = await taskPage(project(20), { filter: { dataset: 'set' }, limit: 5 }, clock);
    assert.deepEqual([page.rows.length, page.total, clock.pauses], [5, 20, 0]);
  });
});

describe('a page of the journal', () => {
  it('may be longer than what is read in one go', async () => {
    const store = project(0);
    for (let index = 0; index < 1_700; index += 1) store.addTasks([aTask({ id: `set/${index}` })]);
    const clock = new PausingClock();
    const { events } = await journalPage(store, { after: 1, limit: 1_600 }, clock);
    assert.deepEqual([events.length, events[0]?.sequence, events.at(-1)?.sequence], [1_600, 2, 1_601]);
    assert.ok(clock.pauses > 0);
    assert.equal((await journalPage(store, { after: 1_601, limit: 10_000 }, clock)).events.length, 100);
    assert.deepEqual(await journalPage(store, { after: 5_000, limit: 10 }, new SwiftClock()), { events: [] });
  });
});

describe('a page of paths', () => {
  it('says task, excerpt and what was found, and how many there are', () => {
    const store = project(2);
    store.recordRecipe(theRecipe);
    const run = store.startRun(aRunDraft());
    const call = aCall('set/1', { count: 2 });
    const [attempt] = store.commit({ sent: [aSending(run, call)] });
    store.commit({ settled: [anArrival(attempt ?? assert.fail(), call, ['It is \\boxed{18}.', 'It is \\boxed{17}.'])] });
    const [first, second] = call.answers;
    assert.ok(first && second);
    store.commit({ outcomes: [anOutcome('set/1', { branches: [aBranch({ answers: { path: first.fingerprint } })] })] });
    const row = { task: 'set/1', branch: 'guideline:plan', round: 1, finish: 'stop' };
    assert.deepEqual(pathPage(store, { limit: 10 }), {
      total: 2,
      rows: [
        { ...row, sequence: 1, fingerprint: first.fingerprint, excerpt: 'It is \\boxed{18}.', kept: true, verdict: 'correct' },
        { ...row, sequence: 2, fingerprint: second.fingerprint, excerpt: 'It is \\boxed{17}.' },
      ],
    });
    assert.deepEqual(pathPage(store, { after: 1, limit: 1 }).rows.map(each => each.sequence), [2]);
  });
});
