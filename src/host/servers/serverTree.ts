import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { lineageWords } from '../../client/lineage.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { Lifetime } from '../lifetime.ts';
import { views } from '../manifest.ts';
import type { Project } from '../projects/project.ts';
import type { Projects } from '../projects/projects.ts';
import { treeItemOf } from '../tree/treeItem.ts';
import type { DemoServer } from './demoServer.ts';
import { lookEveryMs, ServerHealth } from './health.ts';
import type { ServerKeys } from './keys.ts';
import type { KnownOrigins } from './knownOrigins.ts';
import { lookForMs } from './loopback.ts';
import type { CallingMachine } from './place.ts';
import { serversOf, type PlacedServer } from './roles.ts';
import { demoNode, hasLoad, loadNodes, serverNode, serversLook, type ServerFacts, type ServersNode } from './serverLook.ts';

/** The machine that servers are called from: where this host and the engines run. */
export const callingMachine = (): CallingMachine => ({ host: hostname(), remoteName: vscode.env.remoteName });

/** Progress comes four times a second; a row that flickers cannot be read. */
const drawEveryMs = 500;

/** What the view of servers shows, and how it finds out. */
export interface ServerTreeOptions {
  readonly projects: Projects;
  readonly demo: DemoServer;
  readonly keys: ServerKeys;
  readonly known: KnownOrigins;
  readonly jobs: Pick<Jobs, 'of' | 'onDidChange'>;
}

interface WatchedServer extends PlacedServer {
  readonly project: Project;
}

/** The servers of the open projects: what they have to do while a run goes on, and whether they answer while none does. Nobody is asked while the view is hidden. */
export class ServerTree implements vscode.TreeDataProvider<ServersNode>, vscode.Disposable {
  readonly #options: ServerTreeOptions;
  readonly #lifetime = new Lifetime();
  readonly #changes: vscode.EventEmitter<undefined>;
  readonly #health: ServerHealth<WatchedServer>;
  #visible = false;
  #drawing: NodeJS.Timeout | undefined;

  constructor(options: ServerTreeOptions) {
    this.#options = options;
    this.#changes = this.#lifetime.add(new vscode.EventEmitter<undefined>());
    this.#health = new ServerHealth(({ project, baseUrl }) => this.#survey(project, baseUrl));
    this.#lifetime.add(options.projects.onDidChange(() => { this.#drawSoon(); }));
    this.#lifetime.add(options.jobs.onDidChange(() => { this.#drawSoon(); }));
    this.#lifetime.add(options.demo.onDidChange(() => { this.refresh(); }));
    const looking = setInterval(() => { this.#look(); }, lookEveryMs);
    this.#lifetime.add({ dispose: () => { clearInterval(looking); clearTimeout(this.#drawing); } });
    const view = this.#lifetime.add(vscode.window.createTreeView(views.servers, { treeDataProvider: this }));
    this.#lifetime.add(view.onDidChangeVisibility(({ visible }) => { this.#show(visible); }));
    this.#show(view.visible);
  }

  get onDidChangeTreeData(): vscode.Event<undefined> {
    return this.#changes.event;
  }

  /** Shows everything anew. */
  refresh(): void {
    this.#changes.fire(undefined);
    this.#look();
  }

  /** What was known of how a server is does not hold any more. */
  forgetHealth(server: Pick<PlacedServer, 'baseUrl' | 'model'>): void {
    this.#health.forget(server);
    this.refresh();
  }

  getTreeItem(node: ServersNode): vscode.TreeItem {
    return treeItemOf(serversLook(node, this.#factsOf(node)), node);
  }

  getChildren(node?: ServersNode): ServersNode[] {
    if (!node) return this.#roots();
    return node.kind === 'server' && hasLoad(node, this.#factsOf(node)) ? [...loadNodes(node)] : [];
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #show(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.refresh();
  }

  #roots(): ServersNode[] {
    const { projects, demo } = this.#options;
    projects.restore();
    const servers = projects.all.flatMap(project => serversOf(project.status?.server).map(server => {
      const node = serverNode(project.path, server);
      return serverNode(project.path, server, hasLoad(node, this.#factsOf(node)));
    }));
    const url = demo.current;
    return url === undefined || servers.some(({ server }) => server.baseUrl === url) ? servers : [...servers, demoNode(url)];
  }

  #factsOf(node: ServersNode): ServerFacts {
    const { projects, demo, jobs } = this.#options;
    const server = node.kind === 'load' ? node.parent : node;
    const project = server.kind === 'demo' ? undefined : projects.find(server.project);
    return {
      machine: callingMachine(),
      projectName: projects.all.length > 1 ? project?.name : undefined,
      progress: project?.progress,
      running: project?.running ?? false,
      health: server.kind === 'demo' ? undefined : this.#health.of(server.server),
      ...withoutAbsent({ lineage: server.kind === 'demo' ? undefined : lineageWords(jobs.of(server.project), server.server.model) }),
      demoStarted: demo.current !== undefined && (server.kind === 'demo' || server.server.baseUrl === demo.current),
    };
  }

  #drawSoon(): void {
    if (!this.#visible) return;
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.refresh();
    }, drawEveryMs);
  }

  /** Asks how the servers are of which nothing is heard otherwise. */
  #look(): void {
    if (!this.#visible || !vscode.workspace.isTrusted) return;
    const { projects, known, demo } = this.#options;
    const idle = projects.all.filter(project => project.status && !project.running);
    const servers = idle.flatMap(project => serversOf(project.status?.server).map(server => ({ ...server, project })));
    const asked = servers.filter(({ baseUrl }) => known.has(baseUrl) || baseUrl === demo.current);
    void this.#health.look(asked).then(changed => { if (changed) this.#changes.fire(undefined); });
  }

  async #survey(project: Project, url: string) {
    return project.call('surveyServer', { url, timeoutMs: lookForMs, ...withoutAbsent({ apiKey: await this.#options.keys.get(url) }) });
  }
}
