import type { SQLInputValue } from 'node:sqlite';
import { taskId, type TaskId } from '../../core/model/ids.ts';
import type { OutcomeSummary } from '../../core/model/outcome.ts';
import { answerKinds, excerptOf, splits, taskStates, type Task, type TaskState } from '../../core/model/task.ts';
import type { DatasetRow, TaskFilter, TaskRow } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, optionalInteger, optionalJson, optionalText, text, toJson, word, type Row } from './rows.ts';
import { isOptions } from './shapes.ts';

const idsPerStep = 10_000;

/** Tasks, and how many there are of each sort: counted as they come, since counting a million takes a while. */
export class TaskTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    // SQLite's own lower() knows ASCII only; this one is asked where the wanted text needs more.
    connection.define('contains_folded', (whole, part) => Number(String(whole).toLowerCase().includes(String(part))));
  }

  add(tasks: readonly Task[]): { readonly added: number; readonly duplicates: readonly TaskId[] } {
    const duplicates: TaskId[] = [];
    const counts = new Map<string, { readonly task: Task; tasks: number }>();
    for (const task of tasks) {
      if (this.#insert(task)) countOne(counts, task);
      else duplicates.push(task.id);
    }
    for (const { task, tasks: added } of counts.values()) this.#count(dimensionsOf(task), 'not-started', added);
    return { added: tasks.length - duplicates.length, duplicates };
  }

  task(id: TaskId): Task | undefined {
    const row = this.#connection.get(
      'SELECT id, question, gold, answer_kind, options, split, dataset, source_id, line, licence FROM tasks WHERE id = ?', id,
    );
    return row === undefined ? undefined : taskOf(row);
  }

  /** Some thousands at a time: the rows of a million at once would take some hundred megabytes. */
  ids(filter: TaskFilter): readonly TaskId[] {
    const { sql, values } = conditions(filter);
    const ids: TaskId[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const rows: readonly Row[] = this.#connection.all(
        `SELECT ordinal, id FROM tasks WHERE ${sql} AND ordinal > ? ORDER BY ordinal LIMIT ?`, ...values, after, idsPerStep,
      );
      for (const row of rows) ids.push(taskId(text(row, 'id')));
      const last = rows.at(-1);
      after = last === undefined ? undefined : integer(last, 'ordinal');
    }
    return ids;
  }

  page(filter: TaskFilter, after: number, limit: number): readonly TaskRow[] {
    const { sql, values } = conditions(filter);
    return this.#connection.all(
      `SELECT ordinal, id, substr(question, 1, 4096) AS start, dataset, answer_kind, split, state, kept, correct, branches, hinted
         FROM tasks WHERE ${sql} AND ordinal > ? ORDER BY ordinal LIMIT ?`,
      ...values, after, limit,
    ).map(taskRowOf);
  }

  count(filter: TaskFilter): number {
    const { sql, values } = conditions(filter);
    const row = filter.text === undefined && filter.ordinals === undefined
      ? this.#connection.get(`SELECT coalesce(sum(tasks), 0) AS tasks FROM task_counts WHERE ${sql.replace('gold IS NULL', 'has_gold = 0')}`, ...values)
      : this.#connection.get(`SELECT count(*) AS tasks FROM tasks WHERE ${sql}`, ...values);
    return row === undefined ? 0 : integer(row, 'tasks');
  }

  datasets(): readonly DatasetRow[] {
    return this.#connection
      .all('SELECT dataset, split, sum(tasks) AS tasks FROM task_counts GROUP BY dataset, split ORDER BY dataset, split')
      .map(row => ({ name: text(row, 'dataset'), split: word(row, 'split', splits), tasks: integer(row, 'tasks') }));
  }

  byKind(): Readonly<Record<string, number>> {
    const rows = this.#connection.all('SELECT answer_kind, sum(tasks) AS tasks FROM task_counts GROUP BY answer_kind');
    return Object.fromEntries(rows.map(row => [text(row, 'answer_kind'), integer(row, 'tasks')]));
  }

  /** Notes in a task's row how it ended. */
  settle(ordinal: number, state: TaskState, summary: OutcomeSummary): void {
    const row = this.#connection.get('SELECT dataset, split, answer_kind, gold IS NOT NULL AS has_gold, state FROM tasks WHERE ordinal = ?', ordinal);
    if (row === undefined) return;
    const dimensions = [text(row, 'dataset'), text(row, 'split'), text(row, 'answer_kind'), integer(row, 'has_gold')];
    this.#count(dimensions, word(row, 'state', taskStates), -1);
    this.#count(dimensions, state, 1);
    this.#connection.run(
      'UPDATE tasks SET state = ?, kept = ?, correct = ?, branches = ?, hinted = ? WHERE ordinal = ?',
      state, summary.kept, summary.correct, summary.branches, Number(summary.hinted), ordinal,
    );
  }

  #insert(task: Task): boolean {
    const { origin } = task;
    return this.#connection.run(
      `INSERT INTO tasks (id, dataset, split, answer_kind, source_id, line, licence, options, gold, question) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING`,
      task.id, origin.dataset, task.split, task.answerKind, origin.sourceId ?? null, origin.line ?? null, origin.licence ?? null,
      toJson(task.options), task.gold ?? null, task.question,
    ) > 0;
  }

  #count(dimensions: readonly SQLInputValue[], state: TaskState, change: number): void {
    this.#connection.run(
      `INSERT INTO task_counts (dataset, split, answer_kind, has_gold, state, tasks) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks`,
      ...dimensions, state, change,
    );
  }
}

const dimensionsOf = (task: Task): readonly SQLInputValue[] => [task.origin.dataset, task.split, task.answerKind, Number(task.gold !== undefined)];

function countOne(counts: Map<string, { readonly task: Task; tasks: number }>, task: Task): void {
  const key = JSON.stringify(dimensionsOf(task));
  const known = counts.get(key);
  if (known) known.tasks += 1;
  else counts.set(key, { task, tasks: 1 });
}

/** A filter as SQL; at least one condition, since `true` is one. */
function conditions(filter: TaskFilter): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (sql: string, ...wanted: readonly SQLInputValue[]) => {
    parts.push(sql);
    values.push(...wanted);
  };
  if (filter.split !== undefined) add('split = ?', filter.split);
  if (filter.dataset !== undefined) add('dataset = ?', filter.dataset);
  if (filter.state !== undefined) add('state = ?', filter.state);
  if (filter.answerKind !== undefined) add('answer_kind = ?', filter.answerKind);
  if (filter.withoutGold !== undefined) add('gold IS NULL');
  if (filter.ordinals !== undefined) add('ordinal > ? AND ordinal <= ?', filter.ordinals.after, filter.ordinals.upTo);
  if (filter.text !== undefined) {
    const part = filter.text.toLowerCase();
    // No LIKE: it has wildcards to escape, a longest pattern, and ends at a zero byte.
    if (isAscii(part)) add('(instr(lower(question), ?) > 0 OR instr(lower(id), ?) > 0)', part, part);
    else add('(contains_folded(question, ?) OR contains_folded(id, ?))', part, part);
  }
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), values };
}

const isAscii = (value: string): boolean => !/[^\0-\x7f]/.test(value);

function taskOf(row: Row): Task {
  const gold = optionalText(row, 'gold');
  const options = optionalJson(row, 'options', isOptions);
  const sourceId = optionalText(row, 'source_id');
  const line = optionalInteger(row, 'line');
  const licence = optionalText(row, 'licence');
  return {
    id: taskId(text(row, 'id')),
    question: text(row, 'question'),
    ...(gold === undefined ? {} : { gold }),
    answerKind: word(row, 'answer_kind', answerKinds),
    ...(options === undefined ? {} : { options }),
    split: word(row, 'split', splits),
    origin: {
      dataset: text(row, 'dataset'),
      ...(sourceId === undefined ? {} : { sourceId }),
      ...(line === undefined ? {} : { line }),
      ...(licence === undefined ? {} : { licence }),
    },
  };
}

const taskRowOf = (row: Row): TaskRow => ({
  ordinal: integer(row, 'ordinal'),
  id: taskId(text(row, 'id')),
  excerpt: excerptOf(text(row, 'start')),
  dataset: text(row, 'dataset'),
  answerKind: word(row, 'answer_kind', answerKinds),
  split: word(row, 'split', splits),
  state: word(row, 'state', taskStates),
  kept: integer(row, 'kept'),
  correct: integer(row, 'correct'),
  branches: integer(row, 'branches'),
  hinted: integer(row, 'hinted') === 1,
});
