import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { errorCodeOf, problemError, type ProblemError } from '../../core/model/problem.ts';
import type { Connection } from './connection.ts';
import { livenessOf, processIdentity } from './processIdentity.ts';
import { integer, optionalText, text, type Row } from './rows.ts';

/** Who opens a project: it is what the next one is told. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly startedAtMs: number;
  /** Program and version. */
  readonly app: string;
}

/** The lock as it stands in the file. */
export interface LockRow extends Owner {
  readonly heartbeatAtMs: number;
  /** What `processIdentity` said of the owner. */
  readonly process?: string;
  /** The file it was taken on: a copy of a project carries its lock along, and nobody holds the copy. */
  readonly file: string;
}

/** After so long without a heartbeat the engine of another host counts as gone. Ours: ten missed beats of 30 s. */
export const heartbeatGoneMs = 300_000;
/** How far a clock may have been set since the machine started. */
const clockSlackMs = 60_000;

/** The lock of a project file, held by one owner from `take` to `release`. */
export class ProjectLock {
  readonly #connection: Connection;
  readonly #owner: Owner;
  readonly #file: string;

  constructor(connection: Connection, owner: Owner) {
    this.#connection = connection;
    this.#owner = owner;
    this.#file = fileIdentity(connection.file);
  }

  /** Takes the lock, from a dead owner too. Of two that race one wins, since this is to be called within a write transaction. Throws `project-locked`. */
  take(nowMs: number): void {
    const { host, pid, startedAtMs, app } = this.#owner;
    const held = readLock(this.#connection);
    if (held && held.file === this.#file && !isStale(held, host, nowMs)) throw lockedBy(held, this.#connection.file);
    this.#connection.run(
      'INSERT OR REPLACE INTO lock (one, host, pid, started_at, heartbeat_at, app, process, file) VALUES (1, ?, ?, ?, ?, ?, ?, ?)',
      host, pid, startedAtMs, nowMs, app, processIdentity(pid) ?? null, this.#file,
    );
  }

  /**
   * Throws `project-not-found` where the file's name stands for it no more: SQLite would go on writing to a file that nobody will find again.
   */
  requireFile(): void {
    const { file } = this.#connection;
    if (standsFor(file, this.#file)) return;
    const message = `${file} was moved, replaced or deleted while it was open, so nothing more can be stored in it. Put it back, or open it where it is now, and go on.`;
    throw problemError('project-not-found', message, { file });
  }

  /**
   * Throws `project-locked` when another has taken the lock meanwhile. To be called within each write transaction, before anything is written: two writers
   * must never be, and a machine that slept wakes up in the middle of a run.
   */
  requireHeld(): void {
    const { host, pid, startedAtMs } = this.#owner;
    const held = this.#connection.get('SELECT 1 FROM lock WHERE host = ? AND pid = ? AND started_at = ? AND file = ?', host, pid, startedAtMs, this.#file);
    if (held === undefined) throw lockedBy(readLock(this.#connection), this.#connection.file);
  }

  /** Says that the owner lives. Throws `project-locked` when another took the lock from it meanwhile, as after a long sleep, and as `requireFile` does. */
  beat(nowMs: number): void {
    this.requireFile();
    this.#connection.transaction(() => {
      this.requireHeld();
      this.#connection.run('UPDATE lock SET heartbeat_at = ?', nowMs);
    });
  }

  release(): void {
    const { host, pid, startedAtMs } = this.#owner;
    this.#connection.transaction(() => this.#connection.run('DELETE FROM lock WHERE host = ? AND pid = ? AND started_at = ?', host, pid, startedAtMs));
  }
}

/** The lock row of a file, `undefined` where nobody left one. */
export function readLock(connection: Connection): LockRow | undefined {
  const row = connection.get('SELECT host, pid, started_at, heartbeat_at, app, process, file FROM lock');
  return row === undefined ? undefined : lockOf(row);
}

/** The refusal that names who has the file open; without a row, whoever it is. */
export function lockedBy(held: LockRow | undefined, file: string): ProblemError {
  const name = path.basename(file);
  const message = held
    ? `${name} is open in ${held.app}: process ${held.pid} on host ${held.host}, since ${minute(held.startedAtMs)}. Close it there, or end that process, and try again.`
    : `${name} is open in another process. Close it there and try again.`;
  return problemError('project-locked', message, { file });
}

function isStale(held: LockRow, host: string, nowMs: number): boolean {
  const silent = nowMs - held.heartbeatAtMs > heartbeatGoneMs;
  if (held.host !== host) return silent;
  const liveness = livenessOf(held.pid, held.process);
  if (liveness !== 'alive') return liveness === 'dead' || silent;
  // Without an identity a number says little: at least it must be of this boot.
  return held.process === undefined && held.heartbeatAtMs < nowMs - os.uptime() * 1_000 - clockSlackMs;
}

function lockOf(row: Row): LockRow {
  const identity = optionalText(row, 'process');
  return {
    host: text(row, 'host'),
    pid: integer(row, 'pid'),
    startedAtMs: integer(row, 'started_at'),
    heartbeatAtMs: integer(row, 'heartbeat_at'),
    app: text(row, 'app'),
    ...(identity === undefined ? {} : { process: identity }),
    file: text(row, 'file'),
  };
}

/** The same for every name of a file, and another for a copy of it. */
const fileIdentity = (file: string): string => String(statSync(file, { bigint: true }).ino);

/** Whether a name still stands for a file. A disk that does not answer is not known to have lost it. */
function standsFor(file: string, identity: string): boolean {
  try {
    return fileIdentity(file) === identity;
  } catch (cause) {
    return errorCodeOf(cause) !== 'ENOENT';
  }
}

/** `2026-11-20 10:03 UTC`; a time that cannot be one as it is. */
function minute(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? String(atMs) : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
