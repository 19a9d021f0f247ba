// Loaded with the first file of the prompt language: the client is large, and a window without such a file starts without.
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State, TransportKind, type CloseHandlerResult } from 'vscode-languageclient/node';
import * as z from 'zod/mini';
import type { Method } from '../../contract/engine.ts';
import { projectRequests } from '../../contract/promptLanguage.ts';
import { shippedScheme } from '../../core/model/promptFile.ts';
import { Lifetime } from '../lifetime.ts';
import { promptLanguages } from '../manifest.ts';
import { CrashCount } from './crashCount.ts';
import type { HostFacts } from './hostFacts.ts';
import { LanguageStatus } from './languageStatus.ts';
import type { PromptServerOptions } from './promptServer.ts';

const selector = promptLanguages.flatMap(language => ['file', shippedScheme].map(scheme => ({ scheme, language })));

/** The editor's side of the language server protocol, with what only the editor knows. */
export class PromptClient implements vscode.Disposable {
  readonly #options: PromptServerOptions;
  readonly #lifetime = new Lifetime();
  readonly #client: LanguageClient;
  readonly #status: LanguageStatus;
  #crashes = new CrashCount();

  constructor(options: PromptServerOptions, facts: HostFacts) {
    this.#options = options;
    this.#status = this.#lifetime.add(new LanguageStatus(selector));
    this.#client = new LanguageClient('regenesis.language', 'Prompt language', { module: options.serverPath, transport: TransportKind.ipc }, {
      documentSelector: selector,
      outputChannel: options.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: { error: () => ({ action: ErrorAction.Continue, handled: true }), closed: () => this.#closed() },
      initializationFailedHandler: () => false,
    });
    this.#lifetime.add(this.#client.onDidChangeState(({ newState }) => { this.#status.show(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped'); }));
    this.#answer(projectRequests.values, facts.values);
    this.#answer(projectRequests.staleness, facts.staleness);
    this.#answer(projectRequests.budget, facts.budget);
  }

  /** Resolves when the server answers. */
  start(): Promise<void> {
    return this.#client.start();
  }

  /** Ends the process and starts another, also where it was given up. */
  async restart(): Promise<void> {
    this.#crashes = new CrashCount();
    await this.#client.restart();
  }

  dispose(): void {
    this.#lifetime.dispose();
    this.#client.dispose().catch((thrown: unknown) => { this.#options.log.debug(String(thrown)); }); // a process that is gone already
  }

  /** A folder that is not trusted may be read; what is in it asks no project. */
  #answer<Params, Result>({ name, params }: Method<Params, Result | null>, work: (given: Params, token: vscode.CancellationToken) => Promise<Result | null>): void {
    this.#lifetime.add(this.#client.onRequest(name, async (given: unknown, token: vscode.CancellationToken) => vscode.workspace.isTrusted ? work(z.parse(params, given), token) : null));
  }

  #closed(): CloseHandlerResult {
    if (!this.#crashes.isOneTooMany(Date.now())) return { action: CloseAction.Restart, handled: true, message: 'The prompt language server ended unexpectedly and is started again.' };
    this.#options.notify.tell('The prompt language server ended again and again and is not started any more: prompts are not checked. The log has what it said.', ['regenesis.language.restart', 'regenesis.log.show'], 'error');
    return { action: CloseAction.DoNotRestart, handled: true, message: 'The prompt language server ended again and again and is not started any more.' };
  }
}
