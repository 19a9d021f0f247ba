import type { WantedCall } from '../core/model/answer.ts';
import type { AttemptId } from '../core/model/ids.ts';
import type { Problem } from '../core/model/problem.ts';
import type { ChatReply } from '../ports/languageModel.ts';
import type { Settlement } from '../ports/store.ts';
import type { QueuedCall } from './callQueue.ts';
import type { Endpoint } from './endpoint.ts';

/** A call that leaves, and where to. */
export interface Departure {
  readonly item: QueuedCall;
  readonly endpoint: Endpoint;
  /** What its retry costs; absent where it costs nothing. */
  readonly paid?: number;
}

/** A call that left, and its reply. */
export interface Arrival extends Departure {
  readonly attemptId: AttemptId;
  readonly reply: ChatReply;
}

type StoredAnswer = Settlement['answers'][number];

/** The answers that a reply brings, as they are stored. */
export function answersOf(call: WantedCall, reply: ChatReply & { ok: true }): readonly StoredAnswer[] {
  const { outputTokens } = reply.usage ?? {};
  const tokens = call.answers.length === 1 && outputTokens !== undefined ? { outputTokens } : {};
  return reply.choices.flatMap((choice, index) => {
    const wanted = call.answers[index];
    return wanted ? [{ ...wanted, raw: choice.text, finish: choice.finish, ...tokens }] : [];
  });
}

/** How a call ended, as it is stored. */
export function settlementOf({ attemptId, item, reply }: Arrival, endedAtMs: number): Settlement {
  if (!reply.ok) return { attemptId, state: reply.problem.code === 'outcome-unknown' ? 'unknown' : 'failed', endedAtMs, problem: reply.problem, answers: [] };
  return { attemptId, state: 'answered', endedAtMs, answers: answersOf(item.call, reply), ...(reply.usage ? { usage: reply.usage } : {}) };
}

const storeFailed: Problem = { code: 'outcome-unknown', message: 'The project could not be written while this call was on its way; the server may have worked on it for nothing.', retryable: true };

/** A call that was dropped because the store failed: nobody cancelled it, and nobody knows what became of it. */
export const unknownIfCancelled = (arrival: Arrival): Arrival =>
  (!arrival.reply.ok && arrival.reply.problem.code === 'cancelled' ? { ...arrival, reply: { ok: false, problem: storeFailed } } : arrival);
