// The rows of the view of servers and what they look like. Knows nothing of the editor.
import { counted, thousands } from '../../client/words.ts';
import type { RunProgress, ServerLoad } from '../../contract/reports.ts';
import { withoutEnding } from '../../core/model/server.ts';
import type { Look } from '../look.ts';
import { oneLine, rounded, shortened } from '../words.ts';
import type { Health } from './health.ts';
import { machineWords, shortPlace, type CallingMachine } from './place.ts';
import type { PlacedServer } from './roles.ts';

/** A server of a project. */
export interface ServerNode {
  readonly kind: 'server';
  readonly id: string;
  /** Absolute path of the project file. */
  readonly project: string;
  readonly server: PlacedServer;
}

/** A line of what a server has to do while a run goes on. */
export interface LoadNode {
  readonly kind: 'load';
  readonly id: string;
  readonly parent: ServerNode;
  readonly line: 'requests' | 'rate';
}

/** The demo server of this window where no project uses it. */
export interface DemoNode {
  readonly kind: 'demo';
  readonly id: string;
  readonly url: string;
}

/** A node of the view. */
export type ServersNode = ServerNode | LoadNode | DemoNode;

/** Whether what a command was handed is a server of a project: only our tree makes such objects. */
export const isServerNode = (value: unknown): value is ServerNode =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'server' && 'server' in value && 'project' in value && typeof value.project === 'string';

const joined = (...parts: readonly string[]): string => parts.map(part => encodeURIComponent(part)).join('|');

/** The node of a server. `busy`: lines stand below it; the editor takes it for another one then, since it would keep one folded in that had nothing to fold out. */
export const serverNode = (project: string, server: PlacedServer, busy = false): ServerNode =>
  ({ kind: 'server', id: joined('server', project, server.role, server.baseUrl, ...(busy ? ['busy'] : [])), project, server });
/** The lines below a server: how many requests, and for the first of them how fast the run is. */
export const loadNodes = (parent: ServerNode): readonly LoadNode[] =>
  (parent.server.role === 'server' ? ['requests', 'rate'] as const : ['requests'] as const).map(line => ({ kind: 'load', id: joined('load', parent.id, line), parent, line }));
/** The node of the demo server. */
export const demoNode = (url: string): DemoNode => ({ kind: 'demo', id: 'demo', url });

/** What is known of a server at the moment. */
export interface ServerFacts {
  readonly machine: CallingMachine;
  /** Name of its project, where more than one is open. */
  readonly projectName: string | undefined;
  /** The run that goes on in its project. */
  readonly progress: RunProgress | undefined;
  readonly running: boolean;
  /** How it is while nothing runs; absent while nobody has asked. */
  readonly health: Health | undefined;
  /** It is the demo server of this window, and on. */
  readonly demoStarted: boolean;
  /** What a job of its project has tuned its model from, in words. */
  readonly lineage?: string;
}

/** The load of a server in a run; absent where the run does not use it. */
function loadOf(server: PlacedServer, progress: RunProgress | undefined): ServerLoad | undefined {
  const wanted = server.role === 'judge' ? 'judge' : undefined;
  return progress?.servers?.find(({ baseUrl, role }) => role === wanted && withoutEnding(baseUrl) === withoutEnding(server.baseUrl));
}

/** Whether lines stand below a server. */
export const hasLoad = ({ server }: ServerNode, { running, progress }: Pick<ServerFacts, 'running' | 'progress'>): boolean => running && loadOf(server, progress) !== undefined;

/** The look of any node. */
export function serversLook(node: ServersNode, facts: ServerFacts): Look {
  switch (node.kind) {
    case 'server': return serverLook(node, facts);
    case 'load': return loadLook(node, facts);
    case 'demo': return {
      label: 'Demo server', description: 'simulation · started', icon: { name: 'vm-active' }, fold: 'none', tokens: ['demo', 'started'],
      tooltip: `The demo server, a simulation, at ${node.url} on ${machineWords(facts.machine)}. No project uses it.`, spoken: 'Demo server, simulation, started, used by no project',
    };
  }
}

const roleWords: Readonly<Record<PlacedServer['role'], string | undefined>> = { server: undefined, replica: 'replica', judge: 'judge' };

interface Standing {
  readonly words: string | undefined;
  readonly icon: NonNullable<Look['icon']>;
}

const warning = { name: 'warning', color: 'problemsWarningIcon.foreground' } as const;
const atWork: Readonly<Record<ServerLoad['state'], Standing>> = {
  gone: { words: 'gone', icon: warning },
  limited: { words: 'asked to wait', icon: { name: 'watch' } },
  up: { words: 'at work', icon: { name: 'vm-running', color: 'testing.iconPassed' } },
};

/** How it is, in a word or two, with an icon for it. */
function standing({ server }: ServerNode, { running, progress, health, demoStarted }: ServerFacts): Standing {
  const load = running ? loadOf(server, progress) : undefined;
  if (load) return atWork[load.state];
  if (demoStarted && health?.state !== 'up') return { words: 'started', icon: { name: 'vm-active' } };
  if (!health) return { words: undefined, icon: { name: 'vm' } };
  if (server.simulated && health.state !== 'up') return { words: 'stopped', icon: { name: 'vm-outline' } };
  return { words: health.words, icon: health.state === 'up' ? { name: 'vm-active' } : warning };
}

/** The demo server that nobody has asked may be started too: that asks it. */
const canBeStarted = (words: string | undefined): boolean => words === undefined || words === 'stopped';

const lineageOf = ({ lineage }: ServerFacts): string => (lineage === undefined ? '' : `, ${oneLine(lineage)}`);

function serverLook(node: ServerNode, facts: ServerFacts): Look {
  const { server: { baseUrl, model, simulated, role } } = node;
  const { words, icon } = standing(node, facts);
  const lineage = lineageOf(facts);
  const place = ` @ ${shortPlace(baseUrl, facts.machine)}`;
  const label = simulated ? `Demo server${role === 'server' ? '' : place}` : `${shortened(model, 28)}${place}`;
  const details = [roleWords[role], facts.projectName, simulated ? 'simulation' : undefined, words].filter(each => each !== undefined);
  return {
    label,
    ...(details.length > 0 ? { description: details.join(' · ') } : {}),
    icon,
    tooltip: `${oneLine(model)}${simulated ? ' (simulation)' : ''}${lineage}\n${baseUrl}, as seen from ${machineWords(facts.machine)}${facts.health ? `\n${facts.health.words}` : ''}`,
    spoken: `Server ${simulated ? 'demo' : oneLine(model)} at ${baseUrl} seen from ${facts.machine.host}${lineage}${details.length > 0 ? `, ${details.join(', ')}` : ''}`,
    fold: hasLoad(node, facts) ? 'open' : 'none',
    tokens: ['server', role, ...(simulated ? ['demo', canBeStarted(words) ? 'stopped' : 'started'] : [])],
  };
}

const loadLook = ({ parent, line }: LoadNode, { progress }: ServerFacts): Look => (line === 'rate' ? rateLook(progress) : requestsLook(loadOf(parent.server, progress)));

const plain = { fold: 'none', tokens: ['load'] } as const;

function rateLook(progress: RunProgress | undefined): Look {
  const { outputTokensPerSecond = 0, callsPerSecond: calls = 0, servers = [] } = progress ?? {};
  const label = `${rounded(outputTokensPerSecond)} tok/s`;
  const description = `${thousands(calls < 10 ? calls : Math.round(calls))} calls/s${servers.length > 1 ? ' · all servers' : ''}`;
  return { ...plain, label, description, tooltip: `${label} of output, ${description}, since the run began`, spoken: `${label}, ${description}` };
}

function requestsLook(load: ServerLoad | undefined): Look {
  const { inFlight = 0, allowed = 0, running, waiting = 0, cacheRatio } = load ?? {};
  const [label, description] = running === undefined ? [`${thousands(inFlight)} in flight`, `of ${thousands(allowed)} allowed`] : [`${thousands(running)} running`, `${thousands(waiting)} waiting`];
  const cache = cacheRatio === undefined ? '' : `\nCache memory in use: ${Math.round(cacheRatio * 100)} %`;
  return { ...plain, label, description, tooltip: `${counted(inFlight, 'request')} of this run in flight, at most ${thousands(allowed)}.\nThe server says: ${label}, ${description}.${cache}`, spoken: `${label}, ${description}` };
}
