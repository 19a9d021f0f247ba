import { spawn } from 'node:child_process';
import * as z from 'zod/mini';
import { parseJson } from '../core/model/outside.ts';
import { problemError } from '../core/model/problem.ts';

const firstLineSchema = z.object({ url: z.string(), pid: z.number() });

/** The built-in demo server as a process of its own. */
export interface DemoServerProcess {
  /** Base URL, ending in `/v1`. */
  readonly url: string;
  readonly pid: number;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How a demo server is started. */
export interface DemoServerStart {
  readonly node: string;
  /** The command line's bundle. */
  readonly cliPath: string;
  readonly arguments?: readonly string[];
  /** Absent: it ends with this process. Else it outlives this process, and ends once nobody has asked it anything for so long. */
  readonly endsAfterIdleMs?: number;
}

/**
 * Starts the demo server on a free loopback port and waits until it listens.
 *
 * Throws `server-unreachable` with what it wrote when it ends before that.
 */
export function startDemoServerProcess(options: DemoServerStart): Promise<DemoServerProcess> {
  const { endsAfterIdleMs } = options;
  const outlives = endsAfterIdleMs !== undefined;
  const child = spawn(options.node, [options.cliPath, 'demo-server', '--port', '0', ...(options.arguments ?? [])], {
    stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true, detached: outlives,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...(outlives ? { REGENESIS_END_WHEN_IDLE_MS: String(endsAfterIdleMs) } : { REGENESIS_END_WITH_STDIN: '1' }) },
  });
  const gone = new Promise<void>(resolve => child.once('exit', () => { resolve(); }));
  let [output, errors] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors = (errors + text).slice(-2000); });
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => { reject(problemError('server-unreachable', `The demo server did not start: ${errors.trim() || reason}`)); };
    child.once('error', error => { fail(error.message); });
    child.once('exit', code => { fail(`it ended with exit code ${String(code)}`); });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.includes('\n')) return;
      output += text;
      if (!output.includes('\n')) return;
      const line = z.safeParse(firstLineSchema, parseJson(output.slice(0, output.indexOf('\n'))));
      if (!line.success) fail(`its first line was ${output.slice(0, 200)}`);
      else {
        if (outlives) for (const each of [child, child.stdin, child.stdout, child.stderr]) if ('unref' in each && typeof each.unref === 'function') each.unref();
        resolve({ ...line.data, stop: async () => { child.kill('SIGTERM'); await gone; } });
      }
    });
  });
}
