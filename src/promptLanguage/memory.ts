import type { PromptFiles } from '../core/recipes/recipeFile.ts';

/** More than a folder of prompts has. */
const mostKept = 500;

/** Remembers one more thing, as the newest; the oldest is forgotten where there are too many. */
export function keep<Key, Value>(known: Map<Key, Value>, [key, value]: readonly [Key, Value], most = mostKept): void {
  known.delete(key);
  for (const [oldest] of known) {
    if (known.size < most) break;
    known.delete(oldest);
  }
  known.set(key, value);
}

interface Remembered {
  /** What was looked at: path → text, or nothing where there was no file. */
  readonly texts: ReadonlyMap<string, string | undefined>;
  /** All paths, where they were asked for. */
  readonly paths: string | undefined;
  readonly result: unknown;
}

/** What was made of files, for as long as all that it was made of stays the same: with a key, one text of dozens changes. */
export class Memory {
  readonly #known = new Map<string, Remembered>();

  /** What `work` comes to, from memory where it would look at nothing new. A key always stands for the same work. */
  recall<Result>(key: string, files: PromptFiles, work: (files: PromptFiles) => Result): Result {
    const known = this.#known.get(key);
    if (known && isSame(known, files)) return known.result as Result;
    const { files: watched, seen } = watch(files);
    const result = work(watched);
    keep(this.#known, [key, { ...seen(), result }]);
    return result;
  }
}

function isSame({ texts, paths }: Remembered, files: PromptFiles): boolean {
  return [...texts].every(([path, text]) => files.get(path) === text) && (paths === undefined || paths === allPaths(files));
}

const allPaths = (files: PromptFiles): string => [...files.keys()].join('\n');

/** The same files, and what was looked at of them. */
function watch(files: PromptFiles): { readonly files: PromptFiles; readonly seen: () => Pick<Remembered, 'texts' | 'paths'> } {
  const texts = new Map<string, string | undefined>();
  let paths: string | undefined;
  const get = (path: string): string | undefined => {
    const text = files.get(path);
    texts.set(path, text);
    return text;
  };
  return {
    files: { get, has: path => get(path) !== undefined, keys: () => ((paths = allPaths(files)), files.keys()) },
    seen: () => ({ texts, paths }),
  };
}
