import { readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { RegistryEntry } from '../contract/registry.ts';
import type { EngineState } from '../contract/reports.ts';
import { problemOf } from '../core/model/problem.ts';
import { EngineClient, processEnd, signalled, type Caller } from './engineClient.ts';
import { entryIn } from './openEngine.ts';
import { runtimeFolder } from './runtimeFolder.ts';

/** One engine of this user on this machine. `dead`: its process is gone, and only its entry was left behind. */
export interface ListedEngine extends Omit<EngineState, 'state'> {
  readonly state: EngineState['state'] | 'dead';
}

/** An engine that does not answer within this long is listed by what its entry says. */
const answersWithinMs = 3_000;
const endsWithinMs = 10_000;

interface Found {
  readonly file: string;
  readonly entry: RegistryEntry;
}

/** Every engine that has made itself known. @param isMeant which ones */
export async function listEngines(folder: string, caller: Caller, isMeant: (entry: RegistryEntry) => boolean): Promise<readonly ListedEngine[]> {
  return Promise.all(found(folder).filter(({ entry }) => isMeant(entry)).map(({ entry }) => listed(entry, caller)));
}

/**
 * Ends engines, cleanly where they answer, and removes what dead ones left behind. Their runs can be resumed.
 *
 * @param isMeant which ones
 * @returns the numbers of the processes that were ended
 */
export async function stopEngines(folder: string, caller: Caller, isMeant: (entry: RegistryEntry) => boolean): Promise<readonly number[]> {
  const stopped = await Promise.all(found(folder).filter(({ entry }) => isMeant(entry)).map(async ({ file, entry }) => {
    const answer = await called(entry, caller);
    // containers may share a folder and not their processes: a number means something only where it was given
    const isOurs = entry.host === hostname();
    if (answer === 'no answer' && isOurs) signalled(entry.pid, 'SIGTERM');
    else if (typeof answer !== 'string') await answer.shutdown();
    if (answer !== 'nobody' && isOurs && !await processEnd(entry.pid, endsWithinMs)) {
      signalled(entry.pid, 'SIGKILL');
      await processEnd(entry.pid, endsWithinMs);
    }
    if (entryIn(file)?.pid === entry.pid) for (const left of [file, ...(path.dirname(entry.socket) === folder ? [entry.socket] : [])]) rmSync(left, { force: true });
    return answer === 'nobody' ? [] : [entry.pid];
  }));
  return stopped.flat();
}

/** The bundles that engines run, which must stay where they are. */
export function enginePathsInUse(environment: Readonly<Record<string, string | undefined>>): ReadonlySet<string> {
  return new Set(found(runtimeFolder(environment)).map(({ entry }) => entry.enginePath));
}

const found = (folder: string): readonly Found[] => readdirSync(folder).filter(name => name.endsWith('.json')).sort().flatMap(name => {
  const file = path.join(folder, name);
  const entry = entryIn(file);
  return entry ? [{ file, entry }] : [];
});

/**
 * Whom one meets at an entry's socket. An entry may be older than the machine's last start, and its number another process's by now: only what answers is surely an
 * engine, and a process that nobody listens for is left alone.
 */
const called = (entry: RegistryEntry, caller: Caller): Promise<EngineClient | 'nobody' | 'no answer'> =>
  EngineClient.attach(entry, { ...caller, visitor: true }, answersWithinMs).then(client => client ?? 'nobody', () => 'no answer');

async function listed(entry: RegistryEntry, caller: Caller): Promise<ListedEngine> {
  const answer = await called(entry, caller);
  if (typeof answer === 'string') return asItWas(entry, answer);
  try {
    const { idleMs: _idle, ...state } = await answer.call('engineState', {});
    return state;
  } catch (thrown) {
    return asItWas(entry, problemOf(thrown).code === 'engine-unavailable' ? 'nobody' : 'no answer'); // it may leave while it is asked
  } finally {
    await answer.close();
  }
}

/** What an entry says of an engine that does not. */
function asItWas({ pid, project, host, startedAtMs, protocol, app, schema }: RegistryEntry, answer: 'nobody' | 'no answer'): ListedEngine {
  return { pid, project, host, startedAtMs, protocol, app, schema, clients: 0, run: null, state: answer === 'nobody' ? 'dead' : 'running' };
}
