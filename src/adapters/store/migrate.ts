import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { problemError } from '../../core/model/problem.ts';
import type { Connection } from './connection.ts';
import { integer } from './rows.ts';
import { applicationId, type Migration } from './schema.ts';
import { sqliteCode } from './sqliteProblems.ts';

/** The schema version that a file has; 0 for an empty one. */
export function versionOf(connection: Connection): number {
  const row = connection.get('PRAGMA user_version');
  return row === undefined ? 0 : integer(row, 'user_version');
}

/** The newest version that these steps lead to. */
export const newestVersion = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

/** Throws `project-newer` for a file that a later version of this program has written. */
export function refuseNewer(file: string, version: number, newest: number): void {
  if (version <= newest) return;
  throw problemError(
    'project-newer',
    `${path.basename(file)} was written by a newer ReGenesis (file version ${version}, this one reads up to ${newest}). Update ReGenesis to open it.`,
    { file },
  );
}

/**
 * Brings a file forward, all steps in one transaction, so that it is never between two versions. A file that holds anything is copied to
 * `FILE.bak-vN` first, N being the version it had. The caller holds the lock.
 *
 * @param rebuild works out again what the newest version repeats of the facts, where a step needs it
 */
export function migrate(connection: Connection, steps: readonly Migration[], rebuild: (connection: Connection) => void): void {
  const version = versionOf(connection);
  const due = steps.filter(step => step.version > version);
  if (due.length === 0) return;
  if (version > 0) copyTo(connection, `${connection.file}.bak-v${version}`);
  connection.transaction(() => {
    for (const step of due) connection.execute(step.sql);
    if (version > 0 && due.some(step => step.rebuilds === true)) rebuild(connection);
    connection.execute(`PRAGMA application_id = ${applicationId}`);
    connection.execute(`PRAGMA user_version = ${newestVersion(steps)}`);
  });
}

/** A whole copy under its final name, or none. */
function copyTo(connection: Connection, target: string): void {
  const part = `${target}.part`;
  try {
    rmSync(part, { force: true });
    connection.run('VACUUM INTO ?', part);
    renameSync(part, target);
  } catch (cause) {
    rmSync(part, { force: true });
    if (sqliteCode(cause) !== undefined) throw cause;
    const message = `${target}, the copy that is made before a project is brought up to date, could not be written (${String(cause)}). Make its place free and try again.`;
    throw problemError('file-not-writable', message, { file: target, cause });
  }
}
