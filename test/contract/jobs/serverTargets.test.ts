import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jobRunners } from '../../../src/adapters/jobs/createJobRunner.ts';
import type { JobRunner } from '../../../src/ports/jobRunner.ts';
import { hostileNames } from '../../support/hostileNames.ts';
import { ApiServer, RayServer } from '../../support/jobServers.ts';
import { atEnd, given, jobRunnerContract, Jobs, refused, until, wholeLog, type TargetUnderTest } from './jobRunnerContract.ts';

const never = new AbortController().signal;
const create = jobRunners({ environment: {}, version: 'test' });

async function rayUnderTest(): Promise<TargetUnderTest & { readonly server: RayServer }> {
  const server = new RayServer();
  await server.start();
  const goFile = path.join(server.root, 'go');
  return {
    server,
    goFile,
    runner: () => create({ kind: 'ray', name: 'test', url: server.url }, {}),
    letGo: () => { writeFileSync(goFile, ''); },
    taken: () => server.submitted.length,
    cutOff: () => server.stop(),
    mend: () => server.start(),
    forget: reference => { server.jobs.delete(reference); },
    breakUpload: () => {
      server.odd = method => {
        if (method !== 'PUT') return undefined;
        server.odd = () => undefined;
        return 'reset';
      };
    },
    version: /^Ray 2\.60\.0$/,
    failure: { state: 'failed', reason: 'exit-code', exitCode: 3 },
    end: async () => {
      await server.stop();
      server.end();
    },
  };
}

async function apiUnderTest(): Promise<TargetUnderTest & { readonly server: ApiServer }> {
  const server = new ApiServer();
  await server.start();
  return {
    server,
    goFile: '/nowhere',
    runner: () => create({ kind: 'openai', name: 'test', url: `${server.url}/v1` }, {}),
    plan: (spec, { lines, code = 0, waits = false }) => {
      server.plans.set(spec.key, { lines, ...(code !== 0 && { fails: { code: 'internal_error', message: 'The training failed.' } }) });
      server.holds = waits;
    },
    letGo: () => { server.holds = false; },
    taken: () => server.jobs.filter(({ status }) => status !== 'cancelled').length,
    cutOff: () => server.stop(),
    mend: () => server.start(),
    forget: reference => { server.jobs.splice(server.jobs.findIndex(({ id }) => id === reference), 1); },
    breakUpload: () => {
      server.odd = (method, where) => {
        if (method !== 'POST' || where !== '/v1/files') return undefined;
        server.odd = () => undefined;
        return 'reset';
      };
    },
    version: /^fine-tuning API of 127\.0\.0\.1/,
    failure: { state: 'failed', reason: 'exit-code' },
    end: () => server.stop(),
  };
}

describe('training by Ray', function () {
  this.timeout(60_000);
  jobRunnerContract(rayUnderTest, ['cutOff', 'forget', 'breakUpload']);

  describe('as its own dashboard', () => {
    let target: Awaited<ReturnType<typeof rayUnderTest>>;
    let jobs: Jobs;
    let runner: JobRunner;

    beforeEach(async () => {
      target = await rayUnderTest();
      jobs = new Jobs(target);
      runner = target.runner();
    });

    afterEach(async () => {
      await target.letGo();
      await runner.close();
      jobs.end();
      await target.end();
    });

    it('takes every name and argument as it is', async () => {
      const [first, ...others] = hostileNames(1_000);
      assert.ok(first !== undefined);
      const names = others.slice(0, 400);
      const spec = jobs.spec({ lines: [] }, {
        title: first, files: names.map(each => jobs.file(`d ${each}/${each}`, each)), command: ['sh', '-c', 'printf %s "$@" | sha256sum', 'sh', ...others],
      });
      const { reference } = given(await runner.submit(spec, { signal: never }));
      assert.equal((await atEnd(runner, reference)).state, 'succeeded');
      assert.match(await wholeLog(runner, reference, 1_000), new RegExp(createHash('sha256').update(others.join('')).digest('hex')));
      const folder = target.server.jobs.get(reference)?.folder ?? '';
      for (const each of names) assert.equal(readFileSync(path.join(folder, `d ${each}`, each), 'utf8'), each);
      assert.throws(() => readFileSync(path.join(folder, 'canary')));
    });

    it('is sent what a cluster needs, and never as a browser', async () => {
      const odd = create({ kind: 'ray', name: 'test', url: `${target.server.url}/`, pip: ['trl'], environment: { HF_HOME: '/data' }, resources: { gpus: 1, cpus: 4, memoryGiB: 1.5 } }, { apiKey: 'token-1' });
      const spec = jobs.spec({ lines: [] });
      given(await odd.submit(spec, { signal: never }));
      const [sent] = target.server.submitted;
      assert.deepEqual({ ...sent, entrypoint: '', runtime_env: { ...sent?.runtime_env, working_dir: '' } }, {
        entrypoint: '', submission_id: `regenesis-${spec.key.slice(0, 12)}`, metadata: { regenesis_key: spec.key, title: 'a-test' },
        runtime_env: { working_dir: '', env_vars: { HF_HOME: '/data', PYTHONUNBUFFERED: '1' }, pip: ['trl'] },
        entrypoint_num_gpus: 1, entrypoint_num_cpus: 4, entrypoint_memory: 1_610_612_736,
      });
      for (const { 'user-agent': agent, authorization } of target.server.headers) {
        assert.equal(agent, 'regenesis/test');
        assert.equal(authorization, 'Bearer token-1');
      }
      await odd.close();
    });

    it('packs the same files as the same bytes, once', async () => {
      const files = [jobs.file('train.jsonl', '{}\n'), jobs.file('a/b.py', 'x')];
      given(await runner.submit(jobs.spec({ lines: [] }, { files }), { signal: never }));
      const [name = '', bytes] = [...target.server.packages][0] ?? [];
      given(await runner.submit(jobs.spec({ lines: [] }, { files: [...files].reverse() }), { signal: never }));
      assert.equal(target.server.packages.size, 1);
      assert.equal(target.server.requests.filter(each => each.startsWith('PUT')).length, 1);
      target.server.packages.clear();
      given(await runner.submit(jobs.spec({ lines: [] }, { files }), { signal: never }));
      assert.deepEqual(target.server.packages.get(name), bytes);
    });

    it('goes on with a log whose tail ended although the job did not', async () => {
      target.server.shortTails = 2;
      const { reference } = given(await runner.submit(jobs.spec({ lines: ['first'], waits: true }), { signal: never }));
      await until(runner, reference, ({ state }) => state === 'running');
      let text = '';
      let from = 0;
      const readOn = async () => {
        const piece = given(await runner.log(reference, { from, most: 50 }, never));
        text += piece.text;
        from = piece.next;
      };
      for (let reads = 0; reads < 6 && !text.includes('first'); reads += 1) await readOn();
      await target.letGo();
      await atEnd(runner, reference);
      for (let reads = 0; reads < 4; reads += 1) await readOn();
      assert.equal(text, readFileSync(path.join(target.server.root, `${reference}.log`), 'utf8'));
    });

    it('gives what a job has said so far that never stops speaking', async () => {
      target.server.tailMs = 1_000;
      const { reference } = given(await runner.submit(jobs.spec({ lines: [] }, { command: ['sh', '-c', 'until [ -e "$1" ]; do echo step; sleep 0.1; done; echo end', 'sh', target.goFile] }), { signal: never }));
      const first = given(await runner.log(reference, { from: 0, most: 1 << 20 }, never));
      assert.match(first.text, /step\n/);
      assert.equal(given(await runner.status(reference, never)).status.state, 'running');
      await target.letGo();
      await atEnd(runner, reference);
      const rest = given(await runner.log(reference, { from: first.next, most: 1 << 20 }, never));
      assert.match(rest.text, /step\nend\n$/);
    });

    it('lets a reader go on in the same tail, and back in another', async () => {
      const { reference } = given(await runner.submit(jobs.spec({ lines: ['first'], waits: true }), { signal: never }));
      const read = async (from: number): Promise<string> => given(await runner.log(reference, { from, most: 4 }, never)).text;
      assert.deepEqual([await read(0), await read(4), await read(12)], ['Runt', 'ime ', 'is s']);
      assert.equal(target.server.tails, 1);
      assert.deepEqual([await read(8), await read(12)], ['env ', 'is s']);
      assert.equal(target.server.tails, 2);
    });

    it('says why a job failed', async () => {
      const { reference } = given(await runner.submit(jobs.spec({ lines: [] }), { signal: never }));
      await atEnd(runner, reference);
      const job = target.server.jobs.get(reference);
      assert.ok(job !== undefined);
      const cases = [
        ['RUNTIME_ENV_SETUP_FAILURE', 'runtime_env setup failed: Failed to install pip packages', null, 'set-up-failed'],
        ['JOB_SUPERVISOR_ACTOR_UNSCHEDULABLE', 'Job supervisor actor could not be scheduled', null, 'never-startable'],
        ['JOB_SUPERVISOR_ACTOR_DIED', 'Job supervisor actor died', null, 'node-failure'],
        ['JOB_ENTRYPOINT_COMMAND_ERROR', 'Job entrypoint command failed with exit code -9', -9, 'killed'],
        ['JOB_ENTRYPOINT_COMMAND_ERROR', 'Task was killed due to the node running low on memory.', 1, 'out-of-memory'],
        [null, 'Unexpected error', null, 'killed'],
      ] as const;
      for (const [type, message, code, reason] of cases) {
        Object.assign(job, { status: 'FAILED', error_type: type, message, driver_exit_code: code });
        const { status } = given(await runner.status(reference, never));
        assert.ok(status.state === 'failed' && status.reason === reason && status.words === message, JSON.stringify(status));
      }
    });

    it('tells what is no dashboard from a job that has vanished', async () => {
      const { reference } = given(await runner.submit(jobs.spec({ lines: [] }), { signal: never }));
      await atEnd(runner, reference);
      const { server } = target;
      const asked = async (odd: { readonly status: number; readonly body: string; readonly type?: string }) => {
        server.odd = () => odd;
        return runner.status(reference, never);
      };
      refused(await asked({ status: 404, body: '<html>Not Found</html>' }), 'target-reply-unreadable');
      refused(await asked({ status: 200, body: '<html>Log in</html>' }), 'target-reply-unreadable');
      refused(await asked({ status: 200, body: '{"status":"DREAMING"}', type: 'application/json' }), 'target-reply-unreadable');
      refused(await asked({ status: 503, body: 'busy' }), 'target-unreachable');
      refused(await asked({ status: 401, body: 'Unauthorized' }), 'target-refused');
      assert.match(refused(await asked({ status: 500, body: 'Traceback (most recent call last):\n  File "x.py"\nRuntimeError: gcs is gone' }), 'target-reply-unreadable').message, /RuntimeError: gcs is gone/);
      server.odd = (method, where) => (method === 'POST' && where === '/api/jobs/' ? { status: 405, body: "'POST' method not allowed for browser traffic." } : undefined);
      assert.match(refused(await runner.submit(jobs.spec({ lines: [] }), { signal: never }), 'target-rejected').message, /browser traffic/);
    });
  });
});

describe('training by a fine-tuning API', function () {
  this.timeout(60_000);
  jobRunnerContract(apiUnderTest, ['cutOff', 'forget', 'breakUpload']);

  describe('as its own server', () => {
    let target: Awaited<ReturnType<typeof apiUnderTest>>;
    let jobs: Jobs;
    let runner: JobRunner;

    beforeEach(async () => {
      target = await apiUnderTest();
      jobs = new Jobs(target);
      runner = target.runner();
    });

    afterEach(async () => {
      await runner.close();
      jobs.end();
      await target.end();
    });

    it('is sent what it knows', async () => {
      const held = jobs.file('validation.jsonl', '{"messages":[]}\n');
      const spec = jobs.spec({ lines: [] });
      given(await runner.submit({ ...spec, files: [...spec.files, jobs.file('train.py', 'x'), held], hyperparameters: { method: 'sft', epochs: 3, learning_rate: 1e-5, seed: 7, batch: 4, beta: 1 } }, { signal: never }));
      assert.deepEqual(target.server.jobs[0]?.body, {
        model: 'tiny', training_file: 'file-1', validation_file: 'file-2', suffix: 'a-test', seed: 7, hyperparameters: { n_epochs: 3, batch_size: 4 }, metadata: { regenesis_key: spec.key },
      });
      assert.deepEqual(target.server.files.get('file-1'), { filename: `regenesis-${spec.files[0]?.sha256.slice(0, 16) ?? ''}.jsonl`, bytes: spec.files[0]?.bytes });
      given(await runner.submit(jobs.spec({ lines: [] }, { hyperparameters: { method: 'dpo', beta: 0.1 } }), { signal: never }));
      assert.deepEqual(target.server.jobs[1]?.body['method'], { type: 'dpo', dpo: { hyperparameters: { beta: 0.1 } } });
      assert.match(refused(await runner.submit(jobs.spec({ lines: [] }, { hyperparameters: { method: 'kto' } }), { signal: never }), 'target-rejected').message, /kto/);
      assert.equal(target.server.files.size, 2, 'a file that is there is not sent again');
    });

    it('ends its own job where another window was quicker', async () => {
      const spec = jobs.spec({ lines: [] });
      const other = target.runner();
      const { reference } = given(await other.submit(spec, { signal: never }));
      target.server.staleLists = 1;
      const late = given(await runner.submit(spec, { signal: never }));
      assert.deepEqual({ reference: late.reference, found: late.found }, { reference, found: true });
      assert.deepEqual(target.server.jobs.map(({ status }) => status), ['validating_files', 'cancelled']);
      await other.close();
    });

    it('has figures in its log as training itself writes them, in either order of events', async () => {
      for (const newestFirst of [true, false]) {
        target.server.newestFirst = newestFirst;
        const spec = jobs.spec({ lines: ['Step 1/90: training loss=2.50', 'a {"regenesis":"done"} in words', 'two\nlines'] });
        const plan = target.server.plans.get(spec.key);
        target.server.plans.set(spec.key, { lines: plan?.lines ?? [], metrics: [{ step: 2, total_steps: 90, train_loss: 2.25 }, { step: 3, total_steps: 90, train_loss: 2, full_valid_loss: 2.1 }] });
        const own = target.runner();
        const { reference } = given(await own.submit(spec, { signal: never }));
        const early = await wholeLog(own, reference, 1_000);
        assert.match(early, /^2023-11-14T22:13:20.000Z info: Created fine-tuning job\n$/);
        await atEnd(own, reference);
        const rest = await wholeLog(own, reference, 40);
        assert.ok(rest.startsWith(early));
        assert.deepEqual(rest.slice(early.length).split('\n'), [
          '{"regenesis":"step","step":1,"steps":90,"loss":2.5}', '2023-11-14T22:13:22.000Z info: a { "regenesis":"done"} in words', '2023-11-14T22:13:23.000Z info: two lines',
          '{"regenesis":"step","step":2,"steps":90,"loss":2.25}', '{"regenesis":"step","step":3,"steps":90,"loss":2}', '{"regenesis":"evaluation","step":3,"loss":2.1}', '',
        ]);
        await own.close();
      }
    });

    it('serves what it trained', async () => {
      const { reference } = given(await runner.submit(jobs.spec({ lines: [] }), { signal: never }));
      assert.deepEqual(await atEnd(runner, reference), { state: 'succeeded', model: 'ft:tiny:regenesis' });
      target.server.tunedModel = null;
      assert.deepEqual(given(await runner.status(reference, never)).status, { state: 'succeeded', model: 'tiny:step-20' }, 'else the model of the last checkpoint');
    });

    it('says why a job failed', async () => {
      const cases = [
        [{ code: 'invalid_training_file', message: 'Line 4 is no JSON' }, 'data-rejected'], [{ code: 'exceeded_quota', message: 'Pay first' }, 'refused'], [{ code: 'server_error', message: 'CUDA out of memory' }, 'out-of-memory'],
      ] as const;
      for (const [fails, reason] of cases) {
        const spec = jobs.spec({ lines: [] });
        target.server.plans.set(spec.key, { lines: [], fails });
        const { reference } = given(await runner.submit(spec, { signal: never }));
        const status = await atEnd(runner, reference);
        assert.ok(status.state === 'failed' && status.reason === reason, JSON.stringify(status));
      }
    });

    it('refuses a model that it does not know by its name', async () => {
      assert.match(refused(await runner.submit(jobs.spec({ lines: [] }, { model: 'gpt-99' }), { signal: never }), 'target-rejected').message, /gpt-99/);
    });

    it('notices a key that is not good any more, and repeats no key', async () => {
      target.server.key = 'sk-abcdef123456';
      const keyed = create({ kind: 'openai', name: 'test', url: `${target.server.url}/v1` }, { apiKey: 'sk-abcdef123456' });
      const { reference } = given(await keyed.submit(jobs.spec({ lines: [] }), { signal: never }));
      target.server.key = 'sk-other';
      const problem = refused(await keyed.status(reference, never), 'target-refused');
      assert.ok(!problem.message.includes('abcdef'), problem.message);
      await keyed.close();
    });

    it('tells what is no API from a job that has vanished', async () => {
      const { reference } = given(await runner.submit(jobs.spec({ lines: [] }), { signal: never }));
      const asked = async (odd: { readonly status: number; readonly body: string; readonly type?: string }) => {
        target.server.odd = () => odd;
        return runner.status(reference, never);
      };
      refused(await asked({ status: 200, body: '<html>Log in</html>' }), 'target-reply-unreadable');
      refused(await asked({ status: 200, body: '<html>', type: 'application/json' }), 'target-reply-unreadable');
      refused(await asked({ status: 200, body: '{"id":"x","status":"dreaming"}', type: 'application/json' }), 'target-reply-unreadable');
      assert.equal(refused(await asked({ status: 404, body: '<html>nginx</html>' }), 'target-reply-unreadable').retryable, true);
      refused(await asked({ status: 502, body: '<html>Bad gateway</html>' }), 'target-unreachable');
      assert.equal(refused(await asked({ status: 429, body: '{"error":{"message":"slow down"}}', type: 'application/json' }), 'target-unreachable').retryable, true);
      target.server.odd = () => ({ status: 200, body: '<html>', type: 'text/html' });
      refused(await runner.submit(jobs.spec({ lines: [] }), { signal: never }), 'target-reply-unreadable');
      assert.equal(target.server.jobs.length, 1, 'a page in the place of a list is no list without jobs');
    });
  });
});
