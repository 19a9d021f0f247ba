import { alignInOrder, type Pair } from './inOrder.ts';
import type { Step } from './step.ts';
import { weigh, type Table } from './weigh.ts';

/** What is wanted of pairs outside the order: of steps that are both free; of a free structure step that says something of its own in a taken path step; of a free path step that does a structure step again. */
const wanted = { moved: 0.08, merged: 0.575, repeated: 0.45 } as const;
/** A pair is joined for its place alone, unless one of its steps fits another one better by so much. */
const fitsElsewhere = 0.5;
/** A pair of steps that are left over far from each other needs some evidence, unless the order is broken anyway. */
const someEvidence = 0.05;

/** By so much a path step has to fit another structure step better to be taken from one that has others. */
const clearlyBetter = 0.05;

/** Pairs as they are found, and which steps have one. */
class Joined {
  readonly pairs: Pair[] = [];
  private readonly structure = new Set<number>();
  private readonly path = new Set<number>();

  add(pair: Pair): void {
    this.pairs.push(pair);
    this.structure.add(pair[0]);
    this.path.add(pair[1]);
  }

  isFree([s, p]: Pair): boolean {
    return !this.structure.has(s) && !this.path.has(p);
  }

  hasStructure(s: number): boolean {
    return this.structure.has(s);
  }

  hasPath(p: number): boolean {
    return this.path.has(p);
  }
}

function* cellsOf(table: Table): Generator<Pair> {
  for (let s = 0; s < table.structureCount; s += 1) for (let p = table.from(s); p < table.upTo(s); p += 1) yield [s, p];
}

/** Steps that were carried out at another place: the likeliest pairs of steps that are both free. */
function joinMoved(table: Table, joined: Joined): void {
  const moved = [...cellsOf(table)].filter(pair => joined.isFree(pair) && table.joined(...pair) >= wanted.moved);
  for (const pair of moved.sort((a, b) => table.value(...b) - table.value(...a))) if (joined.isFree(pair)) joined.add(pair);
}

/** Steps that stand between the same pairs and are as many on both sides, and steps of the same number there, belong together for their place alone. */
function joinByPlace(table: Table, joined: Joined, inOrder: readonly Pair[]): void {
  const chain: readonly Pair[] = [[-1, -1], ...inOrder, [table.structureCount, table.pathCount]];
  const fits = placeFits(table);
  for (const [at, [nextStructure, nextPath]] of chain.entries()) {
    const [s, p] = chain[at - 1] ?? [-1, -1];
    const structure = range(s + 1, nextStructure).filter(each => !joined.hasStructure(each));
    const path = range(p + 1, nextPath).filter(each => !joined.hasPath(each));
    const works = path.filter(table.works);
    for (const each of structure) for (const other of path) if (table.sameNumber(each, other)) joinIf(joined, pair => table.thinkable(...pair), [each, other]); // whatever their words say
    if (structure.length === works.length) for (const [place, each] of structure.entries()) joinIf(joined, fits, [each, works[place] ?? 0]);
  }
}

const placeFits = (table: Table) => ([s, p]: Pair): boolean => table.thinkable(s, p) && table.betterPath(s, p) < fitsElsewhere && table.betterStructure(s, p) < fitsElsewhere;

/** What is left over, if it is as much on both sides: in its own order. */
function joinRest(table: Table, joined: Joined): void {
  const structure = range(0, table.structureCount).filter(each => !joined.hasStructure(each));
  const path = range(0, table.pathCount).filter(each => !joined.hasPath(each) && table.works(each));
  if (structure.length !== path.length) return;
  const broken = isBroken(joined.pairs);
  const fits = placeFits(table);
  for (const [place, each] of structure.entries()) {
    const pair: Pair = [each, path[place] ?? 0];
    if (broken || table.value(...pair) > someEvidence) joinIf(joined, fits, pair);
  }
}

/** Whether any two pairs cross. */
function isBroken(pairs: readonly Pair[]): boolean {
  const inOrder = [...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let last = -1;
  return inOrder.some(([s, p], at) => {
    const crosses = p < last && inOrder[at - 1]?.[0] !== s;
    last = Math.max(last, p);
    return crosses;
  });
}

const range = (from: number, upTo: number): readonly number[] => Array.from({ length: Math.max(0, upTo - from) }, (_, at) => from + at);

function joinIf(joined: Joined, fits: (pair: Pair) => boolean, pair: Pair): void {
  if (joined.isFree(pair) && fits(pair)) joined.add(pair);
}

/** A free structure step that is carried out in a path step which another one has taken. */
function joinMerged(table: Table, joined: Joined): void {
  const taken = [...joined.pairs];
  for (const s of range(0, table.structureCount).filter(each => !joined.hasStructure(each))) {
    let best: { pair: Pair; worth: number } | undefined;
    for (const [other, p] of taken) {
      if (table.betterPath(s, p) > 0.05) continue;
      const worth = table.own(s, p, other);
      if (worth > (best?.worth ?? wanted.merged)) best = { pair: [s, p], worth };
    }
    if (best) joined.add(best.pair);
  }
}

/** A free path step that does once more what a structure step says. */
function joinRepeated(table: Table, joined: Joined): void {
  const best = new Map<number, { pair: Pair; worth: number }>();
  for (const [s, p] of cellsOf(table)) {
    const worth = table.value(s, p);
    if (!joined.hasPath(p) && !table.closes(p) && table.thinkable(s, p) && worth > (best.get(p)?.worth ?? wanted.repeated)) best.set(p, { pair: [s, p], worth });
  }
  for (const { pair } of best.values()) joined.add(pair);
}

/** The pairs in order, without those of a structure step with several whose path step fits better to one that has none. */
function withoutLent(table: Table, inOrder: readonly Pair[]): readonly Pair[] {
  const [ofStructure, ofPath] = [new Map<number, number>(), new Map<number, number>()];
  for (const [s, p] of inOrder) {
    ofStructure.set(s, (ofStructure.get(s) ?? 0) + 1);
    ofPath.set(p, (ofPath.get(p) ?? 0) + 1);
  }
  const free = range(0, table.structureCount).filter(s => !ofStructure.has(s));
  return inOrder.filter(([s, p]) => {
    const several = ofStructure.get(s) ?? 0;
    if (several < 2 || ofPath.get(p) !== 1 || !free.some(other => table.value(other, p) > table.value(s, p) + clearlyBetter)) return true;
    ofStructure.set(s, several - 1);
    return false;
  });
}

/** The pairs of steps that belong together, by structure step and then by path step. */
export function joinSteps(structure: readonly Step[], path: readonly Step[]): readonly Pair[] {
  if (structure.length === 0 || path.length === 0) return [];
  const table = weigh(structure, path);
  const joined = new Joined();
  const inOrder = withoutLent(table, alignInOrder(table));
  for (const pair of inOrder) joined.add(pair);
  joinMoved(table, joined);
  joinByPlace(table, joined, inOrder);
  joinRest(table, joined);
  joinMerged(table, joined);
  joinRepeated(table, joined);
  return joined.pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
