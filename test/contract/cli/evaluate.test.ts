import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { enginesShape, errorShape, evaluateShape, type Evaluated } from '../../support/commandShapes.ts';
import { readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { drawsOf } from '../../support/requestLog.ts';

const sums = (from: number, count: number) => Array.from({ length: count }, (_, at) => ({ question: `Ann has ${from + at} marbles and finds ${at + 2} more. How many are there?`, gold: String(from + 2 * at + 2) }));
const near = sums(100, 30);
const far = [...sums(1000, 15), ...Array.from({ length: 15 }, (_, at) => ({ question: `Is it so in case ${at}? Answer yes or no.`, gold: at % 3 === 0 ? 'yes' : 'no' }))];
const long = [{ question: `How long is this? ${'Very '.repeat(9_000)}`, gold: '9000' }, ...sums(2000, 2)];
const open = [{ question: 'Who is right?', gold: '' }, { question: 'And who is not?', gold: '' }];

describe('evaluate', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;
  let gold = '';
  /** Between two commands its engine stays. */
  const environment = { REGENESIS_IDLE_MS: '30000' };

  before(async () => {
    gold = shop.writeLines('gold.jsonl', [...near, ...far]);
    server = await shop.demoServer('--gold', gold, '--model', 'base=.5', '--model', 'tuned=.7', '--model', 'forgetful=.4:.2');
    await shop.succeed('init', 'p', '--sample');
    const map = ['--map', 'question=question', '--map', 'gold=gold'];
    await shop.succeed('import', 'p', shop.writeLines('near.jsonl', near), ...map, '--domain', 'in');
    await shop.succeed('import', 'p', shop.writeLines('far.jsonl', far), shop.writeLines('open.jsonl', open), shop.writeLines('long.jsonl', long), ...map, '--split', 'held-out');
    for (const name of ['ended', 'killed', 'stopped']) copyFileSync(shop.file('p.regenesis'), shop.file(`${name}.regenesis`));
  });
  after(async () => {
    await shop.run(['engines', 'p', '--stop']);
    await shop.close();
  });

  const sets = ['--set', 'near', '--set', 'far'];
  const pair = () => ['--server', server.url, '--model', 'tuned', '--against', 'base'];
  const evaluate = async (words: readonly string[], code = 0): Promise<Evaluated> => {
    const ended = await shop.run(['evaluate', 'p', ...words, '--json'], { environment });
    assert.equal(ended.code, code, ended.said);
    return readObject(evaluateShape, ended.out);
  };
  const refused = async (words: readonly string[], code = 2) => {
    const ended = await shop.run(['evaluate', 'p', ...words, '--json'], { environment });
    assert.equal(ended.code, code, `${words.join(' ')}: ${ended.said}`);
    return readObject(errorShape, ended.out).error;
  };
  const sum = ({ sets: rows }: Evaluated, model: string, of: 'correct' | 'unreadable' = 'correct') => rows.reduce((total, row) => total + (row.models.find(each => each.model === model)?.[of] ?? 0), 0);

  it('gives the known difference of two models exactly, and asks nothing a second time', async () => {
    const report = await evaluate([...pair(), ...sets]);
    assert.deepEqual([report.state, sum(report, 'tuned'), sum(report, 'base'), report.calls, report.cached], ['completed', 42, 30, 120, 0]);
    assert.deepEqual(report.sets.map(({ name, domain, n }) => [name, domain, n]), [['near', 'in', 30], ['far', 'out', 30]]);
    for (const { n, models: [own, base], difference } of report.sets) {
      assert.ok(own?.model === 'tuned' && base?.model === 'base' && difference);
      assert.ok(Math.abs(difference.value - (own.correct - base.correct) / n) < 1e-12 && difference.low <= difference.value && difference.value <= difference.high);
      assert.equal(difference.gains - difference.losses, own.correct - base.correct);
      for (const { correct, accuracy, low, high, unreadable } of [own, base]) assert.ok(accuracy === correct / n && low < accuracy && accuracy < high && unreadable === 0);
    }
    const asked = server.newRequests();
    assert.equal(new Set(asked.map(({ model, prompt }) => `${model} ${prompt}`)).size, 120);
    assert.ok(asked.length === 120 && asked.every(({ stage, temperature }) => stage === 'evaluate' && temperature === 0));

    const { code, out, said } = await shop.run(['evaluate', 'p', ...pair(), ...sets], { environment });
    assert.deepEqual([code, server.newRequests()], [0, []], said);
    assert.match(said, /^60 tasks: 0 calls to make, 120 answers from the store$/m);
    assert.match(said, /^evaluation 1: tuned against base on 60 tasks of 2 sets \(simulation/m);
    assert.match(out, /^set +domain +tasks +model +correct +accuracy \(95 %\) +unreadable +points over base +won +lost +p\nnear +in +30 +tuned +\d+ +[\d.]+ % \([\d.]+ % to [\d.]+ %\) +0 +[+−\d.]+ \(/);
    assert.ok(out.includes(report.sentence) && report.sentence.length > 40, out);
  });

  it('asks a third model alone, and counts what cannot be read apart; another rule reads it without asking', async () => {
    const three = await evaluate([...pair(), '--model', 'forgetful', ...sets]);
    assert.deepEqual(server.newRequests().map(({ model }) => model), Array.from({ length: 60 }, () => 'forgetful'));
    assert.deepEqual(three.sets.map(row => row.models.map(({ model }) => model)), [['tuned', 'forgetful', 'base'], ['tuned', 'forgetful', 'base']]);
    assert.deepEqual([sum(three, 'forgetful'), sum(three, 'forgetful', 'unreadable'), sum(three, 'tuned')], [24, 12, 42]);
    const any = await evaluate(['--server', server.url, '--model', 'forgetful', ...sets, '--extract', 'any']);
    assert.deepEqual([sum(any, 'forgetful'), sum(any, 'forgetful', 'unreadable'), server.newRequests()], [36, 0, []]);
    assert.ok(any.sets.every(row => row.difference === undefined), 'against nothing');
  });

  it('the domain of a set is said once, and changed', async () => {
    const domains = async (...more: string[]) => (await evaluate([...pair(), ...sets, '--limit', '2', ...more])).sets.map(row => [row.name, row.domain, row.n]);
    assert.deepEqual(await domains('--domain', 'far=in', '--domain', 'near=out'), [['far', 'in', 2], ['near', 'out', 2]]);
    assert.deepEqual(await domains(), [['far', 'in', 2], ['near', 'out', 2]]);
    assert.deepEqual(server.newRequests(), []);
  });

  it('takes several samples of a task, of which the majority counts', async () => {
    const report = await evaluate([...pair(), ...sets, '--limit', '3', '--samples', '3']);
    const asked = server.newRequests();
    assert.deepEqual([report.sets.map(({ n }) => n), drawsOf(asked).length, asked.every(({ temperature }) => temperature > 0)], [[3, 3], 36, true]);
  });

  it('two servers of one name, and a server that is gone: exit 1 and what to do; once it is back it goes on', async () => {
    const [less, more] = [await shop.demoServer('--gold', gold, '--accuracy', '.4'), await shop.demoServer('--gold', gold, '--accuracy', '.65')];
    const words = ['--model', more.url, '--against', `regenesis-demo@${less.url}`, ...sets];
    const report = await evaluate(words);
    const [own = '', base = ''] = report.sets[0]?.models.map(({ model }) => model) ?? [];
    assert.deepEqual([own === base, sum(report, own), sum(report, base), report.sets.map(row => row.difference?.losses)], [false, 39, 24, [0, 0]]);
    assert.deepEqual([less.newRequests().length, more.newRequests().length], [60, 60]);
    await less.stop();
    const { code, message } = await refused([...words, '--set', 'long'], 1);
    assert.deepEqual([code, /nothing listens there\. Start the server/.test(message)], ['server-unreachable', true], message);
    const back = await shop.demoServer('--gold', gold, '--accuracy', '.4', '--port', new URL(less.url).port);
    await evaluate([...words, '--set', 'long'], 3);
    assert.equal(back.newRequests().length, 3, 'nothing that was answered before');
  });

  it('leaves tasks out that some model gave no answer to; where there are none in common it says so', async () => {
    const report = await evaluate([...pair(), '--set', 'long'], 3);
    assert.deepEqual(report.sets.map(({ name, n, unanswered }) => [name, n, unanswered]), [['long', 2, 1]]);
    const { out } = await shop.run(['evaluate', 'p', ...pair(), '--set', 'long'], { environment });
    assert.match(out, /^long: 1 task left out \(some answer to it was given up; --retry-lost asks again\)$/m);
    server.newRequests();
    await evaluate([...pair(), '--set', 'long', '--retry-lost'], 1); // not one request was answered
    assert.deepEqual(server.newRequests().map(({ prompt }) => prompt.length > 9_000), [true, true], 'and only what was given up');
    const none = await evaluate([...pair(), ...sets, '--limit', '2', '--max-tokens', '100000'], 1);
    assert.deepEqual(none.sets.map(({ n, unanswered, difference }) => [n, unanswered, difference === undefined || difference.p === 1]), [[0, 2, true], [0, 2, true]]);
    assert.match(none.sentence, /No task/i);
  });

  it('refuses what makes no sense, with a sentence and no request', async () => {
    const on = ['--server', server.url, '--model', 'tuned'];
    server.newRequests();
    assert.match((await refused([...on, '--set', 'nowhere'])).message, /no held-out data set nowhere .*There are: .*near/);
    assert.match((await refused([...on, '--set', 'samples'])).message, /All tasks of samples are train tasks/);
    assert.match((await refused([...on, '--set', 'open'])).message, /None of the 2 held-out tasks of open has a known answer/);
    assert.match((await refused([...on, '--against', 'tuned'])).message, /compared with itself/);
    assert.match((await refused([...on, '--domain', 'nowhere=in'])).message, /no data set nowhere/);
    assert.match((await refused([...on, '--samples', '3', '--temperature', '0'])).message, /temperature 0/);
    assert.match((await refused([...on, ...Array.from({ length: 16 }, (_, at) => ['--model', `tuned-${at}`]).flat()])).message, /^--model can be given 16 times, not 17\./);
    assert.match((await refused(['--model', 'tuned'])).message, /No inference server is set/);
    assert.match((await refused(['--server', server.url, '--model', 'gpt-17'], 1)).message, /gpt-17.*base, tuned/s);
    assert.deepEqual(server.newRequests(), []);
  });

  describe('in the middle', () => {
    const inFlight = 8;
    /** The very models of `server`, which are in no hurry: what they begin, those finish. */
    let slow: LoggedServer;
    before(async () => { slow = await shop.demoServer('--gold', gold, '--model', 'base=.5', '--model', 'tuned=.7', '--step-ms', '6,0,0'); });

    const words = (name: string, at: LoggedServer) => ['evaluate', name, '--server', at.url, '--model', 'tuned', '--against', 'base', ...sets, '--concurrency', String(inFlight)];
    const asked = () => slow.log().split('"/v1/chat/completions"').length - 1;
    async function underWay(least: number): Promise<void> {
      while (asked() < least) await new Promise(resolve => { setTimeout(resolve, 10); });
    }
    async function goesOn(name: string): Promise<void> {
      const before = slow.newRequests().length;
      server.newRequests();
      const report = await shop.json(evaluateShape, words(name, server));
      const rest = server.newRequests().length;
      assert.deepEqual([report.state, sum(report, 'tuned'), sum(report, 'base')], ['completed', 42, 30]);
      assert.ok(rest < 120 && before + rest - 120 <= 2 * inFlight, `${before}, then ${rest} for 120 answers`);
    }

    it('the end of its engine: it is paused, with 3 and how to go on', async () => {
      const started = shop.start([...words('ended', slow), '--json']);
      await underWay(10);
      await shop.json(enginesShape, ['engines', 'ended', '--stop']);
      const { code, out, said } = await started.ended;
      assert.deepEqual([code, readObject(errorShape, out).error.code], [3, 'engine-stopped'], said);
      assert.match(said, /What had arrived is stored; evaluate the same again to go on\./);
      slow.newRequests();
    });

    it('kill -9: nothing that was stored is asked again, and the figures are the known ones', async () => {
      const started = shop.start([...words('killed', slow), '--json']);
      await underWay(asked() + 20);
      const { engines: [engine] } = await shop.json(enginesShape, ['engines', 'killed']);
      assert.ok(engine?.state === 'running');
      process.kill(engine.pid, 'SIGKILL');
      const { code, said } = await started.ended;
      assert.equal(code, 1, said);
      assert.match(said, /the same command goes on from there/);
      await goesOn('killed');
    });

    it('Ctrl-C in a second terminal, which joined it: both end with 130, what was answered stays, and it goes on', async () => {
      const started = shop.start([...words('stopped', slow), '--json']);
      await underWay(asked() + 20);
      const joined = shop.start([...words('stopped', slow), '--json']);
      await joined.says(/evaluation 1: tuned against base on 60 tasks .*, which goes on already; Ctrl-C cancels it\n\d+\/120 answers/);
      joined.child.kill('SIGINT');
      for (const { code, out, said } of await Promise.all([started.ended, joined.ended])) {
        assert.equal(code, 130, said);
        const half = readObject(evaluateShape, out);
        assert.deepEqual([half.state, half.sets.length], ['cancelled', 2]);
      }
      await goesOn('stopped');
    });

    it('before a server has said who it is: Ctrl-C ends at once, with nothing begun', async () => {
      const silent = createServer(() => undefined); // takes every request and answers none
      await new Promise<void>(resolve => { silent.listen(0, '127.0.0.1', resolve); });
      const arrived = new Promise<void>(resolve => { silent.once('request', () => { resolve(); }); });
      const started = shop.start(['evaluate', 'stopped', '--model', `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`, '--json']);
      await arrived;
      started.child.kill('SIGINT');
      const { code, out } = await started.ended;
      silent.closeAllConnections();
      silent.close();
      assert.deepEqual([code, readObject(errorShape, out).error.code], [130, 'cancelled']);
    });
  });
});
