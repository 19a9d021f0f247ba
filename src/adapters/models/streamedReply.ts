import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';
import { placeOf, quoted, type Endpoint } from './endpoint.ts';
import { contentSchema, failedReply, finishOf, longestText, readUsage, textOf, usageSchema, type ReadReply } from './reply.ts';
import { problemOfRefusal, refusalWithin } from './serverProblem.ts';

const pieceSchema = z.object({
  choices: z.array(z.object({
    index: z.catch(z.optional(z.int().check(z.nonnegative())), undefined),
    delta: z.catch(z.nullish(z.object({ content: z.catch(contentSchema, undefined) })), undefined),
    finish_reason: z.catch(z.nullish(z.string()), undefined),
  })),
  usage: z.catch(z.nullish(usageSchema), undefined),
});

interface Growing {
  text: string;
  finish: string | undefined;
}

/** The value of a line `data: …`, the only field that a completion uses; comments and other fields are passed over, as the standard says. */
const dataOf = (line: string): string | undefined => (line.startsWith('data:') ? line.slice('data:'.length).replace(/^ /, '') : undefined);

/**
 * Reads a completion that comes in pieces. The answer is whole once every choice has said why it ended, or the server has said that it is done: what breaks off
 * before is a failure, however much of it came.
 *
 * Source: server-sent events, WHATWG HTML section 9.2.6; the chunks are OpenAI's `chat.completion.chunk`.
 */
export class StreamedReply {
  readonly #endpoint: Endpoint;
  readonly #onText: (text: string, choice: number) => void;
  readonly #choices: Growing[];
  #line = '';
  /** The last piece ended with a carriage return: what comes next says whether a line feed belongs to it. */
  #hangs = false;
  #usage: z.infer<typeof usageSchema> | undefined;
  #done = false;
  #failure: ReadReply | undefined;

  /** @param n choices that were asked for; what comes for others is left out */
  constructor(n: number, endpoint: Endpoint, onText: (text: string, choice: number) => void) {
    this.#endpoint = endpoint;
    this.#onText = onText;
    this.#choices = Array.from({ length: n }, () => ({ text: '', finish: undefined }));
  }

  /** Takes in what has arrived. @returns false once nothing more need be read */
  push(chunk: string): boolean {
    const mayEnd = this.#hangs || /[\r\n]/.test(chunk);
    this.#hangs = chunk.endsWith('\r');
    this.#line += chunk;
    // a line that goes on is not looked through again: one without end would cost the square of its length
    const lines = mayEnd ? this.#line.split(/\r\n|\n|\r(?!$)/) : [this.#line];
    this.#line = lines.pop() ?? '';
    if (this.#line.length > 4 * longestText) this.#fail('reply-unreadable', 'sent a line without end', false);
    for (const line of lines) if (!this.#isOver) this.#read(line);
    return !this.#isOver;
  }

  /** What came of it, once the stream has ended. */
  reply(): ReadReply {
    const rest = dataOf(this.#line)?.trim() ?? '';
    // a line that was cut is no garbage, but where the answer breaks off
    if (!this.#isOver && (rest === '[DONE]' || parseJson(rest) !== undefined)) this.#read(this.#line);
    if (this.#failure) return this.#failure;
    const choices = this.#whole();
    if (choices.length === 0) return failedReply('reply-unreadable', `${placeOf(this.#endpoint)} sent an answer that breaks off after ${this.#characters} characters.`, true);
    const usage = this.#usage && readUsage(this.#usage);
    return { ok: true, choices: choices.map(({ text, finish }) => ({ text, finish: finishOf(finish), hasLogprobs: false })), ...(usage && { usage }) };
  }

  get #isOver(): boolean {
    return this.#done || this.#failure !== undefined;
  }

  get #characters(): number {
    return this.#choices.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** Whole choices up to the first that is not: choice i was drawn with the seed of sample i. A server that ends with a word need not give a reason for each. */
  #whole(): readonly Growing[] {
    const isWhole = ({ text, finish }: Growing) => finish !== undefined || (this.#done && text !== '');
    const open = this.#choices.findIndex(choice => !isWhole(choice));
    return open < 0 ? this.#choices : this.#done ? this.#choices.slice(0, open) : [];
  }

  #read(line: string): void {
    const data = dataOf(line)?.trim();
    if (data === undefined || data === '') return;
    if (data === '[DONE]') {
      this.#done = true;
      return;
    }
    const body = parseJson(data);
    const refusal = body === undefined ? undefined : refusalWithin(body);
    if (refusal !== undefined) {
      this.#failure = { ok: false, problem: problemOfRefusal(refusal, this.#endpoint) };
      return;
    }
    const piece = pieceSchema.safeParse(body);
    if (piece.success) this.#take(piece.data);
    else this.#fail('reply-unreadable', `sent something else than pieces of a chat completion: ${quoted(data, this.#endpoint)}`, false);
  }

  #take({ choices, usage }: z.infer<typeof pieceSchema>): void {
    if (usage) this.#usage = usage;
    for (const { index = 0, delta, finish_reason: finish } of choices) this.#grow(index, textOf(delta?.content), finish || undefined); // some servers send an empty word with every piece
  }

  #grow(index: number, text: string, finish: string | undefined): void {
    const choice = this.#choices[index];
    if (!choice) return;
    choice.finish ??= finish;
    if (text === '') return;
    choice.text += text;
    if (choice.text.length > longestText) this.#fail('reply-unreadable', `sent an answer of more than ${longestText} characters. Does it keep to max_tokens?`, false);
    else this.#onText(text, index);
  }

  #fail(code: 'reply-unreadable', what: string, retryable: boolean): void {
    this.#failure ??= failedReply(code, `${placeOf(this.#endpoint)} ${what}${what.endsWith('?') ? '' : '.'}`, retryable);
  }
}
