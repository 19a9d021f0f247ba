import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { grade } from '../../src/core/verify/grade.ts';
import { demoServerCommand, shippedTexts } from '../../src/demoServer/command.ts';
import { faultKinds, type FaultKind } from '../../src/demoServer/faults.ts';
import { tokenCount } from '../../src/demoServer/play/scan.ts';
import { startDemoServer, type DemoServer, type DemoServerOptions } from '../../src/demoServer/server.ts';
import { readGold } from '../../src/demoServer/options.ts';
import { realData } from '../support/data.ts';

const shipped = shippedTexts();
const atOnce = { t0: 0, c: 0, p: 0 };
const question = 'Is 221 a prime number? Answer yes or no.';

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Completion {
  readonly choices: readonly { readonly index: number; readonly message: { readonly role: string; readonly content: string }; readonly finish_reason: string; readonly stop_reason: string | null }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number; readonly prompt_tokens_details: { readonly cached_tokens: number } };
  readonly model: string;
}

const servers: DemoServer[] = [];

async function serve(options: DemoServerOptions = {}): Promise<DemoServer> {
  const server = await startDemoServer({ shipped, stepMs: atOnce, ...options });
  servers.push(server);
  return server;
}

async function request(server: DemoServer, at: string, init: { body?: unknown; stage?: string; key?: string; signal?: AbortSignal } = {}): Promise<Reply> {
  const response = await fetch(at.startsWith('/') ? new URL(at, server.url) : `${server.url}/${at}`, {
    ...(init.body === undefined ? {} : { method: 'POST', body: typeof init.body === 'string' ? init.body : JSON.stringify(init.body) }),
    headers: { ...(init.stage && { 'X-ReGenesis-Stage': init.stage }), ...(init.key && { authorization: `Bearer ${init.key}` }) },
    ...(init.signal && { signal: init.signal }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const chatBody = (fields: Record<string, unknown> = {}, content = question) => ({ model: 'regenesis-demo', messages: [{ role: 'user', content }], temperature: 0.85, max_tokens: 1024, seed: 1, ...fields });

async function complete(server: DemoServer, fields: Record<string, unknown> = {}, rest: { content?: string; stage?: string } = {}): Promise<Completion> {
  const reply = await request(server, 'chat/completions', { body: chatBody(fields, rest.content), stage: rest.stage ?? 'path' });
  assert.equal(reply.status, 200, reply.text);
  return JSON.parse(reply.text) as Completion;
}

const texts = (completion: Completion): string[] => completion.choices.map(choice => choice.message.content);
const errorOf = (reply: Reply) => (JSON.parse(reply.text) as { error: { message: string; type: string; param: string | null; code: number } }).error;

describe('the demo server', () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()));
  });

  it('tells what it serves, and marks every reply as a simulation', async () => {
    const server = await serve({ seed: 3 });
    const models = await request(server, 'models');
    const [model] = (JSON.parse(models.text) as { data: Record<string, unknown>[] }).data;
    assert.deepEqual({ ...model, created: 0 }, { id: 'regenesis-demo', object: 'model', created: 0, owned_by: 'regenesis-demo', root: 'regenesis-demo-1-seed-3', parent: null, max_model_len: 8192 });
    for (const at of ['models', '/health', '/version', '/metrics', '/nowhere', '/v1/v1/models', 'chat/completions']) assert.equal((await request(server, at)).headers.get('x-regenesis-simulation'), '1', at);
    assert.equal((await request(server, '/health')).text, '');
    assert.match((await request(server, '/version')).text, /"version":"simulation/);
    assert.deepEqual([(await request(server, '/nowhere')).status, (await request(server, 'chat/completions')).status], [404, 405]);
  });

  it('is the same after a restart, and another with another seed', async () => {
    const [one, again, other] = await Promise.all([serve(), serve(), serve({ seed: 8 })]);
    const draw = async (server: DemoServer) => (await Promise.all([1, 2, 3, 4, 5, 6].map(seed => complete(server, { seed })))).flatMap(texts);
    const drawn = await draw(one);
    assert.deepEqual(await draw(again), drawn);
    assert.notDeepEqual(await draw(other), drawn);
  });

  it('gives n choices as it gives n requests with neighbouring seeds, in every stage', async () => {
    const server = await serve();
    const guideline = 'Go one small step at a time. Let each step do a single thing, give the reason for it, and make sure that it holds before you take the next.';
    for (const stage of ['adapt', 'structure', 'path', 'choose']) {
      const content = `${question}\n\n${guideline}\n- simplify: x\n- decompose: y\n- use-data: z\n- think-stepwise: w`;
      const together = texts(await complete(server, { n: 20, seed: 40 }, { stage, content }));
      const singly = (await Promise.all(Array.from({ length: 20 }, (_, at) => complete(server, { seed: 40 + at }, { stage, content })))).flatMap(texts);
      assert.deepEqual(together, singly, stage);
      assert.ok(new Set(together).size > 2, stage);
    }
  });

  it('stops at a stop string, and at the limit', async () => {
    const server = await serve();
    const whole = (await complete(server)).choices[0];
    const text = whole?.message.content ?? '';
    assert.equal(whole?.finish_reason, 'stop');
    const stop = text.slice(30, 40);
    const stopped = (await complete(server, { stop: ['never there', stop] })).choices[0];
    assert.deepEqual([stopped?.message.content, stopped?.finish_reason, stopped?.stop_reason], [text.slice(0, text.indexOf(stop)), 'stop', stop]);
    const cut = await complete(server, { max_tokens: 12 });
    assert.equal(cut.choices[0]?.finish_reason, 'length');
    assert.ok(text.startsWith(cut.choices[0].message.content));
    assert.equal(cut.usage.completion_tokens, 12);
    assert.equal(cut.usage.total_tokens, 12 + cut.usage.prompt_tokens);
    assert.deepEqual(texts(await complete(server, { max_tokens: undefined, max_completion_tokens: 12 })), texts(cut));
  });

  it('streams the very text that it would send whole', async () => {
    const server = await serve();
    const whole = await complete(server, { n: 2 });
    const reply = await request(server, 'chat/completions', { body: chatBody({ n: 2, stream: true, stream_options: { include_usage: true } }), stage: 'path' });
    assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events = reply.text.split('\n\n').filter(event => event !== '');
    assert.equal(events.pop(), 'data: [DONE]');
    const chunks = events.map(event => JSON.parse(event.slice('data: '.length)) as { choices: { index: number; delta: { role?: string; content?: string }; finish_reason: string | null }[]; usage?: unknown });
    assert.deepEqual(chunks.at(-1)?.usage, whole.usage);
    for (const index of [0, 1]) {
      const mine = chunks.flatMap(chunk => chunk.choices).filter(choice => choice.index === index);
      assert.equal(mine.map(choice => choice.delta.content ?? '').join(''), texts(whole)[index]);
      assert.equal(mine.at(-1)?.finish_reason, 'stop');
    }
  });

  it('takes its time as it is told, and streams meanwhile', async () => {
    const server = await serve({ stepMs: { t0: 4, c: 0, p: 0 } });
    const started = performance.now();
    const response = await fetch(`${server.url}/chat/completions`, { method: 'POST', body: JSON.stringify(chatBody({ stream: true, max_tokens: 50 })), headers: { 'X-ReGenesis-Stage': 'path' } });
    const reader = response.body?.getReader() ?? assert.fail('no body');
    let parts = 0;
    while (!(await reader.read()).done) parts += 1;
    assert.ok(performance.now() - started >= 190, 'fifty tokens of 4 ms');
    assert.ok(parts >= 4, `${parts} parts`);
    const metrics = (await request(server, '/metrics')).text;
    assert.match(metrics, /vllm:generation_tokens_total\{[^}]*\} 50\n/);
    assert.match(metrics, /vllm:request_success_total\{[^}]*finished_reason="length"\} 1\n/);
  });

  it('gives the same answers in another order, by another latency seed', async () => {
    const run = async (latencySeed: number | undefined) => {
      const server = await serve({ latencySeed, slots: 64, stepMs: { t0: 1, c: 0, p: 0 } });
      const order: number[] = [];
      const completions = await Promise.all(Array.from({ length: 24 }, async (_, seed) => {
        const { choices, usage } = await complete(server, { seed, max_tokens: 60 });
        order.push(seed);
        return { choices, usage };
      }));
      // Who came first has emptied the cache for the others, which is no matter of latency.
      return { order, answers: completions.map(({ choices, usage }) => [choices, usage.completion_tokens, usage.prompt_tokens]) };
    };
    const [none, one, two] = [await run(undefined), await run(1), await run(2)];
    assert.deepEqual(one.answers, none.answers);
    assert.deepEqual(two.answers, none.answers);
    assert.notDeepEqual(one.order, two.order);
  });

  it('queues what exceeds its slots, and shows it', async () => {
    const server = await serve({ slots: 2, stepMs: { t0: 5, c: 0, p: 0 } });
    const all = Promise.all(Array.from({ length: 5 }, (_, seed) => complete(server, { seed, max_tokens: 20 })));
    let seen = '';
    while (!/num_requests_waiting\{[^}]*\} 3\n/.test(seen)) seen = (await request(server, '/metrics')).text;
    assert.match(seen, /vllm:num_requests_running\{[^}]*\} 2\n/);
    await all;
    assert.match((await request(server, '/metrics')).text, /num_requests_waiting\{[^}]*\} 0\n/);
  });

  it('remembers prefixes', async () => {
    const server = await serve({ stepMs: atOnce });
    const content = `${'A long beginning that many prompts share. '.repeat(20)}\n${question}`;
    const cached = async (text: string) => (await complete(server, {}, { content: text })).usage.prompt_tokens_details.cached_tokens;
    assert.equal(await cached(content), 0);
    assert.ok(await cached(`${content} And now?`) > 100);
    assert.match((await request(server, '/metrics')).text, /vllm:prefix_cache_hits_total\{[^}]*\} [1-9]/);
  });

  it('counts the prompt of each choice, and takes the time of what no cache held', async () => {
    const server = await serve({ stepMs: { t0: 0, c: 0, p: 1 } });
    const counters = async () => {
      const page = (await request(server, '/metrics')).text;
      const [queries = 0, hits = 0, prompts = 0, ends = 0] = ['prefix_cache_queries_total', 'prefix_cache_hits_total', 'prompt_tokens_total', 'request_success_total'].map(name => Number(new RegExp(`^vllm:${name}\\{[^}]*?(?:"stop")?\\} (\\d+)$`, 'm').exec(page)?.[1]));
      return { queries, hits, prompts, ends };
    };
    const content = `${'A long beginning that many prompts share. '.repeat(5)}\n${question}`;
    const started = performance.now();
    const { usage } = await complete(server, { n: 5 }, { content });
    const tookMs = performance.now() - started;
    const once = usage.prompt_tokens;
    const { queries, hits, prompts, ends } = await counters();
    const blocks = Math.floor((tokenCount(content) - 1) / 16) * 16;
    assert.ok(blocks > 0);
    assert.deepEqual([queries, prompts, hits, ends], [5 * once, 5 * once, 4 * blocks, 5]);
    assert.ok(tookMs >= queries - hits, `${tookMs} ms for ${queries - hits} tokens`);
    await complete(server, { n: 5, seed: 2 }, { content });
    assert.deepEqual(await counters(), { queries: 10 * once, prompts: 10 * once, hits: 9 * blocks, ends: 10 });
  });

  it('counts tokens', async () => {
    const server = await serve();
    const reply = JSON.parse((await request(server, '/tokenize', { body: { model: 'regenesis-demo', prompt: 'Two words, no more.', return_token_strs: true } })).text) as Record<string, unknown>;
    assert.deepEqual([reply['count'], reply['max_model_len'], reply['token_strs']], [6, 8192, ['Two', ' words', ',', ' no', ' more', '.']]);
    const chat = JSON.parse((await request(server, 'tokenize', { body: { messages: [{ role: 'user', content: 'one two' }] } })).text) as { count: number; tokens: number[] };
    assert.deepEqual([chat.count, chat.tokens.length], [2, 2]);
    assert.equal((await request(server, '/tokenize', { body: {} })).status, 400);
  });

  it('refuses as vLLM does', async () => {
    const server = await serve({ contextTokens: 1024 });
    const refusal = async (body: unknown) => request(server, 'chat/completions', { body, stage: 'path' });
    const unknown = await refusal(chatBody({ model: 'nope' }));
    assert.equal(unknown.status, 404);
    assert.deepEqual(errorOf(unknown), { message: 'The model `nope` does not exist. Valid aliases: regenesis-demo.', type: 'NotFoundError', param: 'model', code: 404 });
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [chatBody({ max_tokens: 4000 }), /^max_tokens=4000 cannot be greater than max_model_len=1024\.$/],
      [chatBody({ max_tokens: 10 }, 'word '.repeat(1100)), /^This model's maximum context length is 1024 tokens\. However, your prompt contains at least 1025 input tokens/],
      [chatBody({ max_tokens: 1000 }, 'word '.repeat(100)), /is too large: 1000\. This model's maximum context length is 1024 tokens/],
      [chatBody({ n: 3, temperature: 0 }), /^n must be 1 when using greedy sampling, got 3\.$/],
      [chatBody({ temperature: -1 }), /^temperature: /], [chatBody({ n: 0 }), /^n: /], [chatBody({ messages: [] }), /^messages: /], [{ model: 'regenesis-demo' }, /^messages: /],
      [chatBody({ response_format: { type: 'json_schema', json_schema: { schema: { type: 'nope' } } } }), /^Grammar error: /], ['{"model": "regenesis-demo", "mess', /body/], ['', /body/], ['[]', /body/],
    ];
    for (const [body, message] of cases) {
      const reply = await refusal(body);
      assert.equal(reply.status, 400, reply.text);
      assert.match(errorOf(reply).message, message);
      assert.equal(errorOf(reply).type, 'BadRequestError');
    }
  });

  it('asks for a key where it has one', async () => {
    const server = await serve({ requireKey: 'sesame' });
    assert.deepEqual([(await request(server, 'models')).status, (await request(server, 'models', { key: 'wrong' })).status, (await request(server, 'models', { key: 'sesame' })).status], [401, 401, 200]);
    assert.equal((await request(server, 'models')).text, '{"error":"Unauthorized"}');
    assert.equal((await request(server, '/health')).status, 200);
  });

  it('revokes its key, and takes the next one if it has any', async () => {
    const statuses = async (options: DemoServerOptions) => {
      const server = await serve({ requireKey: 'sesame', revokeKeyAfter: 2, ...options });
      const ask = async (key: string, at = 'chat/completions') => (await request(server, at, { ...(at === 'models' ? {} : { body: chatBody() }), stage: 'path', key })).status;
      return [await ask('next'), await ask('sesame'), await ask('sesame'), await ask('sesame'), await ask('sesame', 'models'), await ask('next'), await ask('next', 'models')];
    };
    assert.deepEqual(await statuses({ nextKey: 'next' }), [401, 200, 200, 401, 401, 200, 200]);
    assert.deepEqual(await statuses({}), [401, 200, 200, 401, 401, 401, 401]);
  });

  it('becomes another model under the same name', async () => {
    const [server, first, next] = await Promise.all([serve({ swapModelAfter: 4 }), serve(), serve({ seed: 8 })]);
    const draw = async (of: DemoServer) => {
      const drawn: string[] = [];
      for (const seed of [1, 2, 3, 4]) drawn.push(...texts(await complete(of, { seed })));
      return drawn;
    };
    const root = async (of: DemoServer) => /"id":"([^"]+)".*"root":"([^"]+)"/.exec((await request(of, 'models')).text)?.slice(1);
    assert.deepEqual([await root(server), await draw(server)], [['regenesis-demo', 'regenesis-demo-1-seed-7'], await draw(first)]);
    assert.deepEqual([await root(server), await draw(server)], [['regenesis-demo', 'regenesis-demo-1-seed-8'], await draw(next)]);
  });

  it('ignores n where it is told to', async () => {
    const server = await serve({ ignoreN: true });
    const completion = await complete(server, { n: 5 });
    assert.deepEqual(texts(completion), texts(await complete(server)));
    assert.match((await request(server, '/metrics')).text, /finished_reason="(?:stop|length)"\} 2\n/);
  });

  it('limits the rate of completions, and nothing else', async () => {
    const server = await serve({ rateLimit: { requests: 2, seconds: 3_600 } });
    const ask = () => request(server, 'chat/completions', { body: chatBody(), stage: 'path' });
    const replies = [await ask(), await ask(), await ask()];
    assert.deepEqual(replies.map(reply => [reply.status, reply.headers.get('x-ratelimit-limit-requests'), reply.headers.get('x-ratelimit-remaining-requests')]), [[200, '2', '1'], [200, '2', '0'], [429, '2', '0']]);
    for (const reply of replies) assert.match(reply.headers.get('x-ratelimit-reset-requests') ?? '', /^(?:\d+h)?\d+m[\d.]+s$/);
    const waits = replies.map(reply => reply.headers.get('retry-after'));
    assert.deepEqual(waits.slice(0, 2), [null, null]);
    assert.ok(Number(waits[2]) > 1_000 && Number(waits[2]) <= 1_800, String(waits[2]));
    const last = replies[2] ?? assert.fail();
    assert.match(errorOf(last).message, /^Rate limit reached .* try again in \d+s\.$/);
    const models = await request(server, 'models');
    assert.deepEqual([models.status, models.headers.get('x-ratelimit-limit-requests')], [200, null]);
    const streamed = await request(await serve({ rateLimit: { requests: 9, seconds: 1 } }), 'chat/completions', { body: chatBody({ stream: true }) });
    assert.equal(streamed.headers.get('x-ratelimit-remaining-requests'), '8');
  });

  it('has no metrics, or late ones, where it is told so', async () => {
    const none = await request(await serve({ noMetrics: true }), '/metrics');
    assert.deepEqual([none.status, none.text], [404, '{"detail":"Not Found"}']);
    const busy = await serve({ metricsDelayMs: 150 });
    const started = performance.now();
    const page = request(busy, '/metrics');
    await complete(busy);
    assert.match((await page).text, /finished_reason="stop"\} 1\n/);
    assert.ok(performance.now() - started >= 140);
    await assert.rejects(request(await serve({ metricsDelayMs: 60_000 }), '/metrics', { signal: AbortSignal.timeout(100) }));
  });

  it('closes by itself when nobody asks any more', async () => {
    const server = await serve({ endWhenIdleMs: 50 });
    assert.equal((await request(server, 'models')).status, 200);
    await server.closed;
    await assert.rejects(request(server, 'models'));
    await server.close();
  });

  it('keeps to the words that it is allowed', async () => {
    const server = await serve();
    const content = `${question}\nKnown answer: no\nSince 13 times 17 is 221, the answer is $\\boxed{no}$.`;
    const verdicts = [
      { structured_outputs: { choice: ['yes', 'no'] } }, { response_format: { type: 'json_schema', json_schema: { name: 'v', schema: { enum: ['yes', 'no'] } } } }, { guided_choice: ['agree', 'differ'] },
    ].map(async fields => texts(await complete(server, { temperature: 0, max_tokens: 8, ...fields }, { stage: 'judge', content }))[0]);
    assert.deepEqual(await Promise.all(verdicts), ['yes', '"yes"', 'Yes']);
  });

  it('fails as it is told', async () => {
    const only = async (kind: FaultKind, fields: Record<string, unknown> = {}, signal?: AbortSignal) => request(await serve({ faults: { [kind]: 1 } }), 'chat/completions', { body: chatBody(fields), stage: 'path', ...(signal && { signal }) });
    const limited = await only('429');
    assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '0']);
    for (const status of ['500', '503'] as const) assert.equal((await only(status)).status, Number(status));
    await assert.rejects(only('reset'));
    await assert.rejects(only('hang', {}, AbortSignal.timeout(150)), /timeout|abort/i);
    const half = await only('half');
    assert.equal(half.status, 200);
    assert.throws(() => JSON.parse(half.text) as unknown, SyntaxError);
    await assert.rejects(only('half', { stream: true }));
    assert.deepEqual(texts(JSON.parse((await only('empty', { n: 2 })).text) as Completion), ['', '']);
    const page = await only('html');
    assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html']);
    assert.deepEqual((JSON.parse((await only('none')).text) as Completion).choices, []);
    assert.equal((JSON.parse((await only('fewer', { n: 20 })).text) as Completion).choices.length, 10);
    assert.equal((JSON.parse((await only('fewer')).text) as Completion).choices.length, 1);
    assert.equal((await request(await serve({ faults: { 500: 1 } }), 'models')).status, 200);
  });

  it('fails as servers, and what stands before them, have been seen to fail', async () => {
    const only = async (kind: FaultKind, fields: Record<string, unknown> = {}) => request(await serve({ faults: { [kind]: 1 } }), 'chat/completions', { body: chatBody(fields), stage: 'path' });
    const gateway = await only('502');
    assert.deepEqual([gateway.status, gateway.headers.get('content-type')], [502, 'text/html']);
    assert.match(gateway.text, /502 Bad Gateway/);
    const waits = [await only('429'), await only('429-later'), await only('429-bare')].map(reply => [reply.status, reply.headers.get('retry-after')]);
    assert.deepEqual(waits, [[429, '0'], [429, '1'], [429, null]]);
    const stranger = await only('wrong-model');
    assert.equal(stranger.status, 404);
    assert.deepEqual(errorOf(stranger), { message: 'The model `regenesis-demo` does not exist. Valid aliases: another-model.', type: 'NotFoundError', param: 'model', code: 404 });
    const odd = await only('nan');
    assert.equal(odd.status, 200);
    assert.throws(() => JSON.parse(odd.text) as unknown, /NaN/);
    assert.equal((JSON.parse(odd.text.replace('NaN', 'null')) as Completion).choices.length, 1);
    assert.match((await only('nan', { stream: true })).text, /"logprob":NaN/);
    await assert.rejects(only('reset-body', { stream: true }));
  });

  it('breaks off in the middle of a body whose length it had told', async () => {
    const server = await serve({ faults: { 'reset-body': 1 } });
    const body = JSON.stringify(chatBody());
    const received = await new Promise<string>(resolve => {
      let text = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
      socket.setEncoding('utf8').on('data', part => { text += String(part); }).on('close', () => { resolve(text); }).on('error', () => undefined);
    });
    const [head = '', half = ''] = received.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    assert.match(head, /^HTTP\/1\.1 200 /);
    assert.equal(Buffer.byteLength(half), length >> 1);
  });

  it('draws a new fault at every try', async () => {
    const server = await serve({ faults: { 500: 0.5 } });
    const statuses = await Promise.all(Array.from({ length: 60 }, () => request(server, 'chat/completions', { body: chatBody(), stage: 'path' }).then(reply => reply.status)));
    const failed = statuses.filter(status => status === 500).length;
    assert.ok(failed > 10 && failed < 50, `${failed} of 60 tries of one body`);
  });

  it('is late where it is told to be', async () => {
    const server = await serve({ faults: { slow: 1 }, compress: 10 });
    const started = performance.now();
    await complete(server);
    assert.ok(performance.now() - started >= 140);
  });

  it('answers any data set at the accuracy that is asked for, and never right by accident', async () => {
    const file = realData('gsm8k/train.jsonl');
    const gold = file === undefined
      ? Array.from({ length: 400 }, (_, at) => ({ question: `A shop has ${at + 3} boxes of ${at + 7} apples. How many apples?`, gold: String((at + 3) * (at + 7)) }))
      : readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line) as { question: string; answer: string }).map(row => ({ question: row.question, gold: row.answer.slice(row.answer.lastIndexOf('####') + 4).trim() }));
    const server = await serve({ gold, accuracy: 0.6 });
    const verdicts = await Promise.all(gold.slice(0, 400).map(async (row, at) => {
      const [text = ''] = texts(await complete(server, { seed: at }, { content: `Solve this.\n\n${row.question}\n\nBox the answer.` }));
      return grade({ gold: row.gold, kind: 'number', output: text }).verdict;
    }));
    const right = verdicts.filter(verdict => verdict === 'correct').length;
    assert.ok(right > 200 && right < 280, `${right} of 400 at 0.6`);
    assert.ok(verdicts.every(verdict => verdict === 'correct' || verdict === 'incorrect'));
    const hinted = await Promise.all(gold.slice(0, 100).map(async (row, at) => {
      const [text = ''] = texts(await complete(server, { seed: at }, { content: `${row.question}\n\nThe known answer is ${row.gold}.\nExplain.` }));
      return grade({ gold: row.gold, kind: 'number', output: text }).verdict;
    }));
    assert.ok(hinted.filter(verdict => verdict === 'correct').length >= 85);
    assert.match((await request(server, 'models')).text, /seed-7-accuracy-0\.6/);
  });

  it('answers a question at its own accuracy, where it has one, and comes to any answer that it is shown', async () => {
    const gold = [0, 0.3, 1].map((accuracy, at) => ({ question: `A shop has ${at + 3} boxes of ${at + 7} apples. How many apples?`, gold: String((at + 3) * (at + 7)), accuracy }));
    const server = await serve({ gold, accuracy: 0.6 });
    const rightOf = async (row: (typeof gold)[number], more = '') => texts(await complete(server, { n: 100 }, { content: `${row.question}${more}` }))
      .filter(output => grade({ gold: row.gold, kind: 'number', output }).verdict === 'correct').length;
    const [never = NaN, seldom = NaN, always = NaN] = await Promise.all(gold.map(row => rightOf(row)));
    assert.deepEqual([never, always], [0, 100]);
    assert.ok(seldom > 15 && seldom < 45, `${seldom} of 100`);
    for (const row of gold) assert.ok(await rightOf(row, `\n\nThe known answer is ${row.gold}.\nExplain.`) >= 85);
  });

  /** Questions that are answered right with a box, and those that are answered right without one, at a plain and greedy attempt. */
  async function solved(server: DemoServer, gold: readonly { readonly question: string; readonly gold: string }[], fields: Record<string, unknown> = {}) {
    const outputs = await Promise.all(gold.map(async row => {
      const [output = ''] = texts(await complete(server, { temperature: 0, ...fields }, { stage: 'evaluate', content: `### Task\n${row.question}\n\nAnswer in a box.` }));
      return { ...row, output };
    }));
    const rightBy = (extract: 'boxed' | 'any') => outputs.filter(each => grade({ ...each, extract }).verdict === 'correct').map(({ question }) => question);
    return { boxed: new Set(rightBy('boxed')), any: new Set(rightBy('any')), outputs };
  }
  const mixed = Array.from({ length: 60 }, (_, at) => [
    { question: `A shop has ${at + 3} boxes of ${at + 7} apples. How many apples?`, gold: String((at + 3) * (at + 7)) },
    { question: `Case ${at}: is it so? Answer yes or no.`, gold: at % 2 === 0 ? 'yes' : 'no' },
    { question: `Case ${at}: which one?\n(A) one\n(B) two\n(C) three`, gold: '(B)' },
    { question: `Which river is number ${at}?`, gold: `River ${String.fromCharCode(65 + at % 26)}${at}` },
    { question: `What is 1/${at + 2} of a half?`, gold: `\\frac{1}{${2 * (at + 2)}}` },
  ][at % 5]).filter(row => row !== undefined);

  it('attempts a data set plainly at exactly the accuracy that is asked for, in no guideline’s voice', async () => {
    const [less, more] = [await serve({ gold: mixed, accuracy: 0.4 }), await serve({ gold: [...mixed, ...mixed.slice(0, 10)], accuracy: 0.655 })];
    const [few, many] = [await solved(less, mixed), await solved(more, mixed)];
    assert.deepEqual([few.boxed.size, many.boxed.size], [24, 39]);
    assert.ok([...few.boxed].every(question => many.boxed.has(question)), 'of one seed the better one solves what the other solves');
    assert.deepEqual(more.known, [{ model: 'regenesis-demo', tasks: 60, right: 39, unboxed: 0 }]);
    assert.deepEqual((await solved(less, mixed, { seed: 99 })).outputs, few.outputs, 'greedy');
    assert.ok(few.outputs.every(({ output }) => /^(?:1\.|Step 1:) /.test(output) && /boxed/.test(output)));
    const drawn = await solved(less, mixed.slice(0, 30), { temperature: 0.7, seed: 5 });
    assert.notDeepEqual(drawn.boxed, new Set([...few.boxed].filter(question => drawn.outputs.some(each => each.question === question))), 'drawn at other temperatures');
    const sample = texts(await complete(await serve(), { temperature: 0 }, { stage: 'evaluate', content: `${question} Simplify the problem, break it into parts, box the answer.` }));
    assert.match(sample[0] ?? '', /boxed/, 'it knows its samples');
  });

  it('serves several models, each exact and independent of the others', async () => {
    const server = await serve({ gold: mixed, models: [{ name: 'base', accuracy: 0.5, unboxed: 0.1 }, { name: 'org/tuned', accuracy: 0.7, unboxed: 0 }] });
    const listed = (JSON.parse((await request(server, 'models')).text) as { data: { id: string; root: string }[] }).data;
    assert.deepEqual(listed.map(({ id, root }) => [id, root]), [['base', 'regenesis-demo-1-seed-7-accuracy-0.5-unboxed-0.1'], ['org/tuned', 'regenesis-demo-1-seed-7-accuracy-0.7']]);
    assert.deepEqual(server.known, [{ model: 'base', tasks: 60, right: 30, unboxed: 6 }, { model: 'org/tuned', tasks: 60, right: 42, unboxed: 0 }]);
    const [base, tuned] = [await solved(server, mixed, { model: 'base' }), await solved(server, mixed, { model: 'org/tuned' })];
    assert.deepEqual([base.boxed.size, base.any.size, tuned.boxed.size], [30, 36, 42]);
    const both = [...base.boxed].filter(each => tuned.boxed.has(each)).length;
    assert.ok(both > 12 && both < 29, `${both} solved by both, 21 expected`);
    const samples = shipped.samples.trim().split('\n').map(line => JSON.parse(line) as { question: string; answer: string }).map(row => ({ question: row.question, gold: row.answer }));
    assert.equal((await solved(server, samples, { model: 'org/tuned' })).boxed.size, Math.round(0.7 * samples.length), 'the samples too');
    assert.equal((await complete(server, { model: 'base' })).model, 'base');
    assert.match(errorOf(await request(server, 'chat/completions', { body: chatBody() })).message, /Valid aliases: base, org\/tuned\.$/);
    const drawn = (await solved(server, mixed, { model: 'org/tuned', temperature: 0.8 })).any.size;
    assert.ok(drawn > 28 && drawn < 56, `${drawn} of 60 at 0.7`);
  });

  it('answers other kinds of known answers with their like', async () => {
    const gold = [
      { question: 'Is the moon a planet?', gold: 'False' }, { question: 'Which? Options:\n(A) one\n(B) two\n(C) three', gold: '(B)' }, { question: 'Which city is meant?', gold: 'Lima' }, { question: 'Which river is meant?', gold: 'Nile' },
      { question: 'What is a half and a quarter?', gold: '\\frac{3}{4}' },
    ];
    const server = await serve({ gold, accuracy: 0.5 });
    for (const row of gold) {
      const drawn = texts(await complete(server, { n: 40 }, { content: row.question }));
      const verdicts = new Set(drawn.map(text => grade({ gold: row.gold, output: text }).verdict));
      assert.deepEqual([...verdicts].toSorted(), ['correct', 'incorrect'], row.gold);
    }
  });

  it('notices who goes away, and goes on', async () => {
    const lines: string[] = [];
    const server = await serve({ stepMs: { t0: 20, c: 0, p: 0 }, log: line => lines.push(line) });
    const controller = new AbortController();
    const asked = request(server, 'chat/completions', { body: chatBody({ n: 3 }), stage: 'path', signal: controller.signal });
    while (!/num_requests_running\{[^}]*\} 3\n/.test((await request(server, '/metrics')).text));
    controller.abort();
    await assert.rejects(asked);
    while (!/num_requests_running\{[^}]*\} 0\n/.test((await request(server, '/metrics')).text));
    assert.match((await request(server, '/metrics')).text, /finished_reason="abort"\} 1\n/);
    assert.ok(lines.some(line => /"t":"response",.*"status":0,"finish":"aborted"/.test(line)));
  });

  it('logs each request before it works on it, as one line whatever its layout', async () => {
    const lines: string[] = [];
    const server = await serve({ log: line => lines.push(line), faults: { hang: 1 } });
    await assert.rejects(request(server, 'chat/completions?x=1', { body: JSON.stringify(chatBody(), null, 2), stage: 'adapt', signal: AbortSignal.timeout(200) }));
    assert.doesNotMatch(lines[0] ?? '', /\n/);
    const logged = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    assert.deepEqual({ ...logged, atMs: 0 }, { t: 'request', id: 1, atMs: 0, path: '/v1/chat/completions', stage: 'adapt', body: chatBody() });
    assert.ok(Math.abs(Number(logged['atMs']) - Date.now()) < 60_000);
    await request(server, 'chat/completions', { body: 'no { json\n' });
    assert.equal((JSON.parse(lines.find(line => line.includes('"id":2')) ?? '') as { body: unknown }).body, 'no { json\n');
    assert.equal((JSON.parse(lines.find(line => /"response","id":2/.test(line)) ?? '{}') as { finish: unknown }).finish, 'sent');
  });

  it('survives what is no HTTP, and too much of it', async () => {
    const server = await serve();
    await new Promise<void>(resolve => {
      const socket = connect(server.port, '127.0.0.1', () => socket.end('\0\0 hello\r\n\r\n'));
      socket.on('data', () => undefined).on('close', () => { resolve(); }).on('error', () => undefined);
    });
    assert.equal((await request(server, 'chat/completions', { body: 'x'.repeat(33 * 1024 * 1024) })).status, 413);
    assert.equal((await complete(server)).choices.length, 1);
  });

  it('refuses a port that is taken', async () => {
    const server = await serve();
    await assert.rejects(startDemoServer({ port: server.port }), /EADDRINUSE/);
  });
});

describe('regenesis demo-server', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-server-'));
  after(() => { rmSync(folder, { recursive: true }); });

  /** Runs the command in a process of its own, as the command line does. */
  function start(given: Record<string, string>, environment: Record<string, string> = {}) {
    const script = path.join(folder, 'serve.ts');
    const source = path.resolve(import.meta.dirname, '../../src/demoServer/command.ts');
    writeFileSync(script.replace('.ts', '.mjs'), `
      import { demoServerCommand } from ${JSON.stringify(source)};
      const given = ${JSON.stringify(given)};
      process.exitCode = await demoServerCommand.run({ text: name => given[name], texts: () => [], flag: () => false }, {
        out: text => new Promise(resolve => process.stdout.write(text, () => resolve())), say: text => process.stderr.write(text), environment: process.env,
        onInterrupt: listener => { process.on('SIGINT', listener); return () => process.off('SIGINT', listener); },
      });`);
    const child = spawn(process.execPath, [script.replace('.ts', '.mjs')], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    const ended = new Promise<number | null>(resolve => child.once('exit', code => { resolve(code); }));
    const firstLine = new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
      });
      child.once('exit', () => { reject(new Error('it ended before its first line')); });
    });
    return { child, ended, firstLine };
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`says where it is, serves, and ends at ${signal}`, async () => {
      const log = path.join(folder, `${signal}.log`);
      const { child, ended, firstLine } = start({ 'port': '0', 'step-ms': '0,0,0', log });
      const { url, pid } = JSON.parse(await firstLine) as { url: string; pid: number };
      assert.equal(pid, child.pid);
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/v1$/);
      const response = await fetch(`${url}/models`);
      assert.equal(response.status, 200);
      await response.text();
      child.kill(signal);
      assert.equal(await ended, 0);
      assert.match(readFileSync(log, 'utf8'), /^\{"t":"request","id":1,"atMs":\d+,"path":"\/v1\/models","stage":null,"body":null\}\n\{"t":"response",/);
    });
  }

  it('ends by itself when nobody asks any more', async () => {
    const { ended, firstLine } = start({}, { REGENESIS_END_WHEN_IDLE_MS: '40' });
    await firstLine;
    assert.equal(await ended, 0);
  });

  it('has written a request down when it is killed in the middle of it', async () => {
    const log = path.join(folder, 'killed.log');
    const { child, ended, firstLine } = start({ 'step-ms': '100,0,0', log });
    const { url } = JSON.parse(await firstLine) as { url: string };
    const asked = fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify(chatBody()) }).catch((thrown: unknown) => thrown);
    while (!readFileSync(log, 'utf8').includes('\n')) await setImmediate();
    child.kill('SIGKILL');
    await ended;
    await asked;
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 1);
    assert.deepEqual((JSON.parse(lines[0] ?? '') as { body: unknown }).body, chatBody());
  });

  it('tells what each fault is', () => {
    for (const kind of faultKinds) assert.match(demoServerCommand.notes, new RegExp(`(?<![\\w-])${kind}(?![\\w-])`), kind);
  });

  it('has every option of its help, and a sentence for a port that is taken', async () => {
    assert.deepEqual(Object.keys(demoServerCommand.options), ['port', 'seed', 'gold', 'accuracy', 'model', 'slots', 'step-ms', 'cache-tokens', 'compress', 'latency-seed', 'lengths', 'faults', 'api-key-env', 'revoke-key-after', 'next-api-key-env', 'swap-model-after', 'ignore-n', 'rate-limit', 'no-metrics', 'metrics-delay-ms', 'log']);
    const server = await startDemoServer();
    const words = { text: (name: string) => (name === 'port' ? String(server.port) : undefined), texts: () => [], flag: () => false };
    const environment = { out: () => Promise.resolve(), say: () => undefined, environment: {}, onInterrupt: () => () => undefined };
    await assert.rejects(demoServerCommand.run(words, environment), /cannot listen on port \d+.*Give another --port/);
    await server.close();
  });

  it('reads the file of --gold', () => {
    const file = path.join(folder, 'gold.jsonl');
    writeFileSync(file, '{"question":"2+2?","gold":"4"}\n');
    assert.deepEqual(readGold(file), [{ question: '2+2?', gold: '4' }]);
  });
});
