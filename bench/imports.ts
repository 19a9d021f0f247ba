import path from 'node:path';
import { withEngine, type BenchEngine } from './engine.ts';
import { peakResidentMib } from './memory.ts';
import { shortQuestionAt, writeLines } from './questions.ts';
import { atMost, rounded, type Benchmark } from './record.ts';
import { withFolder } from './rig.ts';

/** Imports 1,000,000 JSON lines into a project: the engine's peak memory and how long it takes. */
export const importBenchmark: Benchmark = {
  names: ['import.1m.memory', 'import.1m.seconds'],
  async *run({ sized }) {
    const count = sized(1_000_000);
    const [peak, seconds] = await withFolder(async folder => {
      const file = await writeLines(path.join(folder, 'million.jsonl'), count, shortQuestionAt);
      const project = path.join(folder, 'bench.regenesis');
      return withEngine(project, engine => importInto(engine, { project, file, count }));
    });
    yield { name: 'import.1m.memory', value: rounded(peak, 1), unit: 'MiB', goal: atMost(300) };
    yield { name: 'import.1m.seconds', value: rounded(seconds, 1), unit: 's', goal: null };
  },
};

interface Import {
  readonly project: string;
  readonly file: string;
  readonly count: number;
}

async function importInto({ client, pid }: BenchEngine, { project, file, count }: Import): Promise<readonly [peakMib: number, seconds: number]> {
  await client.call('createProject', { path: project, sample: false });
  const started = performance.now();
  const report = await client.call('importTasks', { files: [file], map: { question: 'question', gold: 'gold' } });
  if (report.tasks !== count) throw new Error(`${report.tasks} of ${count} tasks were imported`);
  return [peakResidentMib(pid), (performance.now() - started) / 1000];
}
