import { statSync } from 'node:fs';
import { packageExtension, startBytes } from '../test/support/packaged.ts';
import { atMost, rounded, type Benchmark } from './record.ts';

/** What a window reads to start the extension, and what a person downloads. */
export const sizeBenchmark: Benchmark = {
  names: ['bundle.main', 'vsix'],
  async *run() {
    yield { name: 'bundle.main', value: rounded(startBytes() / 1000, 1), unit: 'kB', goal: atMost(250) };
    yield { name: 'vsix', value: rounded(statSync(packageExtension('bench')).size / 1e6, 3), unit: 'MB', goal: atMost(3) };
  },
};
