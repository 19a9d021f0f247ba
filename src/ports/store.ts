import type { Answer, Attempt, AttemptState, LostAnswer, WantedCall } from '../core/model/answer.ts';
import type { Edit } from '../core/model/edit.ts';
import type { JournalEvent } from '../core/model/event.ts';
import type { AttemptId, BranchId, Fingerprint, RecipeId, RunId, TaskId } from '../core/model/ids.ts';
import type { PathFinding, TaskOutcome, UsedAnswers } from '../core/model/outcome.ts';
import type { PassRate } from '../core/model/overview.ts';
import type { Fields } from '../core/model/outside.ts';
import type { Problem } from '../core/model/problem.ts';
import type { GoldCorrection, Review, StoredCorrection, StoredReview } from '../core/model/review.ts';
import type { RunFilter, RunMode, RunState } from '../core/model/run.ts';
import type { CallStage, FinishReason, Round, Usage } from '../core/model/stage.ts';
import type { AnswerKind, Split, Task, TaskState } from '../core/model/task.ts';
import type { VerdictKind } from '../core/model/verdict.ts';
import type { BranchClass, BranchCount, BranchFilter } from '../core/model/yield.ts';
import type { EvaluationRecords } from './evaluationRecords.ts';
import type { JobRecords } from './jobRecords.ts';
import type { WithdrawnTasks } from './withdrawnTasks.ts';

/** A recipe as it was run: its text and every file it names, so that a run can be explained later. `files` maps a path to its text. */
export interface RecipeRecord {
  readonly id: RecipeId;
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

/** What a run is started with. */
export interface RunDraft {
  readonly recipeId: RecipeId;
  readonly recipeName: string;
  readonly mode: RunMode;
  readonly filter: RunFilter;
  /** No key in it. */
  readonly baseUrl: string;
  readonly model: string;
  readonly identity: string;
  readonly simulated: boolean;
  readonly tasks: number;
  readonly startedAtMs: number;
  /** What it was started with, so that it can be started again: a JSON value, no key in it. Absent for runs of version 1. */
  readonly choices?: Fields;
  /** The evaluation that it is for; absent for a run that makes training data. */
  readonly evaluation?: number;
}

/** One execution of a recipe. */
export interface RunRecord extends RunDraft {
  readonly id: RunId;
  readonly state: RunState;
  readonly endedAtMs?: number;
  readonly problem?: Problem;
  /** Requests sent, answers taken from the store instead, and failures by code. */
  readonly calls: number;
  readonly cached: number;
  readonly failed: Readonly<Record<string, number>>;
  /** Paths that its tasks keep, and tokens that the model wrote for it; absent for runs of before version 3. */
  readonly kept?: number;
  readonly outputTokens?: number;
}

/** A request about to be sent. */
export interface AttemptDraft {
  readonly runId: RunId;
  readonly call: WantedCall;
  /** Tries before this one, 0 for the first. */
  readonly retry: number;
  readonly sentAtMs: number;
}

/** How an attempt ended. `answers` are stored before anything is understood of them; empty where it failed. */
export interface Settlement {
  readonly attemptId: AttemptId;
  readonly state: Exclude<AttemptState, 'sent'>;
  readonly endedAtMs: number;
  readonly usage?: Usage;
  readonly problem?: Problem;
  readonly answers: readonly (Omit<Answer, 'attemptId' | 'edited'> & { readonly edited?: boolean })[];
}

/** What an outcome was worked out from beside the answers of its task: the same basis and the same answers give the same outcome. */
export interface OutcomeBasis {
  readonly taskId: TaskId;
  /** Any text; equal where recipe, model, filters and so on are. */
  readonly basis: string;
  /** Answers that a run which works the outcome out anew finds in the store and takes from there. */
  readonly used: UsedAnswers;
  /** How many reviews of its task were taken into account; absent: none. Where there are more by then, the basis is not stored: the outcome does not know of them. */
  readonly reviews?: number;
  /** The known answer that its task was graded by. Where that was corrected, and is another by then, the basis is not stored either. */
  readonly gold?: string;
}

/** A task whose outcome still has the basis that it was asked for by. */
export interface SettledTask {
  readonly ordinal: number;
  readonly taskId: TaskId;
  readonly state: TaskOutcome['state'];
  /** Paths that it keeps. */
  readonly kept: number;
  readonly used: UsedAnswers;
}

/** Facts that become durable together, in one transaction. */
export interface Commit {
  readonly settled?: readonly Settlement[];
  readonly sent?: readonly AttemptDraft[];
  readonly lost?: readonly LostAnswer[];
  /** Answers that a person wrote; each names the attempt of the answer that it was made from. */
  readonly written?: readonly Answer[];
  /** Takes the bases of their tasks' outcomes away. */
  readonly edits?: readonly Edit[];
  /** Take the bases of their tasks' outcomes away. With either of them the whole commit survives a power cut, not only the death of the process. */
  readonly reviews?: readonly Review[];
  readonly corrections?: readonly GoldCorrection[];
  /** Replaces the outcome of the same task; the counters follow in the same transaction. */
  readonly outcomes?: readonly TaskOutcome[];
  /** Of outcomes of this commit; one without a basis is worked out anew by every run. */
  readonly bases?: readonly OutcomeBasis[];
  readonly run?: { readonly id: RunId; readonly calls: number; readonly cached: number; readonly failed: Readonly<Record<string, number>>; readonly kept?: number; readonly outputTokens?: number };
}

/** Which tasks. Properties combine; absent means any. */
export interface TaskFilter {
  readonly split?: Split;
  readonly dataset?: string;
  readonly state?: TaskState;
  readonly answerKind?: AnswerKind;
  /** Only tasks without a known answer. */
  readonly withoutGold?: true;
  /** See `TaskYield`. */
  readonly passRate?: PassRate;
  /** As `difficultyOf` writes it. */
  readonly difficulty?: string;
  /** Only tasks that keep a path of this guideline. */
  readonly guideline?: string;
  /** See `TaskYield`. */
  readonly solvedOnlyBy?: string;
  /** Case-insensitive part of the question or the id. */
  readonly text?: string;
  /** Only those of a part of the project, so that a text can be looked for in many questions without a long wait. */
  readonly ordinals?: { readonly after: number; readonly upTo: number };
}

/** What tasks are counted by. */
export type Grouping = 'state' | 'dataset' | 'answerKind' | 'difficulty';

/** What a request at a task came to, without what was asked and said. */
export interface RequestRow extends Pick<Attempt, 'id' | 'runId' | 'state' | 'usage'> {
  /** The answers of the task that stand since it came back; of a text that a person wrote, the request whose answer it was made from. */
  readonly brought: readonly Fingerprint[];
}

/** Which branches of settled tasks a list shows. */
export interface PathFilter extends BranchFilter {
  readonly taskId?: TaskId;
}

/** A task as a list shows it. */
export interface TaskRow {
  /** Position in import order, from 1 without gaps. */
  readonly ordinal: number;
  readonly id: TaskId;
  /** The question's first 160 characters, white space folded. */
  readonly excerpt: string;
  readonly dataset: string;
  readonly answerKind: AnswerKind;
  readonly split: Split;
  /** That of its outcome, or `not-started`; which tasks are `running` the engine knows, no file does. */
  readonly state: TaskState;
  readonly kept: number;
  readonly correct: number;
  readonly branches: number;
  readonly hinted: boolean;
}

/** A stored answer of stage `path` as a list shows it; in a filtered list also a branch that was lost before it had one. */
export interface PathRow {
  /** Position among all answers of the project, from 1, with gaps; negative for a branch without a path. */
  readonly sequence: number;
  readonly taskId: TaskId;
  readonly branch: BranchId;
  readonly round: Round;
  /** Absent for a branch without a path. */
  readonly fingerprint?: Fingerprint;
  /** The path's first 160 characters, white space folded; empty for a branch without a path. */
  readonly excerpt: string;
  readonly finish?: FinishReason;
  /** Absent while its task is not settled, and where the outcome does without this path. */
  readonly finding?: PathFinding;
}

/** What is known of a path without reading it. */
export interface PathFacts extends BranchClass {
  readonly sequence: number;
  readonly taskId: TaskId;
  readonly branch: BranchId;
  readonly fingerprint: Fingerprint;
  /** The verdict that decides; absent where there is none. */
  readonly verdict?: VerdictKind;
}

/** One data set of the project. */
export interface DatasetRow {
  readonly name: string;
  readonly split: Split;
  readonly tasks: number;
}

/**
 * One project file. All methods are synchronous and atomic: after `commit` returns, what it was given survives the death of the process.
 *
 * Every method may throw `ProblemError` with `disk-full`, `project-damaged`, `project-read-only`, `file-unreadable` from a failing disk, or
 * `project-not-found` once the file was moved or deleted, and one that stores something `project-locked` once another host has taken the file over, as after a
 * long sleep; nothing of the call is then stored, and the store can be used on. A fact about a task, run,
 * recipe or attempt that is not there is a `bug`, stored neither.
 */
export interface Store {
  /** Absolute path of the file; a made-up one for the in-memory store. */
  readonly path: string;
  readonly schemaVersion: number;

  /** Adds tasks in order; one whose id exists already is left alone and returned. */
  addTasks(tasks: readonly Task[]): { readonly added: number; readonly duplicates: readonly TaskId[] };
  task(id: TaskId): Task | undefined;
  /** Ids in import order. */
  taskIds(filter?: TaskFilter): readonly TaskId[];
  /** The train task whose question has the most bytes, the first of several; absent where there is none. `withGold`: of those with a known answer. */
  longestTask(withGold?: true): TaskId | undefined;
  /** Rows in import order, at most `limit` (1 to 1,000), those after ordinal `after`. */
  taskPage(filter: TaskFilter, after: number | undefined, limit: number): readonly TaskRow[];
  countTasks(filter?: TaskFilter): number;
  /** Tasks of a filter by a property; groups without tasks are left out. */
  groupTasks(by: Grouping, filter?: TaskFilter): ReadonlyMap<string, number>;
  datasets(): readonly DatasetRow[];
  /** Tasks per answer kind. */
  countByKind(): Readonly<Record<string, number>>;

  recordRecipe(recipe: RecipeRecord): void;
  recipe(id: RecipeId): RecipeRecord | undefined;
  /** Starts a run. A run found `running` from an engine that died is set to `interrupted` when the file is opened. */
  startRun(draft: RunDraft): RunId;
  endRun(id: RunId, state: RunState, endedAtMs: number, problem?: Problem): void;
  /** Newest first; those of evaluations are none of them. */
  runs(): readonly RunRecord[];

  /**
   * Stores everything or nothing; returns the ids of `sent`, in order. An answer whose fingerprint exists is left as it was; an attempt that has ended keeps its
   * end, and answers that come for it later are stored all the same. What is `lost` must have been asked for by an attempt, whose stage and round it counts for.
   */
  commit(facts: Commit): readonly AttemptId[];
  /** Answers of one task, in the order they were stored. */
  answers(taskId: TaskId): readonly Answer[];
  lost(taskId: TaskId): readonly LostAnswer[];
  /** What a person decided about branches of one task, in the order in which it was stored. */
  edits(taskId: TaskId): readonly Edit[];
  /** What people think of paths of one task, in the order in which it was stored: all of it, superseded or not. */
  reviews(taskId: TaskId): readonly StoredReview[];
  /** Reviews of all tasks in the order in which they were stored, at most `limit` (1 to 10,000), those after sequence number `after` (0 for the first). */
  reviewPage(after: number, limit: number): readonly StoredReview[];
  /** Tasks with reviews or corrections whose outcome has no basis: it may not know of them. */
  unsettledReviews(): readonly TaskId[];
  /** How often the known answer of a task was corrected, oldest first. `task` has the latest. */
  corrections(taskId: TaskId): readonly StoredCorrection[];
  readonly jobs: JobRecords;
  readonly evaluations: EvaluationRecords;
  readonly withdrawn: WithdrawnTasks;
  /** Attempts that asked for one of these answers, newest last. */
  attempts(taskId: TaskId): readonly Attempt[];
  /** The same requests in short: neither what they asked nor what came back is read. */
  requests(taskId: TaskId): readonly RequestRow[];
  /**
   * Forgets that answers of these stages were given up, so that they are asked for again; none named: of all. Returns how many. The facts stay, and the outcomes of
   * their tasks lose their basis.
   */
  retryLost(...stages: readonly CallStage[]): number;
  outcome(taskId: TaskId): TaskOutcome | undefined;
  /**
   * Outcomes in import order of their tasks, read as they are walked and all of them as they stood when the walk began, whatever is stored meanwhile: one
   * picture of the project, however long it is looked at. A walk is to be ended (as `for … of` does).
   */
  outcomes(): Iterable<TaskOutcome>;
  /**
   * Tasks with an outcome of this basis in import order, at most `limit` (1 to 10,000), those after ordinal `after`. Whatever could change an outcome under the
   * same basis takes the basis away when it is stored: a lost answer that is asked for again or that came after all, and every edit.
   */
  settledTasks(basis: string, after: number | undefined, limit: number): readonly SettledTask[];
  /**
   * Stored answers of stage `path` in the order in which they were stored, at most `limit` (1 to 1,000), those after sequence number `after`. With a filter: the
   * branches of all outcomes that are of it, those without a path first.
   */
  pathPage(after: number | undefined, limit: number, filter?: PathFilter): readonly PathRow[];
  /** The branches with a path of all outcomes, as lists class them, in the order in which the paths were stored; at most `limit` (1 to 10,000), those after sequence number `after` (0 for the first). */
  pathFacts(after: number, limit: number): readonly PathFacts[];
  /** How many paths, or branches of a filter, there are, from the counters. */
  countPaths(filter?: PathFilter): number;
  /** The branches of all outcomes by class, in a fixed order; changed in the transactions of the outcomes. */
  branchCounts(): readonly BranchCount[];
  /** The same, counted anew from the facts: what `branchCounts` must equal. */
  recountBranches(): readonly BranchCount[];
  /** Events in the order in which they were stored, at most `limit` (1 to 1,000), those after sequence number `after` (0 for the first). A project of version 1 has none of before. */
  journal(after: number, limit: number): readonly JournalEvent[];
  /**
   * The counters: `state/STATE`, `stage/STAGE/ROUND/done`, `stage/STAGE/ROUND/failed`, and those of `outcomeTally` and `yieldTally`.
   * Changed in the transaction of the facts they count. Counters at 0 may be absent.
   */
  counters(): ReadonlyMap<string, number>;
  /** The same, counted anew from the facts: what `counters` must equal. */
  recount(): ReadonlyMap<string, number>;

  /** A small JSON value kept with the project (its server, its recipe); `undefined` where never set. No secret may be put here. */
  setting(key: string): unknown;
  /** `undefined` takes the setting away. */
  setSetting(key: string, value: unknown): void;

  /**
   * Says that the owner of the file still lives; to be called every 30 seconds or so. Throws `project-locked` when another host has taken the file
   * meanwhile, as after a long sleep, and `project-not-found` when the file was moved or deleted: nothing may be written then. Absent where nobody else can open the store.
   */
  beat?(): void;

  /** Brings everything into the file itself, so that it can be copied while nobody writes; may take some 100 ms. */
  rest(): void;

  /** Releases the file; a checkpoint first, so that it can be copied. A second time does nothing; any other method afterwards is a bug. */
  close(): void;
}
