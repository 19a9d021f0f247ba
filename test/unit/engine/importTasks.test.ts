import assert from 'node:assert/strict';
import { sha256 } from '../../../src/adapters/hash.ts';
import { importTasks } from '../../../src/engine/importTasks.ts';
import type { RowSource } from '../../../src/ports/rowSource.ts';
import { PausingClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

/** A format that gives its whole file at once. */
const wholeFile = (rows: number): RowSource => ({
  open: () => Promise.resolve({
    format: 'parquet', columns: ['question', 'gold'],
    rows: async function* () {
      yield await Promise.resolve(Array.from({ length: rows }, (_, index) => ({ line: index + 1, fields: { question: `How much is ${index} times two?`, gold: String(2 * index) } })));
    },
  }),
});

describe('importing tasks', () => {
  it('takes a file that comes at once in pieces, between which others have their turn', async () => {
    const store = new MemoryStore();
    const clock = new PausingClock();
    const during: number[] = [];
    clock.between = () => { during.push(store.countTasks()); };
    const report = await importTasks({ hash: sha256, rows: wholeFile(1_700), clock, emit: () => undefined }, store, { files: ['/data/set.parquet'] });
    assert.deepEqual([report.tasks, report.refused, store.countTasks()], [1_700, 0, 1_700]);
    assert.deepEqual(during, [500, 1_000, 1_500, 1_700]);
  });
});
