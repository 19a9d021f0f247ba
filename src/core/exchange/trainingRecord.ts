import type { ExportFormat } from '../model/exportRule.ts';
import type { AnswerKind, Task } from '../model/task.ts';

/** What one training record is made of. `wrapper` is the instruction before the question (see `trainingPrompt`). */
export interface RecordInput {
  readonly task: Pick<Task, 'question'>;
  /** The path as it is to be learnt, answer box and all; of a record with a label, the path that is judged. */
  readonly path: string;
  /** Blank for none. */
  readonly wrapper: string;
}

/** A record for formats that say more than what is to be learnt. */
export interface JudgedInput extends RecordInput {
  /** Whether the path is to be learnt. */
  readonly label: boolean;
  /** A worse path of the same task, of `dpo` only. */
  readonly rejected: string;
}

const answerForms: Readonly<Record<AnswerKind, string>> = {
  number: 'the number you arrive at',
  expression: 'the result in its simplest form',
  choice: 'the letter of the option you choose',
  yesno: 'Yes or No',
  text: 'your answer in as few words as it takes',
};

/** The instruction that stands before a question in training data: it fits the kind of answer and names no subject, since a task may be of any. */
export const trainingPrompt = (task: Pick<Task, 'answerKind'>): string =>
  `Think through the following step by step. End with a line that gives ${answerForms[task.answerKind]} inside \\boxed{}.`;

/** One message as trainers take it. A type and not an interface, so that it is a plain JSON value. */
export type TrainingMessage = { readonly role: 'user' | 'assistant'; readonly content: string };

const asked = ({ task, wrapper }: RecordInput): string => wrapper.trim() === '' ? task.question : `${wrapper.trim()}\n\n${task.question}`;
const user = (input: RecordInput): TrainingMessage => ({ role: 'user', content: asked(input) });
const assistant = (content: string): TrainingMessage => ({ role: 'assistant', content });

/** Question and path as messages. */
export const messagesOf = (input: RecordInput): readonly TrainingMessage[] => [user(input), assistant(input.path)];

/** One line of chat data, `{"messages":[user, assistant]}` and nothing else: ids and provenance are kept in files of their own. */
export const chatRecord = (input: RecordInput): string => JSON.stringify({ messages: messagesOf(input) });

/** One line of prompt and completion in their conversational form, so that a trainer applies the model's own chat template. */
export const promptCompletionRecord = (input: RecordInput): string => JSON.stringify({ prompt: [user(input)], completion: [assistant(input.path)] });

/** One line in ShareGPT's shape. */
export const shareGptRecord = (input: RecordInput): string =>
  JSON.stringify({ conversations: [{ from: 'human', value: asked(input) }, { from: 'gpt', value: input.path }] });

/** One line in Alpaca's shape: the wrapper as the instruction, the question as its input; without a wrapper the question is the instruction. */
export const alpacaRecord = ({ task, path, wrapper }: RecordInput): string =>
  JSON.stringify(wrapper.trim() === ''
    ? { instruction: task.question, input: '', output: path }
    : { instruction: wrapper.trim(), input: task.question, output: path });

/** One line of unpaired preferences, as TRL's KTO trainer takes them: prompt and completion are conversations. */
export const ktoRecord = ({ label, ...input }: JudgedInput): string => JSON.stringify({ prompt: [user(input)], completion: [assistant(input.path)], label });

/** One pair of preferences, as TRL's DPO trainer takes it: prompt, chosen and rejected are conversations. */
export const dpoRecord = ({ rejected, ...input }: JudgedInput): string =>
  JSON.stringify({ prompt: [user(input)], chosen: [assistant(input.path)], rejected: [assistant(rejected)] });

/** One record as a line of JSON. For Parquet it is what a row of the file holds, and not what stands there. */
export const lineOf: { readonly [Format in ExportFormat]: (input: JudgedInput) => string } = {
  'chat': chatRecord, 'prompt-completion': promptCompletionRecord, 'sharegpt': shareGptRecord, 'alpaca': alpacaRecord, 'parquet': chatRecord, 'kto': ktoRecord, 'dpo': dpoRecord,
};
