/** The 97.5 % point of the normal distribution, for intervals of 95 %. */
const z = 1.959963984540054;

/**
 * Wilson's interval of a share at 95 %: it stays within 0 to 1 and holds what it promises also for few or for extreme counts.
 *
 * @param hits 0 to `of`
 * @returns shares, 0 to 1; 0 and 1 where `of` is 0, since nothing is known then
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927; without a correction for continuity.
 */
export function wilson(hits: number, of: number): { readonly low: number; readonly high: number } {
  if (of <= 0) return { low: 0, high: 1 };
  const share = hits / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  // none and all of them are ends of the interval, which rounding would miss
  return { low: hits === 0 ? 0 : Math.max(0, middle - half), high: hits === of ? 1 : Math.min(1, middle + half) };
}
