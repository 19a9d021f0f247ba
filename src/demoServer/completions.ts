import { failsAtOnce, refuseModel } from './failing.ts';
import type { FaultDraw, FaultKind } from './faults.ts';
import { stepsOf, type Latency } from './latency.ts';
import type { Metrics } from './metrics.ts';
import type { Models } from './models.ts';
import type { Player } from './play/player.ts';
import { firstTokens } from './play/scan.ts';
import type { PrefixCache } from './prefixCache.ts';
import type { RateLimit } from './rateLimit.ts';
import { replyBody, streamEvents, type Choice, type ReplyHead } from './reply.ts';
import { readChatRequest, type ChatRequestBody } from './requestShape.ts';
import type { Schedule, Ticket } from './schedule.ts';
import { refuse, send, simulationHeader, type Visit } from './traffic.ts';

/** What completions are made with. */
export interface CompletionsOptions {
  readonly models: Models;
  readonly contextTokens: number;
  readonly faults: FaultDraw;
  readonly cache: PrefixCache;
  readonly metrics: Metrics;
  /** Absent: every answer comes at once. */
  readonly schedule: Schedule | undefined;
  readonly slowMs: number;
  readonly rateLimit: RateLimit | undefined;
  readonly latency: Latency;
  /** Give one choice, whatever n is. */
  readonly ignoreN: boolean;
}

/** Tokens that a chat template adds to each message, and once before the answer. */
const templateTokens = { message: 4, answer: 3 };
/** How often a watched answer gets its new tokens. */
const streamEveryMs = 30;

interface Answered {
  readonly visit: Visit;
  readonly request: ChatRequestBody;
  readonly head: ReplyHead;
  readonly choices: readonly Choice[];
  /** Most tokens that any of them may have. */
  readonly maxTokens: number;
  /** Which task it is about, where that is known. */
  readonly task: string | undefined;
  readonly fault: FaultKind | undefined;
  /** Prompt tokens of all sequences that have to be computed: what `/metrics` tells as queries without hits. */
  readonly uncachedTokens: number;
}

/** Answers `POST /v1/chat/completions`. */
export class Completions {
  readonly #options: CompletionsOptions;
  #answered = 0;

  constructor(options: CompletionsOptions) {
    this.#options = options;
  }

  /** Completions that were answered so far; those that were refused or called off do not count. */
  get answered(): number {
    return this.#answered;
  }

  handle(visit: Visit): void {
    const { models, faults, metrics, ignoreN } = this.#options;
    if (!this.#isAdmitted(visit)) return;
    const read = readChatRequest(visit.json);
    if (!read.ok) {
      refuse(visit, { status: 400, message: read.message });
      return;
    }
    const request = ignoreN ? { ...read.value, n: 1 } : read.value;
    const named = { asked: request.model, served: models.names.join(', ') };
    const player = models.player(request.model, this.#answered);
    if (!player) {
      refuseModel(visit, named);
      return;
    }
    const fault = faults.next(visit.body);
    if (failsAtOnce(visit, fault, named)) return;
    const answered = this.#answer({ visit, request, fault, player });
    if (answered === undefined) return;
    visit.onAbort(() => metrics.finished('abort'));
    if (fault === 'slow') {
      const timer = setTimeout(() => this.#begin(answered), this.#options.slowMs);
      visit.onAbort(() => clearTimeout(timer));
    } else this.#begin(answered);
  }

  #isAdmitted(visit: Visit): boolean {
    const { rateLimit, models } = this.#options;
    if (rateLimit === undefined) return true;
    const { passes, headers } = rateLimit.take();
    // Every reply has these, so they are set before anybody knows which one it will be.
    for (const [name, value] of Object.entries(headers)) visit.response.setHeader(name, value);
    if (!passes) refuse(visit, { status: 429, message: `Rate limit reached for \`${models.names.join(', ')}\` on requests. Please try again in ${headers['Retry-After'] ?? '1'}s.` });
    return passes;
  }

  #answer({ visit, request, fault, player }: Pick<Answered, 'visit' | 'request' | 'fault'> & { readonly player: Player }): Answered | undefined {
    const { contextTokens, cache, metrics } = this.#options;
    const play = player.prepare({ ...request, stage: visit.stage, maxTokens: request.maxTokens ?? contextTokens });
    const promptTokens = play.text.count + request.messageCount * templateTokens.message + templateTokens.answer;
    const overflow = overflowOf(promptTokens, request.maxTokens, contextTokens);
    if (overflow !== undefined) {
      refuse(visit, { status: 400, message: overflow });
      return undefined;
    }
    const maxTokens = request.maxTokens ?? contextTokens - promptTokens;
    const hits = cache.take(play.text, request.n);
    // The prompt of a request for n samples is counted n times, as vLLM counts the n requests that it makes of it.
    const queries = promptTokens * request.n;
    const choices = Array.from({ length: request.n }, (_, index) => {
      const text = fault === 'empty' ? '' : play.write(request.seed + index);
      return cut(text, request.stop, maxTokens);
    });
    metrics.promptTokens += queries;
    metrics.cacheQueries += queries;
    metrics.cacheHits += hits.all;
    const head = { id: visit.id.toString(16).padStart(8, '0'), createdSeconds: Math.floor(Date.now() / 1_000), model: request.model, promptTokens, cachedTokens: hits.first };
    return { visit, request, head, choices, maxTokens, task: play.task, fault, uncachedTokens: queries - hits.all };
  }

  #begin(answered: Answered): void {
    const { schedule, metrics, latency } = this.#options;
    const { visit, request, choices, uncachedTokens } = answered;
    const streamed = request.stream ? new StreamWriter(answered) : undefined;
    const finish = () => {
      this.#answered += 1;
      for (const choice of choices) {
        metrics.finished(choice.finish);
        metrics.generationTokens += choice.tokens;
      }
      if (streamed) streamed.end();
      else sendWhole(answered);
    };
    if (schedule === undefined) {
      finish();
      return;
    }
    const startedMs = performance.now();
    const sequenceTokens = choices.map(choice => choice.tokens);
    const ticket = schedule.submit({
      uncachedTokens,
      promptTokens: answered.head.promptTokens,
      sequenceTokens,
      sequenceSteps: stepsOf({ ...answered, body: visit.body, stage: visit.stage, bound: request.choices !== undefined }, sequenceTokens, latency),
      onFirstToken: seconds => metrics.firstToken(seconds),
      onDone: () => {
        metrics.wholeRequest((performance.now() - startedMs) / 1_000);
        finish();
      },
    });
    visit.onAbort(() => ticket.abort());
    streamed?.follow(ticket);
  }
}

function overflowOf(promptTokens: number, maxTokens: number | undefined, contextTokens: number): string | undefined {
  if (maxTokens !== undefined && maxTokens > contextTokens) return `max_tokens=${maxTokens} cannot be greater than max_model_len=${contextTokens}.`;
  if (promptTokens >= contextTokens) {
    return `This model's maximum context length is ${contextTokens} tokens. However, your prompt contains at least ${contextTokens + 1} input tokens. Please reduce the length of the input prompt.`;
  }
  if (maxTokens !== undefined && promptTokens + maxTokens > contextTokens) {
    return `'max_tokens' or 'max_completion_tokens' is too large: ${maxTokens}. This model's maximum context length is ${contextTokens} tokens and your request has ${promptTokens} input tokens (${maxTokens} > ${contextTokens} - ${promptTokens}).`;
  }
  return undefined;
}

/** Ends an answer at its first stop string, which is left out, or at the limit, whichever comes first. */
function cut(text: string, stop: readonly string[], maxTokens: number): Choice {
  let end = text.length;
  let stopReason: string | undefined;
  for (const each of stop) {
    const at = text.indexOf(each);
    if (at >= 0 && at < end) [end, stopReason] = [at, each];
  }
  const stopped = text.slice(0, end);
  const { text: kept, tokens } = firstTokens(stopped, maxTokens);
  if (kept.length < stopped.length) return { text: kept, finish: 'length', stopReason: undefined, tokens };
  // The token that ends an answer is counted, as servers do.
  return { text: stopped, finish: 'stop', stopReason, tokens: Math.min(maxTokens, tokens + 1) };
}

function sendWhole({ visit, head, choices, fault }: Answered): void {
  const sent = fault === 'none' ? [] : fault === 'fewer' ? choices.slice(0, Math.max(1, Math.floor(choices.length / 2))) : choices;
  const body = replyBody(head, sent, logprobsOf(fault));
  if (fault === 'reset-body') breakOff(visit, body);
  else send(visit, {}, fault === 'half' ? body.slice(0, Math.floor(body.length / 2)) : body);
}

/** Sends the head of a whole reply and half of its body, and drops the connection. */
function breakOff({ response }: Visit, body: string): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(body);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length, [simulationHeader]: '1' });
  // Only once this half has left: a connection that is dropped earlier would take it along.
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}

/** What stands for log probabilities, which this server has none of; `NaN` is a word that JSON does not know. */
const logprobsOf = (fault: FaultKind | undefined): string => (fault === 'nan' ? '{"content":[{"token":"","logprob":NaN,"bytes":null,"top_logprobs":[]}]}' : 'null');

/** Sends an answer token by token, as far as the simulation has come. */
class StreamWriter {
  readonly #answered: Answered;
  readonly #events: ReturnType<typeof streamEvents>;
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(answered: Answered) {
    this.#answered = answered;
    this.#events = streamEvents(answered.head, answered.choices, { includeUsage: answered.request.includeUsage, logprobs: logprobsOf(answered.fault) });
    const { response } = answered.visit;
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache', [simulationHeader]: '1' });
    response.write(this.#events.opening);
  }

  follow(ticket: Ticket): void {
    if (this.#answered.visit.response.writableEnded) return;
    this.#timer = setInterval(() => this.#upTo(ticket.progress()), streamEveryMs);
    this.#answered.visit.onAbort(() => clearInterval(this.#timer));
  }

  end(): void {
    clearInterval(this.#timer);
    const { response } = this.#answered.visit;
    if (response.destroyed) return;
    if (this.#answered.fault === 'half' || this.#answered.fault === 'reset-body') {
      this.#upTo(this.#events.longest >> 1);
      response.destroy();
      return;
    }
    this.#upTo(this.#events.longest);
    response.end(this.#events.closing);
  }

  #upTo(tokens: number): void {
    let text = '';
    for (; this.#sent < tokens; this.#sent += 1) text += this.#events.token(this.#sent);
    if (text !== '') this.#answered.visit.response.write(text);
  }
}
