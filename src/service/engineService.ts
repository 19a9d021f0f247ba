import { existsSync, rmSync } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import process from 'node:process';
import type { RegistryEntry } from '../contract/registry.ts';
import { events, type methods, type BodyOf, type ParamsOf, type ResultOf } from '../contract/engine.ts';
import { errorCodeOf, problemError, problemOf, type Problem } from '../core/model/problem.ts';
import type { Asking } from '../engine/asking.ts';
import type { Handlers } from '../engine/session.ts';
import { ClientConnection } from './clientConnection.ts';
import { RegistryFile } from './registryFile.ts';

/** What an engine's service is made of. */
export interface ServiceOptions {
  /** Where clients find the engine. */
  readonly entryFile: string;
  readonly entry: Omit<RegistryEntry, 'project' | 'schema'>;
  readonly node: string;
  /** How long it may outlive its last client while nothing runs; of what its clients wish the longest holds. */
  readonly idleMs: number;
  /** What the engine does about the project. */
  readonly project: {
    readonly handlers: Handlers;
    readonly running: () => boolean;
    /** The run that goes on, as `EngineState` has it. Reads the project, and so may throw. */
    readonly state: () => { readonly run: string | null; readonly state: 'idle' | 'running' | 'waiting-for-key' };
    /** Path of the open project and the version of its file; absent while none is open. */
    readonly opened: () => { readonly path: string; readonly schema: number } | undefined;
    /** Called when nobody is there and nothing runs. */
    readonly rest: () => void;
    /** Called at each beat. */
    readonly beat: () => void;
    readonly close: () => Promise<void>;
  };
  /** Ends the process. */
  readonly exit: () => void;
  /** For what nobody asked about: bugs with their stack. */
  readonly log: (text: string) => void;
}

/** Clients that start an engine come at once; one to which none came is forgotten. */
const firstClientWithinMs = 30_000;
/** Far below the five minutes after which another host may take a silent file. */
const beatEveryMs = 30_000;
/** For what the last clients are still told. */
const exitAfterMs = 200;

/**
 * The door of an engine: any number of clients over a local socket or pipe, a registry file by which they find it, and its end once nobody is there and nothing
 * runs. Whether clients come or go changes nothing about a run.
 */
export class EngineService {
  readonly #options: ServiceOptions;
  readonly #registry: RegistryFile;
  readonly #clients = new Set<ClientConnection>();
  readonly #strangers = new Set<ClientConnection>();
  #server: Server | undefined;
  #idleMs: number;
  #leaving: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#idleMs = options.idleMs;
    this.#registry = new RegistryFile(options.entryFile, { ...options.entry, project: null, schema: 0 });
  }

  /** Listens and makes itself known. @returns false where another engine listens there already */
  async listen(): Promise<boolean> {
    this.#server = await listeningOn(this.#options.entry.socket, this.#take);
    if (!this.#server) return false;
    this.#registry.write();
    this.#beating = setInterval(() => void this.#beat(), beatEveryMs);
    this.#leaving = setTimeout(() => void this.close(), firstClientWithinMs);
    return true;
  }

  /** Tells every client of an event. */
  emit<Name extends keyof typeof events>(name: Name, body: BodyOf<(typeof events)[Name]>): void {
    for (const client of this.#clients) client.tell(name, events[name].name, body);
    if (name === 'runEnded' || name === 'branchStepped' || name === 'evaluationChanged') setImmediate(() => { this.#settle(); });
  }

  /** Takes leave of everybody, closes the project and ends the process. A second time does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#leaving);
    clearInterval(this.#beating);
    this.#registry.remove();
    this.#server?.close();
    await this.#options.project.close();
    for (const client of [...this.#clients, ...this.#strangers]) client.end();
    setTimeout(() => { this.#options.exit(); }, this.#clients.size > 0 ? exitAfterMs : 0);
  }

  readonly #take = (socket: Socket): void => {
    this.#strangers.add(new ClientConnection(socket, {
      token: this.#registry.entry.token, protocol: this.#registry.entry.protocol,
      answer: (name, params, asking) => this.#answer(name, params, asking),
      problemOf: thrown => this.#reported(thrown),
      onWelcome: (client, idleMs) => { this.#welcome(client, idleMs); },
      onGone: client => { this.#gone(client); },
    }));
  };

  async #answer<Name extends keyof typeof methods>(name: Name, params: ParamsOf<(typeof methods)[Name]>, asking: Asking): Promise<unknown> {
    switch (name) {
      case 'handshake': return this.#introduction();
      case 'engineState': return this.#state();
      case 'shutdown':
        setImmediate(() => void this.close());
        return {};
      default: return this.#ask(name, params, asking);
    }
  }

  async #ask(name: Exclude<keyof typeof methods, 'handshake' | 'engineState' | 'shutdown'>, params: unknown, asking: Asking): Promise<unknown> {
    if (this.#closed) throw problemError('engine-unavailable', 'The engine is about to end.');
    // checked by the method's own schema; TypeScript cannot follow that through a generic name
    const result: unknown = await this.#options.project.handlers[name](params as never, asking).finally(() => { if (asking.client.gone.aborted) setImmediate(() => { this.#settle(); }); }); // what was asked may have kept us
    const opened = this.#options.project.opened();
    if (opened?.path !== (this.#registry.entry.project ?? undefined)) this.#registry.write({ project: opened?.path ?? null, schema: opened?.schema ?? 0 });
    return result;
  }

  #introduction(): ResultOf<(typeof methods)['handshake']> {
    const { protocol, app, pid, host, project, schema } = this.#registry.entry;
    return { protocol, app, schema, pid, node: this.#options.node, host, project };
  }

  #state(): ResultOf<(typeof methods)['engineState']> {
    const { pid, project, host, startedAtMs, protocol, app, schema } = this.#registry.entry;
    return { pid, project, host, startedAtMs, protocol, app, schema, clients: this.#clients.size, idleMs: this.#idleMs, ...this.#options.project.state() };
  }

  /** A bug goes to the log with its stack; whoever asked hears its message. */
  #reported(thrown: unknown): Problem {
    const problem = problemOf(thrown);
    if (problem.code === 'bug') this.#options.log(`${thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)}\n`);
    return problem;
  }

  #welcome(client: ClientConnection, idleMs: number | undefined): void {
    this.#strangers.delete(client);
    this.#clients.add(client);
    this.#idleMs = Math.max(this.#idleMs, idleMs ?? 0);
    this.#settle();
  }

  #gone(client: ClientConnection): void {
    this.#strangers.delete(client);
    if (this.#clients.delete(client)) this.#settle();
  }

  /** Sets or stops the time after which the engine leaves: nobody is there and nothing runs. */
  #settle(): void {
    clearTimeout(this.#leaving);
    if (!this.#isIdle()) return;
    const opened = this.#options.project.opened() !== undefined;
    if (opened && this.#idleMs > 0) this.#rest();
    // a run that was about to start when its client left may go on by then; its end asks again
    this.#leaving = setTimeout(() => { if (this.#isIdle()) void this.close(); }, opened ? this.#idleMs : 0);
  }

  #isIdle(): boolean {
    return !this.#closed && this.#clients.size === 0 && !this.#options.project.running();
  }

  #rest(): void {
    try {
      this.#options.project.rest();
    } catch (thrown) {
      this.#options.log(`${problemOf(thrown).message}\n`); // nobody asked for it, and the next one who writes is told
    }
  }

  /** What a beat fails of is told to the log, and tried again at the next. What tidies up a temporary folder may take the socket away too: clients would not find the engine, so it is made anew. */
  async #beat(): Promise<void> {
    const { project, entry: { socket } } = this.#options;
    try {
      project.beat();
      if (project.opened() === undefined) this.#settle();
      this.#registry.touch(Date.now());
      if (process.platform === 'win32' || existsSync(socket) || this.#closed || !this.#server) return;
      this.#server.close();
      this.#server = await listeningOn(socket, this.#take);
    } catch (thrown) {
      this.#options.log(`${problemOf(thrown).message}\n`);
    }
  }
}

/** A server on a socket; one that a dead engine left behind is taken over. Undefined where somebody answers there. */
async function listeningOn(socket: string, onSocket: (socket: Socket) => void): Promise<Server | undefined> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const server = createServer(onSocket);
    const failure = await new Promise<Error | undefined>(resolve => {
      server.once('error', resolve);
      server.listen(socket, () => { resolve(undefined); });
    });
    if (!failure) return server;
    if (errorCodeOf(failure) !== 'EADDRINUSE') throw failure;
    if (await somebodyAnswers(socket)) return undefined;
    rmSync(socket, { force: true });
  }
  return undefined;
}

const somebodyAnswers = (socket: string): Promise<boolean> => new Promise(resolve => {
  const trial = connect(socket);
  trial.once('connect', () => {
    trial.destroy();
    resolve(true);
  });
  trial.once('error', () => { resolve(false); });
});
