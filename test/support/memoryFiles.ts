import { createHash } from 'node:crypto';
import { ParquetConversations } from '../../src/adapters/files/parquetConversations.ts';
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
      const parts: Buffer[] = [];
      const bytes = () => Buffer.concat(parts);
      return {
        write: more => { parts.push(Buffer.from(more)); },
        seal: () => createHash('sha256').update(bytes()).digest('hex'),
        keep: () => {
          const former = kept.get(path);
          kept.set(path, bytes().toString('utf8'));
          return () => { if (former === undefined) kept.delete(path); else kept.set(path, former); };
        },
        discard: () => undefined,
      };
    },
    text: path => kept.get(path),
    conversationTable: () => new ParquetConversations(),
    scratch: () => ({ project: '/scratch/try.regenesis', remove: () => undefined }),
  };
}
