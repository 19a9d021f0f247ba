import { undelayed } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { atLeast, rounded, type Benchmark } from './record.ts';
import { withRig } from './rig.ts';

/** Requests a second through everything, with 256 in flight against a server that answers at once. */
export const callBenchmark: Benchmark = {
  names: ['calls.per.second'],
  async *run({ sized }) {
    const { report } = await withRig({ tasks: sized(200), server: undelayed }, ({ engine, server }) => runToEnd(engine.client, { server: server.url, mode: 'all', concurrency: 256 }));
    yield { name: 'calls.per.second', value: rounded(report.calls / report.elapsedMs * 1000, 1), unit: 'calls/s', goal: atLeast(1000) };
  },
};
