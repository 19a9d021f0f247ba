import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';

/** What a server of ours does instead of answering a request; nothing for an answer as it should be. */
export type Oddity = { readonly status: number; readonly body: string; readonly type?: string } | 'reset' | undefined;

/** A server on a free port of this machine; `odd` is asked before every answer. */
abstract class JobServer {
  odd: (method: string, path: string) => Oddity = () => undefined;
  readonly requests: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor() {
    this.#server = createServer((incoming, response) => { void this.#serve(incoming, response); });
    this.#server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => { this.upgraded(incoming, socket); });
    this.#server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Also again, on the same port. */
  async start(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const stopped = new Promise(resolve => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await stopped;
  }

  protected abstract reply(request: { readonly method: string; readonly url: URL; readonly body: Buffer; readonly type: string }): { readonly status: number; readonly body: object | string };

  protected upgraded(_incoming: IncomingMessage, socket: Socket): void {
    socket.destroy();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = incoming;
    this.requests.push(`${method} ${url}`);
    this.headers.push(incoming.headers);
    const odd = this.odd(method, url);
    if (odd === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const { status, body, type } = odd === undefined
      ? { ...this.reply({ method, url: new URL(url, this.url), body: Buffer.concat(pieces), type: incoming.headers['content-type'] ?? '' }), type: undefined }
      : { type: 'text/html', ...odd };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': type ?? (typeof body === 'string' ? 'text/plain' : 'application/json') }).end(text);
  }
}

interface RayJob {
  status: string;
  message: string;
  error_type: string | null;
  driver_exit_code: number | null;
  readonly folder: string;
  readonly process: ChildProcess;
}

interface RayRequest {
  readonly submission_id: string;
  readonly entrypoint: string;
  readonly metadata: object;
  readonly runtime_env: { readonly working_dir: string; readonly env_vars: Readonly<Record<string, string>>; readonly pip?: readonly string[] };
}

/** A Ray dashboard with the answers that Ray 2.60 was seen to give, which really runs what it is given. */
export class RayServer extends JobServer {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'regenesis-ray-'));
  readonly jobs = new Map<string, RayJob>();
  readonly submitted: RayRequest[] = [];
  readonly packages = new Map<string, Buffer>();
  /** The next so many tails end after their first frame, although the job goes on. */
  shortTails = 0;
  tails = 0;
  /** How often a tail looks for new lines, in ms; Ray does once a second. */
  tailMs = 30;

  end(): void {
    for (const job of this.jobs.values()) this.#stop(job);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  protected override reply({ method, url, body }: { readonly method: string; readonly url: URL; readonly body: Buffer }): { readonly status: number; readonly body: object | string } {
    const [, , kind = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    if (kind === 'version') return { status: 200, body: { version: '4', ray_version: '2.60.0', ray_commit: 'x' } };
    if (kind === 'packages') return this.#package(method, rest.join('/'), body);
    const [id = '', verb] = rest;
    if (method === 'POST' && id === '') return this.#submit(JSON.parse(body.toString('utf8')) as RayRequest);
    const job = this.jobs.get(id);
    if (job === undefined) return { status: 404, body: `Job ${id} does not exist` };
    if (verb === 'stop') return { status: 200, body: { stopped: this.#stop(job) } };
    const { status, message, error_type, driver_exit_code } = job;
    return { status: 200, body: { type: 'SUBMISSION', submission_id: id, status, message, error_type, driver_exit_code } };
  }

  #package(method: string, name: string, body: Buffer): { readonly status: number; readonly body: string } {
    if (method === 'PUT') this.packages.set(name, body);
    return this.packages.has(name) ? { status: 200, body: '' } : { status: 404, body: `Package gcs://${name} does not exist` };
  }

  #submit(request: RayRequest): { readonly status: number; readonly body: object | string } {
    const { submission_id: id, entrypoint, runtime_env: environment } = request;
    if (this.jobs.has(id)) return { status: 500, body: `Traceback (most recent call last):\n  File "job_manager.py", line 554, in submit_job\n    raise ValueError(\nValueError: Job with submission_id ${id} already exists. Please use a different submission_id.\n` };
    this.submitted.push(request);
    const folder = path.join(this.root, id);
    mkdirSync(folder);
    const log = path.join(this.root, `${id}.log`);
    writeFileSync(log, 'Runtime env is setting up.\n');
    const bytes = this.packages.get(environment.working_dir.replace('gcs://', 'gcs/'));
    for (const [name, content] of Object.entries(bytes === undefined ? {} : unzipSync(bytes))) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    appendFileSync(log, 'Running entrypoint for job\n');
    // with a socket for its input, bash would take itself for a login over the network
    const child = spawn('sh', ['-c', entrypoint], { cwd: folder, env: { PATH: process.env['PATH'], ...environment.env_vars }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const job: RayJob = { status: 'RUNNING', message: 'Job is currently running.', error_type: null, driver_exit_code: null, folder, process: child };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => { if (existsSync(log)) appendFileSync(log, piece); });
    child.on('close', code => { if (job.status === 'RUNNING') finish(job, code ?? -9); });
    this.jobs.set(id, job);
    return { status: 200, body: { job_id: id, submission_id: id } };
  }

  #stop(job: RayJob): boolean {
    if (job.status !== 'RUNNING') return false;
    job.status = 'STOPPED';
    job.message = 'Job was intentionally stopped.';
    try {
      process.kill(-(job.process.pid ?? 0), 'SIGKILL');
    } catch {
      // it has ended, and that was not heard yet
    }
    return true;
  }

  protected override upgraded(incoming: IncomingMessage, socket: Socket): void {
    const id = /^\/api\/jobs\/(.+)\/logs\/tail$/.exec(decodeURIComponent(incoming.url ?? ''))?.[1] ?? '';
    const job = this.jobs.get(id);
    if (job === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.tails += 1;
    const accept = createHash('sha1').update(`${String(incoming.headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`);
    let sent = 0;
    const timer = setInterval(() => {
      const log = path.join(this.root, `${id}.log`);
      const hasEnded = job.status !== 'RUNNING';
      const news = existsSync(log) ? readFileSync(log).subarray(sent) : Buffer.alloc(0);
      sent += news.length;
      if (news.length > 0) socket.write(frame(1, news));
      const breaksOff = this.shortTails > 0 && news.length > 0;
      if (breaksOff) this.shortTails -= 1;
      if (!breaksOff && (!hasEnded || news.length > 0)) return;
      clearInterval(timer);
      socket.end(frame(8, Buffer.from([0x03, 0xe8])));
    }, this.tailMs);
    socket.on('close', () => { clearInterval(timer); });
    socket.on('error', () => { clearInterval(timer); });
  }
}

function finish(job: RayJob, code: number): void {
  job.status = code === 0 ? 'SUCCEEDED' : 'FAILED';
  job.message = code === 0 ? 'Job finished successfully.' : `Job entrypoint command failed with exit code ${code}, last available logs (truncated to 20,000 chars):\n`;
  job.error_type = code === 0 ? null : 'JOB_ENTRYPOINT_COMMAND_ERROR';
  job.driver_exit_code = code;
}

/** A frame as a server sends it: without a mask. Source: RFC 6455, section 5.2. */
export function frame(opcode: number, content: Buffer): Buffer {
  const head = content.length < 126 ? Buffer.from([0x80 | opcode, content.length]) : content.length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  if (head.length === 4) head.writeUInt16BE(content.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(content.length), 2);
  if (head.length > 2) head.set([0x80 | opcode, head.length === 4 ? 126 : 127]);
  return Buffer.concat([head, content]);
}

/** How the API plays a job. */
export interface ApiPlan {
  readonly lines: readonly string[];
  readonly fails?: { readonly code: string; readonly message: string; readonly param?: string };
  readonly metrics?: readonly object[];
}

interface ApiJob {
  readonly id: string;
  readonly created_at: number;
  readonly body: { readonly model: string; readonly training_file: string; readonly metadata?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
  status: string;
  polls: number;
}

/** A fine-tuning API, built after the types of OpenAI's own client. Models are `tiny` and `small`. */
export class ApiServer extends JobServer {
  readonly jobs: ApiJob[] = [];
  readonly files = new Map<string, { readonly filename: string; readonly bytes: number }>();
  readonly plans = new Map<string, ApiPlan>();
  /** While it is set, jobs do not end. */
  holds = false;
  newestFirst = true;
  key: string | undefined;
  /** Between two looks the list is what it was: as where another window makes a job at the same moment. */
  staleLists = 0;
  tunedModel: string | null = 'ft:tiny:regenesis';

  protected override reply({ method, url, body, type }: { readonly method: string; readonly url: URL; readonly body: Buffer; readonly type: string }): { readonly status: number; readonly body: object } {
    if (this.key !== undefined && this.headers.at(-1)?.authorization !== `Bearer ${this.key}`) return error(401, `Incorrect API key provided: ${String(this.headers.at(-1)?.authorization)}`, 'invalid_api_key');
    const [, , kind, , id, verb] = url.pathname.split('/');
    if (kind === 'files') return method === 'POST' ? this.#addFile(body, type) : page([...this.files].map(([fileId, file]) => ({ id: fileId, object: 'file', purpose: 'fine-tune', status: 'processed', ...file })), url);
    if (id === undefined) return method === 'POST' ? this.#create(JSON.parse(body.toString('utf8')) as ApiJob['body']) : page(this.#listed(), url);
    const job = this.jobs.find(each => each.id === id);
    if (job === undefined) return error(404, `Could not find fine tune: ${id}. No such job.`, 'fine_tune_not_found');
    if (verb === 'events') return page(this.#events(job), url);
    if (verb === 'checkpoints') return { status: 200, body: { object: 'list', data: [{ id: 'c1', step_number: 10, fine_tuned_model_checkpoint: 'tiny:step-10' }, { id: 'c2', step_number: 20, fine_tuned_model_checkpoint: 'tiny:step-20' }] } };
    if (verb === 'cancel') return this.#cancel(job);
    this.#poll(job);
    return { status: 200, body: this.#job(job) };
  }

  #listed(): readonly { readonly id: string }[] {
    if (this.staleLists > 0) {
      this.staleLists -= 1;
      return [];
    }
    return this.jobs.map(each => this.#job(each)).reverse();
  }

  #addFile(body: Buffer, type: string): { readonly status: number; readonly body: object } {
    const boundary = /boundary=(\S+)/.exec(type)?.[1];
    if (boundary === undefined) return error(400, 'No form in the request', null);
    const text = body.toString('latin1');
    const filename = /name="file"; filename="([^"]+)"/.exec(text)?.[1] ?? '';
    const start = text.indexOf('\r\n\r\n', text.indexOf('name="file"')) + 4;
    const content = text.slice(start, text.indexOf(`\r\n--${boundary}`, start));
    const id = `file-${this.files.size + 1}`;
    this.files.set(id, { filename, bytes: content.length });
    return { status: 200, body: { id, object: 'file', purpose: 'fine-tune', filename, bytes: content.length, created_at: 1, status: 'processed' } };
  }

  #create(body: ApiJob['body']): { readonly status: number; readonly body: object } {
    if (!['tiny', 'small'].includes(body.model)) return error(400, 'Model is not available for fine-tuning or does not exist.', 'model_not_available');
    if (!this.files.has(body.training_file)) return error(400, `invalid training_file: ${body.training_file}`, 'invalid_request_error');
    const job: ApiJob = { id: `ftjob-${this.jobs.length + 1}`, created_at: 1_700_000_000, body, status: 'validating_files', polls: 0 };
    this.jobs.push(job);
    return { status: 200, body: this.#job(job) };
  }

  #plan(job: ApiJob): ApiPlan {
    return this.plans.get(job.body.metadata?.['regenesis_key'] ?? '') ?? { lines: [] };
  }

  #poll(job: ApiJob): void {
    if (!['validating_files', 'queued', 'running'].includes(job.status)) return;
    job.polls += 1;
    const final = this.holds ? 'running' : this.#plan(job).fails === undefined ? 'succeeded' : 'failed';
    job.status = ['validating_files', 'queued', 'running'][job.polls - 1] ?? final;
  }

  #job(job: ApiJob): { readonly id: string } & Readonly<Record<string, unknown>> {
    const fails = job.status === 'failed' ? this.#plan(job).fails : undefined;
    return {
      id: job.id, object: 'fine_tuning.job', created_at: job.created_at, status: job.status, model: job.body.model, metadata: job.body.metadata ?? null,
      fine_tuned_model: job.status === 'succeeded' ? this.tunedModel : null, error: fails === undefined ? null : { param: null, ...fails },
    };
  }

  #events(job: ApiJob): readonly { readonly id: string }[] {
    const { lines, metrics = [] } = this.#plan(job);
    const said = job.polls < 3 ? [] : [...lines.map(message => ({ type: 'message', message })), ...metrics.map(data => ({ type: 'metrics', message: 'metrics', data }))];
    const events = [{ type: 'message', message: 'Created fine-tuning job' }, ...said].map((event, index) => ({
      id: `ftevent-${index}`, object: 'fine_tuning.job.event', level: 'info', created_at: 1_700_000_000 + index, ...event,
    }));
    return this.newestFirst ? events.reverse() : events;
  }

  #cancel(job: ApiJob): { readonly status: number; readonly body: object } {
    if (['succeeded', 'failed', 'cancelled'].includes(job.status)) return error(400, `Job has already completed: ${job.status}`, null);
    job.status = 'cancelled';
    return { status: 200, body: this.#job(job) };
  }
}

const error = (status: number, message: string, code: string | null): { readonly status: number; readonly body: object } => ({ status, body: { error: { message, type: 'invalid_request_error', param: null, code } } });

/** One page of a list, two entries each, so that every test has several. */
function page(all: readonly { readonly id: string }[], url: URL): { readonly status: number; readonly body: object } {
  const after = url.searchParams.get('after');
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const data = all.slice(start, start + 2);
  return { status: 200, body: { object: 'list', data, has_more: start + 2 < all.length } };
}
