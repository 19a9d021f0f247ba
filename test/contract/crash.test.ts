import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { openStore } from '../../src/adapters/store/sqliteStore.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { startDemoServerProcess, type DemoServerProcess } from '../../src/client/demoServerProcess.ts';
import type { EngineClient } from '../../src/client/engineClient.ts';
import { methods } from '../../src/contract/engine.ts';
import { crash, engineOf, leave, runToEnd } from '../support/engine.ts';

const root = path.resolve(import.meta.dirname, '../..');
const kills = 20;
const tasks = 240;

/** What makes two requests the same to a server: their text and their first draw. */
const keyOf = (seed: number, messages: readonly { readonly content: string }[]): string => `${seed} ${messages.map(message => message.content).join('\n')}`;

interface Logged {
  readonly t: string;
  readonly path?: string;
  readonly body?: { readonly seed: number; readonly messages: readonly { readonly content: string }[] };
}

/** Requests for completions in a demo server's log, in the order of their arrival. */
function completionsIn(log: string): readonly string[] {
  return readFileSync(log, 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Logged)
    .flatMap(({ t, path: where, body }) => (t === 'request' && where === '/v1/chat/completions' && body ? [keyOf(body.seed, body.messages)] : []));
}

/** What a project holds: every request it recorded, and those of them that were answered. */
function recordedIn(project: string): { readonly attempts: ReadonlySet<string>; readonly answered: ReadonlySet<string> } {
  const store = openStore(project, { create: false, owner: { host: os.hostname(), pid: process.pid, startedAtMs: 0, app: 'test' }, clock: systemClock });
  try {
    const all = store.taskIds().flatMap(id => store.attempts(id));
    const key = (attempt: (typeof all)[number]) => keyOf(attempt.call.answers[0]?.seed ?? -1, attempt.call.messages);
    return { attempts: new Set(all.map(key)), answered: new Set(all.filter(attempt => attempt.state === 'answered').map(key)) };
  } finally {
    store.close();
  }
}

async function exported(engine: EngineClient, folder: string): Promise<string> {
  const out = path.join(folder, 'train.jsonl');
  await engine.call(methods.exportDataset, { format: 'chat', out });
  return readFileSync(out, 'utf8');
}

describe('an engine that is killed with 256 requests in flight', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regenesis-crash-'));
  const gold = path.join(folder, 'gold.jsonl');
  const log = path.join(folder, 'requests.jsonl');
  let server: DemoServerProcess;

  before(async () => {
    writeFileSync(gold, Array.from({ length: tasks }, (_, index) => `${JSON.stringify({ question: `Crate ${index} holds ${index + 3} lamps on each of ${index % 7 + 2} shelves. How many lamps is that?`, gold: String((index + 3) * (index % 7 + 2)) })}\n`).join(''));
    server = await startDemoServerProcess({ node: process.execPath, cliPath: path.join(root, 'dist/cli.mjs'), arguments: ['--gold', gold, '--accuracy', '0.7', '--step-ms', '0,0,0', '--slots', '512', '--log', log] });
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function project(name: string): Promise<string> {
    const file = path.join(folder, `${name}.regenesis`);
    const engine = await engineOf(file, 'create');
    await engine.call(methods.importTasks, { files: [gold], map: { question: 'question', gold: 'gold' } });
    await leave(engine);
    return file;
  }

  it(`loses nothing that was committed and asks for none of it again, ${kills} times over`, async () => {
    const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`      CRASH_SEED=${seed}`);
    const waits = fc.sample(fc.integer({ min: 5, max: 350 }), { numRuns: kills, seed });
    const victim = await project('victim');
    let answered: ReadonlySet<string> = new Set();
    let logged = 0;
    for (const waitMs of waits) {
      const engine = await engineOf(victim);
      await engine.call(methods.startRun, { server: server.url, concurrency: 256 });
      await new Promise(resolve => { setTimeout(resolve, waitMs); });
      await crash(engine);
      const recorded = recordedIn(victim);
      const requests = completionsIn(log).slice(logged);
      logged += requests.length;
      assert.deepEqual(requests.filter(request => !recorded.attempts.has(request)), [], 'every request that left had been recorded before');
      assert.deepEqual(requests.filter(request => answered.has(request)), [], 'no answer that was stored is asked for again');
      assert.ok([...answered].every(each => recorded.answered.has(each)), 'no stored answer is lost');
      ({ answered } = recorded);
    }
    const engine = await engineOf(victim);
    assert.equal((await runToEnd(engine, { server: server.url })).state, 'completed');
    const data = await exported(engine, folder);
    await leave(engine);

    const calm = await engineOf(await project('calm'));
    assert.equal((await runToEnd(calm, { server: server.url })).state, 'completed');
    assert.equal(await exported(calm, folder), data, 'the data file has the bytes of a run that was not killed');
    await leave(calm);
    assert.ok(data.split('\n').length > tasks, 'there is a training set');
    assert.ok(logged > kills * 20 && answered.size > 0, `the kills fell into the run: ${logged} requests before the last`);
  });
});
