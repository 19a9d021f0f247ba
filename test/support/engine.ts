import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { EngineClient, processEnd } from '../../src/client/engineClient.ts';
import { entryIn, openProject, type EngineStart } from '../../src/client/openEngine.ts';
import { enginePlace, runtimeFolder } from '../../src/client/runtimeFolder.ts';
import type { RunChoices } from '../../src/contract/engine.ts';
import type { RunReport } from '../../src/contract/reports.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The built engine, found by the place that the tests have for engines. */
export const engineStart: EngineStart = { node: process.execPath, enginePath: path.join(root, 'dist/engine.mjs'), app: 'test' };

/** The engine of a project, with the project opened or made. It ends with its last client, unless `idleMs` says otherwise. */
export const engineOf = (project: string, how: 'open' | 'create' | 'create-sample' = 'open', options: Partial<EngineStart> = {}): Promise<EngineClient> =>
  openProject({ ...engineStart, ...options, project }, how);

/** An engine of another protocol version for a project, as an older or newer product would have left it running, and the client that belongs to it. */
export async function spawnEngine(project: string, protocol: number): Promise<EngineClient> {
  const { entryFile, socket } = enginePlace(runtimeFolder(process.env), project);
  const child = spawn(process.execPath, [engineStart.enginePath, '--entry', entryFile, '--socket', socket, '--idle-ms', '0', '--protocol', String(protocol)], { detached: true, stdio: 'ignore' });
  child.unref();
  for (;;) {
    await new Promise(resolve => { setTimeout(resolve, 10); });
    const entry = entryIn(entryFile);
    const client = entry && entry.pid === child.pid ? await EngineClient.attach(entry, { app: 'other', protocol }) : undefined;
    if (client) return client;
  }
}

/** Ends the process of an engine as a crash does, and waits until it is gone. */
export async function crash(engine: EngineClient): Promise<void> {
  engine.kill();
  await engine.gone;
  await processEnd(engine.pid, 5_000);
}

/** Leaves an engine that ends with this client, and waits until it is gone. */
export async function leave(engine: EngineClient): Promise<void> {
  await engine.close();
  await processEnd(engine.pid, 5_000);
}

/** Resolves with the report of the next run that ends; rejects where the engine is gone before. */
export function nextEnd(engine: EngineClient): Promise<RunReport> {
  const ended = new Promise<RunReport>((resolve, reject) => {
    engine.on('runEnded', resolve);
    void engine.gone.then(reason => { reject(new Error(`the engine ended: ${reason}`)); });
  });
  ended.catch(() => undefined); // the end after the end of the run
  return ended;
}

/** Runs a recipe to its end. */
export async function runToEnd(engine: EngineClient, choices: RunChoices): Promise<RunReport> {
  const ended = nextEnd(engine);
  await engine.call('startRun', choices);
  return ended;
}
