import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { openConnection } from '../../../../src/adapters/store/openConnection.ts';
import { SqliteStore, openStore } from '../../../../src/adapters/store/sqliteStore.ts';
import { sqliteLibrary } from '../../../../src/adapters/store/sqliteLibrary.ts';
import type { Edit } from '../../../../src/core/model/edit.ts';
import { branchId, fingerprint, taskId } from '../../../../src/core/model/ids.ts';
import { problemOf, type ProblemCode } from '../../../../src/core/model/problem.ts';
import type { Store } from '../../../../src/ports/store.ts';
import { refusal } from '../../../contract/store.ts';
import { aReview, aTask } from '../../../support/builders.ts';
import { aBranch, aCall, anArrival, anOutcome, aRunDraft, aSending, theLost, theRecipe } from '../../../support/storeFacts.ts';
import { asOurselves, makeFolder, removeFolder } from '../../../support/storeFiles.ts';

/** Some of everything a project can hold. */
function fill(store: Store, tasks = 40): void {
  store.addTasks(Array.from({ length: tasks }, (_, index) => aTask({ id: `set/${index}`, question: `${index}: ${'How much? '.repeat(20)}` })));
  store.recordRecipe(theRecipe);
  const run = store.startRun(aRunDraft());
  for (let index = 0; index < tasks; index += 1) {
    const call = aCall(`set/${index}`);
    const [attempt] = store.commit({ sent: [aSending(run, call)] });
    assert.ok(attempt !== undefined);
    store.commit({ settled: [anArrival(attempt, call, ['Step 1. '.repeat(100)])], outcomes: [anOutcome(`set/${index}`, { branches: [aBranch({ answers: { path: call.answers[0]?.fingerprint ?? assert.fail() } })] })], bases: [{ taskId: taskId(`set/${index}`), basis: 'basis', used: [{ stage: 'path', round: 1, answers: 1 }] }], lost: index % 5 === 0 ? theLost(run, call) : [] });
    if (index % 4 === 1) store.commit({ reviews: [aReview({ id: `review-${index}`, taskId: `set/${index}`, decision: 'reject', reason: 'lucky', marks: [{ step: 1, start: 8, end: 16 }], note: 'Guessed.' })], corrections: [{ taskId: taskId(`set/${index}`), gold: '17', reviewer: 'ada', atMs: 5_000 }] });
  }
  store.setSetting('server', { url: 'http://127.0.0.1:1/v1' });
}

/** Reads everything there is. */
function readAll(store: Store): void {
  for (const id of store.taskIds()) [store.task(id), store.answers(id), store.attempts(id), store.lost(id), store.outcome(id), store.reviews(id), store.corrections(id)].flat();
  store.taskPage({ text: 'how' }, undefined, 1_000);
  [store.pathPage(undefined, 1_000), store.pathFacts(0, 1_000), store.reviewPage(0, 1_000), store.journal(0, 1_000), store.settledTasks('basis', undefined, 1_000)].flat();
  [store.runs(), store.datasets(), store.countByKind(), store.recipe(theRecipe.id), [...store.outcomes()], store.counters(), store.recount(), store.setting('server')].flat();
}

describe('opening a project file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = makeFolder();
    file = path.join(folder, 'project.regenesis');
  });
  afterEach(() => { removeFolder(folder); });

  const open = (parts: Parameters<typeof asOurselves>[0] = {}) => openStore(file, asOurselves(parts));
  const make = (): void => { open({ create: true }).close(); };
  const refused = (code: ProblemCode, parts: Parameters<typeof asOurselves>[0] = {}): string => refusal(code, () => open(parts));

  it('makes a file that says whose it is, and leaves nothing beside it once closed', () => {
    const store = open({ create: true });
    assert.equal(store.path, file);
    assert.equal(store.schemaVersion, 8);
    store.close();
    assert.deepEqual(readdirSync(folder), ['project.regenesis']);
    assert.equal(readFileSync(file).toString('latin1', 68, 72), 'RGWB');
  });

  it('takes a relative path for what it is', () => {
    const store = openStore(path.relative(process.cwd(), file), asOurselves({ create: true }));
    assert.equal(store.path, file);
    store.close();
  });

  it('keeps a write-ahead log on a local disk, and no shared memory on a network drive', () => {
    const local = open({ create: true, storage: 'local' });
    assert.ok(existsSync(`${file}-wal`));
    local.close();
    const remote = open({ storage: 'network' });
    fill(remote, 3);
    assert.deepEqual(readdirSync(folder).filter(name => name.endsWith('-wal') || name.endsWith('-shm')), []);
    remote.close();
    const again = open({ storage: 'local' });
    assert.equal(again.taskIds().length, 3);
    again.close();
  });

  it('waits for the disk where it cannot know what another machine sees, and nowhere else', () => {
    for (const [storage, synchronous, journal] of [['local', 1, 'wal'], ['network', 2, 'delete']] as const) {
      file = path.join(folder, `${storage}.regenesis`);
      const { connection } = openConnection(file, asOurselves({ create: true, storage }));
      assert.deepEqual([connection.get('PRAGMA synchronous')?.['synchronous'], connection.get('PRAGMA journal_mode')?.['journal_mode']], [synchronous, journal]);
      connection.close();
    }
  });

  it('waits for the disk whatever it is where a person decided something, and only then', () => {
    const opened = openConnection(file, asOurselves({ create: true, storage: 'local' }));
    const store = new SqliteStore(opened, { nowMs: () => 9_000 });
    const { connection } = opened;
    store.addTasks([aTask({ id: 'set/1' })]);
    const seen: unknown[] = [];
    connection.define('see', _sequence => seen.push(connection.get('PRAGMA synchronous')?.['synchronous']));
    for (const table of ['reviews', 'gold_corrections', 'edits']) connection.execute(`CREATE TEMP TRIGGER see_${table} AFTER INSERT ON ${table} BEGIN SELECT see(NEW.sequence); END`);
    const edits: readonly Edit[] = [{ taskId: taskId('set/1'), round: 1, branch: branchId('guideline:plan'), atMs: 5, kind: 'include', included: true }];
    const corrections = [{ taskId: taskId('set/1'), gold: '17', reviewer: 'ada', atMs: 5_000 }];
    store.commit({ edits });
    store.commit({ reviews: [aReview()] });
    store.commit({ corrections, edits });
    refusal('bug', () => store.commit({ reviews: [aReview({ id: 'review-2' }), aReview({ id: 'review-3', taskId: 'nowhere' })] }));
    store.commit({ edits, reviews: [], corrections: [] });
    assert.deepEqual(seen, [1, 2, 2, 2, 2, 1]);
    assert.equal(connection.get('PRAGMA synchronous')?.['synchronous'], 1);
    store.close();
  });

  for (const storage of ['local', 'network'] as const) {
    it(`holds everything in the file itself once it rests, so that a copy of it is whole (${storage})`, () => {
      const store = open({ create: true, storage });
      fill(store, 5);
      store.rest();
      const copy = path.join(folder, 'copy.regenesis');
      copyFileSync(file, copy);
      store.setSetting('server', 'later');
      const copied = openStore(copy, asOurselves());
      assert.equal(copied.taskIds().length, 5);
      assert.deepEqual(copied.counters(), store.counters());
      assert.deepEqual(copied.setting('server'), { url: 'http://127.0.0.1:1/v1' });
      copied.close();
      store.close();
    });
  }

  it('makes no file over another, nor where there is no folder', () => {
    make();
    assert.match(refused('file-exists', { create: true }), /exists already. Open it, or choose another name/);
    file = path.join(folder, 'nowhere', 'project.regenesis');
    assert.match(refused('file-not-found', { create: true }), /Make it first/);
  });

  it('refuses what is not there', () => {
    assert.match(refused('project-not-found'), /regenesis init/);
    assert.equal(existsSync(file), false, 'and makes nothing');
  });

  it('refuses what is no project, and does not touch it', () => {
    const foreign: Record<string, () => void> = {
      folder: () => mkdirSync(file),
      text: () => { writeFileSync(file, '{"question": "6 x 3"}\n'.repeat(100)); },
      short: () => { writeFileSync(file, 'SQLite'); },
      'another program’s SQLite file': () => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA journal_mode = WAL; CREATE TABLE bookmarks (url TEXT)');
        database.close();
      },
    };
    for (const [name, build] of Object.entries(foreign)) {
      file = path.join(folder, `${name}.regenesis`);
      build();
      const before = statSync(file).isFile() ? readFileSync(file) : undefined;
      assert.match(refused('project-foreign'), /Choose a \.regenesis file/, name);
      if (before) assert.deepEqual(readFileSync(file), before, name);
    }
    assert.deepEqual(readdirSync(folder).filter(name => /-(wal|shm|journal)$/.test(name)), []);
  });

  it('refuses a file that a newer version wrote, and does not touch it', () => {
    make();
    const bytes = readFileSync(file);
    bytes.writeUInt32BE(9, 60);
    writeFileSync(file, bytes);
    assert.match(refused('project-newer'), /file version 9, this one reads up to 8.*Update ReGenesis/);
    assert.deepEqual(readFileSync(file), bytes);
  });

  it('refuses an empty file, as a creation that was cut off leaves it', () => {
    writeFileSync(file, '');
    assert.match(refused('project-damaged'), /delete it and make the project anew/);
  });

  it('calls an edit damaged that no person can have made, whatever of it is gone', () => {
    const store = open({ create: true });
    store.addTasks([aTask({ id: 'set/1' })]);
    const place = { taskId: taskId('set/1'), round: 1 as const, branch: branchId('guideline:plan'), atMs: 5 };
    const print = fingerprint('a'.repeat(64));
    const edits: readonly Edit[] = [
      { ...place, kind: 'answer', stage: 'path', of: print, chosen: print },
      { ...place, kind: 'prompt', stage: 'path', of: print, messages: [{ role: 'user', content: 'Solve.' }] },
      { ...place, kind: 'fork', source: place.branch, from: 'path', inputs: { adapt: print } },
      { ...place, kind: 'include', included: true },
    ];
    const database = new DatabaseSync(file);
    const put = database.prepare('INSERT OR REPLACE INTO edits (sequence, task, body) VALUES (1, 1, ?)');
    const mayStand = new Set(['atMs 7', 'messages null', 'inputs {}']);
    for (const { taskId: _task, ...edit } of edits) {
      put.run(JSON.stringify(edit));
      assert.deepEqual(store.edits(place.taskId), [{ ...edit, taskId: place.taskId }]);
      for (const part of Object.keys(edit)) {
        for (const value of ['undefined', 'null', '7', '{}', '[null]']) {
          if (mayStand.has(`${part} ${value}`)) continue;
          put.run(JSON.stringify({ ...edit, [part]: value === 'undefined' ? undefined : JSON.parse(value) as unknown }));
          refusal('project-damaged', () => store.edits(place.taskId));
        }
      }
    }
    database.close();
    store.close();
  });

  it('calls a review damaged that no person can have made', () => {
    const store = open({ create: true });
    store.addTasks([aTask({ id: 'set/1' })]);
    const review = aReview({ decision: 'reject', reason: 'leak', marks: [{ step: 1, start: 2, end: 3 }], note: 'Look.', amendedText: 'Mine.' });
    store.commit({ reviews: [review], corrections: [{ taskId: taskId('set/1'), gold: '17', reviewer: 'ada', atMs: 5_000 }] });
    const database = new DatabaseSync(file);
    const spoiled: readonly (readonly [column: string, value: string | number])[] = [
      ['decision', 'maybe'], ['reason', 'because'], ['marks', '{}'], ['marks', '[null]'], ['marks', '[{"step":1,"start":2}]'], ['marks', '[{"step":1,"start":2,"end":"3"}]'], ['marks', 'none'],
      ['note', 7], ['amended_text', 7], ['reviewer', 7],
    ];
    for (const [column, value] of spoiled) {
      const before = database.prepare(`SELECT ${column} AS value FROM reviews`).get()?.['value'] ?? null;
      database.prepare(`UPDATE reviews SET ${column} = ?`).run(value);
      refusal('project-damaged', () => store.reviews(review.taskId));
      refusal('project-damaged', () => store.reviewPage(0, 10));
      database.prepare(`UPDATE reviews SET ${column} = ?`).run(before);
      assert.deepEqual(store.reviews(review.taskId), [{ ...review, sequence: 1 }], column);
    }
    database.exec('UPDATE gold_corrections SET reviewer = 7');
    refusal('project-damaged', () => store.corrections(review.taskId));
    database.close();
    store.close();
  });

  it('refuses a file without write permission, for root too', () => {
    make();
    chmodSync(file, 0o444);
    assert.match(refused('project-read-only'), /Make the file and its folder .* writable/);
    chmodSync(file, 0o644);
    open().close();
  });

  it('refuses a name that leaves no room for what SQLite puts beside it, and leaves nothing behind', () => {
    file = path.join(folder, `${'x'.repeat(240)}.regenesis`);
    assert.match(refused('file-unreadable', { create: true }), /could not be read or written/);
    assert.deepEqual(readdirSync(folder), []);
  });

  for (const [what, gone] of [['deleted', () => { rmSync(file); }], ['moved', () => { renameSync(file, `${file}.away`); }],
    ['replaced', () => { renameSync(file, `${file}.away`); copyFileSync(`${file}.away`, file); }]] as const) {
    it(`stores nothing more once it was ${what} while it was open`, () => {
      if (process.platform === 'win32') return; // an open file stays where it is there
      make();
      const store = open();
      fill(store, 2);
      gone();
      const late: readonly (() => unknown)[] = [() => store.addTasks([aTask({ id: 'set/late' })]), () => store.commit({ outcomes: [anOutcome('set/1')] }), () => store.startRun(aRunDraft()), () => store.beat?.()];
      for (const write of late) assert.match(refusal('project-not-found', write), /was moved, replaced or deleted while it was open/);
      assert.equal(store.countTasks(), 2);
      store.close();
    });
  }

  it('says what to do where Node has no SQLite', () => {
    assert.match(refusal('node-too-old', () => sqliteLibrary(() => undefined)), /needs Node 22\.19 or newer/);
  });

  it('refuses a file that was cut off', () => {
    const store = open({ create: true });
    fill(store);
    store.close();
    const whole = statSync(file).size;
    for (const size of [50, 100, 1_000, 4_096, Math.floor(whole / 2), whole - 4_096, whole - 100]) {
      const cut = path.join(folder, `cut-${size}.regenesis`);
      copyFileSync(file, cut);
      truncateSync(cut, size);
      assert.match(refusal('project-damaged', () => openStore(cut, asOurselves())), /is damaged .* Put a copy of it in its place/, String(size));
    }
  });

  it('never breaks over flipped bits: it reads them, or says that the file is damaged', () => {
    const store = open({ create: true });
    fill(store);
    store.close();
    const whole = readFileSync(file);
    const flips = fc.array(fc.tuple(fc.oneof(fc.nat(whole.length - 1), fc.nat(4_095)), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 6 });
    let number = 0;
    fc.assert(fc.property(flips, changes => {
      const bytes = Buffer.from(whole);
      for (const [at, mask] of changes) bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
      number += 1;
      const flipped = path.join(folder, `flipped-${number}.regenesis`);
      writeFileSync(flipped, bytes);
      let opened: Store | undefined;
      try {
        opened = openStore(flipped, asOurselves());
        readAll(opened);
      } catch (thrown) {
        assert.ok(['project-damaged', 'project-foreign', 'project-newer'].includes(problemOf(thrown).code), `${problemOf(thrown).code}: ${problemOf(thrown).message}`);
      } finally {
        opened?.close();
      }
    }), { numRuns: 100 });
  });
});

describe('a full disk', () => {
  it('stores nothing of what did not fit, and goes on when there is room', () => {
    const folder = makeFolder();
    const options = asOurselves({ create: true });
    const opened = openConnection(path.join(folder, 'project.regenesis'), options);
    const store = new SqliteStore(opened, options.clock);
    try {
      fill(store, 10);
      const before = { tasks: store.countTasks(), counters: store.counters(), attempts: store.attempts(taskId('set/1')) };
      opened.connection.execute('PRAGMA max_page_count = 1');
      const more = Array.from({ length: 2_000 }, (_, index) => aTask({ id: `more/${index}`, question: 'x'.repeat(1_000) }));
      assert.match(refusal('disk-full', () => store.addTasks(more)), /nothing of this step was stored. Make room in/);
      const large = aCall('set/1', { branch: 'chosen:1' });
      refusal('disk-full', () => store.commit({ sent: [{ ...aSending(store.runs()[0]?.id ?? assert.fail(), large), call: { ...large, messages: [{ role: 'user', content: 'x'.repeat(1_000_000) }] } }], outcomes: [anOutcome('set/1', { state: 'failed' })] }));
      assert.deepEqual({ tasks: store.countTasks(), counters: store.counters(), attempts: store.attempts(taskId('set/1')) }, before);
      assert.deepEqual(store.recount(), store.counters());

      opened.connection.execute('PRAGMA max_page_count = 4294967294');
      assert.deepEqual(store.addTasks(more), { added: 2_000, duplicates: [] });
    } finally {
      store.close();
      removeFolder(folder);
    }
  });

  it('closes even then', () => {
    const folder = makeFolder();
    const file = path.join(folder, 'project.regenesis');
    const options = asOurselves({ create: true });
    const opened = openConnection(file, options);
    const store = new SqliteStore(opened, options.clock);
    opened.connection.execute('PRAGMA max_page_count = 1');
    store.close();
    openStore(file, asOurselves()).close();
    removeFolder(folder);
  });
});
