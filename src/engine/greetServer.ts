import { problemError, type Problem } from '../core/model/problem.ts';
import type { ChatRequest, LanguageModel } from '../ports/languageModel.ts';

const greeting: ChatRequest = {
  stage: 'path', messages: [{ role: 'user', content: 'Say good morning.' }], sampling: { temperature: 1, topP: 1, maxTokens: 1, stop: [] }, seed: 1, n: 1,
};
/** A server may be busy, and is a good one all the same. */
const timeoutMs = 20_000;
/** What no waiting mends. */
const refusals: readonly Problem['code'][] = ['server-wrong-key', 'server-unknown-model', 'server-bad-request'];

/** Asks a server that was described for one token: many list their models to anybody and want a key for answers. Throws what it refuses, and nothing that may pass. */
export async function greetServer(model: LanguageModel, signal: AbortSignal): Promise<void> {
  const reply = await model.complete(greeting, { signal, timeoutMs });
  if (!reply.ok && refusals.includes(reply.problem.code)) throw problemError(reply.problem.code, reply.problem.message, reply.problem);
}
