import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';
import { ProblemError, problemError } from '../../core/model/problem.ts';
import type { CapabilityState } from '../../core/model/server.ts';
import type { ServerDescription } from '../../ports/languageModel.ts';
import { serverRoot } from './baseUrl.ts';
import { placeOf, quoted, type Endpoint } from './endpoint.ts';
import { readGauges } from './serverLoad.ts';
import type { CallResult, Transport } from './transport.ts';

const textOrNothing = z.catch(z.nullish(z.string()), undefined);

const modelSchema = z.object({
  id: z.string(),
  owned_by: textOrNothing,
  root: textOrNothing,
  parent: textOrNothing,
  max_model_len: z.catch(z.nullish(z.number().check(z.int(), z.positive())), undefined),
});
type ServedModel = z.infer<typeof modelSchema>;

const modelsSchema = z.object({ data: z.array(modelSchema) });
/** A list of models as a server sends it: unreadable fields are left out of it. */
export type ModelList = z.infer<typeof modelsSchema>['data'];
const versionSchema = z.object({ version: z.string() });
const tokensSchema = z.object({ count: z.number() });

/** The `owned_by` of the built-in demo server's model. */
export const demoOwner = 'regenesis-demo';
/** A server under full load may take seconds for a page: vLLM on two cores was seen to need 6.5 s. */
const modelsTimeoutMs = 30_000;
const extrasTimeoutMs = 10_000;
/** Statuses of servers that answer completions but cannot list their models; `transformers serve` gives 500 when it is offline. */
const cannotList = [405, 500, 501];
const mostNamed = 20;
/** Models that are handed on to be chosen from. */
export const mostListed = 200;

/** What is wanted of a server: a model by name, or the only one. */
export interface Wanted {
  readonly model: string | undefined;
  readonly revision: string | undefined;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Asks a server what it serves, without a completion. Throws `ProblemError`. */
export async function describeServer(transport: Transport, endpoint: Endpoint, wanted: Wanted): Promise<ServerDescription> {
  const { onTrust = false, ...model } = await findModel(transport, endpoint, wanted);
  const root = serverRoot(endpoint.baseUrl);
  const extra = { signal: wanted.signal, timeoutMs: extrasTimeoutMs };
  const [metrics, tokenize, version] = await Promise.all([
    transport.send({ method: 'get', path: `${root}/metrics`, ...extra }),
    transport.send({ method: 'post', path: `${root}/tokenize`, body: { model: model.id, prompt: 'one' }, ...extra }),
    transport.send({ method: 'get', path: `${root}/version`, ...extra }),
  ]);
  if (wanted.signal.aborted) throw problemError('cancelled', 'The call was cancelled.');
  const simulated = model.owned_by === demoOwner;
  const measured = stateOf(metrics, text => readGauges(text) !== undefined || text.includes('vllm:'));
  const isVllm = metrics.ok && metrics.text.includes('vllm:');
  const sampling = samplingStates(simulated, isVllm ? vllmVersion(version) : undefined);
  return {
    baseUrl: endpoint.baseUrl,
    model: model.id,
    identity: identityOf(model, wanted.revision),
    capabilities: { ...sampling, metrics: measured, tokenize: stateOf(tokenize, text => tokensSchema.safeParse(parseJson(text)).success), loraLoading: 'untested' },
    ...(model.max_model_len && { contextTokens: model.max_model_len }),
    simulated,
    ...(onTrust && { onTrust }),
  };
}

async function findModel(transport: Transport, endpoint: Endpoint, wanted: Wanted): Promise<ServedModel & { readonly onTrust?: true }> {
  const result = await transport.send({ method: 'get', path: '/models', signal: wanted.signal, timeoutMs: modelsTimeoutMs });
  if (!result.ok) {
    if (wanted.model === undefined || !cannotList.includes(result.status ?? 0)) throw new ProblemError(result.problem);
    wanted.log(`${endpoint.baseUrl} cannot list its models (${result.status}); taking ${wanted.model} on trust`);
    return { id: wanted.model, owned_by: undefined, root: undefined, parent: undefined, max_model_len: undefined, onTrust: true };
  }
  return pick(readModels(result.text, endpoint), endpoint, wanted.model);
}

/** The list of models in a reply. Throws `reply-unreadable`. */
export function readModels(text: string, endpoint: Endpoint): ModelList {
  const list = modelsSchema.safeParse(parseJson(text));
  if (list.success) return list.data.data;
  throw problemError('reply-unreadable', `${placeOf(endpoint)} sent no list of models, so it is no OpenAI-compatible server: ${quoted(text, endpoint)}`);
}

function pick(served: readonly ServedModel[], endpoint: Endpoint, name: string | undefined): ServedModel {
  const [first, ...others] = served;
  if (first === undefined) throw problemError('server-unknown-model', `${placeOf(endpoint)} serves no model.`);
  const model = name === undefined && others.length === 0 ? first : served.find(each => each.id === name);
  if (model !== undefined) return model;
  const names = served.slice(0, mostNamed).map(each => each.id).join(', ');
  const more = served.length > mostNamed ? ` and ${served.length - mostNamed} more` : '';
  const why = name === undefined ? 'serves several models; name one of them' : `does not serve ${name}; it has`;
  throw problemError('server-unknown-model', `${placeOf(endpoint)} ${why}: ${quoted(names, endpoint)}${more}.`, { choices: served.slice(0, mostListed).map(each => each.id) });
}

/**
 * What the answers of a model depend on, as far as a server tells: its served name, the declared revision, and what the name stands for.
 * Each part is written only where it says something new, and so that no two servers' parts can read the same.
 */
function identityOf(model: ServedModel, revision: string | undefined): string {
  const parts = [encode(model.id), ...(revision ? [`@${encode(revision)}`] : [])];
  if (model.root && model.root !== model.id) parts.push(`|root=${encode(model.root)}`);
  if (model.parent) parts.push(`|parent=${encode(model.parent)}`);
  return parts.join('');
}

const encode = (part: string): string => part.replace(/[%@|]/g, character => encodeURIComponent(character));

function stateOf(result: CallResult, does: (text: string) => boolean): CapabilityState {
  if (result.ok) return does(result.text) ? 'supported' : 'refused';
  return result.status !== undefined && result.status >= 400 && result.status < 500 && result.status !== 429 ? 'refused' : 'untested';
}

type SamplingStates = Pick<ServerDescription['capabilities'], 'n' | 'seed' | 'logprobs' | 'structuredOutput'>;

/**
 * What is known of a server without a completion. vLLM draws choice i of a request with `seed + i`, and takes `structured_outputs` from 0.12 on;
 * before, it ignored the field.
 */
function samplingStates(simulated: boolean, vllm: readonly [number, number] | undefined): SamplingStates {
  if (simulated) return { n: 'supported', seed: 'supported', logprobs: 'untested', structuredOutput: 'untested' };
  if (vllm === undefined) return { n: 'untested', seed: 'untested', logprobs: 'untested', structuredOutput: 'untested' };
  const [major, minor] = vllm;
  return { n: 'supported', seed: 'supported', logprobs: 'supported', structuredOutput: major > 0 || minor >= 12 ? 'supported' : 'untested' };
}

function vllmVersion(result: CallResult): readonly [number, number] | undefined {
  const reply = versionSchema.safeParse(result.ok ? parseJson(result.text) : undefined);
  const match = /^v?(\d{1,6})\.(\d{1,6})/.exec(reply.success ? reply.data.version : '');
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}
