import os from 'node:os';
import process from 'node:process';
import { systemClock } from '../src/adapters/clock.ts';
import { openStore } from '../src/adapters/store/sqliteStore.ts';
import type { Store } from '../src/ports/store.ts';

/** Opens a project that no engine has open, or makes one, and closes it after the work. */
export function withStore<Result>(file: string, { create }: { readonly create: boolean }, work: (store: Store) => Result): Result {
  const store = openStore(file, { create, owner: { host: os.hostname(), pid: process.pid, startedAtMs: Date.now(), app: 'bench' }, clock: systemClock });
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/**
 * Tokens of the longest chain of answers that had to be asked for one after the other: of each task the longest branch of either round, since the second round
 * waits for the first. The answers of `choose` come together and are left out, so that it is never too long.
 */
export function longestChainTokens(store: Pick<Store, 'taskIds' | 'answers'>): number {
  const chains = store.taskIds().map(task => {
    const branches = new Map<string, number>();
    for (const { round, branch, stage, outputTokens = 0 } of store.answers(task)) {
      if (stage !== 'choose') branches.set(`${round} ${branch}`, (branches.get(`${round} ${branch}`) ?? 0) + outputTokens);
    }
    const longest = (round: string) => Math.max(0, ...[...branches].filter(([key]) => key.startsWith(round)).map(([, tokens]) => tokens));
    return longest('1 ') + longest('2 ');
  });
  return Math.max(0, ...chains);
}

/** One answered request: when its answer was stored, and how many tokens it brought. */
export interface AnsweredCall {
  readonly endedAtMs: number;
  readonly outputTokens: number;
}

/** All answered requests, in the order in which they ended. */
export function answeredCalls(store: Pick<Store, 'taskIds' | 'attempts'>): readonly AnsweredCall[] {
  const calls = store.taskIds().flatMap(task => store.attempts(task)).flatMap(({ state, endedAtMs, usage }) => (
    state === 'answered' && endedAtMs !== undefined ? [{ endedAtMs, outputTokens: usage?.outputTokens ?? 0 }] : []
  ));
  return calls.sort((a, b) => a.endedAtMs - b.endedAtMs);
}
