import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { activationBenchmark } from './activation.ts';
import { alignBenchmark } from './align.ts';
import { callBenchmark } from './calls.ts';
import { contaminationBenchmark } from './contamination.ts';
import { faultBenchmark } from './faults.ts';
import { firstTaskBenchmark } from './firstTask.ts';
import { firstTokenBenchmark } from './firstToken.ts';
import { gradeBenchmark } from './grades.ts';
import { hostLagBenchmark } from './hostLag.ts';
import { importBenchmark } from './imports.ts';
import { keptBenchmark } from './kept.ts';
import { languageServerBenchmark } from './languageServer.ts';
import { limitBenchmark } from './limit.ts';
import { makespanBenchmarks } from './makespan.ts';
import { memoryBenchmark } from './memory.ts';
import { filterBenchmark, openProjectBenchmark } from './openProject.ts';
import { pageBenchmark } from './page.ts';
import { prefixBenchmarks } from './prefix.ts';
import type { Bench, BenchRecord, Benchmark } from './record.ts';
import { resumeBenchmark } from './resume.ts';
import { reviewBenchmark } from './review.ts';
import { reviewStallBenchmark } from './reviewStalls.ts';
import { selected, wants } from './select.ts';
import { sizeBenchmark } from './sizes.ts';
import { speedupBenchmarks } from './speedup.ts';

const benchmarks: readonly Benchmark[] = [
  gradeBenchmark, alignBenchmark, contaminationBenchmark, callBenchmark, ...makespanBenchmarks, ...speedupBenchmarks, keptBenchmark, firstTaskBenchmark, ...prefixBenchmarks, faultBenchmark, limitBenchmark,
  pageBenchmark, resumeBenchmark, memoryBenchmark, importBenchmark, sizeBenchmark, activationBenchmark, hostLagBenchmark, openProjectBenchmark, filterBenchmark, firstTokenBenchmark, reviewBenchmark, reviewStallBenchmark, languageServerBenchmark,
];

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' }, share: { type: 'string' } } });
const root = path.resolve(import.meta.dirname, '..');

/** 1, or less for a trial pass that only shows that everything works: its figures mean nothing and have no goal. */
const share = Number(values.share ?? 1);
if (!(share > 0 && share <= 1)) refuse(`--share takes a number above 0 and up to 1, not ${values.share ?? ''}.`);

const chosen = selected(benchmarks, values.only);
if (chosen.length === 0) refuse(`there is no figure ${values.only ?? ''}. There are: ${benchmarks.flatMap(({ names }) => names.map(name => (name.endsWith('.') ? `${name}*` : name))).join(', ')}.`);

const bench: Bench = {
  dataFolder: process.env['REGENESIS_DATA'] ?? path.join(root, '../shared/data'),
  cacheFolder: path.join(root, 'out/bench'),
  sized: (count, least = 1) => Math.max(least, Math.round(count * share)),
  wanted: name => wants(values.only, name),
  say: text => process.stderr.write(`${text}\n`),
};
mkdirSync(bench.cacheFolder, { recursive: true });
if (!existsSync(bench.dataFolder)) bench.say(`no data sets in ${bench.dataFolder}: figures that need them are left out; set REGENESIS_DATA`);

// the engines of a benchmark are nobody else's to find
const runtime = mkdtempSync(path.join(os.tmpdir(), 'regenesis-run-'));
process.env['REGENESIS_RUNTIME_DIR'] = runtime;
try {
  for (const benchmark of chosen) {
    for await (const record of benchmark.run(bench)) if (wants(values.only, record.name)) print(share < 1 ? { ...record, goal: null } : record);
  }
} finally {
  rmSync(runtime, { recursive: true, force: true });
}

function print(record: BenchRecord): void {
  const { name, value, unit, goal } = record;
  const met = goal === null ? '' : (goal.op === '<=' ? value <= goal.value : value >= goal.value) ? `  met (${goal.op} ${goal.value})` : `  MISSED (${goal.op} ${goal.value})`;
  process.stdout.write(values.json === true ? `${JSON.stringify(record)}\n` : `${name.padEnd(36)} ${String(value).padStart(10)} ${unit}${met}\n`);
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
