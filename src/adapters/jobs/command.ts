import { problemError } from '../../core/model/problem.ts';
import type { JobSpec, JobStatus } from '../../core/model/trainingJob.ts';
import type { JobRunner } from '../../ports/jobRunner.ts';
import { answering } from './answering.ts';
import { folderOf, processFunctions, readLog, submitJob, type Launch } from './jobFolder.ts';
import { jobScript, readScriptEnd, type ScriptEnd, type ShellTarget } from './jobScript.ts';
import { scriptEnds, scriptProblem } from './scriptProblem.ts';
import type { Shell } from './shell.ts';
import { shellCommand, shellQuote } from './shellQuote.ts';
import { scriptFailure } from './slurmState.ts';

/** Trains in a process of its own, which outlives the connection that it was started over. */
export function commandRunner(shell: Shell, target: ShellTarget): JobRunner {
  return {
    look: signal => answering(async () => ({ version: await lookAt(shell, target, signal) })),
    submit: (spec, options) => answering(async () => {
      const { folder, found } = await submitJob(shell, { spec, folder: target.folder, launch: launchOf(spec, target), ...options });
      return { reference: folder, found };
    }),
    status: (folder, signal) => answering(async () => ({ status: await statusOf(shell, folder, signal) })),
    log: (folder, place, signal) => answering(async () => readLog(shell, folder, { ...place, signal })),
    cancel: (folder, signal) => answering(async () => {
      const answer = await shell.run(cancelScript(folder), { signal });
      if (answer.code !== 0) throw scriptProblem(answer, `The job on ${shell.place} did not end`);
      return {};
    }),
    describe: spec => {
      const folder = folderOf(target.folder, spec.key);
      return { place: `${shell.place}:${folder.replace(/^\.\//, '~/')}`, command: `cd && cd ${shellQuote(folder)} && ${shellCommand(spec.command)}` };
    },
    close: () => shell.close(),
  };
}

/** Python is looked for where no set-up comes before the training: with one, it may be there only then. */
async function lookAt(shell: Shell, target: ShellTarget, signal: AbortSignal): Promise<string> {
  const python = shellQuote(target.python ?? 'python3');
  const looksForPython = (target.setup ?? []).length === 0;
  const answer = await shell.run(`uname -sm\n${looksForPython ? `${python} --version 2>&1 || { echo ${python} is not there >&2; exit 127; }` : ''}`, { signal });
  if (answer.code !== 0) throw scriptProblem(answer, `${shell.place} cannot train`);
  return answer.stdout.toString('utf8').trim().replaceAll('\n', ', ');
}

/** A session of its own keeps the job from whatever ends the connection. Where there is no `setsid`, perl has one: on macOS. The script itself writes its number. */
function launchOf(spec: JobSpec, target: ShellTarget): Launch {
  const launch = `shell=$(command -v bash || command -v sh)
if command -v setsid >/dev/null 2>&1; then set -- setsid
elif command -v perl >/dev/null 2>&1; then set -- perl -MPOSIX -e 'POSIX::setsid(); exec { $ARGV[0] } @ARGV'
else set --; fi
nohup "$@" "$shell" job/script </dev/null >>job/log 2>&1 &
tries=0
until [ -s job/id ]; do
  tries=$((tries + 1))
  [ $tries -le 100 ] || { tail -n 3 job/log >&2; exit ${scriptEnds.notSubmitted}; }
  sleep 0.1 2>/dev/null || sleep 1
done
id=$(cat job/id)`;
  const first = [processFunctions, 'echo "$(uname -n) $$ $(born $$)" > job/id.part && mv -f job/id.part job/id || exit 1'];
  return { script: folder => jobScript(spec, target, { folder, head: ['#!/bin/sh'], first }), launch };
}

/** Lines of shell that leave host, number and birth of the job's process in `$1`, `$2` and `$3`. */
const readProcess = `${processFunctions}\nset -- $(cat job/id 2>/dev/null)`;

async function statusOf(shell: Shell, folder: string, signal: AbortSignal): Promise<JobStatus> {
  const answer = await shell.run(`cd -- ${shellQuote(folder)}/job 2>/dev/null && cd .. || { printf vanished; exit 0; }
${readProcess}
if [ -s job/exit-code ]; then state=ended
elif [ -n "$1" ] && [ "$1" != "$(uname -n)" ]; then echo "$1" >&2; exit ${scriptEnds.elsewhere}
elif [ -n "$3" ] && [ "$(born "$2")" = "$3" ]; then state=running
else state=ended; fi
printf '%s\\0%s\\0' "$state" "$(cat job/exit-code 2>/dev/null)"
[ ! -e job/cancelled ] || printf cancelled`, { signal });
  if (answer.code !== 0) throw scriptProblem(answer, `The state of the job on ${shell.place} is not known`);
  const [state, exit, cancelled] = answer.stdout.toString('utf8').split('\0');
  if (state === 'running') return { state: 'running' };
  if (state === 'vanished') return { state: 'failed', reason: 'vanished', words: `the folder ${folder} is not there any more` };
  if (state !== 'ended') throw problemError('target-reply-unreadable', `${shell.place} answers what none of our scripts says.`, { retryable: true });
  return endedStatus(readScriptEnd(exit ?? ''), cancelled === 'cancelled');
}

function endedStatus(end: ScriptEnd | undefined, wasCancelled: boolean): JobStatus {
  if (end?.phase === 'run' && end.code === 0) return { state: 'succeeded' };
  if (wasCancelled) return { state: 'cancelled' };
  return end === undefined ? { state: 'failed', reason: 'killed', words: 'it ended without an exit code: it was killed, or the machine was started anew' } : scriptFailure(end);
}

/** All of its processes are asked to end, and after five seconds they are made to. */
const cancelScript = (folder: string): string => `cd -- ${shellQuote(folder)} 2>/dev/null || exit 0
${readProcess}
[ ! -s job/exit-code ] && [ -n "$3" ] || exit 0
if [ "$1" != "$(uname -n)" ]; then echo "$1" >&2; exit ${scriptEnds.elsewhere}; fi
[ "$(born "$2")" = "$3" ] || exit 0
: > job/cancelled
kill -s TERM -- "-$2" 2>/dev/null || kill -s TERM "$2"
tries=0
while [ "$(born "$2")" = "$3" ] && [ $tries -lt 50 ]; do tries=$((tries + 1)); sleep 0.1 2>/dev/null || sleep 1; done
kill -s KILL -- "-$2" 2>/dev/null
exit 0`;
