import type { AttemptId, RunId, TaskId } from './ids.ts';
import type { ProblemCode } from './problem.ts';
import type { RunState } from './run.ts';
import type { CallStage, Round } from './stage.ts';
import type { TaskState } from './task.ts';

/** What can happen to a project. */
export const eventKinds = [
  'project-opened', 'run-started', 'run-ended', 'run-interrupted', 'call-sent', 'call-answered', 'call-failed', 'call-unknown', 'answer-lost', 'lost-retried',
  'task-settled', 'tasks-imported', 'branch-edited', 'path-reviewed', 'gold-corrected', 'task-held-out', 'task-held-in', 'task-left-out', 'task-taken-in',
] as const;
/** One of `eventKinds`. */
export type EventKind = (typeof eventKinds)[number];

/** One line of the journal of events: that something was stored, and when. It says which fact; the fact itself stands elsewhere. */
export interface JournalEvent {
  /** Ascending, from 1. */
  readonly sequence: number;
  /** When it was stored: UTC, integer milliseconds. */
  readonly atMs: number;
  readonly kind: EventKind;
  readonly run?: RunId;
  /** Of the four kinds of a call. */
  readonly attempt?: AttemptId;
  readonly task?: TaskId;
  /** Of calls and lost answers, with `round`. */
  readonly stage?: CallStage;
  readonly round?: Round;
  /** Why: of `call-failed`, `answer-lost`, and `run-ended` where the run had a problem. */
  readonly code?: ProblemCode;
  /** Of `run-ended` and `task-settled`. */
  readonly state?: RunState | TaskState;
  /** Paths kept, of `task-settled`. */
  readonly kept?: number;
  /** Of `tasks-imported` and `lost-retried`. */
  readonly count?: number;
  /** Program and version, of `project-opened`. */
  readonly app?: string;
}
