import { gatherEvidence, type Evidence } from './evidence.ts';
import type { Step } from './step.ts';

/** What the figures mean and how they were found: docs/alignment.md. */
const weights = {
  /** A pair has to have more evidence than this. */
  least: 0.09,
  /** Equal step numbers, where both texts count and the numbers have proved true. */
  sameNumber: 0.7,
  /** How quickly a number gives way to another step of the structure that fits better. */
  numberGivesWay: 2,
  /** Taken off for each bit that another step of the path fits better, and that another step of the structure fits better. */
  betterPath: 0.5,
  betterStructure: 0.3,
  /** A line that only states the answer says less about what was done. */
  closing: 0.55,
  /** A check belongs to a step that asks for one. */
  check: 0.2,
  /** Two steps of the structure in one of the path; where the second has nothing of its own to show. */
  merge: 0.25,
  nothingOwn: 0.3,
  /** One step of the structure in two of the path, unless these are alike. */
  split: 0.55,
  alike: 0.5,
} as const;

/** So much of what a step says has to be its own for it to share a path step. */
const leastOwn = 0.3;
/** How many telling pairs it takes to outweigh the first impression that both texts count the same steps. */
const firstImpression = 4;
/** From here on a pair that is the best for both its steps tells whether step numbers can be believed. */
const tellingEvidence = 0.3;
/** Pairs of steps that are compared: beyond, only those near the diagonal. */
const mostCells = 100_000;

/** The pairs that are looked at, and what speaks for each. */
export interface Table {
  readonly structureCount: number;
  readonly pathCount: number;
  /** Steps of the path, from and up to (not with), that a step of the structure is compared with. */
  readonly from: (structure: number) => number;
  readonly upTo: (structure: number) => number;
  /** Evidence for a pair; 0 where it is not looked at. */
  readonly value: (structure: number, path: number) => number;
  /** How much better the best pair of either step is. */
  readonly betterPath: (structure: number, path: number) => number;
  readonly betterStructure: (structure: number, path: number) => number;
  /** What a pair adds to an alignment; as the second pair of its path step; as the second pair of its structure step. */
  readonly joined: (structure: number, path: number) => number;
  readonly merged: (structure: number, path: number) => number;
  readonly split: (structure: number, path: number) => number;
  /** The share of a structure step that a path step says and that is not said by another structure step; 0 where it is too little to count. */
  readonly own: (structure: number, path: number, other: number) => number;
  /** Whether two steps have the same number, in texts whose numbers can be believed. */
  readonly sameNumber: (structure: number, path: number) => boolean;
  /** Whether a pair without evidence is thinkable: a check or a closing line only carries out a step that asks for one. */
  readonly thinkable: (structure: number, path: number) => boolean;
  readonly closes: (path: number) => boolean;
  /** Whether a path step is work of its own: neither a check nor a closing line. */
  readonly works: (path: number) => boolean;
}

/** A step of a path that begins as a check. */
const check = /^[\s*_#>(]*(?:(?:let'?s|let’s|let me|as a|to|a|quick|we|now|i|can|step \d+[:.]?)\s+)*(?:double[- ])?(?:check|verif|sanity|confirm|test|proof|does (?:it|this|that) make|(?:in )?another way|plugging)/i;
const longestClosing = 120;

/** A line that states the answer and does nothing else. */
function isClosing(text: string): boolean {
  if (text.length > longestClosing || !text.includes('\\boxed')) return false;
  const lead = text.slice(0, text.indexOf('\\boxed'));
  return !lead.includes('=') && (lead.match(/\p{L}+/gu)?.length ?? 0) <= 6;
}

interface Cells {
  readonly from: (structure: number) => number;
  readonly width: number;
  readonly values: Float64Array;
  readonly bestOfStructure: Float64Array;
  readonly bestOfPath: Float64Array;
}

interface PathKinds {
  readonly closing: readonly boolean[];
  readonly checking: readonly boolean[];
}

function fill({ evidence, structureCount, pathCount }: { evidence: Evidence; structureCount: number; pathCount: number }, { closing, checking }: PathKinds): Cells {
  const width = structureCount * pathCount <= mostCells ? pathCount : Math.max(1, Math.floor(mostCells / structureCount));
  const from = (structure: number) => Math.max(0, Math.min(pathCount - width, Math.round((structure + 0.5) * pathCount / structureCount - width / 2)));
  const cells = { from, width, values: new Float64Array(structureCount * width), bestOfStructure: new Float64Array(structureCount), bestOfPath: new Float64Array(pathCount) };
  for (let s = 0; s < structureCount; s += 1) {
    for (let at = 0; at < width; at += 1) {
      const p = from(s) + at;
      const value = evidence.of(s, p) * (closing[p] === true ? weights.closing : 1) - (checking[p] === true && !evidence.structureHas(s, '+check') ? weights.check : 0);
      cells.values[s * width + at] = value;
      // the closing line is nobody's best: the step before it may state the answer too
      if (closing[p] !== true) cells.bestOfStructure[s] = Math.max(cells.bestOfStructure[s] ?? 0, value);
      cells.bestOfPath[p] = Math.max(cells.bestOfPath[p] ?? 0, value);
    }
  }
  return cells;
}

interface Numbers {
  readonly structure: readonly (number | undefined)[];
  readonly path: readonly (number | undefined)[];
}

/** Whether both texts seem to count the same steps: as many here as there, or numbers left out in the path where a step was skipped. */
function seemToMatch({ structure, path }: Numbers): boolean {
  const counted = path.flatMap(number => number ?? []);
  if (counted.length === structure.length) return true;
  const known = new Set(structure);
  return (counted.at(-1) ?? 0) > counted.length && counted.every((number, at) => known.has(number) && number > (counted[at - 1] ?? 0));
}

/** The path step that is the best for a structure step which in turn is the best for it, with enough evidence to tell something. */
function tellingPath(cells: Cells, s: number): number | undefined {
  const best = cells.bestOfStructure[s] ?? 0;
  if (best < tellingEvidence) return undefined;
  for (let at = 0; at < cells.width; at += 1) {
    const p = cells.from(s) + at;
    if (cells.values[s * cells.width + at] === best && best >= (cells.bestOfPath[p] ?? 0)) return p;
  }
  return undefined;
}

/** How far step numbers can be believed, 0 to 1: the share of telling pairs whose numbers agree, the first impression counted in. */
function numberTrust(numbers: Numbers, cells: Cells): number {
  if (numbers.path.every(number => number === undefined) || numbers.structure.some(number => number === undefined)) return 0;
  let [agreeing, telling] = seemToMatch(numbers) ? [firstImpression, firstImpression + 1] : [1, 2];
  for (const [s, number] of numbers.structure.entries()) {
    const there = numbers.path[tellingPath(cells, s) ?? -1];
    if (there === undefined) continue;
    telling += 1;
    if (there === number) agreeing += 1;
  }
  return agreeing / telling;
}

/** Compares each step of a structure with the steps of a path. */
export function weigh(structure: readonly Step[], path: readonly Step[]): Table {
  const evidence = gatherEvidence(structure, path);
  const [structureCount, pathCount] = [structure.length, path.length];
  const kinds = { closing: path.map(step => isClosing(step.text)), checking: path.map(step => check.test(step.text)) };
  const cells = fill({ evidence, structureCount, pathCount }, kinds);
  const trust = numberTrust({ structure: structure.map(step => step.number), path: path.map(step => step.number) }, cells);

  const from = cells.from;
  const upTo = (s: number) => from(s) + cells.width;
  const value = (s: number, p: number) => (p < from(s) || p >= upTo(s) ? 0 : cells.values[s * cells.width + p - from(s)] ?? 0);
  const betterPath = (s: number, p: number) => Math.max(0, (cells.bestOfStructure[s] ?? 0) - value(s, p));
  const betterStructure = (s: number, p: number) => Math.max(0, (cells.bestOfPath[p] ?? 0) - value(s, p));
  const numbersEqual = (s: number, p: number) => path[p]?.number !== undefined && structure[s]?.number === path[p].number;
  const own = (s: number, p: number, other: number) => {
    const share = evidence.own(s, p, other);
    return share >= leastOwn ? share : 0;
  };
  const thinkable = (s: number, p: number) => (kinds.checking[p] !== true || evidence.structureHas(s, '+check')) && (kinds.closing[p] !== true || evidence.structureHas(s, '+answer'));

  return {
    structureCount, pathCount, from, upTo, value, betterPath, betterStructure, own, thinkable,
    joined: (s, p) => {
      const byNumber = numbersEqual(s, p) ? weights.sameNumber * trust * Math.max(0, 1 - betterPath(s, p)) * Math.max(0, 1 - weights.numberGivesWay * betterStructure(s, p)) : 0;
      return value(s, p) + byNumber - weights.betterPath * betterPath(s, p) - weights.betterStructure * betterStructure(s, p) - weights.least;
    },
    merged: (s, p) => {
      const nothingOwn = own(s, p, s - 1) > 0 ? 0 : weights.nothingOwn;
      return value(s, p) - nothingOwn - weights.betterPath * betterPath(s, p) - weights.least - weights.merge;
    },
    split: (s, p) => kinds.closing[p] === true || !thinkable(s, p) ? -Infinity : value(s, p) - weights.betterStructure * betterStructure(s, p) - weights.least - weights.split + weights.alike * evidence.likeBefore(p),
    sameNumber: (s, p) => trust > 0.5 && numbersEqual(s, p),
    closes: p => kinds.closing[p] === true,
    works: p => kinds.closing[p] !== true && kinds.checking[p] !== true,
  };
}
