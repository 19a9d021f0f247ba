import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';
import type { Problem, ProblemCode } from '../../core/model/problem.ts';
import type { FinishReason, Usage } from '../../core/model/stage.ts';
import type { ChatChoice } from '../../ports/languageModel.ts';
import { placeOf, quoted, type Endpoint } from './endpoint.ts';
import { problemOfRefusal, refusalWithin } from './serverProblem.ts';

/** The text of an answer: in one, or in parts. */
export const contentSchema = z.nullish(z.union([z.string(), z.array(z.object({ text: z.optional(z.string()) }))]));

/** All of it, without the parts that are no text. */
export const textOf = (content: z.infer<typeof contentSchema>): string => (typeof content === 'string' ? content : (content ?? []).map(part => part.text ?? '').join(''));

const choiceSchema = z.object({
  index: z.catch(z.optional(z.number()), undefined),
  message: z.object({ content: contentSchema }),
  finish_reason: z.catch(z.nullish(z.string()), undefined),
  logprobs: z.catch(z.nullish(z.object({ content: z.nullish(z.array(z.unknown())) })), undefined),
});

const tokensSchema = z.catch(z.optional(z.number().check(z.int(), z.nonnegative())), undefined);

/** What a server says of a call's tokens; what is no count is left out. */
export const usageSchema = z.object({
  prompt_tokens: tokensSchema,
  completion_tokens: tokensSchema,
  prompt_tokens_details: z.catch(z.nullish(z.object({ cached_tokens: tokensSchema })), undefined),
});

const replySchema = z.object({
  choices: z.array(z.catch(z.optional(choiceSchema), undefined)),
  usage: z.catch(z.nullish(usageSchema), undefined),
});

/** Every later stage's prompt holds the answer before it, and many are in memory at a time. What is longer than this no max_tokens of ours allows. */
export const longestText = 1_000_000;

/** One choice as it was understood. */
export interface ReadChoice extends ChatChoice {
  readonly hasLogprobs: boolean;
}

/** What a chat completion's body says: choices in their order, at least one and at most `n`, or why there are none. */
export type ReadReply =
  | { readonly ok: true; readonly choices: readonly ReadChoice[]; readonly usage?: Usage }
  | { readonly ok: false; readonly problem: Problem };

type Choice = z.infer<typeof choiceSchema>;

/** Words that servers use for why a model stopped. What is not here is `unknown`: a tool call, an abort. */
const finishWords: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'], ['eos_token', 'stop'], ['stop_sequence', 'stop'], ['length', 'length'], ['max_tokens', 'length'], ['content_filter', 'filtered'],
]);

/** What a server's word for the end of an answer means. */
export const finishOf = (word: string | undefined): FinishReason => finishWords.get(word ?? '') ?? 'unknown';

/** Reads the body of a reply with a success status. The text of an answer is exactly what the server sent; reasoning in fields of its own is left out. */
export function readReply(text: string, n: number, endpoint: Endpoint): ReadReply {
  if (text.trim() === '') return failedReply('reply-empty', `${placeOf(endpoint)} sent an empty reply.`, true);
  const body = parseJson(text);
  if (body === undefined) return unreadableText(text, endpoint);
  const refusal = refusalWithin(body);
  if (refusal !== undefined) return { ok: false, problem: problemOfRefusal(refusal, endpoint) };
  const reply = replySchema.safeParse(body);
  if (!reply.success) return notACompletion(text, endpoint);
  if (reply.data.choices.length === 0) return failedReply('reply-empty', `${placeOf(endpoint)} sent a reply without choices.`, true);
  const choices = inOrder(reply.data.choices).slice(0, n).map(readChoice);
  if (choices.length === 0) return notACompletion(text, endpoint);
  if (choices.some(choice => choice.text.length > longestText)) {
    return failedReply('reply-unreadable', `${placeOf(endpoint)} sent an answer of more than ${longestText} characters. Does it keep to max_tokens?`, false);
  }
  const usage = reply.data.usage ? readUsage(reply.data.usage) : undefined;
  return { ok: true, choices, ...(usage && { usage }) };
}

/**
 * Choice i was drawn with the seed of sample i, so a choice behind a gap is not taken for its neighbour: it is left out and asked for again.
 * Where the indices do not count from 0, or repeat, the order of sending is all there is.
 */
function inOrder(sent: readonly (Choice | undefined)[]): readonly Choice[] {
  const gap = sent.indexOf(undefined);
  const readable = (gap === -1 ? sent : sent.slice(0, gap)).filter(choice => choice !== undefined);
  const indices = new Set(readable.map(choice => choice.index));
  if (indices.size < readable.length || !indices.has(0)) return readable;
  const sorted = readable.toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0));
  const missing = sorted.findIndex((choice, position) => choice.index !== position);
  return missing === -1 ? sorted : sorted.slice(0, missing);
}

function readChoice(choice: Choice): ReadChoice {
  return { text: textOf(choice.message.content), finish: finishOf(choice.finish_reason ?? undefined), hasLogprobs: (choice.logprobs?.content?.length ?? 0) > 0 };
}

/** Tokens of a call; nothing where the server told none. */
export function readUsage(usage: z.infer<typeof usageSchema>): Usage | undefined {
  const { prompt_tokens: input, completion_tokens: output } = usage;
  const cached = usage.prompt_tokens_details?.cached_tokens;
  if (input === undefined && output === undefined && cached === undefined) return undefined;
  return { ...(input !== undefined && { inputTokens: input }), ...(output !== undefined && { outputTokens: output }), ...(cached !== undefined && { cachedTokens: cached }) };
}

function unreadableText(text: string, endpoint: Endpoint): ReadReply {
  const start = text.trimStart();
  if (start.startsWith('<')) {
    return failedReply('reply-unreadable', `${placeOf(endpoint)} answers with a web page. Is it the address of a model server, and is no login page in between?`, false);
  }
  if (start.startsWith('{')) return failedReply('reply-unreadable', `${placeOf(endpoint)} sent a reply that breaks off after ${text.length} characters.`, true);
  return failedReply('reply-unreadable', `${placeOf(endpoint)} does not answer in JSON: ${quoted(text, endpoint)}`, false);
}

const notACompletion = (text: string, endpoint: Endpoint): ReadReply =>
  failedReply('reply-unreadable', `${placeOf(endpoint)} sent something else than a chat completion: ${quoted(text, endpoint)}`, false);

/** A reply that is none. */
export const failedReply = (code: ProblemCode, message: string, retryable: boolean): ReadReply => ({ ok: false, problem: { code, message, retryable } });
