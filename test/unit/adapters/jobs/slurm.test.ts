import assert from 'node:assert/strict';
import { slurmScript } from '../../../../src/adapters/jobs/slurmScript.ts';
import { slurmStatus, type SlurmAnswer } from '../../../../src/adapters/jobs/slurmState.ts';
import type { JobResources, JobSpec, JobStatus } from '../../../../src/core/model/trainingJob.ts';

const statusOf = (answer: Partial<SlurmAnswer>): JobStatus => slurmStatus({ queue: '', accounting: '', exit: '', log: '', ...answer });
const reasonOf = (answer: Partial<SlurmAnswer>): string => {
  const status = statusOf(answer);
  return status.state === 'failed' ? status.reason : status.state;
};

describe('what Slurm says of a job', () => {
  it('is its state where it is queued or runs', () => {
    assert.deepEqual(statusOf({ queue: 'PENDING|Resources' }), { state: 'queued', words: 'Resources' });
    assert.deepEqual(statusOf({ queue: 'PENDING|None' }), { state: 'queued' });
    assert.deepEqual(statusOf({ queue: 'RUNNING|None', exit: 'run 1\n' }), { state: 'running' }, 'the exit code of a first try');
    assert.deepEqual(statusOf({ queue: 'COMPLETING|None' }), { state: 'running', words: 'completing' });
    const never = statusOf({ queue: 'PENDING|PartitionTimeLimit' });
    assert.ok(never.state === 'queued' && /will never start/.test(never.words ?? ''));
  });

  it('is why it ended, by name', () => {
    assert.equal(reasonOf({ queue: 'COMPLETED|None' }), 'succeeded');
    assert.equal(reasonOf({ queue: 'TIMEOUT|TimeLimit', exit: 'run 143\n' }), 'time-limit');
    assert.equal(reasonOf({ queue: 'OUT_OF_MEMORY|OutOfMemory' }), 'out-of-memory');
    assert.equal(reasonOf({ queue: 'FAILED|JobLaunchFailure', log: 'slurmstepd-vm: error: StepId=4.batch exceeded memory limit (113086464 > 104857600), being killed\n' }), 'out-of-memory');
    assert.equal(reasonOf({ queue: 'PREEMPTED|None' }), 'preempted');
    assert.equal(reasonOf({ queue: 'NODE_FAIL|NodeDown' }), 'node-failure');
    assert.equal(reasonOf({ queue: 'CANCELLED|None', exit: 'run 0\n' }), 'cancelled');
    assert.deepEqual(statusOf({ queue: 'FAILED|NonZeroExitCode', exit: 'run 3\n' }), { state: 'failed', reason: 'exit-code', words: 'exit code 3', exitCode: 3 });
    assert.equal(reasonOf({ queue: 'FAILED|NonZeroExitCode', exit: 'set-up 1\n' }), 'set-up-failed');
    assert.equal(reasonOf({ queue: 'FAILED|NonZeroExitCode', exit: 'run 127\n' }), 'set-up-failed');
    assert.equal(reasonOf({ queue: 'FAILED|RaisedSignal:9(Killed)' }), 'killed');
  });

  it('is looked for elsewhere once Slurm has forgotten the job', () => {
    assert.equal(reasonOf({ accounting: 'CANCELLED by 1000|0:0' }), 'cancelled');
    assert.equal(reasonOf({ accounting: 'TIMEOUT|0:0', exit: 'run 0\n' }), 'time-limit');
    assert.equal(reasonOf({ exit: 'run 0\n' }), 'succeeded');
    assert.equal(reasonOf({ exit: 'run 137\n' }), 'killed');
    assert.equal(reasonOf({ exit: 'run 143\n', log: 'slurmstepd-vm: error: *** JOB 3 ON vm CANCELLED AT 2026-11-20T16:28:17 DUE TO TIME LIMIT ***\n' }), 'time-limit');
    assert.equal(reasonOf({ exit: 'run 143\n', log: 'slurmstepd-vm: error: *** JOB 6 ON vm CANCELLED AT 2026-11-20T16:28:17 ***\n' }), 'cancelled');
    assert.equal(reasonOf({ log: 'Detected 1 oom-kill event(s) in StepId=1.batch.\n' }), 'out-of-memory');
    assert.equal(reasonOf({ exit: 'run 1' }), 'exit-code');
    assert.equal(reasonOf({ exit: 'run' }), 'vanished', 'half of an exit code is none');
    assert.equal(reasonOf({}), 'vanished');
  });
});

describe('the script for sbatch', () => {
  const spec: JobSpec = { key: 'ab'.repeat(32), title: 'sft', model: 'tiny', files: [], command: ['python3', 'train.py', "it's"], hyperparameters: {} };
  const script = (resources: JobResources): string => slurmScript(spec, { kind: 'slurm', name: 'x', resources, setup: ['module load cuda'], environment: { A: 'b c' } }, '/home/me/a b');

  it('says what is asked for and runs the command after the set-up', () => {
    assert.equal(script({ gpus: 2, cpus: 8, memoryGiB: 1.5, minutes: 90, partition: 'gpu,long', account: 'lab' }), `#!/bin/bash -l
#SBATCH --job-name=regenesis-abababababab
#SBATCH --output=job/log
#SBATCH --open-mode=append
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --gres=gpu:2
#SBATCH --cpus-per-task=8
#SBATCH --mem=1536M
#SBATCH --time=90
#SBATCH --partition=gpu,long
#SBATCH --account=lab
cd -- '/home/me/a b' || exit 1
rm -f job/exit-code
phase=set-up
ended() { code=$?; trap - EXIT; printf '%s %s\\n' "$phase" "$code" > job/exit-code.part; mv -f job/exit-code.part job/exit-code; exit "$code"; }
trap ended EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
export PYTHONUNBUFFERED=1
export A='b c'
set -e
module load cuda
set +e
phase=run
python3 train.py 'it'\\''s'
`);
  });

  it('refuses what cannot be asked for', () => {
    for (const resources of [{ partition: 'gpu\nrm -rf x' }, { account: 'a b' }, { cpus: -1 }, { memoryGiB: Number.NaN }, { minutes: 0 }]) assert.throws(() => script(resources));
    assert.doesNotMatch(script({ gpus: 0 }), /gres/);
  });
});
