import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { answerKinds, type AnswerKind } from '../core/model/task.ts';

/**
 * Phrases of a task that the voices build their sentences from: noun phrases, but for `trap` (a gerund) and the clauses `simple`, `check` and `other`,
 * which alone may name results.
 */
export type Facets = Readonly<Record<'about' | 'ask' | 'key' | 'givens' | 'trap' | 'simple' | 'check' | 'other', string>>;

/** One step of a worked solution: how a plan names it, and how a path works it out, in interchangeable wordings. */
export interface SolutionStep {
  readonly plan: readonly string[];
  readonly work: readonly string[];
}

/** A plausible wrong turn: from this step on (counted from 0) the work reads otherwise and ends in another answer. */
export interface WrongTurn {
  readonly from: number;
  readonly answer: string;
  readonly work: readonly string[];
}

/**
 * What the model does with a task again and again, so that every end state can be seen. `hard`: never right without a hint. `leaky`: the same, and every hinted
 * path says that it was told. `stubborn`: never right, hint or not. `unboxed`: never puts its answer in a box without a hint.
 */
export type Habit = 'hard' | 'leaky' | 'stubborn' | 'unboxed';

/** A task that the demo server can play. */
export interface KnownTask {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  readonly kind: AnswerKind;
  /** 1 (easy) to 5. */
  readonly difficulty: number;
  readonly facets: Facets;
  readonly steps: readonly SolutionStep[];
  readonly wrong: readonly WrongTurn[];
  readonly habit?: Habit | undefined;
  /** Chance of a right answer, for tasks of which no more than the answer is known. */
  readonly accuracy?: number;
  /** That chance is the task's, whoever is played. */
  readonly hasOwnAccuracy?: boolean;
}

/** A guideline as the server is told of it. */
export interface GuidelineText {
  readonly id: string;
  readonly text: string;
}

/** Texts below `prompts/`: bundles have them inside, a checkout reads them. */
export interface ShippedTexts {
  /** `samples/tasks.jsonl`: JSON lines `{ id, question, answer, kind, options?, difficulty }`. */
  readonly samples: string;
  /** `samples/solutions.json`: what the demo server knows of each sample task, by id. */
  readonly solutions: string;
  /** `guidelines/library.yaml`, by which guidelines are recognised in prompts; without it, by their vocabulary. */
  readonly guidelines?: string | undefined;
}

const texts = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
const solutionShape = z.strictObject({
  habit: z.optional(z.enum(['hard', 'leaky', 'stubborn', 'unboxed'])),
  about: z.string(), ask: z.string(), key: z.string(), givens: z.string(), trap: z.string(), simple: z.string(), check: z.string(), other: z.string(),
  steps: z.array(z.strictObject({ plan: texts, work: texts })).check(z.minLength(2)),
  wrong: z.array(z.strictObject({ from: z.int().check(z.nonnegative()), answer: z.string(), work: texts })).check(z.minLength(2)),
});
const sampleShape = z.object({
  id: z.string(), question: z.string(), answer: z.string(), kind: z.enum(answerKinds), difficulty: z.int().check(z.minimum(1), z.maximum(5)),
});

/** Reads both texts into tasks, in the order of the samples. Throws an `Error` that names the task where they are malformed or do not fit each other. */
export function readKnownTasks({ samples, solutions }: ShippedTexts): KnownTask[] {
  const bySolution = z.record(z.string(), solutionShape).parse(JSON.parse(solutions));
  return samples.split('\n').filter(line => line.trim() !== '').map(line => {
    const sample = sampleShape.parse(JSON.parse(line));
    const solution = bySolution[sample.id];
    if (solution === undefined) throw new Error(`sample task ${sample.id} has no solution`);
    const { steps, wrong, habit, ...facets } = solution;
    if (wrong.some(turn => turn.from + turn.work.length !== steps.length)) throw new Error(`a wrong turn of sample task ${sample.id} does not end where the solution ends`);
    return { ...sample, facets, steps, wrong, habit };
  });
}

/**
 * The guidelines of a library file: each entry from its `- id:` to the next, taken as one text. That is enough to recognise them, since layout and
 * words that all entries share do not count there; a YAML reader would be needed for more.
 */
export function guidelineTexts(library: string): GuidelineText[] {
  const parts = library.split(/^[ \t]*-[ \t]+id:[ \t]*(\S+)[ \t]*$/m);
  return parts.flatMap((id, at) => (at % 2 === 1 ? [{ id, text: parts[at + 1] ?? '' }] : []));
}

/** Reads the texts from a `prompts` folder. */
export function readShippedTexts(folder: string): ShippedTexts {
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  return { samples: read('samples/tasks.jsonl'), solutions: read('samples/solutions.json'), guidelines: read('guidelines/library.yaml') };
}
