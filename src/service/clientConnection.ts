import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { createMessageConnection, ResponseError, SocketMessageReader, SocketMessageWriter, type CancellationToken, type Message, type MessageConnection, type MessageReader } from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';
import { methods, stableMethods, type events, type BodyOf, type ParamsOf } from '../contract/engine.ts';
import { ProblemError, problemError, type Problem } from '../core/model/problem.ts';
import type { Asking, Client } from '../engine/asking.ts';

/** Bytes that may come before the handshake is done, and those of one message after it. */
const largest = { stranger: 65_536, message: 67_108_864 } as const;
/** A client that leaves this many events unread is let go, and may come again; beyond the first it hears no progress, of which the next is as good. */
const unread = { progress: 8, any: 1_000 } as const;
/** What was said last gets this long to leave. */
const lastWordsMs = 100;
const handshakeWithinMs = 10_000;

type Name = keyof typeof methods;

/** What a connection needs of its service. */
export interface ConnectionOwner {
  readonly token: string;
  readonly protocol: number;
  /** Answers a request that has been checked; throws `ProblemError`. */
  readonly answer: <N extends Name>(name: N, params: ParamsOf<(typeof methods)[N]>, asking: Asking) => Promise<unknown>;
  /** What is told of a thing thrown by `answer`. */
  readonly problemOf: (thrown: unknown) => Problem;
  /** Not called for a visitor. */
  readonly onWelcome: (client: ClientConnection, idleMs: number | undefined) => void;
  readonly onGone: (client: ClientConnection) => void;
}

/**
 * One client at the other end of a socket. Until it has shown the token it is a stranger: it is heard for a few seconds and a few kilobytes, and whatever is no
 * handshake ends it. One of another protocol version may follow, cancel and end, and no more.
 */
export class ClientConnection implements Client {
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #connection: MessageConnection;
  readonly #deadline: NodeJS.Timeout;
  readonly #gone = new AbortController();
  #welcome = false;
  #sameProtocol = false;
  /** Events on their way: the operating system takes them as fast as the client reads. */
  #unread = 0;
  /** Bytes that had been read when the last message was whole. */
  #readBefore = 0;

  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#deadline = setTimeout(() => { if (!this.#welcome) socket.destroy(); }, handshakeWithinMs);
    this.#deadline.unref();
    socket.on('error', () => undefined); // its closing says it
    socket.on('close', () => { this.#ended(); });
    this.#connection = createMessageConnection(this.#measured(new SocketMessageReader(socket)), new SocketMessageWriter(socket));
    this.#connection.onError(() => { socket.destroy(); }); // what follows garbage cannot be understood either
    this.#connection.onRequest((name: string, params: unknown, token) => this.#request(name, params, token));
    socket.on('data', () => {
      const most = this.#welcome ? largest.message : largest.stranger;
      if (socket.bytesRead - this.#readBefore > most) socket.destroy();
    });
    this.#connection.listen();
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Tells of an event. A client that does not read is spared progress first, and then let go. */
  tell<Event extends keyof typeof events>(event: Event, name: string, body: BodyOf<(typeof events)[Event]>): void {
    if (!this.#welcome || this.#socket.destroyed) return;
    if ((event === 'runProgress' || event === 'branchText') && this.#unread > unread.progress) return;
    if (this.#unread > unread.any) {
      this.#socket.destroy();
      return;
    }
    this.#unread += 1;
    const sent = () => { this.#unread -= 1; };
    void this.#connection.sendNotification(name, body).then(sent, sent); // one that went away hears nothing
  }

  /** Ends it once what was said has left. */
  end(): void {
    setTimeout(() => { this.#socket.end(); }, lastWordsMs);
    setTimeout(() => { this.#socket.destroy(); }, 10 * lastWordsMs).unref();
  }

  #ended(): void {
    clearTimeout(this.#deadline);
    this.#connection.dispose();
    this.#gone.abort();
    this.#owner.onGone(this);
  }

  /** The reader, which notes how far the stream was read with each whole message. */
  #measured(reader: SocketMessageReader): MessageReader {
    reader.partialMessageTimeout = 0; // else a message that breaks off leaves a timer that sets itself anew for ever
    return {
      onError: reader.onError, onClose: reader.onClose, onPartialMessage: reader.onPartialMessage,
      listen: callback => reader.listen((message: Message) => {
        this.#readBefore = this.#socket.bytesRead;
        callback(message);
      }),
      dispose: () => { reader.dispose(); },
    };
  }

  async #request(method: string, raw: unknown, token: CancellationToken): Promise<unknown> {
    const name = (Object.keys(methods) as Name[]).find(each => methods[each].name === method);
    try {
      if (name === 'handshake') return await this.#shakeHands(raw, this.#askingUntil(token));
      if (!this.#welcome) return this.#turnAway();
      if (name === undefined) throw problemError('engine-protocol', `This engine knows no ${method}.`);
      if (!this.#sameProtocol && !stableMethods.has(name)) {
        throw problemError('engine-protocol', 'This engine is of another version than what asks: a run can be followed and cancelled, no more. Restart the engine to work with it; nothing is lost.');
      }
      return await this.#owner.answer(name, checked(name, raw), this.#askingUntil(token));
    } catch (thrown) {
      const problem = this.#owner.problemOf(thrown);
      return new ResponseError(-32_000, problem.message, { problem });
    }
  }

  #askingUntil(token: CancellationToken): Asking {
    const takenBack = new AbortController();
    token.onCancellationRequested(() => { takenBack.abort(); });
    return { client: this, signal: AbortSignal.any([takenBack.signal, this.gone]) };
  }

  #shakeHands(raw: unknown, asking: Asking): Promise<unknown> {
    const params = checked('handshake', raw);
    if (!isSame(params.token, this.#owner.token)) return this.#turnAway();
    this.#welcome = true;
    this.#sameProtocol = params.protocol === this.#owner.protocol;
    if (params.visitor !== true) this.#owner.onWelcome(this, params.idleMs);
    return this.#owner.answer('handshake', params, asking);
  }

  #turnAway(): never {
    this.end();
    throw problemError('engine-refused', 'The engine did not let this client in: it showed no token, or another engine’s. Close the project and open it again.');
  }
}

function checked<N extends Name>(name: N, raw: unknown): ParamsOf<(typeof methods)[N]> {
  const params = z.safeParse(methods[name].params, raw);
  if (!params.success) throw new ProblemError({ code: 'usage', message: `${methods[name].name}: ${z.prettifyError(params.error)}` });
  // what its own schema gives; TypeScript cannot follow that through a generic name
  return params.data as ParamsOf<(typeof methods)[N]>;
}

/** Takes the same time wherever the two differ. */
function isSame(shown: string, token: string): boolean {
  const [left, right] = [Buffer.from(shown), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
