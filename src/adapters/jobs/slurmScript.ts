import { problemError } from '../../core/model/problem.ts';
import type { JobResources, JobSpec } from '../../core/model/trainingJob.ts';
import { jobName } from './jobFolder.ts';
import { jobScript, type ShellTarget } from './jobScript.ts';

/**
 * The script that is given to `sbatch`, in its folder: its output goes to `job/log`, also that of a second try after a node has failed. Of a login shell, since
 * only there `module` is known.
 *
 * Throws `ProblemError`: `target-rejected` for a resource that cannot be asked for.
 */
export function slurmScript(spec: JobSpec, target: ShellTarget, folder: string): string {
  const options = [`--job-name=${jobName(spec.key)}`, '--output=job/log', '--open-mode=append', '--nodes=1', '--ntasks=1', ...askedFor(target.resources ?? {})];
  return jobScript(spec, target, { folder, head: ['#!/bin/bash -l', ...options.map(option => `#SBATCH ${option}`)] });
}

function askedFor({ gpus, cpus, memoryGiB, minutes, partition, account }: JobResources): readonly string[] {
  return [
    ...(gpus === undefined || gpus === 0 ? [] : [`--gres=gpu:${amount('GPUs', gpus)}`]),
    ...(cpus === undefined ? [] : [`--cpus-per-task=${amount('processors', cpus)}`]),
    ...(memoryGiB === undefined ? [] : [`--mem=${amount('memory', memoryGiB * 1_024)}M`]),
    ...(minutes === undefined ? [] : [`--time=${amount('minutes', minutes)}`]),
    ...(partition === undefined ? [] : [`--partition=${word('partition', partition)}`]),
    ...(account === undefined ? [] : [`--account=${word('account', account)}`]),
  ];
}

function amount(what: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return Math.ceil(value);
  throw problemError('target-rejected', `The ${what} that a job asks for are a number above 0, not ${value}.`);
}

/** A line end in one of these would end the line of the script, and the rest of it would be run. */
function word(what: string, value: string): string {
  if (/^[\w.,:@+-]+$/.test(value)) return value;
  throw problemError('target-rejected', `Slurm knows no ${what} of the name ${JSON.stringify(value)}: it has a character in it that none has.`);
}
