import type { AnswerKind, ChoiceOption } from '../model/task.ts';
import { grade, type GradeResult } from './grade.ts';
import { referenceFilter, type ReferenceFinding } from './reference.ts';

/**
 * How the filter of the released code and the typed grader stand to each other on one path. `false-accept`: the released filter takes the answer, the typed grader
 * finds it incorrect or unreadable. `false-reject`: the other way round. `undecided`: the typed grader cannot say.
 */
export const differences = ['agree', 'false-accept', 'false-reject', 'undecided'] as const;
/** One of `differences`. */
export type Difference = (typeof differences)[number];

/** Both findings on one path. */
export interface Compared {
  readonly typed: GradeResult;
  /** As the released code decides, faults and all: never a verdict of ours. */
  readonly released: ReferenceFinding;
  readonly difference: Difference;
}

/**
 * Grades one path of a task with a known answer both ways.
 *
 * @param task.gold never empty
 * @param countTokens see `referenceFilter`
 */
export function compareGraders(
  task: { readonly gold: string; readonly answerKind: AnswerKind; readonly options?: readonly ChoiceOption[] }, output: string, countTokens?: (text: string) => number,
): Compared {
  const { gold, answerKind, options } = task;
  const typed = grade({ gold, output, kind: answerKind, ...(options ? { options } : {}) });
  const released = referenceFilter({ gold, output, ...(countTokens ? { countTokens } : {}) });
  return { typed, released, difference: differenceOf(typed.verdict, released.verdict) };
}

function differenceOf(typed: GradeResult['verdict'], released: ReferenceFinding['verdict']): Difference {
  if (typed === 'unjudged') return 'undecided';
  if ((typed === 'correct') === (released === 'correct')) return 'agree';
  return released === 'correct' ? 'false-accept' : 'false-reject';
}
