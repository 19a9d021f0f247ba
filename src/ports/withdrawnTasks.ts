import type { RunId, TaskId } from '../core/model/ids.ts';
import type { TaskOutcome } from '../core/model/outcome.ts';
import type { OutcomeBasis } from './store.ts';

/** A task that a person took out of the tasks that train. */
export interface MovedTask {
  readonly taskId: TaskId;
  /** UTC, integer milliseconds. */
  readonly atMs: number;
  /** The run that had settled it by then; absent where none had. */
  readonly run?: RunId;
}

/** A task that trains again. */
export interface ReturnedTask extends MovedTask {
  /** What was found of it before it was moved; absent where nothing was, or where it was edited, reviewed or corrected since, or lost answers are to be asked for again. */
  readonly outcome?: TaskOutcome;
  /** That outcome's basis; absent where it had none, or there is no outcome. */
  readonly basis?: Pick<OutcomeBasis, 'basis' | 'used'>;
}

/** A train task that no training set takes in. */
export interface LeftOutTask {
  readonly taskId: TaskId;
  /** In a word or a few; never empty. */
  readonly reason: string;
  /** UTC, integer milliseconds. */
  readonly atMs: number;
}

/**
 * What people keep away from training of what was imported for it. Part of the project's file, with the same laws; what is committed here survives a power cut. Each
 * of them takes all tasks or none, and gives those that it changed, in the order in which they were named; a task that stands as wished is left alone. A task that is
 * not there is a `bug`.
 */
export interface WithdrawnTasks {
  /**
   * Makes train tasks held-out ones. Their outcomes are taken away with everything that repeats them; what was answered, edited and reviewed stays. Never for a task
   * that a run works on, which would store its outcome again.
   */
  holdOut(ids: readonly TaskId[]): readonly TaskId[];
  /** Makes train tasks again of those that `holdOut` has moved; others that are held out stay so. They have no outcomes: those of before are given, and are to be committed again where they still hold. */
  holdIn(ids: readonly TaskId[]): readonly ReturnedTask[];
  /** Tasks that `holdOut` has moved, in import order. */
  moved(): readonly MovedTask[];
  /** Leaves train tasks out of whatever is exported. One that is left out already keeps its reason; one that is held out is in no export anyway. */
  leaveOut(ids: readonly TaskId[], reason: string): readonly TaskId[];
  takeIn(ids: readonly TaskId[]): readonly TaskId[];
  /** In import order. One that was held out afterwards is among them. */
  leftOut(): readonly LeftOutTask[];
}
