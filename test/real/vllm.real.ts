import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { lineageWords } from '../../src/client/lineage.ts';
import type { EngineClient } from '../../src/client/engineClient.ts';
import { Workshop } from '../support/commandLine.ts';
import { jobsShape, runShape } from '../support/commandShapes.ts';
import { engineOf, leave } from '../support/engine.ts';
import { sampleTasks } from '../support/sampleTasks.ts';

const given = (name: string): string => process.env[name] ?? assert.fail(`${name} is not set: run this with npm run test:real`);

/** A training of an adapter, a real vLLM that is told to serve it, and a run that asks it. */
describe('an adapter on a real vLLM', function () {
  this.timeout(300_000);
  const shop = new Workshop();
  const url = given('REGENESIS_REAL_VLLM');
  const task = `samples/${sampleTasks[0]?.id ?? ''}`;
  let engine: EngineClient | undefined;
  let tuned = '';

  before(async () => {
    const server = await shop.demoServer();
    await shop.succeed('init', 'p', '--sample');
    await shop.json(runShape, ['run', 'p', '--server', server.url, '--sample', '10']);
    const { code, out, said } = await shop.run([
      'fine-tune', 'p', '--target', 'command', '--folder', shop.file('jobs'), '--python', given('REGENESIS_REAL_PYTHON'), '--model', given('REGENESIS_REAL_MODEL'), '--env', 'OMP_NUM_THREADS=1', '--env', 'HF_HUB_OFFLINE=1',
      '--preset', 'tiny', ...['adapter=lora', 'lora_rank=8', 'lora_alpha=16', 'max_steps=4', 'on_too_long=cut'].flatMap(value => ['--set', value]), '--wait', '--json',
    ], { environment: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' } });
    assert.equal(code, 0, `${said}${out}`);
    const { jobs: [job] } = z.parse(jobsShape, JSON.parse(out));
    assert.equal(job?.state, 'succeeded', await shop.succeed('jobs', 'p', '1', '--log'));
    engine = await engineOf(shop.file('p.regenesis'));
  });
  after(async () => {
    if (engine) await leave(engine);
    await shop.close();
  });

  const opened = (): EngineClient => engine ?? assert.fail('there is no engine');
  const loaded = async (folder: string) => opened().call('loadAdapter', { job: 1, server: url, path: folder });
  const served = async () => (await opened().call('surveyServer', { url, timeoutMs: 10_000 })).models;

  it('is served under a name with the digits of its weights, once', async () => {
    const { row: { key }, facts } = await opened().call('jobDetail', { job: 1 });
    const folder = path.join(shop.file('jobs'), key.slice(0, 12), 'output');
    await assert.rejects(loaded(path.join(folder, 'nowhere')), /finds no adapter in/);
    ({ name: tuned } = await loaded(folder));
    assert.equal(tuned, `model-ft1-${facts.weightsSha256?.slice(0, 8) ?? ''}`);
    assert.deepEqual(await loaded(folder), { name: tuned }, 'twice is once');
    assert.deepEqual([...await served()].sort(), [tuned, 'tiny'].sort());
  });

  it('is known by what it was tuned from', async () => {
    const { jobs } = await opened().call('jobs', {});
    assert.match(lineageWords(jobs, tuned) ?? '', /^tuned from .*\/model by job 1 on \d+ records \(train\.jsonl [0-9a-f]{8}\), simulation$/);
    assert.match(await shop.succeed('probe', url, '--model', tuned, '--project', 'p'), new RegExp(`^model ${tuned}, tuned from `, 'm'));
  });

  it('answers a run, and is another model than its base', async () => {
    const { calls, failed } = await shop.json(runShape, ['run', 'p', '--server', url, '--model', tuned, '--task', task, '--stage', 'adapt']);
    assert.ok(calls > 0 && Object.keys(failed).every(reason => !reason.startsWith('server')), JSON.stringify({ calls, failed }));
    const identities = await Promise.all(['tiny', tuned].map(async model => (await opened().call('probeServer', { url, model, completions: false })).identity));
    assert.equal(new Set(identities).size, 2, identities.join(' '));
  });
});
