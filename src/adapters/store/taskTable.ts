import type { SQLInputValue } from 'node:sqlite';
import { taskId, type TaskId } from '../../core/model/ids.ts';
import type { OutcomeSummary } from '../../core/model/outcome.ts';
import { difficultyOf, difficultyWord } from '../../core/model/overview.ts';
import type { TaskYield } from '../../core/model/yield.ts';
import { answerKinds, excerptOf, splits, taskStates, type Split, type Task, type TaskState } from '../../core/model/task.ts';
import type { DatasetRow, Grouping, TaskFilter, TaskRow } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, optionalInteger, optionalJson, optionalText, text, textStart, toJson, word, type Row } from './rows.ts';
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
    for (const { task, tasks: added } of counts.values()) this.#count(dimensionsOf(task), added);
    return { added: tasks.length - duplicates.length, duplicates };
  }

  task(id: TaskId): Task | undefined {
    const row = this.#connection.get(
      'SELECT id, question, gold, answer_kind, options, split, dataset, source_id, line, licence, difficulty FROM tasks WHERE id = ?', id,
    );
    return row === undefined ? undefined : taskOf(row);
  }

  /** Some thousands at a time: the rows of a million at once would take some hundred megabytes. */
  ids(filter: TaskFilter): readonly TaskId[] {
    const { sql, values, from, position } = conditions(filter);
    const ids: TaskId[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const rows: readonly Row[] = this.#connection.all(
        `SELECT ordinal, id FROM ${from} WHERE ${sql} AND ${position} > ? ORDER BY ${position} LIMIT ?`, ...values, after, idsPerStep,
      );
      for (const row of rows) ids.push(taskId(text(row, 'id')));
      const last = rows.at(-1);
      after = last === undefined ? undefined : integer(last, 'ordinal');
    }
    return ids;
  }

  /** The train task with the longest question, by what the head of each row says: no question is read. */
  longest(withGold?: true): TaskId | undefined {
    const known = withGold ? 'AND gold IS NOT NULL' : '';
    const row = this.#connection.get(`SELECT id FROM tasks WHERE split = 'train' ${known} ORDER BY octet_length(question) DESC, ordinal LIMIT 1`);
    return row === undefined ? undefined : taskId(text(row, 'id'));
  }

  page(filter: TaskFilter, after: number, limit: number): readonly TaskRow[] {
    const { sql, values, from, position } = conditions(filter);
    return this.#connection.all(
      `SELECT ordinal, id, substr(CAST(question AS BLOB), 1, 16384) AS start, dataset, answer_kind, split, state, kept, correct, branches, hinted
         FROM ${from} WHERE ${sql} AND ${position} > ? ORDER BY ${position} LIMIT ?`,
      ...values, after, limit,
    ).map(taskRowOf);
  }

  count(filter: TaskFilter): number {
    const { sql, values, from } = conditions(filter);
    const row = isCounted(filter)
      ? this.#connection.get(`SELECT coalesce(sum(tasks), 0) AS tasks FROM task_counts WHERE ${sql.replace('gold IS NULL', 'has_gold = 0')}`, ...values)
      : this.#connection.get(`SELECT count(*) AS tasks FROM ${from} WHERE ${sql}`, ...values);
    return row === undefined ? 0 : integer(row, 'tasks');
  }

  /** Tasks of a filter by what they are grouped by. */
  groups(by: Grouping, filter: TaskFilter): ReadonlyMap<string, number> {
    const { sql, values, from } = conditions(filter);
    const column = groupColumns[by];
    const rows = isCounted(filter)
      ? this.#connection.all(`SELECT ${column} AS key, sum(tasks) AS tasks FROM task_counts WHERE ${sql.replace('gold IS NULL', 'has_gold = 0')} GROUP BY 1 HAVING sum(tasks) > 0`, ...values)
      : this.#connection.all(`SELECT ${column} AS key, count(*) AS tasks FROM ${from} WHERE ${sql} GROUP BY 1`, ...values);
    return new Map(rows.map(row => [text(row, 'key'), integer(row, 'tasks')]));
  }

  datasets(): readonly DatasetRow[] {
    return this.#connection
      .all('SELECT dataset, split, sum(tasks) AS tasks FROM task_counts GROUP BY dataset, split HAVING sum(tasks) > 0 ORDER BY dataset, split')
      .map(row => ({ name: text(row, 'dataset'), split: word(row, 'split', splits), tasks: integer(row, 'tasks') }));
  }

  byKind(): Readonly<Record<string, number>> {
    const rows = this.#connection.all('SELECT answer_kind, sum(tasks) AS tasks FROM task_counts GROUP BY answer_kind');
    return Object.fromEntries(rows.map(row => [text(row, 'answer_kind'), integer(row, 'tasks')]));
  }

  /** Notes in a task's row how it ended. */
  settle(ordinal: number, state: TaskState, found: OutcomeSummary & TaskYield): void {
    const row = this.#connection.get('SELECT dataset, split, answer_kind, gold IS NOT NULL AS has_gold, difficulty, state, pass_rate FROM tasks WHERE ordinal = ?', ordinal);
    if (row === undefined) return;
    const fixed = [text(row, 'dataset'), text(row, 'split'), text(row, 'answer_kind'), integer(row, 'has_gold')];
    const difficulty = difficultyOf(difficultyWord(text(row, 'difficulty')), found.passRate);
    this.#count([...fixed, text(row, 'difficulty'), word(row, 'state', taskStates), text(row, 'pass_rate')], -1);
    this.#count([...fixed, difficulty, state, found.passRate ?? ''], 1);
    this.#connection.run(
      'UPDATE tasks SET state = ?, kept = ?, correct = ?, branches = ?, hinted = ?, pass_rate = ?, solved_only = ?, difficulty = ? WHERE ordinal = ?',
      state, found.kept, found.correct, found.branches, Number(found.hinted), found.passRate ?? '', found.solvedOnlyBy ?? null, difficulty, ordinal,
    );
    for (const guideline of found.keptGuidelines) this.#connection.run('INSERT INTO kept_guidelines (guideline, task) VALUES (?, ?) ON CONFLICT DO NOTHING', guideline, ordinal);
  }

  /** Takes back what `settle` noted of the guidelines that an outcome kept paths of. */
  unsettle(ordinal: number, { keptGuidelines }: TaskYield): void {
    for (const guideline of keptGuidelines) this.#connection.run('DELETE FROM kept_guidelines WHERE guideline = ? AND task = ?', guideline, ordinal);
  }

  /** Puts another known answer in the place of the one that a task has, or of none. */
  correctGold(ordinal: number, gold: string): void {
    const row = this.#connection.get('SELECT dataset, split, answer_kind, gold IS NOT NULL AS has_gold, difficulty, state, pass_rate FROM tasks WHERE ordinal = ?', ordinal);
    if (row === undefined) return;
    const [fixed, rest] = [[text(row, 'dataset'), text(row, 'split'), text(row, 'answer_kind')], [text(row, 'difficulty'), text(row, 'state'), text(row, 'pass_rate')]];
    this.#count([...fixed, integer(row, 'has_gold'), ...rest], -1);
    this.#count([...fixed, 1, ...rest], 1);
    this.#connection.run('UPDATE tasks SET gold = ? WHERE ordinal = ?', gold, ordinal);
  }

  /** Makes a task one of another split. It must have no outcome. */
  moveTo(ordinal: number, split: Split): void {
    const row = this.#connection.get('SELECT dataset, split, answer_kind, gold IS NOT NULL AS has_gold, difficulty, state, pass_rate FROM tasks WHERE ordinal = ?', ordinal);
    if (row === undefined) return;
    const rest = [text(row, 'answer_kind'), integer(row, 'has_gold'), text(row, 'difficulty'), text(row, 'state'), text(row, 'pass_rate')];
    this.#count([text(row, 'dataset'), text(row, 'split'), ...rest], -1);
    this.#count([text(row, 'dataset'), split, ...rest], 1);
    this.#connection.run('UPDATE tasks SET split = ? WHERE ordinal = ?', split, ordinal);
  }

  #insert(task: Task): boolean {
    const { origin } = task;
    return this.#connection.run(
      `INSERT INTO tasks (id, dataset, split, answer_kind, source_id, line, licence, options, gold, difficulty, question) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING`,
      task.id, origin.dataset, task.split, task.answerKind, origin.sourceId ?? null, origin.line ?? null, origin.licence ?? null,
      toJson(task.options), task.gold ?? null, difficultyOf(origin.difficulty, undefined), task.question,
    ) > 0;
  }

  #count(dimensions: readonly SQLInputValue[], change: number): void {
    this.#connection.run(
      `INSERT INTO task_counts (dataset, split, answer_kind, has_gold, difficulty, state, pass_rate, tasks) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks`,
      ...dimensions, change,
    );
  }
}

/** Columns of what tasks are grouped by. */
const groupColumns: { readonly [By in Grouping]: string } = { state: 'state', dataset: 'dataset', answerKind: 'answer_kind', difficulty: 'difficulty' };

/** Whether how many tasks are of a filter stands in a table; other filters look at the tasks themselves. */
const isCounted = ({ text: part, ordinals, guideline, solvedOnlyBy }: TaskFilter): boolean =>
  part === undefined && ordinals === undefined && guideline === undefined && solvedOnlyBy === undefined;

/** What counts a new task. */
const dimensionsOf = ({ origin, split, answerKind, gold }: Task): readonly SQLInputValue[] =>
  [origin.dataset, split, answerKind, Number(gold !== undefined), difficultyOf(origin.difficulty, undefined), 'not-started', ''];

function countOne(counts: Map<string, { readonly task: Task; tasks: number }>, task: Task): void {
  const key = JSON.stringify(dimensionsOf(task));
  const known = counts.get(key);
  if (known) known.tasks += 1;
  else counts.set(key, { task, tasks: 1 });
}

const exactConditions = [
  ['split', 'split = ?'], ['dataset', 'dataset = ?'], ['state', 'state = ?'], ['answerKind', 'answer_kind = ?'], ['passRate', 'pass_rate = ?'], ['difficulty', 'difficulty = ?'],
  ['solvedOnlyBy', 'solved_only = ?'], ['guideline', 'guideline = ?'],
] as const;

/** A filter as SQL. */
interface Conditions {
  /** At least one condition, since `true` is one. */
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
  /** What is read, and the column to go along: of a guideline only its own tasks, by the index that holds them in order. */
  readonly from: string;
  readonly position: string;
}

function conditions(filter: TaskFilter): Conditions {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const [from, position] = filter.guideline === undefined ? ['tasks', 'ordinal'] : ['kept_guidelines CROSS JOIN tasks ON ordinal = task', 'task'];
  const add = (sql: string, ...wanted: readonly SQLInputValue[]) => {
    parts.push(sql);
    values.push(...wanted);
  };
  for (const [name, sql] of exactConditions) {
    const value = filter[name];
    if (value !== undefined) add(sql, value);
  }
  if (filter.withoutGold !== undefined) add('gold IS NULL');
  if (filter.ordinals !== undefined) add(`${position} > ? AND ${position} <= ?`, filter.ordinals.after, filter.ordinals.upTo);
  if (filter.text !== undefined) {
    const part = filter.text.toLowerCase();
    // No LIKE: it has wildcards to escape, a longest pattern, and ends at a zero byte.
    if (isAscii(part)) add('(instr(lower(question), ?) > 0 OR instr(lower(id), ?) > 0)', part, part);
    else add('(contains_folded(question, ?) OR contains_folded(id, ?))', part, part);
  }
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), values, from, position };
}

const isAscii = (value: string): boolean => !/[^\0-\x7f]/.test(value);

function taskOf(row: Row): Task {
  const gold = optionalText(row, 'gold');
  const options = optionalJson(row, 'options', isOptions);
  const sourceId = optionalText(row, 'source_id');
  const line = optionalInteger(row, 'line');
  const licence = optionalText(row, 'licence');
  const difficulty = difficultyWord(text(row, 'difficulty'));
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
      ...(difficulty === undefined ? {} : { difficulty }),
    },
  };
}

const taskRowOf = (row: Row): TaskRow => ({
  ordinal: integer(row, 'ordinal'),
  id: taskId(text(row, 'id')),
  excerpt: excerptOf(textStart(row, 'start')),
  dataset: text(row, 'dataset'),
  answerKind: word(row, 'answer_kind', answerKinds),
  split: word(row, 'split', splits),
  state: word(row, 'state', taskStates),
  kept: integer(row, 'kept'),
  correct: integer(row, 'correct'),
  branches: integer(row, 'branches'),
  hinted: integer(row, 'hinted') === 1,
});
