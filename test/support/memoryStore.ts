import type { Answer, Attempt, LostAnswer, WantedAnswer } from '../../src/core/model/answer.ts';
import type { Edit } from '../../src/core/model/edit.ts';
import type { JournalEvent } from '../../src/core/model/event.ts';
import { attemptId, runId, type AttemptId, type Fingerprint, type RecipeId, type RunId, type TaskId } from '../../src/core/model/ids.ts';
import { isGraded, isKept, outcomeTally, pathFinding, summaryOf, type BranchOutcome, type TaskOutcome } from '../../src/core/model/outcome.ts';
import { difficultyOf } from '../../src/core/model/overview.ts';
import { problemError } from '../../src/core/model/problem.ts';
import type { GoldCorrection, Review, StoredCorrection, StoredReview } from '../../src/core/model/review.ts';
import type { RunState } from '../../src/core/model/run.ts';
import type { CallStage } from '../../src/core/model/stage.ts';
import { excerptOf, type Task, type TaskState } from '../../src/core/model/task.ts';
import { addBranches, branchClass, isOfFilter, ownAnswers, yieldOf, yieldTally, type BranchCount, type TaskYield } from '../../src/core/model/yield.ts';
import type {
  AttemptDraft, Commit, DatasetRow, Grouping, OutcomeBasis, PathFacts, PathFilter, PathRow, RecipeRecord, RequestRow, RunDraft, RunRecord, SettledTask, Settlement, Store, TaskFilter, TaskRow,
} from '../../src/ports/store.ts';
import { MemoryEvaluations } from './memoryEvaluations.ts';
import { MemoryJobs } from './memoryJobs.ts';
import { MemoryWithdrawals } from './memoryWithdrawals.ts';

/** A task with what became of it. */
export interface TaskEntry {
  readonly ordinal: number;
  task: Task;
  outcome: TaskOutcome | undefined;
  basis: OutcomeBasis | undefined;
}

interface RunEntry {
  readonly draft: RunDraft;
  state: RunState;
  end: Pick<RunRecord, 'endedAtMs' | 'problem'>;
  counts: Pick<RunRecord, 'calls' | 'cached' | 'failed' | 'kept' | 'outputTokens'>;
}

interface LostEntry {
  readonly lost: LostAnswer;
  readonly wanted: WantedAnswer;
  current: boolean;
}

const endStates: readonly RunState[] = ['completed', 'cancelled', 'failed'];

/** What a database would give back: a copy, without what is undefined. */
const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** When a memory store says that it stores everything, unless it is told. */
const fixedMs = 9_000;

/** A project that lives as long as the object; passes the tests of the real one. It counts everything from its facts each time it is asked. */
export class MemoryStore implements Store {
  readonly path: string;
  readonly schemaVersion = 8;
  readonly jobs = new MemoryJobs();
  readonly evaluations = new MemoryEvaluations(id => this.#allRuns().filter(({ evaluation }) => evaluation === id));
  readonly withdrawn = new MemoryWithdrawals({
    entries: () => this.#openTasks(), note: event => { this.#note(event); }, nowMs: fixedMs,
    facts: task => this.edits(task).length + this.reviews(task).length + this.corrections(task).length + this.lost(task).length,
  });
  readonly #tasks = new Map<TaskId, TaskEntry>();
  readonly #recipes = new Map<RecipeId, RecipeRecord>();
  readonly #runs: RunEntry[] = [];
  readonly #attempts: Attempt[] = [];
  readonly #answers = new Map<Fingerprint, Answer>();
  readonly #lost: LostEntry[] = [];
  readonly #edits: Edit[] = [];
  readonly #reviews: StoredReview[] = [];
  readonly #corrections: StoredCorrection[] = [];
  readonly #settings = new Map<string, string>();
  readonly #events: JournalEvent[] = [];
  readonly #app: string;
  /** How to take back what the commit in progress has done, newest last. */
  readonly #undo: (() => void)[] = [];
  #closed = false;

  constructor(path = '/memory/project.regenesis', app = 'regenesis 0.0.0') {
    this.path = path;
    this.#app = app;
    this.#note({ kind: 'project-opened', app });
  }

  addTasks(tasks: readonly Task[]): { readonly added: number; readonly duplicates: readonly TaskId[] } {
    this.#mustBeOpen();
    const duplicates: TaskId[] = [];
    for (const task of tasks) {
      if (this.#tasks.has(task.id)) duplicates.push(task.id);
      else this.#tasks.set(task.id, { ordinal: this.#tasks.size + 1, task: copyOf(task), outcome: undefined, basis: undefined });
    }
    const count = tasks.length - duplicates.length;
    if (count > 0) this.#note({ kind: 'tasks-imported', count });
    return { added: count, duplicates };
  }

  task(id: TaskId): Task | undefined {
    this.#mustBeOpen();
    return this.#tasks.get(id)?.task;
  }

  taskIds(filter: TaskFilter = {}): readonly TaskId[] {
    return this.#matching(filter).map(entry => entry.task.id);
  }

  longestTask(withGold?: true): TaskId | undefined {
    const bytes = ({ task: { question } }: TaskEntry) => Buffer.byteLength(question);
    return this.#matching({ split: 'train' }).filter(({ task: { gold } }) => !withGold || gold !== undefined).reduce<TaskEntry | undefined>((longest, entry) => (longest && bytes(longest) >= bytes(entry) ? longest : entry), undefined)?.task.id;
  }

  taskPage(filter: TaskFilter, after: number | undefined, limit: number): readonly TaskRow[] {
    const entries = this.#matching(filter).filter(entry => entry.ordinal > (after ?? 0));
    return entries.slice(0, Math.min(Math.max(limit, 1), 1_000)).map(rowOf);
  }

  countTasks(filter: TaskFilter = {}): number {
    return this.#matching(filter).length;
  }

  groupTasks(by: Grouping, filter: TaskFilter = {}): ReadonlyMap<string, number> {
    const groups = Map.groupBy(this.#matching(filter), entry => ({ state: stateOf(entry), dataset: entry.task.origin.dataset, answerKind: entry.task.answerKind, difficulty: difficultyOfEntry(entry) })[by]);
    return new Map([...groups].map(([key, entries]) => [key, entries.length]));
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
    const run = runId(this.#runs.length);
    this.#note({ kind: 'run-started', run });
    return run;
  }

  endRun(...[id, state, endedAtMs, problem]: Parameters<Store['endRun']>): void {
    const run = this.#run(id);
    must(!endStates.includes(run.state), 'the run has ended');
    run.state = state;
    run.end = { ...(state === 'running' ? {} : { endedAtMs }), ...(problem === undefined ? {} : { problem: copyOf(problem) }) };
    this.#note(state === 'running' ? { kind: 'run-started', run: id } : { kind: 'run-ended', run: id, state, ...(problem ? { code: problem.code } : {}) });
  }

  runs(): readonly RunRecord[] {
    this.#mustBeOpen();
    return this.#allRuns().filter(({ evaluation }) => evaluation === undefined);
  }

  #allRuns(): readonly RunRecord[] {
    return this.#runs.map(({ draft, state, end, counts }, index) => ({ ...draft, id: runId(index + 1), state, ...end, ...counts })).toReversed();
  }

  commit(facts: Commit): readonly AttemptId[] {
    this.#mustBeOpen();
    this.#undo.length = 0;
    try {
      const sent = (facts.sent ?? []).map(draft => this.#send(draft));
      for (const settlement of facts.settled ?? []) this.#settle(settlement);
      for (const lost of facts.lost ?? []) this.#lose(lost);
      for (const answer of facts.written ?? []) this.#add(answer);
      for (const edit of facts.edits ?? []) this.#edit(edit);
      for (const review of facts.reviews ?? []) this.#review(review);
      for (const correction of facts.corrections ?? []) this.#correct(correction);
      for (const outcome of facts.outcomes ?? []) this.#record(outcome);
      for (const basis of facts.bases ?? []) this.#recordBasis(basis);
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

  edits(taskId: TaskId): readonly Edit[] {
    this.#mustBeOpen();
    return this.#edits.filter(edit => edit.taskId === taskId);
  }

  reviews(taskId: TaskId): readonly StoredReview[] {
    this.#mustBeOpen();
    return this.#reviews.filter(review => review.taskId === taskId);
  }

  reviewPage(after: number, limit: number): readonly StoredReview[] {
    this.#mustBeOpen();
    return this.#reviews.filter(({ sequence }) => sequence > after).slice(0, Math.min(Math.max(limit, 1), 10_000));
  }

  unsettledReviews(): readonly TaskId[] {
    const reviewed = new Set([...this.#reviews, ...this.#corrections].map(({ taskId }) => taskId));
    return this.#matching({}).filter(({ task, outcome, basis }) => reviewed.has(task.id) && outcome && !basis).map(({ task }) => task.id);
  }

  corrections(taskId: TaskId): readonly StoredCorrection[] {
    this.#mustBeOpen();
    return this.#corrections.filter(correction => correction.taskId === taskId);
  }

  attempts(taskId: TaskId): readonly Attempt[] {
    this.#mustBeOpen();
    return this.#attempts.filter(attempt => attempt.call.answers.some(answer => answer.taskId === taskId));
  }

  requests(taskId: TaskId): readonly RequestRow[] {
    const brought = Map.groupBy(this.answers(taskId), answer => answer.attemptId);
    return this.attempts(taskId).map(({ id, runId, state, usage }) => ({ id, runId, state, ...(usage ? { usage } : {}), brought: (brought.get(id) ?? []).map(({ fingerprint }) => fingerprint) }));
  }

  retryLost(...stages: readonly CallStage[]): number {
    this.#mustBeOpen();
    const current = this.#lost.filter(entry => entry.current && (stages.length === 0 || stages.includes(entry.wanted.stage)));
    for (const entry of current) {
      entry.current = false;
      this.#takeBasis(entry.lost.taskId);
    }
    if (current.length > 0) this.#note({ kind: 'lost-retried', count: current.length });
    return current.length;
  }

  outcome(taskId: TaskId): TaskOutcome | undefined {
    this.#mustBeOpen();
    return this.#tasks.get(taskId)?.outcome;
  }

  outcomes(): Iterable<TaskOutcome> {
    return this.#matching({}).flatMap(entry => entry.outcome ?? []);
  }

  settledTasks(basis: string, after: number | undefined, limit: number): readonly SettledTask[] {
    const settled = this.#matching({}).flatMap(({ ordinal, task, outcome, basis: of }) =>
      outcome && of?.basis === basis ? [{ ordinal, taskId: task.id, state: outcome.state, kept: summaryOf(outcome).kept, used: of.used }] : []);
    return settled.filter(each => each.ordinal > (after ?? 0)).slice(0, Math.min(Math.max(limit, 1), 10_000));
  }

  pathPage(after: number | undefined, limit: number, filter?: PathFilter): readonly PathRow[] {
    this.#mustBeOpen();
    if (filter) return this.#branchRows(filter).filter(row => row.sequence > (after ?? -Infinity)).slice(0, Math.min(Math.max(limit, 1), 1_000));
    const rows = [...this.#answers.values()].map((answer, index) => ({ answer, sequence: index + 1 })).filter(({ answer, sequence }) => answer.stage === 'path' && sequence > (after ?? 0));
    return rows.slice(0, Math.min(Math.max(limit, 1), 1_000)).map(({ answer: { taskId, branch, round, fingerprint, raw, finish }, sequence }) => {
      const found = this.#tasks.get(taskId)?.outcome?.branches.findLast(each => each.answers.path === fingerprint);
      return { sequence, taskId, branch, round, fingerprint, excerpt: excerptOf(raw), finish, ...(found ? { finding: pathFinding(found) } : {}) };
    });
  }

  pathFacts(after: number, limit: number): readonly PathFacts[] {
    const known = new Map(this.#branches().flatMap(({ branch, known: isKnown }) => (branch.answers.path === undefined ? [] : [[branch.answers.path, branchClass(branch, isKnown)] as const])));
    const rows = this.#branchRows({}).filter(row => row.sequence > Math.max(0, after));
    return rows.slice(0, Math.min(Math.max(limit, 1), 10_000)).flatMap(({ sequence, taskId, branch, fingerprint, finding }) => {
      const of = fingerprint === undefined ? undefined : known.get(fingerprint);
      return fingerprint === undefined || !of ? [] : [{ sequence, taskId, branch, fingerprint, ...of, ...(finding?.verdict === undefined ? {} : { verdict: finding.verdict }) }];
    });
  }

  countPaths(filter?: PathFilter): number {
    if (filter) return this.#branchRows(filter).length;
    return [...this.#answers.values()].filter(answer => answer.stage === 'path').length;
  }

  branchCounts(): readonly BranchCount[] {
    return this.recountBranches();
  }

  recountBranches(): readonly BranchCount[] {
    return addBranches(this.#branches().map(({ branch, known }): BranchCount => {
      const used = ownAnswers(branch).map(print => this.#answers.get(print)?.outputTokens);
      return { ...branchClass(branch, known), branches: 1, tokens: used.reduce<number>((sum, tokens) => sum + (tokens ?? 0), 0), untold: Number(used.includes(undefined)) };
    }));
  }

  #branches(): readonly { readonly branch: BranchOutcome; readonly task: TaskId; readonly known: boolean }[] {
    return this.#matching({}).flatMap(({ task, outcome }) => (outcome?.branches ?? []).map(branch => ({ branch, task: task.id, known: outcome !== undefined && isGraded(outcome, task.gold !== undefined) })));
  }

  /** Those without a path have the numbers below 0. */
  #branchRows(filter: PathFilter): readonly PathRow[] {
    const sequences = new Map([...this.#answers.keys()].map((print, index) => [print, index + 1]));
    let without = 0;
    const rows = this.#branches().flatMap(({ branch, task, known }): PathRow[] => {
      const answer = branch.answers.path === undefined ? undefined : this.#answers.get(branch.answers.path);
      const sequence = answer ? sequences.get(answer.fingerprint) ?? 0 : (without -= 1);
      if (!isOfFilter(branchClass(branch, known), filter) || (filter.taskId !== undefined && filter.taskId !== task)) return [];
      const { verdict, loss } = pathFinding(branch);
      const finding = { kept: loss === undefined, ...(verdict === undefined ? {} : { verdict }), ...(loss ? { loss } : {}) };
      const ofAnswer = answer ? { fingerprint: answer.fingerprint, finish: answer.finish } : {};
      return [{ sequence, taskId: task, branch: branch.id, round: branch.round, ...ofAnswer, excerpt: excerptOf(answer?.raw ?? ''), finding }];
    });
    return rows.sort((left, right) => left.sequence - right.sequence);
  }

  journal(after: number, limit: number): readonly JournalEvent[] {
    this.#mustBeOpen();
    return this.#events.filter(event => event.sequence > after).slice(0, Math.min(Math.max(limit, 1), 1_000));
  }

  counters(): ReadonlyMap<string, number> {
    return this.recount();
  }

  recount(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const add = (key: string, count: number) => counts.set(key, (counts.get(key) ?? 0) + count);
    for (const answer of this.#answers.values()) add(`stage/${answer.stage}/${answer.round}/done`, 1);
    for (const { wanted, current } of this.#lost) if (current) add(`stage/${wanted.stage}/${wanted.round}/failed`, 1);
    for (const entry of this.#matching({})) {
      if (entry.outcome) for (const [key, count] of [...outcomeTally(entry.outcome), ...yieldTally(yieldOfEntry(entry))]) add(key, count);
    }
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
    this.#mustBeOpen();
  }

  close(): void {
    this.#closed = true;
  }

  /** What opening a file anew does: ends what a dead engine left open. */
  reopen(nowMs: number): this {
    this.#closed = false;
    this.#note({ kind: 'project-opened', app: this.#app });
    for (const attempt of this.#attempts.filter(({ state }) => state === 'sent')) {
      const problem = { code: 'outcome-unknown', message: 'The engine stopped while this call was on its way; the server may have worked on it for nothing.' } as const;
      this.#attempts[attempt.id - 1] = { ...attempt, state: 'unknown', endedAtMs: nowMs, problem };
      this.#note({ kind: 'call-unknown', ...callOf(attempt) });
    }
    for (const [index, run] of this.#runs.entries()) {
      if (run.state !== 'running') continue;
      run.state = 'interrupted';
      this.#note({ kind: 'run-interrupted', run: runId(index + 1) });
    }
    return this;
  }

  #send(draft: AttemptDraft): AttemptId {
    this.#run(draft.runId);
    for (const answer of draft.call.answers) must(this.#tasks.has(answer.taskId), 'no such task');
    const attempt: Attempt = { ...copyOf(draft), id: attemptId(this.#attempts.length + 1), state: 'sent' };
    this.#attempts.push(attempt);
    this.#undo.push(() => this.#attempts.pop());
    this.#note({ kind: 'call-sent', ...callOf(attempt) });
    return attempt.id;
  }

  #settle({ attemptId: id, answers, ...end }: Settlement): void {
    const attempt = this.#attempts[id - 1];
    if (!attempt) throw problemError('bug', 'no such attempt');
    this.#undo.push(() => (this.#attempts[id - 1] = attempt));
    if (attempt.state === 'sent') {
      this.#attempts[id - 1] = { ...attempt, ...copyOf(end) };
      this.#note({ kind: `call-${end.state}`, ...callOf(attempt), ...(end.problem ? { code: end.problem.code } : {}) });
    }
    for (const answer of answers) {
      if (!this.#add({ ...answer, attemptId: id, edited: answer.edited === true })) continue;
      const late = this.#lost.find(entry => entry.current && entry.lost.fingerprint === answer.fingerprint);
      if (late) this.#takeBasis(late.lost.taskId);
    }
  }

  #add(answer: Answer): boolean {
    must(this.#tasks.has(answer.taskId), 'no such task');
    must(this.#attempts[answer.attemptId - 1] !== undefined, 'no such attempt');
    if (this.#answers.has(answer.fingerprint)) return false;
    this.#answers.set(answer.fingerprint, copyOf(answer));
    this.#undo.push(() => this.#answers.delete(answer.fingerprint));
    return true;
  }

  #edit(edit: Edit): void {
    must(this.#tasks.has(edit.taskId), 'no such task');
    this.#edits.push(copyOf(edit));
    this.#undo.push(() => this.#edits.pop());
    this.#takeBasis(edit.taskId);
    this.#note({ kind: 'branch-edited', task: edit.taskId });
  }

  #review(review: Review): void {
    must(this.#tasks.has(review.taskId), 'no such task');
    if (this.#reviews.some(({ id }) => id === review.id)) return;
    this.#reviews.push({ ...copyOf(review), sequence: this.#reviews.length + 1 });
    this.#undo.push(() => this.#reviews.pop());
    this.#takeBasis(review.taskId);
    this.#note({ kind: 'path-reviewed', task: review.taskId });
  }

  #correct(correction: GoldCorrection): void {
    const entry = this.#tasks.get(correction.taskId);
    if (!entry) throw problemError('bug', 'no such task');
    const { task } = entry;
    this.#corrections.push({ ...copyOf(correction), ...(task.gold === undefined ? {} : { before: task.gold }) });
    entry.task = { ...task, gold: correction.gold };
    this.#undo.push(() => {
      this.#corrections.pop();
      entry.task = task;
    });
    this.#takeBasis(correction.taskId);
    this.#note({ kind: 'gold-corrected', task: correction.taskId });
  }

  #lose(lost: LostAnswer): void {
    this.#run(lost.runId);
    const asked = this.attempts(lost.taskId).flatMap(attempt => attempt.call.answers);
    const wanted = asked.find(answer => answer.fingerprint === lost.fingerprint);
    if (!wanted) throw problemError('bug', 'nobody asked for it');
    if (this.#lost.some(entry => entry.current && entry.lost.fingerprint === lost.fingerprint)) return;
    this.#lost.push({ lost: copyOf(lost), wanted, current: true });
    this.#undo.push(() => this.#lost.pop());
    this.#note({ kind: 'answer-lost', run: lost.runId, task: lost.taskId, stage: wanted.stage, round: wanted.round, code: lost.problem.code });
  }

  #record(outcome: TaskOutcome): void {
    this.#run(outcome.runId);
    const entry = this.#tasks.get(outcome.taskId);
    if (!entry) throw problemError('bug', 'no such task');
    const before = entry.outcome;
    entry.outcome = copyOf(outcome);
    this.#undo.push(() => (entry.outcome = before));
    this.#takeBasis(outcome.taskId);
    this.#note({ kind: 'task-settled', run: outcome.runId, task: outcome.taskId, state: outcome.state, kept: outcome.branches.filter(isKept).length });
  }

  #recordBasis(basis: OutcomeBasis): void {
    const entry = this.#tasks.get(basis.taskId);
    if (!entry?.outcome || entry.basis) throw problemError('bug', 'no outcome to have a basis, or it has one');
    if (this.reviews(basis.taskId).length > (basis.reviews ?? 0)) return;
    if (this.corrections(basis.taskId).length > 0 && entry.task.gold !== basis.gold) return;
    entry.basis = copyOf(basis);
    this.#undo.push(() => (entry.basis = undefined));
  }

  #takeBasis(task: TaskId): void {
    const entry = this.#tasks.get(task);
    const before = entry?.basis;
    if (!entry || !before) return;
    entry.basis = undefined;
    this.#undo.push(() => (entry.basis = before));
  }

  #note(event: Omit<JournalEvent, 'sequence' | 'atMs'>): void {
    this.#events.push({ sequence: this.#events.length + 1, atMs: fixedMs, ...event });
    this.#undo.push(() => this.#events.pop());
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

  #openTasks(): ReadonlyMap<TaskId, TaskEntry> {
    this.#mustBeOpen();
    return this.#tasks;
  }

  #mustBeOpen(): void {
    must(!this.#closed, 'the store is closed');
  }
}

function must(condition: boolean, message: string): void {
  if (!condition) throw problemError('bug', message);
}

/** What an event says of a call. */
function callOf({ id, runId: run, call }: Attempt): Pick<JournalEvent, 'run' | 'attempt' | 'task' | 'stage' | 'round'> {
  const [first] = call.answers;
  return { run, attempt: id, stage: call.stage, ...(first ? { task: first.taskId, round: first.round } : {}) };
}

const stateOf = (entry: TaskEntry): TaskState => entry.outcome?.state ?? 'not-started';

const nothing: TaskYield = { tried: 0, solving: 0, solvedByHint: false, keptGuidelines: [] };
const yieldOfEntry = ({ outcome, task }: TaskEntry): TaskYield => (outcome ? yieldOf(outcome, task.gold !== undefined) : nothing);
const difficultyOfEntry = (entry: TaskEntry): string => difficultyOf(entry.task.origin.difficulty, yieldOfEntry(entry).passRate);

function matches(entry: TaskEntry, filter: TaskFilter): boolean {
  const { task } = entry;
  const part = filter.text?.toLowerCase();
  const found = yieldOfEntry(entry);
  const { after, upTo } = filter.ordinals ?? { after: 0, upTo: Infinity };
  const wanted: readonly (readonly [wish: unknown, value: unknown])[] = [
    [filter.split, task.split], [filter.dataset, task.origin.dataset], [filter.state, stateOf(entry)], [filter.answerKind, task.answerKind],
    [filter.withoutGold, task.gold === undefined], [filter.difficulty, difficultyOfEntry(entry)], [filter.passRate, found.passRate], [filter.solvedOnlyBy, found.solvedOnlyBy],
  ];
  return wanted.every(([wish, value]) => wish === undefined || wish === value) && entry.ordinal > after && entry.ordinal <= upTo && (filter.guideline === undefined || found.keptGuidelines.includes(filter.guideline))
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
