import assert from 'node:assert/strict';
import type { RunProgress } from '../../../../src/contract/reports.ts';
import { problemError, type ProblemCode } from '../../../../src/core/model/problem.ts';
import { capabilityRows } from '../../../../src/host/servers/cards.ts';
import { lookEveryMs, ServerHealth } from '../../../../src/host/servers/health.ts';
import { forwardWords, isOnLoopback, machineWords, portOf, shortPlace } from '../../../../src/host/servers/place.ts';
import { demoNode, hasLoad, isServerNode, loadNodes, serverNode, serversLook, type ServerFacts } from '../../../../src/host/servers/serverLook.ts';
import type { PlacedServer } from '../../../../src/host/servers/roles.ts';

const machine = { host: 'gpu07', remoteName: 'ssh-remote' };
const server = (parts: Partial<PlacedServer> = {}): PlacedServer => ({ baseUrl: 'http://127.0.0.1:8000/v1', model: 'llama-3-8b', simulated: false, role: 'server', ...parts });
const facts = (parts: Partial<ServerFacts> = {}): ServerFacts => ({ machine, projectName: undefined, progress: undefined, running: false, health: undefined, demoStarted: false, ...parts });
const progress = (servers: RunProgress['servers']): RunProgress => ({
  runId: 1, recipe: 'r', tasks: { done: 1, total: 2 }, stages: [], calls: 1, cached: 0, inFlight: 1, kept: 0, failed: {}, elapsedMs: 1, callsPerSecond: 98.2, outputTokensPerSecond: 12_700, remainingMs: null, simulated: false, servers,
});
const words = (node: Parameters<typeof serversLook>[0], given: ServerFacts) => {
  const { label, description } = serversLook(node, given);
  return `${label}${description === undefined ? '' : ` | ${description}`}`;
};

describe('a server in the view', () => {
  it('is named by model, machine and port', () => {
    const node = serverNode('/p', server());
    assert.equal(words(node, facts()), 'llama-3-8b @ gpu07:8000');
    assert.equal(words(serverNode('/p', server({ baseUrl: 'https://api.example.com/v1', role: 'judge' })), facts({ projectName: 'maths' })), 'llama-3-8b @ api.example.com | judge · maths');
    assert.match(serversLook(node, facts()).tooltip, /127\.0\.0\.1:8000\/v1, as seen from gpu07, the machine behind ssh-remote/);
    assert.deepEqual(serversLook(node, facts()).tokens, ['server', 'server']);
    assert.ok(isServerNode(node) && !isServerNode(demoNode('x')) && !isServerNode({ kind: 'server' }));
  });

  it('shows what it has to do while a run goes on, in lines of their own', () => {
    const node = serverNode('/p', server());
    const busy = facts({ running: true, progress: progress([{ baseUrl: 'http://127.0.0.1:8000', inFlight: 220, allowed: 256, state: 'up', running: 212, waiting: 8, cacheRatio: 0.5 }]) });
    assert.equal(words(node, busy), 'llama-3-8b @ gpu07:8000 | at work');
    assert.ok(hasLoad(node, busy));
    assert.deepEqual(loadNodes(node).map(line => words(line, busy)), ['212 running | 8 waiting', '13 k tok/s | 98 calls/s']);
    const judge = serverNode('/p', server({ role: 'judge' }));
    assert.ok(!hasLoad(judge, busy), 'the same address as a judge has a load of its own');
    const mute = facts({ running: true, progress: progress([{ baseUrl: server().baseUrl, inFlight: 4, allowed: 8, state: 'limited' }]) });
    assert.deepEqual([words(node, mute), ...loadNodes(node).map(line => words(line, mute))].slice(0, 2), ['llama-3-8b @ gpu07:8000 | asked to wait', '4 in flight | of 8 allowed']);
  });

  it('says how it is while nothing runs', () => {
    assert.equal(words(serverNode('/p', server()), facts({ health: { state: 'gone', words: 'does not answer' } })), 'llama-3-8b @ gpu07:8000 | does not answer');
    const demo = serverNode('/p', server({ simulated: true }));
    const gone = facts({ health: { state: 'gone', words: 'does not answer' } });
    assert.deepEqual([words(demo, gone), words(demo, facts({ demoStarted: true })), words(demoNode('http://x'), facts())], ['Demo server | simulation · stopped', 'Demo server | simulation · started', 'Demo server | simulation · started']);
    assert.equal(words(demo, facts()), 'Demo server | simulation', 'nobody has asked it');
    for (const known of [gone, facts()]) assert.deepEqual(serversLook(demo, known).tokens, ['server', 'server', 'demo', 'stopped'], 'it can be started');
    assert.deepEqual(serversLook(demo, facts({ health: { state: 'up', words: 'answers' } })).tokens, ['server', 'server', 'demo', 'started']);
  });

  it('says what a job of the project has tuned it from', () => {
    const { label, tooltip, spoken } = serversLook(serverNode('/p', server()), facts({ lineage: 'tuned from base\u202e by job 3 on 2 records (train.jsonl ab)' }));
    assert.deepEqual([label, tooltip.split('\n')[0]], ['llama-3-8b @ gpu07:8000', 'llama-3-8b, tuned from base‹U+202E› by job 3 on 2 records (train.jsonl ab)']);
    assert.match(spoken, /from gpu07, tuned from base/);
  });

  it('hides nothing in a name of somebody else', () => {
    const look = serversLook(serverNode('/p', server({ model: 'a\u202eb\nc\u200b' })), facts());
    assert.equal(look.label, 'a‹U+202E›b c‹U+200B› @ gpu07:8000');
  });
});

describe('the machine of an address', () => {
  it('is told apart from the one that the person sits at', () => {
    assert.deepEqual(['http://localhost:1/v1', 'http://127.3.2.1/v1', 'http://[::1]:8/v1', 'http://127.0.0.1.evil.example/v1', 'http://gpu07/v1', 'x'].map(isOnLoopback), [true, true, true, false, false, false]);
    assert.equal(machineWords({ host: 'laptop', remoteName: undefined }), 'laptop');
    assert.match(forwardWords(machine, '8000'), /127\.0\.0\.1 is gpu07, not the computer that you sit at.*ssh -N -R 8000:127\.0\.0\.1:8000 gpu07/);
    assert.doesNotMatch(forwardWords({ host: 'laptop', remoteName: undefined }, '8000'), / -R /);
    assert.deepEqual([portOf('http://a/v1'), portOf('https://a/v1'), portOf('http://a:81/v1'), shortPlace('http://[::1]:8/v1', machine)], ['80', '443', '81', 'gpu07:8']);
  });
});

describe('the health of servers', () => {
  const ask = (answer: { readonly models: string[] } | ProblemCode) => async () => {
    if (typeof answer === 'string') throw problemError(answer, '');
    return { server: 'x', from: 'here', kind: 'other' as const, models: answer.models };
  };

  it('is asked for no more often than every half minute', async () => {
    let [nowMs, asked] = [0, 0];
    const health = new ServerHealth(() => { asked += 1; return ask({ models: ['llama-3-8b'] })(); }, () => nowMs);
    assert.equal(await health.look([server()]), true);
    assert.equal(await health.look([server()]), false);
    nowMs = lookEveryMs - 1;
    await health.look([server()]);
    assert.equal(asked, 1);
    nowMs = lookEveryMs;
    assert.equal(await health.look([server()]), false, 'nothing is new');
    assert.equal(asked, 2);
    health.forget(server());
    await health.look([server()]);
    assert.equal(asked, 3);
  });

  it('tells a wrong key, a removed model, a page and a server that is gone apart', async () => {
    const said: (string | undefined)[] = [];
    for (const answer of [{ models: ['llama-3-8b'] }, { models: ['another'] }, 'server-wrong-key', 'server-unreachable', 'timed-out', 'reply-unreadable', 'server-error'] as const) {
      const health = new ServerHealth(ask(typeof answer === 'string' ? answer : { models: [...answer.models] }));
      await health.look([server()]);
      said.push(health.of(server())?.words);
    }
    assert.deepEqual(said, ['answers', 'model removed', 'key refused', 'does not answer', 'slow to answer', 'no model server', 'busy or failing']);
  });
});

describe('a card', () => {
  it('says of each capability what a run has of it, or does without it', () => {
    const rows = capabilityRows({ capabilities: { n: 'ignored', seed: 'supported', metrics: 'refused' } });
    assert.deepEqual(rows.map(({ name, word }) => `${name} ${word}`), ['n Ignored', 'seed Supported', 'structuredOutput Untested', 'metrics Refused', 'logprobs Untested', 'tokenize Untested', 'loraLoading Untested']);
    assert.ok(rows.every(({ title, meaning }) => title !== '' && meaning.endsWith('.')));
  });
});
