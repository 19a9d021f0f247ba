import * as vscode from 'vscode';
import { Lifetime } from '../lifetime.ts';
import { promptLanguages } from '../manifest.ts';
import type { Notify } from '../notify.ts';
import type { Projects } from '../projects/projects.ts';
import type { PromptClient } from './promptClient.ts';
import type { HostFacts } from './hostFacts.ts';

/** What the server of the prompt language is started with. */
export interface PromptServerOptions {
  /** The bundle that runs. */
  readonly serverPath: string;
  /** Loads what asks the projects. */
  readonly loadFacts: () => Promise<HostFacts>;
  readonly projects: Pick<Projects, 'all' | 'onDidChange'>;
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
    const startFor = (document: vscode.TextDocument): void => {
      if (isOfLanguage(document)) this.#start().catch((thrown: unknown) => { this.#options.notify.problem(thrown, 'Starting the prompt language server', ['regenesis.language.restart', 'regenesis.log.show']); });
    };
    this.#lifetime.add(vscode.workspace.onDidOpenTextDocument(startFor));
    vscode.workspace.textDocuments.forEach(startFor);
    return this;
  }

  /** Ends the process and starts another. Says so where none was started yet. */
  async restart(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    if (client) await this.#using(client, () => client.restart());
    else if (vscode.workspace.textDocuments.some(isOfLanguage)) await this.#start();
    else this.#options.notify.tell('The prompt language server is not running, because no prompt, recipe or file of guidelines was opened in this window. It starts with the first one.', ['regenesis.log.show']);
  }

  dispose(): void {
    this.#lifetime.dispose();
    this.#client?.then(client => { client.dispose(); }, () => undefined); // of one that never started nothing is left
  }

  #start(): Promise<PromptClient> {
    this.#client ??= this.#load().catch((thrown: unknown) => {
      this.#client = undefined; // the next file tries again
      throw thrown;
    });
    return this.#client;
  }

  /** What fails leaves nothing behind that would keep the next try from starting. */
  async #using(client: PromptClient, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      client.dispose();
      this.#client = undefined;
      throw thrown;
    }
  }

  async #load(): Promise<PromptClient> {
    const { PromptClient } = await import('./promptClient.ts');
    const client = new PromptClient(this.#options, await this.#options.loadFacts());
    await this.#using(client, () => client.start());
    return client;
  }
}

const isOfLanguage = ({ languageId }: vscode.TextDocument): boolean => promptLanguages.some(language => language === languageId);
