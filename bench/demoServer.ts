import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDemoServerProcess, type DemoServerProcess } from '../src/client/demoServerProcess.ts';
import { cliPath } from './engine.ts';

/** How fast a demo server is: slots, and the times of `--step-ms` with their compression. */
export interface Pace {
  readonly slots: number;
  readonly compress: number;
}

/** `--step-ms`: a decode step of T0 + C·b ms, P ms for each uncached prompt token. An 8B model on an A100, as measured by others. */
export const stepMs = { t0: 10, c: 0.08, p: 0.08 } as const;

/** The words that give a server its pace. */
export const paced = ({ slots, compress }: Pace): readonly string[] =>
  ['--slots', String(slots), '--step-ms', [stepMs.t0, stepMs.c, stepMs.p].join(','), '--compress', String(compress)];

/** The words for a server that answers at once. */
export const undelayed: readonly string[] = ['--slots', '1024', '--step-ms', '0,0,0'];

/** Gives a demo server in a process of its own to some work and ends it afterwards. */
export async function withServer<Result>(words: readonly string[], work: (server: DemoServerProcess) => Promise<Result>): Promise<Result> {
  const server = await startDemoServerProcess({ node: process.execPath, cliPath, arguments: words });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** What a server says of itself at `/metrics`. */
export interface ServerMetrics {
  readonly running: number;
  readonly generatedTokens: number;
  readonly promptTokens: number;
  /** Of the prompt tokens, those that were not in the prefix cache. */
  readonly uncachedTokens: number;
}

/** Asks a server for its metrics. */
export async function readMetrics({ url }: DemoServerProcess): Promise<ServerMetrics> {
  const page = await (await fetch(new URL('/metrics', url))).text();
  const value = (name: string): number => {
    const found = new RegExp(String.raw`^vllm:${name}(?:\{[^}]*\})? (\S+)$`, 'm').exec(page)?.[1];
    if (found === undefined) throw new Error(`the server's metrics lack ${name}`);
    return Number(found);
  };
  const promptTokens = value('prefix_cache_queries_total');
  return {
    running: value('num_requests_running'), generatedTokens: value('generation_tokens_total'),
    promptTokens, uncachedTokens: promptTokens - value('prefix_cache_hits_total'),
  };
}

const sampleEveryMs = 200;

/** Looks at how many sequences run while some work goes on; the mean is NaN where the work was too short to look once. */
export async function meanRunning<Result>(server: DemoServerProcess, work: () => Promise<Result>): Promise<{ readonly result: Result; readonly mean: number }> {
  const end = new AbortController();
  const samples: number[] = [];
  const rested = () => sleep(sampleEveryMs, true, { signal: end.signal }).catch(() => false);
  const watched = (async () => {
    while (await rested()) samples.push((await readMetrics(server)).running);
  })();
  try {
    const result = await work();
    return { result, mean: samples.reduce((sum, each) => sum + each, 0) / samples.length };
  } finally {
    end.abort();
    await watched;
  }
}
