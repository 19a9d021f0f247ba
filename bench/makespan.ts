import { boundMs } from './bound.ts';
import { meanRunning, paced, readMetrics, stepMs, type Pace } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { atMost, rounded, type Bench, type BenchRecord, type Benchmark } from './record.ts';
import { withRig } from './rig.ts';
import { longestChainTokens, withStore } from './stored.ts';

/** Recipes by the number of their branches. */
const recipes = { b25: 'regenesis', b45: 'regenesis-released' } as const;

async function* measure({ sized }: Bench, name: string, { pace, recipe }: { readonly pace: Pace; readonly recipe: string }): AsyncGenerator<BenchRecord> {
  const { ratio, running } = await withRig({ tasks: sized(200), server: paced(pace) }, async ({ engine, server, project }) => {
    const before = await readMetrics(server);
    const { result: { seconds }, mean } = await meanRunning(server, () => runToEnd(engine.client, { server: server.url, recipe, mode: 'all' }));
    const after = await readMetrics(server);
    await engine.stop();
    const chainTokens = withStore(project, { create: false }, longestChainTokens);
    const [generatedTokens, uncachedTokens] = [after.generatedTokens - before.generatedTokens, after.uncachedTokens - before.uncachedTokens];
    const leastMs = boundMs({ slots: pace.slots, stepMs }, { generatedTokens, uncachedTokens, chainTokens });
    return { ratio: seconds * 1000 * pace.compress / leastMs, running: mean / pace.slots };
  });
  yield { name, value: rounded(ratio, 4), unit: 'ratio', goal: atMost(1.03) };
  yield { name: `${name}.running`, value: rounded(running, 3), unit: 'ratio', goal: null };
}

/** What this machine's own work takes counts as often as time is compressed. 256 slots ask for so much of it that ten times as much is no picture of a real server. */
const compressOf = (slots: number): number => (slots > 64 ? 5 : 10);

/** The time of a whole run over the least possible, with the limit of requests in flight left to the engine; and the mean share of slots at work. */
export const makespanBenchmarks: readonly Benchmark[] = [64, 256].flatMap(slots => Object.entries(recipes).map(([branches, recipe]): Benchmark => {
  const name = `makespan.s${slots}.${branches}`;
  return { names: [name, `${name}.running`], run: bench => measure(bench, name, { pace: { slots, compress: compressOf(slots) }, recipe }) };
}));
