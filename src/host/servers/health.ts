// How the servers are while nothing runs. Knows nothing of the editor.
import type { SurveyReport } from '../../contract/reports.ts';
import { problemOf } from '../../core/model/problem.ts';

/** How a server is: it answers and serves the model, does not answer, wants a key or another, or is not what it was. */
export interface Health {
  readonly state: 'up' | 'gone' | 'locked' | 'other';
  /** In two or three words. */
  readonly words: string;
}

/** No server is asked more often. */
export const lookEveryMs = 30_000;

/** A server that is to be looked at. */
export interface Watched {
  readonly baseUrl: string;
  readonly model: string;
}

const keyOf = ({ baseUrl, model }: Watched): string => JSON.stringify([baseUrl, model]);

/** What is known of how servers are, asked for no more often than every half minute each. */
export class ServerHealth<Server extends Watched> {
  readonly #look: (server: Server) => Promise<SurveyReport>;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, { readonly askedAtMs: number; health: Health | undefined }>();

  constructor(look: (server: Server) => Promise<SurveyReport>, nowMs: () => number = Date.now) {
    this.#look = look;
    this.#nowMs = nowMs;
  }

  /** Absent while nothing is known. */
  of(server: Watched): Health | undefined {
    return this.#known.get(keyOf(server))?.health;
  }

  /** Forgets what is known of a server, so that it may be asked at once. */
  forget(server: Watched): void {
    this.#known.delete(keyOf(server));
  }

  /** Asks those that were not asked lately. Resolves with whether anything is known that was not. Never throws. */
  async look(servers: readonly Server[]): Promise<boolean> {
    const nowMs = this.#nowMs();
    const due = servers.filter(server => (this.#known.get(keyOf(server))?.askedAtMs ?? -Infinity) <= nowMs - lookEveryMs);
    const changes = await Promise.all(due.map(async server => {
      const entry = { askedAtMs: nowMs, health: this.of(server) };
      this.#known.set(keyOf(server), entry);
      const health = await this.#ask(server);
      const changed = entry.health?.words !== health.words;
      entry.health = health;
      return changed;
    }));
    return changes.includes(true);
  }

  async #ask(server: Server): Promise<Health> {
    try {
      const { models } = await this.#look(server);
      return models.length === 0 || models.includes(server.model) ? { state: 'up', words: 'answers' } : { state: 'other', words: 'model removed' };
    } catch (thrown) {
      switch (problemOf(thrown).code) {
        case 'server-wrong-key': return { state: 'locked', words: 'key refused' };
        case 'server-unreachable': return { state: 'gone', words: 'does not answer' };
        case 'timed-out': return { state: 'gone', words: 'slow to answer' };
        case 'server-rate-limited':
        case 'server-error': return { state: 'other', words: 'busy or failing' };
        default: return { state: 'other', words: 'no model server' };
      }
    }
  }
}
