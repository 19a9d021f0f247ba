import type { RunChoices } from '../contract/engine.ts';
import { AnswersInFlight } from './answersInFlight.ts';
import type { EngineDependencies } from './dependencies.ts';
import { fleetKey, type FoundServers } from './describeServers.ts';
import { Fleet } from './fleet.ts';

/** Servers in use, and by how many. */
export interface SharedFleet {
  readonly fleet: Fleet;
  users: number;
}

/** The servers that runs and steps of one project use together: two on the same servers would find out one limit twice, and ask for one answer twice. */
export class Fleets {
  /** What is asked for at the moment. */
  readonly answers = new AnswersInFlight();
  readonly #dependencies: Pick<EngineDependencies, 'clock' | 'hash' | 'emit'>;
  /** By what makes them the same. */
  readonly #fleets = new Map<string, SharedFleet>();

  constructor(dependencies: Pick<EngineDependencies, 'clock' | 'hash' | 'emit'>) {
    this.#dependencies = dependencies;
  }

  /** Joins the fleet of these servers where there is one, and closes the models that are then not needed. To be released. */
  take(found: FoundServers, keys: Pick<RunChoices, 'apiKey' | 'apiKeys'>): SharedFleet {
    const { servers, server, judge } = found;
    const { clock, hash, emit } = this.#dependencies;
    const key = fleetKey(found, keys);
    const known = this.#fleets.get(key);
    if (known && known.fleet.identity === server.identity && known.fleet.judgeIdentity === judge?.server.identity) {
      known.users += 1;
      for (const { model } of [...servers, ...judge?.servers ?? []]) void model.close();
      return known;
    }
    const judges = judge && { servers: judge.servers, identity: judge.server.identity };
    const fleet = new Fleet({ servers, identity: server.identity, judge: judges, clock, hash, log: text => { emit('log', { level: 'warning', text }); } });
    const made = { fleet, users: 1 };
    this.#fleets.set(key, made);
    return made;
  }

  async release(shared: SharedFleet): Promise<void> {
    shared.users -= 1;
    if (shared.users > 0) return;
    for (const [key, each] of this.#fleets) if (each === shared) this.#fleets.delete(key);
    await shared.fleet.close();
  }
}
