import type { Problem } from '../core/model/problem.ts';
import type { CapabilityName, CapabilityState, ServerKind } from '../core/model/server.ts';
import type { CallStage, FinishReason, Message, Sampling, Usage } from '../core/model/stage.ts';

/** One request to a model: a prompt, how to draw from it, and how many answers. */
export interface ChatRequest {
  readonly stage: CallStage;
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  /** Seed of the first answer; answer i is drawn with `seed + i`. */
  readonly seed: number;
  /** Answers wanted, at least 1. */
  readonly n: number;
}

/** One answer of a reply. `text` is exactly what the server sent; it may be empty. */
export interface ChatChoice {
  readonly text: string;
  readonly finish: FinishReason;
}

/**
 * One of the allowances that a hosted server grants: at most `limit` in all, `remaining` of them left when it wrote this, and so many milliseconds until it is full
 * again, 0 or more.
 */
export interface RateAllowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

/** What a server says that it still takes; what it does not count is absent. */
export interface RateLimits {
  readonly requests?: RateAllowance;
  readonly tokens?: RateAllowance;
}

/**
 * What came back. Never more choices than were asked for; there may be fewer, at least one.
 *
 * Problems: every `server-…` code, `context-overflow`, `timed-out`, `reply-unreadable`, `reply-empty`, `cancelled`. `retryAfterMs` is the server's wish, 0 or more,
 * absent where it did not say. `limits` is absent where the server tells of none.
 */
export type ChatReply =
  | { readonly ok: true; readonly choices: readonly ChatChoice[]; readonly usage?: Usage; readonly limits?: RateLimits }
  | { readonly ok: false; readonly problem: Problem; readonly retryAfterMs?: number; readonly limits?: RateLimits };

/** What a batching server says of itself at one moment, for all who use it. Counts are of sequences. */
export interface ServerGauges {
  readonly running: number;
  /** Accepted, and not begun. */
  readonly waiting: number;
  /** Share of its memory for sequences that is in use, 0 to 1; absent where it does not tell. */
  readonly cacheRatio?: number;
  /** Sequences that had to be put back for lack of memory, since it began; absent where it does not tell. */
  readonly preemptions?: number;
}

/** What is known of an inference endpoint. */
export interface ServerDescription {
  /** Ends in `/v1`, no trailing slash. */
  readonly baseUrl: string;
  /** The served name that requests are sent with. */
  readonly model: string;
  /** Model identity for fingerprints: served name, declared revision, the server's own root or parent where it tells. */
  readonly identity: string;
  readonly capabilities: { readonly [Name in CapabilityName]: CapabilityState };
  /** Most tokens of prompt and answer together; absent where the server does not tell. */
  readonly contextTokens?: number;
  /** True for the built-in demo server: everything that came from it is labelled a simulation. */
  readonly simulated: boolean;
  /** It could not list its models when it was asked: name and identity are what was wished for, and whether it has them it did not say. */
  readonly onTrust?: true;
}

/** What a first look at an address finds. */
export interface ServerSurvey {
  /** Ends in `/v1`, no trailing slash. */
  readonly baseUrl: string;
  readonly kind: ServerKind;
  /** Names of the models that it lists, in its order, at most 200; empty where it lists none. */
  readonly models: readonly string[];
}

/** How one request is sent. */
export interface CompleteOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** `choice` counts the answers of the request from 0. */
  readonly onText?: (text: string, choice: number) => void;
}

/** One model at one inference endpoint. */
export interface LanguageModel {
  /**
   * Asks the endpoint what it serves. Sends no completion.
   *
   * Throws `ProblemError`: `server-unreachable`, `server-wrong-key`, `server-unknown-model` (lists what there is), `server-bad-request` (not an address of
   * such a server), `server-rate-limited`, `server-error`, `timed-out`, `reply-unreadable`, `cancelled`.
   */
  describe(signal: AbortSignal): Promise<ServerDescription>;
  /**
   * Looks in a short time what answers at the address and which models it lists, whichever is wished for. Sends no completion. Throws as `describe`, but for
   * `server-unknown-model`.
   *
   * @param options.timeoutMs deadline of each of two rounds of requests, in milliseconds
   */
  survey(options: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<ServerSurvey>;
  /**
   * Like `describe`, and finds out by a few tiny completions what is `supported`, `ignored` or `refused`. Throws the same.
   */
  probe(signal: AbortSignal): Promise<ServerDescription>;
  /**
   * Sends one request, once: retrying is the engine's business. Never throws for anything the network or the server does.
   *
   * @param options.timeoutMs deadline for the whole call, in milliseconds
   * @param options.signal aborts down to the socket; the reply is then `cancelled`
   * @param options.onText told of each piece of an answer as it is written, for a person who watches: the reply is the same with and without it, and one that
   * breaks off fails whatever was told before. From a server that does not stream all of it comes at once, in the end.
   */
  complete(request: ChatRequest, options: CompleteOptions): Promise<ChatReply>;
  /**
   * Counts tokens with the model's own tokenizer, without a completion.
   *
   * @returns one count for each text, in order; nothing where the server has no tokenizer to ask, or does not answer within seconds. Never throws.
   */
  countTokens(texts: readonly string[], signal: AbortSignal): Promise<readonly number[] | undefined>;
  /**
   * Asks what the server has to do at the moment; takes seconds on a busy one.
   *
   * @returns nothing where it does not tell, does not answer in time, or is not there: a poll says nothing of whether the server lives. Never throws.
   */
  load(signal: AbortSignal): Promise<ServerGauges | undefined>;
  /** Closes idle connections; no call may follow. */
  close(): Promise<void>;
}
