import assert from 'node:assert/strict';
import { createOpenAiModel } from '../../src/adapters/models/openaiModel.ts';
import { problemOf, type Problem } from '../../src/core/model/problem.ts';
import { startDemoServer } from '../../src/demoServer/server.ts';
import { greetServer } from '../../src/engine/greetServer.ts';
import type { ServerSurvey } from '../../src/ports/languageModel.ts';
import { completionOf, startScriptedServer, type ScriptedReply } from '../support/scriptedServer.ts';

type Pages = Readonly<Record<string, ScriptedReply>>;

/** Looks at a server with these pages; any other is not there. */
async function surveyed(pages: Pages, apiKey?: string): Promise<ServerSurvey | Problem> {
  const server = await startScriptedServer(({ path }) => pages[path] ?? { status: 404 });
  const model = createOpenAiModel({ baseUrl: server.url, apiKey });
  try {
    return await model.survey({ signal: new AbortController().signal, timeoutMs: 5_000 });
  } catch (thrown) {
    return problemOf(thrown);
  } finally {
    await model.close();
    await server.stop();
  }
}

const models = (...owned: readonly { readonly id: string; readonly owned_by?: string }[]): ScriptedReply => ({ body: { object: 'list', data: owned } });
const kindOf = async (pages: Pages): Promise<string> => {
  const found = await surveyed(pages);
  return 'kind' in found ? found.kind : found.code;
};

describe('a first look at a server', () => {
  it('tells the kind by the owner of its models, else by a page that only that kind has', async () => {
    const bare = models({ id: 'm' });
    assert.equal(await kindOf({ '/v1/models': models({ id: 'llama', owned_by: 'vllm' }) }), 'vllm');
    assert.equal(await kindOf({ '/v1/models': models({ id: 'llama', owned_by: 'sglang' }) }), 'sglang');
    assert.equal(await kindOf({ '/v1/models': models({ id: 'llama', owned_by: 'llamacpp' }) }), 'llama.cpp');
    assert.equal(await kindOf({ '/v1/models': models({ id: 'llama', owned_by: 'library' }) }), 'ollama');
    assert.equal(await kindOf({ '/v1/models': models({ id: 'llama', owned_by: 'organization_owner' }) }), 'lm-studio');
    assert.equal(await kindOf({ '/v1/models': bare, '/props': { body: { default_generation_settings: {} } } }), 'llama.cpp');
    assert.equal(await kindOf({ '/v1/models': bare, '/get_model_info': { body: { model_path: '/m' } } }), 'sglang');
    assert.equal(await kindOf({ '/v1/models': bare, '/api/version': { body: { version: '0.13' } } }), 'ollama');
    assert.equal(await kindOf({ '/v1/models': bare }), 'other');
    assert.equal(await kindOf({ '/v1/models': bare, '/props': { body: '<html>everything is here</html>' } }), 'other');
  });

  it('lists the models, also many of them', async () => {
    const found = await surveyed({ '/v1/models': models(...Array.from({ length: 300 }, (_, index) => ({ id: `m${index}`, owned_by: 'vllm' }))) });
    assert.ok('models' in found);
    assert.deepEqual([found.models.length, found.models[0]], [200, 'm0']);
  });

  it('says what is there instead: a page, a lock, nothing', async () => {
    assert.equal(await kindOf({ '/v1/models': { body: '<!doctype html><title>Grafana</title>', headers: { 'content-type': 'text/html' } } }), 'reply-unreadable');
    assert.equal(await kindOf({ '/v1/models': { status: 401, body: { error: 'no key' } } }), 'server-wrong-key');
    assert.equal(await kindOf({}), 'server-bad-request');
    const gone = createOpenAiModel({ baseUrl: 'http://127.0.0.1:9' });
    await assert.rejects(gone.survey({ signal: new AbortController().signal, timeoutMs: 2_000 }), (thrown: unknown) => problemOf(thrown).code === 'server-unreachable');
    await gone.close();
  });

  it('knows the demo server, without a completion', async () => {
    const demo = await startDemoServer();
    const model = createOpenAiModel({ baseUrl: demo.url });
    const { kind, models: served } = await model.survey({ signal: new AbortController().signal, timeoutMs: 5_000 });
    assert.deepEqual([kind, [...served]], ['demo', ['regenesis-demo']]);
    await model.close();
    await demo.close();
  });
});

describe('a greeting', () => {
  /** A server that lists its models to anybody and answers completions so. */
  async function greeted(completion: ScriptedReply, key?: string): Promise<string> {
    const open = models({ id: 'm', owned_by: 'vllm' });
    const server = await startScriptedServer(({ path, headers }) => {
      if (path === '/v1/models') return open;
      if (path !== '/v1/chat/completions') return { status: 404 };
      return key === undefined || headers.authorization === `Bearer ${key}` ? completion : { status: 401, body: { error: { message: 'a key, please' } } };
    });
    const { signal } = new AbortController();
    const model = createOpenAiModel({ baseUrl: server.url, model: 'm' });
    try {
      await model.describe(signal);
      await greetServer(model, signal);
      assert.equal(server.seen.filter(({ path }) => path === '/v1/chat/completions').length, 1);
      return 'taken';
    } catch (thrown) {
      return problemOf(thrown).code;
    } finally {
      await model.close();
      await server.stop();
    }
  }

  it('finds out that a server which lists its models freely wants a key for answers', async () => {
    assert.equal(await greeted(completionOf('Good'), 'sesame'), 'server-wrong-key');
    assert.equal(await greeted(completionOf('Good')), 'taken');
  });

  it('is not put off by what may pass, and is by a model that cannot be talked to', async () => {
    assert.equal(await greeted({ status: 503, body: 'busy' }), 'taken');
    assert.equal(await greeted({ status: 429, body: 'later' }), 'taken');
    assert.equal(await greeted({ status: 400, body: { error: { message: 'this model has no chat template' } } }), 'server-bad-request');
    assert.equal(await greeted({ status: 404, body: { error: { message: 'The model `m` does not exist.' } } }), 'server-unknown-model');
  });
});
