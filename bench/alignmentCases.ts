import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { answerKinds } from '../src/core/model/task.ts';

const join = z.union([z.int(), z.array(z.int())]);
const fileSchema = z.array(z.strictObject({
  name: z.string(),
  kind: z.enum(answerKinds),
  structure: z.string(),
  paths: z.array(z.strictObject({ joins: z.array(join), marks: z.string(), text: z.string() })),
}));

/** A part of a text that a step covers. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A structure and a path with the right steps, pairs and marks beside them. */
export interface AlignmentCase {
  /** Name of the structure and number of the path. */
  readonly name: string;
  readonly kind: (typeof answerKinds)[number];
  readonly structure: string;
  readonly path: string;
  readonly structureSteps: readonly Place[];
  readonly pathSteps: readonly Place[];
  /** Numbers of steps, from 0. */
  readonly pairs: readonly (readonly [structure: number, path: number])[];
  readonly marks: readonly string[];
}

const words: Readonly<Record<string, string>> = { f: 'followed', s: 'skipped', r: 'reordered', m: 'merged' };
const folder = path.resolve(import.meta.dirname, '../test/spec/alignment');

/** The files that figures may be tuned on, and the one that may not. */
export const alignmentFiles = { tuned: ['number', 'expression', 'choice', 'yesno', 'text', 'second', 'third'], heldOut: ['heldOut'] } as const;

/** A text without the signs that say where steps begin, and where they do. */
function withoutSigns(labelled: string): { readonly text: string; readonly steps: readonly Place[] } {
  const [lead = '', ...parts] = labelled.split('¦');
  let start = lead.length;
  const steps = parts.map(part => {
    const place = { start, end: start + part.length };
    start = place.end;
    return place;
  });
  return { text: lead + parts.join(''), steps };
}

/** The labelled pairs of structures and paths in some files of `test/spec/alignment`. */
export function alignmentCases(names: readonly string[]): readonly AlignmentCase[] {
  return names.flatMap(name => fileSchema.parse(parse(readFileSync(path.join(folder, `${name}.yaml`), 'utf8')))).flatMap(({ name, kind, structure, paths }) => {
    const outline = withoutSigns(structure);
    return paths.map((one, at): AlignmentCase => {
      const walked = withoutSigns(one.text);
      const pairs = one.joins.flatMap((join, step) => [join].flat().filter(number => number > 0).map(number => [step, number - 1] as const));
      return {
        name: `${name} ${at + 1}`, kind, structure: outline.text, path: walked.text, structureSteps: outline.steps, pathSteps: walked.steps, pairs,
        marks: [...one.marks].map(letter => words[letter] ?? letter),
      };
    });
  });
}
