import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';

/** A made-up question with its known answer, and how often the demo server comes to it without a hint, 0 to 1. */
export interface Question {
  readonly question: string;
  readonly gold: string;
  readonly accuracy: number;
}

/** Sentences that change nothing, so that questions differ in length as real ones do. */
const asides = [
  'The driver signs for the load, checks the seals of all boxes twice and leaves for the coast before noon.',
  'Nothing is added or taken away on the road, although the truck has to stop at a border for two hours.',
  'The boxes are stacked in rows behind the cabin, and the paper that lists them lies on the seat beside the driver.',
];
/** Of 25 tasks, those whose known answer the model never comes to by itself: 12 %, the share for which the method has its hint round. */
const outOfReach = new Set([7, 15, 23]);
/** Steps of the golden section fall evenly, whatever their number. */
const goldenSection = 0.6180339887;

/** How often the answer to a task within reach is right: distributed as Beta(3, 1), 75 % on average, one task in eight below a half. */
const accuracyAt = (index: number): number => Math.round(Math.cbrt(((index + 1) * goldenSection) % 1) * 1000) / 1000;

/** Question number `index`: 32 to 101 tokens, 66 on average, much as the questions of GSM8K have. */
export function questionAt(index: number): Question {
  const [boxes, each] = [index % 97 + 3, index % 89 + 2];
  const told = asides.slice(0, index % 4).join(' ');
  return {
    question: `Shipment ${index}: a warehouse loads ${boxes} boxes with ${each} lamps each onto a truck. ${told}${told === '' ? '' : ' '}How many lamps are on the truck when it reaches the shop that ordered them?`,
    gold: String(boxes * each),
    accuracy: outOfReach.has(index % 25) ? 0 : accuracyAt(index),
  };
}

/** A question of some 30 tokens. */
export const shortQuestionAt = (index: number): Omit<Question, 'accuracy'> => {
  const [boxes, each] = [index % 97 + 3, index % 89 + 2];
  return { question: `Shipment ${index}: a warehouse loads ${boxes} boxes with ${each} lamps each onto a truck. How many lamps are on the truck?`, gold: String(boxes * each) };
};

/** Writes values as JSON lines, one at a time: a million of them are no text that could be held. */
export async function writeLines(file: string, count: number, valueAt: (index: number) => unknown): Promise<string> {
  const stream = createWriteStream(file);
  for (let index = 0; index < count; index += 1) if (!stream.write(`${JSON.stringify(valueAt(index))}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
  return file;
}

/** A data set to import, and what the server is to know of it. */
export interface QuestionFiles {
  readonly imported: string;
  readonly served: string;
}

/** Writes the first so many questions. */
export async function writeQuestions(folder: string, count: number): Promise<QuestionFiles> {
  const imported = await writeLines(path.join(folder, 'questions.jsonl'), count, index => {
    const { question, gold } = questionAt(index);
    return { question, gold };
  });
  const served = await writeLines(path.join(folder, 'served.jsonl'), count, questionAt);
  return { imported, served };
}
