import { hostname } from 'node:os';
import type { Problem } from '../../core/model/problem.ts';
import { normaliseBaseUrl } from './baseUrl.ts';
import { placeOf, type Endpoint } from './endpoint.ts';
import { openTransport } from './transport.ts';

/** An adapter and the server that is to serve it. */
export interface AdapterToLoad {
  /** Of a vLLM, as a person typed it. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** What the server is asked for afterwards. */
  readonly name: string;
  /** Folder of its weights, as the server's own machine knows it. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Where proxies are named. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reading the weights may take its time. */
const loadTimeoutMs = 300_000;

/**
 * Has a vLLM serve a LoRA adapter beside its base model. One that it serves already under that name is left as it is.
 *
 * @returns why it could not; nothing where it is served
 *
 * Throws `ProblemError`: `usage` for an address that is none.
 */
export async function loadAdapter({ baseUrl, apiKey, name, path, signal, environment }: AdapterToLoad): Promise<Problem | undefined> {
  const endpoint: Endpoint = { baseUrl: normaliseBaseUrl(baseUrl), apiKey, machine: hostname() };
  const transport = openTransport(endpoint, { userAgent: 'regenesis', environment });
  try {
    const result = await transport.send({ method: 'post', path: '/load_lora_adapter', body: { lora_name: name, lora_path: path }, signal, timeoutMs: loadTimeoutMs });
    if (result.ok || /already (?:been )?loaded/i.test(result.problem.message)) return undefined;
    const said = result.problem.message.split(' It says: ')[1] ?? '';
    if (result.status === 404 && /adapter/i.test(said)) {
      return { code: 'file-not-found', message: `${placeOf(endpoint)} finds no adapter in ${path}, which has to be a folder of the machine that it runs on. It says: ${said}`, retryable: false };
    }
    if ([404, 405, 501].includes(result.status ?? 0)) {
      const message = `${placeOf(endpoint)} cannot load an adapter while it runs. Start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.`;
      return { code: 'server-bad-request', message, retryable: false };
    }
    return result.problem;
  } finally {
    await transport.close();
  }
}
