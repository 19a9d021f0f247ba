import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Row } from './rows.ts';
import { sqliteCode, storeProblem } from './sqliteProblems.ts';

/** One open project file: prepared statements kept for the next time, transactions whole, SQLite's errors as problems. */
export class Connection {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #open = true;

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.file = file;
  }

  /** Runs a statement; returns the number of rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Inserts one row; returns its number. */
  insert(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...values);
  }

  /** Statements without values or results: schema, pragmas. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** Lets SQL call a pure function. */
  define(name: string, body: (...values: SQLOutputValue[]) => SQLInputValue): void {
    this.#database.function(name, { deterministic: true }, body);
  }

  /** Everything that `work` writes, or nothing of it. Not to be nested. Throws `ProblemError` only. */
  transaction<T>(work: () => T): T {
    return this.guard(() => {
      this.run('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.run('COMMIT');
        return result;
      } catch (cause) {
        this.#rollBack();
        throw cause;
      }
    });
  }

  /** Has the transactions of `work` on the disk itself before they are done, so that a power cut takes nothing of them. Not to be called within one. Throws `ProblemError` only. */
  durably<T>(work: () => T): T {
    return this.guard(() => {
      const [before] = Object.values(this.get('PRAGMA synchronous') ?? {});
      this.execute('PRAGMA synchronous = FULL');
      try {
        return work();
      } finally {
        this.execute(`PRAGMA synchronous = ${Number(before)}`);
      }
    });
  }

  /** Turns whatever `work` throws into a `ProblemError`. */
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw storeProblem(cause, this.file);
    }
  }

  /** Closes the file; a second time does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /** A full disk makes SQLite roll back by itself, and then there is nothing left to roll back: the one error that is expected here. */
  #rollBack(): void {
    try {
      this.run('ROLLBACK');
    } catch (cause) {
      if (sqliteCode(cause) === undefined) throw cause;
    }
  }
}
