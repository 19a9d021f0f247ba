import { problemError } from '../../core/model/problem.ts';
import type { JobFailure, JobSpec, JobStatus } from '../../core/model/trainingJob.ts';
import type { JobRunner, OnUpload } from '../../ports/jobRunner.ts';
import { placeOf, quoted } from '../models/endpoint.ts';
import { answering, shortWords } from './answering.ts';
import { jobName } from './jobFolder.ts';
import type { ApiJob, OpenAiApi } from './openaiApi.ts';
import { OpenAiLog } from './openaiLog.ts';

/** Under which name the key stands in the metadata of a job. */
const keyField = 'regenesis_key';
/** Longest name that a tuned model may have added to its own. */
const longestSuffix = 40;

/** Trains by a fine-tuning API of OpenAI's shape. Its reference of a job is the job's id there. */
export function openaiJobRunner(api: OpenAiApi): JobRunner {
  const logs = new Map<string, OpenAiLog>();
  return {
    look: signal => answering(async () => {
      await firstOf(api.jobs(signal));
      return { version: `fine-tuning API of ${new URL(api.endpoint.baseUrl).host}` };
    }),
    submit: (spec, options) => answering(() => submit(api, { spec, ...options })),
    status: (id, signal) => answering(async () => ({ status: await statusOf(api, id, signal) })),
    log: (id, { from, most }, signal) => answering(async () => {
      const log = logs.get(id) ?? new OpenAiLog(api, id);
      logs.set(id, log);
      return log.read(from, most, signal);
    }),
    cancel: (id, signal) => answering(async () => {
      const result = await api.cancel(id, signal);
      if (!result.ok && !await hasEnded(api, id, signal)) api.refuse(result);
      return {};
    }),
    describe: spec => ({ place: `${api.endpoint.baseUrl}, ${jobName(spec.key)}`, command: `POST ${api.endpoint.baseUrl}/fine_tuning/jobs, model ${spec.model}` }),
    close: () => api.close(),
  };
}

async function firstOf<Value>(values: AsyncGenerator<Value>): Promise<Value | undefined> {
  for await (const value of values) return value;
  return undefined;
}

/** What cannot be ended since it has ended is refused with 400. */
async function hasEnded(api: OpenAiApi, id: string, signal: AbortSignal): Promise<boolean> {
  const job = await api.job(id, signal);
  return job === undefined || ['succeeded', 'failed', 'cancelled'].includes(job.status);
}

interface Submission {
  readonly spec: JobSpec;
  readonly signal: AbortSignal;
  readonly onUpload?: OnUpload;
}

async function submit(api: OpenAiApi, { spec, signal, onUpload }: Submission): Promise<{ readonly reference: string; readonly found: boolean }> {
  const there = await jobsOf(api, spec.key, signal);
  const [known] = there;
  if (known !== undefined) return { reference: known.id, found: true };
  const [training, heldOut] = spec.files.filter(({ name }) => name.endsWith('.jsonl'));
  if (training === undefined) throw problemError('target-rejected', 'The job has no training set.');
  const files = heldOut === undefined ? [training] : [training, heldOut];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  onUpload?.(0, total);
  const ids: string[] = [];
  for (const file of files) ids.push(await api.file(file, signal));
  onUpload?.(total, total);
  const job = await create(api, { spec, ids, signal });
  return (await first(api, job, { key: spec.key, signal }));
}

/** Those with our key, the oldest first; of two of the same second always the same one. A job that was ended counts too: it was this one. */
async function jobsOf(api: OpenAiApi, key: string, signal: AbortSignal): Promise<readonly ApiJob[]> {
  const found: ApiJob[] = [];
  for await (const job of api.jobs(signal)) if (job.metadata?.[keyField] === key) found.push(job);
  return found.sort((one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1));
}

/** The API has no key of its own that it takes only once. So whoever has made one looks again, and ends it where another window was quicker. */
async function first(api: OpenAiApi, made: ApiJob, { key, signal }: { readonly key: string; readonly signal: AbortSignal }): Promise<{ readonly reference: string; readonly found: boolean }> {
  const [oldest = made] = await jobsOf(api, key, signal);
  if (oldest.id === made.id) return { reference: made.id, found: false };
  const result = await api.cancel(made.id, signal);
  if (!result.ok && !await hasEnded(api, made.id, signal)) api.refuse(result);
  return { reference: oldest.id, found: true };
}

async function create(api: OpenAiApi, { spec, ids, signal }: { readonly spec: JobSpec; readonly ids: readonly string[]; readonly signal: AbortSignal }): Promise<ApiJob> {
  try {
    return await api.create(requestOf(spec, ids), signal);
  } catch (thrown) {
    if (thrown instanceof Error && /\bmodel\b/i.test(thrown.message) && !thrown.message.includes(spec.model)) {
      throw problemError('target-rejected', `${spec.model}: ${thrown.message}`, { cause: thrown });
    }
    throw thrown;
  }
}

/** What it calls those of our hyper-parameters that it knows. */
const names: Readonly<Record<string, string>> = { epochs: 'n_epochs', batch: 'batch_size', learning_rate_multiplier: 'learning_rate_multiplier', beta: 'beta' };

/** Supervised training is asked for in the way that all servers of this shape know, also those that do not know `method`. */
function requestOf(spec: JobSpec, [training, heldOut]: readonly string[]): object {
  const { seed, method } = spec.hyperparameters;
  if (!['sft', 'dpo', undefined].includes(method?.toString())) throw problemError('target-rejected', `A fine-tuning API knows no training by ${method}; it knows sft and dpo.`);
  const hyperparameters = Object.fromEntries(Object.entries(names).flatMap(([ours, theirs]) => {
    const value = spec.hyperparameters[ours];
    return value === undefined || (ours === 'beta' && method !== 'dpo') ? [] : [[theirs, value]];
  }));
  return {
    model: spec.model,
    training_file: training,
    ...(heldOut !== undefined && { validation_file: heldOut }),
    suffix: spec.title.slice(0, longestSuffix),
    ...(typeof seed === 'number' && { seed }),
    ...(method === 'dpo' ? { method: { type: 'dpo', dpo: { hyperparameters } } } : { hyperparameters }),
    metadata: { [keyField]: spec.key },
  };
}

async function statusOf(api: OpenAiApi, id: string, signal: AbortSignal): Promise<JobStatus> {
  const job = await api.job(id, signal);
  if (job === undefined) return { state: 'failed', reason: 'vanished', words: 'the API does not know the job any more' };
  const going = goingStates[job.status];
  if (going !== undefined) return going;
  if (job.status === 'failed') return { state: 'failed', reason: reasonOf(job), words: quoted(shortWords(`${job.error?.message ?? ''} ${job.error?.code ?? ''}`), api.endpoint) };
  if (job.status === 'succeeded') {
    const model = job.fine_tuned_model ?? await api.lastCheckpoint(id, signal);
    return { state: 'succeeded', ...(model !== undefined && { model }) };
  }
  throw problemError('target-reply-unreadable', `${placeOf(api.endpoint)} gives the job a state that is not known: ${quoted(job.status, api.endpoint)}.`, { retryable: true });
}

/** States of which nothing more has to be known. `created` and `pending` are those of other servers of the same shape. */
const goingStates: Readonly<Record<string, JobStatus>> = {
  validating_files: { state: 'queued', words: 'validating files' },
  created: { state: 'queued' },
  pending: { state: 'queued' },
  queued: { state: 'queued' },
  running: { state: 'running' },
  pausing: { state: 'running', words: 'pausing' },
  paused: { state: 'running', words: 'paused' },
  resuming: { state: 'running', words: 'resuming' },
  cancelled: { state: 'cancelled' },
};

/** Source: codes seen in `error.code` of OpenAI's jobs; other servers have words of their own. */
function reasonOf({ error }: ApiJob): JobFailure {
  const said = `${error?.code ?? ''} ${error?.param ?? ''} ${error?.message ?? ''}`;
  if (/quota|billing|credit|moderation|policy|safety|permission/i.test(said)) return 'refused';
  if (/invalid_\w*file|training_file|validation_file|file_format|jsonl|\bexamples?\b|dataset/i.test(said)) return 'data-rejected';
  if (/out.of.memory|\boom\b/i.test(said)) return 'out-of-memory';
  return 'exit-code';
}
