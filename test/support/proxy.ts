import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived at a proxy. */
export interface PassingRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Number of its arrival among all, from 0. */
  readonly index: number;
}

/** What a proxy says in the place of the server behind it; `hold`: nothing, until it is released. */
export type Instead = 'hold' | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string };

/** A server that hands everything on to another one, but what its rule takes out. */
export interface Proxy {
  readonly url: string;
  /** Requests for completions, in the order of their arrival. */
  readonly completions: readonly PassingRequest[];
  /** What is said instead; undefined for what is handed on. A test may change it at any time. */
  rule: (request: PassingRequest) => Instead | undefined;
  /** Hands on what was held. */
  release(): void;
  stop(): Promise<void>;
}

/** Starts one in front of the server at a base URL. */
export async function startProxy(to: string): Promise<Proxy> {
  const held: (() => void)[] = [];
  const completions: PassingRequest[] = [];
  let count = 0;
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then(body => {
      const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', body, index: (count += 1) - 1 };
      if (request.path.endsWith('/chat/completions')) completions.push(request);
      const instead = proxy.rule(request);
      const handOn = () => { forward(incoming, response, { to, body }); };
      if (instead === undefined) handOn();
      else if (instead === 'hold') held.push(handOn);
      else response.writeHead(instead.status, { 'content-type': 'text/html', ...instead.headers }).end(instead.body);
    }, () => { response.destroy(); });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve); });
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    completions,
    rule: () => undefined,
    release: () => { for (const handOn of held.splice(0)) handOn(); },
    stop: () => new Promise(resolve => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
  return proxy;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function forward({ method = 'GET', url = '/', headers }: IncomingMessage, response: ServerResponse, { to, body }: { readonly to: string; readonly body: string }): void {
  const { host: _, ...rest } = headers;
  const outgoing = ask(new URL(url, to), { method, headers: rest }, reply => {
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(response);
  });
  outgoing.on('error', () => { response.destroy(); });
  response.once('close', () => { outgoing.destroy(); });
  outgoing.end(body);
}
