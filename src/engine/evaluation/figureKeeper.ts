import type { EvaluationRecord } from '../../core/model/evaluation.ts';
import type { Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { inSlices } from '../slices.ts';
import { evaluatedOf } from './evaluated.ts';
import { figuresOf, type Figures } from './evaluationReports.ts';

/** Figures of one evaluation, as they were counted at one time. */
interface Counted {
  readonly figures: Promise<Figures>;
  readonly atMs: number;
  /** What they rest on beside the answers. */
  readonly basis: string;
}

/** Figures that are kept: of a hundred thousand tasks each takes some ten megabytes. */
const mostKept = 8;
/** How old figures of an evaluation that goes on may be. */
const freshMs = 2_000;

/** Counts what evaluations come to, once for everybody who asks, and keeps it until something that it rests on is another. */
export class FigureKeeper {
  readonly #dependencies: Pick<EngineDependencies, 'hash' | 'clock'>;
  readonly #counted = new Map<number, Counted>();

  constructor(dependencies: Pick<EngineDependencies, 'hash' | 'clock'>) {
    this.#dependencies = dependencies;
  }

  /** Whether the figures of an evaluation need not be counted first. */
  has(store: Store, { id }: EvaluationRecord): boolean {
    return this.#counted.get(id)?.basis === basisOf(store);
  }

  /** What was counted may be another now. */
  forget(id?: number): void {
    if (id === undefined) this.#counted.clear();
    else this.#counted.delete(id);
  }

  /**
   * The figures as they are, or while it goes on as they were a little before.
   * @param signal aborts with the project, not with whoever asks: others may wait for the same
   */
  of(store: Store, record: EvaluationRecord, { goesOn, signal }: { readonly goesOn: boolean; readonly signal: AbortSignal }): Promise<Figures> {
    const { clock } = this.#dependencies;
    const [known, basis] = [this.#counted.get(record.id), basisOf(store)];
    if (known?.basis === basis && (!goesOn || clock.monotonicMs() - known.atMs < freshMs)) return known.figures;
    const figures = this.#count(store, record, signal);
    this.#counted.delete(record.id);
    this.#counted.set(record.id, { figures, atMs: clock.monotonicMs(), basis });
    const [oldest] = this.#counted.size > mostKept ? this.#counted.keys() : [];
    if (oldest !== undefined) this.#counted.delete(oldest);
    figures.catch(() => { if (this.#counted.get(record.id)?.figures === figures) this.#counted.delete(record.id); });
    return figures;
  }

  async #count(store: Store, record: EvaluationRecord, signal: AbortSignal): Promise<Figures> {
    const { hash, clock } = this.#dependencies;
    const evaluated = await evaluatedOf({ dependencies: this.#dependencies, store, record }, signal);
    return figuresOf(evaluated, record, { hash, pause: inSlices(clock) });
  }
}

/** Domains, and which data sets have tasks of which split. */
const basisOf = (store: Store): string => JSON.stringify([store.datasets().filter(({ tasks }) => tasks > 0), store.setting('domains')]);
