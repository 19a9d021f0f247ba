import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { request, upgrade, type Dispatcher } from 'undici';
import { ProblemError, problemError } from '../../core/model/problem.ts';
import { placeOf, quoted, type Endpoint } from '../models/endpoint.ts';
import { openDispatcher } from '../models/transport.ts';
import { problemOfTransport } from '../models/transportProblem.ts';
import { targetProblem } from './targetProblem.ts';

/** One call of a Ray dashboard. */
export interface RayCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** From the root, with `/` before it. */
  readonly path: string;
  /** Bytes as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** What a dashboard answered, whatever it is. */
export interface RayReply {
  readonly status: number;
  readonly text: string;
}

/** How to reach a dashboard. */
export interface RayOptions {
  readonly url: string;
  /** Token of a cluster that asks for one. */
  readonly apiKey?: string;
  readonly userAgent: string;
  /** Where proxies are named. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** An answer of the API is some kilobytes; a log in one is not read this way. */
const largestReply = 8 << 20;
/** A busy head node was seen to need seconds. */
const answerTimeoutMs = 60_000;

/** The way to one dashboard. All methods throw `ProblemError`: `target-unreachable`, `target-refused`, `target-reply-unreadable`, `cancelled`. */
export class RayHttp {
  readonly endpoint: Endpoint;
  readonly #root: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #dispatcher: Dispatcher;

  constructor({ url, apiKey, userAgent, environment }: RayOptions) {
    this.#root = new URL(url.replace(/\/+$/, ''));
    this.endpoint = { baseUrl: this.#root.href, apiKey, machine: hostname() };
    // Ray takes whatever calls itself Mozilla for a browser, and lets it change nothing
    this.#headers = { 'user-agent': userAgent, 'accept': 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) };
    this.#dispatcher = openDispatcher(this.#root.href, { environment });
  }

  async call({ method, path, body, signal }: RayCall): Promise<RayReply> {
    const isBytes = body instanceof Uint8Array;
    if (signal.aborted) throw problemError('cancelled', 'It was cancelled.');
    const limit = new AbortController(); // `AbortSignal.any` would stay tied to the caller's signal
    const abort = () => { limit.abort(); };
    const timer = setTimeout(abort, isBytes ? answerTimeoutMs * 10 : answerTimeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const reply = await request(this.#urlOf(path), {
        dispatcher: this.#dispatcher, method, signal: limit.signal,
        headers: { ...this.#headers, ...(body !== undefined && { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }) },
        body: body === undefined ? null : isBytes ? body : JSON.stringify(body),
      });
      return this.#checked({ status: reply.statusCode, text: await readText(reply.body, this.endpoint) });
    } catch (thrown) {
      throw this.#problemOf(thrown, signal, limit.signal.aborted);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Opens a WebSocket. @returns its bare connection, from the first frame on; nothing where the dashboard knows nothing of that path */
  async upgrade(path: string, key: string, signal: AbortSignal): Promise<Duplex | undefined> {
    try {
      const { socket } = await upgrade(this.#urlOf(path), {
        dispatcher: this.#dispatcher, method: 'GET', protocol: 'websocket', signal,
        headers: { ...this.#headers, 'sec-websocket-key': key, 'sec-websocket-version': '13' },
      });
      return socket;
    } catch (thrown) {
      // undici says nothing of a status that is not 101; whoever asks for the job itself learns it
      if (thrown instanceof Error && thrown.message === 'bad upgrade') return undefined;
      throw this.#problemOf(thrown, signal, false);
    }
  }

  /** What a dashboard says in an answer that was not expected. */
  unexpected({ status, text }: RayReply, what: string): ProblemError {
    return problemError('target-reply-unreadable', `${placeOf(this.endpoint)} ${what} (${status}). It says: ${quoted(lastLine(text), this.endpoint)}`, { retryable: true });
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #urlOf(path: string): string {
    return `${this.#root.href.replace(/\/$/, '')}${path}`;
  }

  #checked(reply: RayReply): RayReply {
    if (reply.status === 401 || reply.status === 403) {
      const what = this.endpoint.apiKey === undefined ? 'asks for a token and none was given' : 'refuses the token';
      throw problemError('target-refused', `${placeOf(this.endpoint)} ${what}. It says: ${quoted(lastLine(reply.text), this.endpoint)}`, { retryable: false });
    }
    if ([429, 502, 503, 504].includes(reply.status)) {
      throw problemError('target-unreachable', `${placeOf(this.endpoint)} cannot answer just now (${reply.status}). It says: ${quoted(lastLine(reply.text), this.endpoint)}`, { retryable: true });
    }
    return reply;
  }

  #problemOf(thrown: unknown, signal: AbortSignal, late: boolean): ProblemError {
    if (thrown instanceof ProblemError) return thrown;
    if (signal.aborted) return problemError('cancelled', 'It was cancelled.');
    if (late) return problemError('target-unreachable', `${placeOf(this.endpoint)} gave no whole answer in time.`, { retryable: true });
    return new ProblemError(targetProblem(problemOfTransport(thrown, this.endpoint)), { cause: thrown });
  }
}

async function readText(body: AsyncIterable<unknown>, endpoint: Endpoint): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) continue;
    bytes += piece.length;
    if (bytes > largestReply) throw problemError('target-reply-unreadable', `The answer of ${placeOf(endpoint)} is larger than any that was asked for.`, { retryable: true });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Of a traceback that is where the error itself stands. */
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
