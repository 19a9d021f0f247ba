import assert from 'node:assert/strict';
import { rateLimitsOf } from '../../../../src/adapters/models/rateLimits.ts';
import { readGauges } from '../../../../src/adapters/models/serverLoad.ts';

describe('rate limits in headers', () => {
  const read = (headers: Readonly<Record<string, string>>) => rateLimitsOf(new Headers(headers));

  it('are read in the form of OpenAI', () => {
    assert.deepEqual(read({
      'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000', 'x-ratelimit-remaining-tokens': '149984', 'x-ratelimit-reset-tokens': '6m0s',
    }), { requests: { limit: 60, remaining: 59, resetMs: 1_000 }, tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 } });
  });

  it('take every way to write a time', () => {
    const resetOf = (text: string) => read({ 'x-ratelimit-limit-requests': '1', 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': text })?.requests?.resetMs;
    assert.deepEqual(['120ms', '1h2m3.5s', '7.66s', '0s', '12', '1d'].map(resetOf), [120, 3_723_500, 7_660, 0, 12_000, 86_400_000]);
    assert.deepEqual(['', 'soon', '-1s', '1s!', 's'].map(resetOf), [undefined, undefined, undefined, undefined, undefined]);
  });

  it('are absent where a server tells of none, or of half', () => {
    assert.equal(read({}), undefined);
    assert.equal(read({ 'x-ratelimit-remaining-requests': '3' }), undefined);
  });
});

describe('a metrics page', () => {
  it('of vLLM is summed over engines, and of the cache the fullest counts', () => {
    assert.deepEqual(readGauges([
      '# HELP vllm:num_requests_running Number of requests in model execution batches.', '# TYPE vllm:num_requests_running gauge',
      'vllm:num_requests_running{engine="0",model_name="a b} 9"} 5.0', 'vllm:num_requests_running{engine="1",model_name="m"} 7.0',
      'vllm:num_requests_waiting{engine="0",model_name="m"} 1.0', 'vllm:num_requests_waiting{engine="1",model_name="m"} 2.0',
      'vllm:num_requests_waiting_by_reason{engine="0",reason="capacity"} 100.0',
      'vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25', 'vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.5',
      'vllm:num_preemptions_total{engine="0",model_name="m"} 3.0', 'vllm:num_preemptions_created{engine="0"} 1.7e+09', '',
    ].join('\n')), { running: 12, waiting: 3, cacheRatio: 0.5, preemptions: 3 });
  });

  it('of an older vLLM, of SGLang and of llama.cpp is read too', () => {
    assert.deepEqual(readGauges('vllm:num_requests_running 4\nvllm:num_requests_waiting 0\nvllm:gpu_cache_usage_perc 0.75'), { running: 4, waiting: 0, cacheRatio: 0.75 });
    assert.deepEqual(readGauges('sglang:num_running_reqs{model_name="m"} 4\nsglang:num_queue_reqs{model_name="m"} 1\nsglang:token_usage{model_name="m"} 0.1\n'), { running: 4, waiting: 1, cacheRatio: 0.1 });
    assert.deepEqual(readGauges('llamacpp:requests_processing 2\nllamacpp:requests_deferred 3\n'), { running: 2, waiting: 3 });
  });

  it('that tells of no queue says nothing', () => {
    for (const page of ['', '<html>', 'vllm:num_requests_running 3\n', 'vllm:num_requests_running NaN\nvllm:num_requests_waiting x\n', 'python_gc_objects 4\n']) assert.equal(readGauges(page), undefined, page);
  });
});
