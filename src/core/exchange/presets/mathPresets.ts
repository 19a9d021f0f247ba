import * as z from 'zod/mini';
import { inferKind } from '../../verify/kind.ts';
import { definePreset, rowId, scalar, sourceId, withGold } from '../preset.ts';
import { fold, isNumeral, isRowProblem, numberGold, quoted, tidy, type Gold, type RowProblem, type TaskDraft } from '../taskDraft.ts';
import { keyedGold, makeOptions, withOptions } from '../choiceOptions.ts';

/**
 * A body and the question about it as one text. A body that breaks off without an end gets a full stop,
 * or, where its last sentence is only a condition, a comma before the question.
 */
export function bodyAndQuestion(body: string, question: string): string {
  const start = fold(body);
  const end = fold(question);
  if (start === '' || end === '') return start + end;
  if (/[.!?,;:…"'”’)]$/.test(start)) return `${start} ${end}`;
  const lastSentence = start.slice(Math.max(start.lastIndexOf('. '), start.lastIndexOf('? '), start.lastIndexOf('! ')) + 1).trim();
  if (!/^(?:if|when|suppose|since)\b/i.test(lastSentence)) return `${start}. ${end}`;
  const asked = /^(?:How|What|Which|Who|Whose|Where|When|Is|Are|Does|Do|Did|Will|Can)\b/.test(end) ? end.charAt(0).toLowerCase() + end.slice(1) : end;
  return `${start}, ${asked}`;
}

const finalMark = '####';

function afterMark(answer: string): Gold {
  const at = answer.lastIndexOf(finalMark);
  if (at >= 0) return numberGold(answer.slice(at + finalMark.length), 'answer');
  if (tidy(answer) === '') return {};
  return { code: 'field-invalid', field: 'answer', message: `answer has no "${finalMark}" with the final number after it` };
}

/** GSM8K: `question`, and `answer` that ends in `#### number`. */
export const gsm8k = definePreset({
  name: 'gsm8k', title: 'GSM8K', licence: 'MIT', split: 'train', columns: [['question', 'answer']],
  row: z.object({ question: z.string(), answer: z.nullish(z.string()) }),
  marks: row => !row.answer || row.answer.includes(finalMark),
  draft: row => withGold({ question: row.question, answerKind: 'number' }, afterMark(row.answer ?? '')),
});

/** SVAMP: `Body`, `Question`, `Answer` as a number, `ID`. */
export const svamp = definePreset({
  name: 'svamp', title: 'SVAMP', licence: 'MIT', split: 'held-out', columns: [['Body', 'Question', 'Answer']],
  row: z.object({ ID: rowId, Body: z.string(), Question: z.string(), Answer: scalar }),
  marks: row => typeof row.Answer !== 'string' || isNumeral(row.Answer.trim()),
  draft: row => withGold(
    { ...sourceId(row.ID), question: bodyAndQuestion(row.Body, row.Question), answerKind: 'number' },
    // a table writes the whole number 51 as 51.0
    numberGold(typeof row.Answer === 'string' ? row.Answer.replace(/\.0+\s*$/, '') : row.Answer, 'Answer'),
  ),
});

const oneAmount = /^(-?\d[\d,]*(?:\.\d+)?)(?: \( ?([^()]*[^() ]) ?\))?$/;

/** What an ASDiv answer is: one amount with its unit, or something that only looks like one (a time, a ratio, a list, an ordinal). */
export function asdivAnswer(answer: string, solutionType: string): Pick<TaskDraft, 'answerKind' | 'gold'> | RowProblem {
  const text = fold(answer);
  if (text === '') return { answerKind: 'number' };
  const amount = oneAmount.exec(text);
  if (amount) return { answerKind: 'number', gold: amountWithUnit(amount[1] ?? '', amount[2]) };
  if (/^-?\d+\/\d+$/.test(text)) return { answerKind: 'number', gold: text };
  if (/^(?:yes|no)$/i.test(text)) return { answerKind: 'yesno', gold: text };
  if (text.includes(';')) return severalAmounts(text);
  // a time of day is written like a ratio; what is asked for tells them apart
  if (/^\d+:\d+$/.test(text) && solutionType === 'Ratio' || /^-\(\d+\/\d+\)$/.test(text)) return { answerKind: 'expression', gold: text };
  return { answerKind: 'text', gold: text };
}

/** The unit stays where the grader reads it as one; `350 g` may be a product to it, and then no answer would ever be right. */
function amountWithUnit(amount: string, unit: string | undefined): string {
  const whole = unit === undefined ? amount : `${amount} ${unit}`;
  return inferKind(whole) === 'number' ? whole : amount;
}

/** As a tuple, which keeps the order: who is 17 and who is 12 matters. */
function severalAmounts(text: string): Pick<TaskDraft, 'answerKind' | 'gold'> | RowProblem {
  const amounts = text.split(';').map(part => oneAmount.exec(part.trim())?.[1]);
  if (amounts.every(amount => amount !== undefined)) return { answerKind: 'expression', gold: `(${amounts.join(', ')})` };
  return { code: 'field-invalid', field: 'Answer', message: `Answer ${quoted(text)} holds several values that are not all amounts` };
}

/** An XML element that may have children beside its text. */
const mixedText = z.nullish(z.union([z.string(), z.object({ '#text': z.optional(z.string()) })]));

const textOf = (value: z.infer<typeof mixedText>): string => (typeof value === 'string' ? value : value?.['#text'] ?? '').trim();

/** ASDiv: `Body`, `Question`, `Answer` such as `9 (apples)`, `ID`. */
export const asdiv = definePreset({
  name: 'asdiv', title: 'ASDiv', licence: 'CC BY-NC 4.0', split: 'held-out', columns: [['Body', 'Question', 'Answer']],
  row: z.object({ ID: rowId, Body: z.nullish(z.string()), Question: z.string(), Answer: z.nullish(z.string()), 'Solution-Type': z.optional(mixedText), Grade: rowId }),
  draft: row => {
    const grade = sourceId(row.Grade).sourceId;
    const answer = asdivAnswer(row.Answer ?? '', textOf(row['Solution-Type']));
    return isRowProblem(answer) ? answer : { ...sourceId(row.ID), question: bodyAndQuestion(row.Body ?? '', row.Question), ...answer, ...(grade === undefined ? {} : { difficulty: `Grade ${grade}` }) };
  },
});

const labelled = /^\s*\(?([A-Za-z])\s*[).:]\s*(.*)$/s;

/** AQuA-RAT: `question`, `options` such as `A)32400`, `correct` as a letter. */
export const aqua = definePreset({
  name: 'aqua', title: 'AQuA-RAT', licence: 'Apache-2.0', split: 'held-out', columns: [['question', 'options', 'correct']],
  row: z.object({ question: z.string(), options: z.array(z.string()), correct: z.nullish(z.string()) }),
  draft: row => {
    const parts = row.options.map(option => labelled.exec(option));
    const bare = parts.findIndex(part => part === null);
    if (bare >= 0) return { code: 'field-invalid', field: `options.${bare}`, message: `options.${bare} should begin with its letter, as in "A)", and is ${quoted(row.options[bare])}` };
    const options = makeOptions(parts.map(part => part?.[2] ?? ''), parts.map(part => (part?.[1] ?? '').toUpperCase()), 'options');
    if (isRowProblem(options)) return options;
    return withGold({ question: withOptions(row.question, options.options), answerKind: 'choice', options: options.options }, keyedGold(row.correct, options, 'correct'));
  },
});
