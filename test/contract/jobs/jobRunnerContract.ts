import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem, ProblemCode } from '../../../src/core/model/problem.ts';
import { hasEnded, type JobFile, type JobSpec, type JobStatus } from '../../../src/core/model/trainingJob.ts';
import type { FromTarget, JobRunner } from '../../../src/ports/jobRunner.ts';

/** What a job of a test does. */
export interface Work {
  /** Lines of its log. */
  readonly lines: readonly string[];
  readonly code?: number;
  /** It goes on until `letGo`. */
  readonly waits?: boolean;
}

/** One target with whatever steers it. */
export interface TargetUnderTest {
  /** A new one, as another window has. */
  runner(): JobRunner;
  /** Told of a job before it is submitted: a real target does what the job's command says. */
  plan?(spec: JobSpec, work: Work): void;
  /** A file that is on the target's machine once a waiting job may end. */
  readonly goFile: string;
  letGo(): void | Promise<void>;
  /** How many jobs the target has taken and not been told to end at once. */
  taken(): number | Promise<number>;
  /** Nothing reaches it any more, until `mend`. */
  cutOff?(): void | Promise<void>;
  mend?(): void | Promise<void>;
  /** It knows no more of a job that has ended. */
  forget?(reference: string): void | Promise<void>;
  /** The next upload breaks off in the middle. */
  breakUpload?(): void;
  readonly version: RegExp;
  /** How a job of exit code 3 ends. */
  readonly failure: JobStatus;
  end(): void | Promise<void>;
}

const never = new AbortController().signal;
let keys = 0;

/** Jobs of one test with their files, which `end` takes away. */
export class Jobs {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'regenesis-files-'));
  readonly #target: Pick<TargetUnderTest, 'plan' | 'goFile'>;

  constructor(target: Pick<TargetUnderTest, 'plan' | 'goFile'>) {
    this.#target = target;
  }

  file(name: string, content: string | Buffer): JobFile {
    const bytes = Buffer.from(content);
    const file = path.join(this.folder, createHash('sha256').update(name).update(bytes).digest('hex'));
    writeFileSync(file, bytes);
    return { name, path: file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  spec(work: Work, changes: Partial<JobSpec> = {}): JobSpec {
    keys += 1;
    // one that nobody lets go ends with the folder of its test
    const waiting = work.waits === true ? 'until [ -e "$go" ] || ! [ -d "${go%/*}" ]; do sleep 0.05; done' : ':';
    const spec: JobSpec = {
      key: createHash('sha256').update(`${keys} ${process.pid} ${performance.now()}`).digest('hex'), title: 'a-test', model: 'tiny', hyperparameters: { epochs: 2, seed: 7 },
      files: [this.file('train.jsonl', '{"messages":[]}\n'.repeat(2_000))],
      command: ['sh', '-c', `go=$1; code=$2; shift 2; [ -s train.jsonl ] || exit 9; printf '%s\\n' "$@"; ${waiting}; exit "$code"`, 'sh', this.#target.goFile, String(work.code ?? 0), ...work.lines],
      ...changes,
    };
    this.#target.plan?.(spec, work);
    return spec;
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What was asked for. */
export function given<Value extends object>(answer: FromTarget<Value>): Value {
  assert.ok(answer.ok, answer.ok ? '' : `${answer.problem.code}: ${answer.problem.message}`);
  return answer;
}

/** Fails unless it is this problem. */
export function refused(answer: FromTarget<object>, code: ProblemCode): Problem {
  assert.ok(!answer.ok, `not refused: expected ${code}`);
  assert.equal(answer.problem.code, code, answer.problem.message);
  return answer.problem;
}

/** Asks again and again until the job is so. */
export async function until(runner: JobRunner, reference: string, is: (status: JobStatus) => boolean): Promise<JobStatus> {
  let status: JobStatus = { state: 'queued' };
  for (let tries = 0; tries < 400; tries += 1) {
    ({ status } = given(await runner.status(reference, never)));
    if (is(status)) return status;
    assert.ok(!hasEnded(status.state), `ended otherwise: ${JSON.stringify(status)}`);
    await sleep(50);
  }
  return assert.fail(`still ${JSON.stringify(status)}`);
}

/** The state at its end. */
export const atEnd = (runner: JobRunner, reference: string): Promise<JobStatus> => until(runner, reference, ({ state }) => hasEnded(state));

/** The whole log, in pieces. */
export async function wholeLog(runner: JobRunner, reference: string, most: number): Promise<string> {
  let text = '';
  let from = 0;
  for (let pieces = 0; pieces < 5_000; pieces += 1) {
    const piece = given(await runner.log(reference, { from, most }, never));
    text += piece.text;
    from = piece.next;
    if (piece.atEnd) return text;
    assert.ok(piece.text !== '', 'a piece that is not the last gets on');
  }
  return assert.fail('the log has no end');
}

/** What can be done to a target. This machine itself cannot be cut off, and not every target forgets. */
export type Ability = 'cutOff' | 'forget' | 'breakUpload';

/** What every target must do. `make` gives a new one each time, with the methods of these names. */
export function jobRunnerContract(make: () => TargetUnderTest | Promise<TargetUnderTest>, can: readonly Ability[]): void {
  const where = (ability: Ability) => (can.includes(ability) ? it : () => undefined);
  let target: TargetUnderTest;
  let jobs: Jobs;
  let runner: JobRunner;
  let runners: JobRunner[] = [];
  const another = (): JobRunner => {
    const made = target.runner();
    runners.push(made);
    return made;
  };

  beforeEach(async () => {
    target = await make();
    jobs = new Jobs(target);
    runners = [];
    runner = another();
  });

  afterEach(async () => {
    await target.letGo();
    for (const each of runners) await each.close();
    jobs.end();
    await target.end();
  });

  it('says what it is', async () => {
    assert.match(given(await runner.look(never)).version, target.version);
  });

  it('runs a job to its end, with its log, which is the same in pieces', async () => {
    const lines = ['{"regenesis":"start","steps":2}', 'ä ≤ 𝄞 ünïcödé', ...Array.from({ length: 20 }, (_, step) => `line ${step}`)];
    const spec = jobs.spec({ lines });
    const progress: number[] = [];
    const { reference, found } = given(await runner.submit(spec, { signal: never, onUpload: (sent, total) => progress.push(sent / total) }));
    assert.equal(found, false);
    assert.equal(progress.at(-1), 1, 'an upload ends with all of it');
    assert.equal((await atEnd(runner, reference)).state, 'succeeded');
    const whole = await wholeLog(runner, reference, 1 << 20);
    // an API writes the time before what is said, and no words of its own are taken for a line of ours
    const said = whole.split('\n');
    for (const line of lines.slice(1)) assert.ok(said.some(each => each.endsWith(line)), `${line} is in ${whole}`);
    assert.equal(await wholeLog(another(), reference, 60), whole);
    const { text, next } = given(await runner.log(reference, { from: Buffer.byteLength(whole), most: 100 }, never));
    assert.deepEqual({ text, next }, { text: '', next: Buffer.byteLength(whole) }, 'nothing comes after the end');
  });

  it('takes a job once, also for another window', async () => {
    const spec = jobs.spec({ lines: ['once'] });
    const { reference } = given(await runner.submit(spec, { signal: never }));
    for (const each of [runner, another()]) {
      const again = given(await each.submit(spec, { signal: never }));
      assert.deepEqual({ reference: again.reference, found: again.found }, { reference, found: true });
    }
    await atEnd(runner, reference);
    assert.equal(given(await another().submit(spec, { signal: never })).found, true, 'one that has ended too');
    assert.equal(await target.taken(), 1);
    const next = given(await runner.submit(jobs.spec({ lines: ['two'] }), { signal: never }));
    assert.notEqual(next.reference, reference);
    assert.equal(await target.taken(), 2);
  });

  it('takes a job once where several send it at the same moment', async () => {
    const spec = jobs.spec({ lines: ['at once'] });
    const answers = await Promise.all([runner, another(), another()].map(each => each.submit(spec, { signal: never })));
    const references = new Set(answers.map(answer => given(answer).reference));
    assert.equal(references.size, 1);
    assert.equal(answers.filter(answer => !given(answer).found).length, 1);
    assert.equal(await target.taken(), 1);
  });

  it('says how a job failed', async () => {
    const { reference } = given(await runner.submit(jobs.spec({ lines: ['oh'], code: 3 }), { signal: never }));
    const status = await atEnd(runner, reference);
    const { state, ...rest } = target.failure;
    assert.deepEqual({ ...status, words: undefined }, { state, ...rest, words: undefined });
  });

  it('ends a job', async () => {
    const spec = jobs.spec({ lines: ['waiting'], waits: true });
    const { reference } = given(await runner.submit(spec, { signal: never }));
    await until(runner, reference, ({ state }) => state === 'running');
    given(await another().cancel(reference, never));
    assert.equal((await until(runner, reference, ({ state }) => state !== 'running')).state, 'cancelled');
    given(await runner.cancel(reference, never));
    assert.equal(given(await runner.status(reference, never)).status.state, 'cancelled');
    const done = given(await runner.submit(jobs.spec({ lines: [] }), { signal: never })).reference;
    await atEnd(runner, done);
    given(await runner.cancel(done, never));
    assert.equal(given(await runner.status(done, never)).status.state, 'succeeded', 'what has ended stays so');
  });

  it('stops when nobody waits any more', async () => {
    const { reference } = given(await runner.submit(jobs.spec({ lines: [] }), { signal: never }));
    const gone = AbortSignal.abort();
    refused(await runner.look(gone), 'cancelled');
    refused(await runner.status(reference, gone), 'cancelled');
    refused(await runner.submit(jobs.spec({ lines: [] }), { signal: gone }), 'cancelled');
  });

  it('does not send a file that is another by now', async () => {
    const spec = jobs.spec({ lines: [] }, { files: [jobs.file('train.jsonl', `{"made":${performance.now()}}\n`)] });
    const [file] = spec.files;
    assert.ok(file !== undefined);
    refused(await runner.submit({ ...spec, files: [{ ...file, path: `${file.path}.gone` }] }, { signal: never }), 'file-unreadable');
    writeFileSync(file.path, 'other');
    refused(await runner.submit(spec, { signal: never }), 'file-unreadable');
    assert.equal(await target.taken(), 0);
  });

  where('cutOff')('is lost and found again where its target cannot be reached', async () => {
    const { reference } = given(await runner.submit(jobs.spec({ lines: ['on'], waits: true }), { signal: never }));
    await target.cutOff?.();
    const asked = [await runner.status(reference, never), await runner.cancel(reference, never), await another().submit(jobs.spec({ lines: [] }), { signal: never }), await another().look(never)];
    for (const answer of asked) assert.equal(refused(answer, 'target-unreachable').retryable, true);
    await target.letGo();
    await target.mend?.();
    assert.equal((await atEnd(runner, reference)).state, 'succeeded');
    assert.equal(await target.taken(), 1);
  });

  where('forget')('says that a job has vanished', async () => {
    const { reference } = given(await runner.submit(jobs.spec({ lines: ['here'] }), { signal: never }));
    await atEnd(runner, reference);
    await target.forget?.(reference);
    const { status } = given(await another().status(reference, never));
    assert.deepEqual({ ...status, words: undefined }, { state: 'failed', reason: 'vanished', words: undefined });
    assert.deepEqual({ ...given(await another().log(reference, { from: 0, most: 100 }, never)), ok: undefined }, { text: '', next: 0, atEnd: true, ok: undefined });
    given(await runner.cancel(reference, never));
  });

  where('breakUpload')('goes on after an upload that broke off', async () => {
    const spec = jobs.spec({ lines: ['whole'] }, { files: [jobs.file('train.jsonl', 'x'.repeat(300_000)), jobs.file('code/train.py', 'print(1)\n')] });
    target.breakUpload?.();
    assert.equal(refused(await runner.submit(spec, { signal: never }), 'target-unreachable').retryable, true);
    assert.equal(await target.taken(), 0);
    const { reference, found } = given(await runner.submit(spec, { signal: never }));
    assert.equal(found, false);
    assert.equal((await atEnd(runner, reference)).state, 'succeeded');
  });
}
