import type { WantedCall } from '../core/model/answer.ts';
import type { Fingerprint } from '../core/model/ids.ts';

/** How a call stands with the other runs: nobody asks for its answers, one does at this moment, or one has got some, which are to be looked for in the store. */
export type Standing = 'free' | 'asked' | 'ended';

/** The answers that the runs of one project ask for, so that no two ask for the same at the same time. A run is any object that stands for it. */
export class AnswersInFlight {
  readonly #askedBy = new Map<Fingerprint, object>();
  readonly #runs = new Map<object, () => void>();
  /** What was asked for and has ended while more than one run was there: it may be in the store, unknown to the others. */
  readonly #ended = new Set<Fingerprint>();

  /** @param wake called when an answer has ended that another run had asked for */
  join(run: object, wake: () => void): void {
    this.#runs.set(run, wake);
  }

  leave(run: object): void {
    this.#runs.delete(run);
    for (const [fingerprint, by] of this.#askedBy) if (by === run) this.#askedBy.delete(fingerprint);
    // whoever stays may have calls waiting for what this one got: that is forgotten with the last of them
    if (this.#runs.size === 0) this.#ended.clear();
    for (const wake of this.#runs.values()) wake();
  }

  standing(run: object, { answers }: WantedCall): Standing {
    if (answers.some(({ fingerprint }) => this.#ended.has(fingerprint))) return 'ended';
    if (this.#runs.size < 2) return 'free';
    const asked = answers.some(({ fingerprint }) => (this.#askedBy.get(fingerprint) ?? run) !== run);
    return asked ? 'asked' : 'free';
  }

  ask(run: object, { answers }: WantedCall): void {
    for (const { fingerprint } of answers) this.#askedBy.set(fingerprint, run);
  }

  /** A call has ended, and these of its answers are stored, or stored as lost. */
  end(run: object, { answers }: WantedCall, stored: readonly { readonly fingerprint: Fingerprint }[]): void {
    for (const { fingerprint } of answers) this.#askedBy.delete(fingerprint);
    if (this.#runs.size < 2) return;
    for (const { fingerprint } of stored) this.#ended.add(fingerprint);
    for (const [other, wake] of this.#runs) if (other !== run) wake();
  }

  /** These were looked for in the store: whoever waited for them knows now. */
  forget(answers: WantedCall['answers']): void {
    for (const { fingerprint } of answers) this.#ended.delete(fingerprint);
  }
}
