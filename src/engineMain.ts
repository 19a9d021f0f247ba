import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { systemClock } from './adapters/clock.ts';
import { nodeFiles } from './adapters/files/nodeFiles.ts';
import { nodeJobFiles } from './adapters/files/nodeJobFiles.ts';
import { rowSource } from './adapters/files/rowSource.ts';
import { sha256 } from './adapters/hash.ts';
import { jobRunners } from './adapters/jobs/createJobRunner.ts';
import { createOpenAiModel } from './adapters/models/openaiModel.ts';
import { loadAdapter } from './adapters/models/loadAdapter.ts';
import { storageNamed } from './adapters/store/fileSystem.ts';
import { openStore } from './adapters/store/sqliteStore.ts';
import { protocolVersion } from './contract/engine.ts';
import { withoutAbsent } from './core/model/outside.ts';
import { loadCl100k } from './core/verify/tokens.ts';
import { Session } from './engine/session.ts';
import { EngineService } from './service/engineService.ts';

/** Put in by the build. */
declare const APP_VERSION: string | undefined;
const app = typeof APP_VERSION === 'undefined' ? 'source' : APP_VERSION;
/** Put in by the build: a hash of what in the core comes to outcomes, and of the packages. */
declare const CORE_HASH: string | undefined;
const understanding = typeof CORE_HASH === 'undefined' ? 'source' : CORE_HASH;

const { values } = parseArgs({ options: { 'entry': { type: 'string' }, 'socket': { type: 'string' }, 'idle-ms': { type: 'string' }, 'protocol': { type: 'string' } } });
const { entry: entryFile, socket } = values;
if (entryFile === undefined || socket === undefined) {
  process.stderr.write('An engine is started by the editor and by `regenesis`, not by hand.\n');
  process.exit(2);
}

const timeout = process.env['REGENESIS_REQUEST_TIMEOUT_MS'] ?? '';
if (!/^(?:[1-9]\d{0,8})?$/.test(timeout)) {
  process.stderr.write(`REGENESIS_REQUEST_TIMEOUT_MS takes whole milliseconds, 1 or more, not ${timeout}.\n`);
  process.exit(2);
}

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
  jobFiles: nodeJobFiles,
  createJobRunner: jobRunners({ environment: process.env, version: app }),
  loadAdapter: adapter => loadAdapter({ ...adapter, environment: process.env }),
  clock: systemClock,
  hash: sha256,
  understanding,
  ...(timeout === '' ? {} : { requestTimeoutMs: Number(timeout) }),
  loadCl100k,
  emit: (name, body) => { service.emit(name, body); },
});

const service: EngineService = new EngineService({
  entryFile,
  // Another number than ours is for tests of how versions meet.
  entry: { pid: process.pid, startedAtMs, token: randomBytes(32).toString('hex'), host: hostname(), socket, protocol: Number(values.protocol ?? protocolVersion), app, enginePath: import.meta.filename },
  node: process.version,
  idleMs: Number(values['idle-ms'] ?? 0),
  project: session,
  exit: () => process.exit(0),
  log: text => { process.stderr.write(text); },
});

process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole terminal; whoever started the engine decides what it means
process.on('SIGHUP', () => undefined); // a terminal that is closed ends no run
process.on('SIGTERM', () => void service.close());
if (!await service.listen()) process.exit(0); // another engine answers there, and whoever started this one will find it
