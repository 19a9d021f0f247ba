import path from 'node:path';
import type { Answer, Attempt, LostAnswer } from '../../core/model/answer.ts';
import type { AttemptId, RecipeId, RunId, TaskId } from '../../core/model/ids.ts';
import type { TaskOutcome } from '../../core/model/outcome.ts';
import type { BranchCount } from '../../core/model/yield.ts';
import { callStages, type CallStage } from '../../core/model/stage.ts';
import type { Task } from '../../core/model/task.ts';
import type { Edit } from '../../core/model/edit.ts';
import type { JournalEvent } from '../../core/model/event.ts';
import type { StoredCorrection, StoredReview } from '../../core/model/review.ts';
import type { Commit, DatasetRow, Grouping, PathFacts, PathFilter, PathRow, RecipeRecord, RequestRow, RunDraft, RunRecord, SettledTask, Store, TaskFilter, TaskRow } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { BranchTable } from './branchTable.ts';
import { CounterChanges, countAnew, isKnown, readCounters } from './counters.ts';
import { EventTable } from './eventTable.ts';
import { EvaluationTable } from './evaluationTable.ts';
import { JobTable } from './jobTable.ts';
import { Journal, type Noting } from './journal.ts';
import { versionOf } from './migrate.ts';
import { openConnection, type OpenOptions, type OpenedFile } from './openConnection.ts';
import { OutcomeTable } from './outcomeTable.ts';
import { PathTable } from './pathTable.ts';
import { anyJson } from './rows.ts';
import { ReviewTable } from './reviewTable.ts';
import { RunTable } from './runTable.ts';
import { TaskTable } from './taskTable.ts';
import { WithdrawnTable } from './withdrawnTable.ts';

/**
 * Opens a project file, or makes it. What an engine that died had left open is ended first: its calls become `unknown`, its run `interrupted`.
 *
 * Throws `ProblemError`: `node-too-old`, `project-not-found`, `project-foreign`, `project-damaged`, `project-newer`, `project-read-only`,
 * `project-locked`, `file-unreadable`, `disk-full`; when making one also `file-exists`, `file-not-found` (no such folder), `file-not-writable`.
 */
export function openStore(file: string, options: OpenOptions): Store {
  return new SqliteStore(openConnection(path.resolve(file), options), options.clock);
}

/** A project in an SQLite file. */
export class SqliteStore implements Store {
  readonly path: string;
  readonly schemaVersion: number;
  readonly jobs: JobTable;
  readonly evaluations: EvaluationTable;
  readonly withdrawn: WithdrawnTable;
  readonly #connection: Connection;
  readonly #lock: OpenedFile['lock'];
  readonly #clock: OpenOptions['clock'];
  readonly #tasks: TaskTable;
  readonly #runs: RunTable;
  readonly #journal: Journal;
  readonly #outcomes: OutcomeTable;
  readonly #branches: BranchTable;
  readonly #paths: PathTable;
  readonly #reviews: ReviewTable;
  readonly #events: EventTable;
  #closed = false;

  constructor({ connection, lock }: OpenedFile, clock: OpenOptions['clock']) {
    this.#connection = connection;
    this.#lock = lock;
    this.#clock = clock;
    this.path = connection.file;
    this.#tasks = new TaskTable(connection);
    this.#runs = new RunTable(connection);
    this.#journal = new Journal(connection);
    this.#branches = new BranchTable(connection);
    this.#outcomes = new OutcomeTable(connection, { tasks: this.#tasks, branches: this.#branches });
    this.#paths = new PathTable(connection, this.#branches);
    this.#reviews = new ReviewTable(connection, this.#outcomes);
    this.#events = new EventTable(connection);
    this.jobs = new JobTable({ connection, write: work => this.#write(work) });
    this.evaluations = new EvaluationTable({ connection, write: work => this.#write(work), runs: this.#runs });
    this.withdrawn = new WithdrawnTable({ connection, write: work => this.#write(work), tasks: this.#tasks, outcomes: this.#outcomes });
    this.schemaVersion = connection.guard(() => versionOf(connection));
  }

  addTasks(tasks: readonly Task[]): { readonly added: number; readonly duplicates: readonly TaskId[] } {
    return this.#write(({ events, nowMs }) => {
      const result = this.#tasks.add(tasks);
      events.counted('tasks-imported', result.added, nowMs);
      return result;
    });
  }

  task(id: TaskId): Task | undefined {
    return this.#connection.guard(() => this.#tasks.task(id));
  }

  taskIds(filter: TaskFilter = {}): readonly TaskId[] {
    return this.#connection.guard(() => this.#tasks.ids(filter));
  }

  longestTask(withGold?: true): TaskId | undefined {
    return this.#connection.guard(() => this.#tasks.longest(withGold));
  }

  taskPage(filter: TaskFilter, after: number | undefined, limit: number): readonly TaskRow[] {
    return this.#connection.guard(() => this.#tasks.page(filter, after ?? 0, Math.min(Math.max(limit, 1), 1_000)));
  }

  countTasks(filter: TaskFilter = {}): number {
    return this.#connection.guard(() => this.#tasks.count(filter));
  }

  groupTasks(by: Grouping, filter: TaskFilter = {}): ReadonlyMap<string, number> {
    return this.#connection.guard(() => this.#tasks.groups(by, filter));
  }

  datasets(): readonly DatasetRow[] {
    return this.#connection.guard(() => this.#tasks.datasets());
  }

  countByKind(): Readonly<Record<string, number>> {
    return this.#connection.guard(() => this.#tasks.byKind());
  }

  recordRecipe(recipe: RecipeRecord): void {
    this.#note(() => { this.#runs.recordRecipe(recipe); });
  }

  recipe(id: RecipeId): RecipeRecord | undefined {
    return this.#connection.guard(() => this.#runs.recipe(id));
  }

  startRun(draft: RunDraft): RunId {
    return this.#write(({ events, nowMs }) => {
      const run = this.#runs.start(draft);
      events.runStarted(run, nowMs);
      return run;
    });
  }

  endRun(...[id, state, endedAtMs, problem]: Parameters<Store['endRun']>): void {
    this.#note(({ events, nowMs }) => {
      this.#runs.end(id, state, { endedAtMs, problem });
      events.runEnded(id, state, { nowMs, problem });
    });
  }

  runs(): readonly RunRecord[] {
    return this.#connection.guard(() => this.#runs.all());
  }

  commit(facts: Commit): readonly AttemptId[] {
    const isReview = (facts.reviews ?? []).length > 0 || (facts.corrections ?? []).length > 0;
    return isReview ? this.#connection.durably(() => this.#commit(facts)) : this.#commit(facts);
  }

  #commit(facts: Commit): readonly AttemptId[] {
    return this.#write(noting => {
      const sent = this.#journal.sendAll(facts.sent ?? [], noting);
      for (const settlement of facts.settled ?? []) this.#journal.settle(settlement, noting);
      for (const lost of facts.lost ?? []) this.#journal.lose(lost, noting);
      this.#journal.amend(facts, noting);
      this.#reviews.takeIn(facts, noting);
      for (const outcome of facts.outcomes ?? []) this.#outcomes.record(outcome, noting);
      for (const basis of facts.bases ?? []) this.#outcomes.recordBasis(basis);
      if (facts.run) this.#runs.count(facts.run);
      return sent;
    });
  }

  answers(taskId: TaskId): readonly Answer[] {
    return this.#connection.guard(() => this.#journal.answers(taskId));
  }

  lost(taskId: TaskId): readonly LostAnswer[] {
    return this.#connection.guard(() => this.#journal.lost(taskId));
  }

  edits(taskId: TaskId): readonly Edit[] {
    return this.#connection.guard(() => this.#journal.edits(taskId));
  }

  reviews(taskId: TaskId): readonly StoredReview[] {
    return this.#connection.guard(() => this.#reviews.ofTask(taskId));
  }

  reviewPage(after: number, limit: number): readonly StoredReview[] {
    return this.#connection.guard(() => this.#reviews.page(after, Math.min(Math.max(limit, 1), 10_000)));
  }

  unsettledReviews(): readonly TaskId[] {
    return this.#connection.guard(() => this.#reviews.unsettled());
  }

  corrections(taskId: TaskId): readonly StoredCorrection[] {
    return this.#connection.guard(() => this.#reviews.corrections(taskId));
  }

  attempts(taskId: TaskId): readonly Attempt[] {
    return this.#connection.guard(() => this.#journal.attempts(taskId));
  }

  requests(taskId: TaskId): readonly RequestRow[] {
    return this.#connection.guard(() => this.#journal.requests(taskId));
  }

  retryLost(...stages: readonly CallStage[]): number {
    return this.#note(noting => this.#journal.retryLost(noting, stages.length === 0 ? callStages : stages));
  }

  outcome(taskId: TaskId): TaskOutcome | undefined {
    return this.#connection.guard(() => this.#outcomes.of(taskId));
  }

  outcomes(): Iterable<TaskOutcome> {
    return { [Symbol.iterator]: () => this.#outcomes.walk() };
  }

  settledTasks(basis: string, after: number | undefined, limit: number): readonly SettledTask[] {
    return this.#connection.guard(() => this.#outcomes.settled(basis, after ?? 0, Math.min(Math.max(limit, 1), 10_000)));
  }

  pathPage(after: number | undefined, limit: number, filter?: PathFilter): readonly PathRow[] {
    const most = Math.min(Math.max(limit, 1), 1_000);
    return this.#connection.guard(() => (filter ? this.#paths.pageOf(filter, after, most) : this.#paths.page(after ?? 0, most)));
  }

  pathFacts(after: number, limit: number): readonly PathFacts[] {
    return this.#connection.guard(() => this.#paths.facts(after, Math.min(Math.max(limit, 1), 10_000)));
  }

  countPaths(filter?: PathFilter): number {
    return this.#connection.guard(() => (filter ? this.#branches.total(filter) : this.#paths.count()));
  }

  branchCounts(): readonly BranchCount[] {
    return this.#connection.guard(() => this.#branches.counts());
  }

  recountBranches(): readonly BranchCount[] {
    return this.#connection.guard(() => this.#branches.countAnew(this.outcomes(), outcome => isKnown(this.#connection, outcome)));
  }

  journal(after: number, limit: number): readonly JournalEvent[] {
    return this.#connection.guard(() => this.#events.page(after, Math.min(Math.max(limit, 1), 1_000)));
  }

  counters(): ReadonlyMap<string, number> {
    return this.#connection.guard(() => readCounters(this.#connection));
  }

  recount(): ReadonlyMap<string, number> {
    return this.#connection.guard(() => countAnew(this.#connection, this.outcomes()));
  }

  setting(key: string): unknown {
    return this.#connection.guard(() => {
      const row = this.#connection.get('SELECT value FROM settings WHERE key = ?', key);
      return row === undefined ? undefined : anyJson(row, 'value');
    });
  }

  setSetting(key: string, value: unknown): void {
    this.#note(() => {
      if (value === undefined) this.#connection.run('DELETE FROM settings WHERE key = ?', key);
      else this.#connection.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', key, JSON.stringify(value));
    });
  }

  beat(): void {
    this.#lock.beat(this.#clock.nowMs());
  }

  rest(): void {
    this.#connection.guard(() => { this.#checkpoint(); });
  }

  /** A transaction that must not be lost with a file that is gone. */
  #write<Result>(work: (noting: Noting) => Result): Result {
    this.#lock.requireFile();
    return this.#note(work);
  }

  /** A transaction with its counters and its events. */
  #note<Result>(work: (noting: Noting) => Result): Result {
    return this.#connection.transaction(() => {
      this.#lock.requireHeld();
      const counters = new CounterChanges();
      const result = work({ counters, events: this.#events, nowMs: this.#clock.nowMs() });
      counters.write(this.#connection);
      return result;
    });
  }

  #checkpoint(): void {
    this.#connection.execute('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#lock.release();
      this.#connection.guard(() => { this.#checkpoint(); });
    } finally {
      this.#connection.close();
    }
  }
}
