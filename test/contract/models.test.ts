import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import * as z from 'zod/mini';
import { createOpenAiModel, type OpenAiModelOptions } from '../../src/adapters/models/openaiModel.ts';
import { openTransport } from '../../src/adapters/models/transport.ts';
import { ProblemError } from '../../src/core/model/problem.ts';
import type { ChatReply, ChatRequest, LanguageModel } from '../../src/ports/languageModel.ts';
import { completionOf, startScriptedServer, type ScriptedReply, type ScriptedServer, type SeenRequest } from '../support/scriptedServer.ts';

const request: ChatRequest = {
  stage: 'path',
  messages: [{ role: 'system', content: 'Reason.' }, { role: 'user', content: 'How many are two and three?' }],
  sampling: { temperature: 0.85, topP: 0.9, maxTokens: 64, stop: [] },
  seed: 41, n: 1,
};
const key = 'sk-test-1234567890';
const never = new AbortController().signal;
const limits = { signal: never, timeoutMs: 10_000 };

const opened: { close(): Promise<void> }[] = [];
const servers: ScriptedServer[] = [];

async function serve(script: (request: SeenRequest, index: number) => ScriptedReply): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  servers.push(server);
  return server;
}

function model(options: Partial<OpenAiModelOptions> & { baseUrl: string }): LanguageModel {
  const made = createOpenAiModel({ model: 'tiny', environment: {}, ...options });
  opened.push(made);
  return made;
}

const bodySchema = z.looseObject({ structured_outputs: z.optional(z.unknown()) });
const sent = ({ text }: SeenRequest) => bodySchema.parse(JSON.parse(text));

function lastOf(server: ScriptedServer): SeenRequest {
  const last = server.seen.at(-1);
  assert.ok(last, 'a request');
  return last;
}

const textOf = (reply: ChatReply): string | undefined => (reply.ok ? reply.choices[0]?.text : reply.problem.code);

async function problemOf(promise: Promise<unknown>) {
  const thrown: unknown = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(thrown instanceof ProblemError, `a ProblemError, not ${String(thrown)}`);
  return thrown.problem;
}

describe('the model adapter', () => {
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(each => each.close()));
    await Promise.all(servers.splice(0).map(each => each.stop()));
  });

  describe('what is sent', () => {
    it('names stage, sampling and seed, and nothing that was not asked for', async () => {
      const server = await serve(() => completionOf('Five.'));
      const reply = await model({ baseUrl: server.url, version: '1.2.3' }).complete(request, limits);
      assert.deepEqual(reply, { ok: true, choices: [{ text: 'Five.', finish: 'stop' }], usage: { inputTokens: 15, outputTokens: 4 } });
      const seen = lastOf(server);
      assert.equal(`${seen.method} ${seen.path}`, 'POST /v1/chat/completions');
      assert.deepEqual(sent(seen), { model: 'tiny', messages: request.messages, temperature: 0.85, top_p: 0.9, max_tokens: 64, seed: 41, n: 1 });
      assert.equal(seen.headers['x-regenesis-stage'], 'path');
      assert.equal(seen.headers['user-agent'], 'regenesis/1.2.3');
      assert.equal(seen.headers['content-type'], 'application/json');
      assert.equal(seen.headers.authorization, undefined);
      const foreign = Object.keys(seen.headers).filter(name => /stainless|openai/i.test(name));
      assert.deepEqual(foreign, []);
    });

    it('sends stop strings, several choices and the key', async () => {
      const server = await serve(() => completionOf('A', 'B'));
      const asked = { ...request, stage: 'choose' as const, n: 2, sampling: { ...request.sampling, stop: ['\n\n'] } };
      const reply = await model({ baseUrl: server.url, apiKey: ` ${key}\n` }).complete(asked, limits);
      assert.deepEqual(reply.ok && reply.choices.map(choice => choice.text), ['A', 'B']);
      assert.deepEqual(sent(lastOf(server)), { model: 'tiny', messages: request.messages, temperature: 0.85, top_p: 0.9, max_tokens: 64, seed: 41, n: 2, stop: ['\n\n'] });
      assert.equal(lastOf(server).headers.authorization, `Bearer ${key}`);
      assert.equal(lastOf(server).headers['x-regenesis-stage'], 'choose');
    });

    it('takes nothing from the variables of the openai package', async () => {
      const names = { OPENAI_API_KEY: 'sk-of-another', OPENAI_ORG_ID: 'org-other', OPENAI_PROJECT_ID: 'proj-other', OPENAI_CUSTOM_HEADERS: 'x-other: 1', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
      const before = Object.fromEntries(Object.keys(names).map(name => [name, process.env[name]]));
      Object.assign(process.env, names);
      try {
        const server = await serve(() => completionOf('Five.'));
        assert.equal(textOf(await model({ baseUrl: server.url }).complete(request, limits)), 'Five.');
        assert.doesNotMatch(JSON.stringify(lastOf(server).headers), /other/);
      } finally {
        for (const [name, value] of Object.entries(before)) {
          if (value === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = value;
        }
      }
    });

    it('holds the model to a choice only where the server is known to be able to', async () => {
      const server = await serve(({ path: where }) => {
        if (where === '/v1/models') return { body: { data: [{ id: 'tiny', owned_by: 'vllm', root: '/models/tiny', parent: null, max_model_len: 1024 }] } };
        if (where === '/metrics') return { body: 'vllm:num_requests_running{model_name="tiny"} 0\n' };
        if (where === '/version') return { body: { version: '0.32.0+cpu' } };
        return completionOf('yes');
      });
      const judge = { ...request, stage: 'judge' as const, sampling: { ...request.sampling, oneOf: ['yes', 'no'] } };
      const asked = model({ baseUrl: server.url });
      await asked.complete(judge, limits);
      assert.equal(sent(lastOf(server)).structured_outputs, undefined);
      await asked.describe(never);
      await asked.complete(judge, limits);
      assert.deepEqual(sent(lastOf(server)).structured_outputs, { choice: ['yes', 'no'] });
    });
  });

  describe('odd replies', () => {
    const oddSchema = z.array(z.object({
      name: z.string(), n: z._default(z.number(), 1), status: z._default(z.number(), 200), headers: z._default(z.record(z.string(), z.string()), {}), body: z.unknown(),
      choices: z.optional(z.array(z.tuple([z.string(), z.string()]))), usage: z.optional(z.unknown()),
      problem: z.optional(z.string()), retryable: z.optional(z.boolean()), retryAfterMs: z.optional(z.number()), says: z._default(z.array(z.string()), []),
    }));
    const file = path.join(import.meta.dirname, '../fixtures/replies/odd.json');
    for (const odd of oddSchema.parse(JSON.parse(readFileSync(file, 'utf8')))) {
      it(odd.name, async () => {
        const server = await serve(() => ({ status: odd.status, headers: odd.headers, body: odd.body }));
        const reply = await model({ baseUrl: server.url, apiKey: key }).complete({ ...request, n: odd.n }, limits);
        if (reply.ok) {
          assert.deepEqual({ choices: reply.choices.map(choice => [choice.text, choice.finish]), usage: reply.usage }, { choices: odd.choices, usage: odd.usage });
          return;
        }
        const { code, retryable, message } = reply.problem;
        assert.deepEqual({ code, retryable, retryAfterMs: reply.retryAfterMs }, { code: odd.problem, retryable: odd.retryable, retryAfterMs: odd.retryAfterMs }, message);
        for (const words of odd.says) assert.ok(message.includes(words), `"${message}" says ${words}`);
        assert.ok(!message.includes(key), 'no key');
      });
    }

    it('quotes a long-winded server in short', async () => {
      const server = await serve(() => ({ status: 400, body: { error: { message: `${'<'.repeat(5_000)} ${'why '.repeat(100_000)}` } } }));
      const reply = await model({ baseUrl: server.url }).complete(request, limits);
      assert.ok(!reply.ok && reply.problem.message.length < 500);
    });

    it('never repeats a key, however the server echoes it', async () => {
      const plain = 'abcdefghijklmnop';
      const server = await serve(({ headers }) => ({ status: 400, body: `You sent ${headers.authorization}; did you mean sk-proj-another_key?` }));
      const reply = await model({ baseUrl: server.url, apiKey: plain }).complete(request, limits);
      assert.ok(!reply.ok && reply.problem.message.includes('You sent'));
      assert.doesNotMatch(reply.problem.message, /abcdefgh|another_key/);
    });

    it('refuses a key that no header can carry, without repeating it', () => {
      assert.throws(() => createOpenAiModel({ baseUrl: 'http://127.0.0.1:1', apiKey: 'top\nsecret' }), (thrown: unknown) =>
        thrown instanceof ProblemError && thrown.problem.code === 'usage' && !thrown.message.includes('secret'));
    });
  });

  describe('the connection', () => {
    it('ends a call at its deadline, down to the socket', async () => {
      const server = await serve(() => ({ instead: 'hang' }));
      const arrived = server.next();
      const reply = await model({ baseUrl: server.url }).complete(request, { signal: never, timeoutMs: 30 });
      assert.equal(textOf(reply), 'timed-out');
      assert.equal(!reply.ok && reply.problem.retryable, true);
      await (await arrived).closed;
    });

    it('counts the body into the deadline', async () => {
      const server = await serve(() => ({ ...completionOf('Five.'), instead: 'stall' }));
      const arrived = server.next();
      assert.equal(textOf(await model({ baseUrl: server.url }).complete(request, { signal: never, timeoutMs: 50 })), 'timed-out');
      await (await arrived).closed;
    });

    it('counts the body of an error into the deadline', async () => {
      const server = await serve(() => ({ status: 500, body: 'a long story', instead: 'stall' }));
      assert.equal(textOf(await model({ baseUrl: server.url }).complete(request, { signal: never, timeoutMs: 50 })), 'timed-out');
    });

    for (const instead of ['hang', 'stall'] as const) {
      it(`cancels down to the socket (${instead})`, async () => {
        const server = await serve(() => ({ ...completionOf('Five.'), instead }));
        const arrived = server.next();
        const stop = new AbortController();
        const reply = model({ baseUrl: server.url }).complete(request, { signal: stop.signal, timeoutMs: 10_000 });
        const seen = await arrived;
        stop.abort();
        assert.equal(textOf(await reply), 'cancelled');
        await seen.closed;
      });
    }

    it('sends nothing when it is cancelled already', async () => {
      const server = await serve(() => completionOf('Five.'));
      assert.equal(textOf(await model({ baseUrl: server.url }).complete(request, { signal: AbortSignal.abort(), timeoutMs: 1_000 })), 'cancelled');
      assert.equal(server.connections, 0);
    });

    it('leaves no listener on a signal that outlives hundreds of calls, and warns of none', async () => {
      const server = await serve((_, index) => (index % 3 === 0 ? { status: 500, body: '' } : completionOf('Five.')));
      const run = new AbortController();
      const asked = model({ baseUrl: server.url });
      const warnings: Error[] = [];
      const note = (warning: Error) => warnings.push(warning);
      process.on('warning', note);
      await Promise.all(Array.from({ length: 200 }, () => asked.complete(request, { signal: run.signal, timeoutMs: 10_000 })));
      await new Promise(resolve => setImmediate(resolve));
      process.off('warning', note);
      assert.deepEqual(warnings, []);
      assert.equal(getEventListeners(run.signal, 'abort').length, 0);
      assert.equal(server.seen.length, 200);
    });

    it('uses one connection for calls one after another, and as many as it needs at a time', async () => {
      const server = await serve(() => completionOf('Five.'));
      const asked = model({ baseUrl: server.url });
      for (let call = 0; call < 5; call += 1) await asked.complete(request, limits);
      assert.ok(server.connections <= 2, 'a socket may still be settling when the next call comes');
      await Promise.all(Array.from({ length: 40 }, () => asked.complete(request, limits)));
      assert.equal(server.seen.length, 45);
    });

    it('keeps to a limit of sockets', async () => {
      const server = await serve(() => completionOf('Five.'));
      const asked = model({ baseUrl: server.url, maxSockets: 2 });
      await Promise.all(Array.from({ length: 12 }, () => asked.complete(request, limits)));
      assert.equal(server.connections, 2);
    });

    it('goes on over a new connection when the server has dropped the idle one', async () => {
      const server = await serve(() => completionOf('Five.'));
      const asked = model({ baseUrl: server.url });
      await asked.complete(request, limits);
      const { closed } = lastOf(server);
      server.dropIdle();
      await closed;
      await new Promise(resolve => setImmediate(resolve));
      const reply = await asked.complete(request, limits);
      assert.ok(reply.ok || reply.problem.retryable === true, 'an answer, or leave to try again');
      assert.equal(textOf(await asked.complete(request, limits)), 'Five.');
    });

    for (const way of ['directly', 'through a proxy']) {
      it(`drops idle sockets by itself, before the server does (${way})`, async () => {
        const server = await serve(() => ({ ...completionOf('Five.'), headers: { 'connection': 'keep-alive', 'keep-alive': 'timeout=60' } }));
        const endpoint = { baseUrl: way === 'directly' ? server.url : 'http://0.0.0.0:8000/v1', apiKey: undefined, machine: 'here' };
        const transport = openTransport(endpoint, { userAgent: 'regenesis/test', environment: { HTTP_PROXY: `http://127.0.0.1:${server.port}` }, idleSocketMs: 40 });
        opened.push(transport);
        const outcome = await transport.send({ method: 'post', path: '/chat/completions', body: {}, ...limits });
        assert.ok(outcome.ok);
        await lastOf(server).closed;
      });
    }

    it('gives up on a reply without end', async () => {
      const server = await serve(() => ({ body: 'x'.repeat(65 * 1_024 * 1_024) }));
      const reply = await model({ baseUrl: server.url }).complete(request, limits);
      assert.ok(!reply.ok);
      assert.match(reply.problem.message, /larger/);
      assert.deepEqual([reply.problem.code, reply.problem.retryable], ['reply-unreadable', false]);
    });

    it('may be tried again when the server drops the connection under a call, or in the middle of its answer', async () => {
      const half: ScriptedReply = { ...completionOf('B'), instead: 'half' };
      const replies = [completionOf('A'), { instead: 'reset' } as const, half, { ...half, chunked: true }, completionOf('C')];
      const server = await serve((_, index) => replies[index] ?? {});
      const asked = model({ baseUrl: server.url });
      const outcomes: unknown[] = [];
      while (outcomes.length < replies.length) {
        const reply = await asked.complete(request, limits);
        outcomes.push(reply.ok ? reply.choices[0]?.text : [reply.problem.code, reply.problem.retryable]);
      }
      const again = ['server-unreachable', true];
      assert.deepEqual(outcomes, ['A', again, again, again, 'C']);
    });

    it('says where nothing listens, seen from which machine, and what to try', async () => {
      const server = await startScriptedServer(() => ({}));
      await server.stop();
      const reply = await model({ baseUrl: server.url }).complete(request, limits);
      assert.ok(!reply.ok);
      assert.equal(reply.problem.code, 'server-unreachable');
      assert.equal(reply.problem.retryable, true);
      assert.match(reply.problem.message, new RegExp(`127.0.0.1:${server.port}/v1 \\(seen from .+\\): nothing listens there`));
    });

    it('says so when https is asked of a server that speaks http', async () => {
      const server = await serve(() => ({}));
      const reply = await model({ baseUrl: `https://127.0.0.1:${server.port}` }).complete(request, limits);
      assert.ok(!reply.ok);
      assert.deepEqual([reply.problem.code, reply.problem.retryable], ['server-unreachable', false]);
      assert.match(reply.problem.message, /http:\/\//);
    });

    it('says so when something answers that is not HTTP', async () => {
      const odd = createServer(socket => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n').resume());
      await new Promise<void>(resolve => odd.listen(0, '127.0.0.1', resolve));
      const reply = await model({ baseUrl: `http://127.0.0.1:${(odd.address() as AddressInfo).port}` }).complete(request, limits);
      odd.close();
      assert.ok(!reply.ok);
      assert.deepEqual([reply.problem.code, reply.problem.retryable], ['reply-unreadable', false]);
    });

    it('says so when the port is one that HTTP clients may not use', async () => {
      const reply = await model({ baseUrl: 'http://127.0.0.1:6000' }).complete(request, limits);
      assert.ok(!reply.ok);
      assert.deepEqual([reply.problem.code, reply.problem.retryable], ['server-unreachable', false]);
      assert.match(reply.problem.message, /another one/);
    });

    it('does not follow a redirect, so that prompts and key stay with the server they are for', async () => {
      const other = await serve(() => completionOf('Five.'));
      const server = await serve(() => ({ status: 307, headers: { location: `${other.url}/chat/completions` }, body: '' }));
      assert.equal(textOf(await model({ baseUrl: server.url, apiKey: key }).complete(request, limits)), 'server-bad-request');
      assert.equal(other.seen.length, 0);
    });

    it('answers with a problem after it was closed', async () => {
      const server = await serve(() => completionOf('Five.'));
      const asked = createOpenAiModel({ baseUrl: server.url, model: 'tiny', environment: {} });
      await asked.complete(request, limits);
      await asked.close();
      assert.equal(textOf(await asked.complete(request, limits)), 'cancelled');
    });
  });

  describe('proxies', () => {
    it('go before a server that is elsewhere, but for NO_PROXY, and never before the machine itself', async () => {
      const proxy = await serve(() => completionOf('by the proxy'));
      const server = await serve(() => completionOf('directly'));
      const elsewhere = `http://0.0.0.0:${server.port}/v1`;
      const HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
      const ask = async (baseUrl: string, environment: Record<string, string>) => textOf(await model({ baseUrl, environment }).complete(request, limits));
      assert.equal(await ask(elsewhere, { HTTP_PROXY }), 'by the proxy');
      assert.equal(proxy.seen[0]?.path, `${elsewhere}/chat/completions`);
      assert.equal(await ask(elsewhere, { http_proxy: HTTP_PROXY }), 'by the proxy');
      assert.equal(await ask(elsewhere, { HTTP_PROXY, NO_PROXY: 'example.org,0.0.0.0' }), 'directly');
      assert.equal(await ask(elsewhere, { HTTP_PROXY, no_proxy: '*' }), 'directly');
      assert.equal(await ask(elsewhere, {}), 'directly');
      assert.equal(await ask(server.url, { HTTP_PROXY }), 'directly');
      assert.equal(await ask(`http://localhost:${server.port}`, { HTTP_PROXY }), 'directly');
    });

    it('that ask for a password are named as such', async () => {
      const proxy = await serve(() => ({ status: 407, body: '' }));
      const reply = await model({ baseUrl: 'http://0.0.0.0:8000/v1', environment: { HTTP_PROXY: `http://user:hidden@127.0.0.1:${proxy.port}` } }).complete(request, limits);
      assert.ok(!reply.ok);
      assert.equal(reply.problem.code, 'server-unreachable');
      assert.match(reply.problem.message, /[Pp]roxy/);
      assert.doesNotMatch(reply.problem.message, /hidden/);
    });
  });

  describe('what a server says of its load and limits', () => {
    it('comes from its metrics page, and nothing where there is none', async () => {
      const page = 'vllm:num_requests_running{model_name="tiny"} 3\nvllm:num_requests_waiting{model_name="tiny"} 1\nvllm:kv_cache_usage_perc{model_name="tiny"} 0.5\n';
      const server = await serve(() => ({ body: page }));
      assert.deepEqual(await model({ baseUrl: server.url }).load(never), { running: 3, waiting: 1, cacheRatio: 0.5 });
      assert.equal(lastOf(server).path, '/metrics');
      for (const reply of [{ status: 404, body: '' }, { body: 'something else' }, { instead: 'reset' } as const]) {
        const other = await serve(() => reply);
        assert.equal(await model({ baseUrl: other.url }).load(never), undefined);
      }
      assert.equal(await model({ baseUrl: server.url }).load(AbortSignal.abort()), undefined);
    });

    it('comes with answers and with refusals', async () => {
      const headers = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '7', 'x-ratelimit-reset-requests': '53s' };
      const server = await serve((_, index) => (index === 0 ? { ...completionOf('Five.'), headers } : { status: 429, headers: { ...headers, 'retry-after': '2' }, body: '' }));
      const asked = model({ baseUrl: server.url });
      const allowance = { requests: { limit: 60, remaining: 7, resetMs: 53_000 } };
      assert.deepEqual((await asked.complete(request, limits)).limits, allowance);
      const refused = await asked.complete(request, limits);
      assert.deepEqual([refused.limits, !refused.ok && refused.retryAfterMs], [allowance, 2_000]);
    });
  });

  describe('describe', () => {
    const vllmModels = { data: [{ id: 'tiny', object: 'model', owned_by: 'vllm', root: '/models/tiny', parent: null, max_model_len: 1024 }] };
    const vllm = (models: unknown = vllmModels) => ({ path: where, text }: SeenRequest): ScriptedReply => {
      if (where === '/v1/models') return { body: models };
      if (where === '/metrics') return { body: '# HELP vllm:num_requests_running\nvllm:num_requests_running 0\n' };
      if (where === '/version') return { body: { version: '0.32.0+cpu' } };
      if (where === '/tokenize') return text.includes('"prompt"') ? { body: { count: 1, max_model_len: 1024, tokens: [1] } } : { status: 400, body: '' };
      return { status: 500, body: `nothing at ${where}` };
    };

    it('reads a vLLM server without a completion', async () => {
      const server = await serve(vllm());
      const described = await model({ baseUrl: `http://127.0.0.1:${server.port}`, model: '', apiKey: key, revision: '3' }).describe(never);
      assert.deepEqual(described, {
        baseUrl: server.url, model: 'tiny', identity: 'tiny@3|root=/models/tiny', contextTokens: 1024, simulated: false,
        capabilities: { n: 'supported', seed: 'supported', logprobs: 'supported', structuredOutput: 'supported', tokenize: 'supported', metrics: 'supported', loraLoading: 'untested' },
      });
      assert.ok(server.seen.every(({ path: where, headers }) => where !== '/v1/chat/completions' && headers.authorization === `Bearer ${key}`));
    });

    it('knows a server of which only the models are known', async () => {
      const server = await serve(({ path: where }) => (where === '/v1/models' ? { body: { object: 'list', data: [{ id: 'tiny', root: 7 }] } } : { status: 404, body: '' }));
      const { identity, capabilities, contextTokens, simulated } = await model({ baseUrl: server.url }).describe(never);
      assert.deepEqual({ identity, contextTokens, simulated }, { identity: 'tiny', contextTokens: undefined, simulated: false });
      assert.deepEqual(capabilities, { n: 'untested', seed: 'untested', logprobs: 'untested', structuredOutput: 'untested', tokenize: 'refused', metrics: 'refused', loraLoading: 'untested' });
    });

    it('forgets nothing when the server is too busy to say all of it again', async () => {
      let busy = false;
      const server = await serve(seen => (busy && seen.path !== '/v1/models' ? { status: 503, body: '' } : vllm()(seen)));
      const asked = model({ baseUrl: server.url });
      const before = await asked.describe(never);
      busy = true;
      await asked.describe(never);
      busy = false;
      await asked.complete({ ...request, sampling: { ...request.sampling, oneOf: ['yes', 'no'] } }, limits);
      assert.equal(before.capabilities.structuredOutput, 'supported');
      assert.deepEqual(sent(lastOf(server)).structured_outputs, { choice: ['yes', 'no'] });
    });

    it('does not promise structured output of a vLLM that ignored it', async () => {
      const server = await serve(seen => (seen.path === '/version' ? { body: { version: '0.11.2' } } : vllm()(seen)));
      assert.equal((await model({ baseUrl: server.url }).describe(never)).capabilities.structuredOutput, 'untested');
    });

    it('tells the demo server by its owner', async () => {
      const server = await serve(vllm({ data: [{ id: 'demo', owned_by: 'regenesis-demo' }] }));
      assert.equal((await model({ baseUrl: server.url, model: undefined }).describe(never)).simulated, true);
    });

    it('names an adapter with what it stands on, so that two adapters of one name differ', async () => {
      const server = await serve(vllm({ data: [{ id: 'tiny', root: 'tiny' }, { id: 'tuned|1', root: '/a@b', parent: 'tiny' }] }));
      assert.equal((await model({ baseUrl: server.url }).describe(never)).identity, 'tiny');
      assert.equal((await model({ baseUrl: server.url, model: 'tuned|1' }).describe(never)).identity, 'tuned%7C1|root=/a%40b|parent=tiny');
    });

    it('lists what there is for a name that is not there, and for none', async () => {
      const server = await serve(vllm({ data: [{ id: 'one' }, { id: 'two' }] }));
      for (const name of ['three', '']) {
        const problem = await problemOf(model({ baseUrl: server.url, model: name }).describe(never));
        assert.equal(problem.code, 'server-unknown-model');
        assert.match(problem.message, /one, two/);
        assert.deepEqual(problem.choices, ['one', 'two']);
      }
    });

    const broken: readonly [string, ScriptedReply, string][] = [
      ['no models', { body: { data: [] } }, 'server-unknown-model'],
      ['a web page', { body: '<html>' }, 'reply-unreadable'],
      ['another shape', { body: { models: [] } }, 'reply-unreadable'],
      ['a wrong key', { status: 401, body: '' }, 'server-wrong-key'],
      ['a wrong address', { status: 404, body: { detail: 'Not Found' } }, 'server-bad-request'],
      ['a server that is starting', { status: 503, body: '' }, 'server-error'],
      ['a broken connection', { instead: 'reset' }, 'server-unreachable'],
    ];
    for (const [what, reply, code] of broken) {
      it(`throws ${code} for ${what}`, async () => {
        const server = await serve(() => reply);
        assert.equal((await problemOf(model({ baseUrl: server.url, apiKey: key }).describe(never))).code, code);
      });
    }

    it('takes a named model on trust where the server cannot list', async () => {
      const lines: string[] = [];
      const server = await serve(() => ({ status: 500, body: '' }));
      const described = await model({ baseUrl: server.url, revision: 'b', log: line => lines.push(line) }).describe(never);
      assert.equal(described.identity, 'tiny@b');
      assert.equal(lines.length, 1);
      assert.equal((await problemOf(model({ baseUrl: server.url, model: undefined }).describe(never))).code, 'server-error');
    });

    it('is cancelled like any call', async () => {
      for (const hanging of ['/v1/models', '/metrics']) {
        const server = await serve(seen => (seen.path === hanging ? { instead: 'hang' } : vllm()(seen)));
        const stop = new AbortController();
        const description = problemOf(model({ baseUrl: server.url }).describe(stop.signal));
        while ((await server.next()).path !== hanging);
        stop.abort();
        assert.equal((await description).code, 'cancelled');
      }
    });

    it('lets a call without a model name go nowhere until the server was asked', async () => {
      const server = await serve(seen => (seen.path.endsWith('completions') ? completionOf('Five.') : vllm()(seen)));
      const asked = model({ baseUrl: server.url, model: undefined });
      assert.equal(textOf(await asked.complete(request, limits)), 'server-unknown-model');
      await asked.describe(never);
      assert.equal(textOf(await asked.complete(request, limits)), 'Five.');
    });
  });

  describe('probe', () => {
    const askedSchema = z.object({ n: z.number(), seed: z.number(), logprobs: z.optional(z.boolean()), structured_outputs: z.optional(z.object({ choice: z.array(z.string()) })) });
    type Asked = z.infer<typeof askedSchema>;

    const probed = async (answer: (asked: Asked, index: number) => ScriptedReply) => {
      let completions = 0;
      const server = await serve(({ path: where, text }) => {
        if (where === '/v1/models') return { body: { data: [{ id: 'tiny' }] } };
        return where === '/v1/chat/completions' ? answer(askedSchema.parse(JSON.parse(text)), completions++) : { status: 404, body: '' };
      });
      const { capabilities } = await model({ baseUrl: server.url }).probe(never);
      const { n, seed, logprobs, structuredOutput, loraLoading } = capabilities;
      assert.ok(completions <= 8, `${completions} completions`);
      return { n, seed, logprobs, structuredOutput, loraLoading };
    };

    it('finds what a server does', async () => {
      const found = await probed(asked => {
        const texts = Array.from({ length: asked.n }, (_, index) => asked.structured_outputs?.choice[0] ?? `word ${asked.seed + index}`);
        return { body: { choices: texts.map((content, index) => ({ index, message: { content }, finish_reason: 'stop', logprobs: asked.logprobs ? { content: [{ token: 'w', logprob: -1 }] } : null })) } };
      });
      assert.deepEqual(found, { n: 'supported', seed: 'supported', logprobs: 'supported', structuredOutput: 'supported', loraLoading: 'untested' });
    });

    it('finds what a server takes and ignores', async () => {
      const same = { n: 'ignored', seed: 'ignored', logprobs: 'ignored', structuredOutput: 'ignored', loraLoading: 'untested' };
      assert.deepEqual(await probed(() => completionOf('Good morning.')), same, 'one text for ever');
      assert.deepEqual(await probed((_, index) => completionOf(`Good morning ${index}.`)), same, 'another text each time');
    });

    it('finds what a server refuses', async () => {
      const found = await probed(asked => (asked.n > 1 || asked.logprobs || asked.structured_outputs ? { status: 400, body: { error: 'unknown field' } } : completionOf(`word ${asked.seed}`)));
      assert.deepEqual(found, { n: 'refused', seed: 'supported', logprobs: 'refused', structuredOutput: 'refused', loraLoading: 'untested' });
    });

    it('leaves open what it could not find out', async () => {
      const open = { n: 'untested', seed: 'untested', logprobs: 'untested', structuredOutput: 'untested', loraLoading: 'untested' };
      assert.deepEqual(await probed(() => ({ status: 503, body: '' })), open);
    });

    it('throws where completions cannot be had at all', async () => {
      const server = await serve(({ path: where }) => (where === '/v1/models' ? { body: { data: [{ id: 'tiny' }] } } : { status: 401, body: '' }));
      assert.equal((await problemOf(model({ baseUrl: server.url }).probe(never))).code, 'server-wrong-key');
    });
  });
});
