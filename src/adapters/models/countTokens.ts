import * as z from 'zod/mini';
import { parseJson } from '../../core/model/outside.ts';
import { serverRoot } from './baseUrl.ts';
import type { Endpoint } from './endpoint.ts';
import type { Transport } from './transport.ts';

/** A person waits for it, and has an estimate in its place. */
const countTimeoutMs = 2_000;

/** vLLM says how many; SGLang and llama.cpp list them. */
const countSchema = z.object({ count: z.optional(z.int().check(z.nonnegative())), tokens: z.optional(z.array(z.unknown())) });

/** Asks the server's tokenizer, one request for each text. Nothing where any of them is not answered: half of the counts would be no sum. */
export async function countTokens(transport: Transport, endpoint: Endpoint, { texts, model, signal }: {
  readonly texts: readonly string[];
  readonly model: string;
  readonly signal: AbortSignal;
}): Promise<readonly number[] | undefined> {
  const counts = await Promise.all(texts.map(async prompt => {
    // without the words that begin a text: here it is a part of one
    const body = { model, prompt, content: prompt, add_special_tokens: false };
    const result = await transport.send({ method: 'post', path: `${serverRoot(endpoint.baseUrl)}/tokenize`, body, signal, timeoutMs: countTimeoutMs });
    const read = countSchema.safeParse(result.ok ? parseJson(result.text) : undefined);
    return read.success ? read.data.count ?? read.data.tokens?.length : undefined;
  }));
  const known = counts.filter(count => count !== undefined);
  return known.length === counts.length ? known : undefined;
}
