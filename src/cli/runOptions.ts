import path from 'node:path';
import { mostConcurrent, type RunChoices } from '../contract/engine.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError } from '../core/model/problem.ts';
import { runFilters, runModes } from '../core/model/run.ts';
import { rounds, stages } from '../core/model/stage.ts';
import type { CommandEnvironment, Given, OptionSpec } from './command.ts';

/** Options that `run` and `plan` share. */
export const runOptions: Readonly<Record<string, OptionSpec>> = {
  recipe: { type: 'string', value: 'NAME|FILE', help: 'recipe to follow (default regenesis)' },
  stage: { type: 'string', value: 'S,…', help: `only these stages: ${stages.join(' ')}. The others ask nothing; where none of these asks the model, what is stored is graded again, without a server` },
  round: { type: 'string', value: 'N', help: '1: no hints; 2: hints only, for tasks whose branches of round 1 are all there (default: both)' },
  task: { type: 'string', value: 'ID,…', help: 'only these tasks' },
  limit: { type: 'string', value: 'N', help: 'only the first N train tasks' },
  sample: { type: 'string', value: 'N', help: 'only N train tasks, drawn with the recipe’s seed' },
  mode: { type: 'string', value: 'MODE', help: 'until-enough (default): only as many branches as the training set needs; all: every branch' },
  filter: { type: 'string', value: 'FILTER', help: 'typed (default), or reference: decide and cut as the released code does, faults included' },
  server: { type: 'string', multiple: true, value: 'URL', help: 'base URL of an OpenAI-compatible server (default: the project’s), its key comes from REGENESIS_API_KEY; given again, further servers of the very same model' },
  model: { type: 'string', value: 'NAME', help: 'served name of the model (default: the only one there is)' },
  iteration: { type: 'string', value: 'JOB', help: 'ask the model that this training job has made, loaded on the server where that can be done; for a plan too' },
  concurrency: { type: 'string', value: 'N', help: 'requests in flight (default: as many as the servers are found to hold)' },
  'max-calls': { type: 'string', value: 'N', help: 'stop before more requests than this are sent' },
  interactive: { type: 'boolean', help: 'in front of a run that goes on in this project' },
  'retry-lost': { type: 'boolean', help: 'ask again for answers that an earlier run gave up; what is kept may change' },
};

/** The choices that were given. Throws `usage`. */
export function runChoices(given: Given, environment: CommandEnvironment): RunChoices {
  const recipe = given.text('recipe');
  const stageNames = list(given, 'stage');
  const unknown = stageNames?.find(name => !stages.some(stage => stage === name));
  if (unknown !== undefined) throw problemError('usage', `There is no stage ${unknown}. The stages are ${stages.join(', ')}.`);
  if (given.text('limit') !== undefined && given.text('sample') !== undefined) throw problemError('usage', 'Give --limit or --sample, not both.');
  return withoutAbsent({
    recipe: recipe?.endsWith('.rgrecipe.yaml') === true ? path.resolve(recipe) : recipe,
    stages: stageNames && stages.filter(stage => stageNames.includes(stage)),
    round: rounds.find(round => String(round) === given.word('round', ['1', '2'])),
    tasks: list(given, 'task'),
    limit: given.count('limit', 1),
    sample: given.count('sample', 1),
    mode: given.word('mode', runModes),
    filter: given.word('filter', runFilters),
    server: given.texts('server')[0],
    replicas: given.texts('server').length > 1 ? given.texts('server').slice(1) : undefined,
    model: given.text('model'),
    iteration: iterationIn(given),
    apiKey: apiKeyIn(environment),
    concurrency: given.count('concurrency', 1, mostConcurrent),
    maxCalls: given.count('max-calls', 1),
    lane: given.flag('interactive') ? 'interactive' as const : undefined,
    retryLost: given.flag('retry-lost') ? true : undefined,
  });
}

function iterationIn(given: Given): RunChoices['iteration'] {
  const job = given.count('iteration', 1);
  return job === undefined ? undefined : { job };
}

/** The server's key, which never stands on a command line; absent where none is set. */
export const apiKeyIn = ({ environment }: CommandEnvironment): string | undefined => environment['REGENESIS_API_KEY'] || undefined;

/** The names in an option, divided by commas. Throws `usage` where there are none: nothing must not pass for everything, nor for a run of nothing. */
function list(given: Given, option: 'stage' | 'task'): string[] | undefined {
  const names = given.text(option)?.split(',').map(each => each.trim()).filter(each => each !== '');
  if (names?.length === 0) throw problemError('usage', `--${option} names none. Leave it out for every ${option}.`);
  return names;
}
