import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { startDemoServerProcess } from '../../../src/client/demoServerProcess.ts';
import { enginesShape, errorShape, evaluateShape, type Evaluated } from '../../support/commandShapes.ts';
import { readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { drawsOf } from '../../support/requestLog.ts';

/** Sums of two numbers; with blanks and other numbers for each set, so that no two sets share a task. */
const sums = (from: number, count: number) => Array.from({ length: count }, (_, at) => ({ question: `Ann has ${from + at} marbles and finds ${at + 2} more. How many are there?`, gold: String(from + 2 * at + 2) }));
const yesNo = Array.from({ length: 20 }, (_, at) => ({ question: `Is it so in case ${at}? Answer yes or no.`, gold: at % 3 === 0 ? 'yes' : 'no' }));
const near = sums(100, 40);
const far = [...sums(1000, 20), ...yesNo];
const all = [...near, ...far];

describe('evaluate', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;
  let gold = '';
  const map = ['--map', 'question=question', '--map', 'gold=gold'];

  before(async () => {
    gold = shop.writeLines('gold.jsonl', all);
    server = await shop.demoServer('--gold', gold, '--model', 'base=.5', '--model', 'tuned=.7', '--model', 'forgetful=.4:.2');
    await shop.succeed('init', 'empty');
    await shop.succeed('import', 'empty', shop.writeLines('near.jsonl', near), ...map, '--domain', 'in');
    await shop.succeed('import', 'empty', shop.writeLines('far.jsonl', far), ...map, '--domain', 'out');
    await shop.succeed('import', 'empty', shop.writeLines('learnt.jsonl', sums(5000, 2)), ...map);
    await shop.succeed('import', 'empty', shop.writeLines('open.jsonl', [{ question: 'Who is right?', gold: '' }, { question: 'And who is not?', gold: '' }]), ...map, '--split', 'held-out');
  });
  after(() => shop.close());

  /** A project of its own with the held-out sets `near` (in domain), `far` (out of it) and `open` (nobody knows its answers), and train tasks. */
  const project = (name: string): string => {
    copyFileSync(shop.file('empty.regenesis'), shop.file(`${name}.regenesis`));
    return name;
  };
  const sets = ['--set', 'near', '--set', 'far'];
  const words = (name: string, more: readonly string[] = []) => ['evaluate', name, '--server', server.url, '--model', 'tuned', '--against', 'base', ...sets, ...more];
  const evaluate = (name: string, more: readonly string[] = [], code = 0): Promise<Evaluated> => shop.json(evaluateShape, words(name, more), code);
  const correct = ({ sets: rows }: Evaluated, model: string) => rows.reduce((sum, row) => sum + (row.models.find(each => each.model === model)?.correct ?? 0), 0);
  const refused = async (name: string, given: readonly string[], code = 2) => {
    const ended = await shop.run(['evaluate', name, ...given, '--json']);
    assert.equal(ended.code, code, ended.said);
    return readObject(errorShape, ended.out).error;
  };

  it('gives the known difference of two models exactly, and asks nothing a second time', async () => {
    const report = await evaluate(project('known'));
    assert.deepEqual([report.state, correct(report, 'tuned'), correct(report, 'base'), report.calls, report.cached], ['completed', 56, 40, 160, 0]);
    assert.deepEqual(report.sets.map(({ name, domain, n }) => [name, domain, n]), [['near', 'in', 40], ['far', 'out', 40]]);
    for (const { n, models, difference } of report.sets) {
      const [own, base] = models;
      assert.ok(own && base && difference && own.model === 'tuned');
      assert.ok(Math.abs(difference.value - (own.correct - base.correct) / n) < 1e-12 && difference.low <= difference.value && difference.value <= difference.high);
      assert.equal(difference.gains - difference.losses, own.correct - base.correct);
      for (const { correct: right, accuracy, low, high, unreadable } of models) assert.ok(accuracy === right / n && low < accuracy && accuracy < high && unreadable === 0);
    }
    const asked = server.newRequests();
    assert.deepEqual([asked.length, new Set(drawsOf(asked).map((draw, at) => `${asked[at]?.model ?? ''} ${draw}`)).size], [160, 160]);
    assert.ok(asked.every(({ stage, temperature }) => stage === 'evaluate' && temperature === 0));

    const again = await evaluate('known');
    assert.deepEqual([again.sets, again.sentence, server.newRequests()], [report.sets, report.sentence, []]);
    const third = await shop.json(evaluateShape, [...words('known'), '--model', 'forgetful']);
    assert.deepEqual([server.newRequests().map(({ model }) => model), third.sets.map(row => row.models.map(({ model }) => model))], [Array.from({ length: 80 }, () => 'forgetful'), [['tuned', 'forgetful', 'base'], ['tuned', 'forgetful', 'base']]]);
    assert.deepEqual(third.sets.map(row => row.difference), report.sets.map(row => row.difference));

    const { out, said } = await shop.run(words('known'));
    assert.match(said, /^evaluation \d+: tuned against base on 80 tasks of 2 sets \(simulation/m);
    assert.match(out, /^set +domain +tasks +model +correct +accuracy \(95 %\) +unreadable +points over base +won +lost +p\nnear +in +40 +tuned +\d+ /);
    assert.ok(out.includes(report.sentence) && report.sentence.length > 40, out);
    const held = await shop.run(['run', 'known', '--server', server.url, '--task', 'near/1', '--json']);
    assert.deepEqual([held.code, server.newRequests()], [2, []], held.said);
  });

  it('two servers of one name, and addresses in place of names', async () => {
    const [less, more] = [await shop.demoServer('--gold', gold, '--accuracy', '.4'), await shop.demoServer('--gold', gold, '--accuracy', '.65')];
    const report = await shop.json(evaluateShape, ['evaluate', project('servers'), '--model', more.url, '--against', `regenesis-demo@${less.url}`, ...sets]);
    const [own = '', base = ''] = report.sets[0]?.models.map(({ model }) => model) ?? [];
    assert.notEqual(own, base);
    assert.deepEqual([correct(report, own), correct(report, base), report.sets.map(row => row.difference?.losses)], [52, 32, [0, 0]]);
    assert.deepEqual([less.newRequests().length, more.newRequests().length], [80, 80]);
  });

  it('counts answers that cannot be read apart, and reads them by another rule without asking', async () => {
    const name = project('forgetful');
    const given = ['evaluate', name, '--server', server.url, '--model', 'forgetful', ...sets];
    server.newRequests();
    const boxed = await shop.json(evaluateShape, given);
    assert.deepEqual([correct(boxed, 'forgetful'), boxed.sets.reduce((sum, row) => sum + (row.models[0]?.unreadable ?? 0), 0), server.newRequests().length], [32, 16, 80]);
    assert.ok(boxed.sets.every(row => row.difference === undefined));
    const any = await shop.json(evaluateShape, [...given, '--extract', 'any']);
    assert.deepEqual([correct(any, 'forgetful'), any.sets.map(row => row.models[0]?.unreadable), server.newRequests()], [48, [0, 0], []]);
  });

  it('the domain of a set is said once, and changed', async () => {
    const name = project('domains');
    const domainsOf = async (...more: string[]) => (await evaluate(name, ['--limit', '2', ...more])).sets.map(row => [row.name, row.domain, row.n]);
    assert.deepEqual(await domainsOf(), [['near', 'in', 2], ['far', 'out', 2]]);
    assert.deepEqual(await domainsOf('--domain', 'far=in', '--domain', 'near=out'), [['far', 'in', 2], ['near', 'out', 2]]);
    assert.deepEqual(await domainsOf(), [['far', 'in', 2], ['near', 'out', 2]]);
    assert.match((await refused(name, ['--server', server.url, '--model', 'tuned', '--domain', 'nowhere=in'])).message, /nowhere/);
  });

  it('samples of each task, of which the majority counts', async () => {
    server.newRequests();
    const report = await evaluate(project('voted'), ['--limit', '5', '--samples', '3', '--temperature', '.7']);
    const asked = server.newRequests();
    assert.deepEqual([report.sets.map(({ n }) => n), drawsOf(asked).length], [[5, 5], 60]);
    assert.deepEqual([(await evaluate('voted', ['--limit', '5', '--samples', '3', '--temperature', '.7'])).sets, server.newRequests()], [report.sets, []]);
  });

  it('refuses what makes no sense, with a sentence and no request', async () => {
    const name = project('wrong');
    server.newRequests();
    const on = ['--server', server.url, '--model', 'tuned'];
    assert.match((await refused(name, [...on, '--set', 'nowhere'])).message, /nowhere.*near|nowhere/s);
    assert.match((await refused(name, [...on, '--set', 'learnt'])).message, /learnt/);
    assert.match((await refused(name, [...on, '--set', 'open'])).message, /open/);
    assert.match((await refused(name, [...on, '--against', 'tuned', ...sets])).message, /tuned/);
    assert.match((await refused(name, ['--server', server.url, '--model', 'gpt-17', ...sets], 1)).message, /gpt-17.*base, tuned/s);
    assert.match((await refused(name, ['--model', 'tuned', ...sets])).message, /server/);
    assert.equal((await shop.json(evaluateShape, ['evaluate', name, ...on, ...sets, '--limit', '1'])).sets.length, 2);
    assert.equal(server.newRequests().length, 2, 'and nothing else was asked');
  });

  it('a model that is gone: exit 1 and what to do; once it is back the same command goes on', async () => {
    const name = project('gone');
    const port = 20_000 + process.pid % 20_000;
    const start = () => startDemoServerProcess({ node: process.execPath, cliPath: path.resolve(import.meta.dirname, '../../../dist/cli.mjs'), arguments: ['--gold', gold, '--accuracy', '.3', '--step-ms', '0,0,0', '--port', String(port)] });
    const first = await start();
    const given = ['--model', 'tuned', '--against', first.url, '--server', server.url, ...sets, '--limit', '4'];
    await shop.json(evaluateShape, ['evaluate', name, ...given]);
    await first.stop();
    const { code, message } = await refused(name, [...given.slice(0, -1), '6'], 1);
    assert.deepEqual([code, /nothing listens there\. Start the server/.test(message)], ['server-unreachable', true], message);
    const second = await start();
    const report = await shop.json(evaluateShape, ['evaluate', name, ...given.slice(0, -1), '6']);
    await second.stop();
    assert.deepEqual([report.sets.map(({ n }) => n), report.calls, report.cached], [[6, 6], 8, 16]);
  });

  it('given up answers leave their tasks out for every model, and are asked again when that is wanted', async () => {
    const shaky = await shop.demoServer('--gold', gold, '--model', 'tuned=.7', '--faults', 'empty=1');
    const name = project('lost');
    const given = ['evaluate', name, '--model', `tuned@${shaky.url}`, '--against', `base@${server.url}`, ...sets, '--limit', '3'];
    const report = await shop.json(evaluateShape, given, 3);
    assert.deepEqual(report.sets.map(({ n, unanswered, models }) => [n, unanswered, models.length]), [[0, 3, 2], [0, 3, 2]]);
    assert.ok(report.sets.every(row => row.difference === undefined || row.difference.gains + row.difference.losses === 0), 'no common task, no difference');
    const { out } = await shop.run(given);
    assert.match(out, /near: 3 tasks left out \(some answer to it was given up; --retry-lost asks again\)/);
    shaky.newRequests();
    await shop.json(evaluateShape, [...given, '--retry-lost'], 3);
    assert.ok(shaky.newRequests().length >= 6);
  });

  describe('in the middle', () => {
    const inFlight = 8;
    let slow: LoggedServer;
    before(async () => { slow = await shop.demoServer('--gold', gold, '--model', 'base=.5', '--model', 'tuned=.7', '--step-ms', '1,0,0'); });

    const given = (name: string) => ['evaluate', name, '--server', slow.url, '--model', 'tuned', '--against', 'base', ...sets, '--concurrency', String(inFlight), '--json'];
    async function underWay(least: number): Promise<void> {
      const before = slow.log().split('"/v1/chat/completions"').length;
      while (slow.log().split('"/v1/chat/completions"').length < before + least) await new Promise(resolve => { setTimeout(resolve, 20); });
    }

    it('kill -9: nothing that was stored is asked again, and the figures are the known ones', async () => {
      const started = shop.start(given(project('killed')));
      await underWay(40);
      const { engines } = await shop.json(enginesShape, ['engines', 'killed']);
      assert.deepEqual(engines.map(({ state }) => state), ['running']);
      process.kill(engines[0]?.pid ?? 0, 'SIGKILL');
      const { code, said } = await started.ended;
      assert.equal(code, 1, said);
      assert.match(said, /the same command goes on from there/);
      const before = slow.newRequests().length;
      const report = await shop.json(evaluateShape, given('killed').slice(0, -1));
      const rest = slow.newRequests().length;
      assert.deepEqual([report.state, correct(report, 'tuned'), correct(report, 'base')], ['completed', 56, 40]);
      assert.ok(before >= 40 && before + rest - 160 <= inFlight, `${before} and ${rest} for 160 answers`);
    });

    it('Ctrl-C: ends with 130, keeps what was answered, and goes on', async () => {
      const started = shop.start(given(project('stopped')));
      slow.newRequests();
      await underWay(40);
      started.child.kill('SIGINT');
      const { code, out, said } = await started.ended;
      assert.equal(code, 130, said);
      const half = readObject(evaluateShape, out);
      const before = slow.newRequests().length;
      assert.deepEqual([half.state, half.sets.length], ['cancelled', 2]);
      const report = await shop.json(evaluateShape, given('stopped').slice(0, -1));
      assert.deepEqual([report.state, correct(report, 'tuned'), correct(report, 'base')], ['completed', 56, 40]);
      assert.ok(before + slow.newRequests().length - 160 <= inFlight);
    });
  });
});
