import type { FaultKind } from './faults.ts';
import { refuse, send, type Visit } from './traffic.ts';

/** A request that is made to fail: the model that it asked for, and the one that there is. */
export interface AskedModel {
  readonly asked: string;
  readonly served: string;
}

type Failure = (visit: Visit, model: AskedModel) => void;

const limited = (headers: Readonly<Record<string, string>>): Failure => visit => refuse(visit, { status: 429, message: 'Too many requests (made to fail).', headers });
const failed = (status: number): Failure => visit => refuse(visit, { status, message: 'Made to fail.' });
const page = (status: number, title: string): Failure => visit =>
  send(visit, { status, type: 'text/html' }, `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);

/** Faults that need no answer. */
const failures: { readonly [Kind in FaultKind]?: Failure } = {
  '429': limited({ 'Retry-After': '0' }),
  '429-later': limited({ 'Retry-After': '1' }),
  '429-bare': limited({}),
  '500': failed(500),
  // What stands before a server says this in its own words, and those are no JSON.
  '502': page(502, '502 Bad Gateway'),
  '503': failed(503),
  'reset': visit => visit.response.socket?.resetAndDestroy(),
  'hang': () => undefined,
  'html': page(200, 'Sign in to the network'),
  'wrong-model': (visit, { asked }) => refuseModel(visit, { asked, served: 'another-model' }),
};

/** Lets a request fail where its fault needs no answer. Returns whether the request is dealt with. */
export function failsAtOnce(visit: Visit, fault: FaultKind | undefined, model: AskedModel): boolean {
  const fail = fault === undefined ? undefined : failures[fault];
  fail?.(visit, model);
  return fail !== undefined;
}

/** Says, as vLLM does, that there is no such model. */
export function refuseModel(visit: Visit, { asked, served }: AskedModel): void {
  refuse(visit, { status: 404, message: `The model \`${asked}\` does not exist. Valid aliases: ${served}.`, param: 'model' });
}
