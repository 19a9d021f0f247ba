import { hasEnded, type JobState } from '../../core/model/trainingJob.ts';
import type { Clock } from '../../ports/clock.ts';

/** How long until a job is looked at again: it grows while nothing changes. A job that is lost may be so for days. */
const waits = { first: 1_000, grows: 1.5, most: 15_000, mostLost: 60_000 } as const;

/** One job that is followed. */
interface Followed {
  readonly target: string;
  dueMs: number;
  waitMs: number;
}

interface Round {
  wake: AbortController;
  ended: Promise<void>;
}

/** What rounds are made with. */
export interface RoundsOptions {
  readonly clock: Clock;
  /** Nothing is looked at any more once it is aborted. */
  readonly signal: AbortSignal;
  /** Looks at a job; what that finds is told by `seen`. Does not throw: nobody would catch it. */
  readonly look: (id: number) => Promise<void>;
}

/** Looks at jobs now and then, at those of each target in a round of their own: one that hangs keeps none of the others waiting. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #followed = new Map<number, Followed>();
  readonly #rounds = new Map<string, Round>();

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** Looks at a job soon, and then now and then. */
  follow(id: number, target: string): void {
    this.#followed.set(id, { target, dueMs: this.#options.clock.monotonicMs() + waits.first, waitMs: waits.first });
    const known = this.#rounds.get(target);
    if (known) {
      known.wake.abort();
      return;
    }
    const round: Round = { wake: new AbortController(), ended: Promise.resolve() };
    this.#rounds.set(target, round);
    round.ended = this.#goRound(target, round);
  }

  /** A job was looked at: the less happens, the later it is looked at again, and not at all once it has ended. */
  seen(id: number, { state, isNew }: { readonly state: JobState; readonly isNew: boolean }): void {
    const followed = this.#followed.get(id);
    if (!followed) return;
    if (hasEnded(state)) {
      this.leave(id);
      return;
    }
    const most = state === 'lost' ? waits.mostLost : waits.most;
    followed.waitMs = isNew ? waits.first : Math.min(most, followed.waitMs * waits.grows);
    followed.dueMs = this.#options.clock.monotonicMs() + followed.waitMs;
  }

  /** Looks at a job no more. */
  leave(id: number): void {
    this.#followed.delete(id);
  }

  /** Resolves when nothing is looked at any more. */
  async ended(): Promise<void> {
    await Promise.all([...this.#rounds.values()].map(({ ended }) => ended));
  }

  async #goRound(target: string, round: Round): Promise<void> {
    const { clock, signal, look } = this.#options;
    const mine = () => [...this.#followed].filter(([, followed]) => followed.target === target);
    try {
      for (let jobs = mine(); !signal.aborted && jobs.length > 0; jobs = mine()) {
        round.wake = new AbortController();
        const due = Math.min(...jobs.map(([, { dueMs }]) => dueMs));
        await clock.sleep(Math.max(0, due - clock.monotonicMs()), AbortSignal.any([round.wake.signal, signal])).catch(() => undefined); // it was woken: there is another to follow, or none any more
        for (const [id, { dueMs }] of mine()) if (dueMs <= clock.monotonicMs()) await look(id);
      }
    } finally {
      this.#rounds.delete(target); // at once: whoever wants to follow another must not find one that has ended
    }
  }
}
