import type { Answer, LostAnswer, WantedCall } from '../core/model/answer.ts';
import type { AttemptId, RunId, TaskId } from '../core/model/ids.ts';
import type { TaskOutcome } from '../core/model/outcome.ts';
import { problemOf, type Problem } from '../core/model/problem.ts';
import type { RateBound, RunEndState, RunLane } from '../core/model/run.ts';
import { serverRoles, type ServerRole } from '../core/model/server.ts';
import type { TaskState } from '../core/model/task.ts';
import type { TaskWork } from '../core/plan/taskWork.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChatReply } from '../ports/languageModel.ts';
import type { AttemptDraft, OutcomeBasis, SettledTask, Store } from '../ports/store.ts';
import type { AnswersInFlight } from './answersInFlight.ts';
import { answersOf, settlementOf, unknownIfCancelled, type Arrival, type Departure } from './arrival.ts';
import type { QueuedCall } from './callQueue.ts';
import { requestOf, type Wish } from './endpoint.ts';
import type { Fleet, Member } from './fleet.ts';
import { HeldCalls } from './heldCalls.ts';
import { BoundWatch } from './rateBound.ts';
import { mostStrikes, remedyFor, retryDelayMs, type Remedy } from './retry.ts';
import { RetryQuota } from './retryQuota.ts';
import { RoleQueues } from './roleQueues.ts';
import { RunCounts } from './runCounts.ts';
import type { LiveTexts } from './stepper/liveTexts.ts';
import { TaskFeed, turnMs, type ActiveTask } from './taskFeed.ts';

/** What a run needs. */
export interface RunnerOptions {
  readonly runId: RunId;
  /** In the order in which they are worked on. */
  readonly tasks: readonly TaskId[];
  /** What is to be done for a task; absent: nothing, as for one that is not there any more. */
  readonly workOn: (task: TaskId) => TaskWork | undefined;
  /** Tasks whose outcome has the `basis` already: those among the run's are counted and left as they are. */
  readonly settled?: ReadonlyMap<TaskId, SettledTask>;
  /** Stored with each outcome, see `basisOf`. Absent: every run works the outcomes out anew. */
  readonly basis?: string;
  readonly store: Store;
  readonly fleet: Fleet;
  /** What the runs of this project ask for at the moment. */
  readonly shared: AnswersInFlight;
  /** The branches that somebody watches; absent: nobody watches any. */
  readonly texts?: LiveTexts;
  readonly clock: Clock;
  readonly lane: RunLane;
  /** Requests in flight, at least 1; absent: as many as the servers are found to hold. */
  readonly concurrency?: number;
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

/** Replies that arrive within this time are stored in one transaction; far below the 50 ms that a crash may cost. */
const gatherMs = 3;
/** Most that one transaction stores or sends: more would hold the loop for too long, and brings nothing. */
const mostAtOnce = 32;

/**
 * Runs a recipe over tasks: one loop in which a transaction stores what arrived and what is about to leave, and only then is anything sent or understood.
 * There is no other way to start or to resume.
 */
export class Runner implements Member {
  readonly counts = new RunCounts();
  readonly #options: RunnerOptions;
  readonly #wish: Omit<Wish, 'role'>;
  readonly #feed: TaskFeed;
  readonly #queue: RoleQueues;
  readonly #quota = new RetryQuota();
  readonly #bound = new BoundWatch();
  readonly #held = new HeldCalls();
  #arrivals: Arrival[] = [];
  /** Arrivals that the store refused. */
  #refused: readonly Arrival[] = [];
  /** Arrivals that are stored and not understood yet. */
  #stored: Arrival[] = [];
  #givenUp: { readonly call: WantedCall; readonly problem: Problem }[] = [];
  #outcomes: TaskOutcome[] = [];
  #bases: OutcomeBasis[] = [];
  #inFlight = 0;
  #sequences = 0;
  /** The roles whose servers took no more when it was last tried. */
  #full: ReadonlySet<ServerRole> = new Set();
  #answeredOnce = false;
  #lastFailure: Problem | undefined;
  #lastGivenUp: Problem | undefined;
  #end: RunEnd | undefined;
  #wake: () => void = () => undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#wish = { lane: options.lane, fixed: options.concurrency !== undefined };
    this.#queue = new RoleQueues(({ stage }) => options.fleet.roleOf(stage));
    this.#feed = new TaskFeed({ ...options, tasks: this.#leaveSettled() });
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get runId(): RunId {
    return this.#options.runId;
  }

  get lane(): RunLane {
    return this.#options.lane;
  }

  get fleet(): Fleet {
    return this.#options.fleet;
  }

  /** The number of requests in flight, where it was set. */
  get concurrency(): number | undefined {
    return this.#options.concurrency;
  }

  /** Tasks begun and not settled. */
  get activeTasks(): number {
    return this.#feed.active.size;
  }

  /** What holds the rate down: an outage at once, anything else when it has lasted. */
  get bound(): RateBound {
    return this.fleet.capacity(true) === 0 ? 'gone' : this.#bound.bound;
  }

  /** For how long its servers were gone so far, so that nothing could be asked: no time at all of work. */
  goneMs(nowMs: number): number {
    return this.#bound.goneMs(nowMs);
  }

  /** Until when every call waits to be tried again, and why; absent while anything is in flight or can be sent. */
  get waiting(): { readonly untilMs: number; readonly problem: Problem } | undefined {
    const limited = this.#blocked ? this.fleet.nextDueMs : undefined;
    const untilMs = this.#queue.ready > 0 ? limited : this.#queue.nextReadyMs;
    if (this.#inFlight > 0 || untilMs === undefined || !this.#lastFailure) return undefined;
    return { untilMs, problem: this.#lastFailure };
  }

  /** Whether a task is being worked on at this moment, or its outcome is not stored yet: one that is stored meanwhile would be replaced. */
  isActive(task: TaskId): boolean {
    return this.#feed.active.has(task) || this.#outcomes.some(outcome => outcome.taskId === task);
  }

  wake(): void {
    this.#held.recheck('another-run', 'leave');
    this.#wake();
  }

  problem(problem: Problem): void {
    this.stop({ state: 'paused', problem });
  }

  /** Stops sending and drops what is in flight; the run ends as `state` once everything that arrived is stored. */
  stop(end: RunEnd): void {
    this.#end ??= end;
    this.#queue.clear();
    this.#held.clear();
    this.#options.fleet.drop(this);
    this.#wake();
  }

  /** Works until everything is settled or the run is stopped. A failing store ends it as `failed`; what had arrived is then stored if the store takes it again. */
  async run(): Promise<RunEnd> {
    const { fleet, shared } = this.#options;
    fleet.join(this);
    shared.join(this, () => this.wake());
    try {
      while (!this.#idle()) {
        this.#turn();
        if (!this.#idle()) await (this.#moreToDo() ? this.#sleep(0) : this.#gather());
      }
    } catch (thrown) {
      this.stop({ state: 'failed', problem: problemOf(thrown) });
      await this.#settleRest();
    } finally {
      fleet.leave(this);
      shared.leave(this);
    }
    for (const { work } of this.#feed.active.values()) this.counts.end(work);
    return this.#end ?? this.#nothingAnswered() ?? { state: 'completed' };
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

  #turn(): void {
    this.#options.fleet.tick();
    this.#queue.wake(this.#options.clock.monotonicMs());
    this.#begin();
    const sent = this.#takeReady();
    const arrivals = this.#arrivals.splice(0, mostAtOnce);
    const ids = this.#committed(arrivals, sent);
    sent.forEach((departure, index) => this.#dispatch(departure, ids[index]));
    this.#stored.push(...arrivals);
    this.#understandSome();
    this.#bound.note(this.#boundNow(), this.#options.clock.monotonicMs());
  }

  /** A run in which every request was given up is not done, whatever each of them failed of. */
  #nothingAnswered(): RunEnd | undefined {
    const problem = this.#lastGivenUp;
    if (problem === undefined || this.#answeredOnce) return undefined;
    const message = `Not one request of this run was answered, so its answers count as given up: mend what follows and run again with --retry-lost. ${problem.message}`;
    return { state: 'failed', problem: { ...problem, message } };
  }

  /** Begins tasks, in order, while the calls of those begun do not fill the servers. */
  #begin(): void {
    this.#feed.begin(() => this.#wantsTasks(), active => {
      this.counts.begin(active.work);
      this.#goOn(active);
    });
  }

  /** A few calls more than can be sent at once lie ready, so that what leaves can go into the transaction of what arrived. */
  #wantsTasks(): boolean {
    if (this.#end || this.#feed.exhausted) return false;
    const { concurrency, fleet } = this.#options;
    const capacity = Math.min(fleet.capacity(this.#wish.fixed), concurrency ?? Infinity);
    // where a server fails so often that retries cannot be afforded, ever more tasks would stand half done, all of them in memory
    if (Math.max(this.#held.size, this.#queue.readyFor('judge')) >= capacity) return false;
    const spare = Math.max(4, capacity / 16);
    const ready = this.#queue.readyFor('generate');
    const under = concurrency === undefined ? this.#sequences : this.#inFlight;
    return ready < spare || (!this.#full.has('generate') && ready + under < capacity + spare);
  }

  /** Queues what a task wants now, or settles it. A task that may ask nothing more in this run (a stage is left out) is let go. */
  #goOn(active: ActiveTask): void {
    const { work } = active;
    for (const call of work.next()) for (const part of this.#requests(call)) this.#enqueue(active, { call: part, tries: 0, strikes: 0, taskOrder: active.order, notBeforeMs: 0 });
    const { taskId: id } = work;
    if (work.settled) this.#conclude(work);
    else if (active.open > 0) return;
    else this.#letGo(work);
    for (const dropped of [...this.#queue.dropTask(active.order), ...this.#held.dropTask(active.order)]) this.counts.drop(dropped.call);
    // calls still in flight for branches that are no longer needed are stored when they arrive, and understood by a run that needs them
    this.#feed.end(id);
    this.#options.onTaskChange(id);
  }

  #conclude(work: TaskWork): void {
    const conclusion = work.conclude();
    if (!conclusion) {
      this.counts.pass(work);
      return;
    }
    const { outcome, used, judgedBy } = conclusion;
    const { basis } = this.#options;
    this.#outcomes.push(outcome);
    if (basis !== undefined) this.#bases.push({ taskId: work.taskId, basis, used, ...judgedBy });
    this.counts.settle(work, outcome);
  }

  /** This run may ask nothing more about a task that is not settled. What grading finds of it so far is stored, without a basis: the next run goes on. */
  #letGo(work: TaskWork): void {
    const outcome = work.concludeInPart(this.#options.store.outcome(work.taskId) !== undefined);
    if (outcome) this.#outcomes.push(outcome);
    if (outcome) this.counts.settle(work, outcome);
    else this.counts.pass(work);
  }

  #requests(call: WantedCall): readonly WantedCall[] {
    return this.#options.serverHasN ? [call] : call.answers.map(answer => ({ ...call, answers: [answer] }));
  }

  /** Without its task nobody wants the answer any more. */
  #enqueue(active: ActiveTask | undefined, item: QueuedCall): void {
    if (this.#end || !active) return;
    active.open += 1;
    this.#queue.add(item);
    this.counts.want(item.call);
  }

  /** Takes what can be sent now, in order. What another run asks for, and retries that cannot be afforded, are held back. */
  #takeReady(): readonly Departure[] {
    for (const item of this.#held.release()) this.#queue.add({ ...item, notBeforeMs: 0 });
    const taken: Departure[] = [];
    this.#full = new Set(serverRoles.filter(role => this.#takeFor(role, taken) === 'full'));
    this.#options.fleet.want(this, this.lane, this.#waitsForRoom(taken) ? this.#full : new Set());
    return taken;
  }

  #takeFor(role: ServerRole, taken: Departure[]): 'full' | 'enough' {
    while (!this.#end && taken.length < mostAtOnce && this.#queue.readyFor(role) > 0) {
      if (this.#budgetSpent(taken.length)) break;
      const departure = this.#hasRoom(role, taken) ? this.#takeOne(role) : 'full';
      if (departure === 'full') return 'full';
      if (departure !== 'held') taken.push(departure);
    }
    return 'enough';
  }

  /** There are calls that could be sent, and all of them find their servers full. */
  get #blocked(): boolean {
    return this.#queue.ready > 0 && serverRoles.every(role => this.#full.has(role) || this.#queue.readyFor(role) === 0);
  }

  #waitsForRoom(taken: readonly Departure[]): boolean {
    return this.#inFlight + taken.length < (this.#options.concurrency ?? Infinity);
  }

  #hasRoom(role: ServerRole, taken: readonly Departure[]): boolean {
    return this.#waitsForRoom(taken) && this.#options.fleet.hasRoom({ ...this.#wish, role });
  }

  #takeOne(role: ServerRole): Departure | 'full' | 'held' {
    const item = this.#queue.take(role);
    if (!item) return 'held';
    switch (this.#options.shared.standing(this, item.call)) {
      case 'free': return this.#place(item);
      case 'ended': this.#readAgain(item); return 'held';
      case 'asked': this.#held.hold(item, 'another-run'); return 'held';
    }
  }

  #place(item: QueuedCall): Departure | 'full' | 'held' {
    const { fleet, shared } = this.#options;
    const { call, failure } = item;
    const [first] = call.answers;
    if (!first) return 'held';
    const forgiven = failure?.endpoint.watch.goneSince(failure.atMs) === true;
    const price = forgiven ? undefined : failure?.cost;
    if (price !== undefined && !this.#quota.take(price)) {
      this.#held.hold(item, 'leave');
      return 'held';
    }
    const endpoint = fleet.place({ ...this.#wish, role: fleet.roleOf(call.stage), task: first.taskId, request: requestOf(call), avoid: failure?.endpoint });
    if (!endpoint) {
      if (price !== undefined) this.#quota.refund(price);
      this.#queue.putBack(item);
      return 'full';
    }
    shared.ask(this, call);
    return { item: forgiven ? { ...item, strikes: item.strikes - 1 } : item, endpoint, ...(price === undefined ? {} : { paid: price }) };
  }

  /** Another run has got an answer of this call meanwhile: what is in the store need not be asked for. */
  #readAgain(item: QueuedCall): void {
    const { store, shared } = this.#options;
    const active = this.#activeOf(item.call);
    if (!active) return;
    const { work: { taskId } } = active;
    const [answers, lost] = [store.answers(taskId), store.lost(taskId)];
    const known = new Set([...answers, ...lost].map(({ fingerprint }) => fingerprint));
    const missing = item.call.answers.filter(({ fingerprint }) => !known.has(fingerprint));
    active.open -= 1;
    this.counts.learn(item.call, item.call.answers.length - missing.length);
    shared.forget(item.call.answers);
    if (missing.length > 0) this.#enqueue(active, { ...item, call: { ...item.call, answers: missing } });
    active.work.receive(answers, lost);
    this.#goOn(active);
  }

  #budgetSpent(taken: number): boolean {
    const { maxCalls = Infinity } = this.#options;
    if (this.counts.calls + taken < maxCalls) return false;
    this.#end = { state: 'paused', problem: { code: 'budget-spent', message: `The run may send ${maxCalls} requests and has sent them. Run again to go on.` } };
    this.#queue.clear();
    this.#held.clear();
    return true;
  }

  #committed(arrivals: readonly Arrival[], departures: readonly Departure[]): readonly AttemptId[] {
    try {
      return this.#commit(arrivals, departures);
    } catch (thrown) {
      for (const { item, endpoint } of departures) endpoint.release(this.#options.lane, requestOf(item.call));
      this.counts.calls -= departures.length;
      this.#refused = arrivals;
      throw thrown;
    }
  }

  /** One transaction: raw answers before they are understood, requests before they leave. */
  #commit(arrivals: readonly Arrival[], departures: readonly Departure[]): readonly AttemptId[] {
    const { store, clock, runId, shared } = this.#options;
    const nowMs = clock.nowMs();
    const settled = arrivals.map(arrival => settlementOf(arrival, nowMs));
    const sent = departures.map(({ item }): AttemptDraft => ({ runId, call: item.call, retry: item.tries, sentAtMs: nowMs }));
    const [givenUp, outcomes, bases] = [this.#givenUp, this.#outcomes, this.#bases];
    if (settled.length + sent.length + givenUp.length + outcomes.length === 0) return [];
    [this.#givenUp, this.#outcomes, this.#bases] = [[], [], []];
    const lost = givenUp.flatMap(({ call, problem }) => call.answers.map(({ fingerprint, taskId }): LostAnswer => ({ fingerprint, taskId, runId, problem })));
    for (const arrival of arrivals) this.counts.arrive(arrival.item.call, arrival.reply);
    this.counts.calls += sent.length;
    const ids = store.commit({ settled, sent, lost, outcomes, bases, run: { id: runId, ...this.counts.stored() } });
    arrivals.forEach(({ item }, index) => shared.end(this, item.call, settled[index]?.answers ?? []));
    for (const { call, problem } of givenUp) {
      shared.end(this, call, call.answers);
      this.#receiveLost(call, problem);
    }
    return ids;
  }

  /** After a failure of the store: it may take again what has arrived meanwhile, and that nobody knows what became of the rest. Else that is said when the project is next opened. */
  async #settleRest(): Promise<void> {
    while (this.#inFlight > 0) await this.#gather();
    const { store, clock, shared } = this.#options;
    for (const { item, reply } of this.#arrivals) this.counts.arrive(item.call, reply);
    const arrivals = [...this.#refused, ...this.#arrivals];
    const settled = arrivals.map(arrival => settlementOf(unknownIfCancelled(arrival), clock.nowMs()));
    try {
      store.commit({ settled });
      arrivals.forEach(({ item }, index) => shared.end(this, item.call, settled[index]?.answers ?? []));
    } catch {
      // the run has ended with the store's first problem, and this is the same one again
    }
  }

  #dispatch(departure: Departure, attemptId: AttemptId | undefined): void {
    const { item, endpoint } = departure;
    const [first] = item.call.answers;
    if (!first || attemptId === undefined) return;
    const request = requestOf(item.call);
    this.#inFlight += 1;
    this.#sequences += request.n;
    const listener = this.#options.texts?.listener(item.call);
    const onText = listener && { onText: listener.onText };
    void endpoint.send({ request, task: first.taskId, lane: this.#options.lane, owner: this, timeoutMs: this.#options.timeoutMs, ...onText }).then(reply => {
      listener?.end();
      this.#inFlight -= 1;
      this.#sequences -= request.n;
      this.#arrivals.push({ ...departure, attemptId, reply });
      this.#options.fleet.freed();
      this.#wake();
    });
  }

  #understandSome(): void {
    const { clock } = this.#options;
    const untilMs = clock.monotonicMs() + turnMs;
    let done = 0;
    for (; done < this.#stored.length && (done === 0 || clock.monotonicMs() <= untilMs); done += 1) {
      const arrival = this.#stored[done];
      if (arrival) this.#understand(arrival);
    }
    this.#stored.splice(0, done);
  }

  /** Lets a stored reply move its task on. */
  #understand(arrival: Arrival): void {
    const { item, reply, attemptId, paid } = arrival;
    const { answers } = item.call;
    const active = this.#activeOf(item.call);
    if (active) active.open -= 1;
    if (paid !== undefined) this.#quota.ended(paid, reply.ok);
    if (!reply.ok) {
      this.#failed(arrival, active, reply);
      return;
    }
    this.#answeredOnce = true;
    if (item.tries === 0) this.#quota.answered();
    this.#held.recheck('leave');
    const received = answersOf(item.call, reply).map((answer): Answer => ({ ...answer, attemptId, edited: answer.edited === true }));
    const missing = answers.slice(received.length);
    if (!active) return;
    if (missing.length > 0) this.#enqueue(active, { ...item, tries: item.tries + 1, call: { ...item.call, answers: missing }, notBeforeMs: 0 });
    active.work.receive(received);
    this.#options.onTaskChange(active.work.taskId);
    this.#goOn(active);
  }

  #remedyOf({ item, endpoint: { watch, role } }: Arrival, problem: Problem): Remedy {
    const strikes = item.strikes + 1;
    // whoever cannot be reached answers nobody, unless somebody else was answered meanwhile
    const nowMs = this.#options.clock.monotonicMs();
    if (problem.code === 'server-unreachable' && strikes >= mostStrikes && !watch.answeredSince(item.failedFirstMs ?? nowMs)) watch.leave(problem, nowMs);
    return remedyFor(problem, { strikes, gone: watch.state === 'gone', known: this.fleet.known(role) });
  }

  #failed(arrival: Arrival, active: ActiveTask | undefined, reply: ChatReply & { ok: false }): void {
    const { problem } = reply;
    const { item, endpoint } = arrival;
    const nowMs = this.#options.clock.monotonicMs();
    this.#held.recheck('leave');
    if (problem.code !== 'outcome-unknown') this.#lastFailure = problem;
    const next = { call: item.call, taskOrder: item.taskOrder, tries: item.tries + 1, failedFirstMs: item.failedFirstMs ?? nowMs };
    switch (this.#remedyOf(arrival, problem)) {
      case 'none': return;
      case 'pause-run': this.stop({ state: 'paused', problem }); return;
      case 'fail-run': this.stop({ state: 'failed', problem }); return;
      case 'again': this.#enqueue(active, { ...next, strikes: item.strikes, notBeforeMs: 0 }); return;
      case 'retry': {
        const strikes = item.strikes + 1;
        const failure = { endpoint, atMs: nowMs, cost: RetryQuota.costOf(problem) };
        this.#enqueue(active, { ...next, strikes, failure, notBeforeMs: nowMs + retryDelayMs(strikes, reply.retryAfterMs) });
        return;
      }
      case 'give-up':
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
    active.work.receive([], call.answers.map(({ fingerprint }) => ({ fingerprint, problem })));
    this.#goOn(active);
  }

  #activeOf(call: WantedCall): ActiveTask | undefined {
    const [first] = call.answers;
    return first && this.#feed.active.get(first.taskId);
  }

  #boundNow(): RateBound {
    const { fleet } = this.#options;
    if (fleet.capacity(true) === 0) return 'gone';
    if (this.#bound.late) return 'client';
    if (this.#full.size === 0) return this.#queue.ready > 0 || !this.#feed.exhausted ? 'client' : 'tail';
    return this.#waitsForRoom([]) || fleet.saturated ? fleet.bound : 'setting';
  }

  #moreToDo(): boolean {
    if (this.#arrivals.length + this.#stored.length + this.#givenUp.length + this.#outcomes.length > 0) return true;
    if (this.#end) return false;
    return (!this.#blocked && this.#queue.ready > 0) || this.#held.due || this.#wantsTasks();
  }

  #idle(): boolean {
    const stored = this.#arrivals.length + this.#stored.length + this.#givenUp.length + this.#outcomes.length === 0;
    return stored && this.#inFlight === 0 && this.#queue.size + this.#held.size === 0 && (this.#end !== undefined || this.#feed.exhausted);
  }

  #sleep(delayMs: number): Promise<void> {
    return this.#options.clock.sleep(delayMs, new AbortController().signal);
  }

  /** Waits for a reply, a delayed call's time, what the servers have to be asked or a stop, and then a little longer, so that what arrives together is stored together. */
  async #gather(): Promise<void> {
    const { clock, fleet } = this.#options;
    const dueMs = Math.min(this.#queue.nextReadyMs ?? Infinity, fleet.nextDueMs);
    const timer = new AbortController();
    const arrived = new Promise<void>(resolve => { this.#wake = resolve; });
    const due = clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), timer.signal).catch(() => undefined);
    await Promise.race([arrived, due]);
    timer.abort();
    this.#wake = () => undefined;
    if (this.#inFlight === 0) return;
    const beforeMs = clock.monotonicMs();
    await this.#sleep(gatherMs);
    this.#bound.overslept(clock.monotonicMs() - beforeMs - gatherMs);
  }
}
