import { cutSteps } from './cutSteps.ts';
import type { Pair } from './inOrder.ts';
import { joinSteps } from './joinSteps.ts';
import { pathMarks, structureMarks, type PathMark, type StructureMark } from './marks.ts';
import type { Step } from './step.ts';

/** Which step of a path carries out which step of its structure. */
export interface Alignment {
  readonly structure: readonly Step[];
  readonly path: readonly Step[];
  /** Places in the two lists, from 0; by structure step, then by path step. A step may be in several. */
  readonly pairs: readonly Pair[];
  readonly marks: { readonly structure: readonly StructureMark[]; readonly path: readonly PathMark[] };
  /** Share of the structure's steps that are carried out, 0 to 1; 0 where there are none. */
  readonly coverage: number;
}

/**
 * Lines up a reasoning structure with the path that follows it. Deterministic; English words help, other languages are compared by their own words and by numbers.
 *
 * @returns offsets are UTF-16 code units into the text as given. At most 10,000 steps of each text; a longer text's last step takes the rest.
 */
export function align({ structure, path }: { structure: string; path: string }): Alignment {
  const structureSteps = cutSteps(structure, 'structure');
  const pathSteps = cutSteps(path, 'path');
  const pairs = joinSteps(structureSteps, pathSteps);
  const marks = { structure: structureMarks(structureSteps.length, pairs), path: pathMarks(pathSteps.length, pairs) };
  const carriedOut = marks.structure.filter(mark => mark !== 'skipped').length;
  return { structure: structureSteps, path: pathSteps, pairs, marks, coverage: structureSteps.length === 0 ? 0 : carriedOut / structureSteps.length };
}
