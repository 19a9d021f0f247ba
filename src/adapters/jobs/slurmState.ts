import type { JobFailure, JobStatus } from '../../core/model/trainingJob.ts';
import { readScriptEnd, type ScriptEnd } from './jobScript.ts';

/** What Slurm and the job's folder say of a job. */
export interface SlurmAnswer {
  /** Line of `squeue -t all -o '%T|%r'`; empty where it does not know the job any more. */
  readonly queue: string;
  /** Line of `sacct -P -o State,ExitCode`; empty where there is no accounting. */
  readonly accounting: string;
  /** What stands in `job/exit-code`. */
  readonly exit: string;
  /** The end of the log. */
  readonly log: string;
}

/** Source: squeue(1) of Slurm 22.05, "JOB STATE CODES"; the same words in all versions. */
const waiting: ReadonlySet<string> = new Set(['PENDING', 'CONFIGURING', 'REQUEUED', 'REQUEUE_FED', 'REQUEUE_HOLD', 'RESV_DEL_HOLD', 'SPECIAL_EXIT']);
/** Of one that is `COMPLETING` nobody knows yet how it ended, nor of one that is preempted and may be queued again. */
const atWork: ReadonlySet<string> = new Set(['RUNNING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'STAGE_OUT', 'RESIZING']);
const byState: Readonly<Record<string, JobFailure>> = {
  TIMEOUT: 'time-limit', DEADLINE: 'time-limit', OUT_OF_MEMORY: 'out-of-memory', PREEMPTED: 'preempted', NODE_FAIL: 'node-failure', BOOT_FAIL: 'node-failure',
};

/** Reasons that do not go away by waiting, and what to do; the job stays in the queue until somebody ends it. */
const neverStarts: Readonly<Record<string, string>> = {
  PartitionTimeLimit: 'it asks for more time than its partition gives',
  PartitionConfig: 'its partition does not give what it asks for',
  PartitionNodeLimit: 'it asks for more nodes than its partition has',
  BadConstraints: 'no node has what it asks for',
  DependencyNeverSatisfied: 'what it waits for has failed',
  InvalidAccount: 'its account is not known',
  InvalidQOS: 'its quality of service is not known',
  AssocMaxWallDurationPerJobLimit: 'it asks for more time than your account gives',
  QOSMaxWallDurationPerJobLimit: 'it asks for more time than your quality of service gives',
  AssocMaxGRESPerJob: 'it asks for more GPUs than your account gives',
  QOSMaxGRESPerJob: 'it asks for more GPUs than your quality of service gives',
  QOSMaxMemoryPerJob: 'it asks for more memory than your quality of service gives',
};

/** What slurmstepd writes into a job's own log. Where there is no accounting, it is all that is left five minutes after the end. */
const lastWords: readonly (readonly [RegExp, JobFailure | 'cancelled'])[] = [
  [/exceeded memory limit|oom.kill event|oom_kill|Out Of Memory/i, 'out-of-memory'],
  [/CANCELLED AT .* DUE TO TIME LIMIT/, 'time-limit'],
  [/CANCELLED AT .* DUE TO PREEMPTION/, 'preempted'],
  [/CANCELLED AT .* DUE TO NODE FAILURE/, 'node-failure'],
  [/\*\*\* (?:JOB|STEP) \S+ ON \S+ CANCELLED AT/, 'cancelled'],
];

/** How a job is, by all that is known of it: Slurm's own word first, then the log, then what the job's script wrote down at its end. */
export function slurmStatus(answer: SlurmAnswer): JobStatus {
  const { state, why } = stateOf(answer);
  if (waiting.has(state)) return { state: 'queued', ...(why !== undefined && { words: waitingWords(why) }) };
  if (atWork.has(state)) return { state: 'running', ...(state === 'RUNNING' ? {} : { words: state.toLowerCase() }) };
  if (state === 'COMPLETED') return { state: 'succeeded' };
  if (state === 'CANCELLED' || state === 'REVOKED') return { state: 'cancelled' };
  const named = byState[state];
  const words = [state, why].filter(word => word !== undefined && word !== '').join(', ');
  if (named !== undefined) return { state: 'failed', reason: named, words };
  return endedStatus(answer, words);
}

function stateOf({ queue, accounting }: SlurmAnswer): { readonly state: string; readonly why: string | undefined } {
  const [state = '', reason = ''] = queue.split('|');
  // accounting writes "CANCELLED by 1000"
  return { state: state === '' ? accounting.split(/[ |+]/)[0] ?? '' : state, why: reason === '' || reason === 'None' ? undefined : reason };
}

const waitingWords = (reason: string): string => {
  const never = neverStarts[reason];
  return never === undefined ? reason : `${reason}: ${never}, and so it will never start; cancel it and ask for less`;
};

/** Slurm says `FAILED`, or nothing any more. */
function endedStatus({ exit, log }: SlurmAnswer, words: string): JobStatus {
  const end = readScriptEnd(exit);
  if (end?.phase === 'run' && end.code === 0) return { state: 'succeeded' };
  const said = lastWords.find(([says]) => says.test(log));
  if (said !== undefined) {
    const [says, what] = said;
    return what === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', reason: what, words: says.exec(log)?.[0] ?? words };
  }
  if (end !== undefined) return scriptFailure(end);
  if (words === '') return { state: 'failed', reason: 'vanished', words: 'Slurm does not know the job any more, and it left no exit code' };
  return { state: 'failed', reason: /launch/i.test(words) ? 'set-up-failed' : 'killed', words };
}

/** What the exit code of a job's script means, where nobody else says why it failed. Source: sh(1) for 126, 127 and what is above 128. */
export function scriptFailure({ phase, code }: ScriptEnd): JobStatus {
  if (phase === 'set-up') return { state: 'failed', reason: 'set-up-failed', words: `a line of the set-up ended with exit code ${code}`, exitCode: code };
  if (code === 126 || code === 127) return { state: 'failed', reason: 'set-up-failed', words: 'the program of the job is not there', exitCode: code };
  if (code === 137) return { state: 'failed', reason: 'killed', words: 'killed by the system, which is out of memory as a rule', exitCode: code };
  if (code > 128) return { state: 'failed', reason: 'killed', words: `ended by signal ${code - 128}`, exitCode: code };
  return { state: 'failed', reason: 'exit-code', words: `exit code ${code}`, exitCode: code };
}
