import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jobRunners } from '../../../src/adapters/jobs/createJobRunner.ts';
import type { TrainingTarget } from '../../../src/core/model/trainingJob.ts';
import type { JobRunner } from '../../../src/ports/jobRunner.ts';
import { hostileNames } from '../../support/hostileNames.ts';
import { JobPrograms } from '../../support/jobPrograms.ts';
import { atEnd, given, jobRunnerContract, Jobs, refused, until, wholeLog, type TargetUnderTest } from './jobRunnerContract.ts';

type ShellKind = 'slurm' | 'command';

const never = new AbortController().signal;

const targetOf = (kind: ShellKind, host?: string, changes: object = {}): TrainingTarget => ({ kind, name: 'test', ...(host !== undefined && { host }), ...changes });

/** Ends what jobs of a test left running. */
function underTest(kind: ShellKind, host?: string): TargetUnderTest & { readonly programs: JobPrograms } {
  const programs = new JobPrograms();
  const goFile = path.join(programs.root, 'go');
  const create = jobRunners({ environment: programs.environment });
  const started = () => (existsSync(path.join(programs.home, 'regenesis')) ? readdirSync(path.join(programs.home, 'regenesis')).filter(job => existsSync(path.join(programs.home, 'regenesis', job, 'job', 'id'))).length : 0);
  const cutter = host === undefined ? 'down' : 'failure';
  return {
    programs,
    goFile,
    runner: () => create(targetOf(kind, host), {}),
    letGo: () => { writeFileSync(goFile, ''); },
    taken: () => (kind === 'slurm' ? Number(programs.read('count')) : started()),
    cutOff: () => { programs.steer(cutter, 'ssh: connect to host box port 22: Connection refused\n'); },
    mend: () => { programs.steer(cutter); },
    forget: reference => {
      const folder = reference.slice(reference.indexOf('/'));
      if (kind === 'slurm') programs.setState(reference.split(' ')[0] ?? '');
      rmSync(folder, { recursive: true });
    },
    breakUpload: () => { programs.steer('cut', '100000'); },
    version: kind === 'slurm' ? /^slurm-wlm 22\.05\.8$/ : /^Linux .*Python 3/,
    failure: { state: 'failed', reason: 'exit-code', exitCode: 3 },
    end: () => { programs.end(); },
  };
}

for (const [name, kind, host] of [['a process of its own here', 'command', undefined], ['a process of its own over ssh', 'command', 'box'], ['Slurm here', 'slurm', undefined], ['Slurm over ssh', 'slurm', 'box']] as const) {
  describe(`training by ${name}`, function () {
    this.timeout(60_000);
    jobRunnerContract(() => underTest(kind, host), host !== undefined ? ['cutOff', 'forget', 'breakUpload'] : kind === 'slurm' ? ['cutOff', 'forget'] : ['forget']);

    it('takes every name and argument as it is', async () => {
      const target = underTest(kind, host);
      const jobs = new Jobs(target);
      const [first, ...others] = hostileNames(1_000);
      assert.ok(first !== undefined);
      const names = others.slice(0, 40);
      const runner = jobRunners({ environment: target.programs.environment })(targetOf(kind, host, { folder: `odd ${first}`, environment: { ODD: others.join('') } }), {});
      const spec = jobs.spec({ lines: [] }, {
        files: names.map(each => jobs.file(`d ${each}/${each}`, each)), title: first,
        command: ['sh', '-c', 'printf %s "$@" | sha256sum; printf %s "$ODD" | sha256sum', 'sh', ...others],
      });
      const { reference } = given(await runner.submit(spec, { signal: never }));
      assert.equal((await atEnd(runner, reference)).state, 'succeeded');
      const hash = `${createHash('sha256').update(others.join('')).digest('hex')}  -\n`;
      assert.equal(await wholeLog(runner, reference, 1_000), hash + hash);
      const folder = path.join(target.programs.home, `odd ${first}`, spec.key.slice(0, 12));
      for (const each of names) assert.equal(readFileSync(path.join(folder, `d ${each}`, each), 'utf8'), each);
      assert.deepEqual(target.programs.everything().filter(each => path.basename(each) === 'canary'), [], 'nothing of a name was run');
      await runner.close();
      jobs.end();
      target.programs.end();
    });
  });
}

describe('a job that is told to a shell', () => {
  let programs: JobPrograms;
  let jobs: Jobs;
  let runners: JobRunner[];
  const runnerOf = (kind: ShellKind, host?: string, changes: object = {}): JobRunner => {
    const runner = jobRunners({ environment: programs.environment })(targetOf(kind, host, changes), {});
    runners.push(runner);
    return runner;
  };

  beforeEach(() => {
    programs = new JobPrograms();
    jobs = new Jobs({ goFile: path.join(programs.root, 'go') });
    runners = [];
  });

  afterEach(async () => {
    writeFileSync(path.join(programs.root, 'go'), '');
    for (const runner of runners) await runner.close();
    jobs.end();
    programs.end();
  });

  it('is not sent twice where the answer of sbatch got lost', async () => {
    const spec = jobs.spec({ lines: ['once'] });
    programs.steer('lost', '');
    assert.equal(refused(await runnerOf('slurm').submit(spec, { signal: never }), 'target-unreachable').retryable, true);
    const { reference, found } = given(await runnerOf('slurm').submit(spec, { signal: never }));
    assert.match(reference, /^1 /);
    assert.equal(found, true);
    assert.equal(programs.read('count'), '1\n');
  });

  it('is taken over where whoever submitted it died in the middle', async () => {
    const spec = jobs.spec({ lines: ['late'] });
    const lock = path.join(programs.home, 'regenesis', spec.key.slice(0, 12), 'job', 'lock');
    mkdirSync(lock, { recursive: true });
    const { nodename } = { nodename: readFileSync('/proc/sys/kernel/hostname', 'utf8').trim() };
    writeFileSync(path.join(lock, 'owner'), `${nodename} 2147480000 1-boot\n`);
    const { reference } = given(await runnerOf('slurm').submit(spec, { signal: never }));
    assert.equal((await atEnd(runnerOf('slurm'), reference)).state, 'succeeded');
    assert.ok(!existsSync(lock), 'the lock is given back');
  });

  it('is refused in the words of Slurm', async () => {
    programs.steer('refusal', 'sbatch: error: invalid partition specified: gpu\nsbatch: error: Batch job submission failed: Invalid partition name specified\n');
    const spec = jobs.spec({ lines: [] });
    assert.match(refused(await runnerOf('slurm').submit(spec, { signal: never }), 'target-rejected').message, /Invalid partition name specified/);
    programs.steer('refusal');
    given(await runnerOf('slurm').submit(spec, { signal: never }));
  });

  it('does not start what sbatch refused and Slurm lists all the same', async () => {
    const spec = jobs.spec({ lines: ['in the end'] });
    mkdirSync(path.join(programs.root, 'jobs', '7'), { recursive: true });
    writeFileSync(path.join(programs.root, 'jobs', '7', 'name'), `regenesis-${spec.key.slice(0, 12)}\n`);
    programs.setState('7', 'FAILED|BadConstraints');
    const { reference, found } = given(await runnerOf('slurm').submit(spec, { signal: never }));
    assert.match(reference, /^1 /);
    assert.equal(found, false);
  });

  it('has an end also when Slurm has forgotten it', async () => {
    for (const [code, expected] of [[0, 'succeeded'], [3, 'failed']] as const) {
      const { reference } = given(await runnerOf('slurm').submit(jobs.spec({ lines: [], code }), { signal: never }));
      await atEnd(runnerOf('slurm'), reference);
      programs.setState(reference.split(' ')[0] ?? '');
      assert.equal(given(await runnerOf('slurm').status(reference, never)).status.state, expected);
    }
    programs.steer('grumble', 'sh: warning: setlocale: LC_ALL: cannot change locale\n');
    const { reference: remote } = given(await runnerOf('slurm', 'box').submit(jobs.spec({ lines: [] }), { signal: never }));
    await atEnd(runnerOf('slurm', 'box'), remote);
    programs.setState(remote.split(' ')[0] ?? '');
    assert.equal(given(await runnerOf('slurm', 'box').status(remote, never)).status.state, 'succeeded', 'whatever a login complains of');
    programs.steer('sacct', 'OUT_OF_MEMORY|0:125\n');
    const { reference } = given(await runnerOf('slurm').submit(jobs.spec({ lines: [] }), { signal: never }));
    await atEnd(runnerOf('slurm'), reference);
    programs.setState(reference.split(' ')[0] ?? '');
    assert.deepEqual(given(await runnerOf('slurm').status(reference, never)).status, { state: 'failed', reason: 'out-of-memory', words: 'OUT_OF_MEMORY' });
  });

  it('fails by name in its set-up, and where its program is not there', async () => {
    for (const kind of ['slurm', 'command'] as const) {
      const odd = runnerOf(kind, undefined, { setup: ['X=1', 'module load cuda', 'touch reached'] });
      const { reference } = given(await odd.submit(jobs.spec({ lines: [] }), { signal: never }));
      const status = await atEnd(odd, reference);
      assert.ok(status.state === 'failed' && status.reason === 'set-up-failed', JSON.stringify(status));
      assert.ok(!programs.everything().some(each => each.endsWith('reached')), 'nothing follows a line that failed');
      const gone = given(await runnerOf(kind).submit(jobs.spec({ lines: [] }, { command: ['no-such-program'] }), { signal: never }));
      const end = await atEnd(runnerOf(kind), gone.reference);
      assert.ok(end.state === 'failed' && end.reason === 'set-up-failed' && end.exitCode === 127, JSON.stringify(end));
    }
  });

  it('is given its environment and its set-up', async () => {
    const runner = runnerOf('command', undefined, { setup: ['export GREETING="hello $NAME"'], environment: { NAME: "O'Hara $(id)" } });
    const { reference } = given(await runner.submit(jobs.spec({ lines: [] }, { command: ['sh', '-c', 'echo "$GREETING, $PYTHONUNBUFFERED"; pwd'] }), { signal: never }));
    await atEnd(runner, reference);
    assert.equal(await wholeLog(runner, reference, 1_000), `hello O'Hara $(id), 1\n${reference}\n`);
    refused(await runnerOf('command', undefined, { environment: { 'A B': '' } }).submit(jobs.spec({ lines: [] }), { signal: never }), 'target-rejected');
    refused(await runnerOf('slurm', undefined, { resources: { partition: 'gpu\ntouch canary' } }).submit(jobs.spec({ lines: [] }), { signal: never }), 'target-rejected');
  });

  it('is described for people', async () => {
    const spec = jobs.spec({ lines: [] }, { command: ['python3', 'train.py', "it's"] });
    const job = spec.key.slice(0, 12);
    assert.deepEqual(runnerOf('slurm', 'box', { folder: '~/my jobs/' }).describe(spec), { place: `box:~/my jobs/${job}`, command: `cd && cd './my jobs/${job}' && sbatch job/script` });
    assert.deepEqual(runnerOf('command', undefined, { folder: '/data/' }).describe(spec), { place: `this machine:/data/${job}`, command: `cd && cd /data/${job} && python3 train.py 'it'\\''s'` });
    assert.equal(runnerOf('command').describe(spec).place, `this machine:~/regenesis/${job}`);
  });

  it('refuses names that lead out of its folder', async () => {
    for (const name of ['../x', '/etc/x', 'a//b', '', './x', 'job/id', 'a/..']) {
      refused(await runnerOf('command').submit(jobs.spec({ lines: [] }, { files: [jobs.file(name, 'x')] }), { signal: never }), 'target-rejected');
    }
  });

  it('is known to have been killed, and is not taken for another process', async () => {
    const runner = runnerOf('command');
    const { reference } = given(await runner.submit(jobs.spec({ lines: [], waits: true }), { signal: never }));
    await until(runner, reference, ({ state }) => state === 'running');
    const id = path.join(reference, 'job', 'id');
    const [host = '', pid = '', born = ''] = readFileSync(id, 'utf8').trim().split(' ');
    writeFileSync(id, `${host} ${process.pid} ${born}\n`);
    const other = given(await runner.status(reference, never)).status;
    assert.ok(other.state === 'failed' && other.reason === 'killed', 'our own process has its number, and is another');
    given(await runner.cancel(reference, never));
    writeFileSync(id, `elsewhere ${pid} ${born}\n`);
    assert.match(refused(await runner.status(reference, never), 'target-unreachable').message, /elsewhere/);
    writeFileSync(id, `${host} ${pid} ${born}\n`);
    process.kill(-Number(pid), 'SIGKILL');
    const killed = await until(runner, reference, ({ state }) => state !== 'running');
    assert.ok(killed.state === 'failed' && killed.reason === 'killed', JSON.stringify(killed));
  });

  it('sends nothing that is there already', async () => {
    const spec = jobs.spec({ lines: [] });
    const folder = path.join(programs.home, 'regenesis', spec.key.slice(0, 12));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'train.jsonl'), readFileSync(spec.files[0]?.path ?? ''));
    const { ino } = statSync(path.join(folder, 'train.jsonl'));
    given(await runnerOf('command').submit(spec, { signal: never }));
    assert.equal(statSync(path.join(folder, 'train.jsonl')).ino, ino);
    const other = jobs.spec({ lines: [] });
    mkdirSync(path.join(programs.home, 'regenesis', other.key.slice(0, 12)), { recursive: true });
    writeFileSync(path.join(programs.home, 'regenesis', other.key.slice(0, 12), 'train.jsonl'), 'half of it');
    given(await runnerOf('command').submit(other, { signal: never }));
    assert.equal(statSync(path.join(programs.home, 'regenesis', other.key.slice(0, 12), 'train.jsonl')).size, other.files[0]?.bytes);
  });

  it('leaves only a part behind where an upload broke off', async () => {
    const spec = jobs.spec({ lines: [] }, { files: [jobs.file('train.jsonl', 'x'.repeat(300_000))] });
    programs.steer('cut', '100000');
    refused(await runnerOf('command', 'box').submit(spec, { signal: never }), 'target-unreachable');
    const left = readdirSync(path.join(programs.home, 'regenesis', spec.key.slice(0, 12)));
    assert.ok(!left.includes('train.jsonl'), left.join());
  });

  it('is looked for on the host that was named, whatever its name, past what a login prints', async () => {
    programs.steer('noise', 'Welcome to box!\nquota: 12%');
    const odd = '-oProxyCommand=touch canary';
    const runner = runnerOf('command', odd);
    const { reference } = given(await runner.submit(jobs.spec({ lines: ['quiet'] }), { signal: never }));
    await atEnd(runner, reference);
    assert.equal(await wholeLog(runner, reference, 100), 'quiet\n');
    assert.deepEqual([...new Set(programs.read('calls').trim().split('\n'))], [`host=${odd}`]);
    assert.ok(!programs.everything().some(each => path.basename(each) === 'canary'));
  });

  it('says by name why ssh has failed', async () => {
    const said = (words: string) => {
      programs.steer('failure', words);
      return runnerOf('command', 'box').look(never);
    };
    assert.match(refused(await said('Host key verification failed.\n'), 'target-refused').message, /not known yet/);
    assert.match(refused(await said('@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n'), 'target-refused').message, /another than before/);
    assert.match(refused(await said('me@box: Permission denied (publickey,password).\n'), 'target-refused').message, /password is never asked/);
    for (const words of ['ssh: Could not resolve hostname box: Name or service not known\n', 'Connection timed out during banner exchange\n', 'Timeout, server box not responding.\n', 'Connection to box closed by remote host.\n', '']) {
      const { retryable, message } = refused(await said(words), 'target-unreachable');
      assert.equal(retryable, true);
      assert.doesNotMatch(message, /\?\./);
    }
    programs.steer('master', '');
    assert.match(refused(await said(''), 'target-unreachable').message, /ended by a signal/);
  });
});
