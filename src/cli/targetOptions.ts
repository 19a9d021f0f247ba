import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { targetFault, trainingTargetSchema, type JobChoices } from '../contract/jobs.ts';
import { isFields, parseJson, withoutAbsent } from '../core/model/outside.ts';
import { messageOf, problemError } from '../core/model/problem.ts';
import { targetKinds } from '../core/model/trainingJob.ts';
import type { CommandEnvironment, Given, OptionSpec } from './command.ts';

type Target = JobChoices['target'];

/** Options that say where to train. */
export const targetOptions: Readonly<Record<string, OptionSpec>> = {
  'target': { type: 'string', value: 'KIND|NAME', help: `${targetKinds.join(', ')}, or the name of a target in --targets` },
  'targets': { type: 'string', value: 'FILE', help: 'JSON file with a list of targets, or an object with one as "regenesis.training.targets", such as the settings of the editor' },
  'host': { type: 'string', value: 'HOST', help: 'slurm, command: what one would say to ssh, whose own configuration counts (default: this machine)' },
  'url': { type: 'string', value: 'URL', help: 'ray: its dashboard; openai: base URL that ends in /v1. A key comes from REGENESIS_TARGET_KEY' },
  'folder': { type: 'string', value: 'DIR', help: 'folder for jobs over there, absolute or below the home folder (default regenesis)' },
  'python': { type: 'string', value: 'PATH', help: 'program that has what training/requirements.txt names (default python3)' },
  'setup': { type: 'string', multiple: true, value: 'LINE', help: 'line of shell before the training, such as "module load cuda"; given again, further lines' },
  'env': { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'set for the job; not for secrets' },
  'gpus': { type: 'string', value: 'N', help: 'GPUs to ask for' },
  'cpus': { type: 'string', value: 'N', help: 'processor cores to ask for' },
  'memory-gib': { type: 'string', value: 'N', help: 'memory to ask for' },
  'minutes': { type: 'string', value: 'N', help: 'time limit to ask for' },
  'partition': { type: 'string', value: 'NAME', help: 'slurm: where it queues' },
  'account': { type: 'string', value: 'NAME', help: 'slurm: whose budget' },
};

/** The target that was named, with whatever else was said about it. Throws `usage`, and `target-not-found` for a name that is not in the file. */
export function targetIn(given: Given): Target {
  const name = given.text('target');
  const file = given.text('targets');
  if (name === undefined || name.trim() === '') throw problemError('usage', `Say where to train: --target ${targetKinds.join(', --target ')}, or a name from --targets FILE.`);
  const kind = targetKinds.find(each => each === name);
  const base = file === undefined && kind !== undefined ? { kind, name: kind } : savedTarget(name, file);
  const said = withoutAbsent({
    host: given.text('host'), url: given.text('url'), folder: given.text('folder'), python: given.text('python'), setup: listOf(given.texts('setup')), environment: environmentOf(given.texts('env')),
  });
  const resources = withoutAbsent({
    gpus: given.count('gpus', 0), cpus: given.count('cpus', 1), memoryGiB: given.count('memory-gib', 1), minutes: given.count('minutes', 1), partition: given.text('partition'), account: given.text('account'),
  });
  const known = 'resources' in base && isFields(base.resources) ? base.resources : {};
  return checked({ ...base, ...said, ...(Object.keys(resources).length > 0 ? { resources: { ...known, ...resources } } : {}) }, name);
}

/** The key for a target. */
export const targetKeyIn = ({ environment }: CommandEnvironment): string | undefined => environment['REGENESIS_TARGET_KEY'] || undefined;

const listOf = (values: readonly string[]): string[] | undefined => (values.length === 0 ? undefined : [...values]);

function environmentOf(pairs: readonly string[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(pairs.map(pair => {
    const at = pair.indexOf('=');
    if (at < 1) throw problemError('usage', `--env takes NAME=VALUE, not ${pair}.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

function savedTarget(name: string, file: string | undefined): object {
  if (file === undefined) throw problemError('target-not-found', `There is no kind of target ${name}. There are ${targetKinds.join(', ')}; a saved one needs --targets FILE.`, { choices: [...targetKinds] });
  const targets = targetsOf(file).filter(isFields);
  const found = targets.find(target => target['name'] === name);
  const names = targets.map(target => String(target['name']));
  if (!found) throw problemError('target-not-found', `${file} has no target ${name}. It has ${names.join(', ') || 'none'}.`, { file, choices: names });
  return found;
}

function targetsOf(file: string): readonly unknown[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw problemError('file-unreadable', `${file} cannot be read: ${messageOf(thrown)}`, { file, cause: thrown });
  }
  const read = parseJson(text);
  const targets = isFields(read) ? read['regenesis.training.targets'] : read;
  if (!Array.isArray(targets)) throw problemError('field-missing', `${file} holds no list of targets.`, { file });
  return targets;
}

function checked(target: unknown, name: string): Target {
  const read = z.safeParse(trainingTargetSchema, target);
  if (read.success) return read.data;
  throw problemError('usage', `Target ${name} cannot be used: ${targetFault(read.error)}.`);
}
