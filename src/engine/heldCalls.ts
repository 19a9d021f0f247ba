import type { QueuedCall } from './callQueue.ts';

/** What a call waits for that was ready and may not leave: an answer that another run asks for at this moment, or leave for a retry that cannot be afforded yet. */
export type HeldFor = 'another-run' | 'leave';

/** Calls that are held back, by what they wait for. */
export class HeldCalls {
  readonly #held: Record<HeldFor, QueuedCall[]> = { 'another-run': [], 'leave': [] };
  readonly #changed = new Set<HeldFor>();

  get size(): number {
    return this.#held['another-run'].length + this.#held.leave.length;
  }

  /** Whether any of them may go on. */
  get due(): boolean {
    return [...this.#changed].some(reason => this.#held[reason].length > 0);
  }

  hold(item: QueuedCall, reason: HeldFor): void {
    this.#held[reason].push(item);
  }

  /** What they wait for may have come. */
  recheck(...reasons: readonly HeldFor[]): void {
    for (const reason of reasons) this.#changed.add(reason);
  }

  /** Takes out those for which what they wait for may have come. */
  release(): readonly QueuedCall[] {
    const released = [...this.#changed].flatMap(reason => this.#held[reason].splice(0));
    this.#changed.clear();
    return released;
  }

  /** Takes out those of a task. */
  dropTask(taskOrder: number): readonly QueuedCall[] {
    return [...this.#drop('another-run', taskOrder), ...this.#drop('leave', taskOrder)];
  }

  clear(): void {
    this.#held['another-run'] = [];
    this.#held.leave = [];
  }

  #drop(reason: HeldFor, taskOrder: number): readonly QueuedCall[] {
    const held = this.#held[reason];
    if (held.length === 0) return held;
    this.#held[reason] = held.filter(item => item.taskOrder !== taskOrder);
    return held.filter(item => item.taskOrder === taskOrder);
  }
}
