import { hash32, randomOf } from './play/random.ts';

/** Standard deviation of the factor's logarithm: two answers of one length then differ by a third, now and then by twice that. */
const sigma = 0.3;

/**
 * How many times as long as its tokens an answer takes: lognormal with mean 1, so that the server is as fast on average as without it. Drawn from a hash of the
 * request's body, so that two servers with different seeds give the same answers in another order.
 */
export function latencyFactor(body: string, seed: number): number {
  const random = randomOf(`latency|${seed}|${hash32(body, seed)}`);
  // Box and Muller's way from two even draws to a normal one; the first must not be 0.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.exp(sigma * normal - sigma ** 2 / 2);
}
