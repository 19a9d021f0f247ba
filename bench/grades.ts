import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { grade } from '../src/core/verify/grade.ts';
import { atLeast, atMost, rounded, type BenchRecord, type Benchmark } from './record.ts';

const caseSchema = z.looseObject({ source: z.string(), gold: z.string(), pred: z.string(), expected: z.boolean() });
type Case = z.infer<typeof caseSchema>;

const warmUps = 5;
/** Odd, so that the median is one of the measurements. */
const rounds = 9;

const gradeCase = ({ gold, pred }: Case) => grade({ gold, output: pred, extract: 'any' });
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** Milliseconds that each case takes once the code is warm: the median of several rounds, so that a busy neighbour does not count. */
function timings(cases: readonly Case[]): readonly number[] {
  for (let round = 0; round < warmUps; round += 1) cases.forEach(gradeCase);
  const measured = cases.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, one] of cases.entries()) {
      const started = performance.now();
      gradeCase(one);
      measured[index]?.push(performance.now() - started);
    }
  }
  return measured.map(times => sorted(times)[Math.floor(rounds / 2)] ?? 0);
}

/** Only all sources together have a goal: some labels of single ones contradict those of others. */
function agreement(name: string, cases: readonly Case[], goal: BenchRecord['goal'] = null): BenchRecord {
  const agreed = cases.filter(one => (gradeCase(one).verdict === 'correct') === one.expected).length;
  return { name: `grade.agreement.${name}`, value: rounded(agreed / cases.length, 4), unit: 'ratio', goal };
}

/** Speed and agreement of the typed grader on the public graders' test cases, every label counted as it stands there. Yields nothing where the file is not here. */
export const gradeBenchmark: Benchmark = {
  names: ['grade.mean', 'grade.p99', 'grade.agreement.'],
  async *run({ dataFolder }) {
    const file = path.join(dataFolder, 'grading/cases.jsonl');
    if (!existsSync(file)) return;
    const cases = readFileSync(file, 'utf8').trimEnd().split('\n').map(line => caseSchema.parse(JSON.parse(line)));
    const times = sorted(timings(cases));
    yield { name: 'grade.mean', value: rounded(times.reduce((sum, time) => sum + time, 0) / times.length, 4), unit: 'ms', goal: atMost(0.15) };
    yield { name: 'grade.p99', value: rounded(times[Math.ceil(times.length * 0.99) - 1] ?? 0, 4), unit: 'ms', goal: atMost(3) };
    const sources = Map.groupBy(cases, ({ source }) => source.split(':')[0] ?? '');
    for (const [source, members] of sources) yield agreement(source, members);
    yield agreement('all', cases, atLeast(0.95));
  },
};
