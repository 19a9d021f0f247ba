/** Longer names are not compared: nobody mistypes one, and the cost grows with the square. */
const longestName = 64;

/**
 * The known name that was most likely meant.
 *
 * @returns the nearest by edits (a swap of neighbours is one), at most a third of the name's length away; a name without a dot is also compared with what stands behind the dot; undefined where nothing is near
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > longestName) return undefined;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const compared = name.includes('.') ? candidate : candidate.slice(candidate.lastIndexOf('.') + 1);
    const distance = Math.min(...[candidate, compared].map(each => editDistance(name.toLowerCase(), each.toLowerCase())));
    if (distance <= Math.max(1, Math.ceil(name.length / 3)) && (!best || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** The end of a sentence about a name that nobody knows: `; did you mean X?`, or nothing. */
export const suggestion = (nearest: string | undefined): string => (nearest === undefined ? '' : `; did you mean ${nearest}?`);

/** Edits that turn one name into the other: characters put in, left out or changed, and neighbours swapped. */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, changed, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
