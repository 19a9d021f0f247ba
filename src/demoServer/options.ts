import { readFileSync } from 'node:fs';
import { parseJson } from '../core/model/outside.ts';
import { errorCodeOf, problemError } from '../core/model/problem.ts';
import { modelStages } from '../core/model/stage.ts';
import { faultKinds, type FaultKind, type FaultRates } from './faults.ts';
import { goldLineShape, type GoldLine } from './play/goldTask.ts';
import type { AnswerLengths, StageLengths } from './latency.ts';
import type { Rate } from './rateLimit.ts';
import type { StepTime } from './schedule.ts';
import type { ServedModel } from './models.ts';
import type { DemoServerOptions } from './server.ts';

const help = 'See regenesis demo-server --help.';

/** What the command needs of its words: options by name, `undefined` and false where not given. */
export interface DemoServerWords {
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings that a command line means.
 *
 * Throws `ProblemError`: `usage` for a value that makes no sense, `file-not-found` and `row-malformed` (with the line) for the file of `--gold`.
 */
export function readOptions(words: DemoServerWords, environment: Environment): Omit<DemoServerOptions, 'shipped' | 'log'> {
  const text = (name: string) => words.text(name);
  const number: ReadNumber = (name, limits) => {
    const value = text(name);
    return value === undefined ? undefined : numberOf(`--${name}`, value, limits);
  };
  const gold = text('gold');
  const accuracy = number('accuracy', { least: 0, most: 1 });
  if (accuracy !== undefined && gold === undefined) throw problemError('usage', `--accuracy needs --gold: the sample tasks have chances of their own. ${help}`);
  const models = parseModels(words.texts('model'));
  if (accuracy !== undefined && models.length > 0) throw problemError('usage', `Give --accuracy or --model: each model names an accuracy of its own. ${help}`);
  const stepMs = text('step-ms');
  const faults = text('faults');
  return {
    port: number('port', { least: 0, most: 65_535, whole: true }),
    seed: number('seed', { least: 0, most: 2 ** 31 - 1, whole: true }),
    gold: gold === undefined ? undefined : readGold(gold),
    accuracy,
    models: models.length > 0 ? models : undefined,
    slots: number('slots', { least: 1, most: 1_000_000, whole: true }),
    stepMs: stepMs === undefined ? undefined : parseStepMs(stepMs),
    cacheTokens: number('cache-tokens', { least: 0, most: 1_000_000_000, whole: true }),
    compress: number('compress', { least: 0.001, most: 1_000_000 }),
    faults: faults === undefined ? undefined : parseFaults(faults),
    ...keysOf(words, environment, number),
    ...playedOf(words, number),
    endWhenIdleMs: idleOf(environment),
  };
}

type ReadNumber = (name: string, limits: Limits) => number | undefined;

/** What the server is to play besides answering. */
function playedOf(words: DemoServerWords, number: ReadNumber) {
  const rate = words.text('rate-limit');
  const lengths = words.text('lengths');
  return {
    swapModelAfter: number('swap-model-after', counted),
    ignoreN: words.flag('ignore-n') || undefined,
    rateLimit: rate === undefined ? undefined : parseRate(rate),
    noMetrics: words.flag('no-metrics') || undefined,
    latencySeed: number('latency-seed', { least: 0, most: 2 ** 31 - 1, whole: true }),
    lengths: lengths === undefined ? undefined : parseLengths(lengths),
    metricsDelayMs: number('metrics-delay-ms', { least: 0, most: longestMs, whole: true }),
  };
}

function keysOf(words: DemoServerWords, environment: Environment, number: ReadNumber) {
  const requireKey = keyOf('api-key-env', words, environment);
  const revokeKeyAfter = number('revoke-key-after', counted);
  const nextKey = keyOf('next-api-key-env', words, environment);
  if (revokeKeyAfter !== undefined && requireKey === undefined) throw problemError('usage', `--revoke-key-after needs --api-key-env: there is no key to revoke. ${help}`);
  if (nextKey !== undefined && revokeKeyAfter === undefined) throw problemError('usage', `--next-api-key-env needs --revoke-key-after: the first key is never replaced. ${help}`);
  return { requireKey, revokeKeyAfter, nextKey };
}

const idleVariable = 'REGENESIS_END_WHEN_IDLE_MS';

function idleOf(environment: Environment): number | undefined {
  const text = environment[idleVariable];
  return text === undefined || text === '' ? undefined : numberOf(idleVariable, text, { least: 1, most: longestMs, whole: true });
}

/** Timers take no longer delay. */
const longestMs = 2 ** 31 - 1;
const counted = { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true } as const;

interface Limits {
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
}

function numberOf(name: string, text: string, { least, most, whole }: Limits): number {
  const value = decimal(text);
  if (value !== undefined && value >= least && value <= most && (whole === undefined || Number.isInteger(value))) return value;
  throw problemError('usage', `${name} takes a ${whole === undefined ? '' : 'whole '}number from ${least} to ${most}, not ${JSON.stringify(text)}. ${help}`);
}

/** Digits with at most one point; `Number` alone would take an empty text, hexadecimal digits and more. */
const decimal = (text: string): number | undefined => (/^(?:\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : undefined);

/** Reads `T0,C,P`, in milliseconds. Throws `usage`. */
export function parseStepMs(text: string): StepTime {
  const [t0, c, p, ...more] = text.split(',').map(decimal);
  if (t0 !== undefined && c !== undefined && p !== undefined && more.length === 0) return { t0, c, p };
  throw problemError('usage', `--step-ms takes three numbers T0,C,P in milliseconds, such as 10,0.08,0.08, not ${JSON.stringify(text)}. ${help}`);
}

/** Reads each `NAME=ACCURACY` or `NAME=ACCURACY:UNBOXED`. Throws `usage`, also for two of one name. */
export function parseModels(texts: readonly string[]): ServedModel[] {
  const models = texts.map(text => {
    const at = text.lastIndexOf('=');
    const shares = at < 0 ? [] : text.slice(at + 1).split(':').map(decimal);
    const [accuracy, unboxed = 0] = shares;
    const sound = at > 0 && accuracy !== undefined && shares.length <= 2 && !shares.includes(undefined) && accuracy + unboxed <= 1 + 1e-9;
    if (sound) return { name: text.slice(0, at), accuracy, unboxed };
    throw problemError('usage', `--model takes NAME=ACCURACY or NAME=ACCURACY:UNBOXED, shares that add up to 1 at most, such as base=.5:.1, not ${JSON.stringify(text)}. ${help}`);
  });
  const twice = models.find(({ name }, at) => models.findIndex(other => other.name === name) < at);
  if (twice) throw problemError('usage', `--model gives ${twice.name} twice. ${help}`);
  return models;
}

/** Reads `N/S`. Throws `usage`. */
export function parseRate(text: string): Rate {
  const [requests, seconds, ...more] = text.split('/').map(decimal);
  const sound = requests !== undefined && Number.isInteger(requests) && requests >= 1 && seconds !== undefined && seconds > 0 && more.length === 0;
  if (sound) return { requests, seconds };
  throw problemError('usage', `--rate-limit takes N/S, at most N requests in S seconds, such as 60/60, not ${JSON.stringify(text)}. ${help}`);
}

/** Reads `KIND=SHARE,…`. Throws `usage` for an unknown kind, a share outside 0 to 1 and shares that add up to more than 1. */
export function parseFaults(text: string): FaultRates {
  const rates: { [Kind in FaultKind]?: number } = {};
  for (const part of text.split(',').filter(each => each.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map(each => each.trim());
    const kind = faultKinds.find(each => each === name);
    const share = decimal(value);
    if (kind === undefined) throw problemError('usage', `--faults knows ${faultKinds.join(', ')}, not ${JSON.stringify(name)}. ${help}`);
    if (share === undefined || share > 1) throw problemError('usage', `--faults ${kind} takes a share from 0 to 1, such as ${kind}=.05, not ${JSON.stringify(part.trim())}. ${help}`);
    rates[kind] = share;
  }
  const total = Object.values(rates).reduce((sum, rate) => sum + rate, 0);
  if (total > 1 + 1e-9) throw problemError('usage', `The shares of --faults add up to ${total}, which is more than 1. ${help}`);
  return rates;
}

/** Reads `STAGE=MEAN:SIGMA[:RUNAWAYS],…,task=SIGMA`. Throws `usage` for what is no stage, and for numbers that make no sense. */
export function parseLengths(text: string): AnswerLengths {
  const stages = new Map<string, StageLengths>();
  let taskSigma = 0;
  for (const part of text.split(',').filter(each => each.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map(each => each.trim());
    if (![...modelStages, 'task'].includes(name)) throw problemError('usage', `--lengths knows ${[...modelStages, 'task'].join(', ')}, not ${JSON.stringify(name)}. ${help}`);
    const [first, sigma, runaways = 0] = numbersOf(part, value, name === 'task' ? [1] : [2, 3]);
    if (sigma === undefined) taskSigma = first;
    else stages.set(name, { mean: first, sigma, runaways });
  }
  return { stages, taskSigma };
}

function numbersOf(part: string, value: string, counts: readonly number[]): readonly [number, number | undefined, number | undefined] {
  const [first, sigma, runaways] = value.split(':').map(decimal);
  const given = value.split(':').length;
  const sound = counts.includes(given) && (given < 2 || sigma !== undefined) && (given < 3 || (runaways !== undefined && runaways <= 1));
  if (first !== undefined && sound) return [first, sigma, runaways];
  throw problemError('usage', `--lengths takes STAGE=MEAN:SIGMA, STAGE=MEAN:SIGMA:RUNAWAYS or task=SIGMA, such as path=350:.5:.005, not ${JSON.stringify(part.trim())}. ${help}`);
}

/** Reads a `--gold` file. Throws `file-not-found`, `file-unreadable`, or `row-malformed` with the line. */
export function readGold(file: string): GoldLine[] {
  const lines = readLines(file);
  const gold: GoldLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const read = goldLineShape.safeParse(parseJson(line));
    if (!read.success) {
      throw problemError('row-malformed', `${file}:${index + 1} is no line for --gold; expected {"question": "…", "gold": "…", "kind"?: "…"}.`, { file, line: index + 1 });
    }
    gold.push(read.data);
  }
  return gold;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '').split('\n');
  } catch (thrown) {
    const missing = errorCodeOf(thrown) === 'ENOENT';
    throw problemError(missing ? 'file-not-found' : 'file-unreadable', `${file} ${missing ? 'is not there' : 'cannot be read'}.`, { file, cause: thrown });
  }
}

function keyOf(option: string, words: DemoServerWords, environment: Environment): string | undefined {
  const variable = words.text(option);
  if (variable === undefined) return undefined;
  const key = environment[variable];
  if (key === undefined || key === '') throw problemError('usage', `--${option} names the variable ${variable}, which is not set. ${help}`);
  return key;
}
