// The evaluations of a project as they are known. Knows nothing of the editor.
import type { EvaluationRow } from '../../contract/evaluation.ts';

/** Evaluations by number, read all at once and heard of one by one. What is heard while they are read may be newer than what is read, and is kept: after its last news an engine has no more to say of one. */
export class EvaluationRows {
  #rows: ReadonlyMap<number, EvaluationRow> = new Map();
  /** For each reading that goes on, the numbers of those that were heard of since it began. */
  readonly #readings = new Set<Set<number>>();

  /** In no order. */
  get all(): readonly EvaluationRow[] {
    return [...this.#rows.values()];
  }

  one(id: number): EvaluationRow | undefined {
    return this.#rows.get(id);
  }

  /** Takes what an engine says of one. @returns whether it has come to its end with that */
  hear(row: EvaluationRow): boolean {
    const before = this.#rows.get(row.id);
    this.#rows = new Map([...this.#rows, [row.id, row]]);
    for (const heard of this.#readings) heard.add(row.id);
    return before?.state === 'running' && row.state !== 'running';
  }

  /** Takes all of them from a list that is asked for now. Throws what asking throws; then nothing is changed. */
  async read(ask: () => Promise<readonly EvaluationRow[]>): Promise<void> {
    const heard = new Set<number>();
    this.#readings.add(heard);
    try {
      const read = await ask();
      const newer = [...heard].flatMap(id => this.#rows.get(id) ?? []);
      this.#rows = new Map([...read, ...newer].map(row => [row.id, row]));
    } finally {
      this.#readings.delete(heard);
    }
  }
}
