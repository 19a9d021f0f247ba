import { hostname } from 'node:os';
import process from 'node:process';
import { createMessageConnection, ResponseError, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';
import { systemClock } from './adapters/clock.ts';
import { nodeFiles } from './adapters/files/nodeFiles.ts';
import { rowSource } from './adapters/files/rowSource.ts';
import { sha256 } from './adapters/hash.ts';
import { createOpenAiModel } from './adapters/models/openaiModel.ts';
import { storageNamed } from './adapters/store/fileSystem.ts';
import { openStore } from './adapters/store/sqliteStore.ts';
import { events, methods } from './contract/engine.ts';
import { withoutAbsent } from './core/model/outside.ts';
import { problemOf, type Problem } from './core/model/problem.ts';
import { loadCl100k } from './core/verify/tokens.ts';
import { Session, type Handlers } from './engine/session.ts';

/** Put in by the build. */
declare const APP_VERSION: string | undefined;
const app = typeof APP_VERSION === 'undefined' ? 'source' : APP_VERSION;
/** Put in by the build: a hash of the core and of the packages. */
declare const CORE_HASH: string | undefined;
const understanding = typeof CORE_HASH === 'undefined' ? 'source' : CORE_HASH;

const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
const startedAtMs = Date.now();

const session = new Session({
  app,
  host: hostname(),
  pid: process.pid,
  node: process.version,
  openStore: (path, create) => openStore(path, {
    create, owner: { host: hostname(), pid: process.pid, startedAtMs, app: `ReGenesis Workbench ${app}` }, clock: systemClock, ...withoutAbsent({ storage: storageNamed(process.env['REGENESIS_STORAGE']) }),
  }),
  createModel: endpoint => createOpenAiModel({ ...endpoint, version: app }),
  rows: rowSource(),
  files: nodeFiles,
  clock: systemClock,
  hash: sha256,
  understanding,
  loadCl100k,
  emit: (name, body) => { void connection.sendNotification(events[name].name, body).catch(() => undefined); }, // a client that went away hears nothing
  exit: () => { setImmediate(() => process.exit(0)); },
});

const fail = (problem: Problem) => new ResponseError(-32000, problem.message, { problem });

function serve<Name extends keyof typeof methods>(name: Name, handler: Handlers[Name]): void {
  const method = methods[name];
  connection.onRequest(method.name, async (raw: unknown) => {
    const params = z.safeParse(method.params, raw);
    if (!params.success) return fail({ code: 'usage', message: `${method.name}: ${z.prettifyError(params.error)}` });
    // a handler's parameters are what its own schema gives; TypeScript cannot follow that through a generic name
    return handler(params.data as never).catch((thrown: unknown) => fail(reported(thrown)));
  });
}

/** A bug goes to the log with its stack; whoever asked hears its message. */
function reported(thrown: unknown): Problem {
  const problem = problemOf(thrown);
  if (problem.code === 'bug') process.stderr.write(`${thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)}\n`);
  return problem;
}

async function leave(): Promise<void> {
  await session.close();
  process.exit(0);
}

/** Far below the five minutes after which another host may take a silent file. */
const beatEveryMs = 30_000;
setInterval(() => { session.beat(); }, beatEveryMs).unref();

const handlers = session.handlers();
for (const name of Object.keys(methods) as (keyof typeof methods)[]) serve(name, handlers[name]);
connection.onClose(() => void leave());
process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole terminal; whoever started the engine decides what it means
process.on('SIGTERM', () => void leave());
connection.listen();
