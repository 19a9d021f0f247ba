import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { processEnd, type EngineClient } from '../client/engineClient.ts';
import { findNode } from '../client/findNode.ts';
import { openEngine, openProject, type EngineStart } from '../client/openEngine.ts';
import { problemError } from '../core/model/problem.ts';
import type { CommandEnvironment } from './command.ts';

const answersWithinMs = 2_000;
const endsWithinMs = 5_000;

/** Hands over the engine of a project, opened or made, and leaves it whatever happens. Throws what opening and the work throw. */
export async function withProject<Result>(environment: CommandEnvironment, { project, how = 'open' }: { readonly project: string; readonly how?: 'open' | 'create' | 'create-sample' }, work: (engine: EngineClient) => Promise<Result>): Promise<Result> {
  return leaving(await openProject({ ...engineStart(environment), project: projectPath(project) }, how), environment, work);
}

/** The same with an engine that serves no project, and ends with the work. */
export async function withEngine<Result>(environment: CommandEnvironment, work: (engine: EngineClient) => Promise<Result>): Promise<Result> {
  return leaving(await openEngine(engineStart(environment)), environment, work);
}

async function leaving<Result>(engine: EngineClient, environment: CommandEnvironment, work: (engine: EngineClient) => Promise<Result>): Promise<Result> {
  const log = engine.on('log', ({ text }) => { environment.say(`${text}\n`); });
  try {
    return await work(engine);
  } finally {
    log.dispose();
    await leave(engine);
  }
}

/** Where the engine ends with its last client, its end is waited for: whoever comes next, or copies the file, finds it closed. */
async function leave(engine: EngineClient): Promise<void> {
  const late = wait(answersWithinMs, undefined, { ref: false });
  const state = await Promise.race([late, engine.call('engineState', {}).catch(() => undefined)]); // it may be gone, or not answer
  await engine.close();
  if (state && state.clients === 1 && state.state !== 'running' && (state.idleMs === 0 || state.project === null)) await processEnd(engine.pid, endsWithinMs);
}

/** How commands start an engine. One that a command has started ends with it, unless something runs by then, or `REGENESIS_IDLE_MS` says how long it is to stay. */
export function engineStart(environment: CommandEnvironment): EngineStart {
  const idle = environment.environment['REGENESIS_IDLE_MS'];
  const idleMs = idle === undefined || idle === '' ? 0 : Number(idle);
  if (!Number.isInteger(idleMs) || idleMs < 0) throw problemError('usage', `REGENESIS_IDLE_MS takes whole milliseconds, not ${String(idle)}.`);
  return { node: nodeFor(environment), enginePath: environment.enginePath, app: environment.app, environment: environment.environment, idleMs };
}

/** The Node that runs what a command starts. Throws `node-too-old`. */
export const nodeFor = ({ packageRoot, environment }: CommandEnvironment): string => findNode(packageRoot, environment['REGENESIS_NODE']);

/** A project's absolute path; the ending may be left out. Throws `usage` for a name that is empty: the file would be hidden, and stand in the way of the folder of prompts. */
export function projectPath(name: string): string {
  const file = path.resolve(name.endsWith('.regenesis') ? name : `${name}.regenesis`);
  if (path.basename(file) === '.regenesis') throw problemError('usage', `"${name}" names no project. Give it a name, such as mine.regenesis.`);
  return file;
}
