import { hostname } from 'node:os';
import { withoutAbsent } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import type { CapabilityName } from '../../core/model/server.ts';
import type { ChatReply, ChatRequest, LanguageModel, ServerDescription } from '../../ports/languageModel.ts';
import { normaliseBaseUrl } from './baseUrl.ts';
import { describeServer } from './describeServer.ts';
import type { Endpoint } from './endpoint.ts';
import { askLoad } from './serverLoad.ts';
import { probeServer } from './probeServer.ts';
import { readReply, type ReadReply } from './reply.ts';
import { StreamedReply } from './streamedReply.ts';
import { surveyServer } from './surveyServer.ts';
import { countTokens } from './countTokens.ts';
import { openTransport, type CallResult, type Transport } from './transport.ts';

/** How to reach a model. */
export interface OpenAiModelOptions {
  /** As a person typed it: `normaliseBaseUrl` is applied. */
  readonly baseUrl: string;
  /** Served name; empty or absent for the only one that the server has. */
  readonly model?: string | undefined;
  /** Sent as a bearer token. Absent or empty: no `Authorization` header. */
  readonly apiKey?: string | undefined;
  /** Part of the identity: raised by the user when a server has other weights under the old name. */
  readonly revision?: string | undefined;
  /** Most sockets at a time. Absent: one for each call in flight. */
  readonly maxSockets?: number | undefined;
  /** Lines for the log; no key is in them. */
  readonly log?: (line: string) => void;
  /** Our version, for the `User-Agent`. */
  readonly version?: string;
  /** Where proxies are named (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, also in small letters); `process.env` where absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * A model behind an OpenAI-compatible endpoint. Opens no connection before the first call.
 *
 * `oneOf` is enforced only where `describe` or `probe` of this same object has found that the server can.
 *
 * Throws `ProblemError`: `usage` for an address that is none, or a key that no HTTP header can carry.
 */
export function createOpenAiModel(options: OpenAiModelOptions): LanguageModel {
  const endpoint: Endpoint = { baseUrl: normaliseBaseUrl(options.baseUrl), apiKey: checkedKey(options.apiKey), machine: hostname() };
  const userAgent = `regenesis/${options.version ?? 'unreleased'}`;
  const transport = openTransport(endpoint, { userAgent, maxSockets: options.maxSockets, environment: options.environment ?? process.env });
  const log = options.log ?? (() => undefined);
  const named = options.model === undefined || options.model === '' ? undefined : options.model;
  let known: ServerDescription | undefined;
  /** Until it refuses. */
  let streams = true;
  const describe = async (signal: AbortSignal): Promise<ServerDescription> => {
    const found = await describeServer(transport, endpoint, { model: named, revision: options.revision, signal, log });
    known = known?.identity === found.identity ? { ...found, capabilities: stillKnown(known.capabilities, found.capabilities) } : found;
    return known;
  };
  return {
    describe,
    survey: limits => surveyServer(transport, endpoint, limits),
    probe: async signal => {
      known = await probeServer(transport, endpoint, { description: await describe(signal), signal, log });
      return known;
    },
    complete: async (request, { onText, ...limits }) => {
      const model = known?.model ?? named;
      if (model === undefined) return noModel;
      const body = bodyOf(request, model, known?.capabilities.structuredOutput === 'supported');
      const call = { ...limits, body, stage: request.stage, n: request.n };
      if (!onText || !streams) return complete(transport, endpoint, { ...call, ...withoutAbsent({ onText }) });
      const reply = await stream(transport, endpoint, { ...call, body: { ...body, ...streaming }, onText });
      if (reply.ok || reply.problem.code !== 'server-bad-request') return reply;
      // it may be the streaming that it refuses; a request that it refuses as well without that costs no token
      const whole = await complete(transport, endpoint, { ...call, onText });
      if (whole.ok) streams = false;
      return whole;
    },
    countTokens: (texts, signal) => countTokens(transport, endpoint, { texts, model: known?.model ?? named ?? '', signal }),
    load: signal => askLoad(transport, endpoint, signal),
    close: () => transport.close(),
  };
}

type Capabilities = ServerDescription['capabilities'];

/** What was found out once stays known: a server that is busy when it is asked again leaves some of it open. */
function stillKnown(before: Capabilities, now: Capabilities): Capabilities {
  const learned = Object.fromEntries(Object.entries(before).filter(([name, state]) => state !== 'untested' && now[name as CapabilityName] === 'untested'));
  return { ...now, ...learned };
}

const noModel: ChatReply = { ok: false, problem: { code: 'server-unknown-model', message: 'No model is named, and the server has not been asked which it has.', retryable: false } };

/** A key with a line end or a character outside ASCII makes the HTTP client fail with the whole key in its message. */
function checkedKey(key: string | undefined): string | undefined {
  const trimmed = key?.trim() ?? '';
  if (trimmed === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(trimmed)) throw problemError('usage', 'The key has a character in it that cannot be sent; copy it again.');
  return trimmed;
}

/** `max_tokens` and `seed`, which OpenAI calls outdated, are what every other server knows. `structured_outputs` is vLLM's. */
function bodyOf(request: ChatRequest, model: string, canChoose: boolean): object {
  const { temperature, topP, maxTokens, stop, oneOf } = request.sampling;
  return {
    model, messages: request.messages, temperature, top_p: topP, max_tokens: maxTokens, seed: request.seed, n: request.n,
    ...(stop.length > 0 && { stop }),
    ...(oneOf !== undefined && canChoose && { structured_outputs: { choice: oneOf } }),
  };
}

interface Completion {
  readonly body: object;
  readonly stage: string;
  readonly n: number;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onText?: (text: string, choice: number) => void;
}

/** Without the second word a streamed answer comes without its usage. */
const streaming = { stream: true, stream_options: { include_usage: true } };

async function complete(transport: Transport, endpoint: Endpoint, completion: Completion): Promise<ChatReply> {
  const { n, onText, ...call } = completion;
  const result = await transport.send({ method: 'post', path: '/chat/completions', ...call });
  const reply = replyOf(result, result.ok ? readReply(result.text, n, endpoint) : undefined);
  if (onText && reply.ok) reply.choices.forEach(({ text }, index) => { onText(text, index); });
  return reply;
}

/** The same call with its answer in pieces. A server that sends it whole all the same is understood as well. */
async function stream(transport: Transport, endpoint: Endpoint, completion: Completion & Required<Pick<Completion, 'onText'>>): Promise<ChatReply> {
  const { n, onText, ...call } = completion;
  const streamed = new StreamedReply(n, endpoint, onText);
  const result = await transport.send({ method: 'post', path: '/chat/completions', ...call, onPiece: piece => streamed.push(piece) });
  if (result.ok && result.streamed) return replyOf(result, streamed.reply());
  const reply = replyOf(result, result.ok ? readReply(result.text, n, endpoint) : undefined);
  if (reply.ok) reply.choices.forEach(({ text }, index) => { onText(text, index); });
  return reply;
}

function replyOf(result: CallResult, read: ReadReply | undefined): ChatReply {
  const limits = result.limits && { limits: result.limits };
  if (!result.ok) return { ok: false, problem: result.problem, ...(result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }), ...limits };
  if (!read) throw new Error('a reply that nobody read');
  if (!read.ok) return { ...read, ...limits };
  return { ok: true, choices: read.choices.map(({ text, finish }) => ({ text, finish })), ...(read.usage && { usage: read.usage }), ...limits };
}
