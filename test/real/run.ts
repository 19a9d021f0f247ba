// Runs the contract of all targets against real ones: node test/real/run.ts [--json] [TARGET…]. Prints for each what it is, whether it ran and how long it took.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { halfKnowing } from './halfKnown.ts';
import { makeModel, startPython, startVllmPython } from './python.ts';
import { startRay, startSlurm, startSshd, startVllm, stopRay, stopSlurm, stopSshd, stopVllm } from './parts.ts';

interface Part {
  readonly target: string;
  /** Made ready, in this order. @returns version and what the tests are told in their environment */
  readonly start: (root: string) => Promise<{ readonly version: string; readonly environment: Readonly<Record<string, string>> }>;
  readonly stop: (root: string) => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

/** From a project to a tuned model: clusters, the code that trains, and what it trains. */
const everything: Omit<Part, 'target'> = {
  start: async root => {
    const { python, version } = startPython();
    const model = path.join(root, 'model');
    makeModel(python, model);
    const slurm = await startSlurm(root);
    const sshd = await startSshd(root);
    const ray = await startRay(root);
    const environment = { ...slurm.environment, REGENESIS_REAL_BIN: sshd.bin, REGENESIS_REAL_RAY: ray.url, REGENESIS_REAL_PYTHON: python, REGENESIS_REAL_MODEL: model };
    return { version: [slurm.version, sshd.version, ray.version, version].join(', '), environment };
  },
  stop: async root => {
    await stopRay(root);
    await stopSshd(root);
    await stopSlurm(root);
  },
};

const parts: readonly Part[] = [
  {
    target: 'slurm', stop: stopSlurm,
    start: async root => startSlurm(root),
  },
  {
    target: 'ssh', // with Slurm behind it
    start: async root => {
      const { environment, version: slurm } = await startSlurm(root);
      const { version, bin } = await startSshd(root);
      return { version: `${version}, ${slurm}`, environment: { ...environment, REGENESIS_REAL_BIN: bin } };
    },
    stop: async root => {
      await stopSshd(root);
      await stopSlurm(root);
    },
  },
  {
    target: 'ray', stop: stopRay,
    start: async root => {
      const { version, url } = await startRay(root);
      return { version, environment: { REGENESIS_REAL_RAY: url } };
    },
  },
  {
    target: 'training', stop: nothing,
    start: async () => {
      const { python, version } = startPython();
      return { version, environment: { REGENESIS_REAL_PYTHON: python } };
    },
  },
  {
    target: 'exports', stop: nothing,
    start: async () => {
      const { python, version } = startPython();
      return { version, environment: { REGENESIS_REAL_PYTHON: python } };
    },
  },
  {
    target: 'vllm', stop: stopVllm,
    start: async root => {
      const { python, version: training } = startPython();
      const model = path.join(root, 'model');
      makeModel(python, model, { served: true });
      const { version, url } = await startVllm(root, { python: startVllmPython(), model });
      return { version: `${version}, ${training}`, environment: { REGENESIS_REAL_VLLM: url, REGENESIS_REAL_PYTHON: python, REGENESIS_REAL_MODEL: model } };
    },
  },
  {
    target: 'loop', stop: stopVllm,
    start: async root => {
      const { python, version: training } = startPython();
      const model = await halfKnowing(python);
      const { version, url } = await startVllm(root, { python: startVllmPython(), model });
      return { version: `${version}, ${training}`, environment: { REGENESIS_REAL_VLLM: url, REGENESIS_REAL_PYTHON: python, REGENESIS_REAL_MODEL: model } };
    },
  },
  { target: 'story', ...everything },
  { target: 'editor', ...everything },
];

/** What became of one target. */
interface Outcome {
  readonly target: string;
  readonly version: string;
  readonly ran: boolean;
  readonly passed: boolean;
  readonly seconds: number;
  readonly why?: string;
  /** What it measured, where it measures. */
  readonly figures?: unknown;
}

const mocha = path.join(import.meta.dirname, '..', '..', 'node_modules', 'mocha', 'bin', 'mocha.js');

async function tryPart({ target, start, stop }: Part, output: 'inherit' | 'ignore'): Promise<Outcome> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'rgr-')); // short: sockets lie in it
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 100) / 10;
  try {
    const { version, environment } = await start(root);
    const { status } = spawnSync(process.execPath, [mocha, '--no-config', '--timeout', '180000', path.join(import.meta.dirname, `${target}.real.ts`)], {
      stdio: ['ignore', output === 'inherit' ? 2 : 'ignore', 'inherit'], env: { ...process.env, ...environment, REGENESIS_REAL_ROOT: root },
    });
    const figures = path.join(root, 'figures.json');
    return { target, version, ran: true, passed: status === 0, seconds: seconds(), ...(existsSync(figures) && { figures: JSON.parse(readFileSync(figures, 'utf8')) as unknown }) };
  } catch (thrown) {
    return { target, version: '', ran: false, passed: false, seconds: seconds(), why: String(thrown) };
  } finally {
    await stop(root).catch((thrown: unknown) => { process.stderr.write(`${target}: ${String(thrown)}\n`); });
    if (process.env['KEEP'] !== '1') rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
/** Where all of it can be installed, nothing may be left out. */
const mustRun = process.getuid?.() === 0 && existsSync('/etc/debian_version');
const outcomes: Outcome[] = [];
for (const part of parts.filter(({ target }) => positionals.length === 0 || positionals.includes(target))) {
  const outcome = await tryPart(part, values.json ? 'ignore' : 'inherit');
  outcomes.push(outcome);
  const { target, version, ran, passed, seconds, why } = outcome;
  process.stdout.write(values.json ? `${JSON.stringify(outcome)}\n` : `${target}: ${ran ? `${version}, ${passed ? 'passed' : 'FAILED'}, ${seconds} s` : `not run: ${why ?? ''}`}\n`);
}
process.exitCode = outcomes.some(({ ran, passed }) => (ran ? !passed : mustRun)) ? 1 : 0;
