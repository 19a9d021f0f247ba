import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { paced, withServer } from './demoServer.ts';
import { endOfRun, withEngine } from './engine.ts';
import { writeQuestions } from './questions.ts';
import { atMost, rounded, type Benchmark } from './record.ts';
import { createProject, knowing, withFolder } from './rig.ts';

/** A figure in kB that the kernel keeps of a process. */
function kilobytes(pid: number, file: 'status' | 'smaps_rollup', name: string): number {
  return Number(new RegExp(String.raw`^${name}:\s+(\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1]);
}

/** The most memory a process ever held, in MiB. */
export const peakResidentMib = (pid: number): number => kilobytes(pid, 'status', 'VmHWM') / 1024;

/** What a process holds at present, pages that it shares with others by its share in them, in MB. */
const proportionalMb = (pid: number): number => kilobytes(pid, 'smaps_rollup', 'Pss') * 1024 / 1e6;

/** As many as the server has slots, so that they stay in flight. */
const inFlight = 512;
const runningMs = 60_000;
const sampleEveryMs = 500;

interface Peaks {
  readonly meanInFlight: number;
  readonly residentMb: number;
  readonly proportionalMb: number;
}

/** Runs for a while and watches the engine's memory. The import is another engine's, so that it does not count. */
function peaks(tasks: number, watchedMs: number): Promise<Peaks> {
  return withFolder(async folder => {
    const { imported, served } = await writeQuestions(folder, tasks);
    const project = path.join(folder, 'bench.regenesis');
    await withEngine(project, engine => createProject(engine, project, imported));
    return withServer([...knowing(served), ...paced({ slots: inFlight, compress: 10 })], server => withEngine(project, async ({ client, pid }) => {
      await client.call('openProject', { path: project });
      let most = 0;
      const watch = async () => {
        for (const until = performance.now() + watchedMs; performance.now() < until;) {
          await sleep(sampleEveryMs);
          most = Math.max(most, proportionalMb(pid));
        }
        await client.call('cancelRun', {});
      };
      let watched: Promise<void> | undefined;
      const { report, meanInFlight } = await endOfRun(client, { server: server.url, mode: 'all', concurrency: inFlight }, () => { watched = watch(); });
      await watched;
      if (report.state !== 'cancelled') throw new Error(`the run was to go on until it is cancelled, and ended ${report.state}: ${report.problem?.message ?? ''}`);
      return { meanInFlight, residentMb: kilobytes(pid, 'status', 'VmHWM') * 1024 / 1e6, proportionalMb: most };
    }));
  });
}

/** The engine's peak memory in the first minute of a run over 100,000 tasks with 512 requests in flight: all that was resident, and its proportional share. */
export const memoryBenchmark: Benchmark = {
  names: ['memory.100k', 'memory.100k.proportional'],
  async *run({ sized, say }) {
    const found = await peaks(sized(100_000, 2_000), sized(runningMs, 2_000));
    say(`memory: ${found.meanInFlight.toFixed(0)} requests in flight on average`);
    yield { name: 'memory.100k', value: rounded(found.residentMb, 1), unit: 'MB', goal: atMost(450) };
    yield { name: 'memory.100k.proportional', value: rounded(found.proportionalMb, 1), unit: 'MB', goal: null };
  },
};
