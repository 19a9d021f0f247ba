/** Longer names are not compared: nobody mistypes one, and the cost grows with the square. */
const longestName = 64;

/**
 * The known name that was most likely meant.
 *
 * @returns the nearest by edits (a swap of neighbours is one), at most a third of the name's length away; a name without a dot is also compared with what stands behind the dot; undefined where nothing is near
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > longestName) return undefined;
  let most = Math.max(1, Math.ceil(name.length / 3));
  let best: string | undefined;
  for (const candidate of known) {
    const compared = name.includes('.') ? [candidate] : [candidate, candidate.slice(candidate.lastIndexOf('.') + 1)];
    // each character too many or too few is an edit
    const near = [...new Set(compared)].filter(each => Math.abs(each.length - name.length) <= most);
    const distance = Math.min(...near.map(each => editDistance(name.toLowerCase(), each.toLowerCase(), most)));
    if (distance <= most) [best, most] = [candidate, distance - 1]; // the next must be nearer
  }
  return best;
}

/** The end of a sentence about a name that nobody knows: `; did you mean X?`, or nothing. */
export const suggestion = (nearest: string | undefined): string => (nearest === undefined ? '' : `; did you mean ${nearest}?`);

/** Edits that turn one name into the other: characters put in, left out or changed, and neighbours swapped. Infinite as soon as it is sure to be more than `most`. */
function editDistance(a: string, b: string, most: number): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    // further away from the diagonal there are more than `most` edits already
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j += 1) {
      const changed = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : Infinity;
      const edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, changed, swapped);
      row[j] = edits;
      least = Math.min(least, edits);
    }
    if (least > most) return Infinity;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
