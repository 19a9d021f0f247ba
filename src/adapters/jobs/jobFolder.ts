import { randomBytes } from 'node:crypto';
import { problemError } from '../../core/model/problem.ts';
import type { JobFile, JobSpec, LogPiece } from '../../core/model/trainingJob.ts';
import type { OnUpload } from '../../ports/jobRunner.ts';
import { leastBytes, logPiece } from './logPiece.ts';
import { scriptEnds, scriptProblem } from './scriptProblem.ts';
import type { Shell } from './shell.ts';
import { shellQuote } from './shellQuote.ts';
import { hashFunction, presentFiles, upload } from './upload.ts';

// A job's folder on a target holds its files, and below `job`: `id` (how the target knows it), `script`, `spec.json`, `log`, `exit-code`, `cancelled`, and `lock` while it is submitted.

/** Where jobs lie that are told no other folder, below the home folder. */
const usualFolder = 'regenesis';
const keyDigits = 12;

/** The name of a job in lists of the target, and how it is found there when its number was lost. Throws `usage` for what is no key. */
export function jobName(key: string): string {
  if (!/^[0-9a-f]{12,}$/.test(key)) throw problemError('usage', `${JSON.stringify(key)} is no key of a job.`);
  return `regenesis-${key.slice(0, keyDigits)}`;
}

/** The folder of a job as its target knows it: absolute, or below the home folder. */
export function folderOf(folder: string | undefined, key: string): string {
  const base = (folder === undefined || folder === '' ? usualFolder : folder).replace(/^~(?:\/+|$)/, '').replace(/\/+$/, '');
  const absolute = folder?.startsWith('/') === true;
  const job = jobName(key).slice('regenesis-'.length);
  return absolute ? `${base}/${job}` : `./${base === '' ? '' : `${base}/`}${job}`;
}

/** Throws `target-rejected` for a file that would not lie in the job's folder, or in the place of one of ours. */
export function checkNames(files: readonly JobFile[]): void {
  for (const { name } of files) {
    const parts = name.split('/');
    const leadsOut = name === '' || name.includes('\0') || parts.some(part => part === '' || part === '.' || part === '..');
    if (leadsOut || parts[0] === 'job') throw problemError('target-rejected', `A file of a job cannot be called ${JSON.stringify(name)}.`);
  }
}

/**
 * Functions of shell. `born PID`: a word that tells a living process from every other that had or will have its number, and fails for one that is dead. A zombie
 * is dead, although it answers to signals.
 */
export const processFunctions = `born() {
  if [ -e /proc/self/stat ]; then
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    set -- \${stat##*) }
    case $1 in Z|X|x) return 1;; esac
    echo "\${20}-$(cat /proc/sys/kernel/random/boot_id)"
  else
    stat=$(ps -o stat= -o lstart= -p "$1" 2>/dev/null) || return 1
    set -- $stat
    case $1 in Z*|'') return 1;; esac
    shift; echo "$*" | tr ' ' _
  fi
}`;

/** Tries of a fifth of a second each. */
const lockTries = 150;
/** A lock of another machine, of which nobody knows whether its owner lives, holds this long. */
const lockMinutes = 2;

/**
 * Lines of shell that take the lock of the working folder, or come back without it once the job has a number. A lock whose owner is dead is taken over; it is moved
 * away first and looked at again, since somebody else may have done the same meanwhile.
 */
const takeLock = (token: string): string => `tries=0
until mkdir job/lock 2>/dev/null; do
  if [ -s job/id ]; then break; fi
  owner=$(cat job/lock/owner 2>/dev/null); dead=
  set -- $owner
  if [ -n "$owner" ] && [ "$1" = "$(uname -n)" ]; then [ "$(born "$2")" = "$3" ] || dead=1
  elif [ -n "$(find job/lock -prune -mmin +${lockMinutes} 2>/dev/null)" ]; then dead=1; fi
  if [ -n "$dead" ] && mv job/lock job/dead.${token} 2>/dev/null; then
    if [ "$(cat job/dead.${token}/owner 2>/dev/null)" = "$owner" ]; then rm -rf job/dead.${token}; else mv job/dead.${token} job/lock; fi
  fi
  tries=$((tries + 1))
  if [ $tries -gt ${lockTries} ]; then mkdir job/lock; exit ${scriptEnds.locked}; fi
  [ -n "$dead" ] || sleep 0.2 2>/dev/null || sleep 1
done
if [ ! -s job/id ]; then
  trap 'rm -rf job/lock' EXIT
  echo "$(uname -n) $$ $(born $$)" > job/lock/owner
fi`;

/** How a kind of target takes a job. */
export interface Launch {
  /** The job's script, given its folder (absolute). */
  readonly script: (folder: string) => string;
  /** Lines of shell, run in the folder by one at a time: leave in `$id` how the target knows the job, also where it had it before, and then set `found=1`. */
  readonly launch: string;
}

/** A job as a target was told of it. */
export interface Submitted {
  /** Absolute. */
  readonly folder: string;
  readonly id: string;
  readonly found: boolean;
}

/** What is to be submitted. */
export interface Submission {
  readonly spec: JobSpec;
  /** As the target's own setting has it. */
  readonly folder: string | undefined;
  readonly launch: Launch;
  readonly signal: AbortSignal;
  readonly onUpload?: OnUpload;
}

/** Uploads and submits a job, once for its key. Throws `ProblemError`. */
export async function submitJob(shell: Shell, submission: Submission): Promise<Submitted> {
  const { spec, signal, launch } = submission;
  checkNames(spec.files);
  const opened = await openFolder(shell, submission);
  const { folder, id, present } = opened;
  if (id !== '') return { folder, id, found: true };
  await upload(shell, { folder, files: spec.files, present, signal, ...(submission.onUpload && { onUpload: submission.onUpload }) });
  const token = randomBytes(6).toString('hex');
  const written = (name: string, text: string) => `printf '%s' ${shellQuote(text)} > job/${name}.${token} && mv -f job/${name}.${token} job/${name} || exit ${scriptEnds.notWritten}`;
  const script = `cd -- ${shellQuote(folder)} || exit ${scriptEnds.noFolder}
${processFunctions}
${takeLock(token)}
id=$(cat job/id 2>/dev/null); found=
if [ -n "$id" ]; then found=1
else
${written('spec.json', `${JSON.stringify(withoutPaths(spec), undefined, 2)}\n`)}
${written('script', launch.script(folder))}
${launch.launch}
printf '%s\\n' "$id" > job/id.${token} && mv -f job/id.${token} job/id || exit ${scriptEnds.notWritten}
fi
printf '%s %s\\n' "\${found:-0}" "$id"`;
  const answer = await shell.run(script, { signal });
  const [, found, known] = /^([01]) (.+)\n$/.exec(answer.stdout.toString('utf8')) ?? [];
  if (answer.code !== 0 || known === undefined) throw scriptProblem(answer, `${shell.place} did not take the job`);
  return { folder, id: known, found: found === '1' };
}

/** Where files lie on this machine is nobody's business there. */
const withoutPaths = (spec: JobSpec): object => ({ ...spec, files: spec.files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })) });

async function openFolder(shell: Shell, { spec, folder, signal }: Submission): Promise<{ readonly folder: string; readonly id: string; readonly present: readonly string[] }> {
  const named = folderOf(folder, spec.key);
  const quoted = shellQuote(named);
  const answer = await shell.run(`cd -- "\${HOME:-/}" && mkdir -p -- ${shellQuote(`${named}/job`)} && cd -- ${quoted} || exit ${scriptEnds.noFolder}
printf '%s\\0' "$PWD" "$(cat job/id 2>/dev/null)"
${hashFunction}
[ -s job/id ] || {
${presentFiles(spec.files)}
}`, { signal });
  const [absolute, id, hashes] = answer.stdout.toString('utf8').split('\0');
  if (answer.code !== 0 || absolute === undefined || id === undefined) throw scriptProblem(answer, `The folder ${named} on ${shell.place} cannot be used`);
  return { folder: absolute, id: id.trim(), present: (hashes ?? '').trim().split('\n') };
}

/** Reads the log of a job from a byte on; nothing where there is none. Throws `ProblemError`. */
export async function readLog(shell: Shell, folder: string, { from, most, signal }: { readonly from: number; readonly most: number; readonly signal: AbortSignal }): Promise<LogPiece> {
  const bytes = Math.max(leastBytes, Math.floor(most));
  const log = shellQuote(`${folder}/job/log`);
  const answer = await shell.run(`[ -f ${log} ] || { printf '0\\0'; exit 0; }
printf '%s\\0' $(wc -c < ${log})
tail -c +${from + 1} ${log} 2>/dev/null | head -c ${bytes}`, { signal, mostBytes: bytes + 32 });
  const end = answer.stdout.indexOf(0);
  if (answer.code !== 0 || end < 0) throw scriptProblem(answer, `The log of the job on ${shell.place} cannot be read`);
  return logPiece(answer.stdout.subarray(end + 1), from, Number(answer.stdout.toString('latin1', 0, end)));
}
