import * as z from 'zod/mini';
import { answerKinds, type AnswerKind } from '../../core/model/task.ts';
import type { Facets, KnownTask, SolutionStep } from '../knowledge.ts';
import { fill } from './template.ts';
import type { Random } from './random.ts';

/** One line of a `--gold` file. Its accuracy, 0 to 1, is that of answers without a hint; absent, that of the file. */
export const goldLineShape = z.object({
  question: z.string().check(z.minLength(1)), gold: z.string().check(z.minLength(1)), kind: z.optional(z.enum(answerKinds)),
  accuracy: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
});
/** A question with its answer, and nothing known of the way between. */
export type GoldLine = z.infer<typeof goldLineShape>;

const facets: Facets = {
  about: 'this question',
  ask: 'the answer that is asked for',
  key: 'the relation between what is known and what is asked',
  givens: 'the facts that the question states',
  trap: 'reading past one of the facts',
  simple: 'with smaller numbers or fewer facts the same steps can be followed at a glance',
  check: 'the result agrees with the facts that the question states',
  other: 'a rough estimate from another side points to the same result',
};

/** The plan of every such task; the work is made up from the question, since nobody told this server how to solve it. */
export const goldSteps: readonly SolutionStep[] = [
  { plan: ['Write down what the question states', 'Gather the facts that are stated'], work: [] },
  { plan: ['Relate the facts to what is asked', 'See how the facts bear on what is asked'], work: [] },
  { plan: ['Carry this through to the result', 'Combine everything into the result'], work: [] },
];

/** A task of which only the answer is known. @param accuracy where its line has none */
export function goldTask(line: GoldLine, accuracy: number): KnownTask {
  return { id: line.question, question: line.question, answer: line.gold, kind: line.kind ?? kindOf(line.gold), difficulty: 3, facets, steps: goldSteps, wrong: [], accuracy: line.accuracy ?? accuracy, hasOwnAccuracy: line.accuracy !== undefined };
}

/** The kind that an answer looks like. */
export function kindOf(gold: string): AnswerKind {
  const text = gold.trim();
  if (/^(?:yes|no|true|false)\.?$/i.test(text)) return 'yesno';
  if (/^\(?[A-H]\)(?:\s.*)?$|^[A-H]$/s.test(text)) return 'choice';
  if (/^[-+]?[$€£]?\s?[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)\s?(?:%|[a-z]+)?$/i.test(text)) return 'number';
  return /[\\^=]|\d\s*[-+*/]/.test(text) ? 'expression' : 'text';
}

const stated = [
  'The question states these numbers: {numbers}.', 'What is given in numbers: {numbers}.', 'I collect the numbers of the text, {numbers}.',
];
const statedWithout = ['The question states its facts in words, and I keep them apart.', 'There is little to count here, so the wording of the facts matters.'];
const related = ['Taken together, {first} and {second} make {sum}, and set against each other they differ by {difference}.', 'A first relation: ${first} + {second} = {sum}$.', 'Between {first} and {second} lies {difference}, which helps to place the others.'];
const relatedWithout = ['Each fact rules something out, until one possibility is left.', 'Put in order, the facts lead from one to the next.', 'What is asked depends on all of the facts at once.'];
const carried = ['Carried through with everything that is stated, this gives {answer}.', 'Working it out to the end leads to {answer}.', 'All facts together leave {answer}.'];

/** Work for the three steps: true sums over the numbers of the question, and then the result as it is to be. */
export function goldWork(question: string, answer: string, random: Random): readonly string[] {
  const numbers = [...question.matchAll(/(?<![\d.])\d+(?:\.\d+)?/g)].slice(0, 4).map(match => match[0]);
  const [first, second] = numbers;
  if (first === undefined || second === undefined) return [random.pick(statedWithout), random.pick(relatedWithout), fill(random.pick(carried), { answer })];
  const exact = (value: number) => String(Math.round(value * 10_000) / 10_000);
  const values = { first, second, sum: exact(Number(first) + Number(second)), difference: exact(Math.abs(Number(first) - Number(second))), numbers: numbers.join(', '), answer };
  return [fill(random.pick(stated), values), fill(random.pick(related), values), fill(random.pick(carried), values)];
}
