import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { heartbeatGoneMs } from '../../src/adapters/store/lock.ts';
import { openConnection } from '../../src/adapters/store/openConnection.ts';
import { SqliteStore, openStore } from '../../src/adapters/store/sqliteStore.ts';
import type { Store } from '../../src/ports/store.ts';
import { aTask } from '../support/builders.ts';
import { asOurselves, makeFolder, removeFolder } from '../support/storeFiles.ts';
import { startOpener, type Opener } from '../support/storeLives.ts';
import { refusal } from './store.ts';

describe('the lock of a project file', () => {
  let folder: string;
  let file: string;
  const open: Store[] = [];
  const openers: Opener[] = [];
  beforeEach(() => {
    folder = makeFolder();
    file = path.join(folder, 'project.regenesis');
    openStore(file, asOurselves({ create: true })).close();
  });
  afterEach(async () => {
    for (const store of open.splice(0)) store.close();
    await Promise.all(openers.splice(0).map(opener => opener.end('SIGKILL')));
    removeFolder(folder);
  });

  const opened = (store: Store): Store => {
    open.push(store);
    return store;
  };
  const start = (...options: readonly string[]): Opener => {
    const opener = startOpener(...options);
    openers.push(opener);
    return opener;
  };
  const elsewhere = { host: 'elsewhere', pid: 1, startedAtMs: Date.UTC(2026, 10, 20, 10, 3), app: 'regenesis 9.9.9' };
  const at = (nowMs: number) => ({ nowMs: () => nowMs });

  for (const storage of ['local', 'network'] as const) {
    it(`names who has the file open, and opens it once they are gone (${storage})`, async () => {
      const first = start('hold', file, storage);
      assert.equal(await first.line(), 'open');
      const message = refusal('project-locked', () => openStore(file, asOurselves({ storage })));
      assert.match(message, new RegExp(`open in regenesis 0\\.0\\.0: process ${first.child.pid ?? 0} on host test-host, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC`));
      await first.end();
      openStore(file, asOurselves({ storage })).close();
    });

    it(`opens at once what a killed process had open (${storage})`, async () => {
      const first = start('hold', file, storage);
      assert.equal(await first.line(), 'open');
      await first.end('SIGKILL');
      openStore(file, asOurselves({ storage })).close();
    });

    it(`lets one win of several that race (${storage})`, async () => {
      const racers = Array.from({ length: 4 }, () => start('hold', file, storage));
      const said = await Promise.all(racers.map(racer => racer.line()));
      assert.deepEqual(said.sort(), ['open', 'project-locked', 'project-locked', 'project-locked']);
    });
  }

  it('is held within one process too', () => {
    opened(openStore(file, asOurselves()));
    refusal('project-locked', () => openStore(file, asOurselves()));
  });

  it('refuses while an engine on another host beats, and takes over when it has long been silent', () => {
    const first = opened(openStore(file, asOurselves({ owner: elsewhere, clock: at(1_000_000) })));
    const soon = 1_000_000 + heartbeatGoneMs;
    assert.match(refusal('project-locked', () => openStore(file, asOurselves({ clock: at(soon) }))), /process 1 on host elsewhere, since 2026-11-20 10:03 UTC/);
    first.beat?.();
    opened(openStore(file, asOurselves({ clock: at(soon + 1) })));
    assert.match(refusal('project-locked', () => first.beat?.()), /on host test-host/);
  });

  it('is put off by a heartbeat', () => {
    let nowMs = 1_000_000;
    const first = opened(openStore(file, asOurselves({ owner: elsewhere, clock: { nowMs: () => nowMs } })));
    nowMs += heartbeatGoneMs;
    first.beat?.();
    refusal('project-locked', () => openStore(file, asOurselves({ clock: at(nowMs + heartbeatGoneMs) })));
  });

  it('is kept over a heartbeat that could not be stored, which says why', () => {
    let nowMs = 1_000_000;
    const clock = { nowMs: () => nowMs };
    const connected = openConnection(file, asOurselves({ owner: elsewhere, clock }));
    const first = opened(new SqliteStore(connected, clock));
    connected.connection.execute('PRAGMA query_only = 1');
    assert.match(refusal('project-read-only', () => first.beat?.()), /Make the file and its folder .* writable/);
    connected.connection.execute('PRAGMA query_only = 0; PRAGMA busy_timeout = 0');
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    assert.match(refusal('project-locked', () => first.beat?.()), /is in use by another program/);
    other.exec('ROLLBACK');
    other.close();
    nowMs += heartbeatGoneMs;
    refusal('project-locked', () => openStore(file, asOurselves({ clock })));
    first.beat?.();
    assert.equal(first.addTasks([aTask()]).added, 1);
    refusal('project-locked', () => openStore(file, asOurselves({ clock: at(nowMs + heartbeatGoneMs) })));
  });

  it('is not left behind by one that lost it', () => {
    const first = opened(openStore(file, asOurselves({ owner: elsewhere, clock: at(0) })));
    opened(openStore(file, asOurselves({ clock: at(heartbeatGoneMs + 1) })));
    first.close();
    refusal('project-locked', () => openStore(file, asOurselves({ clock: at(heartbeatGoneMs + 2) })));
  });

  it('does not hold a copy of the file', () => {
    opened(openStore(file, asOurselves()));
    const copy = path.join(folder, 'copy.regenesis');
    copyFileSync(file, copy);
    opened(openStore(copy, asOurselves()));
  });
});
