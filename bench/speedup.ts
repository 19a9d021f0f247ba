import process from 'node:process';
import { createOpenAiModel } from '../src/adapters/models/openaiModel.ts';
import { paced, withServer, type Pace } from './demoServer.ts';
import { runToEnd } from './engine.ts';
import { writeQuestions } from './questions.ts';
import { atLeast, rounded, type Bench, type BenchRecord, type Benchmark } from './record.ts';
import { releasedTask, ReleasedSchedule } from './released.ts';
import { knowing, withFolder, withRig } from './rig.ts';

/** How long a model's answers are: those of the simulation by which the goals were set, see docs/benchmarks.md. */
const lengths = 'choose=60:.3,adapt=45:.35,structure=250:.4:.005,path=350:.5:.005,judge=4:.2,task=.25';
/** The server of both sides. The answers that it plays are all about as long, and a barrier costs next to nothing then; a model's are not. */
const served = (pace: Pace): readonly string[] => [...paced(pace), '--lengths', lengths];

/** Seconds that the released schedule takes for so many tasks, through the same adapter that the engine has. */
function releasedSeconds(tasks: number, pace: Pace, say: Bench['say']): Promise<number> {
  return withFolder(async folder => {
    const questions = await writeQuestions(folder, tasks);
    return withServer([...knowing(questions.served), ...served(pace)], async ({ url }) => {
      const model = createOpenAiModel({ baseUrl: url, environment: process.env });
      try {
        await model.describe(new AbortController().signal);
        const schedule = await ReleasedSchedule.of(model);
        const started = performance.now();
        let solved = 0;
        for (let index = 0; index < tasks; index += 1) if (await schedule.solve(releasedTask(index))) solved += 1;
        const seconds = (performance.now() - started) / 1000;
        say(`speedup: as released, ${pace.slots} slots: ${solved} of ${tasks} tasks in ${seconds.toFixed(1)} s`);
        return seconds;
      } finally {
        await model.close();
      }
    });
  });
}

/** Seconds that a run of ours takes for the same tasks. */
function ourSeconds(tasks: number, pace: Pace, say: Bench['say']): Promise<number> {
  return withRig({ tasks, server: served(pace) }, async ({ engine, server }) => {
    const { report, seconds } = await runToEnd(engine.client, { server: server.url, recipe: 'regenesis-released', mode: 'until-enough' });
    say(`speedup: ours, ${pace.slots} slots: ${report.tasks.solved} of ${tasks} tasks in ${seconds.toFixed(1)} s, ${report.calls} calls`);
    return seconds;
  });
}

async function* measure({ sized, say }: Bench, name: string, { pace, tasks, goal }: { readonly pace: Pace; readonly tasks: number; readonly goal: number }): AsyncGenerator<BenchRecord> {
  const count = sized(tasks);
  const ours = await ourSeconds(count, pace, say);
  const released = await releasedSeconds(count, pace, say);
  yield { name, value: rounded(released / ours, 2), unit: 'ratio', goal: atLeast(goal) };
}

/** How many times quicker the same tasks are done than on the schedule and with the calls of the released code. */
export const speedupBenchmarks: readonly Benchmark[] = [{ slots: 64, tasks: 200, goal: 7 }, { slots: 256, tasks: 300, goal: 10 }].map(({ slots, tasks, goal }): Benchmark => {
  const name = `speedup.released.s${slots}`;
  return { names: [name], run: bench => measure(bench, name, { pace: { slots, compress: 10 }, tasks, goal }) };
});
