import type { Answer, LostAnswer, WantedCall } from '../model/answer.ts';
import type { TaskId } from '../model/ids.ts';
import type { TaskOutcome, UsedAnswers } from '../model/outcome.ts';

/** What is stored of a task that made training data, beside its answers: its outcome, and what that rests on. */
export interface Conclusion {
  readonly outcome: TaskOutcome;
  readonly used: UsedAnswers;
  /** What of people's judgement it knows: how many reviews, and the known answer as it was corrected by then. */
  readonly judgedBy: { readonly reviews: number; readonly gold?: string };
}

/**
 * All that is to be asked about one task: `TaskPlan` makes training data of it, `TaskEvaluation` finds out whether a model solves it. Starting and resuming are the
 * same: `receive` what is stored, then ask `next`.
 */
export interface TaskWork {
  readonly taskId: TaskId;
  /** Takes in facts, stored or new, and goes on as far as they allow. */
  receive(answers: Iterable<Answer>, lost?: Iterable<Pick<LostAnswer, 'fingerprint' | 'problem'>>): void;
  /** Calls that are wanted now and were not handed out before. */
  next(): readonly WantedCall[];
  /** Whether nothing is wanted any more. */
  readonly settled: boolean;
  /** Answers that count for it, those that were drawn in vain among them. */
  usedAnswers(): ReadonlySet<Answer>;
  /** What is to be stored once it is settled; absent: its answers are all there is. */
  conclude(): Conclusion | undefined;
  /**
   * What can be said of it where nothing more may be asked and it is not settled; absent where that is nothing.
   * @param replaces it has an outcome already
   */
  concludeInPart(replaces: boolean): TaskOutcome | undefined;
}
