import type { Problem } from '../core/model/problem.ts';
import type { JobSpec, JobStatus, LogPiece, TrainingTarget } from '../core/model/trainingJob.ts';

/** What a target was asked for, or why it could not be had. */
export type FromTarget<Value> = ({ readonly ok: true } & Value) | { readonly ok: false; readonly problem: Problem };

/** How far an upload is, in bytes of all files. */
export type OnUpload = (sent: number, total: number) => void;

/**
 * A place that trains. Problems of all methods: `target-unreachable` (retryable: the job is *lost*, not failed), `target-refused` (a key, a login or a host key was
 * not accepted), `target-reply-unreadable` (retryable), `cancelled`; those of one method are named there. No message holds a secret.
 */
export interface JobRunner {
  /** A first look, which changes nothing: whether it answers, and with what, such as `slurm 23.11.4`. Problems also: `target-unfit`, where a program that is needed is not there. */
  look(signal: AbortSignal): Promise<FromTarget<{ readonly version: string }>>;
  /**
   * Uploads what is not there yet, checks every file by its hash, and submits. A job that its target has under the same key already is found and not sent again,
   * also where another window sends it at the same moment.
   *
   * Problems also: `target-rejected` (its words say why: a partition, a resource, a model that it does not know), `disk-full`, `file-unreadable`.
   *
   * @returns `reference`: how this target finds the job again; holds no secret. `found`: it was there already
   */
  submit(spec: JobSpec, options: { readonly signal: AbortSignal; readonly onUpload?: OnUpload }): Promise<FromTarget<{ readonly reference: string; readonly found: boolean }>>;
  /** How a job is. One that the target does not know any more, and of which nothing says how it ended, is `failed` with `vanished`. */
  status(reference: string, signal: AbortSignal): Promise<FromTarget<{ readonly status: JobStatus }>>;
  /** Reads the log from a byte on, at most `most` bytes. An API's events are lines of a log too. */
  log(reference: string, place: { readonly from: number; readonly most: number }, signal: AbortSignal): Promise<FromTarget<LogPiece>>;
  /** Ends a job. Harmless for one that has ended. */
  cancel(reference: string, signal: AbortSignal): Promise<FromTarget<object>>;
  /** Where the job's files lie and the exact command that runs it, for people. */
  describe(spec: JobSpec): { readonly place: string; readonly command: string };
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** Makes the runner of a target. `apiKey`: for this target's origin alone, kept in memory. */
export type CreateJobRunner = (target: TrainingTarget, options: { readonly apiKey?: string }) => JobRunner;
