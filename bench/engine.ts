import path from 'node:path';
import process from 'node:process';
import { openEngine } from '../src/client/openEngine.ts';
import type { EngineClient } from '../src/client/engineClient.ts';
import type { RunChoices } from '../src/contract/engine.ts';
import type { RunReport } from '../src/contract/reports.ts';

const root = path.resolve(import.meta.dirname, '..');

/** The bundle of the command line, from which demo servers are started. */
export const cliPath = path.join(root, 'dist/cli.mjs');

/** An engine that belongs to one measurement. */
export interface BenchEngine {
  readonly client: EngineClient;
  readonly pid: number;
  /** Ends it and resolves when it is gone; a second time does nothing. */
  stop(): Promise<void>;
}

/** Starts the engine of a project, or one without any. The project is still to be opened, or made. It ends with this process, whatever happens. */
async function startEngine(project: string | undefined): Promise<BenchEngine> {
  const client = await openEngine({ node: process.execPath, enginePath: path.join(root, 'dist/engine.mjs'), app: 'bench', idleMs: 0, ...(project === undefined ? {} : { project }) });
  let stopped: Promise<void> | undefined;
  return { client, pid: client.pid, stop: () => (stopped ??= client.shutdown()) };
}

/** Gives an engine to some work and ends it afterwards. */
export async function withEngine<Result>(project: string | undefined, work: (engine: BenchEngine) => Promise<Result>): Promise<Result> {
  const engine = await startEngine(project);
  try {
    return await work(engine);
  } finally {
    await engine.stop();
  }
}

/** How a run went, seen from outside of the engine. */
export interface EndedRun {
  readonly report: RunReport;
  /** From the request to start it to the news of its end. */
  readonly seconds: number;
  /** Until the news that a task was settled, which comes at most four times a second. */
  readonly firstTaskSeconds: number;
  /** Requests in flight by the engine's own count, on average over its news of the run. */
  readonly meanInFlight: number;
}

/** Starts a run and returns its end, however it ends; `started` is called once it goes on. Throws when the engine dies. */
export async function endOfRun(client: EngineClient, choices: RunChoices, started: () => void = () => undefined): Promise<EndedRun> {
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  let firstTaskSeconds = Infinity;
  const inFlight: number[] = [];
  const progress = client.on('runProgress', ({ tasks, inFlight: count }) => {
    inFlight.push(count);
    if (tasks.done > 0) firstTaskSeconds = Math.min(firstTaskSeconds, seconds());
  });
  const ended = new Promise<RunReport>((resolve, reject) => {
    client.on('runEnded', resolve);
    void client.gone.then(reason => { reject(new Error(`the engine is gone: ${reason}`)); });
  });
  ended.catch(() => undefined); // the engine's end after that of the run
  await client.call('startRun', choices);
  started();
  const report = await ended;
  progress.dispose();
  return { report, seconds: seconds(), firstTaskSeconds, meanInFlight: inFlight.reduce((sum, count) => sum + count, 0) / inFlight.length };
}

/** The same for a run that has to be completed. */
export async function runToEnd(client: EngineClient, choices: RunChoices): Promise<EndedRun> {
  const run = await endOfRun(client, choices);
  if (run.report.state !== 'completed') throw new Error(`the run ended ${run.report.state}: ${run.report.problem?.message ?? ''}`);
  return run;
}
