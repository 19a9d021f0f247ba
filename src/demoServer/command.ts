import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errorCodeOf, messageOf, problemError } from '../core/model/problem.ts';
import { readShippedTexts, type ShippedTexts } from './knowledge.ts';
import { readOptions, type DemoServerWords } from './options.ts';
import { startDemoServer, type DemoServer } from './server.ts';
import type { Log } from './traffic.ts';

/** Put in by the build: the text files of `prompts/`, by their path below it. */
declare const SHIPPED_FILES: Readonly<Record<string, string>> | undefined;

/** What the command needs of the world. */
export interface DemoServerEnvironment {
  readonly out: (text: string) => Promise<void>;
  readonly say: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Calls the listener at Ctrl-C; returns how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

const option = (value: string, help: string) => ({ type: 'string' as const, value, help });
const flag = (help: string) => ({ type: 'boolean' as const, help });

/** `regenesis demo-server`, in the form that the command line's table of commands has. */
export const demoServerCommand = {
  name: 'demo-server',
  summary: 'Simulate a model server for the sample tasks, or for any data set.',
  usage: '',
  options: {
    'port': option('N', 'port on 127.0.0.1; 0, the default, takes a free one'),
    'seed': option('N', 'decides every answer; default 7'),
    'gold': option('FILE', 'answer these questions too: JSON lines {"question", "gold", "kind"?, "accuracy"?}'),
    'accuracy': option('A', 'share of right answers to --gold where a line names none, 0 to 1; default 0.7. With the answer as a hint it is at least 0.95'),
    'model': { ...option('NAME=A', 'serve a model of this name and accuracy; may be repeated. NAME=A:U leaves a share U of right answers without their box (default: one model, regenesis-demo)'), multiple: true },
    'slots': option('N', 'answers that are worked on at once; default 64'),
    'step-ms': option('T0,C,P', 'a step with b running answers takes T0 + C·b ms, an uncached prompt token P ms; 0,0,0 for no delay'),
    'cache-tokens': option('N', 'size of the prefix cache; default 100000, 0 for none'),
    'compress': option('X', 'divide all times by X'),
    'latency-seed': option('N', 'let each answer take longer or shorter than its tokens would, by a factor drawn from N: the same answers, in another order'),
    'lengths': option('SPEC', 'let answers take as long as if they had so many tokens, such as path=350:.5:.005,task=.25'),
    'faults': option('SPEC', 'make shares of the requests fail, such as 429=.05,500=.01'),
    'api-key-env': option('NAME', 'refuse requests without the key in this environment variable'),
    'revoke-key-after': option('N', 'with --api-key-env: refuse that key too once N completions were answered'),
    'next-api-key-env': option('NAME', 'with --revoke-key-after: from then on let in whoever has the key in this environment variable'),
    'swap-model-after': option('N', 'once N completions were answered, be another model under the same name: another root, and answers as with the next seed'),
    'ignore-n': flag('give one choice, however many a request asks for'),
    'rate-limit': option('N/S', 'refuse completions beyond N in S seconds with 429, and tell of the limit in headers'),
    'no-metrics': flag('have no /metrics'),
    'metrics-delay-ms': option('N', 'let /metrics take N ms'),
    'log': option('FILE', 'append every request, on arrival, and how it ended, as JSON lines'),
  },
  positionals: [0, 0] as const,
  notes: `The first line on standard output is {"url", "pid"}; then it serves until it is stopped. Every answer is a simulation, and says so in its headers.
At the stage evaluate (the stage comes in the header X-ReGenesis-Stage) it attempts a task plainly. At temperature 0 accuracies are exact there: of an order of all
questions of --gold that is drawn from --seed, the first A·n are right, the next U·n unboxed; with --model each name has an order of its own, and so have the sample
tasks. Without --model two servers of one seed share the order, so that the better one solves what the other solves, and more. The first line then tells the
counts: "models": [{"model", "tasks", "right", "unboxed"}]. At other temperatures each answer is drawn.
Faults: 429 (Retry-After: 0), 429-later (Retry-After: 1), 429-bare (no such header), 500, 502 (the page of a proxy), 503; reset (the connection breaks before any
byte), reset-body (it breaks after half the body), hang (no answer), half (half the JSON), empty (empty texts), html (a page instead), none (no choices), fewer
(fewer choices than asked for), nan (NaN among the log probabilities, so no JSON), wrong-model (404: no such model), slow (1.5 s late). A request that is sent
again draws again.
Lengths: STAGE=MEAN:SIGMA or STAGE=MEAN:SIGMA:RUNAWAYS for each stage (choose, adapt, structure, path, judge): lognormal around a mean in tokens, and a share that goes
on to max_tokens; task=SIGMA makes all answers of a task longer or shorter. Drawn from --latency-seed, or 0; what is answered stays the same.
--compress leaves --rate-limit and --metrics-delay-ms as they are.
With REGENESIS_END_WHEN_IDLE_MS set, it ends by itself when no request came for that many milliseconds.`,
  run,
};

/** Serves until it is interrupted; the exit code is then 0. Throws `ProblemError` for words or files that make no sense, and where the port is taken. */
async function run(words: DemoServerWords, environment: DemoServerEnvironment): Promise<number> {
  const options = readOptions(words, environment.environment);
  const log = openLog(words.text('log'));
  const server = await started({ ...options, shipped: shippedTexts(), log: log.line });
  const stopped = stopSignal(environment, server.closed);
  await environment.out(`${JSON.stringify({ url: server.url, pid: process.pid, ...(server.known.length > 0 && { models: server.known }) })}\n`);
  environment.say(`demo server on ${server.url}: a simulation, not a model\n`);
  await stopped;
  await server.close();
  log.close();
  return 0;
}

async function started(options: Parameters<typeof startDemoServer>[0]): Promise<DemoServer> {
  try {
    return await startDemoServer(options);
  } catch (thrown) {
    if (errorCodeOf(thrown) === undefined) throw thrown;
    throw problemError('usage', `The demo server cannot listen on port ${options?.port ?? 0}: ${messageOf(thrown)}. Give another --port, or 0 for a free one.`, { cause: thrown });
  }
}

/** Resolves at Ctrl-C, when the process is asked to end, when the one that started it is gone, and when the server closed by itself. */
function stopSignal({ onInterrupt, environment }: DemoServerEnvironment, closed: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const endsWithInput = environment['REGENESIS_END_WITH_STDIN'] === '1';
    const forget = onInterrupt(() => stop());
    const stop = () => {
      forget();
      if (endsWithInput) process.stdin.destroy();
      process.off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGTERM', stop);
    void closed.then(stop);
    // whoever started it for itself holds its input open; were that killed, nothing else would end this
    if (endsWithInput) process.stdin.once('end', stop).once('error', stop).resume();
  });
}

/**
 * A request is written at once: whoever kills this process, or its client, finds every one that arrived. How it ended is written before the next request or
 * at the end of the turn, whichever comes first: half the writes then do, and only who kills this very process may miss a few.
 */
function openLog(file: string | undefined): { readonly line: Log | undefined; close(): void } {
  if (file === undefined) return { line: undefined, close: () => undefined };
  const descriptor = openedLog(file);
  let open = true;
  let held = '';
  const write = () => {
    if (held !== '') writeSync(descriptor, held);
    held = '';
  };
  const writeSoon = () => { if (open) write(); };
  return {
    line: (line, of) => {
      // A connection that is dropped at the very end still reports itself.
      if (!open) return;
      if (of === 'response' && held === '') setImmediate(writeSoon);
      held += `${line}\n`;
      if (of === 'request') write();
    },
    close: () => {
      write();
      open = false;
      closeSync(descriptor);
    },
  };
}

function openedLog(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (thrown) {
    throw problemError('file-not-writable', `${file} cannot be written.`, { file, cause: thrown });
  }
}

/** The shipped texts: inside a bundle its own, else those of the source tree. */
export function shippedTexts(): ShippedTexts {
  if (typeof SHIPPED_FILES === 'undefined') return readShippedTexts(path.resolve(import.meta.dirname, '../../prompts'));
  const { ['samples/tasks.jsonl']: samples = '', ['samples/solutions.json']: solutions = '{}', ['guidelines/library.yaml']: guidelines } = SHIPPED_FILES;
  return { samples, solutions, guidelines };
}
