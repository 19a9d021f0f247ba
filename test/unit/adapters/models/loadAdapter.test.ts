import assert from 'node:assert/strict';
import { loadAdapter } from '../../../../src/adapters/models/loadAdapter.ts';
import type { Problem } from '../../../../src/core/model/problem.ts';
import { startScriptedServer, type ScriptedReply } from '../../../support/scriptedServer.ts';

async function load(reply: ScriptedReply): Promise<{ readonly problem: Problem | undefined; readonly sent: string }> {
  const server = await startScriptedServer(() => reply);
  const problem = await loadAdapter({ baseUrl: server.url, apiKey: 'sk-1', name: 'tuned', path: '/w/lora', signal: new AbortController().signal, environment: {} });
  const [request] = server.seen;
  await server.stop();
  return { problem, sent: `${request?.method ?? ''} ${request?.path ?? ''} ${request?.text ?? ''} ${String(request?.headers.authorization)}` };
}

describe('loading an adapter into a server', () => {
  it('asks for it by name and folder', async () => {
    const { problem, sent } = await load({ body: "Success: LoRA adapter 'tuned' added successfully." });
    assert.equal(problem, undefined);
    assert.equal(sent, 'POST /v1/load_lora_adapter {"lora_name":"tuned","lora_path":"/w/lora"} Bearer sk-1');
  });

  it('takes one that is loaded already as done', async () => {
    const body = { error: { message: "The lora adapter 'tuned' has already been loaded.", type: 'InvalidUserInput', code: 400 } };
    assert.equal((await load({ status: 400, body })).problem, undefined);
  });

  it('says what is missing', async () => {
    assert.match((await load({ status: 404, body: { detail: 'Not Found' } })).problem?.message ?? '', /--enable-lora/);
    assert.match((await load({ status: 405, body: { detail: 'Method Not Allowed' } })).problem?.message ?? '', /VLLM_ALLOW_RUNTIME_LORA_UPDATING/);
    const { problem } = await load({ status: 404, body: { error: { message: 'Loading lora tuned failed: No adapter found for /w/lora', type: 'NotFoundError', code: 404 } } });
    assert.equal(problem?.code, 'file-not-found');
    assert.equal((await load({ status: 401, body: {} })).problem?.code, 'server-wrong-key');
    const lost = await loadAdapter({ baseUrl: 'http://127.0.0.1:9/v1', name: 'x', path: '/x', signal: new AbortController().signal, environment: {} });
    assert.equal(lost?.code, 'server-unreachable');
  });
});
