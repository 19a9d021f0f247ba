import type { Answer, Attempt, LostAnswer, WantedAnswer } from '../../src/core/model/answer.ts';
import { attemptId, runId, type AttemptId, type Fingerprint, type RecipeId, type RunId, type TaskId } from '../../src/core/model/ids.ts';
import { outcomeTally, summaryOf, type TaskOutcome } from '../../src/core/model/outcome.ts';
import { problemError } from '../../src/core/model/problem.ts';
import type { RunState } from '../../src/core/model/run.ts';
import { excerptOf, type Task, type TaskState } from '../../src/core/model/task.ts';
import type {
  AttemptDraft, Commit, DatasetRow, RecipeRecord, RunDraft, RunRecord, Settlement, Store, TaskFilter, TaskRow,
} from '../../src/ports/store.ts';

interface TaskEntry {
  readonly ordinal: number;
  readonly task: Task;
  outcome: TaskOutcome | undefined;
}

interface RunEntry {
  readonly draft: RunDraft;
  state: RunState;
  end: Pick<RunRecord, 'endedAtMs' | 'problem'>;
  counts: Pick<RunRecord, 'calls' | 'cached' | 'failed'>;
}

interface LostEntry {
  readonly lost: LostAnswer;
  readonly wanted: WantedAnswer;
  current: boolean;
}

const endStates: readonly RunState[] = ['completed', 'cancelled', 'failed'];

/** What a database would give back: a copy, without what is undefined. */
const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A project that lives as long as the object; passes the tests of the real one. It counts everything from its facts each time it is asked. */
export class MemoryStore implements Store {
  readonly path: string;
  readonly schemaVersion = 1;
  readonly #tasks = new Map<TaskId, TaskEntry>();
  readonly #recipes = new Map<RecipeId, RecipeRecord>();
  readonly #runs: RunEntry[] = [];
  readonly #attempts: Attempt[] = [];
  readonly #answers = new Map<Fingerprint, Answer>();
  readonly #lost: LostEntry[] = [];
  readonly #settings = new Map<string, string>();
  /** How to take back what the commit in progress has done, newest last. */
  readonly #undo: (() => void)[] = [];
  #closed = false;

  constructor(path = '/memory/project.regenesis') {
    this.path = path;
  }

  addTasks(tasks: readonly Task[]): { readonly added: number; readonly duplicates: readonly TaskId[] } {
    this.#mustBeOpen();
    const duplicates: TaskId[] = [];
    for (const task of tasks) {
      if (this.#tasks.has(task.id)) duplicates.push(task.id);
      else this.#tasks.set(task.id, { ordinal: this.#tasks.size + 1, task: copyOf(task), outcome: undefined });
    }
    return { added: tasks.length - duplicates.length, duplicates };
  }

  task(id: TaskId): Task | undefined {
    this.#mustBeOpen();
    return this.#tasks.get(id)?.task;
  }

  taskIds(filter: TaskFilter = {}): readonly TaskId[] {
    return this.#matching(filter).map(entry => entry.task.id);
  }

  taskPage(filter: TaskFilter, after: number | undefined, limit: number): readonly TaskRow[] {
    const entries = this.#matching(filter).filter(entry => entry.ordinal > (after ?? 0));
    return entries.slice(0, Math.min(Math.max(limit, 1), 1_000)).map(rowOf);
  }

  countTasks(filter: TaskFilter = {}): number {
    return this.#matching(filter).length;
  }

  datasets(): readonly DatasetRow[] {
    const groups = Map.groupBy(this.#matching({}), ({ task }) => JSON.stringify([task.origin.dataset, task.split]));
    const rows = [...groups.values()].flatMap(group => group.slice(0, 1).map(({ task }) => ({ name: task.origin.dataset, split: task.split, tasks: group.length })));
    return rows.sort((left, right) => compare(left.name, right.name) || compare(left.split, right.split));
  }

  countByKind(): Readonly<Record<string, number>> {
    const groups = Map.groupBy(this.#matching({}), ({ task }) => task.answerKind);
    return Object.fromEntries([...groups].map(([kind, group]) => [kind, group.length]));
  }

  recordRecipe(recipe: RecipeRecord): void {
    this.#mustBeOpen();
    if (!this.#recipes.has(recipe.id)) this.#recipes.set(recipe.id, copyOf(recipe));
  }

  recipe(id: RecipeId): RecipeRecord | undefined {
    this.#mustBeOpen();
    return this.#recipes.get(id);
  }

  startRun(draft: RunDraft): RunId {
    this.#mustBeOpen();
    must(this.#recipes.has(draft.recipeId), 'no such recipe');
    this.#runs.push({ draft: copyOf(draft), state: 'running', end: {}, counts: { calls: 0, cached: 0, failed: {} } });
    return runId(this.#runs.length);
  }

  endRun(...[id, state, endedAtMs, problem]: Parameters<Store['endRun']>): void {
    const run = this.#run(id);
    must(!endStates.includes(run.state), 'the run has ended');
    run.state = state;
    run.end = { ...(state === 'running' ? {} : { endedAtMs }), ...(problem === undefined ? {} : { problem: copyOf(problem) }) };
  }

  runs(): readonly RunRecord[] {
    this.#mustBeOpen();
    return this.#runs.map(({ draft, state, end, counts }, index) => ({ ...draft, id: runId(index + 1), state, ...end, ...counts })).toReversed();
  }

  commit(facts: Commit): readonly AttemptId[] {
    this.#mustBeOpen();
    this.#undo.length = 0;
    try {
      const sent = (facts.sent ?? []).map(draft => this.#send(draft));
      for (const settlement of facts.settled ?? []) this.#settle(settlement);
      for (const lost of facts.lost ?? []) this.#lose(lost);
      for (const outcome of facts.outcomes ?? []) this.#record(outcome);
      if (facts.run) this.#count(facts.run);
      return sent;
    } catch (cause) {
      for (const undo of this.#undo.toReversed()) undo();
      throw cause;
    }
  }

  answers(taskId: TaskId): readonly Answer[] {
    this.#mustBeOpen();
    return [...this.#answers.values()].filter(answer => answer.taskId === taskId);
  }

  lost(taskId: TaskId): readonly LostAnswer[] {
    this.#mustBeOpen();
    return this.#lost.filter(entry => entry.current && entry.lost.taskId === taskId).map(entry => entry.lost);
  }

  attempts(taskId: TaskId): readonly Attempt[] {
    this.#mustBeOpen();
    return this.#attempts.filter(attempt => attempt.call.answers.some(answer => answer.taskId === taskId));
  }

  retryLost(): number {
    this.#mustBeOpen();
    const current = this.#lost.filter(entry => entry.current);
    for (const entry of current) entry.current = false;
    return current.length;
  }

  outcome(taskId: TaskId): TaskOutcome | undefined {
    this.#mustBeOpen();
    return this.#tasks.get(taskId)?.outcome;
  }

  outcomes(): Iterable<TaskOutcome> {
    return this.#matching({}).flatMap(entry => entry.outcome ?? []);
  }

  counters(): ReadonlyMap<string, number> {
    return this.recount();
  }

  recount(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const add = (key: string, count: number) => counts.set(key, (counts.get(key) ?? 0) + count);
    for (const answer of this.#answers.values()) add(`stage/${answer.stage}/${answer.round}/done`, 1);
    for (const { wanted, current } of this.#lost) if (current) add(`stage/${wanted.stage}/${wanted.round}/failed`, 1);
    for (const outcome of this.outcomes()) for (const [key, count] of outcomeTally(outcome)) add(key, count);
    return counts;
  }

  setting(key: string): unknown {
    this.#mustBeOpen();
    const value = this.#settings.get(key);
    return value === undefined ? undefined : JSON.parse(value);
  }

  setSetting(key: string, value: unknown): void {
    this.#mustBeOpen();
    if (value === undefined) this.#settings.delete(key);
    else this.#settings.set(key, JSON.stringify(value));
  }

  rest(): void {
    this.countTasks(); // there is no file to bring anything into
  }

  close(): void {
    this.#closed = true;
  }

  /** What opening a file anew does: ends what a dead engine left open. */
  reopen(nowMs: number): this {
    this.#closed = false;
    for (const attempt of this.#attempts.filter(({ state }) => state === 'sent')) {
      const problem = { code: 'outcome-unknown', message: 'The engine stopped while this call was on its way; the server may have worked on it for nothing.' } as const;
      this.#attempts[attempt.id - 1] = { ...attempt, state: 'unknown', endedAtMs: nowMs, problem };
    }
    for (const run of this.#runs) if (run.state === 'running') run.state = 'interrupted';
    return this;
  }

  #send(draft: AttemptDraft): AttemptId {
    this.#run(draft.runId);
    for (const answer of draft.call.answers) must(this.#tasks.has(answer.taskId), 'no such task');
    const id = attemptId(this.#attempts.push({ ...copyOf(draft), id: attemptId(this.#attempts.length + 1), state: 'sent' }));
    this.#undo.push(() => this.#attempts.pop());
    return id;
  }

  #settle({ attemptId: id, answers, ...end }: Settlement): void {
    const attempt = this.#attempts[id - 1];
    if (!attempt) throw problemError('bug', 'no such attempt');
    if (attempt.state === 'sent') this.#attempts[id - 1] = { ...attempt, ...copyOf(end) };
    this.#undo.push(() => (this.#attempts[id - 1] = attempt));
    for (const answer of answers) {
      must(this.#tasks.has(answer.taskId), 'no such task');
      if (this.#answers.has(answer.fingerprint)) continue;
      this.#answers.set(answer.fingerprint, { ...copyOf(answer), attemptId: id, edited: false });
      this.#undo.push(() => this.#answers.delete(answer.fingerprint));
    }
  }

  #lose(lost: LostAnswer): void {
    this.#run(lost.runId);
    const asked = this.attempts(lost.taskId).flatMap(attempt => attempt.call.answers);
    const wanted = asked.find(answer => answer.fingerprint === lost.fingerprint);
    if (!wanted) throw problemError('bug', 'nobody asked for it');
    if (this.#lost.some(entry => entry.current && entry.lost.fingerprint === lost.fingerprint)) return;
    this.#lost.push({ lost: copyOf(lost), wanted, current: true });
    this.#undo.push(() => this.#lost.pop());
  }

  #record(outcome: TaskOutcome): void {
    this.#run(outcome.runId);
    const entry = this.#tasks.get(outcome.taskId);
    if (!entry) throw problemError('bug', 'no such task');
    const before = entry.outcome;
    entry.outcome = copyOf(outcome);
    this.#undo.push(() => (entry.outcome = before));
  }

  #count({ id, ...counts }: NonNullable<Commit['run']>): void {
    const run = this.#run(id);
    const before = run.counts;
    run.counts = copyOf(counts);
    this.#undo.push(() => (run.counts = before));
  }

  #run(id: RunId): RunEntry {
    this.#mustBeOpen();
    const run = this.#runs[id - 1];
    if (!run) throw problemError('bug', 'no such run');
    return run;
  }

  #matching(filter: TaskFilter): readonly TaskEntry[] {
    this.#mustBeOpen();
    return [...this.#tasks.values()].filter(entry => matches(entry, filter));
  }

  #mustBeOpen(): void {
    must(!this.#closed, 'the store is closed');
  }
}

function must(condition: boolean, message: string): void {
  if (!condition) throw problemError('bug', message);
}

const stateOf = (entry: TaskEntry): TaskState => entry.outcome?.state ?? 'not-started';

function matches(entry: TaskEntry, filter: TaskFilter): boolean {
  const { task } = entry;
  const part = filter.text?.toLowerCase();
  const wanted: readonly (readonly [wish: unknown, value: unknown])[] = [
    [filter.split, task.split], [filter.dataset, task.origin.dataset], [filter.state, stateOf(entry)], [filter.answerKind, task.answerKind],
    [filter.withoutGold, task.gold === undefined],
  ];
  return wanted.every(([wish, value]) => wish === undefined || wish === value)
    && (part === undefined || task.question.toLowerCase().includes(part) || task.id.toLowerCase().includes(part));
}

function rowOf(entry: TaskEntry): TaskRow {
  const { ordinal, task, outcome } = entry;
  const summary = outcome ? summaryOf(outcome) : { kept: 0, correct: 0, branches: 0, hinted: false };
  return {
    ordinal, id: task.id, excerpt: excerptOf(task.question), dataset: task.origin.dataset, answerKind: task.answerKind, split: task.split,
    state: stateOf(entry), ...summary,
  };
}

const compare = (left: string, right: string): number => Number(left > right) - Number(left < right);
