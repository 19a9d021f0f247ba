import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** The name of a model, as long as such names are. */
export const modelName = (index: number): string => `an-organisation/a-family-of-models-${index}-70b-instruct-awq`;

/** A server that lists 100,000 models, each with a long name, and answers nothing. */
export class ManyModels {
  readonly #server = http.createServer(({ url = '' }, reply) => {
    const isList = url === '/v1/models';
    reply.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(isList ? { data: Array.from({ length: 100_000 }, (_, index) => ({ id: modelName(index) })) } : {}));
  });

  async start(): Promise<void> {
    await new Promise<void>(resolve => { this.#server.listen(0, '127.0.0.1', resolve); });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
