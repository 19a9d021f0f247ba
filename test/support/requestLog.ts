import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod/mini';

const bodySchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  seed: z.number(),
  n: z.optional(z.number()),
  temperature: z.number(),
  top_p: z.number(),
  max_tokens: z.number(),
});
const lineSchema = z.object({ t: z.enum(['request', 'response']), id: z.number(), atMs: z.number(), path: z.optional(z.string()), stage: z.nullish(z.string()), body: z.optional(z.unknown()) });

/** A request for completions as a demo server logged it. */
export interface LoggedRequest extends z.infer<typeof bodySchema> {
  readonly stage: string;
  /** The text of all messages. */
  readonly prompt: string;
}

/** Requests for completions in a demo server's log, in the order of their arrival. */
export function requestsIn(log: string): readonly LoggedRequest[] {
  const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
  return text.split('\n').filter(line => line.startsWith('{"t":"request"')).flatMap(line => {
    const { path, stage, body } = lineSchema.parse(JSON.parse(line));
    if (path !== '/v1/chat/completions') return [];
    const read = bodySchema.parse(body);
    return [{ ...read, stage: stage ?? '', prompt: read.messages.map(message => message.content).join('\n') }];
  });
}

/** A request for completions with its body to the letter, and when it came and its reply ended; absent: it has not. */
export interface LoggedExchange {
  readonly stage: string;
  readonly body: string;
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

/** What a demo server was asked and when, in the order of arrival. */
export function exchangesIn(log: string): readonly LoggedExchange[] {
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1).map(line => lineSchema.parse(JSON.parse(line)));
  const ends = new Map(lines.filter(({ t }) => t === 'response').map(({ id, atMs }) => [id, atMs]));
  return lines.filter(({ t, path }) => t === 'request' && path === '/v1/chat/completions')
    .map(({ id, stage, body, atMs }) => ({ stage: stage ?? '', body: JSON.stringify(body), fromMs: atMs, toMs: ends.get(id) }));
}

/** Every draw that requests asked for, by what determines it; a draw that stands twice was asked for twice. */
export const drawsOf = (requests: readonly LoggedRequest[]): readonly string[] =>
  requests.flatMap(({ stage, seed, n = 1, prompt }) => Array.from({ length: n }, (_, index) => `${stage} ${seed + index} ${prompt}`));

/** How many requests each stage made. */
export function countByStage(requests: readonly LoggedRequest[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { stage } of requests) counts[stage] = (counts[stage] ?? 0) + 1;
  return counts;
}
