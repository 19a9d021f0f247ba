import { paced } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { atMost, rounded, type Benchmark } from './record.ts';
import { withRig } from './rig.ts';

/** What five requests of a hundred meet. */
const faults = '429=.02,500=.01,reset=.01,503=.01';

/** What faults cost: the time of a run that meets some over that of the same run without. */
export const faultBenchmark: Benchmark = {
  names: ['faults.5pct'],
  async *run({ sized }) {
    const server = paced({ slots: 64, compress: 10 });
    const secondsWith = (words: readonly string[]) => withRig({ tasks: sized(200), server: [...server, ...words] }, async rig => (
      (await runToEnd(rig.engine.client, { server: rig.server.url, mode: 'all' })).seconds
    ));
    const calm = await secondsWith([]);
    const troubled = await secondsWith(['--faults', faults]);
    yield { name: 'faults.5pct', value: rounded(troubled / calm, 4), unit: 'ratio', goal: atMost(1.08) };
  },
};
