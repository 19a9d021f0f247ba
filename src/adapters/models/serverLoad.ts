import type { ServerGauges } from '../../ports/languageModel.ts';
import { serverRoot } from './baseUrl.ts';
import type { Endpoint } from './endpoint.ts';
import type { Transport } from './transport.ts';

/** A page of a vLLM that was kept busy on two cores was seen to take 6.5 s. */
const loadTimeoutMs = 30_000;

interface Names {
  readonly running: string;
  readonly waiting: string;
  /** The newer name first. */
  readonly cache: readonly string[];
  readonly preemptions: readonly string[];
}

/** What vLLM, SGLang and llama.cpp call the same things on their metrics page. */
const dialects: readonly Names[] = [
  {
    running: 'vllm:num_requests_running', waiting: 'vllm:num_requests_waiting',
    cache: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'], preemptions: ['vllm:num_preemptions_total', 'vllm:num_preemptions'],
  },
  { running: 'sglang:num_running_reqs', waiting: 'sglang:num_queue_reqs', cache: ['sglang:token_usage'], preemptions: ['sglang:num_retracted_reqs_total'] },
  { running: 'llamacpp:requests_processing', waiting: 'llamacpp:requests_deferred', cache: ['llamacpp:kv_cache_usage_ratio'], preemptions: [] },
];

/** Asks a server for its metrics page. Nothing where it has none, is too busy or is not there. */
export async function askLoad(transport: Transport, endpoint: Endpoint, signal: AbortSignal): Promise<ServerGauges | undefined> {
  const result = await transport.send({ method: 'get', path: `${serverRoot(endpoint.baseUrl)}/metrics`, signal, timeoutMs: loadTimeoutMs });
  return result.ok ? readGauges(result.text) : undefined;
}

/** Reads a page in the text format of Prometheus: counts are summed over all engines and models of the server, of the cache the fullest counts. Nothing where the page tells of no queue. */
export function readGauges(page: string): ServerGauges | undefined {
  for (const names of dialects) {
    const running = valuesOf(page, names.running);
    const waiting = valuesOf(page, names.waiting);
    if (running.length === 0 || waiting.length === 0) continue;
    const cache = firstOf(page, names.cache);
    const preemptions = firstOf(page, names.preemptions);
    return {
      running: sum(running), waiting: sum(waiting),
      ...(cache.length > 0 && { cacheRatio: Math.min(1, Math.max(0, ...cache)) }),
      ...(preemptions.length > 0 && { preemptions: sum(preemptions) }),
    };
  }
  return undefined;
}

const firstOf = (page: string, names: readonly string[]): readonly number[] => names.map(name => valuesOf(page, name)).find(values => values.length > 0) ?? [];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The page has hundreds of lines, most of them of histograms: it is searched for the name, not parsed. */
function valuesOf(page: string, name: string): readonly number[] {
  const values: number[] = [];
  for (let at = page.indexOf(name); at >= 0; at = page.indexOf(name, at + name.length)) {
    const after = page[at + name.length];
    if ((at > 0 && page[at - 1] !== '\n') || (after !== '{' && after !== ' ')) continue;
    const end = page.indexOf('\n', at);
    const line = page.slice(at + name.length, end < 0 ? undefined : end);
    const value = Number(/^(?:\{.*\})?\s+(\S+)/.exec(line)?.[1]);
    if (Number.isFinite(value)) values.push(value);
  }
  return values;
}
