import * as z from 'zod/mini';
import { inHost } from './inHost.ts';
import { atMost, median, rounded, type Benchmark } from './record.ts';
import { withFolder } from './rig.ts';

const windows = 7;
const measured = z.object({ ours: z.number(), empty: z.number() });

/** How much longer our extension takes to be loaded and activated than an empty one in the same host: the median of some windows. */
export const activationBenchmark: Benchmark = {
  names: ['activation.over.empty'],
  async *run({ sized, say }) {
    const over: number[] = [];
    for (let window = 0; window < sized(windows); window += 1) {
      const { ours, empty } = await withFolder(folder => inHost<z.infer<typeof measured>, 'activation'>(folder, { measure: 'activation' }, measured));
      say(`activation: ${ours.toFixed(1)} ms, an empty one ${empty.toFixed(1)} ms`);
      over.push(ours - empty);
    }
    yield { name: 'activation.over.empty', value: rounded(median(over), 1), unit: 'ms', goal: atMost(50) };
  },
};
