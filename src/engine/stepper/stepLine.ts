import type { WantedCall } from '../../core/model/answer.ts';
import type { RunId } from '../../core/model/ids.ts';
import { problemError, type Problem } from '../../core/model/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ChatReply } from '../../ports/languageModel.ts';
import type { Store } from '../../ports/store.ts';
import type { AnswersInFlight } from '../answersInFlight.ts';
import { settlementOf } from '../arrival.ts';
import { requestOf, type Endpoint } from '../endpoint.ts';
import type { Fleet, Member } from '../fleet.ts';

/** What the calls of one step are sent with. */
export interface StepLineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly answers: AnswersInFlight;
  readonly timeoutMs: number;
  /** Begins the run that the receipts are written under: called once, when the first call is about to leave. */
  readonly beginRun: () => RunId;
}

/** An interactive lane of one branch: one call at a time, in front of whatever bulk has waiting, with the same receipts as every other call. */
export class StepLine implements Member {
  readonly #options: StepLineOptions;
  #wake: () => void = () => undefined;
  #problem: Problem | undefined;
  #stopped = false;
  #run: RunId | undefined;
  calls = 0;

  constructor(options: StepLineOptions) {
    this.#options = options;
    options.fleet.join(this);
    options.answers.join(this, () => { this.wake(); });
  }

  /** The run that its calls belong to; absent while none has left. */
  get run(): RunId | undefined {
    return this.#run;
  }

  wake(): void {
    this.#wake();
  }

  problem(problem: Problem): void {
    this.#problem = problem;
    this.stop();
  }

  /** Calls off what is under way; the call then ends as cancelled. */
  stop(): void {
    this.#stopped = true;
    this.#options.fleet.drop(this);
    this.#wake();
  }

  end(): void {
    this.#options.fleet.leave(this);
    this.#options.answers.leave(this);
  }

  /**
   * Sends one call and stores what comes of it. Throws the problem of a call that failed, `cancelled` once it was stopped, and `server-unreachable` where no
   * server is there.
   *
   * @returns false where nothing was sent, since a run that goes on has got the answer meanwhile
   */
  async ask(call: WantedCall, onText: (text: string) => void): Promise<boolean> {
    const { store, clock, answers, timeoutMs } = this.#options;
    if (!await this.#isMine(call)) return false;
    const endpoint = await this.#room(call);
    answers.ask(this, call);
    this.#run ??= this.#options.beginRun();
    const item = { call, tries: 0, strikes: 0, taskOrder: 0, notBeforeMs: 0 };
    const [attemptId] = store.commit({ sent: [{ runId: this.#run, call, retry: 0, sentAtMs: clock.nowMs() }] });
    if (attemptId === undefined) throw new Error('a receipt without a number');
    this.calls += 1;
    const reply = await endpoint.send({ request: requestOf(call), task: taskOf(call), lane: 'interactive', owner: this, timeoutMs, onText });
    const settlement = settlementOf({ item, endpoint, attemptId, reply }, clock.nowMs());
    store.commit({ settled: [settlement] });
    answers.end(this, call, settlement.answers);
    this.#options.fleet.freed();
    this.#refuse(reply);
    return true;
  }

  #refuse(reply: ChatReply): void {
    if (reply.ok) return;
    const problem = this.#problem ?? reply.problem;
    throw problemError(problem.code, problem.message, problem);
  }

  /** Waits while a run asks for the same answer. */
  async #isMine(call: WantedCall): Promise<boolean> {
    const { answers } = this.#options;
    for (;;) {
      this.#mustGoOn();
      const standing = answers.standing(this, call);
      if (standing === 'free') return true;
      if (standing === 'ended') {
        answers.forget(call.answers);
        return false;
      }
      await this.#woken(Infinity);
    }
  }

  async #room(call: WantedCall): Promise<Endpoint> {
    const { fleet, clock } = this.#options;
    const wish = { lane: 'interactive', fixed: false } as const;
    const role = fleet.roleOf(call.stage);
    try {
      for (;;) {
        this.#mustGoOn();
        fleet.tick();
        const endpoint = fleet.place({ ...wish, role, task: taskOf(call), request: requestOf(call), avoid: undefined });
        if (endpoint) return endpoint;
        if (fleet.endpoints.every(each => each.role !== role || each.watch.state === 'gone')) throw problemError('server-unreachable', `No server answers at the moment. ${fleet.outage ?? ''}`.trim(), { retryable: true });
        fleet.want(this, wish.lane, new Set([role]));
        await this.#woken(fleet.nextDueMs - clock.monotonicMs());
      }
    } finally {
      fleet.want(this, wish.lane, new Set());
    }
  }

  async #woken(withinMs: number): Promise<void> {
    const { clock } = this.#options;
    const timer = new AbortController();
    const woken = new Promise<void>(resolve => { this.#wake = resolve; });
    await Promise.race([woken, ...(Number.isFinite(withinMs) ? [clock.sleep(Math.max(0, withinMs), timer.signal).catch(() => undefined)] : [])]);
    timer.abort();
    this.#wake = () => undefined;
  }

  #mustGoOn(): void {
    if (this.#problem) throw problemError(this.#problem.code, this.#problem.message, this.#problem);
    if (this.#stopped) throw problemError('cancelled', 'The step was stopped.');
  }
}

function taskOf(call: WantedCall): WantedCall['answers'][number]['taskId'] {
  const [first] = call.answers;
  if (!first) throw new Error('a call for no answer');
  return first.taskId;
}
