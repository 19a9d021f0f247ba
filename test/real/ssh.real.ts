import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { jobRunnerContract, refused } from '../contract/jobs/jobRunnerContract.ts';
import { startSshd, stopSshd } from './parts.ts';
import { root, shellRunner, shellTarget } from './shellTarget.ts';

const never = new AbortController().signal;

const steering = { cutOff: () => stopSshd(root), mend: async () => { await startSshd(root); } };

describe('training over a real sshd', () => {
  describe('in a process of its own', () => {
    jobRunnerContract(() => shellTarget({ kind: 'command', host: 'real' }, { version: /^Linux/, ...steering }), ['cutOff', 'forget']);
  });

  describe('by Slurm', () => {
    jobRunnerContract(() => shellTarget({ kind: 'slurm', host: 'real' }, { version: /^slurm\S* \d/, ...steering }), ['cutOff']);
  });

  it('is refused by name', async () => {
    const look = async (host: string) => {
      const runner = shellRunner({ kind: 'command', host }, path.join(root, 'looks'));
      const answer = await runner.look(never);
      await runner.close();
      return answer;
    };
    assert.match(refused(await look('wrong-key'), 'target-refused').message, /accepts none of your keys/);
    assert.match(refused(await look('unknown-host'), 'target-refused').message, /not known yet/);
    assert.equal(refused(await look('no-such-host.invalid'), 'target-unreachable').retryable, true);
    refused(await look(`-oProxyCommand=touch ${path.join(root, 'canary')}`), 'target-unreachable');
    assert.ok(!existsSync(path.join(root, 'canary')));
  });
});
