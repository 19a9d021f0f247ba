import type { ServerLoad } from '../contract/reports.ts';
import type { WantedCall } from '../core/model/answer.ts';
import type { TaskId } from '../core/model/ids.ts';
import { problemError, problemOf, type Problem } from '../core/model/problem.ts';
import type { RunLane } from '../core/model/run.ts';
import type { ServerRole } from '../core/model/server.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChatReply, ChatRequest, LanguageModel, ServerDescription, ServerGauges } from '../ports/languageModel.ts';
import { GoodputLimit } from './limit/goodputLimit.ts';
import { MetricsLimit } from './limit/metricsLimit.ts';
import { RateBuckets, type RequestCost } from './limit/rateBuckets.ts';
import { RefusalLimit } from './limit/refusalLimit.ts';
import { mayPass } from './retry.ts';
import { ServerWatch } from './serverWatch.ts';

/** Calls that show whether a server which can be reached again answers them. */
const trialRoom = 8;
/** What an interactive run may have in flight however full the server is kept. */
const interactiveReserve = 8;
/** While the limit is looked for and more would be sent, each page may double it: the sooner it comes, the fewer slots stay empty meanwhile. */
const pollEveryMs = { looking: 60, least: 250, most: 1_000 };
/**
 * A page that takes longer than `late` tells of a load that was, and far too seldom to steer by: what comes back is measured instead, until pages come `soon`
 * again. A vLLM that was kept busy on two cores was seen to take 6.5 s.
 */
const pageMs = { late: 2_000, soon: 500 };
/** Requests in flight that no server is asked to take more of. */
const mostInFlight = 4096;

/** What an endpoint needs of the others. */
export interface EndpointOptions {
  readonly baseUrl: string;
  readonly model: LanguageModel;
  readonly clock: Clock;
  /** Absent where it did not answer when the run began: it is taken as gone, and joined later. */
  readonly description: ServerDescription | undefined;
  /** Identity of the model that it must serve. */
  readonly identity: string;
  readonly role: ServerRole;
  /** Whether any server of the run with this role has answered a request. */
  readonly isKnown: () => boolean;
  /** Told when there may be room where there was none. */
  readonly onChange: () => void;
  /** Told of what ends every run on it. */
  readonly onProblem: (problem: Problem) => void;
}

/** One call on its way. */
export interface Sending {
  readonly request: ChatRequest;
  readonly task: TaskId;
  readonly lane: RunLane;
  /** Whoever sends it, and may drop it. */
  readonly owner: object;
  readonly timeoutMs: number;
  /** Where somebody watches: told of the answers as they are written. */
  readonly onText?: (text: string, choice: number) => void;
}

interface Flight {
  readonly owner: object;
  readonly abort: AbortController;
  readonly sentAtMs: number;
  readonly receipt: RequestCost;
  /** The machine slept meanwhile: what came of it nobody knows. */
  unknown: boolean;
}

/** Of a request, what decides how much it takes. */
export type Costly = Pick<ChatRequest, 'messages' | 'sampling' | 'n'>;

/** A wish for room: of which lane, at servers of which role, and whether the number in flight was set by a person. */
export interface Wish {
  readonly lane: RunLane;
  readonly role: ServerRole;
  readonly fixed: boolean;
}

/** One server of a run: how many may be in flight there, whether it lives, and what was heard from it. */
export class Endpoint {
  readonly baseUrl: string;
  readonly role: ServerRole;
  readonly watch: ServerWatch;
  /** Whether a run would send more than it may. */
  wanted = false;
  readonly #options: EndpointOptions;
  readonly #refusals = new RefusalLimit();
  readonly #buckets = new RateBuckets();
  readonly #flights = new Set<Flight>();
  readonly #background = new AbortController();
  #limit: MetricsLimit | GoodputLimit;
  #inFlight = 0;
  #interactive = 0;
  #gauges: ServerGauges | undefined;
  /** When the page was asked for that is under way. */
  #polledMs: number | undefined;
  #nextPollMs: number;
  #bucketUntilMs = 0;
  #wantedSincePoll = false;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.baseUrl = options.baseUrl;
    this.role = options.role;
    const nowMs = options.clock.monotonicMs();
    this.watch = new ServerWatch(nowMs);
    this.#limit = limitFor(options.description);
    this.#nextPollMs = this.#limit instanceof MetricsLimit ? nowMs : Infinity;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get limit(): MetricsLimit | GoodputLimit {
    return this.#limit;
  }

  get gauges(): ServerGauges | undefined {
    return this.#gauges;
  }

  /** It asked to be left alone, or its allowances are used up. */
  limited(nowMs: number): boolean {
    return nowMs < this.#refusals.untilMs || nowMs < this.#bucketUntilMs;
  }

  /** Most sequences that may be in flight; 0 while it is gone, `Infinity` where nothing but a set number binds. */
  allowed(nowMs: number, fixed: boolean): number {
    switch (this.watch.state) {
      case 'gone': return 0;
      case 'trial': return trialRoom;
      case 'up': return Math.min(fixed ? Infinity : this.#limit.allowed, this.#refusals.allowed(nowMs));
    }
  }

  /** Whether a request may be sent now. The last one may go beyond the limit with some of its sequences: one for twenty answers would wait for ever else. */
  hasRoom({ lane, fixed }: Omit<Wish, 'role'>, nowMs: number, request?: Costly): boolean {
    if (this.watch.state === 'gone' || nowMs < this.#refusals.untilMs) return false;
    const reserved = lane === 'interactive' && this.#interactive < interactiveReserve;
    if (this.#inFlight >= this.allowed(nowMs, fixed) && !reserved) return false;
    const waitMs = request && this.#buckets.known ? this.#buckets.waitMs(costOf(request), nowMs) : 0;
    if (waitMs > 0) this.#bucketUntilMs = nowMs + waitMs;
    return waitMs === 0;
  }

  /** Says whether a run would send more. */
  want(wanted: boolean): void {
    if (wanted && !this.wanted && this.#looksForLimit) this.#nextPollMs = Math.min(this.#nextPollMs, this.#options.clock.monotonicMs() + pollEveryMs.looking);
    this.wanted = wanted;
    this.#wantedSincePoll ||= wanted;
  }

  /** Counts a request as in flight before it is: between the decision and the sending lies a transaction. */
  reserve(lane: RunLane, request: Costly): void {
    this.#count(lane, request.n);
    this.#buckets.reserve(costOf(request), 1);
  }

  /** What was reserved is not sent after all. */
  release(lane: RunLane, request: Costly): void {
    this.#count(lane, -request.n);
    this.#buckets.reserve(costOf(request), -1);
  }

  /** Sends one request that was reserved for, once. Never throws. */
  async send(sending: Sending): Promise<ChatReply> {
    const { clock, model } = this.#options;
    const { request, owner, lane } = sending;
    const sentAtMs = clock.monotonicMs();
    const cost = costOf(request);
    this.#buckets.reserve(cost, -1);
    const flight: Flight = { owner, abort: new AbortController(), sentAtMs, receipt: this.#buckets.sent(cost, sentAtMs), unknown: false };
    this.#flights.add(flight);
    const reply = await model.complete(request, { signal: flight.abort.signal, timeoutMs: sending.timeoutMs, ...(sending.onText && { onText: sending.onText }) })
      .catch((thrown: unknown): ChatReply => ({ ok: false, problem: problemOf(thrown) }));
    const inFlight = this.#inFlight;
    this.#count(lane, -request.n);
    this.#flights.delete(flight);
    if (!reply.ok && flight.unknown) return { ok: false, problem: outcomeUnknown };
    this.#learn(reply, sending, { flight, inFlight });
    return reply;
  }

  /** Drops the calls of one sender, or of all because nobody knows what became of them. */
  drop(owner: object | 'all'): void {
    for (const flight of this.#flights) {
      if (owner === 'all') flight.unknown = true;
      if (owner === 'all' || flight.owner === owner) flight.abort.abort();
    }
  }

  /** Starts what is due: asking the server what it is, and how busy. */
  tick(nowMs: number): void {
    if (nowMs >= this.watch.nextProbeMs) void this.#probe();
    if (this.#polledMs === undefined && nowMs >= this.#nextPollMs && this.watch.state !== 'gone') void this.#poll();
    const isLate = this.#polledMs !== undefined && nowMs - this.#polledMs > pageMs.late;
    if (isLate && this.#limit instanceof MetricsLimit) this.#limit = new GoodputLimit(this.#limit.allowed);
  }

  /** The next moment at which there is something to do. */
  nextDueMs(nowMs: number): number {
    const poll = this.#polledMs !== undefined || this.watch.state === 'gone' ? Infinity : this.#nextPollMs;
    const later = [this.#refusals.untilMs, this.#bucketUntilMs].filter(ms => ms > nowMs);
    return Math.min(this.watch.nextProbeMs, poll, ...later);
  }

  /** As it stands, for people. @param most where the number in flight was set, else absent */
  load(nowMs: number, most: number | undefined): ServerLoad {
    const state = this.watch.state !== 'up' ? 'gone' : this.limited(nowMs) ? 'limited' : 'up';
    const { running, waiting, cacheRatio } = (state === 'gone' ? undefined : this.#gauges) ?? {};
    return {
      baseUrl: this.baseUrl, inFlight: this.#inFlight, allowed: Math.min(this.allowed(nowMs, most !== undefined), most ?? mostInFlight), state, ...(this.role === 'judge' && { role: this.role }),
      ...(running !== undefined && { running }), ...(waiting !== undefined && { waiting }), ...(cacheRatio !== undefined && { cacheRatio }),
    };
  }

  async close(): Promise<void> {
    this.#background.abort();
    await this.#options.model.close();
  }

  #count(lane: RunLane, sequences: number): void {
    this.#inFlight += sequences;
    if (lane === 'interactive') this.#interactive += sequences;
  }

  #learn(reply: ChatReply, { request, task }: Sending, { flight, inFlight }: { readonly flight: Flight; readonly inFlight: number }): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#buckets.learn(reply.limits, flight.receipt, nowMs);
    if (reply.ok) {
      this.watch.answered(nowMs);
      this.#refusals.answered();
      if (this.#limit instanceof MetricsLimit) return;
      const worth = reply.usage?.outputTokens ?? request.n;
      this.#limit.answered({ sequences: request.n, worth, nowMs, binding: this.wanted }, mostInFlight);
      return;
    }
    if (reply.problem.code === 'server-unknown-model') this.watch.doubt(nowMs);
    else if (reply.problem.code === 'server-rate-limited') this.#refusals.refused({ sentAtMs: flight.sentAtMs, nowMs, inFlight, retryAfterMs: reply.retryAfterMs });
    else if (this.#mayPass(reply.problem)) this.watch.failed(task, reply.problem, nowMs);
  }

  #mayPass(problem: Problem): boolean {
    return mayPass(problem) && problem.code !== 'cancelled' && (problem.code !== 'server-bad-request' || this.#options.isKnown());
  }

  async #probe(): Promise<void> {
    const { clock, model, onProblem, onChange } = this.#options;
    const begunMs = clock.monotonicMs();
    this.watch.probeBegins();
    try {
      const found = await model.describe(this.#background.signal);
      const isSame = found.identity === this.#options.identity;
      if (!isSame && found.onTrust === true) throw problemError('server-error', `${this.baseUrl} cannot list its models, so that nobody knows whether it still serves ${this.#options.identity}.`);
      if (!isSame) onProblem(this.#otherModel(found.identity));
      if (this.watch.state === 'gone') this.#limit = limitFor(found);
      if (this.#limit instanceof MetricsLimit) this.#nextPollMs = Math.min(this.#nextPollMs, clock.monotonicMs());
      this.watch.probed({ ok: true }, begunMs, clock.monotonicMs());
    } catch (thrown) {
      if (this.#background.signal.aborted) return;
      const problem = problemOf(thrown);
      if (problem.code === 'server-wrong-key') onProblem(problem);
      if (problem.code === 'server-unknown-model') onProblem(this.#otherModel(undefined, problem.message));
      this.watch.probed({ ok: false, problem }, begunMs, clock.monotonicMs());
    }
    onChange();
  }

  #otherModel(found: string | undefined, words = ''): Problem {
    const now = found === undefined ? `it does not serve ${this.#options.identity} any more. ${words}` : `this run was begun with ${this.#options.identity}, and now it serves ${found}.`;
    return {
      code: 'model-mismatch',
      message: `${this.baseUrl} serves another model: ${now} Serve the first one there again and resume the run, or start a new run with the other: answers of two models are not mixed.`,
    };
  }

  async #poll(): Promise<void> {
    const { clock, model, onChange } = this.#options;
    const begunMs = clock.monotonicMs();
    this.#polledMs = begunMs;
    const binding = this.#wantedSincePoll;
    this.#wantedSincePoll = this.wanted;
    const gauges = await model.load(this.#background.signal);
    this.#polledMs = undefined;
    const nowMs = clock.monotonicMs();
    const everyMs = (least: number) => Math.min(Math.max(least, 4 * (nowMs - begunMs)), pollEveryMs.most);
    this.#nextPollMs = nowMs + everyMs(pollEveryMs.least);
    if (!gauges || this.#background.signal.aborted) return;
    this.#gauges = gauges;
    const before = this.#limit.allowed;
    if (!(this.#limit instanceof MetricsLimit) && nowMs - begunMs < pageMs.soon) this.#limit = new MetricsLimit(this.#limit.allowed);
    if (this.#limit instanceof MetricsLimit) this.#limit.sample(gauges, { inFlight: this.#inFlight, binding, most: mostInFlight });
    if (this.#looksForLimit && this.wanted) this.#nextPollMs = nowMs + everyMs(pollEveryMs.looking);
    if (this.#limit.allowed > before) onChange();
  }

  get #looksForLimit(): boolean {
    return this.#limit instanceof MetricsLimit && this.#limit.ramping;
  }
}

const outcomeUnknown: Problem = { code: 'outcome-unknown', message: 'The machine slept while the call was under way; it is asked again.', retryable: true };

const limitFor = (description: ServerDescription | undefined): MetricsLimit | GoodputLimit => (description?.capabilities.metrics === 'supported' ? new MetricsLimit() : new GoodputLimit());

/** The request that asks for the answers of a call. */
export function requestOf({ stage, messages, sampling, answers }: WantedCall): ChatRequest {
  return { stage, messages, sampling, seed: answers[0]?.seed ?? 0, n: answers.length };
}

/** Characters of a token, in the mean of English text. */
const charactersPerToken = 4;

/** What a request takes of a hosted server's allowances. */
function costOf({ messages, sampling, n }: Costly): RequestCost {
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  return { requests: 1, tokens: Math.ceil(characters / charactersPerToken) + sampling.maxTokens * n };
}
