import type { LanguageModel, ServerDescription } from '../../ports/languageModel.ts';
import type { EngineDependencies } from '../dependencies.ts';
import type { ServerSetting } from '../../contract/reports.ts';

/** Counts that are remembered: a prompt is looked at many times. */
const mostKnown = 500;
/** How long a server without a tokenizer is left in peace, and what one said of itself is believed. */
const askAgainMs = 60_000;

/** Asks the project's server small things that cost it nothing: how many tokens a text has, and which model it is. */
export class TokenCounter {
  readonly #dependencies: Pick<EngineDependencies, 'createModel' | 'clock'>;
  readonly #known = new Map<string, number>();
  #server: { readonly key: string; readonly model: LanguageModel } | undefined;
  #silentUntilMs = 0;
  #described: { readonly key: string; readonly description: ServerDescription; readonly untilMs: number } | undefined;

  constructor(dependencies: Pick<EngineDependencies, 'createModel' | 'clock'>) {
    this.#dependencies = dependencies;
  }

  /** One count for each text; nothing where the server does not count, and for a minute after. */
  async count(server: ServerSetting, texts: readonly string[]): Promise<readonly number[] | undefined> {
    const { clock } = this.#dependencies;
    const { model, key } = await this.#modelOf(server);
    const missing = [...new Set(texts)].filter(text => text !== '' && !this.#known.has(`${key}${text}`));
    if (missing.length > 0) {
      if (clock.monotonicMs() < this.#silentUntilMs) return undefined;
      const counts = await model.countTokens(missing, new AbortController().signal);
      if (!counts) {
        this.#silentUntilMs = clock.monotonicMs() + askAgainMs;
        return undefined;
      }
      if (this.#known.size + missing.length > mostKnown) this.#known.clear();
      missing.forEach((text, index) => this.#known.set(`${key}${text}`, counts[index] ?? 0));
    }
    return texts.map(text => this.#known.get(`${key}${text}`) ?? 0);
  }

  /** What the server says of itself, kept for a minute; nothing where it does not answer. */
  async describe(server: ServerSetting): Promise<ServerDescription | undefined> {
    const { model, key } = await this.#modelOf(server);
    const { clock } = this.#dependencies;
    if (this.#described?.key === key && clock.monotonicMs() < this.#described.untilMs) return this.#described.description;
    const description = await model.describe(new AbortController().signal).catch(() => undefined);
    if (description) this.#described = { key, description, untilMs: clock.monotonicMs() + askAgainMs };
    return description;
  }

  async close(): Promise<void> {
    const { model } = this.#server ?? {};
    this.#server = undefined;
    await model?.close();
  }

  async #modelOf({ baseUrl, model }: ServerSetting): Promise<{ readonly key: string; readonly model: LanguageModel }> {
    const key = JSON.stringify([baseUrl, model]);
    if (this.#server?.key !== key) {
      await this.close();
      this.#silentUntilMs = 0;
      this.#server = { key, model: this.#dependencies.createModel({ baseUrl, model }) };
    }
    return this.#server;
  }
}
