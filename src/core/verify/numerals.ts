const small: ReadonlyMap<string, bigint> = new Map([
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen',
  'eighteen', 'nineteen',
].map((word, value) => [word, BigInt(value)]));
const tens: ReadonlyMap<string, bigint> = new Map(['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'].map((word, index) => [word, BigInt(10 * (index + 2))]));
const magnitudes: ReadonlyMap<string, bigint> = new Map([['thousand', 10n ** 3n], ['million', 10n ** 6n], ['billion', 10n ** 9n], ['trillion', 10n ** 12n]]);

/** The English words that a number begins with, in lower case. */
export const numberWords: readonly string[] = [...small.keys(), ...tens.keys()];
/** The words that multiply what is before them, in lower case; see `magnitudeOf`. */
export const magnitudeWords: readonly string[] = ['hundred', ...magnitudes.keys()];

/** What a word after a number multiplies it by (`3 million`); `undefined` for any other word. */
export function magnitudeOf(word: string): bigint | undefined {
  const singular = word.toLowerCase().replace(/s$/, '');
  return singular === 'hundred' ? 100n : magnitudes.get(singular);
}

/** After a full hundred anything below it, after a full ten its units. */
const canFollow = (group: bigint, part: bigint) => group % 100n === 0n || (group % 10n === 0n && group % 100n >= 20n && part < 10n);

/** Adds one word to a number read so far; `undefined` where the word cannot follow. */
function extended(total: bigint, group: bigint, word: string): { readonly total: bigint; readonly group: bigint } | undefined {
  const part = small.get(word) ?? tens.get(word);
  if (part !== undefined) return canFollow(group, part) ? { total, group: group + part } : undefined;
  if (word === 'hundred') return group > 0n && group < 100n ? { total, group: group * 100n } : undefined;
  const magnitude = magnitudes.get(word);
  return magnitude !== undefined && group > 0n ? { total: total + group * magnitude, group: 0n } : undefined;
}

/**
 * A text that begins with a number in English words, as its digits and the rest: `twenty-five apples` → `25` and `apples`.
 * `null` where it begins with none.
 */
export function numeral(text: string): { readonly digits: string; readonly rest: string } | null {
  const words = text.trim().split(/[\s-]+/, 16);
  let [total, group, taken] = [0n, 0n, 0];
  for (const [index, word] of words.entries()) {
    const lower = word.toLowerCase().replace(/[.,;!]$/, '');
    if (lower === 'and' && taken > 0) continue;
    const next = extended(total, group, lower);
    if (next === undefined) break;
    [total, group, taken] = [next.total, next.group, index + 1];
  }
  return taken === 0 ? null : { digits: String(total + group), rest: text.trim().split(/[\s-]+/).slice(taken).join(' ') };
}
