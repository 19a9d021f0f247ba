import { paced } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { atMost, rounded, type Benchmark } from './record.ts';
import { withRig } from './rig.ts';

/** How soon the first of 1,000 tasks is settled. The news of it may be a quarter of a second late, which counts against us. */
export const firstTaskBenchmark: Benchmark = {
  names: ['first.task'],
  async *run({ sized }) {
    const { seconds, firstTaskSeconds } = await withRig({ tasks: sized(1000), server: paced({ slots: 64, compress: 10 }) }, ({ engine, server }) => (
      runToEnd(engine.client, { server: server.url, mode: 'all' })
    ));
    yield { name: 'first.task', value: rounded(firstTaskSeconds / seconds, 5), unit: 'ratio', goal: atMost(0.01) };
  },
};
