import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import type { JobFailure, JobSpec, JobStatus, TrainingTarget } from '../../core/model/trainingJob.ts';
import type { JobRunner, OnUpload } from '../../ports/jobRunner.ts';
import { placeOf, quoted } from '../models/endpoint.ts';
import { answering, shortWords } from './answering.ts';
import { checkNames, jobName } from './jobFolder.ts';
import type { RayHttp, RayReply } from './rayHttp.ts';
import { RayLog } from './rayLog.ts';
import { makePackage, packageName } from './rayPackage.ts';
import { shellCommand } from './shellQuote.ts';

/** The target of this runner. */
export type RayTarget = Extract<TrainingTarget, { readonly kind: 'ray' }>;

const versionSchema = z.object({ ray_version: z.string() });
const submittedSchema = z.object({ submission_id: z.string() });
const textOrNothing = z.catch(z.nullish(z.string()), undefined);
const jobSchema = z.object({
  status: z.string(), message: textOrNothing, error_type: textOrNothing, driver_exit_code: z.catch(z.nullish(z.number()), undefined),
});
type RayJob = z.infer<typeof jobSchema>;

/** Source: `JobErrorType` of Ray 2.60; older ones say it in the message alone. */
const byErrorType: Readonly<Record<string, JobFailure>> = {
  RUNTIME_ENV_SETUP_FAILURE: 'set-up-failed', JOB_ENTRYPOINT_COMMAND_START_ERROR: 'set-up-failed', JOB_SUPERVISOR_ACTOR_START_FAILURE: 'set-up-failed',
  JOB_SUPERVISOR_ACTOR_START_TIMEOUT: 'never-startable', JOB_SUPERVISOR_ACTOR_UNSCHEDULABLE: 'never-startable', JOB_SUPERVISOR_ACTOR_DIED: 'node-failure',
};

/** Trains by the Jobs API of a Ray dashboard. Its reference of a job is the job's submission id there. */
export function rayRunner(http: RayHttp, target: RayTarget): JobRunner {
  const logs = new Map<string, RayLog>();
  return {
    look: signal => answering(async () => {
      const { ray_version: version } = read(versionSchema, await http.call({ method: 'GET', path: '/api/version', signal }), http);
      return { version: `Ray ${version}` };
    }),
    submit: (spec, options) => answering(() => submit(http, target, { spec, ...options })),
    status: (id, signal) => answering(async () => ({ status: await statusOf(http, id, signal) })),
    log: (id, { from, most }, signal) => answering(async () => {
      const log = logs.get(id) ?? new RayLog(http, id);
      logs.set(id, log);
      return log.read(from, most, signal);
    }),
    cancel: (id, signal) => answering(async () => {
      const reply = await http.call({ method: 'POST', path: `${jobPath(id)}/stop`, signal });
      if (reply.status !== 200 && reply.status !== 404) throw http.unexpected(reply, 'did not stop the job');
      return {};
    }),
    describe: spec => ({ place: `${target.url}, ${jobName(spec.key)}`, command: shellCommand(spec.command) }),
    close: async () => {
      for (const log of logs.values()) log.close();
      await http.close();
    },
  };
}

const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`;

interface Submission {
  readonly spec: JobSpec;
  readonly signal: AbortSignal;
  readonly onUpload?: OnUpload;
}

async function submit(http: RayHttp, target: RayTarget, submission: Submission): Promise<{ readonly reference: string; readonly found: boolean }> {
  const { spec, signal } = submission;
  const id = jobName(spec.key);
  checkNames(spec.files);
  if (await jobOf(http, id, signal) !== undefined) return { reference: id, found: true };
  const name = await uploadPackage(http, submission);
  const reply = await http.call({ method: 'POST', path: '/api/jobs/', body: requestOf(spec, target, name), signal });
  // another window was quicker
  if (reply.status >= 400 && /already exists/i.test(reply.text)) return { reference: id, found: true };
  if (reply.status >= 400) throw problemError('target-rejected', `${placeOf(http.endpoint)} did not take the job: ${quoted(shortWords(reply.text), http.endpoint)}`);
  return { reference: read(submittedSchema, reply, http).submission_id, found: false };
}

async function uploadPackage(http: RayHttp, { spec, signal, onUpload }: Submission): Promise<string> {
  const total = spec.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const name = packageName(spec.files);
  const path = `/api/packages/gcs/${name}`;
  onUpload?.(0, total);
  const there = await http.call({ method: 'GET', path, signal });
  if (there.status !== 200) {
    const reply = await http.call({ method: 'PUT', path, body: await makePackage(spec.files), signal });
    if (reply.status !== 200) throw problemError('target-rejected', `${placeOf(http.endpoint)} did not take the files: ${quoted(shortWords(reply.text), http.endpoint)}`);
  }
  onUpload?.(total, total);
  return name;
}

function requestOf(spec: JobSpec, { environment, pip, resources = {} }: RayTarget, name: string): object {
  const { gpus, cpus, memoryGiB } = resources;
  return {
    entrypoint: shellCommand(spec.command),
    submission_id: jobName(spec.key),
    metadata: { regenesis_key: spec.key, title: spec.title },
    runtime_env: { working_dir: `gcs://${name}`, env_vars: { ...environment, PYTHONUNBUFFERED: '1' }, ...(pip !== undefined && pip.length > 0 && { pip }) },
    ...(gpus !== undefined && { entrypoint_num_gpus: gpus }),
    ...(cpus !== undefined && { entrypoint_num_cpus: cpus }),
    ...(memoryGiB !== undefined && { entrypoint_memory: Math.ceil(memoryGiB * 2 ** 30) }),
  };
}

/** Nothing where the dashboard does not know it. */
async function jobOf(http: RayHttp, id: string, signal: AbortSignal): Promise<RayJob | undefined> {
  const reply = await http.call({ method: 'GET', path: jobPath(id), signal });
  // other 404s are those of a gateway that stands where the dashboard was
  if (reply.status === 404 && /does not exist/i.test(reply.text)) return undefined;
  return read(jobSchema, reply, http);
}

function read<Schema extends z.ZodMiniType>(schema: Schema, reply: RayReply, http: RayHttp): z.infer<Schema> {
  const parsed = schema.safeParse(reply.status === 200 ? parseJson(reply.text) : undefined);
  if (parsed.success) return parsed.data;
  throw http.unexpected(reply, 'does not answer as a Ray dashboard does');
}

async function statusOf(http: RayHttp, id: string, signal: AbortSignal): Promise<JobStatus> {
  const job = await jobOf(http, id, signal);
  if (job === undefined) return { state: 'failed', reason: 'vanished', words: 'Ray does not know the job any more' };
  const words = shortWords(job.message ?? '');
  switch (job.status) {
    case 'PENDING': return { state: 'queued', ...(words !== '' && { words }) };
    case 'RUNNING': return { state: 'running' };
    case 'SUCCEEDED': return { state: 'succeeded' };
    case 'STOPPED': return { state: 'cancelled' };
    case 'FAILED': return failure(job, words);
    default: throw problemError('target-reply-unreadable', `${placeOf(http.endpoint)} gives the job a state that is not known: ${quoted(job.status, http.endpoint)}.`, { retryable: true });
  }
}

function failure(job: RayJob, words: string): JobStatus {
  const exitCode = job.driver_exit_code ?? undefined;
  return { state: 'failed', reason: reasonOf(job, exitCode), words, ...(exitCode !== undefined && { exitCode }) };
}

function reasonOf({ message, error_type: type }: RayJob, exitCode: number | undefined): JobFailure {
  const said = message ?? '';
  if (/out.?of.?memory|running low on memory|\bOOM\b/i.test(said)) return 'out-of-memory';
  if (/runtime_env setup failed/i.test(said) || exitCode === 126 || exitCode === 127) return 'set-up-failed';
  const named = byErrorType[type ?? ''];
  if (named !== undefined) return named;
  // Python has a signal as a negative exit code, a shell as one above 128
  return exitCode === undefined || exitCode < 0 || exitCode > 128 ? 'killed' : 'exit-code';
}
