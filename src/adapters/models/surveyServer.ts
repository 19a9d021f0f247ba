import { isFields, parseJson, type Fields } from '../../core/model/outside.ts';
import { ProblemError } from '../../core/model/problem.ts';
import type { ServerKind } from '../../core/model/server.ts';
import type { ServerSurvey } from '../../ports/languageModel.ts';
import { serverRoot } from './baseUrl.ts';
import { demoOwner, mostListed, readModels } from './describeServer.ts';
import type { Endpoint } from './endpoint.ts';
import type { Transport } from './transport.ts';

/** What servers write as the owner of their models. */
const owners: Readonly<Record<string, ServerKind>> = {
  [demoOwner]: 'demo', vllm: 'vllm', sglang: 'sglang', llamacpp: 'llama.cpp', library: 'ollama', organization_owner: 'lm-studio',
};

/** Pages that only one kind of server has, for models with an owner of their own: below the address without `/v1`. */
const pages: readonly { readonly kind: ServerKind; readonly path: string; readonly isIt: (page: Fields) => boolean }[] = [
  { kind: 'sglang', path: '/get_model_info', isIt: page => 'model_path' in page },
  { kind: 'llama.cpp', path: '/props', isIt: page => 'default_generation_settings' in page },
  { kind: 'ollama', path: '/api/version', isIt: page => typeof page['version'] === 'string' },
  { kind: 'lm-studio', path: '/api/v0/models', isIt: page => Array.isArray(page['data']) },
];

/** Looks what answers at an address. Throws `ProblemError`. */
export async function surveyServer(transport: Transport, endpoint: Endpoint, limits: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<ServerSurvey> {
  const result = await transport.send({ method: 'get', path: '/models', ...limits });
  if (!result.ok) throw new ProblemError(result.problem);
  const models = readModels(result.text, endpoint);
  const known = models.flatMap(({ owned_by: owner }) => owners[owner ?? ''] ?? []);
  const kind = known[0] ?? await kindByPages(transport, serverRoot(endpoint.baseUrl), limits);
  return { baseUrl: endpoint.baseUrl, kind, models: models.slice(0, mostListed).map(({ id }) => id) };
}

async function kindByPages(transport: Transport, root: string, limits: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<ServerKind> {
  const found = await Promise.all(pages.map(async ({ kind, path, isIt }) => {
    const result = await transport.send({ method: 'get', path: `${root}${path}`, ...limits });
    const page = result.ok ? parseJson(result.text) : undefined;
    return isFields(page) && isIt(page) ? [kind] : [];
  }));
  return found.flat()[0] ?? 'other';
}
