import { tokenPieces } from './play/scan.ts';

/** One answer as it is sent. */
export interface Choice {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  /** The stop string that ended it. */
  readonly stopReason: string | undefined;
  readonly tokens: number;
}

/** Everything of a reply but its choices. */
export interface ReplyHead {
  readonly id: string;
  readonly createdSeconds: number;
  readonly model: string;
  readonly promptTokens: number;
  readonly cachedTokens: number;
}

/** A whole reply as JSON, put together by hand: most of it is the same every time. `logprobs` is the JSON text that stands for those of each choice. */
export function replyBody(head: ReplyHead, choices: readonly Choice[], logprobs: string): string {
  const listed = choices.map((choice, index) =>
    `{"index":${index},"message":{"role":"assistant","content":${JSON.stringify(choice.text)}},"logprobs":${logprobs},${endOf(choice)}}`);
  return `{${headOf(head, 'chat.completion')},"choices":[${listed.join(',')}],"usage":${usageOf(head, choices)}}`;
}

const headOf = ({ id, createdSeconds, model }: ReplyHead, object: string): string =>
  `"id":"chatcmpl-${id}","object":"${object}","created":${createdSeconds},"model":${JSON.stringify(model)},"system_fingerprint":"simulation"`;

const endOf = ({ finish, stopReason }: Choice): string => `"finish_reason":"${finish}","stop_reason":${stopReason === undefined ? 'null' : JSON.stringify(stopReason)}`;

function usageOf({ promptTokens, cachedTokens }: ReplyHead, choices: readonly Choice[]): string {
  const completion = choices.reduce((sum, choice) => sum + choice.tokens, 0);
  return `{"prompt_tokens":${promptTokens},"total_tokens":${promptTokens + completion},"completion_tokens":${completion},"prompt_tokens_details":{"cached_tokens":${cachedTokens}}}`;
}

/** The events of a streamed reply. `token(i)` gives what is sent once i tokens of each choice are there. */
export interface StreamEvents {
  readonly opening: string;
  readonly longest: number;
  token(index: number): string;
  readonly closing: string;
}

/** Cuts a reply into server-sent events, one token of each choice at a time. */
export function streamEvents(head: ReplyHead, choices: readonly Choice[], { includeUsage, logprobs }: { readonly includeUsage: boolean; readonly logprobs: string }): StreamEvents {
  const lead = `data: {${headOf(head, 'chat.completion.chunk')},"choices":[`;
  const event = (index: number, delta: string, end: string) => `${lead}{"index":${index},"delta":${delta},"logprobs":${logprobs},${end}}]}\n\n`;
  const open = '"finish_reason":null';
  const pieces = choices.map(choice => tokenPieces(choice.text));
  const usage = includeUsage ? `data: {${headOf(head, 'chat.completion.chunk')},"choices":[],"usage":${usageOf(head, choices)}}\n\n` : '';
  return {
    opening: choices.map((_, index) => event(index, '{"role":"assistant","content":""}', open)).join(''),
    longest: Math.max(0, ...pieces.map(each => each.length)),
    token: at => pieces.map((each, index) => (each[at] === undefined ? '' : event(index, `{"content":${JSON.stringify(each[at])}}`, open))).join(''),
    closing: `${choices.map((choice, index) => event(index, '{}', endOf(choice))).join('')}${usage}data: [DONE]\n\n`,
  };
}

/** An error as vLLM words it. */
export function errorBody(status: number, message: string, param: string | null): string {
  const type = { 400: 'BadRequestError', 404: 'NotFoundError', 413: 'BadRequestError', 429: 'RateLimitError', 503: 'ServiceUnavailableError' }[status] ?? 'InternalServerError';
  return JSON.stringify({ error: { message, type, param, code: status } });
}
