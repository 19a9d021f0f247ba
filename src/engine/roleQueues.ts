import type { WantedCall } from '../core/model/answer.ts';
import { serverRoles, type ServerRole } from '../core/model/server.ts';
import { CallQueue, type QueuedCall } from './callQueue.ts';

/** The calls of a run, in a queue for each role of its servers: where those of one are full, the others are not kept waiting. */
export class RoleQueues {
  readonly #roleOf: (call: WantedCall) => ServerRole;
  readonly #queues: Readonly<Record<ServerRole, CallQueue>> = { judge: new CallQueue(), generate: new CallQueue() };

  constructor(roleOf: (call: WantedCall) => ServerRole) {
    this.#roleOf = roleOf;
  }

  /** Calls in it, delayed ones included. */
  get size(): number {
    return this.#all.reduce((sum, { size }) => sum + size, 0);
  }

  /** Calls that are not delayed. */
  get ready(): number {
    return this.#all.reduce((sum, { ready }) => sum + ready, 0);
  }

  /** The earliest moment at which a delayed call becomes ready; absent when none is delayed. */
  get nextReadyMs(): number | undefined {
    const moments = this.#all.flatMap(({ nextReadyMs }) => nextReadyMs ?? []);
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  /** Calls of one role that are not delayed. */
  readyFor(role: ServerRole): number {
    return this.#queues[role].ready;
  }

  add(item: QueuedCall): void {
    this.#queues[this.#roleOf(item.call)].add(item);
  }

  putBack(item: QueuedCall): void {
    this.#queues[this.#roleOf(item.call)].putBack(item);
  }

  /** Makes ready what is due at `nowMs`. */
  wake(nowMs: number): void {
    for (const queue of this.#all) queue.wake(nowMs);
  }

  /** The next ready call of a role; absent when there is none. */
  take(role: ServerRole): QueuedCall | undefined {
    return this.#queues[role].take();
  }

  /** Takes out what a task still has in it, unsent. */
  dropTask(taskOrder: number): readonly QueuedCall[] {
    return this.#all.flatMap(queue => queue.dropTask(taskOrder));
  }

  /** Drops every call. */
  clear(): void {
    for (const queue of this.#all) queue.clear();
  }

  get #all(): readonly CallQueue[] {
    return serverRoles.map(role => this.#queues[role]);
  }
}
