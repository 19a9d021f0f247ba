import type { JobSpec, JobStatus } from '../../core/model/trainingJob.ts';
import type { JobRunner } from '../../ports/jobRunner.ts';
import { problemError } from '../../core/model/problem.ts';
import { answering } from './answering.ts';
import { folderOf, jobName, readLog, submitJob, type Launch } from './jobFolder.ts';
import type { ShellTarget } from './jobScript.ts';
import { scriptEnds, scriptProblem } from './scriptProblem.ts';
import type { Shell } from './shell.ts';
import { shellQuote } from './shellQuote.ts';
import { slurmScript } from './slurmScript.ts';
import { slurmStatus } from './slurmState.ts';

/** Where Slurm is made known by the start-up files of a login alone. */
const findSlurm = 'command -v sbatch >/dev/null 2>&1 || { [ -r /etc/profile ] && . /etc/profile >/dev/null 2>&1; }';

/** Trains by `sbatch`, over a shell of a machine that has it. */
export function slurmRunner(shell: Shell, target: ShellTarget): JobRunner {
  return {
    look: signal => answering(async () => {
      const answer = await shell.run(`${findSlurm}\nsbatch --version && squeue -h -t all -u "$(id -un)" -o '' >/dev/null || exit $?`, { signal });
      if (answer.code !== 0) throw scriptProblem(answer, `Slurm on ${shell.place} cannot be used`);
      return { version: answer.stdout.toString('utf8').trim() };
    }),
    submit: (spec, options) => answering(async () => {
      const { id, folder, found } = await submitJob(shell, { spec, folder: target.folder, launch: launchOf(spec, target), ...options });
      return { reference: `${id} ${folder}`, found };
    }),
    status: (reference, signal) => answering(async () => ({ status: await statusOf(shell, read(reference), signal) })),
    log: (reference, place, signal) => answering(async () => readLog(shell, read(reference).folder, { ...place, signal })),
    cancel: (reference, signal) => answering(async () => {
      const answer = await shell.run(`${findSlurm}\nscancel ${read(reference).id}`, { signal });
      if (answer.code !== 0) throw scriptProblem(answer, `Slurm on ${shell.place} did not end the job`);
      return {};
    }),
    describe: spec => {
      const folder = folderOf(target.folder, spec.key);
      return { place: `${shell.place}:${folder.replace(/^\.\//, '~/')}`, command: `cd && cd ${shellQuote(folder)} && sbatch job/script` };
    },
    close: () => shell.close(),
  };
}

/** Number in the queue and folder. */
function read(reference: string): { readonly id: string; readonly folder: string } {
  const [, id, folder] = /^(\d+) ([^]+)$/.exec(reference) ?? [];
  if (id === undefined || folder === undefined) throw problemError('job-not-found', `${JSON.stringify(reference)} is no job of Slurm.`);
  return { id, folder };
}

/**
 * A job of our name may be there although its number was never written down: an `sbatch` whose answer got lost. One with `BadConstraints` was refused, and is
 * listed all the same.
 */
function launchOf(spec: JobSpec, target: ShellTarget): Launch {
  const launch = `${findSlurm}
listed=$(squeue -h -t all -u "$(id -un)" -n ${jobName(spec.key)} -o '%i|%r') || exit ${scriptEnds.noScheduler}
id=$(printf '%s\\n' "$listed" | grep -v '|BadConstraints$' | sed -n 's/^\\([0-9][0-9]*\\)|.*/\\1/p' | head -n 1)
if [ -n "$id" ]; then found=1
else
  answer=$(sbatch --parsable job/script) || exit ${scriptEnds.notSubmitted}
  id=$(printf '%s\\n' "$answer" | sed -n 's/^\\([0-9][0-9]*\\)\\(;.*\\)*$/\\1/p' | tail -n 1)
  [ -n "$id" ] || { printf '%s\\n' "$answer" >&2; exit ${scriptEnds.notSubmitted}; }
fi`;
  return { script: folder => slurmScript(spec, target, folder), launch };
}

async function statusOf(shell: Shell, { id, folder }: { readonly id: string; readonly folder: string }, signal: AbortSignal): Promise<JobStatus> {
  const job = shellQuote(`${folder}/job`);
  const answer = await shell.run(`${findSlurm}
queue=$(squeue -h -t all -j ${id} -o '%T|%r'); printf '%s\\0%s\\0' $? "$queue"
sacct -n -P -X -j ${id} -o State,ExitCode 2>/dev/null | head -n 1; printf '\\0'
cat ${job}/exit-code 2>/dev/null; printf '\\0'
tail -c 4000 ${job}/log 2>/dev/null
exit 0`, { signal });
  const [code, queue = '', accounting = '', exit = '', ...log] = answer.stdout.toString('utf8').split('\0');
  // a job that has been forgotten is refused too, in words that all versions have
  if (code !== '0' && !/Invalid job id/i.test(answer.stderr)) throw scriptProblem({ ...answer, code: scriptEnds.noScheduler }, `The state of the job on ${shell.place} is not known`);
  return slurmStatus({ queue: queue.trim().split('\n')[0] ?? '', accounting: accounting.trim(), exit, log: log.join('') });
}
