/** The edit distance as it is defined, over the whole table. */
export function plainDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const [above, left, before] = [row[column] ?? 0, next[column - 1] ?? 0, row[column - 1] ?? 0];
      next.push(Math.min(above + 1, left + 1, before + (one[line - 1] === other[column - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
