import type { WantedCall } from '../core/model/answer.ts';
import type { Endpoint } from './endpoint.ts';
import { Heap } from './heap.ts';

/** A call that waits to be sent. */
export interface QueuedCall {
  readonly call: WantedCall;
  /** Times it was sent so far. */
  readonly tries: number;
  /** Failures so far that count against it: those in an outage, or because there were too many calls, do not. */
  readonly strikes: number;
  /** Position of its task in the run: earlier tasks go first, so that tasks end one after the other. */
  readonly taskOrder: number;
  /** Not before this moment of the monotonic clock, in milliseconds. */
  readonly notBeforeMs: number;
  /** When it failed first, in milliseconds of that clock; absent before. */
  readonly failedFirstMs?: number;
  /** Its last failure, where that counts; forgiven should the endpoint turn out to have been gone. */
  readonly failure?: { readonly endpoint: Endpoint; readonly atMs: number; readonly cost: number };
}

/** Ready calls, depth first by task, and delayed ones by their time. A call that is tried again keeps its task's place. */
export class CallQueue {
  readonly #byTask = new Map<number, QueuedCall[]>();
  /** Positions of tasks with ready calls; some of them twice, or with none any more. */
  readonly #orders = new Heap<number>(order => order);
  readonly #delayed = new Heap<QueuedCall>(item => item.notBeforeMs);
  /** Delayed calls by task: what is no longer in here was dropped. */
  readonly #delayedOf = new Map<number, Set<QueuedCall>>();
  #ready = 0;
  #waiting = 0;

  /** Calls in it, delayed ones included. */
  get size(): number {
    return this.#ready + this.#waiting;
  }

  /** Calls that are not delayed. */
  get ready(): number {
    return this.#ready;
  }

  /** The earliest moment at which a delayed call becomes ready; absent when none is delayed. */
  get nextReadyMs(): number | undefined {
    for (;;) {
      const first = this.#delayed.first;
      if (first === undefined || this.#isDelayed(first)) return first?.notBeforeMs;
      this.#delayed.pop();
    }
  }

  add(item: QueuedCall): void {
    if (item.notBeforeMs <= 0) {
      this.#addReady(item);
      return;
    }
    this.#waiting += 1;
    this.#delayed.push(item);
    const delayed = this.#delayedOf.get(item.taskOrder) ?? new Set();
    this.#delayedOf.set(item.taskOrder, delayed.add(item));
  }

  /** Makes ready what is due at `nowMs`. */
  wake(nowMs: number): void {
    while ((this.nextReadyMs ?? Infinity) <= nowMs) {
      const item = this.#delayed.pop();
      if (item === undefined) return;
      this.#forgetDelayed(item);
      this.#addReady(item);
    }
  }

  /** The next ready call; absent when there is none. */
  take(): QueuedCall | undefined {
    for (;;) {
      const order = this.#orders.first;
      if (order === undefined) return undefined;
      const queue = this.#byTask.get(order);
      const item = queue?.shift();
      if (queue === undefined || queue.length === 0) {
        this.#byTask.delete(order);
        this.#orders.pop();
      }
      if (item === undefined) continue;
      this.#ready -= 1;
      return item;
    }
  }

  /** Gives back what was taken and could not be sent: it is the first again. */
  putBack(item: QueuedCall): void {
    const queue = this.#byTask.get(item.taskOrder);
    if (queue) {
      queue.unshift(item);
      this.#ready += 1;
    } else this.#addReady(item);
  }

  /** Takes out what a task still has in it, unsent. */
  dropTask(taskOrder: number): readonly QueuedCall[] {
    const ready = this.#byTask.get(taskOrder) ?? [];
    const delayed = this.#delayedOf.get(taskOrder) ?? new Set();
    this.#byTask.delete(taskOrder);
    this.#delayedOf.delete(taskOrder);
    this.#ready -= ready.length;
    this.#waiting -= delayed.size;
    return [...ready, ...delayed];
  }

  /** Drops every call. */
  clear(): void {
    this.#byTask.clear();
    this.#orders.clear();
    this.#delayed.clear();
    this.#delayedOf.clear();
    this.#ready = 0;
    this.#waiting = 0;
  }

  #addReady(item: QueuedCall): void {
    this.#ready += 1;
    const queue = this.#byTask.get(item.taskOrder);
    if (queue) {
      queue.push(item);
      return;
    }
    this.#byTask.set(item.taskOrder, [item]);
    this.#orders.push(item.taskOrder);
  }

  #isDelayed(item: QueuedCall): boolean {
    return this.#delayedOf.get(item.taskOrder)?.has(item) === true;
  }

  #forgetDelayed(item: QueuedCall): void {
    this.#waiting -= 1;
    const delayed = this.#delayedOf.get(item.taskOrder);
    delayed?.delete(item);
    if (delayed?.size === 0) this.#delayedOf.delete(item.taskOrder);
  }
}
