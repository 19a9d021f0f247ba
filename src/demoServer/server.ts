import { createServer, type Server } from 'node:http';
import { Completions } from './completions.ts';
import { FaultDraw, type FaultRates } from './faults.ts';
import { IdleWatch } from './idle.ts';
import type { AnswerLengths } from './latency.ts';
import { Metrics } from './metrics.ts';
import { contextTokensOf, Models, revision, seedOf, type KnownModel, type ModelsOptions } from './models.ts';
import { hash32 } from './play/random.ts';
import { scan, tokenPieces } from './play/scan.ts';
import { PrefixCache } from './prefixCache.ts';
import { RateLimit, type Rate } from './rateLimit.ts';
import { readTokenizeRequest } from './requestShape.ts';
import { Schedule, type ScheduleClock, type StepTime } from './schedule.ts';
import { Reception, refuse, send, type Visit, type Log } from './traffic.ts';

/** How a demo server is set up; every property has a default. */
export interface DemoServerOptions extends ModelsOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1: a simulation has no business on a network. */
  readonly host?: string | undefined;
  /** Sequences that run at once. Default 64. */
  readonly slots?: number | undefined;
  /** Default: small delays, so that a run looks alive. All 0: every answer comes at once. */
  readonly stepMs?: StepTime | undefined;
  /** Tokens that the prefix cache holds. Default 100,000; 0 for none. */
  readonly cacheTokens?: number | undefined;
  /** Divides all times. Default 1. */
  readonly compress?: number | undefined;
  /** Draws for each answer how many times as long as its tokens it takes, without changing the answer; absent: exactly as long. No use where all is at once. */
  readonly latencySeed?: number | undefined;
  /** Let answers take as long as those of a model would that are so long, whatever they are; drawn from `latencySeed`, or 0. */
  readonly lengths?: AnswerLengths | undefined;
  readonly faults?: FaultRates | undefined;
  /** Requests below `/v1` without this key are refused. */
  readonly requireKey?: string | undefined;
  /** After this many answered completions `requireKey` is refused like any other, and only `nextKey` is taken. */
  readonly revokeKeyAfter?: number | undefined;
  /** Absent: a revoked key stays revoked, and nobody is let in any more. */
  readonly nextKey?: string | undefined;
  /** Give one choice, whatever n is. */
  readonly ignoreN?: boolean | undefined;
  /** Completions beyond it are refused with 429; the headers of every completion tell of it. `compress` does not change it. */
  readonly rateLimit?: Rate | undefined;
  /** 404 for `/metrics`. */
  readonly noMetrics?: boolean | undefined;
  /** Milliseconds that `/metrics` takes. `compress` does not change it. Default 0. */
  readonly metricsDelayMs?: number | undefined;
  /** Milliseconds without a request after which the server closes; absent: it never does by itself. */
  readonly endWhenIdleMs?: number | undefined;
  /** Gets each log line as a text without line end, the request's before any work is done for it. */
  readonly log?: Log | undefined;
}

/** A demo server that listens. */
export interface DemoServer {
  /** Base URL, ending in `/v1`. */
  readonly url: string;
  readonly port: number;
  /** Its models of known accuracy. */
  readonly known: readonly KnownModel[];
  /** Resolves when the port is free again, whoever closed the server. */
  readonly closed: Promise<void>;
  /** Drops what is under way; resolves when the port is free. */
  close(): Promise<void>;
}

/** About a hundred calls a second at 32 in flight: quick, and slow enough to watch. */
const defaultStepMs: StepTime = { t0: 0.6, c: 0.02, p: 0.005 };
const slowMs = 1_500;

/** Starts a server on loopback. Rejects when the port is taken. */
export async function startDemoServer(options: DemoServerOptions = {}): Promise<DemoServer> {
  const simulation = new Simulation(options);
  const reception = new Reception(visit => simulation.route(visit), options.log);
  const server = createServer({ keepAliveTimeout: 5_000, noDelay: true }, (request, response) => reception.take(request, response));
  const port = await listening(server, options);
  const closed = new Promise<void>(resolve => server.once('close', resolve));
  const stopWatch = watchIdle(server, options, () => void close());
  const close = () => {
    stopWatch();
    simulation.stop();
    server.close();
    server.closeAllConnections();
    return closed;
  };
  const host = options.host ?? '127.0.0.1';
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`, port, known: simulation.known, closed, close };
}

function watchIdle(server: Server, { endWhenIdleMs: afterMs }: DemoServerOptions, onIdle: () => void): () => void {
  if (afterMs === undefined) return () => undefined;
  const watch = new IdleWatch({ afterMs, clock: realClock, onIdle });
  server.on('request', (_, response) => {
    watch.began();
    response.once('close', () => watch.ended());
  });
  return () => watch.stop();
}

function listening(server: Server, { port = 0, host = '127.0.0.1' }: DemoServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

type Handler = (visit: Visit) => void;

/** The parts of one server and its routes. */
class Simulation {
  readonly #options: DemoServerOptions;
  readonly #models: Models;
  readonly #contextTokens: number;
  readonly #cacheTokens: number;
  readonly #metrics: Metrics;
  readonly #cache: PrefixCache;
  readonly #schedule: Schedule | undefined;
  readonly #completions: Completions;
  readonly #startedSeconds = Math.floor(Date.now() / 1_000);
  readonly #routes: ReadonlyMap<string, Handler>;

  constructor(options: DemoServerOptions) {
    this.#options = options;
    this.#models = new Models(options);
    this.#contextTokens = contextTokensOf(options);
    this.#cacheTokens = options.cacheTokens ?? 100_000;
    this.#metrics = new Metrics(this.#models.names[0] ?? '');
    this.#cache = new PrefixCache(this.#cacheTokens);
    this.#schedule = scheduleOf(options);
    this.#completions = new Completions({
      models: this.#models, contextTokens: this.#contextTokens, metrics: this.#metrics, cache: this.#cache, schedule: this.#schedule,
      faults: faultsOf(options), slowMs: slowMs / (options.compress ?? 1), ignoreN: options.ignoreN === true, latency: { seed: options.latencySeed, lengths: options.lengths },
      rateLimit: options.rateLimit === undefined ? undefined : new RateLimit(options.rateLimit, realClock),
    });
    this.#routes = new Map<string, Handler>([
      ['POST /chat/completions', visit => this.#completions.handle(visit)],
      ['GET /models', visit => send(visit, {}, this.#models.list(this.#completions.answered, this.#startedSeconds))],
      ['GET /health', visit => send(visit, {}, '')],
      ['GET /version', visit => send(visit, {}, JSON.stringify({ version: `simulation ${revision}` }))],
      ['POST /tokenize', visit => this.#tokenize(visit)],
      ...(options.noMetrics === true ? [] : [['GET /metrics', (visit: Visit) => this.#metricsPage(visit)] as const]),
    ]);
  }

  get known(): readonly KnownModel[] {
    return this.#models.known();
  }

  stop(): void {
    this.#schedule?.stop();
  }

  route(visit: Visit): void {
    if (visit.path.startsWith('/v1') && !this.#isLetIn(visit.key)) {
      send(visit, { status: 401 }, '{"error":"Unauthorized"}');
      return;
    }
    // With or without /v1, and with one too many: an address that was put together in any of these ways means the same.
    const path = visit.path.replace(/^(?:\/v1)+(?=\/)/, '').replace(/\/+$/, '');
    const handler = this.#routes.get(`${visit.method} ${path}`);
    if (handler) handler(visit);
    else if ([...this.#routes.keys()].some(route => route.endsWith(` ${path}`))) send(visit, { status: 405 }, '{"detail":"Method Not Allowed"}');
    else send(visit, { status: 404 }, '{"detail":"Not Found"}');
  }

  #isLetIn(key: string | undefined): boolean {
    const { requireKey, revokeKeyAfter = Infinity, nextKey } = this.#options;
    if (requireKey === undefined) return true;
    const wanted = this.#completions.answered < revokeKeyAfter ? requireKey : nextKey;
    return wanted !== undefined && key === `Bearer ${wanted}`;
  }

  /** Late where the server plays a busy one, and then with the figures of the time at which it is sent. */
  #metricsPage(visit: Visit): void {
    const show = () => send(visit, { type: 'text/plain; version=0.0.4; charset=utf-8' }, this.#page());
    const { metricsDelayMs = 0 } = this.#options;
    if (metricsDelayMs === 0) show();
    else visit.onAbort(realClock.after(metricsDelayMs, show));
  }

  #page(): string {
    // memory for every slot to the last token: what the prefix cache merely remembers is free to be taken, and counts for nothing
    const { slots = defaultSlots } = this.#options;
    const cacheUsage = (this.#schedule?.heldTokens ?? 0) / (slots * this.#contextTokens);
    return this.#metrics.page({ running: this.#schedule?.running ?? 0, waiting: this.#schedule?.waiting ?? 0, cacheUsage });
  }

  #tokenize(visit: Visit): void {
    const read = readTokenizeRequest(visit.json);
    if (!read.ok) {
      refuse(visit, { status: 400, message: read.message });
      return;
    }
    const { hashes, count } = scan(read.value.text);
    const tokens = Array.from({ length: count }, (_, at) => (hashes[at] ?? 0) & 0x1ffff);
    const strings = read.value.strings ? { token_strs: tokenPieces(read.value.text) } : {};
    send(visit, {}, JSON.stringify({ count, max_model_len: this.#contextTokens, tokens, ...strings }));
  }
}

const defaultSlots = 64;

const realClock: ScheduleClock = {
  nowMs: () => performance.now(),
  after: (delayMs, call) => {
    // Node cuts off what is left of a millisecond, and would wake for nothing.
    const timer = setTimeout(call, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};

function faultsOf(options: DemoServerOptions): FaultDraw {
  return new FaultDraw(hash32('faults', seedOf(options)), options.faults ?? {});
}

function scheduleOf({ slots = defaultSlots, stepMs = defaultStepMs, compress = 1 }: DemoServerOptions): Schedule | undefined {
  if (stepMs.t0 === 0 && stepMs.c === 0 && stepMs.p === 0) return undefined;
  return new Schedule({ slots, stepTime: stepMs, compress, clock: realClock });
}
