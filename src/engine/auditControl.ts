import type { AuditReport } from '../contract/overview.ts';
import type { Store } from '../ports/store.ts';
import { audit, type Auditing } from './audit.ts';

/** The audit that goes on, if one does: whoever asks meanwhile waits for the same. */
export class AuditControl {
  readonly #dependencies: Auditing;
  #current: { readonly report: Promise<AuditReport>; readonly stop: AbortController } | undefined;

  constructor(dependencies: Auditing) {
    this.#dependencies = dependencies;
  }

  /** One that is being cancelled is not joined: whoever asks then gets the next. */
  ask(store: Store): Promise<AuditReport> {
    const before = this.#current;
    if (before && !before.stop.signal.aborted) return before.report;
    const stop = new AbortController();
    const ended = before?.report.catch(() => undefined) ?? Promise.resolve();
    const report = ended.then(() => audit(this.#dependencies, store, stop.signal)).finally(() => {
      if (this.#current?.stop === stop) this.#current = undefined;
    });
    this.#current = { report, stop };
    return report;
  }

  /** Resolves when nothing reads the project any more. */
  async cancel(): Promise<void> {
    const current = this.#current;
    current?.stop.abort();
    await current?.report.catch(() => undefined); // whoever asked is told
  }
}
