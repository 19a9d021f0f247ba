import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCodeOf, ProblemError, problemError } from '../../core/model/problem.ts';
import { shortWords } from './answering.ts';
import { sshProblem } from './sshProblem.ts';

/** How one script is run. */
export interface ShellRun {
  readonly signal: AbortSignal;
  /** What the script reads. Where it throws, the script is ended and `run` throws the same. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Most bytes of its output that are kept; the rest is dropped. */
  readonly mostBytes?: number;
  /** After which nothing is expected any more; 2 minutes where absent. */
  readonly timeoutMs?: number;
}

/** What a script gave. `code` is never ssh's own. */
export interface ShellAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  /** The first 16 KiB. */
  readonly stderr: string;
}

/** A POSIX shell, here or elsewhere. */
export interface Shell {
  /** For people: the host, or `this machine`. */
  readonly place: string;
  /**
   * Runs a script, which begins in the home folder. What a login prints of its own is no part of its output.
   *
   * Throws `ProblemError`: `target-unreachable` (retryable), `target-refused`, `target-unfit`, `cancelled`.
   */
  run(script: string, options: ShellRun): Promise<ShellAnswer>;
  close(): Promise<void>;
}

/** Environment of the programs that are started. */
type Environment = Readonly<Record<string, string | undefined>>;

const usualBytes = 1 << 20;
const mostErrorBytes = 16 << 10;
const usualTimeoutMs = 120_000;
/** How long output may still be on its way when a program has ended: a child of it may keep the pipe open for ever. */
const lateOutputMs = 2_000;
/** ssh's own failure. None of our scripts ends so. */
const sshFailed = 255;

/** Stands before the output of every script: a start-up file of a login may have printed something. */
const mark = '@@regenesis@@\n';

/**
 * The script itself comes through the input, so that no login shell, whichever it is, has to understand it, it is in no list of processes, and it may have any length.
 * One byte at a time: not one of what follows it may be taken.
 */
const reader = (bytes: number): string => `eval "$(dd bs=1 count=${bytes} 2>/dev/null)"`;

/** The shell of this machine. */
export function localShell(environment: Environment): Shell {
  const place = 'this machine';
  return {
    place,
    run: async (script, options) => {
      const { bytes, input } = prepared(script, options);
      const ended = await talk({ program: 'sh', words: ['-c', reader(bytes)], environment, input }, options);
      return unmarked(ended, place);
    },
    close: () => Promise.resolve(),
  };
}

/**
 * A shell of another machine, over the `ssh` of this one, which reads its user's own configuration. One connection serves all scripts: the user's own, where the
 * configuration shares connections, else one of ours, which ends a minute after the last use.
 */
export function sshShell(host: string, environment: Environment): Shell {
  const connection = new Connection(host, environment);
  return {
    place: host,
    run: async (script, options) => {
      if (isAborted(options.signal)) throw cancelled();
      const { bytes, input } = prepared(script, options);
      const shared = await connection.options();
      const ended = await talk({ program: 'ssh', words: [...shared, '--', host, `sh -c '${reader(bytes)}'`], environment, input }, options);
      if (ended.code !== sshFailed) return unmarked(ended, host);
      if (ended.stderr.trim() === '' && await connection.stands(options.signal)) {
        throw problemError('target-unreachable', `What was run on ${host} was ended by a signal there.`, { retryable: true });
      }
      throw new ProblemError(sshProblem(ended.stderr, host));
    },
    close: () => connection.close(),
  };
}

/** Never a question, never a forwarding of the user's, and an end to a silent line. Options here go before those of a configuration. */
const alwaysOptions = [
  '-T', '-x', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=3', '-o', 'ClearAllForwardings=yes',
  '-o', 'RemoteCommand=none', '-o', 'PermitLocalCommand=no', '-o', 'LogLevel=INFO',
];

/** How the one connection to a host is shared. */
class Connection {
  readonly #host: string;
  readonly #environment: Environment;
  #folder: string | undefined;
  #options: Promise<readonly string[]> | undefined;

  constructor(host: string, environment: Environment) {
    this.#host = host;
    this.#environment = environment;
  }

  async options(): Promise<readonly string[]> {
    this.#options ??= this.#choose();
    try {
      return await this.#options;
    } catch (thrown) {
      this.#options = undefined;
      throw thrown;
    }
  }

  /** Whether the shared connection is alive. */
  async stands(signal: AbortSignal): Promise<boolean> {
    return (await this.#ask(['-O', 'check'], signal)).code === 0;
  }

  async close(): Promise<void> {
    if (this.#folder === undefined) return;
    await this.#ask(['-O', 'exit'], AbortSignal.timeout(5_000)).catch(() => undefined); // one that has gone by itself is gone
    rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
    this.#options = undefined;
  }

  /** Asks for the user's own configuration. Whoever waits for the answer, it is the same for all: nobody's signal ends it. */
  async #choose(): Promise<readonly string[]> {
    const asked = { program: 'ssh', words: ['-G', '--', this.#host], environment: this.#environment, input: Readable.from([]) };
    const { stdout } = await talk(asked, { signal: new AbortController().signal, timeoutMs: 15_000 });
    const theirs = /^controlpath (?!none$)/m.test(stdout.toString('utf8'));
    if (theirs || process.platform === 'win32') return alwaysOptions;
    // a socket's path is at most 103 bytes, and ssh adds 58 to the folder; where temporary folders have long names, /tmp has a short one
    this.#folder ??= mkdtempSync(path.join(process.platform === 'linux' ? tmpdir() : '/tmp', 'rg-'));
    return [...alwaysOptions, '-o', 'ControlMaster=auto', '-o', `ControlPath=${this.#folder}/%C`, '-o', 'ControlPersist=60'];
  }

  async #ask(words: readonly string[], signal: AbortSignal): Promise<ShellAnswer> {
    const shared = await this.options();
    return talk({ program: 'ssh', words: [...shared, ...words, '--', this.#host], environment: this.#environment, input: Readable.from([]) }, { signal });
  }
}

function prepared(script: string, { stdin }: ShellRun): { readonly bytes: number; readonly input: AsyncIterable<Uint8Array> } {
  const text = Buffer.from(`printf '%s\\n' '${mark.trim()}'\n${script}`, 'utf8');
  return { bytes: text.length, input: joined(text, stdin) };
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array> | undefined): AsyncIterable<Uint8Array> {
  yield first;
  if (rest !== undefined) yield* rest;
}

function unmarked(answer: ShellAnswer, place: string): ShellAnswer {
  const at = answer.stdout.indexOf(mark);
  if (at >= 0) return { ...answer, stdout: answer.stdout.subarray(at + mark.length) };
  const said = shortWords(`${answer.stdout.toString('utf8')} ${answer.stderr}`);
  throw problemError('target-unfit', `${place} runs no shell for us (exit code ${answer.code}).${said === '' ? '' : ` It says: ${said}`}`);
}

interface Program {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: Environment;
  readonly input: AsyncIterable<Uint8Array>;
}

/** Starts a program, gives it its input and waits for its end. */
async function talk(program: Program, options: ShellRun): Promise<ShellAnswer> {
  const { signal, mostBytes = usualBytes, timeoutMs = usualTimeoutMs } = options;
  if (isAborted(signal)) throw cancelled();
  const child = spawn(program.program, program.words, { cwd: homedir(), env: { ...program.environment }, stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true });
  const stdout = keepFirst(child.stdout, mostBytes + mark.length);
  const stderr = keepFirst(child.stderr, mostErrorBytes);
  const end = () => { endGroup(child); };
  const limit = { passed: false };
  const timer = setTimeout(() => {
    limit.passed = true;
    end();
  }, timeoutMs);
  signal.addEventListener('abort', end, { once: true });
  try {
    const fed = feed(program.input, child).catch((thrown: unknown) => {
      end();
      return thrown;
    });
    const code = await ended(child, program.program);
    const broken = await Promise.race([fed, Promise.resolve(undefined)]);
    if (isAborted(signal)) throw cancelled();
    if (broken !== undefined) throw broken as Error;
    if (limit.passed) throw problemError('target-unreachable', `${program.program} gave no answer within ${Math.round(timeoutMs / 1_000)} s.`, { retryable: true });
    return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    for (const stream of child.stdio) stream?.destroy(); // what was left behind may hold the other end for ever
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

const cancelled = (): ProblemError => problemError('cancelled', 'It was cancelled.');

/** A program that ends before it has read everything is no mistake of whoever writes to it. */
async function feed(input: AsyncIterable<Uint8Array>, child: ChildProcess): Promise<undefined> {
  if (child.stdin === null) return undefined;
  try {
    await pipeline(Readable.from(input, { objectMode: false }), child.stdin);
  } catch (thrown) {
    if (thrown instanceof ProblemError) throw thrown;
    if (errorCodeOf(thrown) === undefined) throw thrown;
  }
  return undefined;
}

function keepFirst(stream: Readable, most: number): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let left = most;
  stream.on('data', (piece: Buffer) => {
    if (left <= 0) return;
    pieces.push(piece.subarray(0, left));
    left -= piece.length;
  });
  return pieces;
}

/** @returns its exit code; 255 where it was ended by a signal */
async function ended(child: ChildProcess, program: string): Promise<number> {
  try {
    const closed = once(child, 'close').catch(() => undefined); // what it fails of, the next line fails of too
    const [code] = await once(child, 'exit') as [number | null];
    await Promise.race([closed, new Promise(resolve => setTimeout(resolve, lateOutputMs).unref())]);
    return code ?? sshFailed;
  } catch (thrown) {
    if (errorCodeOf(thrown) === 'ENOENT') throw problemError('target-unfit', `There is no program ${program} on this machine.`, { cause: thrown });
    throw thrown;
  }
}

/** With all that it started. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGTERM');
  } catch (thrown) {
    if (errorCodeOf(thrown) !== 'ESRCH') throw thrown;
  }
}
