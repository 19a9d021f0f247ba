import type { CallStage, ModelStage } from '../model/stage.ts';

/** What a variable holds. `unknown` is what could not be read: nothing more is said about it. */
export type ValueType =
  | { readonly kind: 'text' | 'number' | 'boolean' | 'mixed' | 'unknown' }
  | { readonly kind: 'list'; readonly of: ValueType }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, ValueType>> };

const text: ValueType = { kind: 'text' };
const record = (...fields: readonly string[]): ValueType => ({ kind: 'record', fields: Object.fromEntries(fields.map(field => [field, text])) });

/** Every variable of the prompt language and what it holds. */
export const variableTypes = {
  task: record('question', 'answerKind'),
  guidelines: { kind: 'list', of: record('id', 'text') },
  guideline: record('id', 'text'),
  adapted: record('text'),
  structure: { kind: 'record', fields: { text, steps: { kind: 'list', of: text } } },
  path: record('text'),
  gold: text,
  hint: record('answer'),
} satisfies Readonly<Record<string, ValueType>>;

/** Name of a variable before its first dot. */
export type VariableRoot = keyof typeof variableTypes;

/** What `loop` holds inside a loop. */
export const loopType: ValueType = {
  kind: 'record',
  fields: { index: { kind: 'number' }, index0: { kind: 'number' }, length: { kind: 'number' }, first: { kind: 'boolean' }, last: { kind: 'boolean' } },
};

/** Whether a word names a variable of the language. */
export const isVariableRoot = (name: string): name is VariableRoot => Object.hasOwn(variableTypes, name);

/** The stages that may be shown the known answer as a hint. */
export const hintableStages: readonly ModelStage[] = ['adapt', 'structure', 'path'];

/** What a stage is given besides `task`: one of these sets, by the stages its recipe has. The first is the usual one. */
export const stageInputs: { readonly [Stage in CallStage]: readonly (readonly VariableRoot[])[] } = {
  choose: [['guidelines']],
  adapt: [['guideline']],
  structure: [['adapted'], ['guideline']],
  path: [['structure'], ['adapted'], []],
  judge: [['path', 'gold']],
  evaluate: [[]],
};

/**
 * What is given in one situation: a stage of a recipe, in one round. `required` must be used by the prompt, each by any of its fields.
 */
export interface Situation {
  readonly stage: CallStage;
  readonly given: ReadonlySet<VariableRoot>;
  readonly required: readonly VariableRoot[];
}

/** The situation of a stage that is given `inputs`, and the hint where `hinted`. */
export function situationOf(stage: CallStage, inputs: readonly VariableRoot[], hinted: boolean): Situation {
  return { stage, given: new Set<VariableRoot>(['task', ...inputs, ...(hinted ? ['hint' as const] : [])]), required: ['task', ...inputs] };
}

/** A variable's full names, such as `task.question`: what an author writes. */
export function dottedNames(root: VariableRoot): readonly string[] {
  const type: ValueType = variableTypes[root];
  return type.kind === 'record' ? Object.keys(type.fields).map(field => `${root}.${field}`) : [root];
}

/** What counts as using a variable that must be used: any of these names; the first is what the author is told. */
export const useOf: { readonly [Root in VariableRoot]: readonly [string, ...string[]] } = {
  task: ['task.question'], guidelines: ['guidelines'], guideline: ['guideline.text'], adapted: ['adapted.text'], structure: ['structure.text', 'structure.steps'],
  path: ['path.text'], gold: ['gold'], hint: ['hint.answer'],
};

/** Whether a stage may be shown the known answer as a hint. */
export const isHintable = (stage: CallStage): boolean => hintableStages.some(each => each === stage);

/** Everything that a stage may be given in some recipe and round. */
export function everGiven(stage: CallStage): ReadonlySet<VariableRoot> {
  return new Set<VariableRoot>(['task', ...stageInputs[stage].flat(), ...(isHintable(stage) ? ['hint' as const] : [])]);
}
