import assert from 'node:assert/strict';
import fc from 'fast-check';
import { typedValue } from '../../../../src/core/model/trainingJob.ts';
import { configText, readPreset, withChanges } from '../../../../src/core/training/preset.ts';
import { jobKey, type JobWork } from '../../../../src/core/training/jobKey.ts';
import { sha256 } from '../../../../src/adapters/hash.ts';

describe('a training preset', () => {
  it('is a mapping of names to plain values, and anything else is refused by its name', () => {
    assert.deepEqual(readPreset('a.yaml', 'method: sft # why\nepochs: 3\nrate: 1.0e-6\npacking: false\n'), { method: 'sft', epochs: 3, rate: 1e-6, packing: false });
    for (const [text, word] of [['- a', /mapping/], ['lists: [a]', /lists/], ['a: {b: 1}', /\ba\b/], ['x: .nan', /\bx\b/], ['a: "', /a\.yaml/]] as const) assert.throws(() => readPreset('a.yaml', text), word);
  });

  it('takes changes of names that are known', () => {
    assert.deepEqual(withChanges({ a: 1, b: 2 }, { b: 3, c: true }, new Set(['a', 'b', 'c'])), { a: 1, b: 3, c: true });
    assert.throws(() => withChanges({}, { epoch: 1 }, new Set(['epochs'])), /no hyper-parameter epoch.*epochs/);
  });

  it('is written so that it reads as it was, the same whatever the order', () => {
    const value = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), value), values => {
      const text = configText(values);
      assert.deepEqual({ ...readPreset('x', Object.keys(values).length === 0 ? '{}' : text) }, { ...values });
      assert.equal(configText(Object.fromEntries(Object.entries(values).reverse())), text);
    }));
  });

  it('reads what is typed as what is meant', () => {
    assert.deepEqual(['3', '1e-6', 'true', 'false', 'cosine', '', ' ', '0x10'].map(typedValue), [3, 1e-6, true, false, 'cosine', '', ' ', 16]);
  });
});

describe('the key of a job', () => {
  const target = { kind: 'slurm', name: 'cluster', host: 'hpc', folder: 'jobs' } as const;
  const work: JobWork = { target, manifestSha256: 'm', model: 'base', files: [{ name: 'a', sha256: '1' }, { name: 'b', sha256: '2' }], command: ['python3'], hyperparameters: { a: 1, b: 'x' }, retry: 0 };

  it('is the same for the same work, and another for any other', () => {
    const key = jobKey(work, sha256);
    assert.equal(jobKey({ ...work, files: [...work.files].reverse(), hyperparameters: { b: 'x', a: 1 }, target: { ...target, resources: { minutes: 60 }, setup: ['module load cuda'] } }, sha256), key);
    const others: Partial<JobWork>[] = [
      { manifestSha256: 'n' }, { model: 'other' }, { files: [] }, { files: [{ name: 'a', sha256: '2' }, { name: 'b', sha256: '1' }] }, { command: ['python3', ''] }, { hyperparameters: { a: '1', b: 'x' } }, { retry: 1 },
      { target: { ...target, folder: 'other' } }, { target: { ...target, host: 'hpc2' } }, { target: { ...target, name: 'large' } }, { target: { kind: 'command', name: 'cluster', host: 'hpc', folder: 'jobs' } }, { target: { kind: 'slurm', name: 'cluster' } },
      { target: { kind: 'ray', name: 'cluster', url: 'http://a:1' } }, { target: { kind: 'ray', name: 'cluster', url: 'http://b:1' } },
    ];
    assert.equal(new Set([key, ...others.map(other => jobKey({ ...work, ...other }, sha256))]).size, others.length + 1);
  });
});
