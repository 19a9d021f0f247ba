import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { paced, readMetrics } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { atMost, rounded, type Bench, type Benchmark } from './record.ts';
import { withRig } from './rig.ts';

const layouts = { 'prefix.uncached': 'prefix', 'prefix.uncached.reference': 'reference' } as const;

/** Share of the prompt tokens that a server has to compute when prompts are laid out in this way. */
function uncachedShare({ sized }: Bench, layout: string): Promise<number> {
  return withRig({ tasks: sized(100), server: paced({ slots: 64, compress: 10 }) }, async ({ engine, server, folder }) => {
    const recipe = path.join(folder, `${layout}-layout`, `${layout}-layout.rgrecipe.yaml`);
    mkdirSync(path.dirname(recipe));
    writeFileSync(recipe, `extends: regenesis-released\ntitle: As released, in the ${layout} layout\nlayout: ${layout}\n`);
    await runToEnd(engine.client, { server: server.url, recipe, mode: 'all' });
    const { uncachedTokens, promptTokens } = await readMetrics(server);
    return uncachedTokens / promptTokens;
  });
}

/** What the order of a prompt's parts saves a server with a prefix cache, by the server's own counters. */
export const prefixBenchmarks: readonly Benchmark[] = Object.entries(layouts).map(([name, layout]): Benchmark => ({
  names: [name],
  async *run(bench) {
    yield { name, value: rounded(await uncachedShare(bench, layout), 4), unit: 'ratio', goal: layout === 'prefix' ? atMost(0.46) : null };
  },
}));
