import { diffLines } from 'diff';
import { align } from '../src/core/align/align.ts';
import { loadCl100k } from '../src/core/verify/tokens.ts';
import { alignmentCases, alignmentFiles, type AlignmentCase, type Place } from './alignmentCases.ts';
import { atLeast, atMost, median, rounded, type BenchRecord, type Benchmark } from './record.ts';

/** Where the steps of a structure and a path were found, and which belong together. */
export interface Joined {
  readonly structure: readonly Place[];
  readonly path: readonly Place[];
  readonly pairs: readonly (readonly [structure: number, path: number])[];
}

/** The labelled step that a found one covers most of. */
function labelledStep(found: Place | undefined, labelled: readonly Place[]): number {
  if (!found) return -1;
  const shared = labelled.map(({ start, end }) => Math.min(end, found.end) - Math.max(start, found.start));
  const most = Math.max(0, ...shared);
  return most === 0 ? -1 : shared.indexOf(most);
}

/** How well some way of joining finds pairs, 0 to 1. `f1`: the harmonic mean of the other two. */
export interface PairScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Scores of the pairs that some way of joining finds, over all cases together; 0 where it finds none. */
export function pairScores(cases: readonly AlignmentCase[], join: (one: AlignmentCase) => Joined): PairScores {
  let [right, found, wanted] = [0, 0, 0];
  for (const one of cases) {
    const { structure, path, pairs } = join(one);
    const named = new Set(pairs.map(([s, p]) => `${labelledStep(structure[s], one.structureSteps)}-${labelledStep(path[p], one.pathSteps)}`));
    right += one.pairs.filter(([s, p]) => named.has(`${s}-${p}`)).length;
    found += named.size;
    wanted += one.pairs.length;
  }
  return right === 0 ? { precision: 0, recall: 0, f1: 0 } : { precision: right / found, recall: right / wanted, f1: 2 * right / (found + wanted) };
}

/** The same steps, joined by nothing but their place: the first with the first. */
function joinByPosition(one: AlignmentCase): Joined {
  const { structure, path } = align(one);
  return { structure, path, pairs: structure.slice(0, path.length).map((_, at) => [at, at] as const) };
}

/** Lines that hold something, with their ends. */
function linesOf(text: string): readonly Place[] {
  const lines: Place[] = [];
  for (const match of text.matchAll(/[^\n]*\S[^\n]*(?:\n|$)/g)) lines.push({ start: match.index, end: match.index + match[0].length });
  return lines;
}

/** Lines as a text comparison joins them: equal ones, and those of a changed part one by one. */
function joinByLines(one: AlignmentCase): Joined {
  const [structure, path] = [linesOf(one.structure), linesOf(one.path)];
  const textOf = (text: string, lines: readonly Place[]) => lines.map(({ start, end }) => text.slice(start, end).trimEnd()).join('\n').concat('\n');
  const pairs: (readonly [number, number])[] = [];
  let [s, p, removed] = [0, 0, 0];
  for (const part of diffLines(textOf(one.structure, structure), textOf(one.path, path))) {
    if (part.removed) [s, removed] = [s + part.count, part.count];
    else {
      const first = part.added ? s - removed : s;
      const shared = part.added ? Math.min(removed, part.count) : part.count;
      for (let at = 0; at < shared; at += 1) pairs.push([first + at, p + at]);
      if (!part.added) s += part.count;
      [p, removed] = [p + part.count, 0];
    }
  }
  return { structure, path, pairs };
}

const pathTokens = 8_000;
const warmUps = 20;
/** Odd, so that the median is one of the measurements. */
const rounds = 51;

/** A structure of seven steps and a path of about 8,000 tokens: labelled paths one after the other. */
async function longPair(cases: readonly AlignmentCase[]): Promise<{ readonly structure: string; readonly path: string }> {
  const countTokens = await loadCl100k();
  const texts = cases.map(one => one.path);
  let path = '';
  for (let at = 0; countTokens(path) < pathTokens; at += 1) path += `${texts[at % texts.length] ?? ''}\n`;
  const steps = cases.map(one => one.structureSteps.map(({ start, end }) => one.structure.slice(start, end).trim())).find(each => each.length >= 5) ?? [];
  return { structure: steps.join('\n'), path };
}

function medianMs(pair: { readonly structure: string; readonly path: string }): number {
  for (let round = 0; round < warmUps; round += 1) align(pair);
  return median(Array.from({ length: rounds }, () => {
    const started = performance.now();
    align(pair);
    return performance.now() - started;
  }));
}

const ratio = (name: string, value: number, goal: BenchRecord['goal'] = null): BenchRecord => ({ name, value: rounded(value, 4), unit: 'ratio', goal });

/** How many pairs of the labelled structures and paths are joined as they should be, beside two plain ways to do it, and how long a long path takes. */
export const alignBenchmark: Benchmark = {
  names: ['align.f1', 'align.f1.tuned', 'align.f1.position', 'align.f1.lines', 'align.f1.gain', 'align.precision', 'align.precision.position', 'align.precision.lines', 'align.recall', 'align.recall.position', 'align.recall.lines', 'align.8k'],
  async *run() {
    const heldOut = alignmentCases(alignmentFiles.heldOut);
    const tuned = alignmentCases(alignmentFiles.tuned);
    const [own, position, lines] = [pairScores(heldOut, align), pairScores(heldOut, joinByPosition), pairScores(heldOut, joinByLines)];
    yield ratio('align.f1', own.f1, atLeast(0.9));
    yield ratio('align.f1.tuned', pairScores(tuned, align).f1);
    yield ratio('align.f1.position', position.f1);
    yield ratio('align.f1.lines', lines.f1);
    yield ratio('align.f1.gain', own.f1 - position.f1, atLeast(0.15));
    for (const score of ['precision', 'recall'] as const) {
      yield ratio(`align.${score}`, own[score]);
      yield ratio(`align.${score}.position`, position[score]);
      yield ratio(`align.${score}.lines`, lines[score]);
    }
    yield { name: 'align.8k', value: rounded(medianMs(await longPair(tuned)), 2), unit: 'ms', goal: atMost(20) };
  },
};
