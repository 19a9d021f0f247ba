import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { paced } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { atLeast, rounded, type Benchmark } from './record.ts';
import { withRig } from './rig.ts';

const recordSchema = z.object({ task: z.string(), branch: z.string(), round: z.number(), answers: z.object({ path: z.string() }) });
const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n').filter(line => line !== '');

/** What was kept of each task: branch, answer and the line of the training set, in the order of the walk. */
function keptByTask(file: string, recordsFile: string): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  const lines = linesOf(file);
  for (const [index, line] of linesOf(recordsFile).entries()) {
    const { task, branch, round, answers } = recordSchema.parse(JSON.parse(line));
    const text = createHash('sha256').update(lines[index] ?? '').digest('hex');
    kept.set(task, `${kept.get(task) ?? ''}${round} ${branch} ${answers.path} ${text}\n`);
  }
  return kept;
}

/** Calls finish in an order that the latency seed decides. Time is more compressed than elsewhere, since none is measured. */
function keptWith(tasks: number, { mode, latencySeed }: { readonly mode: 'all' | 'until-enough'; readonly latencySeed: number }): Promise<ReadonlyMap<string, string>> {
  const server = [...paced({ slots: 1024, compress: 100 }), '--latency-seed', String(latencySeed)];
  return withRig({ tasks, server }, async ({ engine, server: { url }, folder }) => {
    await runToEnd(engine.client, { server: url, mode, concurrency: 256 });
    const { path: file, recordsFile } = await engine.client.call('exportDataset', { format: 'chat', out: path.join(folder, 'train.jsonl') });
    return keptByTask(file, recordsFile);
  });
}

/** Share of the tasks of which the same is kept in both modes, whatever order calls finish in. */
export const keptBenchmark: Benchmark = {
  names: ['kept.same'],
  async *run({ sized, say }) {
    const tasks = sized(2000);
    const outcomes: ReadonlyMap<string, string>[] = [];
    for (const latencySeed of [1, 2, 3]) {
      for (const mode of ['all', 'until-enough'] as const) {
        outcomes.push(await keptWith(tasks, { mode, latencySeed }));
        say(`kept.same: ${mode}, latency seed ${latencySeed}: something is kept of ${outcomes.at(-1)?.size ?? 0} of ${tasks} tasks`);
      }
    }
    const named = new Set(outcomes.flatMap(kept => [...kept.keys()]));
    if (named.size === 0) throw new Error('nothing was kept of any task');
    const different = [...named].filter(task => new Set(outcomes.map(kept => kept.get(task))).size > 1).length;
    yield { name: 'kept.same', value: rounded(1 - different / tasks, 5), unit: 'ratio', goal: atLeast(1) };
  },
};
