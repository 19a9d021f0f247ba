// `npm run test:soak`: kills an engine 200 times. Its last line is a JSON object with the result.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { crashLoop } from '../support/crashLoop.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' } } });
const kills = Number(values.kills);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
/** A run that is until-enough sends some 30 requests a task, of which a kill leaves time for a hundred or so. */
const tasks = kills * 6;

const runtime = mkdtempSync(path.join(os.tmpdir(), 'regenesis-run-'));
process.env['REGENESIS_RUNTIME_DIR'] = runtime;
process.stderr.write(`seed ${seed}; --seed ${seed} kills at the same moments again\n`);
const started = performance.now();
let done = 0;
try {
  const report = await crashLoop({ seed, kills, tasks, afterMs: [5, 400], onKill: kill => {
    done = kill;
    if (kill % 10 === 0) process.stderr.write(`${kill} of ${kills} kills, nothing wrong\n`);
  } });
  if (report.requests < kills * 20) throw new Error(`only ${report.requests} requests were sent before the last kill: the kills did not fall into the run`);
  print({ ok: true, ...report });
} catch (thrown) {
  process.exitCode = 1;
  print({ ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) });
} finally {
  rmSync(runtime, { recursive: true, force: true });
}

function print(result: object): void {
  process.stdout.write(`${JSON.stringify({ seed, kills: done, seconds: Math.round((performance.now() - started) / 1000), ...result })}\n`);
}
