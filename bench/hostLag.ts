import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { paced, withServer } from './demoServer.ts';
import { cliPath, withEngine } from './engine.ts';
import { inHost } from './inHost.ts';
import { writeQuestions } from './questions.ts';
import { atMost, rounded, type Benchmark } from './record.ts';
import { createProject, knowing, withFolder } from './rig.ts';

const inFlight = 512;
const watchedMs = 20_000;
const measured = z.object({ p99Ms: z.number(), maxMs: z.number(), running: z.number() });

/** How late the loop of the extension host is, by its own count, while a run with 512 requests in flight goes on and the tree of its tasks is on screen. */
export const hostLagBenchmark: Benchmark = {
  names: ['host.lag.p99', 'host.lag.max'],
  async *run({ sized, say }) {
    const { p99Ms, maxMs, running } = await withFolder(async folder => {
      const { imported, served } = await writeQuestions(folder, 10_000);
      const project = path.join(folder, 'bench.regenesis');
      await withEngine(project, engine => createProject(engine, project, imported));
      return withServer([...knowing(served), ...paced({ slots: inFlight, compress: 1 })], ({ url }) => inHost<z.infer<typeof measured>, 'lag'>(folder, {
        measure: 'lag', project, inFlight, watchedMs: sized(watchedMs, 2_000), metrics: new URL('/metrics', url).href,
        command: [process.execPath, cliPath, 'run', project, '--server', url, '--concurrency', String(inFlight), '--mode', 'all'],
      }, measured));
    });
    say(`host.lag: ${running} requests in flight at the end`);
    yield { name: 'host.lag.p99', value: rounded(p99Ms, 2), unit: 'ms', goal: atMost(5) };
    yield { name: 'host.lag.max', value: rounded(maxMs, 1), unit: 'ms', goal: null };
  },
};
