/**
 * How likely a split of pairs as uneven as this one is, either way, where neither side is better: the exact sign test.
 *
 * @param first pairs that only the first side won, at least 0
 * @param second those that only the second won
 * @returns 0 to 1; 1 where there are no such pairs, since nothing speaks for either then
 * Source: W. J. Dixon and A. M. Mood, The statistical sign test, 1946; for pairs of yes and no it is the exact form of McNemar's test.
 */
export function signTest(first: number, second: number): number {
  const pairs = first + second;
  // in logarithms, since 2 ** -pairs is nothing to a computer beyond a thousand pairs
  let [logTerm, tail] = [-pairs * Math.LN2, 0];
  for (let hits = 0; hits <= Math.min(first, second); hits += 1) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(pairs - hits) - Math.log(hits + 1);
  }
  return Math.min(1, 2 * tail);
}
