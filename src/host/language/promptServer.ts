import * as vscode from 'vscode';
import { Lifetime } from '../lifetime.ts';
import { promptLanguages } from '../manifest.ts';
import type { Notify } from '../notify.ts';
import type { PromptClient } from './promptClient.ts';
import type { HostFacts } from './hostFacts.ts';

/** What the server of the prompt language is started with. */
export interface PromptServerOptions {
  /** The bundle that runs. */
  readonly serverPath: string;
  /** Loads what asks the projects. */
  readonly loadFacts: () => Promise<HostFacts>;
  readonly notify: Notify;
  readonly log: vscode.LogOutputChannel;
}

/** The server of the prompt language: a process that starts when the first prompt, recipe or file of guidelines is opened. A window without one pays nothing for it. */
export class PromptServer implements vscode.Disposable {
  readonly #options: PromptServerOptions;
  readonly #lifetime = new Lifetime();
  #client: Promise<PromptClient> | undefined;

  constructor(options: PromptServerOptions) {
    this.#options = options;
  }

  /** Starts with the first file of the language, from now on. */
  watch(): this {
    const startFor = ({ languageId }: vscode.TextDocument): void => {
      if (promptLanguages.some(language => language === languageId)) this.#start().catch((thrown: unknown) => { this.#options.notify.problem(thrown, 'Starting the prompt language server'); });
    };
    this.#lifetime.add(vscode.workspace.onDidOpenTextDocument(startFor));
    vscode.workspace.textDocuments.forEach(startFor);
    return this;
  }

  /** Ends the process and starts another. Says so where none was started yet. */
  async restart(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    if (client) await client.restart();
    else if (this.#client) await this.#start();
    else this.#options.notify.tell('The prompt language server is not running, because no prompt, recipe or file of guidelines was opened in this window. It starts with the first one.', ['regenesis.log.show']);
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #start(): Promise<PromptClient> {
    this.#client ??= this.#load().catch((thrown: unknown) => {
      this.#client = undefined; // the next file tries again
      throw thrown;
    });
    return this.#client;
  }

  async #load(): Promise<PromptClient> {
    const { PromptClient } = await import('./promptClient.ts');
    const client = this.#lifetime.add(new PromptClient(this.#options, await this.#options.loadFacts()));
    await client.start();
    return client;
  }
}
