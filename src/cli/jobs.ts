import type { JobRow } from '../contract/jobs.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError } from '../core/model/problem.ts';
import type { EngineClient } from '../client/engineClient.ts';
import { exitCodes, type Command, type CommandEnvironment, type Given } from './command.ts';
import { json, table } from './print.ts';
import { targetKeyIn } from './targetOptions.ts';
import { withProject } from './withEngine.ts';

/** Bytes of a log that are asked for at a time. */
const pieceBytes = 1 << 20;

/** Lists training jobs, as they are now. */
export const jobs: Command = {
  name: 'jobs',
  summary: 'Say how the training jobs of a project are, print the log of one, cancel it or begin it anew.',
  usage: 'PROJECT [ID]',
  options: {
    log: { type: 'boolean', help: 'print the log of this job' },
    cancel: { type: 'boolean', help: 'end this job' },
    retry: { type: 'boolean', help: 'begin the same work once more, as a job of its own' },
  },
  positionals: [1, 2],
  notes: 'Asks every target whose jobs have not ended. A key comes from REGENESIS_TARGET_KEY. A job that is lost cannot be seen at the moment; it goes on where it is.',
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    const [, word] = given.positionals;
    const wanted = ['log', 'cancel', 'retry'].filter(name => given.flag(name));
    if (wanted.length > 1) throw problemError('usage', 'Give one of --log, --cancel and --retry.');
    if (word === undefined && wanted.length > 0) throw problemError('usage', `Say which job: regenesis jobs PROJECT ID --${wanted[0] ?? ''}.`);
    const apiKey = targetKeyIn(environment);
    const { jobs: all } = await engine.call('followJobs', { now: true, ...withoutAbsent({ apiKey }) });
    const id = word === undefined ? undefined : idOf(word, all);
    if (id !== undefined && given.flag('log')) return printLog(engine, id, environment);
    const changed = id === undefined ? undefined : await change(engine, id, given, apiKey);
    const rows = changed ? [changed] : all.filter(job => id === undefined || job.id === id);
    await environment.out(given.flag('json') ? json({ jobs: rows }) : `${jobsText(rows)}\n`);
    return exitCodes.done;
  }),
};

async function change(...[engine, job, given, apiKey]: [engine: EngineClient, job: number, given: Given, apiKey: string | undefined]): Promise<JobRow | undefined> {
  if (given.flag('cancel')) return (await engine.call('cancelJob', { job })).job;
  return given.flag('retry') ? (await engine.call('retryJob', { job, ...withoutAbsent({ apiKey }) })).job : undefined;
}

/** A job by its number, or by the beginning of its key. */
function idOf(word: string, all: readonly JobRow[]): number {
  const found = all.filter(({ id, key }) => String(id) === word || (word.length >= 6 && key.startsWith(word)));
  const [job] = found;
  if (!job || found.length > 1) throw problemError('job-not-found', `There is no job ${word} in this project. ${all.length === 0 ? 'It has none.' : `It has ${all.map(({ id }) => id).join(', ')}.`}`);
  return job.id;
}

async function printLog(engine: EngineClient, job: number, environment: CommandEnvironment): Promise<number> {
  for (let from = 0; ;) {
    const { text, next, atEnd } = await engine.call('jobLog', { job, from, most: pieceBytes });
    await environment.out(text);
    if (atEnd || next === from) return exitCodes.done;
    from = next;
  }
}

/** Jobs, for people. */
export function jobsText(rows: readonly JobRow[]): string {
  if (rows.length === 0) return 'No job was begun in this project. `regenesis fine-tune` begins one.';
  const lines = rows.map(({ id, target, state, reason, step, steps, loss, base, model, records, simulated }) => [
    id, `${state}${reason === undefined ? '' : ` (${reason})`}`, target, base, `${records}${simulated ? ' (simulation)' : ''}`,
    step === undefined ? '' : `${step}${steps === undefined ? '' : ` of ${steps}`}`, loss === undefined ? '' : String(loss), model ?? '',
  ]);
  const names = rows.flatMap(({ id, tuned, model }) => (tuned === undefined || tuned.name === model ? [] : [`job ${id}: a server calls its model ${tuned.name}`]));
  const words = rows.flatMap(({ id, words: said, state }) => (said === undefined || state === 'running' ? [] : [`job ${id}: ${said}`]));
  return [table([['job', 'state', 'target', 'base', 'records', 'step', 'loss', 'model'], ...lines]), ...names, ...words].join('\n');
}
