import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ProblemError, problemOf } from '../../core/model/problem.ts';
import { Connection } from './connection.ts';
import { storageOf, type StorageKind } from './fileSystem.ts';
import { EventTable } from './eventTable.ts';
import { Journal } from './journal.ts';
import { ProjectLock, lockedBy, readLock, type LockRow, type Owner } from './lock.ts';
import { migrate, newestVersion, refuseNewer, versionOf } from './migrate.ts';
import { createFile, inspectFile, removeFile } from './openFile.ts';
import { text } from './rows.ts';
import { rebuild } from './rebuild.ts';
import { RunTable } from './runTable.ts';
import { migrations, type Migration } from './schema.ts';
import { sqliteLibrary, type SqliteLibrary } from './sqliteLibrary.ts';
import { damaged, storeProblem } from './sqliteProblems.ts';

/** What a project file is opened with. */
export interface OpenOptions {
  /** True makes the file and refuses one that is there; false opens it and refuses one that is not. */
  readonly create: boolean;
  readonly owner: Owner;
  /** UTC, integer milliseconds. */
  readonly clock: { nowMs(): number };
  /** Absent: found out from the file system. `network` gives up reading by others for safety on any file system. */
  readonly storage?: StorageKind;
}

/** A project file that is ours until its lock is released. */
export interface OpenedFile {
  readonly connection: Connection;
  readonly lock: ProjectLock;
}

/**
 * How long another's write is waited for: while a file is opened on a local disk, and once it is ours. On a network whoever finds a file taken gives
 * way at once: two that waited for each other would both go away empty-handed.
 */
const busyMs = { local: 2_000, network: 0, open: 5_000 } as const;
/** Page cache; bounds what a large import or a long run keeps in memory. */
const cacheKib = 65_536;
/** A write-ahead log is cut back to this after a checkpoint. */
const logBytes = 67_108_864;
/** Checking the structure reads the whole file, some 100 ms for one of this size; a larger one that is damaged shows it when the page is read. */
const checkedWholeBytes = 134_217_728;

/**
 * Opens or makes a project file: inspected, locked, brought to today's version, with an end for what a dead engine had left open. Throws `ProblemError`; nothing is then left open or half made.
 *
 * @param steps the schema; given in by tests of migrations only
 */
export function openConnection(file: string, options: OpenOptions, steps: readonly Migration[] = migrations): OpenedFile {
  const library = sqliteLibrary();
  if (!options.create) {
    inspectFile(file, newestVersion(steps));
    return openExisting(library, file, { ...options, steps });
  }
  createFile(file);
  try {
    return openExisting(library, file, { ...options, steps });
  } catch (cause) {
    removeFile(file);
    throw cause;
  }
}

/** What is known once a file is about to be opened. */
type Securing = OpenOptions & { readonly storage: StorageKind; readonly steps: readonly Migration[] };

function openExisting(library: SqliteLibrary, file: string, options: OpenOptions & Pick<Securing, 'steps'>): OpenedFile {
  const storage = options.storage ?? storageOf(file);
  const connection = connect(library, file);
  try {
    const lock = connection.guard(() => secure(connection, { ...options, storage }));
    return { connection, lock };
  } catch (cause) {
    connection.close();
    throw storage === 'network' && problemOf(cause).code === 'project-locked' ? lockedBy(peekLock(library, file), file) : cause;
  }
}

function connect(library: SqliteLibrary, file: string): Connection {
  try {
    return new Connection(new library.DatabaseSync(file), file);
  } catch (cause) {
    throw storeProblem(cause, file);
  }
}

/** From an open file to one that is ours. A new file gets its schema first, in SQLite's own journal mode, so that the file itself says whose it is. */
function secure(connection: Connection, { steps, ...options }: Securing): ProjectLock {
  connection.execute(`PRAGMA busy_timeout = ${busyMs[options.storage]}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON`);
  connection.execute(`PRAGMA cache_size = -${cacheKib}; PRAGMA journal_size_limit = ${logBytes}`);
  // Before anything is read: with the exclusive mode set, SQLite never asks such a file system for shared memory.
  if (options.storage === 'network') connection.execute('PRAGMA locking_mode = EXCLUSIVE');
  const version = versionOf(connection);
  refuseNewer(connection.file, version, newestVersion(steps));
  if (options.create) migrate(connection, steps, rebuild);
  else checkWhole(connection, version);
  const lock = new ProjectLock(connection, options.owner);
  connection.transaction(() => {
    connection.execute(`PRAGMA busy_timeout = ${busyMs.open}`);
    lock.take(options.clock.nowMs());
  });
  try {
    migrate(connection, steps, rebuild);
    setJournal(connection, options.storage);
    connection.transaction(() => {
      new EventTable(connection).opened(options.owner.app, options.clock.nowMs());
      new Journal(connection).endUnfinished(options.clock.nowMs());
      new RunTable(connection).interruptUnfinished();
    });
    return lock;
  } catch (cause) {
    releaseAfterFailure(lock);
    throw cause;
  }
}

/** The failure that led here is the one to tell; a lock that cannot be released goes stale with this process. */
function releaseAfterFailure(lock: ProjectLock): void {
  try {
    lock.release();
  } catch (cause) {
    if (!(cause instanceof ProblemError)) throw cause;
  }
}

/**
 * On a local disk a write-ahead log, so that a commit costs no wait for the disk; what a power cut may take is the last moments, never the file's
 * integrity. On a network a rollback journal, written through.
 */
function setJournal(connection: Connection, storage: StorageKind): void {
  const wanted = storage === 'local' ? 'WAL' : 'DELETE';
  const row = connection.get(`PRAGMA journal_mode = ${wanted}`);
  const isLog = row !== undefined && text(row, 'journal_mode') === 'wal';
  connection.execute(`PRAGMA synchronous = ${isLog ? 'NORMAL' : 'FULL'}`);
}

function checkWhole(connection: Connection, version: number): void {
  if (version < 1) throw damaged(connection.file, new Error('it says no version'));
  if (statSync(connection.file).size > checkedWholeBytes) return;
  const row = connection.get('PRAGMA quick_check(1)');
  const finding = row === undefined ? 'no answer' : text(row, 'quick_check');
  if (finding !== 'ok') throw damaged(connection.file, new Error(finding));
}

/**
 * Reads the lock of a file that another holds exclusively, past all locks, for the name in the refusal only. What cannot be read stays unnamed.
 */
function peekLock(library: SqliteLibrary, file: string): LockRow | undefined {
  const address = pathToFileURL(file);
  address.searchParams.set('immutable', '1');
  try {
    const connection = new Connection(new library.DatabaseSync(address, { readOnly: true }), file);
    try {
      return connection.guard(() => readLock(connection));
    } finally {
      connection.close();
    }
  } catch (cause) {
    if (cause instanceof ProblemError || cause instanceof TypeError) return undefined;
    throw cause;
  }
}
