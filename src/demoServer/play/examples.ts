import type { Found } from './phrases.ts';
import type { Scan } from './scan.ts';

/** A box that holds something, as the end of a worked example has one. */
const filledBox = /\\boxed\{\s*[^\s}]/g;
/** One box may be there to show what a box looks like. */
const leastExamples = 2;

/** Worked examples in front of the task, from the beginning to the last of their boxes: their answers tell nothing about the task. Nothing where there are none. */
export function examplesBefore({ text, starts, ends }: Scan, question: Found<unknown> | undefined): readonly Found<null>[] {
  const before = text.slice(0, starts[question?.from ?? 0]);
  const boxes = [...before.matchAll(filledBox)];
  const last = boxes.at(-1);
  if (boxes.length < leastExamples || !last) return [];
  const end = text.indexOf('}', last.index);
  return [{ value: null, from: 0, to: ends.findIndex(at => at > end) }];
}
