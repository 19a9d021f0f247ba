// The paths of a review that have been fetched. Knows nothing of the editor.
import type { ReviewItem } from '../../contract/review.ts';

/** What is never forgotten of a path: a review of it needs both. */
interface KnownPath {
  readonly task: string;
  readonly sampled: boolean;
}

/** Characters of paths and structures that are held; what is dropped can be asked for again. */
const mostCharacters = 30_000_000;

/** Characters of a path with what belongs to it. */
export const sizeOf = ({ text, structure = '', task }: ReviewItem): number => text.length + structure.length + task.question.length;

/** Holds the paths that were fetched last, knows the task of every one that was ever seen, and which of them are out of date. */
export class ReviewShelf {
  readonly #items = new Map<string, ReviewItem>();
  readonly #known = new Map<string, KnownPath>();
  readonly #stale = new Set<string>();
  #characters = 0;

  get(path: string): ReviewItem | undefined {
    return this.#items.get(path);
  }

  /** The task of a path, of one that only stood beside another too. */
  taskOf(path: string): string | undefined {
    return this.#known.get(path)?.task;
  }

  /** Whether a path was drawn at random when it was first seen here: asked for by its name, it would not say so. */
  isSampled(path: string): boolean {
    return this.#known.get(path)?.sampled === true;
  }

  isStale(path: string): boolean {
    return this.#stale.has(path);
  }

  /** It is being fetched anew. */
  renewed(path: string): void {
    this.#stale.delete(path);
  }

  put(item: ReviewItem): void {
    const { path, task, rail } = item;
    const sampled = this.isSampled(path) || (item.sampled && !this.#items.has(path));
    this.#known.set(path, { task: task.id, sampled });
    for (const other of rail) if (!this.#known.has(other.path)) this.#known.set(other.path, { task: task.id, sampled: false });
    this.#drop(path);
    this.#items.set(path, { ...item, sampled });
    this.#characters += sizeOf(item);
    for (const [oldest] of this.#items) {
      if (this.#characters <= mostCharacters || oldest === path) return;
      this.#drop(oldest);
    }
  }

  /** Something has changed in these tasks. */
  age(concerns: (task: string) => boolean): void {
    for (const [path, item] of this.#items) if (concerns(item.task.id)) this.#stale.add(path);
  }

  /** Nothing is fetched; whose the paths are stays known. */
  clear(): void {
    this.#items.clear();
    this.#stale.clear();
    this.#characters = 0;
  }

  #drop(path: string): void {
    const item = this.#items.get(path);
    this.#stale.delete(path);
    if (!item) return;
    this.#items.delete(path);
    this.#characters -= sizeOf(item);
  }
}
