import { hostname } from 'node:os';
import { problemError } from '../../core/model/problem.ts';
import type { CapabilityName } from '../../core/model/server.ts';
import type { ChatReply, ChatRequest, LanguageModel, ServerDescription } from '../../ports/languageModel.ts';
import { normaliseBaseUrl } from './baseUrl.ts';
import { describeServer } from './describeServer.ts';
import type { Endpoint } from './endpoint.ts';
import { askLoad } from './serverLoad.ts';
import { openTransport, type Transport } from './transport.ts';
import { probeServer } from './probeServer.ts';
import { readReply } from './reply.ts';
import { surveyServer } from './surveyServer.ts';

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
    complete: (request, limits) => {
      const model = known?.model ?? named;
      if (model === undefined) return Promise.resolve(noModel);
      const body = bodyOf(request, model, known?.capabilities.structuredOutput === 'supported');
      return complete(transport, endpoint, { ...limits, body, stage: request.stage, n: request.n });
    },
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
}

async function complete(transport: Transport, endpoint: Endpoint, completion: Completion): Promise<ChatReply> {
  const { n, ...call } = completion;
  const result = await transport.send({ method: 'post', path: '/chat/completions', ...call });
  if (!result.ok) {
    const { problem, retryAfterMs, limits } = result;
    return { ok: false, problem, ...(retryAfterMs !== undefined && { retryAfterMs }), ...(limits && { limits }) };
  }
  const reply = readReply(result.text, n, endpoint);
  const limits = result.limits && { limits: result.limits };
  if (!reply.ok) return { ...reply, ...limits };
  return { ok: true, choices: reply.choices.map(({ text, finish }) => ({ text, finish })), ...(reply.usage && { usage: reply.usage }), ...limits };
}
