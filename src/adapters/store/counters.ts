import { outcomeTally, type TaskOutcome } from '../../core/model/outcome.ts';
import { yieldOf, yieldTally } from '../../core/model/yield.ts';
import type { Connection } from './connection.ts';
import { integer, text } from './rows.ts';

/** Changes of counters, gathered while a transaction is made and written once at its end: a batch of answers changes few of them, often. */
export class CounterChanges {
  readonly #changes = new Map<string, number>();

  add(key: string, change: number): void {
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + change);
  }

  /** Puts an outcome in the place of the one before. @param known whether the task has a known answer */
  replace(before: TaskOutcome | undefined, after: TaskOutcome, known: boolean): void {
    if (before) this.remove(before, known);
    for (const [key, count] of tally(after, known)) this.add(key, count);
  }

  /** Takes an outcome away. @param known as for `replace` */
  remove(outcome: TaskOutcome, known: boolean): void {
    for (const [key, count] of tally(outcome, known)) this.add(key, -count);
  }

  /** Counts an outcome again whose task had no known answer and has one now. */
  regrade(outcome: TaskOutcome): void {
    this.remove(outcome, false);
    for (const [key, count] of tally(outcome, true)) this.add(key, count);
  }

  write(connection: Connection): void {
    for (const [key, change] of this.#changes) {
      if (change === 0) continue;
      connection.run('INSERT INTO counters (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value', key, change);
    }
  }
}

function* tally(outcome: TaskOutcome, known: boolean): Generator<readonly [string, number]> {
  yield* outcomeTally(outcome);
  yield* yieldTally(yieldOf(outcome, known));
}

/** Whether the task of an outcome has a known answer. */
export function isKnown(connection: Connection, { taskId }: TaskOutcome): boolean {
  const row = connection.get('SELECT gold IS NOT NULL AS known FROM tasks WHERE id = ?', taskId);
  return row !== undefined && integer(row, 'known') === 1;
}

/** Names of the counters of a stage: `done` counts stored answers, `failed` answers that are given up now. */
export const stageCounter = (stage: string, round: number, what: 'done' | 'failed'): string => `stage/${stage}/${round}/${what}`;

/** The counters as they stand; those at 0 are left out. */
export function readCounters(connection: Connection): ReadonlyMap<string, number> {
  const rows = connection.all('SELECT key, value FROM counters WHERE value <> 0 ORDER BY key');
  return new Map(rows.map(row => [text(row, 'key'), integer(row, 'value')]));
}

/** The counters from the facts alone: reads every answer's row and every outcome. */
export function countAnew(connection: Connection, outcomes: Iterable<TaskOutcome>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (key: string, count: number) => counts.set(key, (counts.get(key) ?? 0) + count);
  for (const row of connection.all('SELECT stage, round, count(*) AS answers FROM answers GROUP BY stage, round')) {
    add(stageCounter(text(row, 'stage'), integer(row, 'round'), 'done'), integer(row, 'answers'));
  }
  for (const row of connection.all('SELECT stage, round, count(*) AS answers FROM lost WHERE current = 1 GROUP BY stage, round')) {
    add(stageCounter(text(row, 'stage'), integer(row, 'round'), 'failed'), integer(row, 'answers'));
  }
  for (const outcome of outcomes) for (const [key, count] of tally(outcome, isKnown(connection, outcome))) add(key, count);
  return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
