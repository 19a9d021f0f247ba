import * as vscode from 'vscode';
import { lineageWords } from '../../client/lineage.ts';
import { problemError } from '../../core/model/problem.ts';
import { titleOf } from '../contributions.ts';
import type { Project } from '../projects/project.ts';
import { addServer, pickRole } from '../servers/addServer.ts';
import { addressesOf } from '../servers/keys.ts';
import { serversOf, withoutServer, withRole, type PlacedServer, type ProjectRole } from '../servers/roles.ts';
import { isServerNode } from '../servers/serverLook.ts';
import { readyDemo } from '../servers/useDemo.ts';
import type { Tabs } from '../tabs.ts';
import { isAllowed } from '../trust.ts';
import { oneLine } from '../words.ts';
import { projectFor, type Handlers, type Workbench } from '../workbench.ts';

/** Naming servers for projects, what is done with those that they have, and the demo server. */
export function serverCommands(workbench: Workbench, { cards }: Pick<Tabs, 'cards'>): Pick<Handlers, `regenesis.server.${'add' | 'replica' | 'card' | 'test' | 'assign' | 'remove'}` | `regenesis.demo.${'start' | 'stop'}`> {
  return {
    'regenesis.server.add': target => addAndTell(workbench, target, { cards }),
    'regenesis.server.replica': target => addAndTell(workbench, target, { cards, role: 'replica' }),
    'regenesis.server.card': async target => {
      const chosen = await chosenServer(workbench, target);
      if (chosen) cards.show(chosen.project, chosen.server);
    },
    'regenesis.server.test': async target => {
      if (!isAllowed(workbench.notify, 'Testing a server')) return;
      const chosen = await chosenServer(workbench, target);
      if (!chosen) return;
      await cards.test(chosen.project, chosen.server);
      workbench.servers.forgetHealth(chosen.server);
    },
    'regenesis.server.assign': target => assign(workbench, target),
    'regenesis.server.remove': target => remove(workbench, target),
    'regenesis.demo.start': async target => {
      if (!isAllowed(workbench.notify, 'Starting the demo server')) return;
      const project = await projectFor(workbench, target);
      if (!project) return;
      await vscode.window.withProgress({ location: { viewId: 'regenesis.servers' } }, () => startDemo(workbench, project));
    },
    'regenesis.demo.stop': async () => {
      const { demo, projects, notify } = workbench;
      const url = demo.current;
      if (url === undefined) {
        notify.tell('No demo server was started in this window. One that is asked by nobody ends by itself.', ['regenesis.demo.start']);
        return;
      }
      const user = projects.all.find(project => project.running && addressesOf(project.status?.server).includes(url));
      if (user && !await notify.confirm(`A run of ${user.name} asks the demo server.`, 'Stop Demo Server', 'The run waits until it is started again, or is cancelled. What has arrived is stored.')) return;
      await demo.end();
    },
  };
}

async function addAndTell(workbench: Workbench, target: unknown, { cards, role }: Pick<Tabs, 'cards'> & { readonly role?: ProjectRole }): Promise<void> {
  if (!isAllowed(workbench.notify, 'Adding a server')) return;
  const project = await projectFor(workbench, target);
  if (!project) return;
  const server = project.status?.server;
  if (role === 'replica' && !server) throw problemError('no-server', 'The project has no server yet. A replica stands beside one and serves the very same model.');
  const added = await addServer(workbench, project, role);
  if (!added) return;
  const { report, role: given } = added;
  const place = `${oneLine(report.model)} at ${report.server}, as seen from ${report.from}${report.simulated ? ' (simulation)' : ''}`;
  const words = { server: `${project.name} uses ${place}.`, replica: `${project.name} shares its requests with ${place}.`, judge: `${project.name} asks its judge at ${place}.` }[given];
  const show = { title: titleOf('regenesis.server.card'), run: () => { cards.show(project, { baseUrl: report.server, model: report.model, simulated: report.simulated, role: given }); } };
  workbench.notify.tell(words, [show, 'regenesis.run.start']);
}

interface Chosen {
  readonly project: Project;
  readonly server: PlacedServer;
}

/** The server that a command was called on, else the only one of the project, else the one that is picked; absent where there is none, which is then said. */
async function chosenServer(workbench: Workbench, target: unknown): Promise<Chosen | undefined> {
  const project = await projectFor(workbench, target);
  if (!project) return undefined;
  if (isServerNode(target)) return { project, server: target.server };
  const servers = serversOf(project.status?.server);
  const [only, ...others] = servers;
  if (!only) {
    workbench.notify.tell(`${project.name} has no server yet.`, ['regenesis.server.add', 'regenesis.demo.start']);
    return undefined;
  }
  if (others.length === 0) return { project, server: only };
  const jobs = workbench.jobs.of(project.path);
  const picked = await vscode.window.showQuickPick(servers.map(server => {
    const lineage = lineageWords(jobs, server.model);
    return { label: oneLine(server.model), description: server.role, detail: lineage === undefined ? server.baseUrl : `${server.baseUrl} · ${oneLine(lineage)}`, server };
  }), { title: 'Which server?' });
  return picked && { project, server: picked.server };
}

async function assign(workbench: Workbench, target: unknown): Promise<void> {
  if (!isAllowed(workbench.notify, 'Changing what a server is for')) return;
  const chosen = await chosenServer(workbench, target);
  if (!chosen) return;
  const { project, server } = chosen;
  refuseWhileRunning(project);
  const role = await pickRole(project, server, server.role);
  const setting = project.status?.server;
  if (!role || !setting) return;
  // the first server cannot be moved away from its place, only be given another task besides
  const rest = server.role === 'server' ? setting : withoutServer(setting, server) ?? setting;
  await project.call('setServer', { server: withRole(rest, server, role) });
  await project.refresh();
}

async function remove({ notify, ...workbench }: Workbench, target: unknown): Promise<void> {
  if (!isAllowed(notify, 'Removing a server')) return;
  const chosen = await chosenServer({ notify, ...workbench }, target);
  const setting = chosen?.project.status?.server;
  if (!chosen || !setting) return;
  const { project, server } = chosen;
  refuseWhileRunning(project);
  const detail = 'The project forgets its address. What it answered stays, and its key stays in the editor’s secret storage until it is forgotten there.';
  const forget = 'Remove and Forget Key';
  const answer = await notify.ask(`Remove ${oneLine(server.model)} at ${server.baseUrl} from ${project.name}?`, ['Remove', forget], detail);
  if (answer === undefined) return;
  await project.call('setServer', { server: withoutServer(setting, server) });
  if (answer === forget) await workbench.keys.forget(server.baseUrl);
  await project.refresh();
}

function refuseWhileRunning(project: Project): void {
  if (project.running) throw problemError('run-active', `A run is going on in ${project.name}, with the servers that it was begun with. Wait for its end, or cancel it.`);
}

async function startDemo(workbench: Workbench, project: Project): Promise<void> {
  const { demo, servers } = workbench;
  const server = project.status?.server;
  if (server && !server.simulated) {
    await demo.url(); // somebody who has a server of his own may add it from the list of what is found
    return;
  }
  await readyDemo(project, workbench);
  const ready = project.status?.server;
  if (ready) servers.forgetHealth(ready);
}
