import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { readRegistryEntry, type RegistryEntry } from '../contract/registry.ts';
import { errorCodeOf, problemError, problemOf } from '../core/model/problem.ts';
import { EngineClient, type Caller } from './engineClient.ts';
import { enginePlace, runtimeFolder, type EnginePlace } from './runtimeFolder.ts';

/** How an engine is found, and started where there is none. */
export interface EngineStart extends Caller {
  /** As `findNode` gives it, or an Electron, which is told to be a Node. */
  readonly node: string;
  /** The engine's bundle. */
  readonly enginePath: string;
  /** Absolute path of the project that it is to serve; absent for one that serves none and ends with this client. */
  readonly project?: string;
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Bounds of the engine's memory: Node lets its young generation grow past 400 MB with hundreds of calls in flight. */
const memoryArguments = ['--max-semi-space-size=8', '--max-old-space-size=2048'];
/** What Electron, VS Code and a debugger set for themselves must not reach what we start. */
const privateVariables = /^(?:VSCODE_.*|ELECTRON_RUN_AS_NODE|NODE_OPTIONS|REGENESIS_API_KEY)$/;
const startsWithinMs = 30_000;
const lookEveryMs = 15;
const largestLogBytes = 1_048_576;
/** How often, and after which pause, a project is tried again that an engine on its way out still holds. */
const lockedAgain = { times: 10, afterMs: 150 } as const;

/**
 * The engine of a project: the one that runs, or a new one. It is a process of its own that outlives whoever started it.
 *
 * Throws `engine-unavailable` with what it wrote, `engine-refused`, `node-too-old`.
 */
export async function openEngine(start: EngineStart): Promise<EngineClient> {
  const place = enginePlace(runtimeFolder(start.environment ?? process.env), start.project);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const running = await attached(place, start);
    const client = running && await ofOurVersion(running);
    if (client) return client;
    if (!running) {
      const started = await startedAt(place, start);
      if (started) return started;
    }
  }
  throw problemError('engine-unavailable', `No engine could be started.${lastWords(place)}`);
}

/**
 * The same with its project opened, or made. An engine of another version that is at work is handed over as it is: its run can be followed.
 *
 * Throws what opening throws; the engine is then left.
 */
export async function openProject(start: EngineStart & { readonly project: string }, how: 'open' | 'create' | 'create-sample' = 'open'): Promise<EngineClient> {
  for (let attempt = 0; ; attempt += 1) {
    const client = await openEngine(start);
    if (!client.isSameProtocol) return client;
    try {
      await opened(client, start.project, how);
      return client;
    } catch (thrown) {
      await client.close();
      // one that was about to end when it was found
      if (problemOf(thrown).code !== 'engine-unavailable' || attempt >= 2) throw thrown;
    }
  }
}

/** An engine that is about to end still holds the file for a moment. */
async function opened(client: EngineClient, project: string, how: 'open' | 'create' | 'create-sample'): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (how === 'open') await client.call('openProject', { path: project });
      else await client.call('createProject', { path: project, sample: how === 'create-sample' });
      return;
    } catch (thrown) {
      if (problemOf(thrown).code !== 'project-locked' || attempt >= lockedAgain.times) throw thrown;
      await new Promise(resolve => { setTimeout(resolve, lockedAgain.afterMs); });
    }
  }
}

/** The entry in a registry file; undefined where there is none. */
export function entryIn(file: string): RegistryEntry | undefined {
  try {
    return readRegistryEntry(readFileSync(file, 'utf8'));
  } catch (thrown) {
    if (errorCodeOf(thrown) === 'ENOENT') return undefined; // also one whose engine leaves at this moment
    throw thrown;
  }
}

async function attached({ entryFile }: EnginePlace, start: EngineStart): Promise<EngineClient | undefined> {
  const entry = entryIn(entryFile);
  return entry && EngineClient.attach(entry, start);
}

/** An idle engine of another version makes room for ours; one that is at work is left at it. */
async function ofOurVersion(client: EngineClient): Promise<EngineClient | undefined> {
  if (client.isSameProtocol) return client;
  try {
    const { state, clients } = await client.call('engineState', {});
    if (state === 'running' || clients > 1) return client;
    await client.shutdown();
    return undefined;
  } catch (thrown) {
    await client.close();
    if (problemOf(thrown).code === 'engine-unavailable') return undefined; // it was about to end when it was found
    throw thrown;
  }
}

async function startedAt(place: EnginePlace, start: EngineStart): Promise<EngineClient | undefined> {
  const child = spawned(place, start);
  const ended = new Promise<string>(resolve => {
    child.once('error', error => { resolve(error.message); });
    child.once('exit', (code, signal) => { resolve(signal ?? `exit code ${String(code)}`); });
  });
  const state: { end?: string } = {};
  void ended.then(reason => { state.end = reason; });
  const until = performance.now() + startsWithinMs;
  while (performance.now() < until) {
    await new Promise(resolve => { setTimeout(resolve, lookEveryMs); });
    const entry = entryIn(place.entryFile);
    const ours = entry?.pid === child.pid;
    const client = entry && (ours || state.end !== undefined) ? await EngineClient.attach(entry, start) : undefined;
    if (client) {
      child.unref();
      return client;
    }
    // it gave way to another engine, which was a little quicker
    if (state.end === 'exit code 0') return undefined;
    if (state.end !== undefined) throw problemError('engine-unavailable', `The engine ended as it began, with ${state.end}.${lastWords(place)}`);
  }
  child.kill('SIGKILL');
  throw problemError('engine-unavailable', `The engine did not begin within ${startsWithinMs / 1_000} s.${lastWords(place)}`);
}

/** A process of its own session: neither the end of this one, nor that of its terminal, is its end. */
function spawned(place: EnginePlace, { node, enginePath, idleMs = 0, environment = process.env }: EngineStart): ChildProcess {
  const log = openSync(place.logFile, existsSync(place.logFile) && statSync(place.logFile).size < largestLogBytes ? 'a' : 'w', 0o600);
  try {
    const own = Object.fromEntries(Object.entries(environment).filter(([name]) => !privateVariables.test(name)));
    return spawn(node, [...memoryArguments, '--no-warnings', enginePath, '--entry', place.entryFile, '--socket', place.socket, '--idle-ms', String(idleMs)], {
      detached: true, stdio: ['ignore', log, log], windowsHide: true, cwd: path.parse(process.execPath).root, env: { ...own, ELECTRON_RUN_AS_NODE: '1' },
    });
  } finally {
    closeSync(log);
  }
}

/** What an engine wrote last, for a message. */
function lastWords({ logFile }: EnginePlace): string {
  const words = existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-2_000).trim() : '';
  return words === '' ? '' : ` It said: ${words}`;
}
