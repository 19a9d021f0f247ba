import assert from 'node:assert/strict';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { lineagesOf, lineageWords } from '../../../../src/client/lineage.ts';
import type { BodyOf, events } from '../../../../src/contract/engine.ts';
import type { JobChoices, JobRow } from '../../../../src/contract/jobs.ts';
import type { ExportReport } from '../../../../src/contract/reports.ts';
import { usualRule } from '../../../../src/core/model/exportRule.ts';
import { problemError, problemOf, type Problem } from '../../../../src/core/model/problem.ts';
import { JobDesk } from '../../../../src/engine/jobs/jobDesk.ts';
import { FakeRunner, memoryJobFiles } from '../../../support/fakeJobs.ts';
import { SwiftClock } from '../../../support/fakeModel.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';
import { MemoryStore } from '../../../support/memoryStore.ts';

const training = {
  'train.py': 'print("training")\n', 'README.md': 'for people\n',
  'presets/lora.yaml': '# Adapters on one GPU.\nmethod: sft\nepochs: 3\nlearning_rate: 0.00001\n', 'presets/kto.yaml': '# Labels.\nmethod: kto\nepochs: 1\nadapter: lora\n',
};

/** A project with a desk, and a target behind it. Data are what the test says. */
class Workshop {
  readonly loaded: string[] = [];
  readonly clock = new SwiftClock();
  refusal: Problem | undefined;
  readonly store = new MemoryStore();
  readonly kept = new Map<string, string>();
  readonly runner = new FakeRunner();
  /** Targets that are other places than the usual one, by name. */
  readonly others = new Map<string, FakeRunner>();
  readonly heard: JobRow[] = [];
  readonly exported: string[] = [];
  readonly keys: (string | undefined)[] = [];
  readonly works: (string | undefined)[] = [];
  readonly warnings: unknown[] = [];
  /** What an export waits for. */
  exporting: Promise<unknown> = Promise.resolve();
  /** Why the project file cannot be read. */
  lost: Problem | undefined;
  /** Name of the export that a client has called off. */
  cancelled: string | undefined;
  data = '{"prompt":"a","completion":"b"}\n';
  /** The part for validation, where a rule splits one off. */
  apart = '{"prompt":"v","completion":"w"}\n';
  desk = this.open();

  open(): JobDesk {
    const unused = () => { throw new Error('not needed here'); };
    const desk = new JobDesk({
      store: () => {
        if (this.lost) throw problemError(this.lost.code, this.lost.message);
        return this.store;
      },
      dependencies: {
        app: 'test', host: 'here', pid: 1, node: 'v24', openStore: unused, createModel: unused, rows: { open: unused }, files: memoryFiles(), clock: this.clock, hash: sha256, understanding: 'test', loadCl100k: unused,
        jobFiles: memoryJobFiles(this.kept, training),
        loadAdapter: async ({ baseUrl, name, path }) => {
          this.loaded.push(`${name} from ${path} on ${baseUrl}`);
          return this.refusal;
        },
        createJobRunner: ({ name }, { apiKey }) => {
          this.keys.push(apiKey);
          return this.others.get(name) ?? this.runner;
        },
        emit: (name, body) => {
          if (name === 'jobChanged') this.heard.push(body as BodyOf<(typeof events)['jobChanged']>);
          if (name === 'log') this.warnings.push(body);
        },
      },
      exportTo: async ({ out, format, work, rule }, signal) => {
        this.works.push(work);
        await Promise.race([this.exporting, new Promise(resolve => { signal.addEventListener('abort', resolve); })]);
        if (signal.aborted || (work !== undefined && work === this.cancelled)) throw problemError('cancelled', 'It was cancelled.');
        return this.#export(out, { format, split: rule?.split?.name });
      },
    });
    desk.opened();
    return desk;
  }

  #export(out: string, { format, split: name }: { readonly format: ExportReport['format']; readonly split: string | undefined }): ExportReport {
    this.exported.push(format);
    const rowsIn = (text: string) => text.split('\n').length - 1;
    const apart = name === undefined ? undefined : { name, path: out.replace(/\.jsonl$/, `.${name}.jsonl`), records: rowsIn(this.apart), tasks: rowsIn(this.apart), sha256: sha256(this.apart) };
    if (apart) this.kept.set(apart.path, this.apart);
    const records = rowsIn(this.data) + (apart?.records ?? 0);
    const report = { format, records, tasks: records, hinted: 0, humanEdited: 0, reviewed: 0, sha256: sha256(this.data) };
    this.kept.set(out, this.data);
    this.kept.set(`${out}.manifest.json`, JSON.stringify({ ...report, simulation: true, ...(apart ? { split: { name, file: apart.path.split('/').at(-1), records: apart.records, tasks: apart.tasks, sha256: apart.sha256 } } : {}) }));
    return { ...report, ...(apart ? { split: apart } : {}), path: out, manifest: `${out}.manifest.json`, recordsFile: '', unreviewed: 'kept', excluded: {}, recipes: {}, simulated: true, rule: usualRule };
  }

  start(choices: Partial<JobChoices> = {}) {
    return this.desk.handlers.startJob({ target: { kind: 'slurm', name: 'cluster', host: 'hpc' }, model: 'base', ...choices });
  }

  /** Waits until something is so. */
  async happened(is: () => boolean): Promise<void> {
    for (let turn = 0; turn < 5_000; turn += 1) {
      if (is()) return;
      await new Promise(resolve => { setImmediate(resolve); });
    }
    assert.fail('it never came to that');
  }

  /** Waits until a job is so. */
  async until(is: (row: JobRow) => boolean): Promise<JobRow> {
    for (let turn = 0; turn < 5_000; turn += 1) {
      const found = (await this.desk.handlers.jobs({})).jobs.find(is);
      if (found) return found;
      await new Promise(resolve => { setImmediate(resolve); });
    }
    return assert.fail(`it never came to that: ${JSON.stringify((await this.desk.handlers.jobs({})).jobs)}`);
  }

  async codeOf(work: () => Promise<unknown>): Promise<string> {
    return work().then(() => 'no problem', (thrown: unknown) => problemOf(thrown).code);
  }
}

const step = (at: number, loss: number): string => `${JSON.stringify({ regenesis: 'step', step: at, steps: 30, epoch: at / 10, loss, learningRate: 1e-5, gradNorm: null, secondsPerStep: 2 })}\n`;

describe('training jobs', () => {
  let shop: Workshop;
  beforeEach(() => { shop = new Workshop(); });
  afterEach(async () => { await shop.desk.close(); });

  it('are exported, sent with their code and followed to their end', async () => {
    const { job, found } = await shop.start();
    assert.deepEqual([job.state, job.records, job.simulated, found, shop.exported], ['queued', 1, true, false, ['prompt-completion']]);
    const [spec] = shop.runner.submitted;
    assert.ok(spec);
    assert.deepEqual(spec.files.map(({ name }) => name), ['train.jsonl', 'config.yaml', 'train.py'], 'what is for people stays here');
    assert.deepEqual(spec.files.map(({ path }) => path.replace(spec.key.slice(0, 12), 'KEY')), ['train.jsonl', 'config.yaml', 'train.py'].map(name => `/memory/project.jobs/KEY/${name}`));
    for (const file of spec.files) assert.equal(sha256(shop.kept.get(file.path) ?? ''), file.sha256);
    assert.equal(shop.kept.get(spec.files[1]?.path ?? ''), 'epochs: 3\nlearning_rate: 0.00001\nmethod: sft\n');
    assert.deepEqual([...shop.kept.keys()].filter(path => path.includes('.preparing')), []);

    shop.runner.now = { state: 'running' };
    shop.runner.logText = `${JSON.stringify({ regenesis: 'start', steps: 30, rows: 1, droppedRows: 0, cutRows: 0 })}\nsome text\n${step(1, 2)}${step(2, 1.5)}`;
    const running = await shop.until(({ state, step: at }) => state === 'running' && at === 2);
    assert.deepEqual([running.steps, running.loss, running.secondsPerStep, running.curve], [30, 1.5, 2, [2, 1.5]]);

    shop.runner.logText += `${step(3, 1)}${JSON.stringify({ regenesis: 'done', output: 'output', weightsSha256: 'e'.repeat(64) })}\nthe end, without a line of its own`;
    shop.runner.now = { state: 'succeeded' };
    const done = await shop.until(({ state }) => state === 'succeeded');
    assert.deepEqual([done.model, done.step, done.reason, done.curve], ['output', 3, undefined, undefined]);
    const log = await shop.desk.handlers.jobLog({ job: done.id, from: 0, most: 1_000_000 });
    assert.deepEqual([log.text, log.atEnd], [shop.runner.logText, true]);
    assert.equal((await shop.desk.handlers.jobLog({ job: done.id, from: -8, most: 100 })).text, 'its own'.padStart(8));
    const detail = await shop.desk.handlers.jobDetail({ job: done.id });
    assert.deepEqual(detail.points.map(({ step: at, loss }) => [at, loss]), [[1, 2], [2, 1.5], [3, 1]]);
    assert.deepEqual(detail.events.map(({ state }) => state), ['preparing', 'uploading', 'queued', 'running', 'succeeded']);
    assert.equal(shop.heard.at(-1)?.state, 'succeeded');
  });

  it('have their adapter served under a name with the digits of its weights, or say why it is not', async () => {
    const { job } = await shop.start({ preset: 'kto' });
    const load = () => shop.desk.handlers.loadAdapter({ job: job.id, server: 'http://gpu07:8000/v1', path: '/jobs/output' });
    assert.equal(await shop.codeOf(load), 'usage', 'it has not ended');
    shop.runner.logText = `${JSON.stringify({ regenesis: 'done', output: 'output', weightsSha256: '1a2b3c4d5e6f', loss: 1 })}\n`;
    shop.runner.now = { state: 'succeeded' };
    await shop.until(({ state }) => state === 'succeeded');
    const name = `base-ft${job.id}-1a2b3c4d`;
    assert.deepEqual(await load(), { name });
    const { jobs } = await shop.desk.handlers.jobs({});
    assert.equal(lineageWords(jobs, name), `tuned from base by job ${job.id} on 1 record (train.jsonl ${sha256(shop.data).slice(0, 8)}), simulation`);
    assert.deepEqual(lineagesOf(jobs, ['base', 'base-ft1-00000000']), {}, 'other models, and other weights');
    assert.deepEqual(shop.loaded, [`${name} from /jobs/output on http://gpu07:8000/v1`]);
    shop.refusal = { code: 'server-bad-request', message: 'it was started without --enable-lora' };
    assert.equal(await shop.codeOf(load), 'server-bad-request');
  });

  it('that were begun before are found, by whoever begins them at the same moment too', async () => {
    const twins = await Promise.all([shop.start(), shop.start()]);
    assert.deepEqual(twins.map(({ job, found }) => [job.id, found]), [[1, false], [1, true]]);
    assert.equal((await shop.start()).job.id, 1);
    assert.equal((await shop.start({ changes: { epochs: 4 } })).job.id, 2);
    assert.equal((await shop.start({ model: 'another' })).job.id, 3);
    shop.data += '{"prompt":"c","completion":"d"}\n';
    assert.equal((await shop.start()).job.id, 4);
    assert.equal((await shop.start({ target: { kind: 'command', name: 'here' } })).found, false, 'another target');
    assert.equal(shop.runner.submitted.length, 5);
  });

  it('are others in another folder of one cluster, each with a folder and a log of its own here', async () => {
    const target = { kind: 'slurm', name: 'cluster', host: 'hpc' } as const;
    await shop.start({ target });
    const { job, found } = await shop.start({ target: { ...target, folder: '/scratch' } });
    assert.deepEqual([job.id, found, new Set(shop.runner.submitted.map(({ key }) => key.slice(0, 12))).size], [2, false, 2]);
    assert.deepEqual((await shop.start({ target: { ...target, resources: { minutes: 60 } } })).job.id, 1, 'what is asked of it makes no other work');
    shop.runner.logText = step(1, 2);
    shop.runner.now = { state: 'succeeded' };
    await shop.until(({ id, state }) => id === 1 && state === 'succeeded');
    await shop.until(({ id, state }) => id === 2 && state === 'succeeded');
    assert.equal([...shop.kept.keys()].filter(path => path.endsWith('/log.txt')).length, 2);
  });

  it('wait in no queue where they are a process of their own', async () => {
    const { job } = await shop.start({ target: { kind: 'command', name: 'here' } });
    assert.equal(job.state, 'running', 'before anything has looked at it');
    shop.runner.now = { state: 'succeeded' };
    await shop.until(({ state }) => state === 'succeeded');
    assert.deepEqual((await shop.desk.handlers.jobDetail({ job: job.id })).events.map(({ state }) => state), ['preparing', 'uploading', 'running', 'succeeded']);
  });

  it('are seen as they are while another target hangs', async () => {
    const slow = new FakeRunner();
    shop.others.set('slow', slow);
    let answer: () => void = () => undefined;
    slow.answers = new Promise<void>(resolve => { answer = resolve; });
    const { job: stuck } = await shop.start({ target: { kind: 'command', name: 'slow', host: 'slow' } });
    const { job: fast } = await shop.start();
    await shop.until(() => shop.clock.monotonicMs() > 1_030_000); // the slow one is being asked, and half a minute has gone by
    shop.runner.now = { state: 'running' };
    await shop.until(({ id, state }) => id === fast.id && state === 'running');
    const looked = shop.desk.handlers.followJobs({ now: true });
    shop.runner.now = { state: 'succeeded' };
    await shop.until(({ id, state }) => id === fast.id && state === 'succeeded');
    assert.equal((await shop.desk.handlers.jobs({})).jobs.find(({ id }) => id === stuck.id)?.state, 'running');
    slow.now = { state: 'succeeded' };
    answer();
    await looked;
    await shop.until(({ id, state }) => id === stuck.id && state === 'succeeded');
  });

  it('are shown by a plan where the very same work was begun, and by none where anything differs', async () => {
    const target = { kind: 'slurm', name: 'cluster', host: 'hpc' } as const;
    const planned = async (choices: Partial<JobChoices> = {}) => shop.desk.handlers.planJob({ target, model: 'base', ...choices });
    assert.deepEqual([(await planned()).key, shop.exported.length], [undefined, 0], 'nothing is exported for work that nobody has begun');
    const { job } = await shop.start();
    const [same, kept] = [await planned(), [...shop.kept.keys()]];
    assert.deepEqual([same.key, same.existing?.id, same.existing?.state, shop.exported.length], [job.key, job.id, 'queued', 2]);
    assert.deepEqual(kept.filter(path => path.includes('.preparing')), []);
    for (const other of [{ model: 'another' }, { changes: { epochs: 4 } }, { target: { ...target, folder: '/scratch' } }, { format: 'chat' as const }]) assert.equal((await planned(other)).key, undefined, JSON.stringify(other));
    assert.equal(shop.exported.length, 2);
    const anew = await planned({ retry: true });
    assert.deepEqual([anew.existing, anew.key === job.key], [undefined, false]);
    shop.data += '{"prompt":"c","completion":"d"}\n';
    assert.equal((await planned()).existing, undefined, 'other data');
    shop.data = '';
    const { key, files } = await planned();
    assert.deepEqual([key, files.length], [undefined, 3], 'with nothing to learn from there is a plan all the same');
    assert.equal(shop.runner.submitted.length, 1);
  });

  it('are planned for nobody who has called that off, whether its turn has come or not, and hold up no start', async () => {
    const target = { kind: 'slurm', name: 'cluster', host: 'hpc' } as const;
    await shop.start();
    let letGo: () => void = () => undefined;
    shop.exporting = new Promise<void>(resolve => { letGo = resolve; });
    const plan = async (work: string, asking?: { readonly signal: AbortSignal }) => shop.codeOf(() => shop.desk.handlers.planJob({ target, model: 'base', work }, asking));
    const client = new AbortController();
    const [first, second, third] = [plan('first', { signal: client.signal }), plan('second'), plan('third')];
    await shop.happened(() => shop.works.includes('first'));
    const [started, unwanted] = [shop.start({ model: 'another', work: 'start' }), shop.codeOf(() => shop.start({ model: 'third', work: 'unwanted' }))];
    for (const work of ['second', 'unwanted', 'nobody']) shop.desk.callOff(work);
    client.abort();
    assert.deepEqual([await first, await second], ['cancelled', 'cancelled']);
    await shop.happened(() => shop.works.includes('third'));
    shop.desk.callOff('third');
    assert.equal(await third, 'cancelled');
    await shop.happened(() => shop.works.includes('start'));
    letGo();
    assert.deepEqual([(await started).job.id, await unwanted, shop.works], [2, 'cancelled', [undefined, 'first', 'third', 'start']]);
    assert.deepEqual([(await shop.desk.handlers.jobs({})).jobs.length, [...shop.kept.keys()].filter(path => path.includes('.preparing'))], [2, []]);
  });

  it('are followed on, and again, when their project file could not be read in mid-round', async () => {
    const { job } = await shop.start();
    shop.lost = { code: 'project-not-found', message: 'It was moved away.' };
    await shop.happened(() => shop.warnings.length > 2);
    shop.lost = undefined;
    shop.runner.now = { state: 'running' };
    await shop.until(({ id, state }) => id === job.id && state === 'running');

    const closed = shop.desk.close();
    shop.desk.opened();
    await shop.desk.handlers.followJobs({});
    await closed;
    assert.equal(shop.runner.closed, 1, 'and not the next one, which is in use');
    shop.runner.now = { state: 'succeeded' };
    await shop.until(({ id, state }) => id === job.id && state === 'succeeded');
  });

  it('are done once more where a person wants that, and are found afterwards', async () => {
    const { job } = await shop.start();
    assert.equal(await shop.codeOf(() => shop.desk.handlers.retryJob({ job: job.id })), 'usage');
    shop.runner.now = { state: 'failed', reason: 'time-limit' };
    await shop.until(({ state }) => state === 'failed');
    shop.runner.now = { state: 'running' };
    const again = await shop.desk.handlers.retryJob({ job: job.id });
    assert.deepEqual([again.job.id, again.job.retry, again.found, shop.exported.length], [2, 1, false, 1]);
    assert.notEqual(again.job.key, job.key);
    assert.deepEqual([(await shop.start()).job.id, (await shop.start({ retry: true })).job.id], [2, 3]);
  });

  it('are lost while their target cannot be reached, and come back', async () => {
    await shop.start();
    shop.runner.now = { state: 'running' };
    await shop.until(({ state }) => state === 'running');
    shop.runner.trouble = { code: 'target-unreachable', message: 'No route to hpc.', retryable: true };
    const lost = await shop.until(({ state }) => state === 'lost');
    assert.equal(lost.words, 'No route to hpc.');
    shop.runner.trouble = undefined;
    await shop.until(({ state }) => state === 'running');
    const { events: told } = await shop.desk.handlers.jobDetail({ job: 1 });
    assert.deepEqual(told.filter(({ state }) => state === 'lost').length, 1, 'said once');
    assert.equal(shop.runner.submitted.length, 1);
  });

  it('are sent again when their target is there again, and when the engine that sent them was killed', async () => {
    shop.runner.trouble = { code: 'target-unreachable', message: 'No route to hpc.', retryable: true };
    assert.equal((await shop.start()).job.state, 'lost');
    shop.runner.trouble = undefined;
    await shop.until(({ state }) => state === 'queued');
    assert.equal(shop.runner.submitted.length, 1);

    shop.runner.gate = new Promise(() => undefined);
    void shop.start({ model: 'second' }).catch(() => undefined);
    await shop.until(({ state }) => state === 'uploading');
    await shop.desk.close();
    shop.runner.gate = Promise.resolve();
    shop.desk = shop.open();
    await shop.desk.handlers.followJobs({ now: true });
    assert.deepEqual([(await shop.desk.handlers.jobs({})).jobs[0]?.state, shop.runner.submitted.length], ['uploading', 1], 'a file may be anybody\u2019s: nothing is begun that nobody here has begun');
    await shop.desk.handlers.followJobs({ resume: true });
    await shop.until(({ id, state }) => id === 2 && state === 'queued');
    assert.deepEqual(shop.runner.submitted.map(({ model }) => model), ['base', 'second']);
  });

  it('that a target refuses have failed with its words, and are sent again by the next who begins them', async () => {
    shop.runner.trouble = { code: 'target-rejected', message: 'Invalid partition\nspecified: \u0007gpu' };
    const { job } = await shop.start();
    assert.deepEqual([job.state, job.reason, job.words], ['failed', 'refused', 'Invalid partition specified: gpu']);
    shop.runner.trouble = undefined;
    const again = await shop.start();
    assert.deepEqual([again.job.id, again.job.state, again.found], [1, 'queued', true]);
  });

  it('can be cancelled, before they are there too', async () => {
    await shop.start();
    assert.equal((await shop.desk.handlers.cancelJob({ job: 1 })).job.state, 'cancelled');
    assert.deepEqual(shop.runner.cancelled, ['ref-1']);
    shop.runner.gate = new Promise(() => undefined);
    const started = shop.start({ model: 'second' });
    await shop.until(({ id, state }) => id === 2 && state === 'uploading');
    await shop.desk.handlers.cancelJob({ job: 2 });
    assert.equal((await started).job.state, 'cancelled');
    assert.equal((await shop.desk.handlers.cancelJob({ job: 2 })).job.state, 'cancelled', 'harmless');
    assert.deepEqual((await shop.desk.handlers.jobDetail({ job: 2 })).events.map(({ state }) => state), ['preparing', 'uploading', 'cancelled']);
    assert.equal(await shop.codeOf(() => shop.desk.handlers.cancelJob({ job: 9 })), 'job-not-found');
  });

  it('are ended at their target where that had taken them before they could be called back', async () => {
    let letGo: () => void = () => undefined;
    shop.runner.gate = new Promise<void>(resolve => { letGo = resolve; });
    shop.runner.heedsAbort = false;
    const started = shop.start();
    await shop.until(({ state }) => state === 'uploading');
    await shop.desk.handlers.cancelJob({ job: 1 });
    letGo();
    assert.equal((await started).job.state, 'cancelled');
    assert.deepEqual(shop.runner.cancelled, ['ref-1']);
  });

  it('say by name why they failed, in the words of the training where it has some', async () => {
    await shop.start();
    shop.runner.logText = `${step(1, 2)}${JSON.stringify({ regenesis: 'failed', reason: 'out-of-memory', message: 'CUDA out of memory: 2 GiB wanted' })}\n`;
    shop.runner.now = { state: 'failed', reason: 'exit-code', exitCode: 1, words: 'NonZeroExitCode' };
    const failed = await shop.until(({ state }) => state === 'failed');
    assert.deepEqual([failed.reason, failed.words], ['out-of-memory', 'CUDA out of memory: 2 GiB wanted']);
  });

  it('have a small curve while they go on, however long they are, without what was held out', async () => {
    await shop.start();
    shop.runner.now = { state: 'running' };
    const heldOut = `${JSON.stringify({ regenesis: 'evaluation', step: 500, loss: 9 })}\n`;
    shop.runner.logText = Array.from({ length: 1_000 }, (_, at) => step(at + 1, 1_000 - at)).join('') + heldOut;
    const { curve = [] } = await shop.until(({ step: at }) => at === 1_000);
    assert.ok(curve.length <= 48 && curve.length > 40, String(curve.length));
    assert.deepEqual([curve.at(-1), curve.toSorted((a, b) => b - a)], [1, curve]);
  });

  it('lose no line that is being written when it is read', async () => {
    await shop.start();
    shop.runner.now = { state: 'running' };
    const line = step(1, 2);
    for (const end of [10, 40, line.length - 1]) {
      shop.runner.logText = line.slice(0, end);
      await shop.desk.handlers.followJobs({ now: true });
    }
    shop.runner.logText = `${line}\u00e4\u{1F600}`;
    await shop.until(({ step: at }) => at === 1);
    await shop.desk.close();
    shop.desk = shop.open();
    await shop.desk.handlers.followJobs({});
    shop.runner.logText += ` and more\n${step(2, 1)}`;
    await shop.until(({ step: at }) => at === 2);
    assert.equal((await shop.desk.handlers.jobLog({ job: 1, from: 0, most: 10_000 })).text, shop.runner.logText);
  });

  it('are planned without anything being sent', async () => {
    const plan = await shop.desk.handlers.planJob({ target: { kind: 'ray', name: 'ray', url: 'http://127.0.0.1:8265', python: '/opt/py' }, model: 'base', preset: 'kto', changes: { epochs: 2 } });
    assert.deepEqual(plan, {
      place: 'jobs/\u2026', command: 'run \u2026 /opt/py', format: 'kto', training: '/opt/py train.py --config config.yaml --data train.jsonl --model base --output output --resume',
      files: ['train.jsonl', 'config.yaml', 'train.py'], hyperparameters: { method: 'kto', epochs: 2, adapter: 'lora' }, target: { version: 'fake 1' },
    });
    shop.runner.trouble = { code: 'target-refused', message: 'Permission denied.' };
    assert.deepEqual((await shop.desk.handlers.planJob({ target: { kind: 'command', name: 'x' }, model: 'base' })).target, { problem: 'Permission denied.' });
    assert.deepEqual([shop.runner.submitted, shop.exported, (await shop.desk.handlers.jobs({})).jobs], [[], [], []]);
  });

  it('are refused where there is nothing to learn, or where nobody knows what is meant', async () => {
    shop.data = '';
    assert.equal(await shop.codeOf(() => shop.start()), 'dataset-empty');
    for (const wrong of [{ preset: 'best' }, { preset: 'kto', target: { kind: 'openai' as const, name: 'hosted', url: 'https://api.example/v1' } }, { changes: { epoch: 3 } }, { format: 'kto' as const }, { dataset: '/memory/gone.jsonl' }]) {
      assert.match(await shop.codeOf(() => shop.start(wrong)), /^(?:usage|file-not-found)$/, JSON.stringify(wrong));
    }
    assert.deepEqual([shop.runner.submitted, (await shop.desk.handlers.jobs({})).jobs], [[], []]);
    assert.deepEqual([...shop.kept.keys()].filter(path => path.includes('.preparing')), [], 'nothing is left lying about');
  });

  it('export under a name of their client, who may cancel that', async () => {
    shop.cancelled = 'mine';
    assert.equal(await shop.codeOf(() => shop.start({ work: 'mine' })), 'cancelled');
    await shop.start({ work: 'other' });
    await shop.start();
    assert.deepEqual([shop.works, shop.runner.submitted.length], [['mine', 'other', undefined], 1]);
  });

  it('take a training set that was exported before, unless it was changed', async () => {
    const [file, data] = ['/memory/mine.jsonl', '{"prompt":"x","completion":"y"}\n'];
    const manifest = { format: 'prompt-completion', records: 1, tasks: 1, hinted: 0, humanEdited: 0, sha256: sha256(data), simulation: false };
    shop.kept.set(file, data);
    shop.kept.set(`${file}.manifest.json`, JSON.stringify(manifest));
    const { job } = await shop.start({ dataset: file });
    assert.deepEqual([job.records, job.simulated, shop.exported, shop.runner.submitted[0]?.files[0]?.path], [1, false, [], file]);
    shop.kept.set(file, `${data}${data}`);
    assert.equal(await shop.codeOf(() => shop.start({ dataset: file })), 'field-invalid');
    shop.kept.set(`${file}.manifest.json`, '{}');
    assert.equal(await shop.codeOf(() => shop.start({ dataset: file })), 'field-invalid');
  });

  it('are sent the part for validation, which their training measures its loss on', async () => {
    const rule = { split: { name: 'dev', share: 0.1 } };
    const plan = await shop.desk.handlers.planJob({ target: { kind: 'slurm', name: 'cluster', host: 'hpc' }, model: 'base', rule });
    const { job } = await shop.start({ rule });
    const [spec] = shop.runner.submitted;
    assert.ok(spec);
    assert.deepEqual(spec.files.map(({ name }) => name), ['train.jsonl', 'validation.jsonl', 'config.yaml', 'train.py']);
    assert.deepEqual([plan.files, plan.training], [spec.files.map(({ name }) => name), spec.command.join(' ')], 'the plan says what is done');
    assert.match(plan.training, / --data train\.jsonl --eval-data validation\.jsonl /);
    for (const file of spec.files) assert.equal(sha256(shop.kept.get(file.path) ?? ''), file.sha256, file.name);
    assert.equal(shop.kept.get(spec.files[1]?.path ?? ''), shop.apart);
    shop.runner.logText = `${step(1, 2)}${JSON.stringify({ regenesis: 'evaluation', step: 1, loss: 2.5 })}\n`;
    shop.runner.now = { state: 'failed', reason: 'time-limit' };
    await shop.until(({ state }) => state === 'failed');
    const { dataset, points } = await shop.desk.handlers.jobDetail({ job: job.id });
    assert.deepEqual([dataset.records, dataset.validation, job.records], [2, 1, 1], 'a job has as many records as it learns from');
    assert.deepEqual(points.filter(({ heldOut }) => heldOut === true), [{ step: 1, loss: 2.5, heldOut: true }]);

    await shop.desk.handlers.retryJob({ job: job.id });
    assert.deepEqual(shop.runner.submitted[1]?.files.map(({ name, sha256: hash }) => [name, hash]), spec.files.map(({ name, sha256: hash }) => [name, hash]), 'from the manifest beside the training set');
    assert.deepEqual(shop.runner.submitted[1].command, spec.command);
    shop.apart += shop.apart;
    assert.equal((await shop.start({ rule })).found, false, 'other rows for validation are other work');
  });

  it('are sent no part for validation that is empty or was changed, and none is all there is', async () => {
    const rule = { split: { name: 'validation', share: 0.1 } };
    shop.apart = '';
    await shop.start({ rule });
    const [spec] = shop.runner.submitted;
    assert.deepEqual([spec?.files.map(({ name }) => name), spec?.command.includes('--eval-data')], [['train.jsonl', 'config.yaml', 'train.py'], false]);

    const [file, data, apart] = ['/memory/mine.jsonl', '{"prompt":"x","completion":"y"}\n', '{"prompt":"z","completion":"y"}\n'];
    const manifest = { format: 'prompt-completion', records: 2, tasks: 2, hinted: 0, humanEdited: 0, sha256: sha256(data), simulation: false };
    const split = { name: 'validation', file: 'mine.validation.jsonl', records: 1, tasks: 1, sha256: sha256(apart) };
    const put = (part: object) => { shop.kept.set(`${file}.manifest.json`, JSON.stringify({ ...manifest, ...part })); };
    shop.kept.set(file, data);
    shop.kept.set('/memory/mine.validation.jsonl', apart);
    put({ split });
    const plan = await shop.desk.handlers.planJob({ target: { kind: 'command', name: 'x' }, model: 'base', dataset: file });
    assert.ok(plan.files.includes('validation.jsonl'));
    await shop.start({ dataset: file });
    assert.equal(shop.runner.submitted[1]?.files[1]?.path, '/memory/mine.validation.jsonl');
    put({ split: { ...split, file: '../other.jsonl' } });
    assert.equal(await shop.codeOf(() => shop.start({ dataset: file })), 'field-invalid');
    put({ split: { ...split, sha256: sha256('other') } });
    assert.equal(await shop.codeOf(() => shop.start({ dataset: file })), 'field-invalid');
    put({ split, records: 1 });
    assert.equal(await shop.codeOf(() => shop.start({ dataset: file })), 'dataset-empty', 'all of it is for validation');
    assert.deepEqual((await shop.desk.handlers.planJob({ target: { kind: 'command', name: 'x' }, model: 'base', dataset: '/memory/gone.jsonl' })).files, ['train.jsonl', 'config.yaml', 'train.py']);
  });

  it('take the key of their own origin alone', async () => {
    const target = { kind: 'openai' as const, name: 'hosted', url: 'https://api.example/v1' };
    shop.runner.trouble = { code: 'target-refused', message: 'The key was not accepted.', retryable: true };
    await shop.start({ target, apiKey: 'first' });
    await shop.desk.handlers.followJobs({ apiKeys: { 'https://other.example': 'wrong', 'https://api.example': 'second' } });
    await shop.desk.handlers.followJobs({ now: true });
    assert.deepEqual([shop.keys, shop.exported], [['first', 'second'], ['chat']]);
    assert.ok(!JSON.stringify(shop.store.jobs.all()).includes('first'), 'no key is stored');
  });
});
