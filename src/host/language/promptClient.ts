// Loaded with the first file of the prompt language: the client is large, and a window without such a file starts without.
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State, TransportKind, type CloseHandlerResult } from 'vscode-languageclient/node';
import * as z from 'zod/mini';
import type { Method } from '../../contract/engine.ts';
import { projectChanged, projectRequests, type editorSchema } from '../../contract/promptLanguage.ts';
import { shippedScheme } from '../../core/model/promptFile.ts';
import { Lifetime } from '../lifetime.ts';
import { promptLanguages } from '../manifest.ts';
import { CrashCount } from './crashCount.ts';
import type { HostFacts } from './hostFacts.ts';
import { LanguageStatus } from './languageStatus.ts';
import type { PromptServerOptions } from './promptServer.ts';

/** The server is told no more often that a project changed: it then has answers counted anew for each file on screen. */
const tellEveryMs = 3_000;

const selector = promptLanguages.flatMap(language => ['file', shippedScheme].map(scheme => ({ scheme, language })));

/** The editor's side of the language server protocol, with what only the editor knows. */
export class PromptClient implements vscode.Disposable {
  readonly #options: PromptServerOptions;
  readonly #lifetime = new Lifetime();
  readonly #client: LanguageClient;
  readonly #status: LanguageStatus;
  #wasUp = false;
  #telling: NodeJS.Timeout | undefined;
  #crashes = new CrashCount();

  constructor(options: PromptServerOptions, facts: HostFacts) {
    this.#options = options;
    this.#status = this.#lifetime.add(new LanguageStatus(selector));
    this.#client = new LanguageClient('regenesis.language', 'Prompt language', { module: options.serverPath, transport: TransportKind.ipc }, {
      documentSelector: selector,
      initializationOptions: { commands: true } satisfies z.infer<typeof editorSchema>,
      outputChannel: options.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: { error: () => ({ action: ErrorAction.Continue, handled: true }), closed: () => this.#closed() },
      initializationFailedHandler: () => false,
    });
    this.#lifetime.add(this.#client.onDidChangeState(({ newState }) => { this.#status.show(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped'); }));
    this.#answer(projectRequests.values, facts.values);
    this.#answer(projectRequests.staleness, facts.staleness);
    this.#answer(projectRequests.budget, facts.budget);
    this.#lifetime.add(options.projects.onDidChange(() => { this.#tellSoon(); }));
    this.#lifetime.add({ dispose: () => { clearTimeout(this.#telling); } });
  }

  /** Resolves when the server answers. Where it does not, this client is of no further use and is to be disposed: it holds what the next one registers. */
  async start(): Promise<void> {
    this.#wasUp = false;
    await this.#client.start();
    this.#wasUp = true;
  }

  /** Ends the process and starts another, also where it was given up. As with `start`, no second try after a failure. */
  async restart(): Promise<void> {
    this.#crashes = new CrashCount();
    if (this.#client.isRunning()) await this.#client.stop();
    await this.start();
  }

  dispose(): void {
    this.#lifetime.dispose();
    this.#client.dispose().catch((thrown: unknown) => { this.#options.log.debug(String(thrown)); }); // a process that is gone already
  }

  /** A folder that is not trusted may be read; what is in it asks no project. */
  #answer<Params, Result>({ name, params }: Method<Params, Result | null>, work: (given: Params, token: vscode.CancellationToken) => Promise<Result | null>): void {
    this.#lifetime.add(this.#client.onRequest(name, async (given: unknown, token: vscode.CancellationToken) => vscode.workspace.isTrusted ? work(z.parse(params, given), token) : null));
  }

  /** Not while a run goes on, in which every answer changes what is counted; its end is a change too. */
  #tellSoon(): void {
    const { projects, log } = this.#options;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      if (this.#client.isRunning() && !projects.all.some(({ running }) => running)) this.#client.sendNotification(projectChanged).catch((thrown: unknown) => { log.debug(String(thrown)); });
    }, tellEveryMs);
  }

  #closed(): CloseHandlerResult {
    if (!this.#wasUp) return { action: CloseAction.DoNotRestart, handled: true, message: 'The prompt language server ended before it was ready.' }; // whoever started it is told
    if (!this.#crashes.isOneTooMany(Date.now())) return { action: CloseAction.Restart, handled: true, message: 'The prompt language server ended unexpectedly and is started again.' };
    this.#options.notify.tell('The prompt language server ended again and again and is not started any more: prompts are not checked. The log has what it said.', ['regenesis.language.restart', 'regenesis.log.show'], 'error');
    return { action: CloseAction.DoNotRestart, handled: true, message: 'The prompt language server ended again and again and is not started any more.' };
  }
}
