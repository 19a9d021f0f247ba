import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { CallStage } from '../../src/core/model/stage.ts';
import type { PromptVariables } from '../../src/core/model/prompt.ts';
import { isHintable } from '../../src/core/prompts/variables.ts';

const folder = path.resolve(import.meta.dirname, '../spec');

const text = z.string();
const variablesSchema = z.object({
  task: z.object({ question: text, answerKind: text }),
  structure: z.object({ text, steps: z.array(text) }),
  hint: z.optional(z.object({ answer: text })),
});
const templateSchema = z.strictObject({
  usual: variablesSchema,
  cases: z.array(z.strictObject({ name: text, body: text, partial: z.optional(text), variables: z.optional(z.partial(variablesSchema)), expect: text })),
});

/** One case of test/spec/template.yaml, with all its variables. */
export interface TemplateSpecCase {
  readonly name: string;
  readonly body: string;
  readonly partials: Readonly<Record<string, string>>;
  readonly variables: z.infer<typeof variablesSchema>;
  readonly expect: string;
}

/** The cases of test/spec/template.yaml. */
export function templateSpec(): readonly TemplateSpecCase[] {
  const { usual, cases } = templateSchema.parse(parse(readFileSync(path.join(folder, 'template.yaml'), 'utf8')));
  return cases.map(({ name, body, partial, variables: { task = usual.task, structure = usual.structure, hint } = {}, expect }) => ({
    name, body, expect, partials: partial === undefined ? {} : { 'partials/p.rgprompt': partial }, variables: { task, structure, ...(hint ? { hint } : {}) },
  }));
}

const problemSchema = z.strictObject({
  cases: z.array(z.strictObject({ name: text, stage: z.optional(text), text, partial: z.optional(text), expect: z.array(text) })),
});

/** One case of test/spec/prompt-problems.yaml: a whole file, and what is wrong with it where. */
export interface ProblemSpecCase {
  readonly name: string;
  readonly text: string;
  readonly partial: string | undefined;
  readonly expect: readonly { readonly code: string; readonly start: number; readonly end: number; readonly says: string }[];
}

/** The cases of test/spec/prompt-problems.yaml; `⟦` and `⟧` around a place are taken out of the text. */
export function problemSpec(): readonly ProblemSpecCase[] {
  const { cases } = problemSchema.parse(parse(readFileSync(path.join(folder, 'prompt-problems.yaml'), 'utf8')));
  return cases.map(({ name, stage, text: marked, partial, expect }) => {
    const { text: whole, places } = takeMarks(stage === undefined ? marked : `---\nstage: ${stage}\n---\n${marked}`);
    return {
      name, text: whole, partial,
      expect: expect.map((line, index) => {
        const [code = '', ...says] = line.split(' ');
        const [start, end] = places[index] ?? [0, 0];
        return { code, start, end, says: says.join(' ') };
      }),
    };
  });
}

function takeMarks(marked: string): { readonly text: string; readonly places: readonly (readonly [number, number])[] } {
  const open: number[] = [];
  const places: [number, number][] = [];
  let plain = '';
  for (const char of marked) {
    if (char === '⟦') open.push(plain.length);
    else if (char === '⟧') places.push([open.pop() ?? 0, plain.length]);
    else plain += char;
  }
  return { text: plain, places: places.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]) };
}

/** Variables for every situation of a stage: each kind of answer, with and without the hint, each kind of input, with texts that look like template. */
export function sampleVariables(stage: CallStage): readonly PromptVariables[] {
  const guideline = { id: 'simplify', text: 'Make it {{ smaller }}.' };
  const inputs: { readonly [Stage in CallStage]: readonly Omit<PromptVariables, 'task' | 'hint'>[] } = {
    choose: [{ guidelines: [guideline, { id: 'reflect', text: '{% if %}' }] }],
    adapt: [{ guideline }],
    structure: [{ adapted: { text: 'Adapted' } }, { guideline }],
    path: [{ structure: { text: '1. Count\n2. Add', steps: ['Count', 'Add'] } }, { adapted: { text: 'Adapted' } }],
    judge: [{ path: { text: 'So \\boxed{42}.' }, gold: '42' }],
    evaluate: [{}],
  };
  const hints = !isHintable(stage) ? [{}] : [{}, { hint: { answer: '{{ 42 }}' } }];
  return ['number', 'expression', 'choice', 'yesno', 'text'].flatMap(answerKind =>
    inputs[stage].flatMap(input => hints.map(hint => ({ task: { question: ' How {{ many }}?', answerKind }, ...input, ...hint }))));
}
