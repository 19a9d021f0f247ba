import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { packageExtension } from '../test/support/packaged.ts';
import { atMost, rounded, type Benchmark } from './record.ts';

const root = path.resolve(import.meta.dirname, '..');
const manifestSchema = z.object({ main: z.string() });

/** What a window reads to start the extension, and what a person downloads. */
export const sizeBenchmark: Benchmark = {
  names: ['bundle.main', 'vsix'],
  async *run() {
    const { main } = z.parse(manifestSchema, JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
    yield { name: 'bundle.main', value: rounded(statSync(path.join(root, main)).size / 1000, 1), unit: 'kB', goal: atMost(250) };
    yield { name: 'vsix', value: rounded(statSync(packageExtension('bench')).size / 1e6, 3), unit: 'MB', goal: atMost(3) };
  },
};
