/** The most characters that may be changed in texts of which the longer has this length, so that they still count as the same by `least`; see `ContaminationThresholds`. */
export const mostEdits = (length: number, least: number): number => Math.floor((1 - least) * length + 1e-9);

const kinds = 32;

/** How often each kind of character stands in a text, of 32 kinds: in plain Latin letters each is a kind of its own. */
export function letterCounts(text: string): Uint16Array {
  const counts = new Uint16Array(kinds);
  for (let at = 0; at < text.length; at += 1) counts[text.charCodeAt(at) % kinds] = (counts[text.charCodeAt(at) % kinds] ?? 0) + 1;
  return counts;
}

/** Fewer edits than this cannot make one text the other: every one mends at most one surplus and one lack. By their counts alone, and so in a fraction of the time of the distance. */
export function leastEdits(one: Uint16Array, other: Uint16Array): number {
  let [surplus, lack] = [0, 0];
  for (let kind = 0; kind < kinds; kind += 1) {
    const difference = (one[kind] ?? 0) - (other[kind] ?? 0);
    if (difference > 0) surplus += difference;
    else lack -= difference;
  }
  return Math.max(surplus, lack);
}

/** Kept between calls: a search measures millions of distances. */
let [row, letters] = [new Uint16Array(0), new Uint16Array(0)];

/**
 * How many UTF-16 code units have to be put in, taken out or replaced to make one text the other (Levenshtein), as long as these are few. Takes time by the length and by `most`.
 *
 * @param most at most 65,534
 * @returns `undefined` where it takes more than `most`
 */
export function editDistance(one: string, other: string, most: number): number | undefined {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const [start, end] = commonEnds(short, long);
  const [width, height] = [short.length - start - end, long.length - start - end];
  if (height - width > most) return undefined;
  if (width === 0) return height;
  if (row.length <= width) [row, letters] = [new Uint16Array(2 * width + 2), new Uint16Array(2 * width + 2)];
  row[0] = 0;
  for (let column = 1; column <= width; column += 1) {
    row[column] = column;
    letters[column] = short.charCodeAt(start + column - 1);
  }
  for (let line = 1; line <= height; line += 1) {
    if (nextRow(line, long.charCodeAt(start + line - 1), { cells: row, letters, width, most }) > most) return undefined;
  }
  const distance = row[width] ?? 0;
  return distance <= most ? distance : undefined;
}

interface Table {
  /** The line before, from column 0 on. */
  readonly cells: Uint16Array;
  /** Of the shorter text, from column 1 on. */
  readonly letters: Uint16Array;
  readonly width: number;
  readonly most: number;
}

/** Works out a line of the table within the band that can matter, in the place of the line before. @returns its least distance */
function nextRow(line: number, letter: number, { cells, letters: columns, width, most }: Table): number {
  const [from, to] = [Math.max(1, line - most), Math.min(width, line + most)];
  // beside the band it is too far, whatever stands there: to the right of it the row is as it began, with the column as its distance
  const far = most + 1;
  let before = cells[from - 1] ?? far;
  let left = from === 1 ? line : far;
  let least = left;
  cells[from - 1] = left;
  for (let column = from; column <= to; column += 1) {
    const above = cells[column] ?? far;
    let best = before;
    if (columns[column] !== letter) {
      if (above < best) best = above;
      if (left < best) best = left;
      best += 1;
    }
    before = above;
    left = best;
    cells[column] = best;
    if (best < least) least = best;
  }
  return least;
}

/** How many characters two texts begin and end with alike: no edit is needed there. */
function commonEnds(short: string, long: string): readonly [start: number, end: number] {
  let [start, end] = [0, 0];
  while (start < short.length && short.charCodeAt(start) === long.charCodeAt(start)) start += 1;
  while (end < short.length - start && short.charCodeAt(short.length - 1 - end) === long.charCodeAt(long.length - 1 - end)) end += 1;
  return [start, end];
}
