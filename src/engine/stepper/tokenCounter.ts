import type { LanguageModel, ServerDescription } from '../../ports/languageModel.ts';
import type { EngineDependencies } from '../dependencies.ts';
import type { ServerSetting } from '../../contract/reports.ts';

/** Counts that are remembered: a prompt is looked at many times. */
const mostKnown = 500;
/** How long a server that does not answer is left in peace, and what one said of itself is believed. */
const askAgainMs = 60_000;

/** The server that is asked at the moment. */
interface AskedServer {
  readonly key: string;
  readonly model: LanguageModel;
  /** Aborts when it is asked no more. */
  readonly stop: AbortController;
  /** Until when it is not asked to count, because it did not. */
  silentUntilMs: number;
  description?: { readonly said: Promise<ServerDescription | undefined>; untilMs: number };
}

/** Asks the project's server small things that cost it nothing: how many tokens a text has, and which model it is. */
export class TokenCounter {
  readonly #dependencies: Pick<EngineDependencies, 'createModel' | 'clock'>;
  readonly #known = new Map<string, number>();
  #server: AskedServer | undefined;
  /** Servers of before that are not closed yet. */
  #closing: Promise<unknown> = Promise.resolve();

  constructor(dependencies: Pick<EngineDependencies, 'createModel' | 'clock'>) {
    this.#dependencies = dependencies;
  }

  /** One count for each text; nothing where the server does not count, and for a minute after. */
  async count(setting: ServerSetting, texts: readonly string[]): Promise<readonly number[] | undefined> {
    const { clock } = this.#dependencies;
    const server = this.#serverOf(setting);
    const { key, model, stop } = server;
    const missing = [...new Set(texts)].filter(text => text !== '' && !this.#known.has(`${key}${text}`));
    if (missing.length > 0) {
      if (clock.monotonicMs() < server.silentUntilMs) return undefined;
      const counts = await model.countTokens(missing, stop.signal);
      if (!counts) {
        server.silentUntilMs = clock.monotonicMs() + askAgainMs;
        return undefined;
      }
      if (this.#known.size + missing.length > mostKnown) this.#known.clear();
      missing.forEach((text, index) => this.#known.set(`${key}${text}`, counts[index] ?? 0));
    }
    return texts.map(text => this.#known.get(`${key}${text}`) ?? 0);
  }

  /**
   * What the server says of itself; nothing where it does not answer. Either is kept for a minute, and all who ask meanwhile share one request.
   *
   * @param signal aborts when nobody waits for it any more: it is nothing then, and the request goes on for the others
   */
  async describe(setting: ServerSetting, signal?: AbortSignal): Promise<ServerDescription | undefined> {
    const said = this.#saidBy(this.#serverOf(setting));
    return signal ? Promise.race([said, abortOf(signal)]) : said;
  }

  async close(): Promise<void> {
    this.#leave();
    await this.#closing;
  }

  #saidBy(server: AskedServer): Promise<ServerDescription | undefined> {
    const { clock } = this.#dependencies;
    const { description, model, stop } = server;
    if (description && clock.monotonicMs() < description.untilMs) return description.said;
    const said = model.describe(stop.signal).catch(() => undefined);
    const asked: NonNullable<AskedServer['description']> = { said, untilMs: Infinity };
    void said.then(() => { asked.untilMs = clock.monotonicMs() + askAgainMs; });
    server.description = asked;
    return said;
  }

  #serverOf({ baseUrl, model }: ServerSetting): AskedServer {
    const key = JSON.stringify([baseUrl, model]);
    if (this.#server?.key === key) return this.#server;
    this.#leave();
    return this.#server = { key, model: this.#dependencies.createModel({ baseUrl, model }), stop: new AbortController(), silentUntilMs: 0 };
  }

  #leave(): void {
    const { stop, model } = this.#server ?? {};
    this.#server = undefined;
    stop?.abort();
    this.#closing = Promise.allSettled([this.#closing, model?.close()]);
  }
}

/** Resolves when the signal is aborted. */
function abortOf(signal: AbortSignal): Promise<undefined> {
  return new Promise(resolve => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => { resolve(undefined); }, { once: true });
  });
}
