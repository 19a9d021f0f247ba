import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { ProblemError } from '../../../src/core/model/problem.ts';
import { FaultDraw, faultKinds } from '../../../src/demoServer/faults.ts';
import { IdleWatch } from '../../../src/demoServer/idle.ts';
import { guidelineTexts } from '../../../src/demoServer/knowledge.ts';
import { Metrics } from '../../../src/demoServer/metrics.ts';
import { parseFaults, parseModels, parseStepMs, readGold, readOptions } from '../../../src/demoServer/options.ts';
import { latencyFactor, stepsOf, type AnswerLengths, type Drawn } from '../../../src/demoServer/latency.ts';
import { scan } from '../../../src/demoServer/play/scan.ts';
import { PrefixCache } from '../../../src/demoServer/prefixCache.ts';
import { durationText, RateLimit } from '../../../src/demoServer/rateLimit.ts';
import { HandClock } from './handClock.ts';

const words = (from: number, count: number): string => Array.from({ length: count }, (_, at) => `w${from + at}`).join(' ');
const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof ProblemError) return `${thrown.problem.code} ${thrown.problem.message}`;
    throw thrown;
  }
  return 'nothing was thrown';
};

describe('the prefix cache', () => {
  it('finds whole blocks again, up to where texts part', () => {
    const cache = new PrefixCache(1_600);
    const take = (text: string) => cache.take(scan(text), 1).first;
    assert.equal(take(words(0, 100)), 0);
    assert.equal(take(words(0, 100)), 96);
    assert.equal(take(`${words(0, 40)} ${words(500, 60)}`), 32);
    assert.equal(take(words(0, 96)), 80, 'the last token is always computed, and its block with it');
    assert.equal(take(`other ${words(0, 99)}`), 0);
  });

  it('is asked by every sequence of a request, of which the later ones find what the first left', () => {
    const cache = new PrefixCache(1_600);
    assert.deepEqual(cache.take(scan(words(0, 100)), 5), { first: 0, all: 4 * 96 });
    assert.deepEqual(cache.take(scan(words(0, 100)), 5), { first: 96, all: 5 * 96 });
    assert.deepEqual(cache.take(scan(words(700, 96)), 3), { first: 0, all: 2 * 80 });
    assert.deepEqual(cache.take(scan(''), 3), { first: 0, all: 0 });
    assert.deepEqual(new PrefixCache(32).take(scan(words(0, 100)), 5), { first: 0, all: 0 }, 'more than it holds');
    assert.deepEqual(new PrefixCache(0).take(scan(words(0, 100)), 5), { first: 0, all: 0 });
  });

  it('counts n sequences of one request as it counts n requests', () => {
    fc.assert(fc.property(fc.array(fc.record({ from: fc.integer({ min: 0, max: 60 }), count: fc.integer({ min: 0, max: 90 }), sequences: fc.integer({ min: 1, max: 4 }) }), { maxLength: 20 }), fc.integer({ min: 0, max: 200 }), (prompts, capacity) => {
      const [together, singly] = [new PrefixCache(capacity), new PrefixCache(capacity)];
      for (const { from, count, sequences } of prompts) {
        const prompt = scan(words(from, count));
        const hits = Array.from({ length: sequences }, () => singly.take(prompt, 1).first);
        assert.deepEqual(together.take(prompt, sequences), { first: hits[0], all: hits.reduce((sum, each) => sum + each, 0) });
      }
    }));
  });

  it('forgets what was not used for long, and holds nothing without room', () => {
    const cache = new PrefixCache(160);
    const take = (from: number) => cache.take(scan(words(from, 65)), 1).first;
    for (const from of [0, 1_000, 0, 2_000]) take(from);
    assert.equal(take(0), 64);
    assert.equal(take(1_000), 0);
    assert.ok(cache.tokens <= 160);
  });
});

describe('faults', () => {
  it('are drawn from the body and its try, in any order', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 30 }), fc.nat(), (bodies, seed) => {
      const rates = { 429: 0.3, hang: 0.2, none: 0.1 };
      const inOrder = new FaultDraw(seed, rates);
      const backwards = new FaultDraw(seed, rates);
      const drawn = new Map(bodies.map(body => [body, [1, 2, 3].map(() => inOrder.next(body))]));
      for (const body of bodies.toReversed()) assert.equal(backwards.next(body), drawn.get(body)?.[0]);
      for (const body of bodies) assert.deepEqual([2, 3].map(() => backwards.next(body)), drawn.get(body)?.slice(1));
    }));
  });

  it('come as often as asked for', () => {
    const draw = new FaultDraw(3, { 500: 0.1, reset: 0.02 });
    const kinds = Array.from({ length: 10_000 }, (_, at) => draw.next(`body ${at % 5_000}`));
    const share = (kind: string | undefined) => kinds.filter(each => each === kind).length / kinds.length;
    assert.ok(Math.abs(share('500') - 0.1) < 0.015 && Math.abs(share('reset') - 0.02) < 0.006, `${share('500')} ${share('reset')}`);
    assert.equal(new FaultDraw(3, {}).next('x'), undefined);
    assert.equal(new FaultDraw(3, { html: 1 }).next('x'), 'html');
  });
});

describe('the latency of answers', () => {
  it('is drawn from the request and the seed alone, around one', () => {
    const factors = Array.from({ length: 20_000 }, (_, at) => latencyFactor(`body ${at}`, 5));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const logs = factors.map(Math.log);
    const center = mean(logs);
    assert.ok(Math.abs(mean(factors) - 1) < 0.01, `${mean(factors)}`);
    assert.ok(Math.abs(Math.sqrt(mean(logs.map(value => (value - center) ** 2))) - 0.3) < 0.01);
    assert.equal(latencyFactor('body 1', 5), factors[1]);
    assert.notEqual(latencyFactor('body 1', 6), factors[1]);
  });

  const lengths: AnswerLengths = { stages: new Map([['path', { mean: 350, sigma: 0.5, runaways: 0.005 }], ['judge', { mean: 4, sigma: 0.2, runaways: 0.5 }]]), taskSigma: 0.25 };
  const drawn = (at: number, more: Partial<Drawn> = {}): Drawn => ({ body: `body ${at}`, stage: 'path', task: `task ${at}`, maxTokens: 2048, bound: false, ...more });
  const stepsAt = (at: number, more?: Partial<Drawn>, seed?: number) => stepsOf(drawn(at, more), [90, 90], { seed, lengths });

  it('is that of the lengths that are asked for, whatever was answered', () => {
    const steps = Array.from({ length: 40_000 }, (_, at) => stepsAt(at) ?? []).flat();
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const cut = steps.filter(each => each === 2048);
    // the tail of the distribution itself reaches the limit in one of a thousand
    assert.ok(Math.abs(cut.length / steps.length - 0.006) < 0.0015, `${cut.length} of ${steps.length}`);
    const logs = steps.filter(each => each < 2048).map(Math.log);
    assert.ok(Math.abs(mean(steps.filter(each => each < 2048)) - 350) < 6, `${mean(steps)}`);
    const center = mean(logs);
    assert.ok(Math.abs(Math.sqrt(mean(logs.map(value => (value - center) ** 2))) - Math.hypot(0.5, 0.25)) < 0.01);
    assert.ok(steps.every(each => Number.isInteger(each) && each >= 1 && each <= 2048));
  });

  it('differs between the answers of a request, between seeds, and with the task of the request', () => {
    assert.notEqual(stepsAt(1)?.[0], stepsAt(1)?.[1]);
    assert.deepEqual(stepsAt(1), stepsAt(1));
    assert.notDeepEqual(stepsAt(1, {}, 1), stepsAt(1, {}, 2));
    const ofTask = (task: string) => Array.from({ length: 400 }, (_, at) => stepsAt(at, { task }) ?? []).flat().reduce((sum, each) => sum + each, 0) / 800;
    const means = Array.from({ length: 40 }, (_, at) => ofTask(`task ${at}`)).map(Math.log);
    const center = means.reduce((sum, each) => sum + each, 0) / 40;
    assert.ok(Math.abs(Math.sqrt(means.reduce((sum, each) => sum + (each - center) ** 2, 0) / 40) - 0.25) < 0.08);
  });

  it('never goes beyond the limit of the request, and does not run away where the words are given', () => {
    for (let at = 0; at < 2_000; at += 1) {
      assert.ok((stepsAt(at, { maxTokens: 40 }) ?? [Infinity]).every(each => each <= 40));
      assert.ok((stepsAt(at, { stage: 'judge', bound: true }) ?? [Infinity]).every(each => each < 20));
    }
  });

  it('is that of the tokens for stages without a length', () => {
    for (const stage of ['adapt', undefined]) assert.equal(stepsAt(1, { stage }), undefined);
    assert.deepEqual(stepsAt(1, { stage: 'adapt' }, 5), [90, 90].map(tokens => tokens * latencyFactor('body 1', 5)));
  });
});

describe('the options', () => {
  const read = (given: Record<string, string | true>, environment = {}) => readOptions({ text: name => (given[name] === true ? undefined : given[name]), texts: () => [], flag: name => given[name] === true }, environment);
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-options-'));
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  after(() => { rmSync(folder, { recursive: true }); });

  it('are read as they are meant', () => {
    const gold = file('gold.jsonl', '\uFEFF{"question":"2+2?","gold":"4","kind":"number","more":1}\r\n\n{"question":"Yes?","gold":"yes"}\n');
    const options = read({ 'port': '0', 'seed': '12', gold, 'accuracy': '.5', 'slots': '4', 'step-ms': '10,0.08, .08', 'cache-tokens': '0', 'compress': '2.5', 'faults': '429=.05,500=.01', 'api-key-env': 'KEY', 'revoke-key-after': '3', 'next-api-key-env': 'NEXT',
      'swap-model-after': '9', 'ignore-n': true, 'rate-limit': '60/1.5', 'no-metrics': true, 'metrics-delay-ms': '800', 'latency-seed': '4', 'lengths': 'path=350:.5:.005, judge=4:.2,task=.25' }, { KEY: 'secret', NEXT: 'other', REGENESIS_END_WHEN_IDLE_MS: '500' });
    assert.deepEqual(options, {
      port: 0, seed: 12, gold: [{ question: '2+2?', gold: '4', kind: 'number' }, { question: 'Yes?', gold: 'yes' }], accuracy: 0.5, models: undefined, slots: 4, stepMs: { t0: 10, c: 0.08, p: 0.08 }, cacheTokens: 0,
      compress: 2.5, faults: { 429: 0.05, 500: 0.01 }, requireKey: 'secret', revokeKeyAfter: 3, nextKey: 'other',
      swapModelAfter: 9, ignoreN: true, rateLimit: { requests: 60, seconds: 1.5 }, noMetrics: true, latencySeed: 4, metricsDelayMs: 800,
      lengths: { stages: new Map([['path', { mean: 350, sigma: 0.5, runaways: 0.005 }], ['judge', { mean: 4, sigma: 0.2, runaways: 0 }]]), taskSigma: 0.25 }, endWhenIdleMs: 500,
    });
    assert.ok(Object.values(read({})).every(value => value === undefined));
    assert.deepEqual(parseModels(['base=.5', 'org/tuned=x=.75:.125']), [{ name: 'base', accuracy: 0.5, unboxed: 0 }, { name: 'org/tuned=x', accuracy: 0.75, unboxed: 0.125 }]);
    assert.deepEqual(Object.keys(parseFaults(faultKinds.map(kind => `${kind}=.05`).join(' , '))).toSorted(), faultKinds.toSorted());
  });

  it('say what is wrong with them', () => {
    const gold = file('one.jsonl', '{"question":"2+2?","gold":"4"}\n');
    const wrong: (readonly [Record<string, string>, RegExp])[] = [
      [{ port: '70000' }, /^usage --port takes a whole number from 0 to 65535, not "70000"/], [{ port: '0x10' }, /--port/], [{ seed: '-1' }, /--seed/], [{ seed: '1.5' }, /--seed/],
      [{ slots: '0' }, /--slots/], [{ slots: '' }, /--slots/], [{ compress: '0' }, /--compress/], [{ 'step-ms': '1,2' }, /^usage --step-ms takes three numbers/], [{ 'step-ms': '1,2,x' }, /--step-ms/],
      [{ 'step-ms': '1,2,3,4' }, /--step-ms/], [{ 'step-ms': '-1,0,0' }, /--step-ms/], [{ faults: '418=.1' }, /--faults knows 429, 500/], [{ faults: 'hang' }, /--faults hang takes a share/],
      [{ lengths: 'word=3:.2' }, /--lengths knows choose, adapt, structure, path, judge, task, not "word"/], [{ lengths: 'path=350' }, /--lengths takes STAGE=MEAN:SIGMA/], [{ lengths: 'path=x:.5' }, /such as path=350/],
      [{ lengths: 'path=350:.5:2' }, /--lengths takes/], [{ lengths: 'path=350:.5:.1:1' }, /--lengths takes/], [{ lengths: 'task=.2:.3' }, /--lengths takes/],
      [{ faults: 'hang=2' }, /share/], [{ faults: 'hang=.6,reset=.6' }, /add up to 1.2/], [{ accuracy: '.5' }, /--accuracy needs --gold/], [{ 'api-key-env': 'NOT_SET' }, /NOT_SET, which is not set/],
      [{ gold: path.join(folder, 'nowhere.jsonl') }, /^file-not-found .*nowhere/], [{ gold: folder }, /^file-unreadable/], [{ gold: file('bad.jsonl', '{"question":"a","gold":"b"}\n{"question":""}\n') }, /^row-malformed .*bad\.jsonl:2 /],
      [{ gold: file('half.jsonl', '{"question"') }, /half\.jsonl:1 /],
    ];
    wrong.push(
      [{ 'revoke-key-after': '2' }, /--revoke-key-after needs --api-key-env/], [{ 'next-api-key-env': 'PATH' }, /which is not set/], [{ 'swap-model-after': '0' }, /--swap-model-after/],
      [{ 'rate-limit': '60' }, /--rate-limit takes N\/S/], [{ 'rate-limit': '0/1' }, /--rate-limit/], [{ 'rate-limit': '1.5/1' }, /--rate-limit/], [{ 'rate-limit': '1/0' }, /--rate-limit/], [{ 'rate-limit': '1/2/3' }, /--rate-limit/],
      [{ 'metrics-delay-ms': '-1' }, /--metrics-delay-ms/],
    );
    assert.match(codeOf(() => read({ 'next-api-key-env': 'NEXT' }, { NEXT: 'x' })), /--next-api-key-env needs --revoke-key-after/);
    assert.match(codeOf(() => read({}, { REGENESIS_END_WHEN_IDLE_MS: 'soon' })), /^usage REGENESIS_END_WHEN_IDLE_MS takes a whole number from 1/);
    for (const [given, message] of wrong) assert.match(codeOf(() => read(given)), message);
    assert.match(codeOf(() => parseStepMs('')), /^usage/);
    for (const model of ['base', '=.5', 'base=', 'base=x', 'base=1.1', 'base=.5:', 'base=.5:.6', 'base=.5:.1:.1']) assert.match(codeOf(() => parseModels([model])), /^usage --model takes NAME=ACCURACY/, model);
    assert.match(codeOf(() => parseModels(['base=.5', 'base=.6'])), /^usage --model gives base twice/);
    const named = { text: (name: string) => ({ gold, accuracy: '.5' })[name], texts: () => ['base=.5'], flag: () => false };
    assert.match(codeOf(() => readOptions(named, {})), /^usage Give --accuracy or --model/);
  });

  it('read a long file of questions', () => {
    const gold = file('long.jsonl', Array.from({ length: 20_000 }, (_, at) => JSON.stringify({ question: `How much is ${at} and 1?`, gold: String(at + 1) })).join('\n'));
    assert.equal(readGold(gold).length, 20_000);
  });
});

describe('the rate limit', () => {
  it('lets through what fills its bucket, then as many as flow in, and says so', () => {
    const clock = new HandClock();
    const limit = new RateLimit({ requests: 3, seconds: 6 }, clock);
    const take = () => {
      const { passes, headers } = limit.take();
      return [passes, headers['x-ratelimit-limit-requests'], headers['x-ratelimit-remaining-requests'], headers['x-ratelimit-reset-requests'], headers['Retry-After']];
    };
    assert.deepEqual([take(), take(), take()], [[true, '3', '2', '2s', undefined], [true, '3', '1', '4s', undefined], [true, '3', '0', '6s', undefined]]);
    assert.deepEqual(take(), [false, '3', '0', '6s', '2']);
    clock.moveTo(1_500);
    assert.deepEqual(take(), [false, '3', '0', '4.5s', '1']);
    clock.moveTo(2_000);
    assert.deepEqual(take(), [true, '3', '0', '6s', undefined]);
    clock.moveTo(100_000);
    assert.deepEqual(take(), [true, '3', '2', '2s', undefined]);
  });

  it('never lets more through than its bucket and what flows in, and always whoever waited as told', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 60 }), (requests, seconds, gaps) => {
      const clock = new HandClock();
      const limit = new RateLimit({ requests, seconds }, clock);
      let passed = 0;
      for (const gap of gaps) {
        clock.moveTo(clock.now + gap);
        const { passes, headers } = limit.take();
        if (passes) passed += 1;
        else {
          clock.moveTo(clock.now + Number(headers['Retry-After']) * 1_000);
          assert.equal(limit.take().passes, true);
          passed += 1;
        }
        assert.ok(passed <= requests + clock.now / 1_000 / seconds * requests + 1e-3);
      }
    }));
  });

  it('writes times as OpenAI does', () => {
    assert.deepEqual([0, 0.2, 20, 999, 1_000, 1_500, 8_640, 60_000, 360_000, 432_500, 3_600_000].map(durationText), ['0ms', '1ms', '20ms', '999ms', '1s', '1.5s', '8.64s', '1m0s', '6m0s', '7m12.5s', '1h0m0s']);
  });
});

describe('the watch for idleness', () => {
  it('calls once nothing came for long, and never while a request is under way', () => {
    const clock = new HandClock();
    const idleAt: number[] = [];
    const watch = new IdleWatch({ afterMs: 100, clock, onIdle: () => idleAt.push(clock.now) });
    clock.moveTo(60);
    watch.began();
    clock.moveTo(500);
    watch.ended();
    clock.moveTo(550);
    watch.began();
    watch.began();
    watch.ended();
    clock.moveTo(570);
    watch.ended();
    clock.moveTo(2_000);
    assert.deepEqual(idleAt, [670]);
    const stopped = new IdleWatch({ afterMs: 100, clock, onIdle: () => idleAt.push(clock.now) });
    stopped.stop();
    const unused = new IdleWatch({ afterMs: 100, clock, onIdle: () => idleAt.push(clock.now) });
    clock.moveTo(9_000);
    assert.deepEqual(idleAt, [670, 2_100]);
    unused.stop();
  });
});

describe('what the server says of itself', () => {
  it('has the names of vLLM', () => {
    const metrics = new Metrics('demo');
    metrics.finished('stop');
    metrics.firstToken(0.03);
    metrics.wholeRequest(0.4);
    const page = metrics.page({ running: 3, waiting: 1, cacheUsage: 0.25 });
    const names = ['num_requests_running', 'num_requests_waiting', 'kv_cache_usage_perc', 'prefix_cache_queries_total', 'prefix_cache_hits_total', 'generation_tokens_total', 'prompt_tokens_total', 'num_preemptions_total', 'time_to_first_token_seconds_sum'];
    for (const name of names) assert.match(page, new RegExp(`^vllm:${name}\\{engine="0",model_name="demo"\\} [\\d.]+$`, 'm'));
    assert.match(page, /^vllm:request_success_total\{engine="0",model_name="demo",finished_reason="stop"\} 1$/m);
    assert.match(page, /^vllm:time_to_first_token_seconds_bucket\{[^}]*le="0.04"\} 1$/m);
    assert.match(page, /^vllm:num_requests_running\{[^}]*\} 3$/m);
  });

  it('reads guidelines from the library by their ids', () => {
    const library = '# comment\nguidelines:\n  - id: one\n    title: One\n    text: >-\n      First\n      text.\n\n  - id: two\n    text: Second text.\n    presupposesSolution: true\n';
    assert.deepEqual(guidelineTexts(library).map(({ id, text }) => [id, text.includes('text.')]), [['one', true], ['two', true]]);
    assert.deepEqual(guidelineTexts('nothing here'), []);
  });
});
