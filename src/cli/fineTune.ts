import path from 'node:path';
import type { EngineClient } from '../client/engineClient.ts';
import { baseOf } from '../client/lineage.ts';
import type { JobChoices, JobPlan, JobRow } from '../contract/jobs.ts';
import { exportFormats } from '../core/model/exportRule.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError } from '../core/model/problem.ts';
import { hasEnded, typedValue } from '../core/model/trainingJob.ts';
import { exitCodes, type Command, type CommandEnvironment, type Given } from './command.ts';
import { ruleIn, ruleOptions } from './exportRule.ts';
import { jobsText } from './jobs.ts';
import { json, table } from './print.ts';
import { targetIn, targetKeyIn, targetOptions } from './targetOptions.ts';
import { withProject } from './withEngine.ts';

/** Sends a training job. */
export const fineTune: Command = {
  name: 'fine-tune',
  summary: 'Export the kept paths and fine-tune a model on them, here or on a remote machine. The same work is never begun twice on one target.',
  usage: 'PROJECT --target KIND [--model NAME]',
  options: {
    ...targetOptions,
    'model': { type: 'string', value: 'NAME', help: 'base model, by the name or path that the target knows it by (default after an iteration: the base that its model was tuned from)' },
    'preset': { type: 'string', value: 'NAME', help: 'hyper-parameters to begin with (default lora); `--preset list` lists them' },
    'set': { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'another value of a hyper-parameter; given again, of further ones' },
    'dataset': { type: 'string', value: 'FILE', help: 'a training set that was exported before, in place of a new one' },
    'format': { type: 'string', value: 'FORMAT', help: 'format of the training set (default: what target and method take)' },
    ...ruleOptions,
    'plan': { type: 'boolean', help: 'look at the target and say what would be done; send nothing' },
    'retry': { type: 'boolean', help: 'begin the same work once more' },
    'wait': { type: 'boolean', help: 'stay until the job has ended; Ctrl-C leaves it running' },
  },
  positionals: [1, 1],
  notes: 'What is over there when this command ends goes on without it: `regenesis jobs PROJECT` says how it is. Exit codes: 0 sent, or succeeded with --wait; 1 failed; 3 the target cannot be reached, and the job is sent when it can.',
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    if (given.text('preset') === 'list') return listPresets(engine, given, environment);
    const choices = choicesIn(given, { model: await modelIn(given, engine, environment), apiKey: targetKeyIn(environment) });
    if (given.flag('plan')) {
      const plan = await engine.call('planJob', choices);
      await environment.out(given.flag('json') ? json(plan) : planText(plan));
      return plan.target.problem === undefined ? exitCodes.done : exitCodes.inPart;
    }
    const upload = engine.on('jobUpload', ({ sent, total }) => { if (environment.columns !== undefined) environment.redraw(`${Math.round((100 * sent) / Math.max(1, total))} % sent`); });
    try {
      const { job, found } = await engine.call('startJob', choices);
      if (environment.columns !== undefined) environment.redraw('');
      if (found) environment.say(`This work was begun before: job ${job.id} of ${job.target}. --retry begins it once more.\n`);
      const end = given.flag('wait') ? await ended(engine, job, environment) : job;
      await environment.out(given.flag('json') ? json({ jobs: [end] }) : `${jobsText([end])}\n`);
      return exitCodeOf(end);
    } finally {
      upload.dispose();
    }
  }),
};

/** The base model: the one that is named, else the one that the model of the latest iteration was tuned from. Throws `usage`. */
async function modelIn(given: Given, engine: EngineClient, environment: CommandEnvironment): Promise<string> {
  const named = given.text('model')?.trim() ?? '';
  if (named !== '') return named;
  const [{ runs, server }, { jobs }] = await Promise.all([engine.call('status', {}), engine.call('jobs', {})]);
  const found = server && baseOf(server.model, { runs, jobs });
  if (!found) throw problemError('usage', 'Say what to fine-tune: --model NAME, as the target knows it.');
  environment.say(`Training from ${found.base}, which ${server.model} was tuned from; --model names another.\n`);
  return found.base;
}

function choicesIn(given: Given, { model, apiKey }: { readonly model: string; readonly apiKey: string | undefined }): JobChoices {
  const dataset = given.text('dataset');
  const changes = Object.fromEntries(given.texts('set').map(pair => {
    const at = pair.indexOf('=');
    if (at < 1) throw problemError('usage', `--set takes NAME=VALUE, not ${pair}.`);
    return [pair.slice(0, at), typedValue(pair.slice(at + 1))];
  }));
  return {
    target: targetIn(given), model, changes, rule: ruleIn(given), retry: given.flag('retry'),
    ...withoutAbsent({ preset: given.text('preset'), format: given.word('format', exportFormats), dataset: dataset === undefined ? undefined : path.resolve(dataset), apiKey }),
  };
}

async function listPresets(engine: EngineClient, given: Given, environment: CommandEnvironment): Promise<number> {
  const { presets } = await engine.call('trainingPresets', {});
  await environment.out(given.flag('json') ? json({ presets }) : `${table(presets.map(({ name, method, about }) => [name, method, about]))}\n`);
  return exitCodes.done;
}

/** Follows a job to its end. Ctrl-C leaves it where it is. */
async function ended(engine: EngineClient, first: JobRow, environment: CommandEnvironment): Promise<JobRow> {
  let now = first;
  let settle: (row: JobRow) => void = () => undefined;
  const end = new Promise<JobRow>(resolve => { settle = resolve; });
  const changes = engine.on('jobChanged', row => {
    if (row.id !== first.id) return;
    now = row;
    if (environment.columns !== undefined) environment.redraw(jobLine(row));
    if (hasEnded(row.state)) settle(row);
  });
  const stopListening = environment.onInterrupt(() => { settle(now); });
  void engine.gone.then(() => { settle(now); });
  try {
    if (hasEnded(first.state)) settle(first);
    return await end;
  } finally {
    if (environment.columns !== undefined) environment.redraw('');
    stopListening();
    changes.dispose();
  }
}

const jobLine = ({ state, step, steps, loss }: JobRow): string =>
  [state, ...(step === undefined ? [] : [`step ${step}${steps === undefined ? '' : ` of ${steps}`}`]), ...(loss === undefined ? [] : [`loss ${loss}`]), 'Ctrl-C leaves it running'].join(' · ');

function exitCodeOf({ state }: JobRow): number {
  if (state === 'failed' || state === 'cancelled') return exitCodes.failed;
  return state === 'lost' ? exitCodes.inPart : exitCodes.done;
}

const planText = ({ target: { version, problem }, existing, place, command, training, files, hyperparameters, format }: JobPlan): string => [
  problem === undefined ? `${version ?? 'the target'} answers` : `The target does not answer as it should: ${problem}`,
  ...(existing ? [`This work was begun before: job ${existing.id} of ${existing.target}, ${existing.state}. It is shown and none is begun; --retry begins it once more.`] : []),
  `files in ${place}: ${files.join(', ')} (${format})`,
  `would run: ${command}`,
  `which runs: ${training}`,
  table(Object.entries(hyperparameters).map(([name, value]) => [name, String(value)])),
].join('\n').concat('\n');
