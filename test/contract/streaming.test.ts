import assert from 'node:assert/strict';
import { createOpenAiModel } from '../../src/adapters/models/openaiModel.ts';
import { StreamedReply } from '../../src/adapters/models/streamedReply.ts';
import type { ChatReply, ChatRequest, LanguageModel } from '../../src/ports/languageModel.ts';
import { startDemoServer, type DemoServerOptions } from '../../src/demoServer/server.ts';
import { completionOf, startScriptedServer, type ScriptedReply, type ScriptedServer, type SeenRequest } from '../support/scriptedServer.ts';

const request: ChatRequest = {
  stage: 'path', messages: [{ role: 'user', content: 'How many are two and three?' }], sampling: { temperature: 0.85, topP: 0.9, maxTokens: 64, stop: [] }, seed: 41, n: 1,
};
const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };
const piece = (content: string, index = 0) => `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index, delta: { content }, finish_reason: null }] })}\n\n`;
const end = (finish = 'stop', index = 0) => `data: ${JSON.stringify({ choices: [{ index, delta: {}, finish_reason: finish }] })}\n\n`;
const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } })}\n\n`;
const done = 'data: [DONE]\n\n';
const stream = (...events: readonly string[]): ScriptedReply => ({ headers: eventStream, body: events.join('') });

const closing: (() => Promise<unknown>)[] = [];

async function serve(script: (seen: SeenRequest, index: number) => ScriptedReply): Promise<{ server: ScriptedServer; model: LanguageModel }> {
  const server = await startScriptedServer(script);
  const model = createOpenAiModel({ baseUrl: server.url, model: 'tiny', environment: {} });
  closing.push(() => model.close(), () => server.stop());
  return { server, model };
}

async function watched(model: LanguageModel, asked: Partial<ChatRequest> = {}): Promise<{ reply: ChatReply; told: string[] }> {
  const told: string[] = [];
  const reply = await model.complete({ ...request, ...asked }, { signal: new AbortController().signal, timeoutMs: 10_000, onText: (text, choice) => { told[choice] = (told[choice] ?? '') + text; } });
  return { reply, told };
}

const whole: ChatReply = { ok: true, choices: [{ text: 'Five é.', finish: 'stop' }], usage: { inputTokens: 9, outputTokens: 3 } };

describe('a streamed answer', () => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('comes in pieces and is the same as one that was not watched', async () => {
    const { server, model } = await serve(() => stream(': a comment\n\nevent: message\n', piece('Fi'), piece('ve é.'), end(), usage, done));
    const { reply, told } = await watched(model);
    assert.deepEqual([reply, told], [whole, ['Five é.']]);
    const body = JSON.parse(server.seen[0]?.text ?? '') as Record<string, unknown>;
    assert.deepEqual([body['stream'], body['stream_options'], body['seed']], [true, { include_usage: true }, 41]);
    await model.complete(request, { signal: new AbortController().signal, timeoutMs: 10_000 });
    assert.equal((JSON.parse(server.seen[1]?.text ?? '') as Record<string, unknown>)['stream'], undefined, 'nobody watches');
  });

  it('is read wherever the pieces are cut, and with either line end', () => {
    const text = `${piece('Fi')}${piece('ve é.')}${end()}${usage}${done}`;
    for (const written of [text, text.replaceAll('\n', '\r\n')]) {
      for (let cut = 1; cut < written.length; cut += 1) {
        const told: string[] = [];
        const read = new StreamedReply(1, { baseUrl: 'http://x/v1', apiKey: undefined, machine: 'here' }, each => told.push(each));
        read.push(written.slice(0, cut));
        read.push(written.slice(cut));
        assert.equal(told.join(''), 'Five é.');
        const reply = read.reply();
        assert.ok(reply.ok && reply.choices[0]?.text === 'Five é.' && reply.usage?.outputTokens === 3);
      }
    }
  });

  it('keeps several choices apart', async () => {
    const { model } = await serve(() => stream(piece('A', 0), piece('B', 1), piece('a', 0), piece('never asked for', 2), end('stop', 1), end('length', 0), done));
    const { reply, told } = await watched(model, { n: 2 });
    assert.deepEqual([reply.ok && reply.choices, told], [[{ text: 'Aa', finish: 'length' }, { text: 'B', finish: 'stop' }], ['Aa', 'B']]);
  });

  const broken: readonly (readonly [string, ScriptedReply, string, boolean])[] = [
    ['ends in the middle', stream(piece('Fi')), 'reply-unreadable', true],
    ['ends in the middle, each piece with an empty reason', stream(piece('Fi').replace('null', '""')), 'reply-unreadable', true],
    ['ends in the middle of a piece', { headers: eventStream, body: piece('Five').slice(0, 30) }, 'reply-unreadable', true],
    ['loses its connection', { ...stream(piece('Fi'), piece('ve'), end(), done), instead: 'half' }, 'server-unreachable', true],
    ['holds garbage', stream(piece('Fi'), 'data: {"choices": [{"del\n\n', end(), done), 'reply-unreadable', false],
    ['holds something else', stream(piece('Fi'), 'data: {"hello": 1}\n\n', end(), done), 'reply-unreadable', false],
    ['is nothing', stream(), 'reply-unreadable', true],
    ['is done without a word', stream(done), 'reply-unreadable', true],
    ['turns into an error', stream(piece('Fi'), `data: ${JSON.stringify({ error: { message: 'out of memory', code: 500 } })}\n\n`, done), 'server-error', true],
    ['never stops', stream(...Array.from({ length: 11 }, () => piece('x'.repeat(100_000)))), 'reply-unreadable', false],
  ];
  for (const [name, scripted, code, retryable] of broken) {
    it(`is a failure when it ${name}, and never half an answer`, async () => {
      const { model } = await serve(() => scripted);
      const { reply } = await watched(model);
      assert.ok(!reply.ok);
      assert.deepEqual([reply.problem.code, reply.problem.retryable], [code, retryable], reply.problem.message);
    });
  }

  it('is whole where the server says done without saying why, or says why without done', async () => {
    const { model } = await serve((_, index) => (index === 0 ? stream(piece('Five'), done) : stream(piece('Five'), end('length'))));
    const replies = [await watched(model), await watched(model)].map(({ reply }) => reply.ok && reply.choices);
    assert.deepEqual(replies, [[{ text: 'Five', finish: 'unknown' }], [{ text: 'Five', finish: 'length' }]]);
  });

  it('takes no empty word for a reason to end, and a text in parts for a text', async () => {
    const inParts = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: [{ type: 'text', text: 've.' }] }, finish_reason: '' }] })}\n\n`;
    const { model } = await serve(() => stream(piece('Fi').replace('null', '""'), inParts, end('length'), done));
    const { reply, told } = await watched(model);
    assert.deepEqual([reply.ok && reply.choices, told], [[{ text: 'Five.', finish: 'length' }], ['Five.']]);
  });

  it('is not looked through again and again while a line has no end', () => {
    const streamed = new StreamedReply(1, { baseUrl: 'http://x/v1', apiKey: undefined, machine: 'here' }, () => undefined);
    const pieces = Array.from({ length: 100_000 }, () => 'x'.repeat(100));
    const until = pieces.findIndex(each => !streamed.push(each));
    assert.equal(until, 40_000);
  });

  it('comes at once from a server that does not stream', async () => {
    const { model } = await serve(() => completionOf('Five.'));
    const { reply, told } = await watched(model);
    assert.deepEqual([reply.ok && reply.choices[0]?.text, told], ['Five.', ['Five.']]);
  });

  it('is asked for whole from a server that refuses to stream, and from then on', async () => {
    const { server, model } = await serve(({ text }) => (text.includes('"stream"') ? { status: 400, body: { error: { message: 'unknown field stream_options' } } } : completionOf('Five.')));
    assert.deepEqual((await watched(model)).told, ['Five.']);
    assert.deepEqual((await watched(model)).told, ['Five.']);
    assert.equal(server.seen.length, 3);
  });

  it('comes from the demo server as it does when nobody watches, and fails where that breaks off', async () => {
    const demo = async (options: DemoServerOptions) => {
      const server = await startDemoServer({ port: 0, ...options });
      const model = createOpenAiModel({ baseUrl: server.url, environment: {} });
      closing.push(() => model.close(), () => server.close());
      await model.describe(new AbortController().signal);
      return model;
    };
    const model = await demo({});
    const unwatched = await model.complete({ ...request, n: 3 }, { signal: new AbortController().signal, timeoutMs: 10_000 });
    const { reply, told } = await watched(model, { n: 3 });
    assert.deepEqual(reply.ok && reply.choices, unwatched.ok && unwatched.choices);
    assert.deepEqual(told, reply.ok && reply.choices.map(({ text }) => text));
    assert.equal(reply.ok && reply.usage?.outputTokens, unwatched.ok && unwatched.usage?.outputTokens);
    const broken = await watched(await demo({ faults: { half: 1 } }));
    assert.ok(!broken.reply.ok && broken.reply.problem.retryable === true);
    const mute = await watched(await demo({ faults: { empty: 1 } }));
    assert.deepEqual(mute.reply.ok && mute.reply.choices, [{ text: '', finish: 'stop' }]);
  });

  it('stops at once when it is called off', async () => {
    const { server, model } = await serve(() => ({ ...stream(piece('Fi'), piece('ve'), end(), done), instead: 'stall' }));
    const stop = new AbortController();
    const arrived = server.next();
    const reply = await model.complete(request, { signal: stop.signal, timeoutMs: 10_000, onText: () => { stop.abort(); } });
    assert.equal(!reply.ok && reply.problem.code, 'cancelled');
    await (await arrived).closed;
  });
});

describe('the tokenizer of a server', () => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('counts texts, in either dialect, and nothing where it is not there', async () => {
    const { model } = await serve(({ path: where, text }, index) => {
      assert.equal(where, '/tokenize');
      const { prompt } = JSON.parse(text) as { prompt: string };
      return index < 2 ? { body: { count: prompt.length } } : index < 3 ? { body: { tokens: [1, 2] } } : { status: 404, body: '' };
    });
    const { signal } = new AbortController();
    assert.deepEqual(await model.countTokens(['ab', ''], signal), [2, 0]);
    assert.deepEqual(await model.countTokens(['ab'], signal), [2]);
    assert.equal(await model.countTokens(['ab'], signal), undefined);
  });
});
