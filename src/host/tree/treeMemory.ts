// What a window remembers of the tree of tasks: how it is grouped, which tasks it shows and what is folded out. Knows nothing of the editor.
import { isEmpty, readFilter, readGrouping, type Grouping, type ShownFilter } from './grouping.ts';

/** A place that outlives the window; the editor's own for each workspace. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const memoryKey = 'tasks.view';
/** Folds that are remembered, the latest: more than anybody has folded out by hand. */
const mostFolds = 500;

/** How the tree of tasks is arranged; kept over a reload. */
export class TreeMemory {
  readonly #memory: Memory;
  #grouping: Grouping;
  #filter: ShownFilter;
  readonly #folds: Map<string, boolean>;

  constructor(memory: Memory) {
    this.#memory = memory;
    const kept = memory.get(memoryKey);
    const { grouping, filter, folds }: { readonly grouping?: unknown; readonly filter?: unknown; readonly folds?: unknown } = typeof kept === 'object' && kept !== null ? kept : {};
    this.#grouping = readGrouping(grouping);
    this.#filter = readFilter(filter) ?? {};
    this.#folds = new Map(Array.isArray(folds) ? folds.flatMap((each: unknown) => readFold(each)) : []);
  }

  get grouping(): Grouping {
    return this.#grouping;
  }

  get filter(): ShownFilter {
    return this.#filter;
  }

  get filtered(): boolean {
    return !isEmpty(this.#filter);
  }

  group(by: Grouping): void {
    this.#grouping = by;
    this.#keep();
  }

  show(filter: ShownFilter): void {
    this.#filter = filter;
    this.#keep();
  }

  /** Whether somebody folded this out or in; absent where nobody has. @param id see `foldId` */
  fold(id: string): boolean | undefined {
    return this.#folds.get(id);
  }

  /** Somebody folded something out or in. */
  setFold(id: string, open: boolean): void {
    this.#folds.delete(id);
    this.#folds.set(id, open);
    const [oldest] = this.#folds.keys();
    if (this.#folds.size > mostFolds && oldest !== undefined) this.#folds.delete(oldest);
    this.#keep();
  }

  #keep(): void {
    void this.#memory.update(memoryKey, { grouping: this.#grouping, filter: this.#filter, folds: [...this.#folds] });
  }
}

function readFold(value: unknown): readonly [string, boolean][] {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [];
  const [id, open] = pair;
  return typeof id === 'string' && typeof open === 'boolean' ? [[id, open]] : [];
}
