import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { main } from '../../src/cli/main.ts';
import { startDemoServerProcess, type DemoServerProcess } from '../../src/client/demoServerProcess.ts';
import { requestsIn, type LoggedRequest } from './requestLog.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cliPath = path.join(root, 'dist/cli.mjs');

/** How a command ended, and what it wrote. */
export interface Ended {
  /** Exit code; absent where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly said: string;
}

/** A command that runs. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when it has written something that fits to standard error. */
  says(pattern: RegExp): Promise<void>;
}

/** What a command is given beside its words. */
export interface CommandOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A demo server with a log of the completions that were asked of it. */
export interface LoggedServer extends DemoServerProcess {
  /** Requests for completions since the last call, in the order of their arrival. */
  newRequests(): readonly LoggedRequest[];
  /** Everything that was asked of it since the start, in one text. */
  log(): string;
}

/** A folder of its own in which commands run, with the servers that they need. */
export class Workshop {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'regenesis-cli-'));
  readonly #servers: DemoServerProcess[] = [];
  readonly #processes: boolean;
  #logs = 0;

  /** @param options.processes every command is a process of the built command line; else only its engine is one, which is quicker */
  constructor({ processes = false }: { readonly processes?: boolean } = {}) {
    this.#processes = processes;
  }

  /** A path in the folder. */
  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Writes a file, with the folders that it needs. @returns its path */
  write(name: string, text: string): string {
    mkdirSync(path.dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  /** Writes values as JSON lines. */
  writeLines(name: string, values: readonly unknown[]): string {
    return this.write(name, values.map(value => `${JSON.stringify(value)}\n`).join(''));
  }

  read(name: string): string {
    return readFileSync(this.file(name), 'utf8');
  }

  /** Starts a command as a process of the built command line. */
  start(words: readonly string[], { input = '', environment = {} }: CommandOptions = {}): Started {
    const { REGENESIS_API_KEY: _, ...own } = process.env;
    const child = spawn(process.execPath, [cliPath, ...words], { cwd: this.folder, env: { ...own, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, said] = ['', ''];
    const listeners = new Set<() => void>();
    child.stdin.on('error', () => undefined); // a command that ended before it read its input
    child.stdin.end(input);
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      for (const listener of listeners) listener();
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => { resolve({ code, signal, out, said }); });
    });
    const says = (pattern: RegExp) => new Promise<void>((resolve, reject) => {
      const look = () => { if (pattern.test(said)) resolve(); };
      listeners.add(look);
      look();
      void ended.then(() => { reject(new Error(`it ended without saying ${String(pattern)}: ${said}`)); });
    });
    return { child, ended, says };
  }

  /** Runs a command to its end. */
  async run(words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
    return this.#processes ? this.start(words, options).ended : this.#runHere(words, options);
  }

  async #runHere(words: readonly string[], { input = '', environment = {} }: CommandOptions): Promise<Ended> {
    let [out, said] = ['', ''];
    const folder = process.cwd();
    process.chdir(this.folder);
    try {
      const code = await main(words, {
        stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]), out: async text => { out += text; }, say: text => { said += text; },
        environment: { REGENESIS_RUNTIME_DIR: process.env['REGENESIS_RUNTIME_DIR'], ...environment }, app: 'test',
        packageRoot: root, enginePath: path.join(root, 'dist/engine.mjs'), cliPath, onInterrupt: () => () => undefined,
      }, []);
      return { code, signal: null, out, said };
    } finally {
      process.chdir(folder);
    }
  }

  /** Runs a command that must succeed. @returns what it wrote to standard output */
  async succeed(...words: string[]): Promise<string> {
    const { code, out, said } = await this.run(words);
    assert.equal(code, 0, `${words.join(' ')}: ${said}${out}`);
    return out;
  }

  /** Runs a command with `--json` and reads its one object. @param code the exit code that it must end with */
  async json<Report>(schema: z.ZodMiniType<Report>, words: readonly string[], code = 0): Promise<Report> {
    const ended = await this.run([...words, '--json']);
    assert.equal(ended.code, code, `${words.join(' ')}: ${ended.said}${ended.out}`);
    return readObject(schema, ended.out);
  }

  /** Starts a demo server without delays and with a log; it ends with the workshop. */
  async demoServer(...words: string[]): Promise<LoggedServer> {
    const log = this.file(`requests-${(this.#logs += 1)}.jsonl`);
    const paced = words.includes('--step-ms') ? [] : ['--step-ms', '0,0,0'];
    const server = await startDemoServerProcess({ node: process.execPath, cliPath, arguments: ['--slots', '256', ...paced, '--log', log, ...words] });
    this.#servers.push(server);
    let seen = 0;
    const newRequests = () => {
      const all = requestsIn(log);
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh;
    };
    return { ...server, newRequests, log: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') };
  }

  /** Ends the servers and removes the folder. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map(server => server.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The one JSON object that a text consists of. */
export function readObject<Report>(schema: z.ZodMiniType<Report>, text: string): Report {
  assert.match(text, /^\{[^\n]*\}\n$/, 'one object on a line of its own');
  return checked(schema, JSON.parse(text));
}

/** The JSON lines that a text consists of. */
export function readLines<Line>(schema: z.ZodMiniType<Line>, text: string): readonly Line[] {
  assert.ok(text === '' || text.endsWith('\n'), 'the last line is whole');
  return text.split('\n').filter(line => line !== '').map(line => checked(schema, JSON.parse(line)));
}

function checked<Value>(schema: z.ZodMiniType<Value>, value: unknown): Value {
  const read = z.safeParse(schema, value);
  if (read.success) return read.data;
  return assert.fail(`${z.prettifyError(read.error)}\nin ${JSON.stringify(value).slice(0, 2000)}`);
}
