import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that wants a key, has some models, and solves everything with 4. Key and models can be taken from it while it is asked. */
export class KeyedServer {
  key: string;
  models: readonly string[] = ['small', 'large'];
  /** Anybody may see the list of models; answers want the key all the same. */
  listsFreely = false;
  /** Before each answer. */
  delayMs = 0;
  /** The models that were asked, and the keys that were shown. */
  readonly asked = new Set<string>();
  readonly shown = new Set<string>();
  completions = 0;
  readonly #server: http.Server;

  constructor(key: string) {
    this.key = key;
    this.#server = http.createServer((request, reply) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => { this.#answer(request, body, reply); });
    });
  }

  /** @returns its base URL. `port`: absent for a free one */
  async start(port = 0): Promise<string> {
    await new Promise<void>(resolve => { this.#server.listen(port, '127.0.0.1', resolve); });
    return `http://127.0.0.1:${this.port}/v1`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer({ headers: { authorization }, url = '' }: http.IncomingMessage, body: string, reply: http.ServerResponse): void {
    if (authorization !== undefined) this.shown.add(authorization);
    const json = (status: number, value: unknown) => { reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value)); };
    const isList = url.endsWith('/models');
    if (authorization !== `Bearer ${this.key}` && !(isList && this.listsFreely)) json(401, { error: { message: `Incorrect API key provided: ${authorization ?? 'none'}` } }); // servers do say it back
    else if (isList) json(200, { data: this.models.map(id => ({ id })) });
    else if (url.endsWith('/chat/completions')) this.#complete((JSON.parse(body) as { model: string }).model, json);
    else json(404, {});
  }

  #complete(model: string, json: (status: number, value: unknown) => void): void {
    if (!this.models.includes(model)) {
      json(404, { error: { message: `The model \`${model}\` does not exist.`, type: 'NotFoundError', code: 404 } });
      return;
    }
    this.asked.add(model);
    this.completions += 1;
    const content = `1. Add the numbers.\n2. State the sum.\n\nThe answer is \\boxed{4}. (${this.completions})`;
    const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }];
    setTimeout(() => { json(200, { id: 'x', object: 'chat.completion', created: 0, model, choices, usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 } }); }, this.delayMs);
  }
}
