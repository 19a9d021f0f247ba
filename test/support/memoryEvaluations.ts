import type { EvaluationDraft, EvaluationRecord } from '../../src/core/model/evaluation.ts';
import type { TaskId } from '../../src/core/model/ids.ts';
import type { EvaluationRecords } from '../../src/ports/evaluationRecords.ts';
import type { RunRecord } from '../../src/ports/store.ts';

/** Evaluations as long as their object lives. */
export class MemoryEvaluations implements EvaluationRecords {
  readonly runs: (id: number) => readonly RunRecord[];
  readonly #drafts: EvaluationDraft[] = [];
  readonly #tasks: (readonly (readonly TaskId[])[])[] = [];

  constructor(runs: (id: number) => readonly RunRecord[]) {
    this.runs = runs;
  }

  add(draft: EvaluationDraft, tasks: readonly (readonly TaskId[])[]): { readonly id: number; readonly added: boolean } {
    const known = this.#drafts.findIndex(({ key }) => key === draft.key);
    if (known >= 0) return { id: known + 1, added: false };
    this.#tasks.push(structuredClone(tasks));
    return { id: this.#drafts.push(structuredClone(draft)), added: true };
  }

  all(): readonly EvaluationRecord[] {
    return this.#drafts.map((draft, index) => ({ ...structuredClone(draft), id: index + 1 })).toReversed();
  }

  tasks(id: number): readonly (readonly TaskId[])[] {
    return this.#tasks[id - 1] ?? [];
  }

  one(id: number): EvaluationRecord | undefined {
    return this.all().find(each => each.id === id);
  }
}
