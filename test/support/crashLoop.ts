import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { openStore } from '../../src/adapters/store/sqliteStore.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { startDemoServerProcess, type DemoServerProcess } from '../../src/client/demoServerProcess.ts';
import { crash, engineOf, leave, runToEnd } from './engine.ts';

/** How often an engine is killed, and when. */
export interface CrashLoopOptions {
  /** Decides the moments. */
  readonly seed: number;
  readonly kills: number;
  /** Milliseconds after the start of the run, from and to. */
  readonly afterMs: readonly [least: number, most: number];
  /** So many that the run outlasts the kills. */
  readonly tasks: number;
  /** Told after each kill that nothing was wrong. */
  readonly onKill?: (kill: number) => void;
}

/** What was seen on the way. */
export interface CrashLoopReport {
  /** Requests that arrived at the server before the last kill. */
  readonly requests: number;
  /** Answers that were stored before it. */
  readonly answered: number;
  /** Lines of the training set. */
  readonly records: number;
}

const cliPath = path.resolve(import.meta.dirname, '../../dist/cli.mjs');
const concurrency = 256;

/** What makes two requests the same to a server: their text and their first draw. */
function keyOf(seed: number, messages: readonly { readonly content: string }[]): string {
  return createHash('sha256').update(`${seed} ${messages.map(message => message.content).join('\n')}`).digest('base64');
}

interface Logged {
  readonly t: string;
  readonly path?: string;
  readonly body?: { readonly seed: number; readonly messages: readonly { readonly content: string }[] };
}

/** Reads what was added to a log since it was last looked at. */
class RequestLog {
  readonly #file: string;
  #read = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** New requests for completions, in the order of their arrival. */
  next(): readonly string[] {
    const bytes = Buffer.alloc(statSync(this.#file).size - this.#read);
    const descriptor = openSync(this.#file, 'r');
    readSync(descriptor, bytes, 0, bytes.length, this.#read);
    closeSync(descriptor);
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    this.#read += whole.length;
    return whole.toString('utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Logged)
      .flatMap(({ t, path: where, body }) => (t === 'request' && where === '/v1/chat/completions' && body ? [keyOf(body.seed, body.messages)] : []));
  }
}

/** What a project holds: every request it recorded, and those of them that were answered. */
function recordedIn(project: string): { readonly attempts: ReadonlySet<string>; readonly answered: ReadonlySet<string> } {
  const store = openStore(project, { create: false, owner: { host: os.hostname(), pid: process.pid, startedAtMs: 0, app: 'test' }, clock: systemClock });
  try {
    const [attempts, answered] = [new Set<string>(), new Set<string>()];
    for (const task of store.taskIds()) {
      for (const { call, state } of store.attempts(task)) {
        const key = keyOf(call.answers[0]?.seed ?? -1, call.messages);
        attempts.add(key);
        if (state === 'answered') answered.add(key);
      }
    }
    return { attempts, answered };
  } finally {
    store.close();
  }
}

/** What SQLite itself finds wrong with a file. */
function integrityOf(project: string): unknown {
  const database = new DatabaseSync(project, { readOnly: true });
  try {
    return database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
  } finally {
    database.close();
  }
}

const lampsAt = (index: number): string => `${JSON.stringify({
  question: `Crate ${index} holds ${index + 3} lamps on each of ${index % 7 + 2} shelves. How many lamps is that?`, gold: String((index + 3) * (index % 7 + 2)),
})}\n`;

/**
 * Kills an engine again and again with 256 requests in flight and looks each time at what it left: every request that reached the server had been recorded, nothing
 * stored is asked for again, nothing stored is lost, the file is sound. Then lets it finish, and compares the training set with that of a run that was left alone.
 *
 * Throws an `AssertionError` at the first thing that is wrong.
 */
export async function crashLoop(options: CrashLoopOptions): Promise<CrashLoopReport> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regenesis-crash-'));
  const gold = path.join(folder, 'gold.jsonl');
  const log = path.join(folder, 'requests.jsonl');
  writeFileSync(gold, Array.from({ length: options.tasks }, (_, index) => lampsAt(index)).join(''));
  writeFileSync(log, '');
  const server = await startDemoServerProcess({ node: process.execPath, cliPath, arguments: ['--gold', gold, '--accuracy', '0.7', '--step-ms', '0,0,0', '--slots', '512', '--log', log] });
  try {
    const victim = await projectOf(gold, path.join(folder, 'victim.regenesis'));
    const seen = await kill(victim, { server, log: new RequestLog(log), options });
    const data = await finished(victim, { server, out: path.join(folder, 'victim.jsonl') });
    const calm = await finished(await projectOf(gold, path.join(folder, 'calm.regenesis')), { server, out: path.join(folder, 'calm.jsonl') });
    assert.equal(data, calm, 'the data file has the bytes of a run that was not killed');
    return { ...seen, records: data.split('\n').length - 1 };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function projectOf(gold: string, file: string): Promise<string> {
  const engine = await engineOf(file, 'create');
  await engine.call('importTasks', { files: [gold], map: { question: 'question', gold: 'gold' } });
  await leave(engine);
  return file;
}

async function kill(victim: string, { server, log, options }: { readonly server: DemoServerProcess; readonly log: RequestLog; readonly options: CrashLoopOptions }): Promise<Omit<CrashLoopReport, 'records'>> {
  const { seed, kills, afterMs: [min, max], onKill } = options;
  let answered: ReadonlySet<string> = new Set();
  let arrived = 0;
  for (const [index, waitMs] of fc.sample(fc.integer({ min, max }), { numRuns: kills, seed }).entries()) {
    const engine = await engineOf(victim);
    await engine.call('startRun', { server: server.url, concurrency });
    await new Promise(resolve => { setTimeout(resolve, waitMs); });
    await crash(engine);
    const recorded = recordedIn(victim);
    const requests = log.next();
    arrived += requests.length;
    assert.deepEqual(requests.filter(request => !recorded.attempts.has(request)), [], 'every request that left had been recorded before');
    assert.deepEqual(requests.filter(request => answered.has(request)), [], 'no answer that was stored is asked for again');
    assert.ok([...answered].every(each => recorded.answered.has(each)), 'no stored answer is lost');
    assert.equal(integrityOf(victim), 'ok', 'the file is sound');
    ({ answered } = recorded);
    onKill?.(index + 1);
  }
  return { requests: arrived, answered: answered.size };
}

/** Runs a project to its end. @returns its training set */
async function finished(project: string, { server, out }: { readonly server: DemoServerProcess; readonly out: string }): Promise<string> {
  const engine = await engineOf(project);
  assert.equal((await runToEnd(engine, { server: server.url, concurrency })).state, 'completed');
  await engine.call('exportDataset', { format: 'chat', out });
  await leave(engine);
  return readFileSync(out, 'utf8');
}
