import type { Answer, LostAnswer, WantedCall } from '../core/model/answer.ts';
import type { AttemptId, RunId, TaskId } from '../core/model/ids.ts';
import type { TaskOutcome } from '../core/model/outcome.ts';
import { problemOf, type Problem } from '../core/model/problem.ts';
import type { RunEndState } from '../core/model/run.ts';
import { isTrainTask, type TaskState } from '../core/model/task.ts';
import type { RunContext } from '../core/plan/context.ts';
import { TaskPlan } from '../core/plan/taskPlan.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChatReply, LanguageModel } from '../ports/languageModel.ts';
import type { AttemptDraft, OutcomeBasis, SettledTask, Settlement, Store } from '../ports/store.ts';
import { CallQueue, type QueuedCall } from './callQueue.ts';
import { OutageWatch } from './outage.ts';
import { remedyFor, retryDelayMs } from './retry.ts';
import { RunCounts } from './runCounts.ts';

/** What a run needs. */
export interface RunnerOptions {
  readonly context: RunContext;
  /** Train tasks, in the order in which they are worked on. */
  readonly tasks: readonly TaskId[];
  /** Tasks whose outcome has the `basis` already: those among the run's are counted and left as they are. */
  readonly settled?: ReadonlyMap<TaskId, SettledTask>;
  /** Stored with each outcome, see `basisOf`. Absent: every run works the outcomes out anew. */
  readonly basis?: string;
  readonly store: Store;
  readonly model: LanguageModel;
  readonly clock: Clock;
  /** Most requests in flight, at least 1. */
  readonly maxConcurrent: number;
  /** Deadline of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Most requests of this run; absent: no limit. */
  readonly maxCalls?: number;
  /** The server draws several answers in one request; else each is a request of its own. */
  readonly serverHasN: boolean;
  /** Told of tasks whose row may differ now. */
  readonly onTaskChange: (task: TaskId) => void;
}

/** How a run ended. */
export interface RunEnd {
  readonly state: RunEndState;
  readonly problem?: Problem;
}

interface ActiveTask {
  readonly plan: TaskPlan;
  readonly order: number;
  /** Calls queued or in flight. */
  open: number;
}

interface Arrival {
  readonly item: QueuedCall;
  readonly attemptId: AttemptId;
  readonly reply: ChatReply;
}

/** Replies that arrive within this time are stored in one transaction; far below the 50 ms that a crash may cost. */
const gatherMs = 3;
/** Tasks begun before the next transaction: where everything is stored already they fill no queue, and would otherwise be settled all at once. */
const begunAtOnce = 32;

/**
 * Runs a recipe over tasks: one loop in which a transaction stores what arrived and what is about to leave, and only then is anything understood or sent.
 * There is no other way to start or to resume.
 */
export class Runner {
  readonly counts = new RunCounts();
  readonly #options: RunnerOptions;
  readonly #open: readonly TaskId[];
  readonly #queue = new CallQueue();
  readonly #active = new Map<TaskId, ActiveTask>();
  readonly #abort = new AbortController();
  readonly #outage = new OutageWatch();
  #arrivals: Arrival[] = [];
  #givenUp: { readonly call: WantedCall; readonly problem: Problem }[] = [];
  #outcomes: TaskOutcome[] = [];
  #bases: OutcomeBasis[] = [];
  #nextTask = 0;
  #inFlight = 0;
  #lastFailure: Problem | undefined;
  #end: RunEnd | undefined;
  #lastGivenUp: Problem | undefined;
  #wake: () => void = () => undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#open = this.#leaveSettled();
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get runId(): RunId {
    return this.#options.context.runId;
  }

  /** Tasks begun and not settled. */
  get activeTasks(): number {
    return this.#active.size;
  }

  /** Until when every call waits to be tried again, and why; absent while anything is in flight or can be sent. */
  get waiting(): { readonly untilMs: number; readonly problem: Problem } | undefined {
    const untilMs = this.#queue.nextReadyMs;
    if (this.#inFlight > 0 || this.#queue.hasReady || untilMs === undefined || !this.#lastFailure) return undefined;
    return { untilMs, problem: this.#lastFailure };
  }

  /** Whether a task is being worked on at this moment. */
  isActive(task: TaskId): boolean {
    return this.#active.has(task);
  }

  /** Stops sending and drops what is in flight; the run ends as `state` once everything that arrived is stored. */
  stop(end: RunEnd): void {
    this.#end ??= end;
    this.#queue.clear();
    this.#abort.abort();
    this.#wake();
  }

  /** Works until everything is settled or the run is stopped. A failing store ends it as `failed`; nothing of the transaction is then kept. */
  async run(): Promise<RunEnd> {
    try {
      for (;;) {
        this.#activate();
        const sent = this.#takeReady();
        const arrivals = this.#arrivals;
        this.#arrivals = [];
        const ids = this.#commit(arrivals, sent);
        for (const arrival of arrivals) this.#understand(arrival);
        sent.forEach((item, index) => this.#dispatch(item, ids[index]));
        if (this.#idle()) break;
        await (this.#moreToDo() ? this.#options.clock.sleep(0, new AbortController().signal) : this.#gather());
      }
    } catch (thrown) {
      this.stop({ state: 'failed', problem: problemOf(thrown) });
    }
    for (const { plan } of this.#active.values()) this.counts.addCached(plan);
    return this.#end ?? this.#nothingAnswered() ?? { state: 'completed' };
  }

  /** A run in which every request was given up is not done, whatever each of them failed of. */
  #nothingAnswered(): RunEnd | undefined {
    const problem = this.#lastGivenUp;
    if (problem === undefined || this.#outage.answeredOnce) return undefined;
    const message = `Not one request of this run was answered, so its answers count as given up: mend what follows and run again with --retry-lost. ${problem.message}`;
    return { state: 'failed', problem: { ...problem, message } };
  }

  /** The run's tasks by state: those it did not settle stand as not started. */
  tasksByState(): Record<TaskState, number> {
    return this.counts.tasksByState(this.#options.tasks.length);
  }

  /** The tasks that are to be worked on; those settled before are counted. */
  #leaveSettled(): readonly TaskId[] {
    const { tasks, settled } = this.#options;
    return tasks.filter(id => {
      const task = settled?.get(id);
      if (task) this.counts.leave(task);
      return !task;
    });
  }

  /** Begins tasks, in order, while the calls of those begun do not fill the server. */
  #activate(): void {
    const { store, context, maxConcurrent } = this.#options;
    const last = Math.min(this.#open.length, this.#nextTask + begunAtOnce);
    while (!this.#end && this.#queue.size + this.#inFlight < maxConcurrent && this.#nextTask < last) {
      const order = this.#nextTask;
      this.#nextTask += 1;
      const id = this.#open[order];
      const task = id === undefined ? undefined : store.task(id);
      if (!task || !isTrainTask(task)) continue;
      const active = { plan: new TaskPlan({ ...context, task }), order, open: 0 };
      this.#active.set(task.id, active);
      active.plan.receive(store.answers(task.id), store.lost(task.id));
      this.counts.begin(active.plan);
      this.#goOn(active);
    }
  }

  /** Queues what a task wants now, or settles it. A task that may ask nothing more in this run (a stage is left out) is let go. */
  #goOn(active: ActiveTask): void {
    const { plan } = active;
    for (const call of plan.next()) for (const part of this.#requests(call)) this.#enqueue(active, { call: part, tries: 0, taskOrder: active.order, notBeforeMs: 0 });
    const { id } = plan.context.task;
    if (plan.settled) {
      const outcome = plan.outcome();
      const { basis } = this.#options;
      this.#outcomes.push(outcome);
      if (basis !== undefined) this.#bases.push({ taskId: id, basis, used: plan.decidedAnswers() });
      this.counts.settle(plan, outcome);
    } else if (active.open > 0) return;
    for (const dropped of this.#queue.dropTask(active.order)) this.counts.drop(dropped.call);
    // calls still in flight for branches that are no longer needed are stored when they arrive, and understood by a run that needs them
    this.#active.delete(id);
    this.#options.onTaskChange(id);
  }

  #requests(call: WantedCall): readonly WantedCall[] {
    return this.#options.serverHasN ? [call] : call.answers.map(answer => ({ ...call, answers: [answer] }));
  }

  #enqueue(active: ActiveTask, item: QueuedCall): void {
    if (this.#end) return;
    active.open += 1;
    this.#queue.add(item);
    this.counts.want(item.call);
  }

  #takeReady(): readonly QueuedCall[] {
    const { maxConcurrent, maxCalls = Infinity, clock } = this.#options;
    const ready: QueuedCall[] = [];
    while (!this.#end && this.#inFlight + ready.length < maxConcurrent) {
      if (this.counts.calls + ready.length >= maxCalls && this.#queue.size > 0) {
        this.#end = { state: 'paused', problem: { code: 'budget-spent', message: `The run may send ${maxCalls} requests and has sent them. Run again to go on.` } };
        this.#queue.clear();
        break;
      }
      const item = this.#queue.take(clock.monotonicMs());
      if (!item) break;
      ready.push({ firstSentMs: clock.monotonicMs(), ...item });
    }
    return ready;
  }

  /** One transaction: raw answers before they are understood, requests before they leave. */
  #commit(arrivals: readonly Arrival[], items: readonly QueuedCall[]): readonly AttemptId[] {
    const { store, clock, context } = this.#options;
    const nowMs = clock.nowMs();
    const settled = arrivals.map(arrival => settlementOf(arrival, nowMs));
    const sent = items.map((item): AttemptDraft => ({ runId: context.runId, call: item.call, retry: item.tries, sentAtMs: nowMs }));
    const [givenUp, outcomes, bases] = [this.#givenUp, this.#outcomes, this.#bases];
    if (settled.length + sent.length + givenUp.length + outcomes.length === 0) return [];
    [this.#givenUp, this.#outcomes, this.#bases] = [[], [], []];
    const lost = givenUp.flatMap(({ call, problem }) => call.answers.map(({ fingerprint, taskId }): LostAnswer => ({ fingerprint, taskId, runId: context.runId, problem })));
    for (const arrival of arrivals) this.counts.arrive(arrival.item.call, arrival.reply);
    this.counts.calls += sent.length;
    const { calls, cached, failed } = this.counts;
    const ids = store.commit({ settled, sent, lost, outcomes, bases, run: { id: context.runId, calls, cached, failed: Object.fromEntries(failed) } });
    for (const { call, problem } of givenUp) this.#receiveLost(call, problem);
    return ids;
  }

  #dispatch(item: QueuedCall, attemptId: AttemptId | undefined): void {
    const [first] = item.call.answers;
    if (!first || attemptId === undefined) return;
    this.#inFlight += 1;
    const { stage, messages, sampling, answers } = item.call;
    const request = { stage, messages, sampling, seed: first.seed, n: answers.length };
    void this.#options.model.complete(request, { signal: this.#abort.signal, timeoutMs: this.#options.timeoutMs })
      .catch((thrown: unknown): ChatReply => ({ ok: false, problem: problemOf(thrown) }))
      .then(reply => {
        this.#inFlight -= 1;
        this.#arrivals.push({ item, attemptId, reply });
        this.#wake();
      });
  }

  /** Lets a stored reply move its task on. */
  #understand({ item, reply, attemptId }: Arrival): void {
    const { answers } = item.call;
    const active = this.#activeOf(item.call);
    if (active) active.open -= 1;
    if (!reply.ok) {
      this.#remedy(item, active, reply);
      return;
    }
    this.#outage.answered(this.#options.clock.monotonicMs());
    const received = answersOf(item.call, reply).map((answer): Answer => ({ ...answer, attemptId, edited: false }));
    const missing = answers.slice(received.length);
    if (!active) return;
    if (missing.length > 0) this.#enqueue(active, { ...item, call: { ...item.call, answers: missing }, notBeforeMs: 0 });
    active.plan.receive(received);
    this.#options.onTaskChange(active.plan.context.task.id);
    this.#goOn(active);
  }

  #remedy(item: QueuedCall, active: ActiveTask | undefined, reply: ChatReply & { ok: false }): void {
    const { problem } = reply;
    const { firstSentMs = 0 } = item;
    const tries = item.tries + 1;
    const [first] = item.call.answers;
    if (first) this.#outage.failed(first.taskId);
    this.#lastFailure = problem;
    const remedy = remedyFor(problem, { tries, outage: this.#outage.since(firstSentMs) });
    if (remedy === 'pause-run') this.stop({ state: 'paused', problem });
    else if (remedy === 'fail-run') this.stop({ state: 'failed', problem });
    else if (remedy === 'retry' && active) {
      const notBeforeMs = this.#options.clock.monotonicMs() + retryDelayMs(tries, reply.retryAfterMs);
      this.#enqueue(active, { ...item, tries, notBeforeMs });
    } else if (remedy === 'give-up') {
      if (active) active.open += 1;
      this.#lastGivenUp = problem;
      this.#givenUp.push({ call: item.call, problem });
    }
  }

  /** A call that was given up is a stored fact by now; its branches go on without it. */
  #receiveLost(call: WantedCall, problem: Problem): void {
    const active = this.#activeOf(call);
    if (!active) return;
    active.open -= 1;
    active.plan.receive([], call.answers.map(({ fingerprint }) => ({ fingerprint, problem })));
    this.#goOn(active);
  }

  #activeOf(call: WantedCall): ActiveTask | undefined {
    const [first] = call.answers;
    return first && this.#active.get(first.taskId);
  }

  #moreToDo(): boolean {
    if (this.#arrivals.length + this.#givenUp.length + this.#outcomes.length > 0) return true;
    const { maxConcurrent, clock } = this.#options;
    if (this.#end || this.#inFlight >= maxConcurrent) return false;
    const readyAtMs = this.#queue.nextReadyMs ?? Infinity;
    const ready = this.#queue.hasReady || readyAtMs <= clock.monotonicMs();
    return ready || (this.#nextTask < this.#open.length && this.#queue.size + this.#inFlight < maxConcurrent);
  }

  #idle(): boolean {
    const stored = this.#arrivals.length + this.#givenUp.length + this.#outcomes.length === 0;
    return stored && this.#inFlight === 0 && this.#queue.size === 0 && (this.#end !== undefined || this.#nextTask >= this.#open.length);
  }

  /** Waits for a reply, a delayed call's time or a stop, and then a little longer, so that what arrives together is stored together. */
  async #gather(): Promise<void> {
    const { clock } = this.#options;
    const delayMs = Math.max(0, (this.#queue.nextReadyMs ?? Infinity) - clock.monotonicMs());
    const timer = new AbortController();
    const arrived = new Promise<void>(resolve => { this.#wake = resolve; });
    const due = delayMs === Infinity ? arrived : clock.sleep(delayMs, timer.signal).catch(() => undefined);
    await Promise.race([arrived, due]);
    timer.abort();
    this.#wake = () => undefined;
    if (this.#inFlight > 1) await clock.sleep(gatherMs, new AbortController().signal);
  }
}

type StoredAnswer = Settlement['answers'][number];

function answersOf(call: WantedCall, reply: ChatReply & { ok: true }): readonly StoredAnswer[] {
  const { outputTokens } = reply.usage ?? {};
  const tokens = call.answers.length === 1 && outputTokens !== undefined ? { outputTokens } : {};
  return reply.choices.flatMap((choice, index) => {
    const wanted = call.answers[index];
    return wanted ? [{ ...wanted, raw: choice.text, finish: choice.finish, ...tokens }] : [];
  });
}

function settlementOf({ attemptId, item, reply }: Arrival, endedAtMs: number): Settlement {
  if (!reply.ok) return { attemptId, state: 'failed', endedAtMs, problem: reply.problem, answers: [] };
  return { attemptId, state: 'answered', endedAtMs, answers: answersOf(item.call, reply), ...(reply.usage ? { usage: reply.usage } : {}) };
}
