// The servers of a project: what each of them is for, and how that is changed. Knows nothing of the editor.
import type { ServerSetting } from '../../contract/reports.ts';
import { problemError } from '../../core/model/problem.ts';
import { withoutEnding } from '../../core/model/server.ts';

/** What a server is for. `server`: it generates; `replica`: it serves the very same model and shares the work; `judge`: it answers the judge's questions in place of the others. */
export const projectRoles = ['server', 'replica', 'judge'] as const;
/** One of `projectRoles`. */
export type ProjectRole = (typeof projectRoles)[number];

/** A model at an address. */
export interface NamedServer {
  readonly baseUrl: string;
  readonly model: string;
  readonly simulated: boolean;
}

/** One server of a project. */
export interface PlacedServer extends NamedServer {
  readonly role: ProjectRole;
}

/** The servers of a project in the order in which they stand. */
export function serversOf(setting: ServerSetting | null | undefined): readonly PlacedServer[] {
  if (!setting) return [];
  const { baseUrl, model, simulated, replicas = [], judge } = setting;
  return [
    { baseUrl, model, simulated, role: 'server' },
    ...replicas.map(replica => ({ baseUrl: replica, model, simulated, role: 'replica' as const })),
    ...(judge ? [{ ...judge, role: 'judge' as const }] : []),
  ];
}

const isSame = (one: string, other: string): boolean => withoutEnding(one) === withoutEnding(other);

/** What a server can be made, given those that the project has. */
export function possibleRoles(setting: ServerSetting | null | undefined, { model }: Pick<NamedServer, 'model'>): readonly ProjectRole[] {
  if (!setting) return ['server'];
  return projectRoles.filter(role => role !== 'replica' || setting.model === model);
}

/**
 * The servers once one of them has a role. A new first server keeps the replicas only where it serves the same model, and the judge in any case. The same address
 * never stands twice among those that generate. Throws `model-mismatch` for a replica of another model, `no-server` for one of none.
 */
export function withRole(setting: ServerSetting | null | undefined, { baseUrl, model, simulated }: NamedServer, role: ProjectRole): ServerSetting {
  const named = { baseUrl, model, simulated };
  if (!setting) {
    if (role === 'server') return named;
    throw problemError('no-server', 'The project has no server yet that this one could stand beside. Add it as the server.');
  }
  const { replicas = [], judge } = setting;
  const others = replicas.filter(each => !isSame(each, baseUrl));
  switch (role) {
    case 'server': return made(named, setting.model === model ? others : [], judge);
    case 'judge': return made(setting, replicas, named);
    case 'replica':
      if (setting.model !== model) throw problemError('model-mismatch', `${baseUrl} serves ${model}, and the project’s server ${setting.model}: replicas serve the very same model under the same name.`);
      if (isSame(setting.baseUrl, baseUrl)) throw problemError('usage', `${baseUrl} is the project’s server already.`);
      return made(setting, [...others, baseUrl], judge);
  }
}

/** The servers without one of them; the first replica takes the place of the first server. `null` where none is left that generates. */
export function withoutServer(setting: ServerSetting, { role, baseUrl }: Pick<PlacedServer, 'role' | 'baseUrl'>): ServerSetting | null {
  const { replicas = [], judge } = setting;
  if (role === 'judge') return made(setting, replicas, undefined);
  if (role === 'replica') return made(setting, replicas.filter(each => !isSame(each, baseUrl)), judge);
  const [first, ...others] = replicas;
  return first === undefined ? null : made({ ...setting, baseUrl: first }, others, judge);
}

function made({ baseUrl, model, simulated }: NamedServer, replicas: readonly string[], judge: ServerSetting['judge']): ServerSetting {
  return { baseUrl, model, simulated, ...(replicas.length > 0 ? { replicas: [...replicas] } : {}), ...(judge ? { judge } : {}) };
}
