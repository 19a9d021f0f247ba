import { openAsBlob } from 'node:fs';
import { FormData } from 'undici';
import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';
import { messageOf, ProblemError, problemError } from '../../core/model/problem.ts';
import type { JobFile } from '../../core/model/trainingJob.ts';
import { placeOf, quoted, type Endpoint } from '../models/endpoint.ts';
import type { CallResult, Transport } from '../models/transport.ts';
import { eventSchema, type JobApiEvent } from './openaiEvents.ts';
import { targetProblem } from './targetProblem.ts';
import { checkedBytes } from './upload.ts';

const textOrNothing = z.catch(z.nullish(z.string()), undefined);

const jobSchema = z.object({
  id: z.string(),
  status: z.string(),
  created_at: z.catch(z.number(), 0),
  fine_tuned_model: textOrNothing,
  error: z.catch(z.nullish(z.object({ code: textOrNothing, message: textOrNothing, param: textOrNothing })), undefined),
  metadata: z.catch(z.nullish(z.record(z.string(), z.unknown())), undefined),
});
/** A fine-tuning job as an API lists it. */
export type ApiJob = z.infer<typeof jobSchema>;

const fileSchema = z.object({ id: z.string(), filename: textOrNothing, bytes: z.catch(z.nullish(z.number()), undefined), status: textOrNothing });
const checkpointSchema = z.object({ fine_tuned_model_checkpoint: z.string(), step_number: z.catch(z.number(), 0) });
/** Entries of a list that cannot be read are left out. */
const pageOf = <Entry extends z.ZodMiniType>(entry: Entry) => z.object({ data: z.array(z.catch(z.nullable(entry), null)), has_more: z.catch(z.optional(z.boolean()), undefined) });

const callTimeoutMs = 60_000;
/** A file of half a gigabyte, the most that OpenAI takes, over a slow line. */
const uploadTimeoutMs = 2 * 3_600_000;
const pageSize = 100;
/** The newest 500 jobs, and 20,000 events of one job. */
const mostPages = { jobs: 5, files: 5, events: 200 };

/** The fine-tuning API of one server. All methods throw `ProblemError` as those of a target do. */
export class OpenAiApi {
  readonly endpoint: Endpoint;
  readonly #transport: Transport;

  constructor(transport: Transport, endpoint: Endpoint) {
    this.#transport = transport;
    this.endpoint = endpoint;
  }

  /** The newest first. */
  jobs(signal: AbortSignal): AsyncGenerator<ApiJob> {
    return this.#pages('/fine_tuning/jobs', jobSchema, { signal, mostPages: mostPages.jobs });
  }

  /** Nothing where there is none of that id. */
  async job(id: string, signal: AbortSignal): Promise<ApiJob | undefined> {
    const result = await this.#send({ method: 'get', path: jobPath(id), signal });
    if (isUnknownJob(result)) return undefined;
    return this.#read(jobSchema, result);
  }

  async create(body: object, signal: AbortSignal): Promise<ApiJob> {
    return this.#read(jobSchema, await this.#send({ method: 'post', path: '/fine_tuning/jobs', body, signal }));
  }

  async cancel(id: string, signal: AbortSignal): Promise<CallResult> {
    return this.#send({ method: 'post', path: `${jobPath(id)}/cancel`, body: {}, signal });
  }

  /** In the order of the server, from one on that is known. Of a job that is not there, none. */
  events(id: string, after: string | undefined, signal: AbortSignal): AsyncGenerator<JobApiEvent> {
    return this.#pages(`${jobPath(id)}/events`, eventSchema, { signal, mostPages: mostPages.events, after });
  }

  /** The model of the last checkpoint. */
  async lastCheckpoint(id: string, signal: AbortSignal): Promise<string | undefined> {
    const result = await this.#send({ method: 'get', path: `${jobPath(id)}/checkpoints`, signal });
    const parsed = pageOf(checkpointSchema).safeParse(result.ok ? parseJson(result.text) : undefined);
    const found = parsed.success ? parsed.data.data.filter(each => each !== null) : [];
    return found.toSorted((one, other) => other.step_number - one.step_number)[0]?.fine_tuned_model_checkpoint;
  }

  /** The id of a file with this content: one that is there already under the name that its hash gives it, else of a new one. */
  async file(file: JobFile, signal: AbortSignal): Promise<string> {
    const name = `regenesis-${file.sha256.slice(0, 16)}.jsonl`;
    for await (const there of this.#pages('/files', fileSchema, { signal, mostPages: mostPages.files, purpose: 'fine-tune' })) {
      if (there.filename === name && there.bytes === file.bytes && there.status !== 'error') return there.id;
    }
    const form = new FormData();
    form.append('purpose', 'fine-tune');
    form.append('file', await contentOf(file), name);
    const result = await this.#send({ method: 'post', path: '/files', body: form, signal, timeoutMs: uploadTimeoutMs });
    const uploaded = this.#read(fileSchema, result);
    if (typeof uploaded.bytes === 'number' && uploaded.bytes !== file.bytes) {
      throw problemError('target-unreachable', `${placeOf(this.endpoint)} has ${uploaded.bytes} bytes of ${file.name}, and ${file.bytes} were sent.`, { retryable: true });
    }
    return uploaded.id;
  }

  /** Throws what a call failed of. */
  refuse(result: CallResult): never {
    if (result.ok) throw problemError('target-reply-unreadable', `${placeOf(this.endpoint)} does not answer as a fine-tuning API does: ${quoted(result.text, this.endpoint)}`, { retryable: true });
    throw new ProblemError(targetProblem(result.problem));
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  #send(call: { readonly method: 'get' | 'post'; readonly path: string; readonly body?: unknown; readonly signal: AbortSignal; readonly timeoutMs?: number }): Promise<CallResult> {
    return this.#transport.send({ timeoutMs: callTimeoutMs, ...call });
  }

  #read<Schema extends z.ZodMiniType>(schema: Schema, result: CallResult): z.infer<Schema> {
    const parsed = schema.safeParse(result.ok ? parseJson(result.text) : undefined);
    return parsed.success ? parsed.data : this.refuse(result);
  }

  async* #pages<Entry extends z.ZodMiniType<{ readonly id: string }>>(path: string, entry: Entry, options: PageOptions): AsyncGenerator<z.infer<Entry>> {
    const { signal, mostPages: most, after: first, purpose } = options;
    let after = first;
    for (let page = 0; page < most; page += 1) {
      const query = new URLSearchParams({ limit: String(pageSize), ...(after !== undefined && { after }), ...(purpose !== undefined && { purpose }) });
      const result = await this.#send({ method: 'get', path: `${path}?${query.toString()}`, signal });
      if (isUnknownJob(result)) return;
      const reply = this.#read(pageOf(entry), result);
      const entries = reply.data.filter(each => each !== null);
      yield* entries;
      const last = entries.at(-1)?.id;
      // one that knows no cursor sends its first page for ever
      if (reply.has_more !== true || last === undefined || last === after) return;
      after = last;
    }
  }
}

interface PageOptions {
  readonly signal: AbortSignal;
  readonly mostPages: number;
  readonly after?: string | undefined;
  readonly purpose?: string;
}

const jobPath = (id: string): string => `/fine_tuning/jobs/${encodeURIComponent(id)}`;

/** A gateway in the server's place says 404 too, but nothing of a job. */
const isUnknownJob = (result: CallResult): boolean => !result.ok && result.status === 404 && /job|fine.?tun/i.test(result.problem.message.split('It says:')[1] ?? '');

async function contentOf(file: JobFile): Promise<Blob> {
  for await (const _ of checkedBytes(file)); // the form is read later, piece by piece
  try {
    return await openAsBlob(file.path);
  } catch (thrown) {
    throw problemError('file-unreadable', `${file.path} cannot be read: ${messageOf(thrown)}.`, { file: file.path, cause: thrown });
  }
}
