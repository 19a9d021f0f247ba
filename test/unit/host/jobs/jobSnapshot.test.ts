import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { openJobSchema } from '../../../../src/contract/pages/job.ts';
import { adapterFolder, curveCsv, hasAdapter, openJob, ranForMs, type JobFacts } from '../../../../src/host/jobs/jobSnapshot.ts';
import { aJobDetail } from '../../../support/jobs.ts';

const lora = { name: 'lora', method: 'sft', about: '', hyperparameters: { method: 'sft', adapter: 'lora', lora_rank: 32, batch: 64, batch_per_device: 4, epochs: 3, precision: 'bf16', learning_rate: 0.00001 } };
const facts = (detail = aJobDetail()): JobFacts => ({ detail, presets: [lora], log: { text: 'a\nb\n', whole: true }, uploaded: undefined, nowMs: 2_160_000 });
const named = (list: readonly { readonly name: string; readonly value: string }[]) => Object.fromEntries(list.map(({ name, value }) => [name, value]));

describe('the page of a job', () => {
  it('is what its page expects, in every state', () => {
    for (const state of ['preparing', 'uploading', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost'] as const) {
      const shown = openJob(facts(aJobDetail({ state, words: 'why' })));
      assert.deepEqual(z.parse(openJobSchema, shown), shown);
    }
  });

  it('says where it is, how far, how long and why it waited', () => {
    const { where, progress, figures } = openJob(facts());
    assert.equal(where, 'Slurm 48213 on login.hpc.example · cluster · llama-3-8b');
    const at = (kind: 'ray' | 'openai' | 'command', place: string, target = kind as string) => openJob(facts(aJobDetail({ kind, target }, { place, reference: 'ab' }))).where;
    assert.deepEqual([at('ray', 'http://127.0.0.1:8265, regenesis-ab'), at('openai', 'https://api.example/v1, regenesis-ab'), at('command', 'this machine:jobs/ab', 'here'), at('command', '/jobs/ab')],
      ['Ray ab on 127.0.0.1:8265 · llama-3-8b', 'fine-tuning API ab on api.example · llama-3-8b', 'command on this machine · here · llama-3-8b', 'command · llama-3-8b']);
    assert.equal(progress.words, 'Step 640 of 1,089');
    assert.ok(Math.abs((progress.ratio ?? 0) - 640 / 1089) < 1e-9);
    assert.deepEqual(named(figures), { 'Time left': '22 min', 'Running for': '31 min', 'Epoch': '1.76 of 3', 'Step time': '2.9 s', 'Queue': 'Waited 4 min for free resources' });
  });

  it('says what is trained, and what of the preset was changed', () => {
    const trained = named(openJob(facts()).trained);
    assert.equal(trained['Data set'], '5,808 records of 1,464 tasks');
    assert.deepEqual([trained['Reviewed'], trained['Hinted'], trained['Method'], trained['Changed'], trained['Batch'], trained['Rows']], ['412 by hand', 'none', 'LoRA, rank 32', 'batch_per_device 2', '64, 2 at a time', '5,808, 12 too long and left out']);
    assert.match(named(openJob(facts(aJobDetail({ simulated: true }))).trained)['Data set'] ?? '', /simulation$/);
    const { dataset } = aJobDetail();
    assert.deepEqual([trained['Validation'], named(openJob(facts(aJobDetail({}, { dataset: { ...dataset, validation: 290 } }))).trained)['Validation']], [undefined, '290 records of these']);
  });

  it('offers what is likeliest first: to end it, to begin it anew, or to go on with it', () => {
    const primary = (state: 'running' | 'failed' | 'cancelled' | 'lost' | 'succeeded', adapter = 'none') => openJob(facts(aJobDetail({ state }, { hyperparameters: { adapter } }))).primary?.wish;
    assert.deepEqual([primary('running'), primary('lost'), primary('failed'), primary('cancelled'), primary('succeeded')], ['cancel', 'cancel', 'retry', 'retry', 'iterate']);
    assert.equal(primary('succeeded', 'lora'), 'load');
    assert.equal(adapterFolder(aJobDetail({ state: 'succeeded', model: 'output' })), 'regenesis/abababababab/output');
    assert.equal(adapterFolder(aJobDetail({}, { facts: { output: '/scratch/out' } })), '/scratch/out');
    assert.equal(adapterFolder(aJobDetail({ kind: 'ray' }, { place: 'http://ray:8265, regenesis-ab' })), 'output');
    assert.ok(hasAdapter(aJobDetail({ state: 'succeeded' })));
    assert.ok(!hasAdapter(aJobDetail({ state: 'succeeded', kind: 'openai' })) && !hasAdapter(aJobDetail()));
  });

  it('counts the time from when it was first seen to run, to its end', () => {
    assert.equal(ranForMs(aJobDetail({ state: 'succeeded', atMs: 400_000 }), 9_999_999), 100_000);
    assert.equal(ranForMs(aJobDetail({}, { events: [] }), 1), undefined);
  });

  it('copies its curve', () => {
    assert.equal(curveCsv(aJobDetail()), 'step,epoch,loss,held-out loss,learning rate\r\n1,0.003,1.2,,0.000001\r\n640,1.76,0.3702,,0.0000077\r\n600,,,0.41,\r\n'.replace('0.0000077', String(7.7e-6)).replace('0.000001', String(1e-6)));
  });

  it('tells what became of it, failures by name', () => {
    const { events, advice } = openJob(facts(aJobDetail({ state: 'failed', reason: 'time-limit', words: 'TIMEOUT' }, { events: [{ atMs: 1, state: 'queued', words: 'Priority' }, { atMs: 2, state: 'failed', reason: 'time-limit', words: 'TIMEOUT' }] })));
    assert.deepEqual(events.map(({ word, words }) => `${word}: ${words}`), ['queued: waiting behind jobs of higher priority', 'failed: time limit: TIMEOUT']);
    assert.equal(advice?.title, 'Failed: time limit');
  });
});
