import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { AttemptState } from '../../src/core/model/answer.ts';
import type { JournalEvent } from '../../src/core/model/event.ts';
import { taskId, type AttemptId } from '../../src/core/model/ids.ts';
import type { Store } from '../../src/ports/store.ts';
import { callNumber, correctionsNumber, lifeTasks, reviewsNumber, textsOf } from './storeLives.ts';

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
  checkReviews(store, lives);
  checkJournal(store, new Map(attempts.map(attempt => [attempt.id, attempt.state])));
  assert.deepEqual([...store.counters()].sort(), [...store.recount()].sort());
  assert.deepEqual(store.branchCounts(), store.recountBranches());
}

/** Whatever a person was told that it is stored. */
function checkReviews(store: Store, lives: readonly Life[]): void {
  const tasks = Array.from({ length: lifeTasks }, (_, index) => taskId(`set/${index}`));
  const reviews = new Map(tasks.flatMap(id => store.reviews(id)).map(({ sequence: _sequence, ...review }) => [review.id, review]));
  const corrections = tasks.map(id => store.corrections(id));
  for (const number of lives.flatMap(life => life.committed)) {
    for (const review of reviewsNumber(number)) assert.deepEqual(reviews.get(review.id), review);
    for (const { taskId: id, gold } of correctionsNumber(number)) assert.ok(corrections.flat().some(each => each.taskId === id && each.gold === gold), `correction ${number}`);
  }
  for (const [index, id] of tasks.entries()) {
    const task = store.task(id); // a life may end before there are any
    if (task) assert.equal(task.gold, corrections[index]?.at(-1)?.gold ?? '18');
  }
  const events = eventsOf(store).map(({ kind }) => kind);
  const count = (wanted: JournalEvent['kind']) => events.filter(kind => kind === wanted).length;
  assert.deepEqual([count('path-reviewed'), count('gold-corrected')], [reviews.size, corrections.flat().length]);
}

function eventsOf(store: Store): readonly JournalEvent[] {
  const events: JournalEvent[] = [];
  for (let page = store.journal(0, 1_000); page.length > 0; page = store.journal(page.at(-1)?.sequence ?? 0, 1_000)) events.push(...page);
  return events;
}

/** Every attempt stands in the journal twice, as it was sent and as it ended, and no event is missing in between. */
function checkJournal(store: Store, states: ReadonlyMap<AttemptId, AttemptState>): void {
  const events = eventsOf(store);
  assert.deepEqual(events.map(event => event.sequence), events.map((_, index) => index + 1));
  const calls = events.filter(event => event.attempt !== undefined);
  const ascending = (ids: readonly (AttemptId | undefined)[]) => ids.toSorted((left, right) => Number(left) - Number(right));
  const ids = ascending([...states.keys()]);
  assert.deepEqual(calls.filter(event => event.kind === 'call-sent').map(event => event.attempt), ids);
  const ends = calls.filter(event => event.kind !== 'call-sent');
  assert.deepEqual(ascending(ends.map(event => event.attempt)), ids);
  for (const end of ends) assert.equal(end.kind, `call-${end.attempt === undefined ? '' : states.get(end.attempt) ?? ''}`);
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
