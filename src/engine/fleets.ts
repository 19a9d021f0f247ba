import type { ServerDescription } from '../ports/languageModel.ts';
import { AnswersInFlight } from './answersInFlight.ts';
import type { EngineDependencies } from './dependencies.ts';
import { fleetKey } from './describeServers.ts';
import { Fleet, type FleetServer } from './fleet.ts';

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
  take({ servers, server }: { readonly servers: readonly FleetServer[]; readonly server: ServerDescription }, apiKey: string | undefined): SharedFleet {
    const { clock, hash, emit } = this.#dependencies;
    const key = fleetKey(servers, apiKey);
    const known = this.#fleets.get(key);
    if (known && known.fleet.identity === server.identity) {
      known.users += 1;
      for (const { model } of servers) void model.close();
      return known;
    }
    const fleet = new Fleet({ servers, identity: server.identity, clock, hash, log: text => { emit('log', { level: 'warning', text }); } });
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
