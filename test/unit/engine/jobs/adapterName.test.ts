import assert from 'node:assert/strict';
import { problemOf } from '../../../../src/core/model/problem.ts';
import type { TrainingJob } from '../../../../src/core/model/trainingJob.ts';
import { adapterName, servedName } from '../../../../src/engine/jobs/adapterName.ts';

const job = (parts: Partial<TrainingJob> = {}): TrainingJob => ({
  id: 3, target: { kind: 'command', name: 'here' }, preset: 'lora', retry: 0, createdAtMs: 0, log: { next: 0, kept: 0 }, now: { atMs: 1, state: 'succeeded', model: 'output' },
  spec: { key: 'ab'.repeat(32), title: 'set', model: 'org/base model', files: [], command: [], hyperparameters: { adapter: 'lora' } }, facts: { weightsSha256: '1a2b3c4d5e6f' },
  dataset: { path: '', format: 'chat', sha256: '', manifestSha256: '', records: 1, tasks: 1, hinted: 0, humanEdited: 0, reviewed: 0, simulated: false }, ...parts,
});
const refusal = (of: TrainingJob): string => {
  try {
    return `named ${adapterName(of)}`;
  } catch (thrown) {
    return problemOf(thrown).message;
  }
};

describe('the name of an adapter', () => {
  it('is its base, its job and its weights', () => {
    assert.equal(adapterName(job()), 'base-model-ft3-1a2b3c4d');
    assert.equal(adapterName(job({ facts: {} })), 'base-model-ft3-abababab', 'of a training that says no hash, what it was made from');
    assert.equal(adapterName(job({ spec: { ...job().spec, model: 'C:\\models\\llama-3-8b\\' } })), 'llama-3-8b-ft3-1a2b3c4d');
  });

  it('is by which a job is known among the models of a server, as is the name that an API gave', () => {
    const hosted = { target: { kind: 'openai', name: 'api', url: 'https://api.example/v1' }, now: { atMs: 1, state: 'succeeded', model: 'ft:x' } } as const;
    const whole = { spec: { ...job().spec, hyperparameters: {} } };
    assert.deepEqual([job(), job(hosted), job(whole), job({ now: { atMs: 1, state: 'running' } })].map(servedName), ['base-model-ft3-1a2b3c4d', 'ft:x', undefined, undefined]);
  });

  it('is refused where there is none', () => {
    assert.match(refusal(job({ now: { atMs: 1, state: 'running' } })), /has not succeeded/);
    assert.match(refusal(job({ spec: { ...job().spec, hyperparameters: { adapter: 'none' } } })), /all weights/);
    assert.match(refusal(job({ target: { kind: 'openai', name: 'api', url: 'https://api.example/v1' }, now: { atMs: 1, state: 'succeeded', model: 'ft:x' } })), /served by https:\/\/api\.example\/v1 itself, as ft:x/);
  });
});
