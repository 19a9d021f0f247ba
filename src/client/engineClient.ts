import { connect, type Socket } from 'node:net';
import process from 'node:process';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';
import { events, methods, protocolVersion, stableMethods, type Event, type EventBody, type EventName, type Method, type MethodName, type MethodParams, type MethodResult } from '../contract/engine.ts';
import type { RegistryEntry } from '../contract/registry.ts';
import { problemSchema } from '../contract/reports.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { errorCodeOf, messageOf, problemError, ProblemError } from '../core/model/problem.ts';

/** An engine on this machine answers at once, unless it is stopped or its machine is on its knees. */
const handshakeWithinMs = 20_000;
const goneWithinMs = 10_000;

/** What an engine says of itself when it lets a client in. */
export type Introduction = MethodResult<'handshake'>;

/** How this side introduces itself. */
export interface Caller {
  /** Version of the product on this side. */
  readonly app: string;
  /** How long the engine may outlive its last client while nothing runs, in milliseconds; absent: the engine's own mind. */
  readonly idleMs?: number;
  /** It only looks, and keeps no engine from leaving. */
  readonly visitor?: boolean;
  /** Another number than ours is for tests of how versions meet. */
  readonly protocol?: number;
}

/** A connection to a running engine and the typed way to talk to it. Closing it changes nothing about the engine. */
export class EngineClient {
  readonly #connection: MessageConnection;
  readonly #socket: Socket;
  readonly #protocol: number;
  readonly #listeners = new Map<string, Set<(body: unknown) => void>>();
  readonly introduction: Introduction;
  /** Resolves, with the reason, when the engine is gone or has let this client go. */
  readonly gone: Promise<string>;

  private constructor(parts: { readonly connection: MessageConnection; readonly socket: Socket; readonly protocol: number; readonly introduction: Introduction; readonly gone: Promise<string> }) {
    this.#connection = parts.connection;
    this.#socket = parts.socket;
    this.#protocol = parts.protocol;
    this.introduction = parts.introduction;
    this.gone = parts.gone;
  }

  /**
   * Connects to the engine of a registry entry and shakes hands. Undefined where nobody listens there any more.
   *
   * Throws `engine-unavailable` where it does not answer in time, `engine-refused`.
   */
  static async attach(entry: RegistryEntry, { app, idleMs, visitor, protocol = protocolVersion }: Caller, withinMs: number = handshakeWithinMs): Promise<EngineClient | undefined> {
    const socket = await connected(entry.socket);
    if (!socket) return undefined;
    const gone = new Promise<string>(resolve => { socket.once('close', () => { resolve(`the connection to process ${entry.pid} ended`); }); });
    const { connectionOver } = await import('./rpcConnection.ts');
    const connection = connectionOver(socket);
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(problemError('engine-unavailable', `The engine (process ${entry.pid}) does not answer. End it with \`regenesis engines --stop\` and try again; nothing that was stored is lost.`));
        }, withinMs);
      });
      const params = { protocol, app, token: entry.token, ...withoutAbsent({ idleMs, visitor }) };
      const answered = ask(connection, gone, { method: methods.handshake, params });
      answered.catch(() => undefined); // where the time is over before, nobody waits for this
      return new EngineClient({ connection, socket, protocol, gone, introduction: await Promise.race([answered, late]) });
    } catch (thrown) {
      socket.destroy();
      if (thrown instanceof ProblemError && thrown.problem.code === 'engine-unavailable' && await hasEnded(gone)) return undefined;
      throw thrown;
    } finally {
      clearTimeout(timer);
    }
  }

  get pid(): number {
    return this.introduction.pid;
  }

  /** Whether both sides speak the same version; else a run can be followed and cancelled, and the engine be ended. */
  get isSameProtocol(): boolean {
    return this.introduction.protocol === this.#protocol;
  }

  /** Makes a request. Throws the engine's `ProblemError`; `engine-unavailable` when the engine ended meanwhile, `engine-protocol` for what the other version need not know. @param signal takes the request back */
  async call<Name extends MethodName>(name: Name, params: MethodParams<Name>, signal?: AbortSignal): Promise<MethodResult<Name>> {
    if (!this.isSameProtocol && !stableMethods.has(name)) throw skewed(this.introduction);
    return ask(this.#connection, this.gone, { method: methods[name] as Method<MethodParams<Name>, MethodResult<Name>>, params, ...withoutAbsent({ signal }) });
  }

  /** Listens to an event; returns how to stop. What does not fit the contract is left out. */
  on<Name extends EventName>(name: Name, listener: (body: EventBody<Name>) => void): { dispose(): void } {
    const event = events[name] as Event<EventBody<Name>>;
    const check = (body: unknown) => {
      const checked = z.safeParse(event.body, body);
      if (checked.success) listener(checked.data);
    };
    const known = this.#listeners.get(event.name);
    const listeners = known ?? new Set();
    listeners.add(check);
    if (!known) {
      this.#listeners.set(event.name, listeners);
      // the connection itself knows one listener for each name, and forgets the one before
      this.#connection.onNotification(event.name, (body: unknown) => { for (const each of [...listeners]) each(body); });
    }
    return { dispose: () => { listeners.delete(check); } };
  }

  /** Leaves; the engine goes on as long as anything runs or anybody is there, and a while after. */
  async close(): Promise<void> {
    this.#socket.end();
    const slow = setTimeout(() => { this.#socket.destroy(); }, 1_000);
    await this.gone;
    clearTimeout(slow);
    this.#connection.dispose();
  }

  /** Ends the engine, cleanly: its project is closed, a run can be resumed. Resolves when the process is gone, or when the time is over in which it did not go. */
  async shutdown(withinMs: number = goneWithinMs): Promise<void> {
    void this.call('shutdown', {}).catch(() => undefined); // it may be gone before its answer: that is what was asked
    if (await processEnd(this.pid, withinMs)) await this.gone; // what it said last is heard
    else this.#socket.destroy();
    this.#connection.dispose();
  }

  /** Ends the process at once; the project stands it. */
  kill(): void {
    signalled(this.pid, 'SIGKILL');
  }
}

const skewed = ({ app, protocol }: Introduction): ProblemError => problemError(
  'engine-protocol', `The engine of this project is of version ${app} (protocol ${protocol}), another than this side. A run that goes on can be followed and cancelled. To work with the project, restart the engine: \`regenesis engines --stop\`, or Restart Engine in the editor. Nothing is lost.`,
);

interface Question<Params, Result> {
  readonly method: Method<Params, Result>;
  readonly params: Params;
  readonly signal?: AbortSignal;
}

async function ask<Params, Result>(connection: MessageConnection, gone: Promise<string>, { method, params, signal }: Question<Params, Result>): Promise<Result> {
  const ended = gone.then(reason => { throw problemError('engine-unavailable', `The engine is gone: ${reason}.`); });
  ended.catch(() => undefined); // where the request fails first, or at once, nobody waits for this
  // a closed connection throws at once where others reject
  const answered = Promise.resolve().then(() => (signal ? connection.sendRequest(method.name, params, tokenOf(signal)) : connection.sendRequest(method.name, params)));
  const reply: unknown = await Promise.race([answered, ended]).catch((thrown: unknown) => { throw problemIn(thrown); });
  const checked = z.safeParse(method.result, reply);
  if (checked.success) return checked.data;
  throw problemError('engine-protocol', `The engine's answer to ${method.name} could not be read: ${z.prettifyError(checked.error)}`);
}

/** A signal as the protocol knows it. */
const tokenOf = (signal: AbortSignal): CancellationToken => ({
  get isCancellationRequested() { return signal.aborted; },
  onCancellationRequested: listener => {
    const hear = () => { listener(undefined); };
    signal.addEventListener('abort', hear, { once: true });
    return { dispose: () => { signal.removeEventListener('abort', hear); } };
  },
});

const hasEnded = (gone: Promise<string>): Promise<boolean> => Promise.race([gone.then(() => true), new Promise<boolean>(resolve => { setTimeout(() => { resolve(false); }, 100); })]);

/** A socket to where an engine listens, or listened. */
function connected(socketPath: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.off('error', refused);
      socket.on('error', () => undefined); // its end says it
      resolve(socket);
    });
    const refused = (error: Error) => {
      if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'ENOTSOCK'].includes(errorCodeOf(error) ?? '')) resolve(undefined);
      else reject(problemError('engine-unavailable', `The engine cannot be reached at ${socketPath}: ${error.message}.`, { cause: error }));
    };
    socket.once('error', refused);
  });
}

/** Whether a process was there to be signalled; 0 only asks. */
export function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (thrown) {
    return errorCodeOf(thrown) === 'EPERM';
  }
}

/** Resolves when a process is gone, or when the time is over, with whether it is gone. */
export async function processEnd(pid: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (signalled(pid, 0)) {
    if (performance.now() > until) return false;
    await new Promise(resolve => { setTimeout(resolve, 10); });
  }
  return true;
}

/** What a refusal of the other side carries. */
const errorDataSchema = z.object({ problem: problemSchema });

function problemIn(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  const data = thrown instanceof Error && 'data' in thrown ? z.safeParse(errorDataSchema, thrown.data) : undefined;
  if (data?.success === true) {
    const { code, message, ...place } = data.data.problem;
    return new ProblemError({ code, message, ...withoutAbsent(place) });
  }
  return problemError('engine-unavailable', `The engine did not answer: ${messageOf(thrown)}`, { cause: thrown });
}
