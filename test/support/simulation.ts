import { Schedule, type StepTime } from '../../src/demoServer/schedule.ts';
import { Heap } from '../../src/engine/heap.ts';
import type { ServerGauges } from '../../src/ports/languageModel.ts';

interface Timer {
  readonly atMs: number;
  readonly call: () => void;
  live: boolean;
}

/** Time that goes from event to event. */
export class EventClock {
  readonly #timers = new Heap<Timer>(timer => timer.atMs);
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  /** Calls back once after the delay; returns how to call it off. */
  after(delayMs: number, call: () => void): () => void {
    const timer: Timer = { atMs: this.#nowMs + Math.max(leastDelayMs, delayMs), call, live: true };
    this.#timers.push(timer);
    return () => { timer.live = false; };
  }

  /** Lets everything happen up to a moment. */
  runUntil(ms: number): void {
    for (let first = this.#timers.first; first !== undefined && first.atMs <= ms; first = this.#timers.first) {
      this.#timers.pop();
      this.#nowMs = first.atMs;
      if (first.live) first.call();
    }
    this.#nowMs = ms;
  }
}

/** A seeded source of numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A controller of the requests in flight, as the simulation drives it. */
export interface Controller {
  readonly allowed: number;
  sample?(gauges: ServerGauges, own: { readonly inFlight: number; readonly binding: boolean; readonly most: number }): void;
  answered?(done: { readonly sequences: number; readonly worth: number; readonly nowMs: number; readonly binding: boolean }, most: number): void;
}

/** One server under endless work. */
export interface SimulationOptions {
  readonly slots: number;
  readonly stepTime: StepTime;
  readonly roundTripMs: number;
  /** Mean output tokens of the kinds of requests, in turn at random. */
  readonly mix: readonly number[];
  readonly controller: Controller;
  readonly seed: number;
  readonly durationMs: number;
  /** Nothing before it is counted. */
  readonly warmMs: number;
  /** Time that the client lets pass so that what arrives together is stored together. */
  readonly gatherMs?: number;
  readonly slotsLater?: { readonly slots: number; readonly fromMs: number };
}

/** What a simulation saw: means over the counted time. */
export interface SimulationResult {
  readonly tokensPerSecond: number;
  readonly running: number;
  readonly waiting: number;
  readonly limit: number;
}

/** A shorter one would not move the clock, whose numbers have no more digits. */
const leastDelayMs = 0.01;

const most = 4096;
const pollMs = 250;
const promptTokens = 60;

/** A client that keeps as many requests in flight as its controller allows, against a server that batches. */
class Trial {
  readonly #options: SimulationOptions;
  readonly #clock = new EventClock();
  readonly #random: () => number;
  #server: Schedule;
  #inFlight = 0;
  #gathering = false;
  #tokens = 0;
  readonly #sums = { samples: 0, running: 0, waiting: 0, limit: 0 };

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#server = this.#open(options.slots);
  }

  run(): SimulationResult {
    const { durationMs, warmMs, slotsLater } = this.#options;
    // what an old server has begun it ends; what is new goes to the new one
    if (slotsLater) this.#clock.after(slotsLater.fromMs, () => { this.#server = this.#open(slotsLater.slots); });
    this.#poll();
    this.#fill();
    this.#clock.runUntil(durationMs);
    const { samples, running, waiting, limit } = this.#sums;
    return { tokensPerSecond: (this.#tokens / (durationMs - warmMs)) * 1_000, running: running / samples, waiting: waiting / samples, limit: limit / samples };
  }

  #open(slots: number): Schedule {
    return new Schedule({ slots, stepTime: this.#options.stepTime, compress: 1, clock: this.#clock });
  }

  #poll(): void {
    const { controller, warmMs } = this.#options;
    this.#clock.after(pollMs, () => {
      const { running, waiting } = this.#server;
      controller.sample?.({ running, waiting }, { inFlight: this.#inFlight, binding: true, most });
      this.#fill();
      if (this.#clock.nowMs() >= warmMs) {
        this.#sums.samples += 1;
        this.#sums.running += running;
        this.#sums.waiting += waiting;
        this.#sums.limit += controller.allowed;
      }
      this.#poll();
    });
  }

  #fill(): void {
    while (this.#inFlight < this.#options.controller.allowed) this.#send();
  }

  #send(): void {
    const { roundTripMs, mix } = this.#options;
    this.#inFlight += 1;
    const mean = mix[Math.floor(this.#random() * mix.length)] ?? 1;
    const tokens = Math.max(1, Math.round(mean * Math.exp(0.4 * this.#normal() - 0.08)));
    this.#clock.after(roundTripMs / 2, () => {
      this.#server.submit({ uncachedTokens: promptTokens, sequenceTokens: [tokens], onDone: () => this.#clock.after(roundTripMs / 2, () => this.#received(tokens)) });
    });
  }

  #received(tokens: number): void {
    const { controller, warmMs, gatherMs = 4 } = this.#options;
    const nowMs = this.#clock.nowMs();
    if (nowMs >= warmMs) this.#tokens += tokens;
    this.#inFlight -= 1;
    controller.answered?.({ sequences: 1, worth: tokens, nowMs, binding: true }, most);
    if (this.#gathering) return;
    this.#gathering = true;
    this.#clock.after(gatherMs, () => {
      this.#gathering = false;
      this.#fill();
    });
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}

/** Runs a simulation to its end. */
export const simulate = (options: SimulationOptions): SimulationResult => new Trial(options).run();
