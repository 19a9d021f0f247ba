import type { ServerSetting } from '../../contract/reports.ts';
import type { Project } from '../projects/project.ts';
import type { DemoServer } from './demoServer.ts';
import type { KnownOrigins } from './knownOrigins.ts';

/** A demo server for a project: the one that it has where that still answers, else the one of this window. Chosen here, it may be asked how it is and what it can do. */
export async function readyDemo(project: Project, { demo, known }: { readonly demo: DemoServer; readonly known: KnownOrigins }): Promise<void> {
  const server = project.status?.server;
  if (!server?.simulated || !await answers(project, server)) await useDemoServer(project, await demo.url());
  const ready = project.status?.server;
  if (ready) await known.add(ready.baseUrl);
}

/** Asked for its own model: a demo server may serve several. */
const answers = (project: Project, { baseUrl: url, model }: ServerSetting): Promise<boolean> => project.call('probeServer', { url, model, completions: false }).then(({ simulated }) => simulated, () => false);

/** Makes the demo server a project's server: probed, since its address is another one each time. */
export async function useDemoServer(project: Project, url: string): Promise<void> {
  if (project.status?.server?.baseUrl === url) return;
  const { server, model, simulated } = await project.call('probeServer', { url, completions: false });
  await project.call('setServer', { server: { baseUrl: server, model, simulated } });
  await project.refresh();
}
