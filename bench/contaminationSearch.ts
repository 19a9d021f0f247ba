// A process of its own, so that its memory is that of one search: `node contaminationSearch.ts TRAIN EVALUATION` with two numbers of tasks.
import process from 'node:process';
import { systemClock } from '../src/adapters/clock.ts';
import { findContamination, type Questions } from '../src/core/contamination/findContamination.ts';
import { usualThresholds } from '../src/core/model/contamination.ts';
import { inSlices } from '../src/engine/slices.ts';
import { questionAt } from './questions.ts';

const [train = 0, evaluation = 0] = process.argv.slice(2).map(Number);

/** Tasks that are made up as they are read, as an engine reads them from its project. */
const tasks = (length: number, textAt: (index: number) => string): Questions => ({
  length,
  *[Symbol.iterator]() { for (let index = 0; index < length; index += 1) yield { id: String(index), question: textAt(index) }; },
});

/** Of a hundred evaluation tasks one is a train task in other blanks, quotes and case, and one such with a word of its own. */
function evaluationText(index: number): string {
  const { question } = questionAt(index % 100 < 2 ? index * 7 % train : train + index);
  if (index % 100 === 0) return `“${question.toUpperCase().replaceAll(' ', '  ')}”`;
  return index % 100 === 1 ? question.replace('warehouse', 'storehouse') : question;
}

const pause = inSlices(systemClock);
const started = performance.now();
const search = findContamination({ train: tasks(train, index => questionAt(index).question), evaluation: tasks(evaluation, evaluationText) }, usualThresholds);
let step = search.next();
while (step.done !== true) {
  await pause();
  step = search.next();
}
const seconds = (performance.now() - started) / 1000;
const exact = step.value.pairs.filter(({ how }) => how === 'exact').length;
process.stdout.write(JSON.stringify({ seconds, exact, near: step.value.pairs.length - exact, megabytes: process.resourceUsage().maxRSS * 1024 / 1e6 }));
