import type { Hash } from '../model/ids.ts';

/**
 * A permutation of items that a seed text decides (Fisher and Yates over numbers from a hash), the same on every machine.
 * The first five passing items of it are a uniform sample of the passing ones.
 */
export function seededOrder<Item>(items: readonly Item[], seedText: string, hash: Hash): readonly Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    // 48 bits over at most some hundred items: the bias is below one in 10¹²
    const other = Number.parseInt(hash(`${seedText}:${last}`).slice(0, 12), 16) % (last + 1);
    const [a, b] = [order[last], order[other]];
    if (a !== undefined && b !== undefined) [order[last], order[other]] = [b, a];
  }
  return order;
}

/** At most so many of the items, drawn by a seed text, in the order in which they are drawn: of a hundred thousand it takes no longer than of a few. */
export function seededDraw<Item>(items: readonly Item[], most: number, { seedText, hash }: { readonly seedText: string; readonly hash: Hash }): readonly Item[] {
  const order = [...items];
  const drawn = Math.min(most, order.length);
  for (let first = 0; first < drawn; first += 1) {
    const other = first + Number.parseInt(hash(`${seedText}:${first}`).slice(0, 12), 16) % (order.length - first);
    const [a, b] = [order[first], order[other]];
    if (a !== undefined && b !== undefined) [order[first], order[other]] = [b, a];
  }
  return order.slice(0, drawn);
}
