import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { iterationsReportSchema } from '../../../src/contract/iterations.ts';
import { contaminationShape, errorShape, evaluateShape, jobsShape, runShape } from '../../support/commandShapes.ts';
import { Workshop } from '../../support/commandLine.ts';
import { sampleTasks } from '../../support/sampleTasks.ts';

/** Plays a training: it writes what a real one writes, and trains nothing. How, the base model says. */
const player = `#!/bin/sh
while [ $# -gt 0 ]; do case "$1" in --model) model="$2";; --output) output="$2";; esac; shift; done
echo '{"regenesis":"start","steps":2,"rows":3,"droppedRows":0,"cutRows":0}'
echo '{"regenesis":"step","step":1,"steps":2,"loss":2.5,"learningRate":0.000001,"gradNorm":null,"epoch":0.5,"secondsPerStep":0.1}'
case "$model" in
  slow) sleep 60;;
  large) echo '{"regenesis":"failed","reason":"out-of-memory","message":"2 GiB more were wanted"}'; exit 1;;
  broken) echo 'Traceback' >&2; exit 7;;
esac
echo '{"regenesis":"step","step":2,"steps":2,"loss":1.5,"learningRate":0.0000005,"gradNorm":null,"epoch":1,"secondsPerStep":0.1}'
mkdir -p "$output" && wc -l < train.jsonl > "$output/lines"
echo "{\\"regenesis\\":\\"done\\",\\"output\\":\\"$output\\",\\"weightsSha256\\":\\"ab\\",\\"steps\\":2,\\"loss\\":1.5,\\"seconds\\":1}"
`;

describe('fine-tuning from the command line', function () {
  this.timeout(120_000);
  const shop = new Workshop();
  /** Nobody's shell is to read this name. */
  const folder = `jobs "it's" $(touch canary) \`touch canary\``;
  const tune = (...words: string[]) => ['fine-tune', 'p', '--target', 'command', '--folder', shop.file(folder), '--python', shop.file('player'), ...words];

  before(async () => {
    const server = await shop.demoServer();
    await shop.succeed('init', 'p', '--sample');
    await shop.json(runShape, ['run', 'p', '--server', server.url, '--task', sampleTasks.slice(0, 6).map(({ id }) => `samples/${id}`).join(',')]);
    chmodSync(shop.write('player', player), 0o755);
  });
  after(() => shop.close());

  it('says what would be done, and does nothing', async () => {
    const text = await shop.succeed(...tune('--model', 'tiny', '--plan', '--set', 'epochs=1'));
    assert.match(text, /answers\n/);
    assert.match(text, /train\.jsonl, config\.yaml/);
    assert.match(text, /player train\.py --config config\.yaml --data train\.jsonl --model tiny --output output --resume/);
    assert.match(text, /^epochs +1$/m);
    assert.deepEqual([existsSync(shop.file(folder)), await shop.json(jobsShape, ['jobs', 'p'])], [false, { jobs: [] }]);
    assert.match(await shop.succeed('fine-tune', 'p', '--preset', 'list'), /^lora +sft/m);
  });

  it('trains on what an export holds, and the same work once', async () => {
    const { jobs: [done] } = await shop.json(jobsShape, tune('--model', 'tiny', '--wait'));
    assert.deepEqual([done?.state, done?.step, done?.steps, done?.loss, done?.reason], ['succeeded', 2, 2, 1.5, undefined]);
    const planned = await shop.succeed(...tune('--model', 'tiny', '--plan'));
    assert.match(planned, /begun before: job 1 of command, succeeded\. It is shown and none is begun; --retry begins it once more\.\n/);
    assert.doesNotMatch(await shop.succeed(...tune('--model', 'tiny', '--plan', '--set', 'epochs=9')), /begun before/);
    const again = await shop.run([...tune('--model', 'tiny'), '--json']);
    assert.match(again.said, /begun before: job 1 of command\. --retry/);
    const { jobs } = await shop.json(jobsShape, ['jobs', 'p']);
    assert.deepEqual(jobs.map(({ id, key }) => [id, key]), [[1, done?.key]]);
    const [home = ''] = readdirSync(shop.file(folder));
    assert.deepEqual([readdirSync(shop.file(folder)).length, done?.key.startsWith(home)], [1, true]);

    await shop.succeed('export', 'p', '--format', 'prompt-completion', '--out', 'own.jsonl');
    assert.equal(shop.read(path.join(folder, home, 'train.jsonl')), shop.read('own.jsonl'));
    assert.equal(shop.read(path.join('p.jobs', home, 'train.jsonl')), shop.read('own.jsonl'));
    const log = await shop.succeed('jobs', 'p', '1', '--log');
    assert.match(log, /^\{"regenesis":"start"[^]*"regenesis":"done"[^\n]*\n$/);
    assert.equal(existsSync(shop.file('canary')), false);
  });

  it('trains on a training set that was exported before', async () => {
    const { jobs: [job] } = await shop.json(jobsShape, tune('--model', 'other', '--dataset', 'own.jsonl', '--wait'));
    assert.equal(job?.state, 'succeeded');
    shop.write('own.jsonl', `${shop.read('own.jsonl')}{}\n`);
    const refused = await shop.json(errorShape, tune('--model', 'other', '--dataset', 'own.jsonl'), 1);
    assert.match(refused.error.message, /changed after it had been exported/);
  });

  it('says by name why a training failed, and begins it once more where that is wished', async () => {
    const { jobs: [large] } = await shop.json(jobsShape, tune('--model', 'large', '--wait'), 1);
    assert.deepEqual([large?.state, large?.reason], ['failed', 'out-of-memory']);
    assert.match(await shop.succeed('jobs', 'p', String(large?.id)), /failed \(out-of-memory\)[^]*2 GiB more were wanted/);
    const { jobs: [broken] } = await shop.json(jobsShape, tune('--model', 'broken', '--wait'), 1);
    assert.deepEqual([broken?.state, broken?.reason], ['failed', 'exit-code']);
    const { jobs: [second] } = await shop.json(jobsShape, ['jobs', 'p', String(broken?.id), '--retry']);
    assert.ok(second && broken && second.id > broken.id && second.key !== broken.key);
    assert.match(await shop.succeed('jobs', 'p', broken.key.slice(0, 8)), new RegExp(`^ *${broken.id} `, 'm'));
  });

  it('ends a job that goes on', async () => {
    const { jobs: [begun] } = await shop.json(jobsShape, tune('--model', 'slow'));
    const id = String(begun?.id);
    const { jobs: [cancelled] } = await shop.json(jobsShape, ['jobs', 'p', id, '--cancel']);
    assert.equal(cancelled?.state, 'cancelled');
    assert.equal((await shop.json(jobsShape, ['jobs', 'p', id])).jobs[0]?.state, 'cancelled');
  });

  it('takes targets from a file, and names what is wrong with one', async () => {
    const targets = [{ kind: 'command', name: 'mine', folder: shop.file(folder), python: shop.file('player') }, { kind: 'command', name: 'odd', colour: 'red' }];
    shop.write('settings.json', JSON.stringify({ 'regenesis.training.targets': targets }));
    const { jobs: [job] } = await shop.json(jobsShape, ['fine-tune', 'p', '--targets', 'settings.json', '--target', 'mine', '--model', 'tiny', '--wait']);
    assert.deepEqual([job?.target, job?.state], ['mine', 'succeeded']);
    for (const [words, code, message] of [
      [['--target', 'odd', '--targets', 'settings.json', '--model', 'm'], 2, /odd[^]*colour/], [['--target', 'none', '--targets', 'settings.json', '--model', 'm'], 2, /no target none[^]*mine, odd/],
      [['--target', 'cluster', '--model', 'm'], 2, /no kind of target cluster/], [['--model', 'm'], 2, /--target command/], [['--target', 'command'], 2, /--model/], [['--target', 'ray', '--model', 'm'], 2, /url/],
      [['--target', 'command', '--model', 'm', '--preset', 'best'], 2, /lora/], [['--target', 'command', '--model', 'm', '--set', 'epoch=2'], 2, /epochs/], [['--target', 'command', '--model', 'm', '--set', 'epochs=-1'], 2, /epochs is a number of at least 0, not -1/], [['--target', 'command', '--model', 'm', '--env', 'x'], 2, /NAME=VALUE/],
      [['--target', 'command', '--model', 'm', '--dataset', 'gone.jsonl'], 1, /gone\.jsonl/],
    ] as const) {
      const { error } = await shop.json(errorShape, ['fine-tune', 'p', ...words], code);
      assert.match(error.message, message, words.join(' '));
    }
    for (const words of [['9'], ['1', '--log', '--cancel'], ['--log']]) assert.notEqual((await shop.run(['jobs', 'p', ...words])).code, 0, words.join(' '));
  });

  it('sends a job once its target is there', async () => {
    const begun = await shop.run([...tune('--model', 'late', '--target', 'command', '--host', 'nobody.invalid'), '--json']);
    assert.deepEqual([begun.code, (JSON.parse(begun.out) as { jobs: { state: string }[] }).jobs[0]?.state], [3, 'lost'], begun.said);
  });

  it('begins nothing where there is nothing to learn', async () => {
    await shop.succeed('init', 'q', '--sample');
    const { error } = await shop.json(errorShape, ['fine-tune', 'q', '--target', 'command', '--model', 'm'], 1);
    assert.match(error.message, /run/i);
    assert.equal(existsSync(shop.file('q.jobs')) && readdirSync(shop.file('q.jobs')).length > 0, false);
  });

  it('goes round again with what it has trained, and says what each round came to', async () => {
    const { error } = await shop.json(errorShape, ['plan', 'p', '--iteration', '1'], 1);
    assert.match(error.message, /does not serve tiny-ft1-ab, which job 1 has made, and could not load it from .*output/);
    assert.match(await shop.succeed('jobs', 'p', '1'), /^job 1: a server calls its model tiny-ft1-ab$/m);
    const tuned = await shop.demoServer('--model', 'tiny-ft1-ab=.9');
    const round = ['--iteration', '1', '--server', tuned.url, '--task', sampleTasks.slice(0, 6).map(({ id }) => `samples/${id}`).join(',')];
    const run = await shop.json(runShape, ['run', 'p', ...round]);
    assert.deepEqual([run.state, run.cached, run.calls], ['completed', 0, tuned.newRequests().length]);
    const { iterations, others } = await shop.json(iterationsReportSchema, ['iterations', 'p']);
    assert.deepEqual([iterations.map(each => [each.iteration, each.model, each.figures?.tasks, each.madeBy?.base, each.tuned?.job]), others], [[[1, 'regenesis-demo', 6, undefined, 1], [2, 'tiny-ft1-ab', 6, 'tiny', undefined]], 0]);
    assert.match(await shop.succeed('iterations', 'p'), /^simulation[^]*\n +2 +tiny-ft1-ab +job 1 from tiny +6 [^]*\nbefore +regenesis-demo[^]*rom iteration 1 to 2/);
    assert.match(await shop.succeed('status', 'p'), /^run \d+: regenesis, iteration 2, completed, /m);
    const next = await shop.run(tune('--plan'));
    assert.match(next.said, /^Training from tiny, which tiny-ft1-ab was tuned from; --model names another\.$/m);
    assert.match(next.out, /--model tiny --output/);
  });

  it('knows what it has trained on, also what was held out since, as long as the records are there', async () => {
    const tuned = await shop.demoServer('--model', 'tiny-ft1-ab=.9');
    const key = (await shop.json(jobsShape, ['jobs', 'p'])).jobs.find(({ id }) => id === 1)?.key ?? '';
    const records = shop.file(`p.jobs/${readdirSync(shop.file('p.jobs')).find(name => key.startsWith(name)) ?? ''}/train.jsonl.records.jsonl`);
    const learnt = sampleTasks.find(({ id }) => readFileSync(records, 'utf8').includes(`"task":"samples/${id}"`));
    await shop.succeed('import', 'p', shop.writeLines('twin.jsonl', [{ question: learnt?.question.toUpperCase(), gold: learnt?.answer }]), '--map', 'question=question', '--map', 'gold=gold', '--domain', 'out');
    assert.deepEqual((await shop.json(contaminationShape, ['contamination', 'p', '--hold-out'])).heldOut, [`samples/${learnt?.id}`]);
    const evaluate = async () => (await shop.json(evaluateShape, ['evaluate', 'p', '--server', tuned.url, '--model', 'tiny-ft1-ab', '--set', 'twin'])).sentence;
    assert.match(await evaluate(), / 1 task of twin stands in the training data\.$/);
    rmSync(records);
    assert.match(await evaluate(), /(?<!training data\.) What tiny-ft1-ab was trained on is not known: the records beside the training set are gone or changed\.$/);
  });
});
