import type { Table } from './weigh.ts';

/** A step of the structure and a step of the path, by their places in their lists, from 0. */
export type Pair = readonly [structure: number, path: number];

/** How the best alignment of the first so many steps ends. */
const move = { none: 0, skip: 1, add: 2, join: 3, merge: 4, split: 5 } as const;

/** The best alignments of all beginnings, in a band about the diagonal: of any sort, and of those that end with a pair. */
class Grid {
  readonly width: number;
  private readonly from: (structureSteps: number) => number;
  private readonly best: Float64Array;
  private readonly bestJoined: Float64Array;
  readonly lastMove: Uint8Array;
  readonly lastJoin: Uint8Array;

  constructor(table: Table) {
    const first = table.from(0);
    const wider = table.structureCount * table.pathCount === 0 ? 1 : table.upTo(0) - first + 2;
    this.width = Math.min(table.pathCount + 1, wider);
    this.from = steps => Math.max(0, Math.min(table.pathCount + 1 - this.width, table.from(Math.max(0, steps - 1))));
    const size = (table.structureCount + 1) * this.width;
    this.best = new Float64Array(size).fill(-Infinity);
    this.bestJoined = new Float64Array(size).fill(-Infinity);
    this.lastMove = new Uint8Array(size);
    this.lastJoin = new Uint8Array(size);
  }

  /** Place of a cell; -1 where it lies outside the band. */
  at(s: number, p: number): number {
    const offset = p - this.from(s);
    return s < 0 || offset < 0 || offset >= this.width ? -1 : s * this.width + offset;
  }

  range(s: number): readonly [from: number, upTo: number] {
    return [this.from(s), this.from(s) + this.width];
  }

  bestAt(s: number, p: number): number {
    return this.best[this.at(s, p)] ?? -Infinity;
  }

  joinedAt(s: number, p: number): number {
    return this.bestJoined[this.at(s, p)] ?? -Infinity;
  }

  set(cell: number, values: { best: number; joined: number; lastMove: number; lastJoin: number }): void {
    this.best[cell] = values.best;
    this.bestJoined[cell] = values.joined;
    this.lastMove[cell] = values.lastMove;
    this.lastJoin[cell] = values.lastJoin;
  }
}

type Choice = readonly [worth: number, move: number];
const better = (one: Choice, other: Choice): Choice => (other[0] > one[0] ? other : one);

/** The best way to end with the pair of the last two steps. */
function endWithPair(table: Table, grid: Grid, [s, p]: Pair): Choice {
  if (s === 0 || p === 0) return [-Infinity, move.none];
  let choice: Choice = [grid.bestAt(s - 1, p - 1) + table.joined(s - 1, p - 1), move.join];
  const before = grid.joinedAt(s - 1, p);
  if (before > -Infinity) choice = better(choice, [before + table.merged(s - 1, p - 1), move.merge]);
  const left = grid.joinedAt(s, p - 1);
  if (left > -Infinity) choice = better(choice, [left + table.split(s - 1, p - 1), move.split]);
  return choice;
}

function solve(table: Table): Grid {
  const grid = new Grid(table);
  for (let s = 0; s <= table.structureCount; s += 1) {
    const [from, upTo] = grid.range(s);
    for (let p = from; p < upTo; p += 1) {
      const [joined, lastJoin] = endWithPair(table, grid, [s, p]);
      let choice: Choice = [s === 0 && p === 0 ? 0 : -Infinity, move.none];
      choice = better(choice, [grid.bestAt(s - 1, p), move.skip]);
      choice = better(choice, [grid.bestAt(s, p - 1), move.add]);
      choice = better(choice, [joined, move.join]);
      grid.set(grid.at(s, p), { best: choice[0], joined, lastMove: choice[1], lastJoin });
    }
  }
  return grid;
}

/** The best alignment in which no two pairs cross: pairs in order. Steps may be left out on either side, and several may share one. */
export function alignInOrder(table: Table): readonly Pair[] {
  const grid = solve(table);
  const pairs: Pair[] = [];
  let [s, p] = [table.structureCount, table.pathCount];
  while (s > 0 || p > 0) {
    const cell = grid.at(s, p);
    const last = grid.lastMove[cell];
    if (last === move.skip) s -= 1;
    else if (last === move.add) p -= 1;
    else if (last !== move.join) break;
    else [s, p] = collectRun(grid, [s, p], pairs);
  }
  return pairs.reverse();
}

/** Walks back through pairs that share a step; returns where the rest of the alignment ends. */
function collectRun(grid: Grid, [lastStructure, lastPath]: Pair, pairs: Pair[]): Pair {
  let [s, p] = [lastStructure, lastPath];
  for (;;) {
    pairs.push([s - 1, p - 1]);
    const join = grid.lastJoin[grid.at(s, p)];
    if (join === move.merge) s -= 1;
    else if (join === move.split) p -= 1;
    else return [s - 1, p - 1];
  }
}
