import { paced } from './demoServer.ts';
import type { BenchEngine } from './engine.ts';
import { median, rounded, type Benchmark } from './record.ts';
import { shippedRecipe } from './released.ts';
import { withRig } from './rig.ts';

const times = 21;
/** Patience for one token; a server of this pace needs some tens of milliseconds for it. */
const longestMs = 10_000;

/** From the request to ask the first stage of a branch to the news of its first words. */
async function firstTokenMs({ client }: BenchEngine, { task, branch }: { readonly task: string; readonly branch: string }): Promise<number> {
  const at = { task, round: 1, branch } as const;
  const started = performance.now();
  let listening: { dispose(): void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const came = new Promise<number>((resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('no token came')); }, longestMs);
    listening = client.on('branchText', text => { if (text.task === task) resolve(performance.now() - started); });
  });
  try {
    const [ms] = await Promise.all([came, client.call('runStage', { ...at, recipe: 'regenesis' })]);
    await client.call('stopBranch', at);
    return ms;
  } finally {
    clearTimeout(timer);
    listening?.dispose();
  }
}

/** How soon whoever steps through a branch sees the first words of an answer. A new task each time, so that nothing is stored or in the server's cache. */
export const firstTokenBenchmark: Benchmark = {
  names: ['command.to.first.token'],
  async *run({ sized }) {
    const measured = await withRig({ tasks: times, server: paced({ slots: 64, compress: 1 }) }, async ({ engine, server }) => {
      const { rows } = await engine.client.call('taskPage', { filter: {}, limit: times });
      const { server: baseUrl, model, simulated } = await engine.client.call('probeServer', { url: server.url, completions: false });
      await engine.client.call('setServer', { server: { baseUrl, model, simulated } });
      const [guideline] = shippedRecipe('regenesis').rounds[1].guidelines;
      if (!guideline) throw new Error('the recipe has no guideline');
      const found: number[] = [];
      for (const { id } of rows.slice(0, sized(times, 3))) found.push(await firstTokenMs(engine, { task: id, branch: `guideline:${guideline.id}` }));
      return found;
    });
    yield { name: 'command.to.first.token', value: rounded(median(measured), 1), unit: 'ms', goal: null };
  },
};
