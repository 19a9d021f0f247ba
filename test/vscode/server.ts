// A real VS Code workbench with a real Node extension host, served on loopback by code-server.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installedTools } from './install.ts';

/** How a server is started; everything has a default. */
export interface ServerOptions {
  /** Extensions to install from files. */
  readonly vsix?: readonly string[];
  /** A folder in which `installExtensions` put some, to be copied: that is quicker. */
  readonly installed?: string;
  /** User settings on top of `settings.json`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What the extension host finds in its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs the tests that the address names, and hides notifications. */
  readonly smokeDriver?: boolean;
  /** Keeps workspace trust on. */
  readonly trust?: boolean;
  /** Where it listens; absent: a free one. */
  readonly port?: number;
}

/** A running editor with an empty profile of its own. */
export interface EditorServer {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** The folder with its profile, extensions and log. */
  readonly profile: string;
  readonly log: () => string;
  /** Resolves when its process is gone. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

const unwanted = /^(?:npm_.*|VSCODE_.*|NODE_OPTIONS|ELECTRON_RUN_AS_NODE|PORT|PASSWORD)$/;

function hostEnvironment(folder: string, added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries({ ...process.env, ...added }).filter(([name]) => !unwanted.test(name));
  // engines outlive the editor: these in a place of their own, and not for long
  return { REGENESIS_RUNTIME_DIR: `${folder}/engines`, REGENESIS_IDLE_MS: '3000', ...Object.fromEntries(inherited), XDG_CONFIG_HOME: `${folder}/config`, XDG_DATA_HOME: `${folder}/data`, XDG_CACHE_HOME: `${folder}/cache`, XDG_RUNTIME_DIR: folder };
}

function writeProfile(folder: string, options: ServerOptions): void {
  const standard: unknown = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'settings.json'), 'utf8'));
  const trust = options.trust === true ? {} : { 'security.workspace.trust.enabled': false };
  fs.mkdirSync(`${folder}/user/User`, { recursive: true });
  fs.writeFileSync(`${folder}/user/User/settings.json`, JSON.stringify(Object.assign({}, standard, trust, options.settings), null, 2));
  fs.writeFileSync(`${folder}/config.yaml`, '');
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve, reject) => probe.once('listening', resolve).once('error', reject));
  const bound = probe.address();
  await new Promise(resolve => probe.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('the system gave no port');
  return bound.port;
}

async function untilHealthy(child: ChildProcess, address: string, log: () => string): Promise<void> {
  const end = Date.now() + 30_000;
  while (!await fetch(`${address}/healthz`).then(reply => reply.ok, () => false)) {
    if (child.exitCode !== null || Date.now() > end) throw new Error(`the editor did not start:\n${log()}`);
    await delay(50);
  }
}

/** Ends the process with all it started: politely, after three seconds not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const group = -child.pid;
  const gone = new Promise(resolve => child.once('exit', resolve));
  process.kill(group, 'SIGTERM');
  const timer = setTimeout(() => process.kill(group, 'SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
}

const entryFile = (): string => path.join(installedTools(), 'node_modules/code-server/out/node/entry.js');

/** Where a server finds its settings and extensions. */
const placesIn = (folder: string): readonly string[] => ['--config', `${folder}/config.yaml`, '--user-data-dir', `${folder}/user`, '--extensions-dir', `${folder}/extensions`];

function install(folder: string, files: readonly string[], env: NodeJS.ProcessEnv): void {
  for (const file of files) execFileSync(process.execPath, [entryFile(), ...placesIn(folder), '--install-extension', file, '--force'], { env, stdio: 'pipe' });
}

/** Installs extensions from files into a folder, for as many servers as are to have them. */
export function installExtensions(files: readonly string[], folder: string): void {
  writeProfile(folder, {});
  install(folder, files, hostEnvironment(folder, {}));
}

/** Starts an editor; the caller stops it. `KEEP=1` in the environment leaves its profile and log behind. */
export async function startServer(options: ServerOptions = {}): Promise<EditorServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'editor-'));
  const env = hostEnvironment(folder, options.environment ?? {});
  writeProfile(folder, options);
  if (options.installed !== undefined) fs.cpSync(`${options.installed}/extensions`, `${folder}/extensions`, { recursive: true });
  install(folder, options.vsix ?? [], env);

  const address = `http://127.0.0.1:${options.port ?? await freePort()}`;
  const flags = ['--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened'];
  if (options.trust !== true) flags.push('--disable-workspace-trust');
  if (options.smokeDriver === true) flags.push('--vscode-option', 'enable-smoke-test-driver');
  const logFile = fs.openSync(`${folder}/server.log`, 'w');
  const log = () => fs.readFileSync(`${folder}/server.log`, 'utf8');
  const child = spawn(process.execPath, [entryFile(), ...placesIn(folder), '--bind-addr', address.slice('http://'.length), ...flags], { env, stdio: ['ignore', logFile, logFile], detached: true });
  const ended = new Promise<void>(resolve => { child.once('exit', () => { resolve(); }); });
  const stop = async () => {
    await end(child);
    fs.closeSync(logFile);
    if (process.env['KEEP'] === undefined) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilHealthy(child, address, log);
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { address, profile: folder, log, ended, stop };
}
