import { isFields } from '../../core/model/outside.ts';
import type { Problem } from '../../core/model/problem.ts';
import { placeOf, quoted, type Endpoint } from './endpoint.ts';

/** An answer that is no success: its status, and its body as JSON where it is JSON, else as text. */
export interface Refusal {
  readonly status: number;
  readonly body: unknown;
}

/** What different servers call the same thing when a prompt does not fit: OpenAI, vLLM, SGLang, llama.cpp. */
const overflowWords = ['context_length_exceeded', 'context length', 'max_model_len', 'context size', 'context window'];
const unknownModelWords = ['does not exist', 'not found', 'not exist', 'unknown model', 'invalid model', 'no such model'];
const noCreditWords = ['insufficient_quota', 'insufficient quota', 'insufficient balance', 'insufficient credits'];

type Judge = (words: string, endpoint: Endpoint) => Problem;

const judges: Readonly<Record<number, Judge>> = {
  400: badRequest,
  401: wrongKey,
  402: noCredit,
  403: wrongKey,
  404: notFound,
  407: (_, endpoint) => ({
    code: 'server-unreachable', retryable: false,
    message: `The proxy on the way to ${placeOf(endpoint)} asks for a name and password; put them into HTTPS_PROXY or HTTP_PROXY.`,
  }),
  408: (words, endpoint) => ({ code: 'timed-out', message: `${placeOf(endpoint)} gave up waiting (408).${said(words, endpoint)}`, retryable: true }),
  409: serverError,
  413: badRequest,
  422: badRequest,
  425: rateLimited,
  429: rateLimited,
  501: badRequest,
};

/**
 * What an HTTP status with its body means, and whether the same call may succeed later. A path that is not there and a redirect say nothing of the request: where
 * there was a server before, a gateway answers in its place.
 */
export function problemOfRefusal(refusal: Refusal, endpoint: Endpoint): Problem {
  const words = wordsOf(refusal.body);
  const judge = judges[refusal.status];
  if (judge !== undefined) return judge(words, endpoint);
  if (refusal.status >= 500) return serverError(`${refusal.status} ${words}`, endpoint);
  if (refusal.status >= 300 && refusal.status < 400) {
    return { code: 'server-bad-request', message: `${placeOf(endpoint)} redirects elsewhere (${refusal.status}); give the address it redirects to.`, retryable: true };
  }
  return badRequest(`${refusal.status} ${words}`, endpoint);
}

function badRequest(words: string, endpoint: Endpoint): Problem {
  if (mentions(words, overflowWords)) {
    return { code: 'context-overflow', message: `Prompt and answer do not fit into the model's context.${said(words, endpoint)}`, retryable: false };
  }
  if (mentions(words, ['model_not_found'])) return unknownModel(words, endpoint);
  return { code: 'server-bad-request', message: `${placeOf(endpoint)} refuses the request.${said(words, endpoint)}`, retryable: false };
}

function wrongKey(words: string, endpoint: Endpoint): Problem {
  const what = endpoint.apiKey === undefined ? 'asks for a key and none was given' : 'refuses the key';
  return { code: 'server-wrong-key', message: `${placeOf(endpoint)} ${what}. Give the key of that server.${said(words, endpoint)}`, retryable: false };
}

function notFound(words: string, endpoint: Endpoint): Problem {
  const modelNamed = /\bmodel\b/i.test(words) && mentions(words, unknownModelWords);
  if (modelNamed || mentions(words, ['model_not_found'])) return unknownModel(words, endpoint);
  return {
    code: 'server-bad-request', retryable: true,
    message: `${placeOf(endpoint)} is not an OpenAI-compatible address (404). Is the path right, up to and with /v1?${said(words, endpoint)}`,
  };
}

function unknownModel(words: string, endpoint: Endpoint): Problem {
  return { code: 'server-unknown-model', message: `${placeOf(endpoint)} does not serve that model.${said(words, endpoint)}`, retryable: false };
}

function rateLimited(words: string, endpoint: Endpoint): Problem {
  if (mentions(words, noCreditWords)) return noCredit(words, endpoint);
  return { code: 'server-rate-limited', message: `${placeOf(endpoint)} asks to slow down.${said(words, endpoint)}`, retryable: true };
}

function noCredit(words: string, endpoint: Endpoint): Problem {
  return {
    code: 'server-rate-limited', retryable: false,
    message: `The account at ${placeOf(endpoint)} has no credit left; waiting will not help.${said(words, endpoint)}`,
  };
}

function serverError(words: string, endpoint: Endpoint): Problem {
  return { code: 'server-error', message: `${placeOf(endpoint)} failed.${said(words, endpoint)}`, retryable: true };
}

const mentions = (words: string, any: readonly string[]): boolean => {
  const low = words.toLowerCase();
  return any.some(word => low.includes(word));
};

function said(words: string, endpoint: Endpoint): string {
  const quote = quoted(words, endpoint);
  return quote === '' ? '' : ` It says: ${quote}`;
}

/**
 * The words in an error body, whatever its shape: `{ error: { message, code, type } }` of OpenAI and vLLM, `{ error: "…" }`, `{ message }`,
 * `{ detail }` of FastAPI, else the text with its HTML tags left out. Codes and types are put behind the message.
 */
function wordsOf(body: unknown): string {
  if (typeof body === 'string') return textOfPage(body);
  if (!isFields(body)) return '';
  const error = body['error'];
  if (typeof error === 'string') return error;
  const inner = isFields(error) ? error : body;
  const message = inner['message'] ?? inner['detail'];
  const labels = [inner['code'], inner['type']].filter(label => typeof label === 'string');
  return [typeof message === 'string' ? message : shortJson(message ?? inner), ...labels.map(label => `[${label}]`)].join(' ');
}

/** The status that a body with status 200 states for itself, where it is an error all the same (proxies do that); absent where it is none. */
export function refusalWithin(body: unknown): Refusal | undefined {
  if (!isFields(body) || Array.isArray(body['choices'])) return undefined;
  const error = body['error'];
  if ((error === undefined || error === null) && body['object'] !== 'error') return undefined;
  const code = Number(isFields(error) ? error['code'] : body['code']);
  return { status: Number.isInteger(code) && code >= 400 && code < 600 ? code : 500, body };
}

function shortJson(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 4_000);
  } catch (thrown) {
    if (thrown instanceof RangeError) return ''; // nested so deep that the stack does not reach
    throw thrown;
  }
}

/** Angle brackets are found by hand: a regular expression for tags takes quadratic time on a page of nothing but `<`. */
function textOfPage(page: string): string {
  let text = '';
  let inTag = false;
  for (const character of page.slice(0, 4_000)) {
    if (character === '<') inTag = true;
    if (!inTag) text += character;
    if (character === '>') {
      inTag = false;
      text += ' ';
    }
  }
  return text;
}
