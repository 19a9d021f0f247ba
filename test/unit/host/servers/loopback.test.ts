import assert from 'node:assert/strict';
import { problemError, type ProblemCode } from '../../../../src/core/model/problem.ts';
import { lookAround, servedWords, usualPorts, type FoundServer } from '../../../../src/host/servers/loopback.ts';

const answers: Readonly<Record<string, { readonly models: readonly string[] } | ProblemCode>> = {
  'http://127.0.0.1:8000/v1': { models: ['llama', 'qwen', 'phi'] }, 'http://127.0.0.1:1234/v1': 'server-wrong-key', 'http://127.0.0.1:8080/v1': 'reply-unreadable', 'http://127.0.0.1:9931/v1': 'timed-out',
};

describe('servers of this machine', () => {
  it('are looked for at all usual ports at a time; what is no model server is left out', async () => {
    const found: FoundServer[] = [];
    let [asking, most] = [0, 0];
    await lookAround(async url => {
      asking += 1;
      most = Math.max(most, asking);
      await Promise.resolve();
      asking -= 1;
      const answer = answers[url] ?? 'server-unreachable';
      if (typeof answer === 'string') throw problemError(answer, 'no');
      return { server: url, from: 'gpu07', kind: 'vllm', models: [...answer.models] };
    }, server => { found.push(server); });
    assert.equal(most, usualPorts.length);
    assert.deepEqual(found.map(({ baseUrl, kind, wantsKey }) => [baseUrl, kind, wantsKey]).sort(), [['http://127.0.0.1:1234/v1', 'other', true], ['http://127.0.0.1:8000/v1', 'vllm', false]]);
    assert.deepEqual(found.map(servedWords).sort(), ['llama and 2 more', 'wants a key']);
  });
});
