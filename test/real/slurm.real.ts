import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import type { JobResources, JobStatus } from '../../src/core/model/trainingJob.ts';
import { atEnd, given, jobRunnerContract, Jobs, refused, until } from '../contract/jobs/jobRunnerContract.ts';
import { root, shellRunner, shellTarget } from './shellTarget.ts';

const never = new AbortController().signal;

describe('training by a real Slurm', () => {
  jobRunnerContract(() => shellTarget({ kind: 'slurm' }, { version: /^slurm\S* \d/ }), []);

  describe('says by name', () => {
    const jobs = new Jobs({ goFile: path.join(root, 'never') });
    after(() => { jobs.end(); });
    const submitted = async (resources: JobResources, script: string) => {
      const runner = shellRunner({ kind: 'slurm' }, mkdtempSync(path.join(root, 'by-name-')), resources);
      return { runner, answer: await runner.submit(jobs.spec({ lines: [] }, { command: ['sh', '-c', script] }), { signal: never }) };
    };
    const endOf = async (resources: JobResources, script: string): Promise<JobStatus> => {
      const { runner, answer } = await submitted(resources, script);
      return atEnd(runner, given(answer).reference);
    };

    it('that the time was over', async () => {
      const { runner, answer } = await submitted({ minutes: 1 }, 'sleep 600');
      const { reference } = given(answer);
      await new Promise(resolve => setTimeout(resolve, 58_000));
      const status = await atEnd(runner, reference);
      assert.ok(status.state === 'failed' && status.reason === 'time-limit', JSON.stringify(status));
    });

    it('that the memory was over', async () => {
      const status = await endOf({ memoryGiB: 0.1 }, 'perl -e \'$x = "a" x 400_000_000; sleep 60\'');
      assert.ok(status.state === 'failed' && status.reason === 'out-of-memory', JSON.stringify(status));
    });

    it('that it will never start', async () => {
      const { runner, answer } = await submitted({ minutes: 600 }, 'true');
      const { reference } = given(answer);
      const status = await until(runner, reference, ({ state, ...rest }) => state === 'queued' && 'words' in rest);
      assert.ok(status.state === 'queued' && /^Partition(?:TimeLimit|Config):.*never start/.test(status.words ?? ''), JSON.stringify(status));
      given(await runner.cancel(reference, never));
      assert.equal((await atEnd(runner, reference)).state, 'cancelled');
    });

    it('why it takes no job', async () => {
      const { answer } = await submitted({ partition: 'nowhere' }, 'true');
      assert.match(refused(answer, 'target-rejected').message, /partition/i);
      assert.match(refused((await submitted({ memoryGiB: 9_000 }, 'true')).answer, 'target-rejected').message, /not available/);
    });

    it('gives a GPU to whoever asks for one', async () => {
      assert.equal((await endOf({ gpus: 1, cpus: 1 }, '[ "$SLURM_GPUS_ON_NODE" = 1 ]')).state, 'succeeded');
    });
  });
});
