import { paced, type Pace } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { atLeast, rounded, type Bench, type BenchRecord, type Benchmark } from './record.ts';
import { withRig } from './rig.ts';
import { answeredCalls, withStore, type AnsweredCall } from './stored.ts';

/**
 * Servers whose slots are not known beforehand. Every run lasts a minute or two; the largest is less compressed, so that the machine of the benchmark
 * can keep up with it.
 */
const servers: readonly (Pace & { readonly tasks: number })[] = [
  { slots: 16, compress: 10, tasks: 120 },
  { slots: 64, compress: 10, tasks: 300 },
  { slots: 256, compress: 5, tasks: 300 },
];

/** Fixed limits that might be the best for so many slots. */
const fixedLimits = (slots: number): readonly number[] => [slots, Math.ceil(1.15 * slots + 4), Math.ceil(1.5 * slots), 3 * slots];

/**
 * The part of a run that counts, in shares of its calls. The beginning is left out, since time is compressed and the seconds in which a limit is found are not;
 * so is the end, where there is too little left to do for any limit. Between them every run of a server does the same calls in nearly the same order.
 */
const counted = { from: 0.3, to: 0.9 } as const;

/** Generated tokens a second in the part that counts. */
function throughput(calls: readonly AnsweredCall[]): number {
  const part = calls.slice(Math.floor(calls.length * counted.from), Math.ceil(calls.length * counted.to));
  const [first, last] = [part[0], part.at(-1)];
  if (!first || !last || first === last) throw new Error('there were too few calls to measure a throughput');
  return part.slice(1).reduce((sum, { outputTokens }) => sum + outputTokens, 0) / (last.endedAtMs - first.endedAtMs) * 1000;
}

interface Limited {
  readonly words?: readonly string[];
  /** Absent: found by the engine. */
  readonly concurrency?: number;
}

function throughputWith({ sized }: Bench, { tasks, ...pace }: (typeof servers)[number], { words = [], ...limit }: Limited): Promise<number> {
  return withRig({ tasks: sized(tasks), server: [...paced(pace), ...words] }, async ({ engine, server: { url }, project }) => {
    await runToEnd(engine.client, { server: url, mode: 'all', ...limit });
    await engine.stop();
    return throughput(withStore(project, { create: false }, answeredCalls));
  });
}

/** How near the self-tuned limit comes to the best fixed one, with and without the server's metrics: the figure is the worst of all servers. */
async function* measure(bench: Bench): AsyncGenerator<BenchRecord> {
  const kinds = [{ name: 'limit.metrics', goal: 0.99, words: [] }, { name: 'limit.blind', goal: 0.96, words: ['--no-metrics'] }];
  const worst = new Map<string, number>();
  for (const server of servers) {
    const asked = kinds.filter(({ name }) => bench.wanted(name) || bench.wanted(`${name}.s${server.slots}`));
    if (asked.length === 0) continue;
    let best = 0;
    for (const concurrency of fixedLimits(server.slots)) {
      const fixed = await throughputWith(bench, server, { concurrency });
      bench.say(`limit: ${server.slots} slots, ${concurrency} in flight: ${fixed.toFixed(0)} tokens/s`);
      best = Math.max(best, fixed);
    }
    for (const { name, words } of asked) {
      const ratio = await throughputWith(bench, server, { words }) / best;
      worst.set(name, Math.min(worst.get(name) ?? Infinity, ratio));
      yield { name: `${name}.s${server.slots}`, value: rounded(ratio, 4), unit: 'ratio', goal: null };
    }
  }
  for (const { name, goal } of kinds.filter(kind => bench.wanted(kind.name))) yield { name, value: rounded(worst.get(name) ?? NaN, 4), unit: 'ratio', goal: atLeast(goal) };
}

/** See `measure`. */
export const limitBenchmark: Benchmark = { names: ['limit.metrics', 'limit.metrics.', 'limit.blind', 'limit.blind.'], run: measure };
