import { APIError, OpenAI } from 'openai';
import { Agent, EnvHttpProxyAgent, FormData, Headers, Pool, fetch, type Dispatcher, type Response } from 'undici';
import type { Problem } from '../../core/model/problem.ts';
import type { RateLimits } from '../../ports/languageModel.ts';
import { isLoopback } from './baseUrl.ts';
import { placeOf, type Endpoint } from './endpoint.ts';
import { rateLimitsOf } from './rateLimits.ts';
import { retryAfterMs } from './retryAfter.ts';
import { problemOfRefusal } from './serverProblem.ts';
import { problemOfTransport } from './transportProblem.ts';

/** One HTTP call. */
export interface Call {
  readonly method: 'get' | 'post';
  /** Below the base URL, or a whole address of the same server. */
  readonly path: string;
  /** Sent as JSON; a form of undici's, as a form. */
  readonly body?: unknown;
  /** Value of `X-ReGenesis-Stage`. */
  readonly stage?: string;
  readonly signal: AbortSignal;
  /** For the whole call, the body of the reply included. */
  readonly timeoutMs: number;
  /** Takes in the pieces of an event stream as they arrive, and says whether more is to be read. A body of another kind comes whole, as without it. */
  readonly onPiece?: (piece: string) => boolean;
}

/** What came of a call. `status` is absent where no answer came. `streamed`: the body was an event stream and went to `onPiece`, and `text` is empty. */
export type CallResult =
  | { readonly ok: true; readonly text: string; readonly streamed?: true; readonly limits?: RateLimits }
  | { readonly ok: false; readonly problem: Problem; readonly status?: number; readonly retryAfterMs?: number; readonly limits?: RateLimits };

/** Calls one server, and never throws for anything that the network or the server does. */
export interface Transport {
  send(call: Call): Promise<CallResult>;
  close(): Promise<void>;
}

/** Longest delay of a timer in Node: 2³¹ − 1. */
const longestTimerMs = 2_147_483_647;
/** vLLM and SGLang (uvicorn) close an idle socket after 5 s: docs/decisions/0003-openai-over-undici.md. */
const usualIdleSocketMs = 4_000;
/** Twenty long answers with log-probabilities are below 10 MB; a reply without end must not take the memory of the engine. */
const largestReplyBytes = 64 * 1_024 * 1_024;

/** How a `Transport` is set up. */
export interface TransportOptions {
  readonly userAgent: string;
  /** Absent: as many as there are calls in flight. */
  readonly maxSockets?: number | undefined;
  /** Idle sockets are dropped after this long; 4 s where absent. */
  readonly idleSocketMs?: number;
  /** Where proxies are named; `process.env` but in tests. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A `Transport` with sockets of its own, over the `openai` package and undici's `fetch`. */
export function openTransport(endpoint: Endpoint, options: TransportOptions): Transport {
  const dispatcher = openDispatcher(endpoint.baseUrl, options);
  const clientOf = openClients(endpoint, options.userAgent, dispatcher);
  return {
    send: call => send(clientOf(call.stage), endpoint, call),
    close: () => dispatcher.close(),
  };
}

/** The sockets of one server: through the proxy that the environment names, but never before loopback. */
export function openDispatcher(baseUrl: string, options: Omit<TransportOptions, 'userAgent'>): Dispatcher {
  const { idleSocketMs = usualIdleSocketMs } = options;
  const sockets = {
    headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: idleSocketMs, keepAliveMaxTimeout: idleSocketMs,
    connections: options.maxSockets ?? null, pipelining: 1, allowH2: false, maxResponseSize: largestReplyBytes,
  };
  const value = (name: string) => options.environment[name.toLowerCase()] ?? options.environment[name];
  const httpProxy = value('HTTP_PROXY');
  const httpsProxy = value('HTTPS_PROXY');
  if (isLoopback(new URL(baseUrl).hostname) || (!httpProxy && !httpsProxy)) return new Agent(sockets);
  return new EnvHttpProxyAgent({
    ...sockets,
    ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }), noProxy: value('NO_PROXY') ?? '',
    // Towards a plain proxy undici makes its pool without the settings above: its five-minute limits would come back.
    factory: (origin, own) => new Pool(origin, Object.assign({}, sockets, own)),
  });
}

/** What the package hands from `buildRequest` to `fetchWithTimeout`. */
interface BuiltRequest {
  readonly req: { readonly method: string; readonly headers: Headers; readonly body: string | FormData | null; readonly signal: AbortSignal | null };
  readonly url: string;
  readonly timeout: number;
}

/**
 * The package's client with its own headers, credentials and timers left out: they are half of the processor time of a call, and their defaults come from
 * `OPENAI_…` variables, which are not meant for whatever server is called here. Both methods are part of its public surface.
 */
class DirectClient extends OpenAI {
  readonly #headers: Headers;
  readonly #dispatcher: Dispatcher;

  /** @param headers sent with every call, the credentials among them */
  constructor(baseURL: string, headers: Headers, dispatcher: Dispatcher) {
    super({ baseURL, apiKey: 'none', adminAPIKey: null, organization: null, project: null, webhookSecret: null, maxRetries: 0, logLevel: 'off' });
    this.#headers = headers;
    this.#dispatcher = dispatcher;
  }

  override buildRequest(options: Parameters<OpenAI['buildRequest']>[0]): Promise<BuiltRequest> {
    const body = typeof options.body === 'string' || options.body instanceof FormData ? options.body : null;
    const url = options.path.startsWith('/') ? `${this.baseURL}${options.path}` : options.path;
    return Promise.resolve({ req: { method: options.method.toUpperCase(), headers: this.#headers, body, signal: options.signal ?? null }, url, timeout: this.timeout });
  }

  override fetchWithTimeout(url: string, init: Parameters<OpenAI['fetchWithTimeout']>[1]): Promise<Response> {
    const { method = 'GET', body, signal = null } = init ?? {};
    const call = { method, signal, redirect: 'manual', dispatcher: this.#dispatcher } as const;
    if (!(body instanceof FormData)) return fetch(url, { ...call, body: typeof body === 'string' ? body : null, headers: this.#headers });
    const headers = new Headers(this.#headers);
    headers.delete('content-type'); // a form has its own, with the line that parts it
    return fetch(url, { ...call, body, headers });
  }
}

/** One client for each stage, since the headers belong to the client. */
function openClients(endpoint: Endpoint, userAgent: string, dispatcher: Dispatcher): (stage: string | undefined) => DirectClient {
  const clients = new Map<string | undefined, DirectClient>();
  return stage => {
    const known = clients.get(stage);
    if (known !== undefined) return known;
    const headers = new Headers({ 'accept': 'application/json', 'accept-encoding': 'identity', 'content-type': 'application/json', 'user-agent': userAgent });
    if (endpoint.apiKey !== undefined) headers.set('authorization', `Bearer ${endpoint.apiKey}`);
    if (stage !== undefined) headers.set('x-regenesis-stage', stage);
    const client = new DirectClient(endpoint.baseUrl, headers, dispatcher);
    clients.set(stage, client);
    return client;
  };
}

async function send(client: DirectClient, endpoint: Endpoint, call: Call): Promise<CallResult> {
  const deadline = startDeadline(call);
  try {
    const body = call.body === undefined ? null : call.body instanceof FormData ? call.body : JSON.stringify(call.body);
    const response = await client.request({ method: call.method, path: call.path, body, signal: deadline.signal }).asResponse();
    const limits = rateLimitsOf(response.headers);
    if (call.onPiece && isEventStream(response)) {
      await readPieces(response, call.onPiece);
      return { ok: true, text: '', streamed: true, ...(limits && { limits }) };
    }
    return { ok: true, text: await response.text(), ...(limits && { limits }) };
  } catch (thrown) {
    if (deadline.passed()) return timedOut(endpoint, call);
    if (call.signal.aborted) return cancelled;
    return failureOf(thrown, endpoint);
  } finally {
    deadline.stop();
  }
}

const isEventStream = (response: Awaited<ReturnType<ReturnType<DirectClient['request']>['asResponse']>>): boolean =>
  response.headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') === true;

async function readPieces(response: { readonly body: AsyncIterable<unknown> | null }, onPiece: (piece: string) => boolean): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    // leaving the loop ends the connection
    if (bytes instanceof Uint8Array && !onPiece(decoder.decode(bytes, { stream: true }))) return;
  }
}

const cancelled: CallResult = { ok: false, problem: { code: 'cancelled', message: 'The call was cancelled.' } };

function timedOut(endpoint: Endpoint, call: Call): CallResult {
  const message = `${placeOf(endpoint)} gave no whole answer within ${Math.round(call.timeoutMs / 100) / 10} s.`;
  return { ok: false, problem: { code: 'timed-out', message, retryable: true } };
}

/** One controller for the caller's signal and the deadline. `AbortSignal.any` would stay tied to a signal that lives as long as the run. */
function startDeadline(call: Call): { readonly signal: AbortSignal; passed(): boolean; stop(): void } {
  const controller = new AbortController();
  let passed = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    passed = true;
    abort();
  }, Math.min(Math.max(call.timeoutMs, 1), longestTimerMs));
  if (call.signal.aborted) abort();
  else call.signal.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    passed: () => passed,
    stop: () => {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', abort);
    },
  };
}

function failureOf(thrown: unknown, endpoint: Endpoint): CallResult {
  if (!(thrown instanceof APIError) || typeof thrown.status !== 'number') return { ok: false, problem: problemOfTransport(thrown, endpoint) };
  const body: unknown = thrown.error ?? thrown.message.slice(`${thrown.status} `.length).replace(/^status code \(no body\)$/, '');
  const problem = problemOfRefusal({ status: thrown.status, body }, endpoint);
  if (!(thrown.headers instanceof Headers)) return { ok: false, problem, status: thrown.status };
  const wish = retryAfterMs(thrown.headers, Date.now());
  const limits = rateLimitsOf(thrown.headers);
  return { ok: false, problem, status: thrown.status, ...(wish !== undefined && { retryAfterMs: wish }), ...(limits && { limits }) };
}
