import assert from 'node:assert/strict';
import { problemOf } from '../../../src/core/model/problem.ts';
import { scratchOf } from '../../../src/engine/prompting/scratch.ts';
import { aRecipe, aTask } from '../../support/builders.ts';
import { PausingClock, SwiftClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const run = { baseUrl: 'http://fake/v1', model: 'fake', identity: 'fake', simulated: true };

function making(made = new MemoryStore('/scratch/try.regenesis')) {
  const removed: string[] = [];
  const from = new MemoryStore();
  from.addTasks([aTask({ id: 'set/1' }), aTask({ id: 'set/2' })]);
  const files = { ...memoryFiles(), scratch: () => ({ project: made.path, remove: () => { removed.push(made.path); } }) };
  return { from, made, removed, files, openStore: () => made };
}

describe('a project that is thrown away', () => {
  it('is removed also where it cannot be closed', async () => {
    const { from, made, removed, files, openStore } = making();
    const scratch = await scratchOf({ files, openStore, clock: new SwiftClock() }, from, { tasks: from.taskIds(), run, recipe: aRecipe(), signal: new AbortController().signal });
    assert.deepEqual(scratch.store.taskIds(), ['set/1', 'set/2']);
    made.close = () => { throw new Error('disk full'); };
    assert.throws(scratch.discard, /disk full/);
    assert.deepEqual(removed, [made.path]);
  });

  it('is left half made by whoever has gone, and removed', async () => {
    const { from, made, removed, files, openStore } = making();
    const [clock, stop] = [new PausingClock(), new AbortController()];
    clock.between = () => { stop.abort(); };
    const begun = scratchOf({ files, openStore, clock }, from, { tasks: from.taskIds(), run, recipe: aRecipe(), signal: stop.signal });
    assert.equal(await begun.then(() => 'made', (thrown: unknown) => problemOf(thrown).code), 'cancelled');
    assert.deepEqual([removed, clock.pauses], [[made.path], 1]);
  });
});
