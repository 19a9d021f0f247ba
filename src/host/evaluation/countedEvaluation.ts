// What the page of an evaluation asks an engine to count, no more often than it has to. Knows nothing of the editor.
import type { EvaluationReport } from '../../contract/evaluation.ts';
import type { FoundSide } from './evaluationSnapshot.ts';

/** While answers come, figures are counted anew no more often, and lists still less: it is all answers that are counted each time. */
const countEveryMs = 3_000;
const listEveryMs = 10_000;

/** What was counted of an evaluation. */
export interface Counted {
  readonly report: EvaluationReport;
  readonly shownModel: string;
  readonly lists: readonly FoundSide[];
}

/** How it is counted. */
export interface Counting {
  /** Absent where there is no such evaluation. */
  readonly report: () => Promise<EvaluationReport | undefined>;
  readonly lists: (report: EvaluationReport, model: string) => Promise<readonly FoundSide[]>;
  /** Whether somebody can see the lists. */
  readonly isSeen: () => boolean;
  /** Absent: the clock. */
  readonly nowMs?: () => number;
}

/** An evaluation as it was counted last. */
export class CountedEvaluation {
  readonly #counting: Counting;
  readonly #nowMs: () => number;
  #model: string | undefined;
  #known: Counted | undefined;
  #countedAtMs = -Infinity;
  #listedAtMs = -Infinity;

  constructor(counting: Counting) {
    this.#counting = counting;
    this.#nowMs = counting.nowMs ?? Date.now;
  }

  /** Absent before anything was counted. */
  get known(): Counted | undefined {
    return this.#known;
  }

  /** The model whose answers are shown, at once where another was chosen. */
  get shownModel(): string {
    return this.#known ? this.#shownOf(this.#known.report) : '';
  }

  /** Shows the answers of a model; its lists are there the next time that it is counted. */
  choose(model: string): void {
    this.#model = model;
  }

  /** Counts what is due. `goesOn`: more answers may come, so that what is known may be kept for a while. Absent where there is no such evaluation. */
  async count(goesOn: boolean): Promise<Counted | undefined> {
    const before = this.#known;
    const isFresh = (atMs: number, everyMs: number): boolean => goesOn && this.#nowMs() - atMs < everyMs;
    const report = before && isFresh(this.#countedAtMs, countEveryMs) ? before.report : await this.#report();
    if (!report) {
      this.#known = undefined;
      return undefined;
    }
    const shownModel = this.#shownOf(report);
    const kept = before?.shownModel === shownModel ? before.lists : [];
    const isDue = kept.length === 0 || !isFresh(this.#listedAtMs, listEveryMs);
    const lists = isDue && this.#counting.isSeen() ? await this.#list(report, shownModel) : kept;
    this.#known = { report, shownModel, lists };
    return this.#known;
  }

  async #report(): Promise<EvaluationReport | undefined> {
    const report = await this.#counting.report();
    this.#countedAtMs = this.#nowMs();
    return report;
  }

  async #list(report: EvaluationReport, model: string): Promise<readonly FoundSide[]> {
    const lists = await this.#counting.lists(report, model);
    this.#listedAtMs = this.#nowMs();
    return lists;
  }

  /** The chosen one, else the first that is compared. */
  #shownOf({ models }: EvaluationReport): string {
    return models.find(({ label }) => label === this.#model)?.label ?? models[0]?.label ?? '';
  }
}
