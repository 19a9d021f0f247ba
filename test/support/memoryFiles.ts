import { sha256 } from '../../src/adapters/hash.ts';
import type { Files } from '../../src/ports/files.ts';

/** Files that stand in a map: path → text. What is being written stands nowhere until it is kept. */
export function memoryFiles(kept = new Map<string, string>()): Files & { readonly kept: ReadonlyMap<string, string> } {
  return {
    kept,
    prompts: () => new Map(),
    promptFolder: () => new Map(),
    isSame: (one, other) => one === other && kept.has(one),
    sizeBytes: path => kept.get(path)?.length,
    create: path => {
      let text = '';
      return {
        write: more => { text += more; },
        seal: () => sha256(text),
        keep: () => { kept.set(path, text); },
        discard: () => undefined,
      };
    },
  };
}
