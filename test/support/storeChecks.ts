import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { taskId } from '../../src/core/model/ids.ts';
import type { Store } from '../../src/ports/store.ts';
import { callNumber, lifeTasks, textsOf } from './storeLives.ts';

/** Commits that a process has said it made before it was killed; `first` is the first it would make. */
export interface Life {
  readonly first: number;
  readonly committed: readonly number[];
}

/** Everything that was said to be committed is there, once, and as it was. */
export function checkFacts(store: Store, lives: readonly Life[]): void {
  const tasks = Array.from({ length: lifeTasks }, (_, index) => taskId(`set/${index}`));
  const answers = new Map(tasks.flatMap(id => store.answers(id)).map(answer => [answer.fingerprint, answer.raw]));
  const attempts = tasks.flatMap(id => store.attempts(id));
  const asked = new Map(attempts.flatMap(attempt => attempt.call.answers.map(answer => [answer.fingerprint, attempt.state])));
  for (const { first, committed } of lives) {
    for (const number of committed) {
      for (const { fingerprint } of callNumber(number).answers) assert.ok(asked.has(fingerprint), `call ${number} was recorded`);
      if (number === first) continue;
      const texts = textsOf(number - 1);
      callNumber(number - 1).answers.forEach(({ fingerprint }, index) => { assert.equal(answers.get(fingerprint), texts[index], `answer ${number - 1}`); });
    }
  }
  assert.ok(attempts.every(attempt => attempt.state !== 'sent'), 'nothing is left on its way');
  assert.deepEqual([...store.counters()].sort(), [...store.recount()].sort());
}

/** The file itself is whole, and its rows name rows that are there. */
export function checkFile(file: string): void {
  const database = new DatabaseSync(file);
  try {
    assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), []);
  } finally {
    database.close();
  }
}
