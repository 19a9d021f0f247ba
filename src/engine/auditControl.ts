import type { AuditReport } from '../contract/overview.ts';
import type { Store } from '../ports/store.ts';
import type { Asking } from './asking.ts';
import { audit, type Auditing } from './audit.ts';

interface Current {
  readonly report: Promise<AuditReport>;
  readonly stop: AbortController;
  /** How many wait for it. */
  waiting: number;
}

/** The audit that goes on, if one does: whoever asks meanwhile waits for the same. It ends once nobody waits for it any more. */
export class AuditControl {
  readonly #dependencies: Auditing;
  #current: Current | undefined;

  constructor(dependencies: Auditing) {
    this.#dependencies = dependencies;
  }

  /** One that is being cancelled is not joined: whoever asks then gets the next. @param signal aborts when whoever asks does not wait any more; absent: never */
  ask(store: Store, signal?: Asking['signal']): Promise<AuditReport> {
    const before = this.#current;
    const current = before && !before.stop.signal.aborted ? before : this.#begin(store, before);
    current.waiting += 1;
    signal?.addEventListener('abort', () => {
      current.waiting -= 1;
      if (current.waiting === 0) current.stop.abort();
    }, { once: true });
    return current.report;
  }

  #begin(store: Store, before: Current | undefined): Current {
    const stop = new AbortController();
    const ended = before?.report.catch(() => undefined) ?? Promise.resolve();
    const report = ended.then(() => audit(this.#dependencies, store, stop.signal)).finally(() => {
      if (this.#current?.stop === stop) this.#current = undefined;
    });
    const current = { report, stop, waiting: 0 };
    this.#current = current;
    return current;
  }

  /** Resolves when nothing reads the project any more. */
  async cancel(): Promise<void> {
    const current = this.#current;
    current?.stop.abort();
    await current?.report.catch(() => undefined); // whoever asked is told
  }
}
