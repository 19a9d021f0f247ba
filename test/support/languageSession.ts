// The server of the prompt language as an editor has it: a process of its own, spoken to over its own transport.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type CancellationToken, type MessageConnection } from 'vscode-jsonrpc/node';
import type { InitializeResult, LogMessageParams, PublishDiagnosticsParams, Range } from 'vscode-languageserver/node';

const bundle = path.resolve(import.meta.dirname, '../../dist/languageServer.mjs');

/** One server with what it said. */
export class LanguageSession {
  readonly connection: MessageConnection;
  /** What was pushed, in order. */
  readonly pushed: PublishDiagnosticsParams[] = [];
  readonly logged: string[] = [];
  readonly process: ChildProcess;
  readonly #versions = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  constructor() {
    const server = spawn(process.execPath, [bundle, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process = server;
    this.connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.pushed.push(params);
      for (const look of this.#waiting) look();
    });
    this.connection.onNotification('window/logMessage', ({ message }: LogMessageParams) => { this.logged.push(message); });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.listen();
  }

  /** Starts to talk, as our editor does with a folder; `plain`: as another does, which has none of our commands and watches no files. */
  async begin(folder: string, kind: 'ours' | 'plain' = 'ours'): Promise<InitializeResult> {
    const capabilities = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true }, codeLens: { refreshSupport: true } } };
    const editor = kind === 'ours' ? { capabilities, initializationOptions: { commands: true } } : { capabilities: {} };
    const result = await this.ask<InitializeResult>('initialize', { processId: process.pid, rootUri: pathToFileURL(folder).href, workspaceFolders: null, ...editor });
    await this.tell('initialized', {});
    return result;
  }

  ask<Result>(method: string, params: unknown, token?: CancellationToken): Promise<Result> {
    return this.connection.sendRequest<Result>(method, ...(params === undefined ? [] : [params]), ...(token === undefined ? [] : [token]));
  }

  tell(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, ...(params === undefined ? [] : [params]));
  }

  /** Opens a file with a text that need not be saved. */
  async open(uri: string, text: string): Promise<void> {
    this.#versions.set(uri, 1);
    await this.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'regenesis-prompt', version: 1, text } });
  }

  /** Puts a text in the place of another. @returns the version that the file then has */
  async type(uri: string, text: string, range?: Range): Promise<number> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.tell('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [range === undefined ? { text } : { range, text }] });
    return version;
  }

  /** What is found in a file as it stands in a version, or in a later one. */
  diagnostics(uri: string, version: number): Promise<PublishDiagnosticsParams> {
    return new Promise(resolve => {
      const look = (): void => {
        const found = this.pushed.find(each => each.uri === uri && (each.version ?? 0) >= version);
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Ends it as an editor does. @returns its exit code */
  async end(): Promise<number | null> {
    const gone = once(this.process, 'exit');
    await this.ask('shutdown', undefined);
    await this.tell('exit', undefined);
    const [code] = await Promise.race([gone, delay(5_000, ['still there'])]) as [number | null];
    this.connection.dispose();
    return code;
  }
}
