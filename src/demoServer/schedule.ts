/** How long a batching server takes, in milliseconds: a decode step with b running sequences `t0 + c·b`, a prompt token that is not cached `p`. */
export interface StepTime {
  readonly t0: number;
  readonly c: number;
  readonly p: number;
}

/** One request to be simulated: how many prompt tokens have to be computed, and how long each of its sequences gets. */
export interface Work {
  readonly uncachedTokens: number;
  /** Tokens of the prompt, which every sequence keeps in memory while it runs. Absent: none. */
  readonly promptTokens?: number;
  /** Tokens of each sequence, at least one sequence. */
  readonly sequenceTokens: readonly number[];
  /** Decode steps that each sequence takes, above 0; default: as many as it has tokens. */
  readonly sequenceSteps?: readonly number[] | undefined;
  /** Called when the last sequence has ended. */
  readonly onDone: () => void;
  /** Called with the seconds from arrival to the first token. */
  readonly onFirstToken?: (seconds: number) => void;
}

/** Work that is under way. */
export interface Ticket {
  /** Takes what is waiting or running of it out; `onDone` is not called any more. */
  abort(): void;
  /** Tokens of its first sequence that have been made so far. */
  progress(): number;
}

/** Time as the schedule is given it. */
export interface ScheduleClock {
  /** Milliseconds that never go back. */
  nowMs(): number;
  /** Calls back once after the delay; returns how to call it off. */
  after(delayMs: number, call: () => void): () => void;
}

/** What is due within this is due now: a timer that is on time would else find the end a rounding error ahead, again and again. */
const roundingMs = 1e-6;

interface Sequence {
  readonly job: Job;
  readonly tokens: number;
  readonly steps: number;
  /** Decode steps, counted since the server began, at which it ends; known once it runs. */
  endStep: number;
}

interface Job extends Work {
  readonly arrivedMs: number;
  left: number;
  prefilled: boolean;
  first: Sequence | undefined;
}

/**
 * Simulates a server that batches continuously: at most `slots` sequences run, each step makes one token for every one of them, the others wait in order.
 * The simulation keeps its own time and catches up with the clock, so that timers which fire late or seldom change no throughput.
 */
export class Schedule {
  readonly #slots: number;
  readonly #stepTime: StepTime;
  readonly #compress: number;
  readonly #clock: ScheduleClock;
  /** A binary heap by `endStep`. */
  #running: Sequence[] = [];
  /** In order, the first of those that still wait at `#admitted`: taking one from the front of a long list would move all the others. */
  #waiting: Sequence[] = [];
  #admitted = 0;
  #simulatedMs: number;
  #steps = 0;
  /** Prefill that the running sequences still have to wait for. */
  #prefillMs = 0;
  #cancelTimer: (() => void) | undefined;
  /** What the timer was set for. */
  #timerDueMs = NaN;

  constructor(options: { readonly slots: number; readonly stepTime: StepTime; readonly compress: number; readonly clock: ScheduleClock }) {
    this.#slots = options.slots;
    this.#stepTime = options.stepTime;
    this.#compress = options.compress;
    this.#clock = options.clock;
    this.#simulatedMs = this.#now();
  }

  /** Sequences that have a slot. */
  get running(): number {
    return this.#running.length;
  }

  /** Sequences that wait for one. */
  get waiting(): number {
    return this.#waiting.length - this.#admitted;
  }

  /** Tokens that the running sequences keep in memory: their prompts, and what was made of their answers. */
  get heldTokens(): number {
    this.#advance();
    this.#plan();
    return this.#running.reduce((sum, { job, tokens, steps, endStep }) => sum + (job.promptTokens ?? 0) + (steps - (endStep - this.#steps)) * tokens / steps, 0);
  }

  submit(work: Work): Ticket {
    this.#advance();
    const job: Job = { ...work, arrivedMs: this.#simulatedMs, left: work.sequenceTokens.length, prefilled: false, first: undefined };
    const sequences = work.sequenceTokens.map((count, index): Sequence => {
      const tokens = Math.max(1, count);
      return { job, tokens, steps: work.sequenceSteps?.[index] ?? tokens, endStep: Infinity };
    });
    job.first = sequences[0];
    this.#waiting.push(...sequences);
    this.#admit();
    this.#plan();
    return { abort: () => this.#abort(job), progress: () => this.#progress(job.first) };
  }

  /** Forgets everything. */
  stop(): void {
    this.#cancelTimer?.();
    this.#running = [];
    this.#forgetWaiting(() => true);
  }

  #now(): number {
    return this.#clock.nowMs() * this.#compress;
  }

  #stepMs(): number {
    return this.#stepTime.t0 + this.#stepTime.c * this.#running.length;
  }

  #admit(): void {
    while (this.#running.length < this.#slots) {
      const sequence = this.#waiting[this.#admitted];
      if (sequence === undefined) return;
      this.#admitted += 1;
      if (this.#admitted * 2 > this.#waiting.length) this.#forgetWaiting(() => false);
      const { job } = sequence;
      sequence.endStep = this.#steps + sequence.steps;
      this.#push(sequence);
      if (job.prefilled) continue;
      job.prefilled = true;
      this.#prefillMs += job.uncachedTokens * this.#stepTime.p;
      job.onFirstToken?.((this.#simulatedMs - job.arrivedMs + this.#prefillMs + this.#stepMs()) / 1_000);
    }
  }

  /** Brings the simulation to the present, ending what has ended in between. */
  #advance(): void {
    const now = this.#now();
    while (this.#running.length > 0) {
      const spent = Math.min(this.#prefillMs, Math.max(0, now - this.#simulatedMs));
      this.#prefillMs -= spent;
      this.#simulatedMs += spent;
      if (this.#prefillMs > roundingMs) return;
      const stepMs = this.#stepMs();
      const first = this.#running[0];
      const needed = ((first?.endStep ?? 0) - this.#steps) * stepMs;
      if (this.#simulatedMs + needed > now + roundingMs) {
        const passed = Math.max(0, now - this.#simulatedMs);
        this.#steps += passed / stepMs;
        this.#simulatedMs += passed;
        return;
      }
      this.#simulatedMs += needed;
      this.#steps = first?.endStep ?? this.#steps;
      this.#end(this.#pop());
    }
    this.#simulatedMs = Math.max(this.#simulatedMs, now);
  }

  /** The slot is given on before anybody hears of it: whoever answers by asking again comes behind those who waited. */
  #end(sequence: Sequence | undefined): void {
    this.#admit();
    if (sequence === undefined) return;
    sequence.job.left -= 1;
    if (sequence.job.left === 0) sequence.job.onDone();
  }

  #plan(): void {
    const first = this.#running[0];
    const dueMs = first === undefined ? NaN : this.#simulatedMs + this.#prefillMs + (first.endStep - this.#steps) * this.#stepMs();
    // Most requests join the queue and change nothing about who ends next: the timer then stays.
    if (this.#cancelTimer !== undefined && Math.abs(dueMs - this.#timerDueMs) < roundingMs) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#timerDueMs = dueMs;
    if (first === undefined) return;
    this.#cancelTimer = this.#clock.after(Math.max(0, dueMs - this.#now()) / this.#compress, () => {
      this.#cancelTimer = undefined;
      this.#advance();
      this.#plan();
    });
  }

  #abort(job: Job): void {
    this.#advance();
    if (job.left === 0) return;
    job.left = 0;
    const isOther = (sequence: Sequence) => sequence.job !== job;
    this.#forgetWaiting(sequence => sequence.job === job);
    const kept = this.#running.filter(isOther);
    this.#running = [];
    for (const sequence of kept) this.#push(sequence);
    this.#admit();
    this.#plan();
  }

  /** Drops those who wait no more, and those who are to wait no more. */
  #forgetWaiting(isForgotten: (sequence: Sequence) => boolean): void {
    this.#waiting = this.#waiting.slice(this.#admitted).filter(sequence => !isForgotten(sequence));
    this.#admitted = 0;
  }

  #progress(sequence: Sequence | undefined): number {
    if (sequence === undefined || sequence.endStep === Infinity) return 0;
    this.#advance();
    this.#plan();
    const made = Math.min(sequence.steps, Math.max(0, this.#steps - (sequence.endStep - sequence.steps)));
    // A whole token is one also where the division says a little less.
    return Math.floor(made * sequence.tokens / sequence.steps + 1e-9);
  }

  #push(sequence: Sequence): void {
    const heap = this.#running;
    let at = heap.push(sequence) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.endStep <= sequence.endStep) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = sequence;
  }

  #pop(): Sequence | undefined {
    const heap = this.#running;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const child = right !== undefined && left !== undefined && right.endStep < left.endStep ? 2 * at + 2 : 2 * at + 1;
      const smaller = heap[child];
      if (smaller === undefined || smaller.endStep >= last.endStep) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
