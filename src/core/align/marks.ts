import type { Pair } from './inOrder.ts';

/** What became of a step of the structure. */
export type StructureMark = 'followed' | 'skipped' | 'reordered' | 'merged';
/** What a step of the path is to the structure. */
export type PathMark = 'joined' | 'added';

/** Lengths of the longest chains that end at each of some places, where a chain never falls. By patience: log-linear. */
function chainLengths(places: readonly number[]): readonly number[] {
  const leastEnd: number[] = [];
  return places.map(place => {
    let [low, high] = [0, leastEnd.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((leastEnd[middle] ?? Infinity) <= place) low = middle + 1;
      else high = middle;
    }
    leastEnd[low] = place;
    return low + 1;
  });
}

/** Steps of the structure that are in every longest chain of steps whose path steps keep the order; a step that has several path steps is in order if one of them is. */
function stepsInOrder(pairs: readonly Pair[]): ReadonlySet<number> {
  const ordered = [...pairs].sort((a, b) => a[0] - b[0] || b[1] - a[1]); // within one step falling, so that it stands in a chain once
  const places = ordered.map(pair => pair[1]);
  const before = chainLengths(places);
  const after = chainLengths(places.map(place => -place).reverse()).toReversed();
  const longest = before.reduce((most, length) => Math.max(most, length), 0);
  const atLevel = new Map<number, Set<number>>();
  for (const [at, [step]] of ordered.entries()) {
    const level = before[at] ?? 0;
    if (level + (after[at] ?? 0) - 1 === longest) atLevel.set(level, (atLevel.get(level) ?? new Set()).add(step));
  }
  return new Set([...atLevel.values()].flatMap(steps => (steps.size === 1 ? [...steps] : [])));
}

/**
 * Marks of the structure's steps: *skipped* without a pair, *merged* where another step shares a path step with it, *reordered* where it is not in every longest chain
 * of steps that keep their order (of two neighbours that changed places, both), else *followed*.
 */
export function structureMarks(count: number, pairs: readonly Pair[]): readonly StructureMark[] {
  const stepsOfPath = new Map<number, number>();
  for (const [, p] of pairs) stepsOfPath.set(p, (stepsOfPath.get(p) ?? 0) + 1);
  const merged = new Set(pairs.flatMap(([s, p]) => ((stepsOfPath.get(p) ?? 0) > 1 ? [s] : [])));
  const joined = new Set(pairs.map(pair => pair[0]));
  const inOrder = stepsInOrder(pairs);
  return Array.from({ length: count }, (_, step) => {
    if (!joined.has(step)) return 'skipped';
    if (merged.has(step)) return 'merged';
    return inOrder.has(step) ? 'followed' : 'reordered';
  });
}

/** Marks of the path's steps: *joined* where it carries out a step of the structure, else *added*. */
export function pathMarks(count: number, pairs: readonly Pair[]): readonly PathMark[] {
  const joined = new Set(pairs.map(pair => pair[1]));
  return Array.from({ length: count }, (_, step) => (joined.has(step) ? 'joined' : 'added'));
}
