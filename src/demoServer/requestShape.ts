import * as z from 'zod/mini';

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const messageShape = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(textPart), z.null()]),
});

const wholeFrom = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));

const chatShape = z.object({
  model: z.string(),
  messages: z.array(messageShape).check(z.minLength(1)),
  temperature: z.nullish(z.number().check(z.minimum(0), z.maximum(2))),
  top_p: z.nullish(z.number().check(z.gt(0), z.maximum(1))),
  max_tokens: z.nullish(wholeFrom(1, Number.MAX_SAFE_INTEGER)),
  max_completion_tokens: z.nullish(wholeFrom(1, Number.MAX_SAFE_INTEGER)),
  n: z.nullish(wholeFrom(1, 128)),
  seed: z.nullish(z.int()),
  stop: z.nullish(z.union([z.string(), z.array(z.string())])),
  stream: z.nullish(z.boolean()),
  stream_options: z.nullish(z.object({ include_usage: z.nullish(z.boolean()) })),
  structured_outputs: z.nullish(z.object({ choice: z.nullish(z.array(z.string()).check(z.minLength(1))), json: z.nullish(z.unknown()) })),
  response_format: z.nullish(z.object({ type: z.string(), json_schema: z.nullish(z.object({ schema: z.nullish(z.unknown()) })) })),
});
const enumShape = z.object({ enum: z.array(z.string()).check(z.minLength(1)) });

/** A request for completions, understood. */
export interface ChatRequestBody {
  readonly model: string;
  readonly prompt: string;
  readonly messageCount: number;
  readonly temperature: number;
  /** Absent where the request sets no limit of its own. */
  readonly maxTokens: number | undefined;
  readonly n: number;
  readonly seed: number;
  readonly stop: readonly string[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** The answer has to be one of these. */
  readonly choices: readonly string[] | undefined;
}

/** What was understood, or why the request is refused. */
export type Understood<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** Checks a parsed body. What a real server would ignore (`logprobs`, `guided_choice`, unknown names) is ignored. */
export function readChatRequest(body: unknown): Understood<ChatRequestBody> {
  const read = z.safeParse(chatShape, body);
  if (!read.success) return refusedBy(read.error);
  const { data } = read;
  const choices = structuredChoices(data);
  if (!choices.ok) return choices;
  const value = { ...samplingOf(data), model: data.model, prompt: joined(data.messages), messageCount: data.messages.length, choices: choices.value };
  if (value.n > 1 && value.temperature === 0) return { ok: false, message: `n must be 1 when using greedy sampling, got ${value.n}.` };
  return { ok: true, value };
}

/** What is not given has the values of vLLM, but for the seed: an answer here never comes from nothing. */
function samplingOf(data: z.infer<typeof chatShape>): Omit<ChatRequestBody, 'model' | 'prompt' | 'messageCount' | 'choices'> {
  return {
    temperature: data.temperature ?? 1, n: data.n ?? 1, seed: data.seed ?? 0,
    maxTokens: data.max_completion_tokens ?? data.max_tokens ?? undefined,
    stop: stopsOf(data.stop ?? []),
    stream: data.stream === true, includeUsage: data.stream_options?.include_usage === true,
  };
}

const stopsOf = (stop: string | readonly string[]): readonly string[] => (typeof stop === 'string' ? [stop] : stop).filter(each => each !== '');

const tokenizeShape = z.union([z.object({ prompt: z.string(), return_token_strs: z.nullish(z.boolean()) }), z.object({ messages: z.array(messageShape), return_token_strs: z.nullish(z.boolean()) })]);

/** Checks a body for `/tokenize`. */
export function readTokenizeRequest(body: unknown): Understood<{ readonly text: string; readonly strings: boolean }> {
  const read = z.safeParse(tokenizeShape, body);
  if (!read.success) return refusedBy(read.error);
  const text = 'prompt' in read.data ? read.data.prompt : joined(read.data.messages);
  return { ok: true, value: { text, strings: read.data.return_token_strs === true } };
}

function refusedBy(error: z.core.$ZodError): { readonly ok: false; readonly message: string } {
  const [issue] = error.issues;
  return { ok: false, message: `${issue?.path.map(String).join('.') || 'body'}: ${issue?.message ?? 'invalid'}` };
}

function joined(messages: readonly z.infer<typeof messageShape>[]): string {
  return messages.map(({ content }) => (typeof content === 'string' ? content : (content ?? []).map(part => part.text).join('\n'))).join('\n\n');
}

/** The words that an answer is limited to, where it is. Other schemas are refused, since an answer that breaks one would be worse. */
function structuredChoices(data: z.infer<typeof chatShape>): Understood<readonly string[] | undefined> {
  if (data.structured_outputs?.choice) return { ok: true, value: data.structured_outputs.choice };
  const schema = data.structured_outputs?.json ?? (data.response_format?.type === 'json_schema' ? data.response_format.json_schema?.schema ?? {} : undefined);
  if (schema === undefined) return { ok: true, value: undefined };
  const read = z.safeParse(enumShape, schema);
  if (!read.success) return { ok: false, message: 'Grammar error: the demo server understands only a schema that is an enum of strings' };
  return { ok: true, value: read.data.enum.map(word => JSON.stringify(word)) };
}
