import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJson } from '../core/model/outside.ts';
import { errorBody } from './reply.ts';

/** Header by which whatever shows a reply can tell that it is a simulation. */
export const simulationHeader = 'X-ReGenesis-Simulation';
const largestBody = 32 * 1_024 * 1_024;

/** Where log lines go: one JSON object each, without its line end. Those of requests have to be written at once, those of responses soon. */
export type Log = (line: string, of: 'request' | 'response') => void;

/** One request on its way, with the body already there. */
export interface Visit {
  readonly id: number;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Value of `X-ReGenesis-Stage`. */
  readonly stage: string | undefined;
  readonly key: string | undefined;
  readonly body: string;
  /** The body as JSON; `undefined` where it is none. */
  readonly json: unknown;
  readonly response: ServerResponse;
  /** Calls back when the client went away before the reply was sent whole. */
  onAbort(call: () => void): void;
}

/** Sends a reply whole. */
export function send(visit: Visit, reply: { readonly status?: number; readonly type?: string; readonly headers?: Readonly<Record<string, string>> }, body: string): void {
  const { response } = visit;
  if (response.destroyed) return;
  response.writeHead(reply.status ?? 200, {
    'Content-Type': reply.type ?? 'application/json', 'Content-Length': Buffer.byteLength(body), [simulationHeader]: '1', ...reply.headers,
  });
  response.end(body);
}

/** Sends an error in vLLM's shape. */
export function refuse(visit: Visit, refusal: { readonly status: number; readonly message: string; readonly param?: string; readonly headers?: Readonly<Record<string, string>> }): void {
  const { status, message, param = null, headers = {} } = refusal;
  send(visit, { status, headers }, errorBody(status, message, param));
}

/** Reads requests whole, writes both log lines of each, and hands them on. */
export class Reception {
  readonly #log: Log | undefined;
  readonly #handle: (visit: Visit) => void;
  #count = 0;

  constructor(handle: (visit: Visit) => void, log: Log | undefined) {
    this.#handle = handle;
    this.#log = log;
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestBody) chunks.push(chunk);
    });
    request.on('error', () => response.destroy());
    request.on('end', () => this.#arrived({ request, response, body: size > largestBody ? undefined : joined(chunks).toString('utf8') }));
  }

  #arrived({ request, response, body }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly body: string | undefined }): void {
    this.#count += 1;
    const id = this.#count;
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const json = body === undefined || body === '' ? undefined : parseJson(body);
    const stage = single(request.headers['x-regenesis-stage']);
    // The line is on disk before any work is done for the request: what a killed client had sent can be read here.
    this.#log?.(`{"t":"request","id":${id},"atMs":${Date.now()},"path":${JSON.stringify(path)},"stage":${JSON.stringify(stage ?? null)},"body":${logged(body ?? '', json)}}`, 'request');
    const aborts = this.#watch(id, response);
    const visit: Visit = {
      id, method: request.method ?? 'GET', path, stage, key: single(request.headers.authorization), body: body ?? '', json, response,
      onAbort: call => aborts.push(call),
    };
    if (body === undefined) refuse(visit, { status: 413, message: `The request is larger than ${largestBody} bytes.` });
    else this.#handle(visit);
  }

  /** Notes how the reply ends: sent whole, or aborted; status 0 where not even the head was sent. */
  #watch(id: number, response: ServerResponse): (() => void)[] {
    const aborts: (() => void)[] = [];
    response.once('close', () => {
      const sent = response.writableFinished;
      this.#log?.(`{"t":"response","id":${id},"atMs":${Date.now()},"status":${response.headersSent ? response.statusCode : 0},"finish":"${sent ? 'sent' : 'aborted'}"}`, 'response');
      if (!sent) for (const call of aborts) call();
    });
    return aborts;
  }
}

/** Most bodies come in one piece, which then need not be copied. */
const joined = (chunks: readonly Buffer[]): Buffer => (chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));

const single = (header: string | readonly string[] | undefined): string | undefined => (typeof header === 'string' ? header : header?.[0]);

/** The body as one line of JSON: as it came where it is that already, which spares writing it anew. */
function logged(body: string, json: unknown): string {
  if (json === undefined) return body === '' ? 'null' : JSON.stringify(body);
  return /[\n\r]/.test(body) ? JSON.stringify(json) : body;
}
