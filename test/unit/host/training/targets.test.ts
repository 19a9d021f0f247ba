import assert from 'node:assert/strict';
import { hostsIn, placeOf, readTargets } from '../../../../src/host/training/targets.ts';

describe('the training targets of the settings', () => {
  it('are those that can be used, each under its name', () => {
    const saved = [
      { kind: 'command', name: 'here', python: '/opt/venv/bin/python' }, { kind: 'slurm', name: 'cluster', host: 'hpc', resources: { gpus: 1, partition: 'gpu' } },
      { kind: 'ray', name: 'ray', url: 'http://127.0.0.1:8265' }, { kind: 'openai', name: 'api', url: 'https://api.example.com/v1' },
    ];
    const { targets, broken } = readTargets(saved);
    assert.deepEqual(broken, []);
    assert.deepEqual(targets, saved);
    assert.deepEqual(targets.map(placeOf), ['this machine', 'hpc', 'http://127.0.0.1:8265', 'https://api.example.com/v1']);
  });

  it('say of whatever is none what is wrong with it', () => {
    const says = (value: unknown) => readTargets([value]).broken;
    assert.deepEqual(says('gpu'), ['Target 1 cannot be used: it is to be an object.']);
    assert.deepEqual(says({ name: 'gpu' }), ['Target gpu cannot be used: kind is to be openai, ray, slurm or command.']);
    assert.deepEqual(says({ kind: 'docker', name: 'gpu' }), ['Target gpu cannot be used: kind is to be openai, ray, slurm or command.']);
    assert.deepEqual(says({ kind: 'slurm' }), ['Target 1 cannot be used: name is missing.']);
    assert.deepEqual(says({ kind: 'slurm', name: '' }), ['Target 1 cannot be used: name is empty.']);
    assert.deepEqual(says({ kind: 'slurm', name: 'gpu', host: 7 }), ['Target gpu cannot be used: host is to be a text.']);
    assert.deepEqual(says({ kind: 'slurm', name: 'gpu', hots: 'hpc' }), ['Target gpu cannot be used: no such target knows hots.']);
    assert.deepEqual(says({ kind: 'slurm', name: 'gpu', resources: { gpu: 1 } }), ['Target gpu cannot be used: resources: no such target knows gpu.']);
    assert.deepEqual(says({ kind: 'slurm', name: 'gpu', resources: { cpus: 0 } }), ['Target gpu cannot be used: resources.cpus is too small.']);
    assert.deepEqual(says({ kind: 'openai', name: 'api', url: 'api.example.com' }), ['Target api cannot be used: url is to begin with http:// or https://.']);
    assert.deepEqual(says({ kind: 'openai', name: 'api', url: 'https://api.example.com' }), ['Target api cannot be used: url is to end in /v1.']);
    assert.deepEqual(readTargets([{ kind: 'command', name: 'a' }, { kind: 'slurm', name: 'a' }]).broken, ['Target a cannot be used: there is another one of that name.']);
  });
});

describe('the hosts of an ssh configuration', () => {
  it('are the names that it gives, and no patterns', () => {
    assert.deepEqual(hostsIn('Host *\n  User me\nhost gpu07 gpu08\n  HostName 10.0.0.7\n\tHost="login node"\nHost !bad gpu07\nMatch host x\n'), ['gpu07', 'gpu08', 'login', 'node']);
    assert.deepEqual(hostsIn(''), []);
  });
});
