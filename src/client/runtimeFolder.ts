import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { errorCodeOf, messageOf, problemError } from '../core/model/problem.ts';

/** Longest path of a socket: 107 bytes on Linux, 103 on macOS; source: unix(7), sys/un.h. */
const longestSocket = 103;

/** Where the engine of one project is found: its registry file, its socket or pipe, and its log. */
export interface EnginePlace {
  readonly entryFile: string;
  readonly socket: string;
  readonly logFile: string;
}

/**
 * The folder in which engines of this user make themselves known on this machine; made where it is not there. Not the runtime folder of the login session: that
 * one goes with the last logout, and a run must not become unreachable with it.
 *
 * Throws `engine-unavailable` where the folder is somebody else's.
 */
export function runtimeFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment['REGENESIS_RUNTIME_DIR'];
  const folder = chosen === undefined || chosen === '' ? path.join(process.platform === 'linux' ? '/tmp' : tmpdir(), `regenesis-${userName()}`) : path.resolve(chosen);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') return folder;
    const { uid, mode } = lstatSync(folder);
    if (uid !== process.getuid?.()) throw new Error('it belongs to somebody else');
    if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch (thrown) {
    throw problemError('engine-unavailable', `The folder ${folder}, in which engines are found, cannot be used: ${messageOf(thrown)}. Name a folder of your own in REGENESIS_RUNTIME_DIR.`, { cause: thrown });
  }
}

/** The place of a project's engine, the same for every way of writing the project's path; without a project, one of its own for `owner`. */
export function enginePlace(folder: string, project: string | undefined, owner = process.pid): EnginePlace {
  const key = createHash('sha256').update(project === undefined ? `none ${owner} ${performance.now()}` : realPath(project)).digest('hex').slice(0, 16);
  const socket = process.platform === 'win32' ? `\\\\.\\pipe\\regenesis-${userName()}-${key}` : path.join(folder, `${key}.sock`);
  if (process.platform !== 'win32' && Buffer.byteLength(socket) > longestSocket) {
    throw problemError('engine-unavailable', `The path ${socket} is too long for a socket. Name a folder with a shorter path in REGENESIS_RUNTIME_DIR.`);
  }
  // engines without a project are many and short-lived: a log for each would stay behind
  return { entryFile: path.join(folder, `${key}.json`), socket, logFile: path.join(folder, `${project === undefined ? 'none' : key}.log`) };
}

const userName = (): string => String(process.getuid?.() ?? createHash('sha256').update(userInfo().username).digest('hex').slice(0, 8));

/** A file that is not there yet has a folder that is. */
function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch (thrown) {
    if (errorCodeOf(thrown) === undefined) throw thrown;
  }
  try {
    return path.join(realpathSync.native(path.dirname(file)), path.basename(file));
  } catch (thrown) {
    if (errorCodeOf(thrown) === undefined) throw thrown;
    return path.resolve(file);
  }
}
