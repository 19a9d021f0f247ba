import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localShell, sshShell, type Shell } from '../../../../src/adapters/jobs/shell.ts';
import { problemError, ProblemError, type ProblemCode } from '../../../../src/core/model/problem.ts';
import { JobPrograms } from '../../../support/jobPrograms.ts';

const never = new AbortController().signal;

async function refusal(code: ProblemCode, running: Promise<unknown>): Promise<string> {
  try {
    await running;
  } catch (thrown) {
    assert.ok(thrown instanceof ProblemError, String(thrown));
    assert.equal(thrown.problem.code, code, thrown.problem.message);
    return thrown.problem.message;
  }
  return assert.fail(`not refused: expected ${code}`);
}

for (const kind of ['here', 'over ssh'] as const) {
  describe(`a shell ${kind}`, () => {
    let programs: JobPrograms;
    let shell: Shell;

    beforeEach(() => {
      programs = new JobPrograms();
      shell = kind === 'here' ? localShell(programs.environment) : sshShell('box', programs.environment);
    });

    afterEach(async () => {
      await shell.close();
      programs.end();
    });

    it('hands what follows the script to what it runs, to the byte', async () => {
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
      async function* stdin() {
        yield bytes.subarray(0, 10);
        yield bytes.subarray(10);
      }
      const { code, stdout, stderr } = await shell.run('cat; echo done >&2; exit 7', { signal: never, stdin: stdin(), mostBytes: 1 << 20 });
      assert.deepEqual({ code, stderr }, { code: 7, stderr: 'done\n' });
      assert.ok(stdout.equals(bytes));
    });

    it('keeps no more than it was told to', async () => {
      const { stdout } = await shell.run('head -c 3000000 /dev/zero', { signal: never, mostBytes: 1_000 });
      assert.ok(stdout.length >= 1_000 && stdout.length < 1_100, String(stdout.length));
    });

    it('ends what it runs when nobody waits any more, and when it takes too long', async () => {
      const stop = new AbortController();
      const script = (name: string) => `(sleep 1; touch ${path.join(programs.root, name)}) & wait`;
      const running = refusal('cancelled', shell.run(script('one'), { signal: stop.signal }));
      await sleep(300);
      stop.abort();
      await running;
      await refusal('target-unreachable', shell.run(script('two'), { signal: never, timeoutMs: 300 }));
      await sleep(1_300);
      assert.ok(!existsSync(path.join(programs.root, 'one')) && !existsSync(path.join(programs.root, 'two')));
    });

    it('fails of what its input failed of', async () => {
      async function* stdin(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('x');
        throw problemError('file-unreadable', 'gone');
      }
      await refusal('file-unreadable', shell.run('cat; sleep 5', { signal: never, stdin: stdin() }));
    });

    it('does not wait for what a script leaves behind', async () => {
      const begun = performance.now();
      const { code } = await shell.run('sleep 30 & exit 3', { signal: never });
      assert.equal(code, 3);
      assert.ok(performance.now() - begun < 10_000);
    });
  });
}

describe('a login that is no shell', () => {
  it('is told from one whose script failed', async () => {
    const programs = new JobPrograms();
    const shell = sshShell('box', { ...programs.environment, PATH: path.join(programs.root, 'bin') });
    programs.steer('noise', 'This account is currently not available.\n');
    assert.match(await refusal('target-unfit', shell.run('true', { signal: never })), /runs no shell for us/);
    const bare = sshShell('box', { PATH: '/nowhere' });
    assert.match(await refusal('target-unfit', bare.run('true', { signal: never })), /no program ssh/);
    await shell.close();
    programs.end();
  });

  it('shares the connection that its user shares already', async () => {
    const programs = new JobPrograms();
    const shell = sshShell('box', programs.environment);
    programs.steer('config', 'host box\ncontrolmaster auto\ncontrolpath /home/me/.ssh/%C\n');
    await shell.run('true', { signal: never });
    assert.doesNotMatch(programs.read('options'), /ControlPath/);
    programs.steer('config', 'host box\ncontrolpath none\n');
    const own = sshShell('box', programs.environment);
    await own.run('true', { signal: never });
    const folder = /ControlPath=(\S+)\/%C/.exec(programs.read('options'))?.[1] ?? '';
    assert.ok(existsSync(folder));
    await own.close();
    assert.ok(!existsSync(folder), 'nothing is left of it');
    await shell.close();
    programs.end();
  });
});
