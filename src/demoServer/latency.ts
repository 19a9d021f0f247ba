import { hash32, randomOf, type Random } from './play/random.ts';

/** Standard deviation of the factor's logarithm: two answers of one length then differ by a third, now and then by twice that. */
const sigma = 0.3;

/** How long the answers of a stage are: lognormal, with a mean in tokens and the standard deviation of the logarithm. */
export interface StageLengths {
  readonly mean: number;
  readonly sigma: number;
  /** Share of the answers that go on until they are cut off, 0 to 1. */
  readonly runaways: number;
}

/** How long the answers of a model are that is to be played. */
export interface AnswerLengths {
  /** By the value of `X-ReGenesis-Stage`; answers of other stages are as long as they are. */
  readonly stages: ReadonlyMap<string, StageLengths>;
  /** The answers of one task are all longer or shorter than the mean, by a factor with this standard deviation of its logarithm and the mean 1. */
  readonly taskSigma: number;
}

/** What decides how long a request takes, besides the server's pace. */
export interface Latency {
  readonly seed: number | undefined;
  readonly lengths: AnswerLengths | undefined;
}

/** A request of which it is drawn. */
export interface Drawn {
  readonly body: string;
  readonly stage: string | undefined;
  /** Absent: none that is known. */
  readonly task: string | undefined;
  /** Most tokens of an answer. */
  readonly maxTokens: number;
  /** Whether an answer has to be one of some words: it does not run away then. */
  readonly bound: boolean;
}

/**
 * How many decode steps each answer takes, from its tokens; `undefined` where as many as it has tokens. Drawn from a hash of the request's body: servers with
 * different seeds give the same answers in another order.
 */
export function stepsOf(drawn: Drawn, tokens: readonly number[], { seed, lengths }: Latency): readonly number[] | undefined {
  const stage = lengths?.stages.get(drawn.stage ?? '');
  if (lengths && stage) {
    const key = `length|${seed ?? 0}`;
    const factor = drawn.task === undefined ? 1 : lognormal(randomOf(`${key}|task|${drawn.task}`), lengths.taskSigma);
    return tokens.map((_, index) => lengthOf(drawn, { ...stage, mean: stage.mean * factor }, randomOf(`${key}|${hash32(drawn.body, seed)}|${index}`)));
  }
  if (seed === undefined) return undefined;
  const factor = latencyFactor(drawn.body, seed);
  return tokens.map(count => Math.max(1, count) * factor);
}

function lengthOf({ maxTokens, bound }: Drawn, { mean, sigma: spread, runaways }: StageLengths, random: Random): number {
  if (random.chance(runaways) && !bound) return maxTokens;
  return Math.min(maxTokens, Math.max(1, Math.round(mean * lognormal(random, spread))));
}

/** How many times as long as its tokens an answer takes: with mean 1, so that the server is as fast on average as without it. */
export const latencyFactor = (body: string, seed: number): number => lognormal(randomOf(`latency|${seed}|${hash32(body, seed)}`), sigma);

/** A lognormal draw with mean 1. */
function lognormal(random: Random, spread: number): number {
  // Box and Muller's way from two even draws to a normal one; the first must not be 0.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.exp(spread * normal - spread ** 2 / 2);
}
