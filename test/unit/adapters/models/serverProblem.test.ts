import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readReply } from '../../../../src/adapters/models/reply.ts';
import { retryAfterMs } from '../../../../src/adapters/models/retryAfter.ts';
import { problemOfRefusal } from '../../../../src/adapters/models/serverProblem.ts';
import { problemOfTransport } from '../../../../src/adapters/models/transportProblem.ts';

const endpoint = { baseUrl: 'http://box:8000/v1', apiKey: 'sk-test-1234567890', machine: 'desk' };

describe('retryAfterMs', () => {
  const nowMs = Date.UTC(2026, 10, 20, 12, 0, 0);
  const cases: readonly [headers: Record<string, string>, expected: number | undefined][] = [
    [{}, undefined],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': ' 20 ' }, 20_000],
    [{ 'retry-after': '86400' }, 86_400_000],
    [{ 'retry-after-ms': '12.5', 'retry-after': '20' }, 12.5],
    [{ 'retry-after-ms': 'x', 'retry-after': '20' }, 20_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 11:59:00 GMT' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '2026' }, 2_026_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after': '' }, undefined],
  ];
  for (const [headers, expected] of cases) {
    it(`${JSON.stringify(headers)} is ${expected}`, () => {
      assert.equal(retryAfterMs({ get: name => headers[name] ?? null }, nowMs), expected);
    });
  }
});

describe('problemOfTransport', () => {
  const failing = (code: string, message = 'it failed') => new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
  const cases: readonly [code: string, retryable: boolean, says: RegExp][] = [
    ['ECONNREFUSED', true, /nothing listens/],
    ['ECONNRESET', true, /closed the connection/],
    ['UND_ERR_SOCKET', true, /closed the connection/],
    ['UND_ERR_CONNECT_TIMEOUT', true, /in time/],
    ['EAI_AGAIN', true, /looked up/],
    ['ENOTFOUND', false, /not known/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, /NODE_EXTRA_CA_CERTS/],
    ['SELF_SIGNED_CERT_IN_CHAIN', false, /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', false, /certificate/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, /certificate/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, /certificate/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, /http:\/\//],
    ['ESOMETHINGELSE', true, /it failed/],
  ];
  for (const [code, retryable, says] of cases) {
    it(`${code} may ${retryable ? '' : 'not '}be tried again`, () => {
      const problem = problemOfTransport(failing(code), endpoint);
      assert.deepEqual([problem.code, problem.retryable], ['server-unreachable', retryable]);
      assert.match(problem.message, says);
      assert.match(problem.message, /http:\/\/box:8000\/v1 \(seen from desk\)/);
    });
  }

  it('looks into a failure of several addresses tried at once', () => {
    const both = new AggregateError([Object.assign(new Error('one'), { code: 'ECONNREFUSED' }), new Error('two')], '');
    assert.match(problemOfTransport(new TypeError('fetch failed', { cause: both }), endpoint).message, /nothing listens/);
  });

  it('takes an error that exhausts the stack for unreadable', () => {
    const problem = problemOfTransport(new RangeError('Maximum call stack size exceeded'), endpoint);
    assert.deepEqual([problem.code, problem.retryable], ['reply-unreadable', false]);
  });

  it('takes a reply without end for unreadable', () => {
    assert.deepEqual(problemOfTransport(failing('UND_ERR_RES_EXCEEDED_MAX_SIZE'), endpoint).code, 'reply-unreadable');
  });

  it('repeats no key, and bears what is no error at all', () => {
    assert.doesNotMatch(problemOfTransport(failing('', `header ${endpoint.apiKey} is bad`), endpoint).message, /1234567890/);
    for (const thrown of [undefined, null, 7, 'text', {}, Object.assign(new Error('round'), { cause: 1 })]) assert.equal(problemOfTransport(thrown, endpoint).code, 'server-unreachable');
    const round = new Error('round');
    round.cause = round;
    assert.equal(problemOfTransport(round, endpoint).code, 'server-unreachable');
  });
});

describe('what a server sends', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

  it('may be nested however deep', () => {
    for (const text of [deep(100_000), `{"error":${deep(100_000)}}`, `{"error":{"message":${deep(100_000)}}}`, `{"choices":${'['.repeat(100_000)}${']'.repeat(100_000)}}`]) {
      assert.equal(readReply(text, 1, endpoint).ok, false);
    }
  });

  it('is refused where an answer is longer than any that was asked for', () => {
    const reply = (length: number) => readReply(JSON.stringify({ choices: [{ message: { content: 'x'.repeat(length) }, finish_reason: 'stop' }] }), 1, endpoint);
    assert.equal(reply(1_000_000).ok, true);
    const long = reply(1_000_001);
    assert.ok(!long.ok && long.problem.code === 'reply-unreadable' && long.problem.message.includes('max_tokens') && long.problem.message.length < 200);
  });

  it('never throws, whatever it is, and gives 1 to n choices', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.json().map(json => `{"choices":[{"message":{"content":${json}}},${json}]}`)), fc.integer({ min: 1, max: 4 }), (text, n) => {
      const reply = readReply(text, n, endpoint);
      assert.ok(!reply.ok || (reply.choices.length >= 1 && reply.choices.length <= n));
    }));
    fc.assert(fc.property(fc.integer({ min: 100, max: 999 }), fc.oneof(fc.string(), fc.jsonValue()), (status, body) => {
      const { message, retryable } = problemOfRefusal({ status, body }, endpoint);
      assert.ok(message.length < 600 && typeof retryable === 'boolean');
    }));
  });

  it('is read whatever it repeats two million times', () => {
    // what goes over it more than once for each character does not come back within any test's time
    for (const hostile of ['<'.repeat(2_000_000), ' '.repeat(2_000_000), 'sk-'.repeat(700_000), '[]'.repeat(1_000_000)]) {
      assert.ok(problemOfRefusal({ status: 500, body: hostile }, endpoint).message.length < 600);
      assert.equal(readReply(hostile, 1, endpoint).ok, false);
    }
  });
});
