import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { Workshop } from '../support/commandLine.ts';
import { jobsShape, runShape } from '../support/commandShapes.ts';
import { given } from './given.ts';

/** From tasks to a tuned model: a run on the demo server, reviews, an export, and a real training on a real target. */
describe('from tasks to a tuned model', function () {
  this.timeout(600_000);
  const shop = new Workshop();
  const environment = { PATH: `${given('REGENESIS_REAL_BIN')}:${process.env['PATH'] ?? ''}`, HOME: process.env['HOME'] ?? '' };
  /** Short, since the model sees 256 tokens, and on one thread: two that wait for each other take long. */
  const training = ['--preset', 'tiny', '--set', 'on_too_long=cut', '--set', 'max_steps=12', '--env', 'OMP_NUM_THREADS=1', '--env', 'HF_HUB_OFFLINE=1', '--python', given('REGENESIS_REAL_PYTHON'), '--model', given('REGENESIS_REAL_MODEL')];

  before(async () => {
    const server = await shop.demoServer();
    await shop.succeed('init', 'p', '--sample');
    await shop.json(runShape, ['run', 'p', '--server', server.url, '--sample', '20']);
  });
  after(() => shop.close());

  const tuned = async (words: readonly string[]) => {
    const { code, out, said } = await shop.run(['fine-tune', 'p', ...words, ...training, '--wait', '--json'], { environment });
    assert.equal(code, 0, `${said}${out}`);
    const { jobs: [job] } = z.parse(jobsShape, JSON.parse(out));
    assert.ok(job, out);
    const log = await shop.succeed('jobs', 'p', String(job.id), '--log');
    assert.deepEqual([job.state, job.step, job.steps], ['succeeded', 12, 12], log);
    const losses = [...log.matchAll(/"loss":([\d.]+),"learningRate"/g)].map(([, loss]) => Number(loss));
    assert.equal(losses.length, 12);
    assert.ok((losses.at(-1) ?? NaN) < (losses[0] ?? NaN), `it learns: ${losses.join(' ')}`);
    return { job, log };
  };

  it('goes by Slurm, over ssh', async () => {
    const folder = path.join(given('REGENESIS_REAL_ROOT'), `story's jobs`);
    const words = ['--target', 'slurm', '--host', 'real', '--folder', folder, '--minutes', '10', '--memory-gib', '3'];
    const { job } = await tuned(words);
    assert.match(job.model ?? '', /\/output$/);
    assert.match(readFileSync(path.join(job.model ?? '', 'training.json'), 'utf8'), /"method": "sft"/);
    const again = await shop.run(['fine-tune', 'p', ...words, ...training, '--json'], { environment });
    assert.match(again.said, /begun before: job 1/);
  });

  it('goes by Ray', async () => {
    await tuned(['--target', 'ray', '--url', given('REGENESIS_REAL_RAY')]);
  });
});
