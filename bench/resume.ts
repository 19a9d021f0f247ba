import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { parseJson } from '../src/core/model/outside.ts';
import { undelayed, withServer } from './demoServer.ts';
import { endOfRun, withEngine } from './engine.ts';
import { writeQuestions } from './questions.ts';
import { atMost, median, rounded, type Bench, type Benchmark } from './record.ts';
import { createProject, knowing, withFolder } from './rig.ts';

const attempts = 200_000;
/** Calls of a task in mode all, at the least: 25 branches of three stages. */
const callsPerTask = 75;
const times = 5;

const requestSchema = z.object({ t: z.literal('request'), atMs: z.number(), path: z.literal('/v1/chat/completions') });

/** A project that stopped in the middle of its work, and what a server must know to go on with it. */
interface Begun {
  readonly project: string;
  readonly served: string;
}

/**
 * A project in which a run has sent so many requests and has a third of its tasks before it; made once and kept, as long as the form of project files stays the same.
 */
async function begunProject({ cacheFolder, say }: Bench, calls: number): Promise<Begun> {
  const schema = await withEngine(undefined, async ({ client }) => (await client.call('engineState', {})).schema);
  const folder = path.join(cacheFolder, `begun-${calls}-v${schema}`);
  const begun = (inside: string): Begun => ({ project: path.join(inside, 'begun.regenesis'), served: path.join(inside, 'served.jsonl') });
  if (existsSync(folder)) return begun(folder);
  say(`resume: making a project with ${calls} requests; it is kept in ${cacheFolder}`);
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making);
  const { imported, served } = await writeQuestions(making, Math.ceil(1.5 * calls / callsPerTask));
  await withServer([...knowing(served), ...undelayed], server => withEngine(begun(making).project, async engine => {
    await createProject(engine, begun(making).project, imported);
    const { report } = await endOfRun(engine.client, { server: server.url, mode: 'all', concurrency: 256, maxCalls: calls });
    if (report.calls !== calls) throw new Error(`the run ended ${report.state} after ${report.calls} of ${calls} requests`);
  }));
  renameSync(making, folder);
  return begun(folder);
}

/** When the first request for a completion arrived, by the server's log. */
async function firstRequestAtMs(log: string): Promise<number> {
  for (;;) {
    for (const line of existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []) {
      const request = z.safeParse(requestSchema, parseJson(line));
      if (request.success) return request.data.atMs;
    }
    await sleep(20);
  }
}

/** From the moment at which an engine that runs is asked to open the project and go on, until its first new request is at the server. */
function secondsToFirstRequest({ project, served }: Begun): Promise<number> {
  return withFolder(folder => {
    const log = path.join(folder, 'requests.jsonl');
    return withServer([...knowing(served), ...undelayed, '--log', log], server => withEngine(project, async ({ client }) => {
      const startedAtMs = Date.now();
      await client.call('openProject', { path: project });
      const run = endOfRun(client, { server: server.url, mode: 'all', concurrency: 256 });
      const arrivedAtMs = await Promise.race([firstRequestAtMs(log), run.then(({ report }) => { throw new Error(`the run ended ${report.state} without a request`); })]);
      await client.call('cancelRun', {});
      await run;
      return (arrivedAtMs - startedAtMs) / 1000;
    }));
  });
}

/** How soon a run goes on in a project that has many requests behind it: the middle of some times. */
export const resumeBenchmark: Benchmark = {
  names: ['resume.200k'],
  async *run(bench) {
    const begun = await begunProject(bench, bench.sized(attempts, 1_000));
    const seconds: number[] = [];
    for (let time = 0; time < times; time += 1) seconds.push(await secondsToFirstRequest(begun));
    bench.say(`resume: ${seconds.map(each => each.toFixed(2)).join(', ')} s`);
    yield { name: 'resume.200k', value: rounded(median(seconds), 3), unit: 's', goal: atMost(1) };
  },
};
