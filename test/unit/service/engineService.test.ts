import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { EngineClient } from '../../../src/client/engineClient.ts';
import { entryIn } from '../../../src/client/openEngine.ts';
import { methods, protocolVersion } from '../../../src/contract/engine.ts';
import type { RegistryEntry } from '../../../src/contract/registry.ts';
import type { RunProgress } from '../../../src/contract/reports.ts';
import { problemError, problemOf } from '../../../src/core/model/problem.ts';
import type { Asking } from '../../../src/engine/asking.ts';
import type { Handlers } from '../../../src/engine/session.ts';
import { EngineService, type ServiceOptions } from '../../../src/service/engineService.ts';
import { anEvaluation } from '../../support/evaluations.ts';

const progress = (elapsedMs: number): RunProgress => ({
  runId: 1, recipe: 'regenesis', tasks: { done: 0, total: 1 }, stages: [], calls: 0, cached: 0, inFlight: 0, kept: 0, failed: {}, elapsedMs,
  callsPerSecond: 0, outputTokensPerSecond: 0, remainingMs: null, simulated: true,
});

/** A service whose project does nothing but count what happens to it. */
class Trial {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'service-'));
  readonly entryFile = path.join(this.folder, 'one.json');
  readonly happened: string[] = [];
  readonly ended: Promise<void>;
  running = false;
  project: { readonly path: string; readonly schema: number } | undefined = { path: '/p.regenesis', schema: 3 };
  readonly service: EngineService;
  readonly options: ServiceOptions;
  /** How the next status is answered. */
  status: (asking?: Asking) => Promise<never> = () => Promise.reject(problemError('project-damaged', 'It is damaged.'));

  rest = (): void => { this.happened.push('rest'); };

  constructor({ idleMs = 60_000, protocol = protocolVersion }: { readonly idleMs?: number; readonly protocol?: number } = {}) {
    let exit: () => void = () => undefined;
    this.ended = new Promise(resolve => { exit = resolve; });
    const unasked = () => Promise.reject(new Error('not asked for in these tests'));
    const handlers = Object.fromEntries(Object.keys(methods).map(name => [name, unasked])) as unknown as Handlers;
    this.options = {
      entryFile: this.entryFile, node: process.version, idleMs, exit, log: text => { this.happened.push(text.split('\n', 1)[0] ?? ''); },
      entry: { pid: process.pid, startedAtMs: 1, token: 'secret', host: 'here', socket: path.join(this.folder, 'one.sock'), protocol, app: 'test', enginePath: '/engine.mjs' },
      project: {
        handlers: {
          ...handlers,
          openProject: ({ path: file }) => Promise.resolve({ project: file, name: 'p' }),
          status: (_nothing, asking) => this.status(asking),
          cancelRun: () => { this.happened.push('cancelled'); return Promise.resolve({}); },
          followRun: () => Promise.resolve({ run: null, last: null }),
        },
        running: () => this.running,
        state: () => ({ run: this.running ? '1' : null, state: this.running ? 'running' : 'idle' }),
        opened: () => this.project,
        rest: () => { this.rest(); },
        beat: () => undefined,
        close: () => { this.happened.push('closed'); return Promise.resolve(); },
      },
    };
    this.service = new EngineService(this.options);
  }

  get entry(): RegistryEntry {
    const entry = entryIn(this.entryFile);
    assert.ok(entry);
    return entry;
  }

  async client(protocol = protocolVersion): Promise<EngineClient> {
    const client = await EngineClient.attach(this.entry, { app: 'test', protocol });
    assert.ok(client);
    return client;
  }

  /** A bare connection, on which anything can be said. */
  async stranger(): Promise<Socket> {
    const socket = connect(this.entry.socket);
    socket.on('error', () => undefined);
    await new Promise<void>(resolve => { socket.once('connect', () => { resolve(); }); });
    return socket;
  }

  async close(): Promise<void> {
    await this.service.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const closed = (socket: Socket): Promise<void> => new Promise(resolve => { socket.resume().once('close', () => { resolve(); }); });
const framed = (message: object): string => {
  const text = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};

describe('the service of an engine', () => {
  let trial: Trial;
  const begin = async (options: ConstructorParameters<typeof Trial>[0] = {}): Promise<void> => {
    trial = new Trial(options);
    assert.equal(await trial.service.listen(), true);
  };
  afterEach(() => trial.close());

  it('makes itself known to its own user alone', async () => {
    await begin();
    assert.equal(statSync(trial.entryFile).mode & 0o777, 0o600);
    assert.deepEqual([trial.entry.token, trial.entry.project], ['secret', null]);
  });

  it('lets in whoever shows the token, and answers', async () => {
    await begin();
    const client = await trial.client();
    assert.deepEqual([client.introduction.protocol, client.isSameProtocol], [protocolVersion, true]);
    await client.call('openProject', { path: '/p.regenesis' });
    assert.deepEqual([trial.entry.project, trial.entry.schema], ['/p.regenesis', 3]);
    const state = await client.call('engineState', {});
    assert.deepEqual([state.clients, state.state, state.schema], [1, 'idle', 3]);
    await client.close();
  });

  it('tells whoever answers that the request was taken back, or that its client is gone', async () => {
    await begin();
    const heard: Asking[] = [];
    trial.status = asking => new Promise((_, reject) => {
      assert.ok(asking);
      heard.push(asking);
      asking.signal.addEventListener('abort', () => { reject(problemError('cancelled', 'It was called off.')); });
    });
    const [one, other] = [await trial.client(), await trial.client()];
    const stop = new AbortController();
    const asked = one.call('status', {}, stop.signal).then(() => 'answered', (thrown: unknown) => problemOf(thrown).code);
    const left = other.call('status', {}).then(() => 'answered', (thrown: unknown) => problemOf(thrown).code);
    while (heard.length < 2) await new Promise(resolve => { setTimeout(resolve, 5); });
    stop.abort();
    assert.equal(await asked, 'cancelled');
    assert.deepEqual(heard.map(({ signal, client }) => [signal.aborted, client.gone.aborted]), [[true, false], [false, false]]);
    assert.notEqual(heard[0]?.client, heard[1]?.client);
    await other.close();
    assert.equal(await left, 'engine-unavailable');
    while (heard[1]?.signal.aborted !== true) await new Promise(resolve => { setTimeout(resolve, 5); });
    assert.deepEqual(heard.map(({ client }) => client.gone.aborted), [false, true]);
  });

  it('turns away a wrong token, and whoever asks before the handshake', async () => {
    await begin();
    await assert.rejects(EngineClient.attach({ ...trial.entry, token: 'guessed' }, { app: 'test' }), /did not let this client in/);
    const stranger = await trial.stranger();
    stranger.write(framed({ jsonrpc: '2.0', id: 1, method: methods.status.name, params: {} }));
    await closed(stranger);
    const state = await (await trial.client()).call('engineState', {});
    assert.equal(state.clients, 1);
  });

  it('survives garbage, endless headers, a message beyond all measure and one that breaks off', async () => {
    await begin();
    const timers = () => process.getActiveResourcesInfo().filter(each => each === 'Timeout').length;
    const before = timers();
    for (const words of ['GET / HTTP/1.1\r\n\r\n', 'x'.repeat(200_000), 'Content-Length: 99999999999\r\n\r\n{', 'Content-Length: 5\r\n\r\n{nope', framed({ jsonrpc: '2.0', method: 'run/progress' }), '\u0000\u0001\r\n\r\n']) {
      const stranger = await trial.stranger();
      stranger.write(words);
      stranger.end();
      await closed(stranger);
    }
    assert.equal(timers(), before, 'nothing waits for the rest of what they said');
    const client = await trial.client();
    assert.equal((await client.call('engineState', {})).clients, 1);
    assert.deepEqual(trial.happened.filter(each => each.includes('Error')), []);
  });

  it('lets a client go that says garbage once it is in, and keeps the others', async () => {
    await begin();
    const other = await trial.client();
    const socket = await trial.stranger();
    socket.write(framed({ jsonrpc: '2.0', id: 1, method: methods.handshake.name, params: { protocol: protocolVersion, app: 'x', token: 'secret' } }));
    await new Promise<void>(resolve => { socket.once('data', () => { resolve(); }); });
    socket.write('this is no message at all\r\n\r\nreally');
    await closed(socket);
    assert.equal((await other.call('engineState', {})).clients, 1);
  });

  it('tells twenty clients of one run, and is not held up by one that never reads', async () => {
    await begin();
    const clients = await Promise.all(Array.from({ length: 20 }, () => trial.client()));
    const deaf = await trial.stranger();
    deaf.write(framed({ jsonrpc: '2.0', id: 1, method: methods.handshake.name, params: { protocol: protocolVersion, app: 'x', token: 'secret' } }));
    await new Promise<void>(resolve => { deaf.once('data', () => { resolve(); }); });
    deaf.pause();
    const last = Promise.all(clients.map(client => new Promise<void>(resolve => { client.on('log', ({ text }) => { if (text === 'the end') resolve(); }); })));
    for (let at = 0; at <= 1_200; at += 1) {
      trial.service.emit('runProgress', progress(at));
      trial.service.emit('log', { level: 'info', text: 'x'.repeat(4_000) });
      if (at % 10 === 0) await new Promise(resolve => { setImmediate(resolve); });
    }
    trial.service.emit('log', { level: 'info', text: 'the end' });
    await last;
    assert.equal((await clients[0]?.call('engineState', {}))?.clients, 20, 'the deaf one was let go');
    deaf.destroy();
    await Promise.all(clients.map(client => client.close()));
  });

  it('says a problem as a value, and a bug with its stack to the log alone', async () => {
    await begin();
    const client = await trial.client();
    await assert.rejects(client.call('status', {}), { problem: { code: 'project-damaged', message: 'It is damaged.' } });
    trial.status = () => { throw new TypeError('undefined is no function'); };
    await assert.rejects(client.call('status', {}), { problem: { code: 'bug', message: 'undefined is no function' } });
    assert.deepEqual(trial.happened, ['TypeError: undefined is no function']);
    await assert.rejects(client.call('taskPage', { filter: {}, limit: 1.5 }), /tasks\/page[^]*limit/);
    await client.close();
  });

  for (const [name, theirs] of [['older', protocolVersion - 1], ['newer', protocolVersion + 1]] as const) {
    it(`lets a client of the ${name} protocol follow and cancel, and nothing else`, async () => {
      await begin();
      const client = await trial.client(theirs);
      assert.equal(client.isSameProtocol, false);
      assert.deepEqual(await client.call('followRun', {}), { run: null, last: null });
      const heard = new Promise<number>(resolve => { client.on('runProgress', ({ elapsedMs }) => { resolve(elapsedMs); }); });
      trial.service.emit('runProgress', progress(7));
      assert.equal(await heard, 7);
      await client.call('cancelRun', {});
      assert.deepEqual(trial.happened, ['cancelled']);
      await assert.rejects(client.call('status', {}), /engine-protocol|another than this side/);
      // and where the client would ask all the same, the engine refuses
      const socket = await trial.stranger();
      let answered = '';
      socket.on('data', (chunk: Buffer) => { answered += chunk.toString(); });
      socket.write(framed({ jsonrpc: '2.0', id: 1, method: methods.handshake.name, params: { protocol: theirs, app: 'x', token: 'secret' } }));
      socket.write(framed({ jsonrpc: '2.0', id: 2, method: methods.status.name, params: {} }));
      while (!answered.includes('"id":2')) await new Promise(resolve => { setImmediate(resolve); });
      assert.match(answered, /"code":"engine-protocol"/);
      socket.destroy();
      await client.call('shutdown', {});
      await trial.ended;
    });
  }

  it('leaves some time after its last client while nothing runs, not before, and takes its entry along', async () => {
    await begin({ idleMs: 50 });
    const [first, second] = [await trial.client(), await trial.client()];
    await first.close();
    await second.close();
    await trial.ended;
    assert.deepEqual(trial.happened, ['rest', 'closed']);
    assert.equal(existsSync(trial.entryFile), false);
  });

  it('stays as long as something runs, and leaves once that has ended', async () => {
    await begin({ idleMs: 0 });
    trial.running = true;
    const client = await trial.client();
    await client.close();
    await new Promise(resolve => { setTimeout(resolve, 50); });
    assert.deepEqual(trial.happened, []);
    trial.running = false;
    trial.service.emit('runEnded', { runId: 1, state: 'completed', calls: 0, cached: 0, failed: {}, tasks: {} as never, kept: 0, simulated: true, elapsedMs: 0 });
    await trial.ended;
  });

  it('leaves once an evaluation has ended, or what a client had asked that is gone by then', async () => {
    await begin({ idleMs: 0 });
    trial.running = true;
    await (await trial.client()).close();
    trial.running = false;
    trial.service.emit('evaluationChanged', anEvaluation());
    await trial.ended;
    await trial.close();
    await begin({ idleMs: 0 });
    trial.running = true;
    const { promise: asked, resolve: ask } = Promise.withResolvers<undefined>();
    trial.status = async asking => {
      ask(undefined);
      await new Promise<void>(resolve => { asking?.signal.addEventListener('abort', () => { setTimeout(resolve, 20); }); });
      trial.running = false;
      throw problemError('cancelled', 'Nobody waits.');
    };
    const client = await trial.client();
    client.call('status', {}).catch(() => undefined);
    await asked;
    await client.close();
    await trial.ended;
  });

  it('is not ended by the time that began before a run did', async () => {
    await begin({ idleMs: 60 });
    await (await trial.client()).close();
    while (!trial.happened.includes('rest')) await new Promise(resolve => { setTimeout(resolve, 5); });
    trial.running = true;
    await new Promise(resolve => { setTimeout(resolve, 150); });
    assert.deepEqual(trial.happened, ['rest']);
    trial.running = false;
    trial.service.emit('runEnded', { runId: 1, state: 'completed', calls: 0, cached: 0, failed: {}, tasks: {} as never, kept: 0, simulated: true, elapsedMs: 0 });
    await trial.ended;
  });

  it('survives a disk that fails while nobody is there', async () => {
    await begin({ idleMs: 60 });
    trial.rest = () => { throw problemError('disk-full', 'No room.'); };
    await (await trial.client()).close();
    await trial.ended;
    assert.deepEqual(trial.happened, ['No room.', 'closed']);
  });

  it('stays for as long as the most patient of its clients wishes', async () => {
    await begin({ idleMs: 0 });
    const client = await EngineClient.attach(trial.entry, { app: 'test', idleMs: 60_000 });
    await client?.close();
    await new Promise(resolve => { setTimeout(resolve, 50); });
    assert.deepEqual(trial.happened, ['rest']);
  });

  it('is not kept by visitors, who hear nothing and count for nothing', async () => {
    await begin({ idleMs: 200 });
    await (await trial.client()).close();
    for (;;) {
      const visitor = await EngineClient.attach(trial.options.entry as RegistryEntry, { app: 'test', visitor: true });
      if (!visitor) break;
      await visitor.call('engineState', {}).then(({ clients }) => { assert.equal(clients, 0); }, () => undefined);
      await visitor.close();
    }
    await trial.ended;
  });

  it('leaves at once where nobody came to open anything', async () => {
    await begin();
    trial.project = undefined;
    await (await trial.client()).close();
    await trial.ended;
  });

  it('gives way to an engine that listens already, and takes over from one that died', async () => {
    await begin();
    const late = new EngineService({ ...trial.options, entryFile: path.join(trial.folder, 'two.json') });
    assert.equal(await late.listen(), false);
    assert.equal(existsSync(path.join(trial.folder, 'two.json')), false, 'it did not make itself known');
    // what a dead engine leaves is a socket that nobody listens on
    const left = path.join(trial.folder, 'left.sock');
    const dies = `require('node:net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 'SIGKILL'))`;
    assert.equal(spawnSync(process.execPath, ['-e', dies]).signal, 'SIGKILL');
    assert.ok(existsSync(left));
    const heir = new EngineService({ ...trial.options, entryFile: path.join(trial.folder, 'three.json'), entry: { ...trial.options.entry, socket: left } });
    assert.equal(await heir.listen(), true);
    await heir.close();
  });
});
