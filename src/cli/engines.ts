import { listEngines, stopEngines, type ListedEngine } from '../client/engines.ts';
import { enginePlace, runtimeFolder } from '../client/runtimeFolder.ts';
import { counted } from '../client/words.ts';
import type { RegistryEntry } from '../contract/registry.ts';
import { exitCodes, type Command } from './command.ts';
import { json, table } from './print.ts';
import { projectPath } from './withEngine.ts';

/** Lists the engines of this user on this machine, or ends them. */
export const engines: Command = {
  name: 'engines',
  summary: 'List the engines that run on this machine, or end them.',
  usage: '[PROJECT]',
  options: { stop: { type: 'boolean', help: 'end them, or the one of PROJECT; what runs can be resumed, and nothing is lost' } },
  positionals: [0, 1],
  notes: 'There is one engine for each open project. It outlives whoever started it as long as a run goes on, and for a while after.',
  run: async (given, environment) => {
    const folder = runtimeFolder(environment.environment);
    const [project] = given.positionals;
    const socket = project === undefined ? undefined : enginePlace(folder, projectPath(project)).socket;
    const isMeant = (entry: RegistryEntry) => socket === undefined || entry.socket === socket;
    const listed = await listEngines(folder, { app: environment.app }, isMeant);
    const stopped = given.flag('stop') ? await stopEngines(folder, { app: environment.app }, isMeant) : undefined;
    await environment.out(given.flag('json') ? json({ engines: listed, ...(stopped ? { stopped } : {}) }) : enginesText(listed, stopped));
    return exitCodes.done;
  },
};

function enginesText(listed: readonly ListedEngine[], stopped: readonly number[] | undefined): string {
  if (listed.length === 0) return 'No engine is running.\n';
  const rows = listed.map(({ pid, state, run, clients, app, project }) =>
    [String(pid), run === null ? state : `${state}: run ${run}`, counted(clients, 'client'), app, project ?? 'no project']);
  const ended = stopped && `\n${counted(stopped.length, 'engine')} ended${stopped.length > 0 ? `: ${stopped.join(', ')}` : ''}`;
  return `${table([['process', 'state', 'clients', 'version', 'project'], ...rows])}${ended ?? ''}\n`;
}
