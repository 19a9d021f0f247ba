/**
 * Which better path is held against which worse one: each of the first with as many of the second as there are, at most `most`. The worse ones are handed out in turn,
 * so that none is used twice while another is unused.
 *
 * @returns places in the two lists, in the order of the first
 */
export function pairPaths(chosen: number, rejected: number, most: number): readonly { readonly chosen: number; readonly rejected: number }[] {
  const each = Math.min(most, rejected);
  return Array.from({ length: chosen }, (_, better) =>
    Array.from({ length: each }, (_unused, turn) => ({ chosen: better, rejected: (better * each + turn) % rejected }))).flat();
}
