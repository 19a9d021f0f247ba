import assert from 'node:assert/strict';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openConnection, type OpenedFile } from '../../src/adapters/store/openConnection.ts';
import { SqliteStore, openStore } from '../../src/adapters/store/sqliteStore.ts';
import type { StorageKind } from '../../src/adapters/store/fileSystem.ts';
import type { RunEnd } from '../../src/engine/runner.ts';
import type { Settlement, Store } from '../../src/ports/store.ts';
import { aTask } from '../support/builders.ts';
import { trial } from '../support/runTrial.ts';
import { checkFacts, checkFile } from '../support/storeChecks.ts';
import { asOurselves, makeFolder, removeFolder } from '../support/storeFiles.ts';
import { startLimitedOpener } from '../support/storeLives.ts';
import { refusal } from './store.ts';

const tasks = Array.from({ length: 6 }, (_, index) => aTask({ id: `set/${index}` }));

/** Runs all tasks; `before` is called with the number of each request that leaves, and may hold back its answer. */
async function run(store: Store, before: (request: number) => void | Promise<void> = () => undefined): Promise<{ readonly end: RunEnd; readonly asked: readonly string[]; readonly calls: number }> {
  const { model, end, runner } = await trial({
    store, tasks, context: { mode: 'all' },
    script: ({ stage, seed }) => (stage === 'path' ? `1. Draw ${seed}. ${'Once more. '.repeat(40)}\n2. It is \\boxed{18}.` : '1. Read\n2. Multiply'),
    meanwhile: (_runner, fake) => {
      fake.before = async () => before(fake.requests.length);
    },
  });
  return { end, calls: runner.counts.calls, asked: model.requests.map(request => `${request.stage} ${request.seed}`) };
}

const answersIn = (store: Store) => tasks.flatMap(task => store.answers(task.id));

describe('a run on a real disk', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = makeFolder();
    file = path.join(folder, 'project.regenesis');
  });
  afterEach(() => { removeFolder(folder); });

  const opened = (storage: StorageKind): { readonly store: Store } & OpenedFile => {
    const options = asOurselves({ create: true, storage });
    const connected = openConnection(file, options);
    const store = new SqliteStore(connected, options.clock);
    store.addTasks(tasks);
    return { store, ...connected };
  };

  /** Everything was stored once, and nothing that had been stored was asked for again. */
  const goesOn = async (store: Store, stored: readonly string[]): Promise<void> => {
    const again = await run(store);
    assert.equal(again.end.state, 'completed');
    assert.deepEqual(again.asked.filter(each => stored.includes(each)), []);
    assert.equal(answersIn(store).length, tasks.length * 18);
    assert.deepEqual([...store.counters()].sort(), [...store.recount()].sort());
  };
  const storedIn = (store: Store) => answersIn(store).map(answer => `${answer.stage} ${answer.seed}`);

  for (const storage of ['local', 'network'] as const) {
    it(`ends when the disk is full, keeps what was stored whole, and goes on when there is room (${storage})`, async () => {
      const { store, connection } = opened(storage);
      const { end } = await run(store, request => {
        if (request === 30) connection.execute('PRAGMA max_page_count = 1');
      });
      assert.equal(end.state, 'failed');
      assert.match(end.problem?.message ?? '', /The disk that holds project\.regenesis is full; nothing of this step was stored\. Make room in .* and go on\./);
      assert.deepEqual([...store.counters()].sort(), [...store.recount()].sort());
      const stored = storedIn(store);
      assert.ok(stored.length > 0 && stored.length < 30 + 8);
      refusal('disk-full', () => store.addTasks(Array.from({ length: 500 }, (_, index) => aTask({ id: `more/${index}` }))));
      connection.execute('PRAGMA max_page_count = 4294967294');
      await goesOn(store, stored);
      store.close();
      checkFile(file);
    });
  }

  it('stores what has arrived, and that nobody knows of the rest, where there is room again', async () => {
    const { store, connection } = opened('local');
    const room = (pages: number) => { connection.execute(`PRAGMA max_page_count = ${pages}`); };
    const commit = store.commit.bind(store);
    const refused: Settlement[] = [];
    store.commit = facts => {
      try {
        return commit(facts);
      } catch (thrown) {
        refused.push(...facts.settled ?? []);
        room(4294967294);
        throw thrown;
      }
    };
    const { end, asked, calls } = await run(store, request => {
      if (request === 30) room(1);
      return request > 30 ? new Promise(() => undefined) : undefined;
    });
    assert.equal(end.problem?.code, 'disk-full');
    const attempts = tasks.flatMap(task => store.attempts(task.id));
    assert.equal(attempts.length, asked.length);
    const states = Map.groupBy(attempts, ({ state }) => state);
    assert.deepEqual([...states.keys()].sort(), ['answered', 'unknown']);
    assert.ok(refused.length > 0 && refused.every(({ attemptId }) => states.get('answered')?.some(({ id }) => id === attemptId)), 'what had arrived is kept');
    assert.deepEqual(new Set(states.get('unknown')?.map(({ problem }) => problem?.code)), new Set(['outcome-unknown']));
    assert.equal(calls, attempts.length, 'what never left is not counted');
    await goesOn(store, storedIn(store));
    store.close();
    checkFile(file);
  });

  it('ends when the file is moved away, and goes on where it is now', async () => {
    if (process.platform === 'win32') return; // an open file stays where it is there
    const { store } = opened('local');
    const away = path.join(folder, 'elsewhere.regenesis');
    const { end } = await run(store, request => {
      if (request === 30) for (const suffix of ['', '-wal', '-shm']) renameSync(file + suffix, away + suffix);
    });
    assert.deepEqual([end.state, end.problem?.code], ['failed', 'project-not-found']);
    assert.match(end.problem?.message ?? '', /was moved, replaced or deleted while it was open.*Put it back, or open it where it is now, and go on/);
    const stored = storedIn(store);
    store.close();
    assert.equal(existsSync(file), false, 'nothing is left at the old place');
    const again = openStore(away, asOurselves());
    assert.deepEqual(storedIn(again), stored);
    await goesOn(again, stored);
    again.close();
    checkFile(away);
  });

  it('ends when the file is deleted, and leaves nothing in its place', async () => {
    if (process.platform === 'win32') return;
    const { store } = opened('local');
    const { end } = await run(store, request => {
      if (request === 30) for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix);
    });
    assert.deepEqual([end.state, end.problem?.code], ['failed', 'project-not-found']);
    store.close();
    assert.equal(existsSync(file), false);
  });

  it('is not disturbed by a file that is made read-only meanwhile; the next one to open it is told', async () => {
    const { store } = opened('local');
    const { end } = await run(store, request => {
      if (request === 30) chmodSync(file, 0o444);
    });
    assert.equal(end.state, 'completed');
    store.close();
    refusal('project-read-only', () => openStore(file, asOurselves()));
    chmodSync(file, 0o644);
    const again = openStore(file, asOurselves());
    assert.equal(answersIn(again).length, tasks.length * 18);
    again.close();
  });

  it('ends when another has taken the project over, before anything is written', async () => {
    const { store } = opened('local');
    const { end } = await run(store, request => {
      if (request === 30) takeOver();
    });
    assert.deepEqual([end.state, end.problem?.code], ['failed', 'project-locked']);
    assert.match(end.problem?.message ?? '', /on host elsewhere/);
    const stored = answersIn(store).length;
    for (const write of [() => { store.setSetting('server', 'x'); }, () => store.retryLost(), () => store.addTasks([aTask({ id: 'late/1' })])]) refusal('project-locked', write);
    store.close();
    const again = openStore(file, asOurselves({ clock: { nowMs: () => 10_000_000 } }));
    assert.deepEqual([answersIn(again).length, again.countTasks(), again.setting('server')], [stored, tasks.length, undefined]);
    again.close();
  });

  const elsewhere = { host: 'elsewhere', pid: 1, startedAtMs: 5, app: 'regenesis 9.9.9' };
  /** What an engine on another host does that finds no heartbeat for long; it does not close the file. */
  const takeOver = (): void => {
    const { connection } = openConnection(file, asOurselves({ owner: elsewhere, clock: { nowMs: () => 9_000_000 } }));
    connection.close();
  };
});

for (const storage of ['local', 'network'] as const) {
  it(`keeps a file whole whose disk is full for a process that writes (${storage})`, async () => {
    if (process.platform === 'win32') return;
    const folder = makeFolder();
    const file = path.join(folder, 'project.regenesis');
    openStore(file, asOurselves({ create: true, storage })).close();
    const opener = startLimitedOpener(4_000, 'write', file, storage, '10000');
    const committed: number[] = [];
    try {
      assert.equal(await opener.line(), 'open');
      let line = await opener.line();
      for (; line !== undefined && /^\d+$/.test(line); line = await opener.line()) committed.push(Number(line));
      assert.match(line ?? '', /^disk-full project\.regenesis could not be written: the disk or your quota on it is full, or the disk fails\. Make room in .* and go on\./);
      assert.ok(committed.length > 10);
      await opener.end('SIGKILL');
      const store = openStore(file, asOurselves({ storage }));
      checkFacts(store, [{ first: 10_000, committed }]);
      assert.deepEqual(store.addTasks([aTask({ id: 'more/1' })]), { added: 1, duplicates: [] });
      store.close();
      checkFile(file);
    } finally {
      await opener.end('SIGKILL');
      removeFolder(folder);
    }
  });
}
