import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorShape, runShape, statusShape } from '../../support/commandShapes.ts';
import { readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { drawsOf } from '../../support/requestLog.ts';

const key = 'sk-workshop-0123456789abcdef';

describe('servers that do not do as they should', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  const listening: Server[] = [];
  let server: LoggedServer;

  before(async () => {
    process.env['WORKSHOP_KEY'] = key; // for the demo server alone: it is named on its command line
    server = await shop.demoServer('--api-key-env', 'WORKSHOP_KEY');
    delete process.env['WORKSHOP_KEY'];
    await shop.succeed('init', 'empty', '--sample');
  });
  after(async () => {
    for (const each of listening) {
      each.closeAllConnections();
      each.close();
    }
    await shop.close();
  });

  async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const own = createServer(handle);
    listening.push(own);
    await new Promise<void>(resolve => { own.listen(0, '127.0.0.1', resolve); });
    return `http://127.0.0.1:${(own.address() as AddressInfo).port}/v1`;
  }

  const project = (name: string): string => {
    copyFileSync(shop.file('empty.regenesis'), shop.file(`${name}.regenesis`));
    return name;
  };

  /** A run that cannot begin: exit code 1, what to do, and nothing in the project. */
  async function refused(name: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<{ readonly code: string; readonly message: string }> {
    const before = readFileSync(shop.file('empty.regenesis'));
    for (const command of ['plan', 'run']) {
      const ended = await shop.run([command, project(name), ...words, '--json'], { environment });
      assert.equal(ended.code, 1, ended.said);
      const { error } = readObject(errorShape, ended.out);
      assert.ok(ended.said.startsWith(`${error.message}\n`), ended.said);
      if (command === 'run') {
        assert.equal(readFileSync(shop.file(`${name}.regenesis`)).length, before.length);
        assert.equal((await shop.json(statusShape, ['status', name])).run, null, 'no run was begun');
        return error;
      }
    }
    return assert.fail();
  }

  it('none named: wrong usage, and how to name one', async () => {
    const { code, said } = await shop.run(['run', project('none')]);
    assert.equal(code, 2);
    assert.match(said, /No inference server is set\. Name one with --server URL .* `regenesis demo-server`/);
  });

  it('not there', async () => {
    const url = await listen(() => undefined);
    listening.pop()?.close();
    const { code, message } = await refused('gone', ['--server', url]);
    assert.equal(code, 'server-unreachable');
    assert.match(message, new RegExp(`${new URL(url).host}.*nothing listens there\\. Start the server, or check host and port`));
    assert.equal((await shop.run(['probe', url])).code, 1);
  });

  it('no address at all', async () => {
    const { code, said } = await shop.run(['run', project('nowhere'), '--server', 'not a url']);
    assert.equal(code, 2);
    assert.match(said, /not a server address; give one like http:/);
  });

  it('a key that is missing or wrong; the right one is nowhere to be found afterwards', async () => {
    assert.match((await refused('keyless', ['--server', server.url])).message, /asks for a key and none was given/);
    assert.match((await shop.run(['plan', 'keyless', '--server', server.url])).said, /The key comes from the environment variable REGENESIS_API_KEY/);
    const { code, message } = await refused('wrong', ['--server', server.url], { REGENESIS_API_KEY: 'sk-wrong-one-1234567' });
    assert.equal(code, 'server-wrong-key');
    assert.match(message, /refuses the key/);
    assert.doesNotMatch(message, /sk-wrong-one/);
    const { code: done, out, said } = await shop.run(['run', project('right'), '--server', server.url, '--limit', '1'], { environment: { REGENESIS_API_KEY: key } });
    assert.equal(done, 0, said);
    assert.ok(![out, said, server.log()].some(text => text.includes(key)));
    for (const file of readdirSync(shop.folder)) assert.ok(!readFileSync(shop.file(file)).includes(key), file);
  });

  it('an unknown model', async () => {
    const plain = await shop.demoServer();
    const { code, message } = await refused('model', ['--server', plain.url, '--model', 'gpt-17']);
    assert.equal(code, 'server-unknown-model');
    assert.match(message, /gpt-17.*regenesis-demo/s);
  });

  it('a web page instead of a model', async () => {
    const url = await listen((_, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'); });
    assert.match((await refused('page', ['--server', url])).message, /is no OpenAI-compatible server/);
  });

  it('half an answer, none, or another program\'s', async () => {
    for (const body of ['{"data":[{"id":', '{"data":[]}', '{"status":"ok"}', '']) {
      const url = await listen((_, response) => { response.writeHead(200, { 'content-type': 'application/json' }).end(body); });
      const { code } = await shop.run(['run', project('half'), '--server', url]);
      assert.equal(code, 1, body);
    }
  });

  it('a key that is withdrawn in the middle: the run pauses, makes no failures of it, and goes on later', async () => {
    const plain = await shop.demoServer();
    let left = 30;
    const url = await listen((request, response) => { forward(request, response, { to: plain.url, refuse: request.method === 'POST' && request.url?.includes('completions') === true && left-- <= 0 }); });
    const { code, out, said } = await shop.run(['run', project('withdrawn'), '--server', url, '--limit', '2', '--json'], { environment: { REGENESIS_API_KEY: key } });
    assert.equal(code, 3, said);
    const report = readObject(runShape, out);
    assert.equal(report.state, 'paused');
    assert.match(out, /"code":"server-wrong-key"/);
    const before = plain.newRequests();
    assert.equal(before.length, 30);
    const stored = (await shop.json(statusShape, ['status', 'withdrawn'])).stages.reduce((sum, { done }) => sum + done, 0);
    left = Infinity;
    const rest = await shop.json(runShape, ['run', 'withdrawn', '--server', url, '--limit', '2']);
    assert.deepEqual([rest.state, rest.tasks['solved'], rest.failed], ['completed', 2, {}]);
    const draws = drawsOf([...before, ...plain.newRequests()]);
    // not all of it need be: a task may have enough by then
    const again = draws.length - new Set(draws).size;
    assert.ok(again <= before.length - stored, `only what was under way then is asked again: ${again} of ${before.length - stored}`);
  });
});

/** Hands a request on to a real server, or refuses its key. */
function forward(request: IncomingMessage, response: ServerResponse, { to, refuse }: { readonly to: string; readonly refuse: boolean }): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (refuse) {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"This key was withdrawn."}}');
      return;
    }
    const { method = 'GET', url = '/' } = request;
    const headers = { 'content-type': 'application/json', 'x-regenesis-stage': String(request.headers['x-regenesis-stage'] ?? '') };
    void fetch(new URL(url, to), { method, headers, ...(method === 'POST' ? { body: Buffer.concat(chunks) } : {}) }).then(async reply => {
      response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'text/plain' }).end(Buffer.from(await reply.arrayBuffer()));
    }, () => { response.destroy(); });
  });
}
