import fc from 'fast-check';
import { compareInSteps, type Comparison } from '../../../../src/core/evaluation/compare.ts';
import type { EvaluatedRow, EvaluatedSet } from '../../../../src/core/evaluation/evaluated.ts';
import type { Domain } from '../../../../src/core/model/evaluation.ts';
import { taskId } from '../../../../src/core/model/ids.ts';
import type { Verdict } from '../../../../src/core/model/verdict.ts';

const meanings = {
  c: { kind: 'correct', extracted: '12', reason: 'equal' },
  w: { kind: 'incorrect', extracted: '14', reason: 'not-equal' },
  u: { kind: 'unreadable', extracted: null, reason: 'no-box' },
  d: { kind: 'unjudged', extracted: '12 or so', reason: 'undecided' },
  g: { kind: 'unjudged', extracted: '12', reason: 'gold-empty' },
  '-': null,
} satisfies Record<string, Verdict | null>;

/** A verdict by its letter: correct, wrong, unreadable, undecided, without a known answer (g), and - for none. */
export const verdict = (letter: string): Verdict | null => meanings[letter as keyof typeof meanings];

/** A set whose rows are words of letters, one letter for each model: `rows('cw', 40)` are forty tasks that the first model has right and the second wrong. */
export function aSet(name: string, domain: Domain, counts: readonly (readonly [letters: string, tasks: number])[]): EvaluatedSet {
  const words = counts.flatMap(([letters, tasks]) => Array.from({ length: tasks }, () => letters));
  return { name, domain, rows: words.map((letters, index): EvaluatedRow => ({ task: taskId(`${name}/${index}`), verdicts: Array.from(letters, verdict) })) };
}

/** Any set of two models. */
export const anySet = (name: string, domain: Domain): fc.Arbitrary<EvaluatedSet> =>
  fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('c', 'c', 'c', 'w', 'w', 'u', 'd', 'g', '-'), minLength: 2, maxLength: 2 }), fc.nat(9)), { maxLength: 12 }).map(counts => aSet(name, domain, counts));

/** A comparison without a stop. */
export function compare(...compared: Parameters<typeof compareInSteps>): Comparison {
  const steps = compareInSteps(...compared);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
