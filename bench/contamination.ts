import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { atMost, rounded, type Benchmark } from './record.ts';

const child = path.join(import.meta.dirname, 'contaminationSearch.ts');
const searchSchema = z.object({ seconds: z.number(), megabytes: z.number(), exact: z.int(), near: z.int() });

/** Finds which of 100,000 train tasks stand among 10,000 held-out ones, in a process of its own: how long it takes, and the most memory that it ever held. */
export const contaminationBenchmark: Benchmark = {
  names: ['contamination.100k', 'contamination.100k.rss'],
  async *run({ sized, say }) {
    const [train, evaluation] = [sized(100_000, 1_000), sized(10_000, 100)];
    const { stdout } = await promisify(execFile)(process.execPath, [child, String(train), String(evaluation)]);
    const { seconds, megabytes, exact, near } = searchSchema.parse(JSON.parse(stdout));
    const planted = Math.ceil(evaluation / 100);
    say(`contamination: ${exact} tasks in other blanks, quotes and case were found, and ${near} with another word`);
    if (exact !== planted || near !== Math.ceil((evaluation - 1) / 100)) throw new Error(`of ${planted} planted tasks ${exact} were found as they are, and ${near} changed`);
    yield { name: 'contamination.100k', value: rounded(seconds, 1), unit: 's', goal: atMost(60) };
    yield { name: 'contamination.100k.rss', value: rounded(megabytes, 1), unit: 'MB', goal: atMost(500) };
  },
};
