import type { TaskId } from './ids.ts';

/** The kinds of known answer. The kind decides how an answer is read and compared, before anything is extracted. */
export const answerKinds = ['number', 'expression', 'choice', 'yesno', 'text'] as const;
/** One of `answerKinds`. */
export type AnswerKind = (typeof answerKinds)[number];

/** `train` tasks make training data; `held-out` tasks never do. */
export const splits = ['train', 'held-out'] as const;
/** One of `splits`. */
export type Split = (typeof splits)[number];

/** One option of a choice task. `label` is a capital letter from A. */
export interface ChoiceOption {
  readonly label: string;
  readonly text: string;
}

/** Where a task came from. `line` is the 1-based line of the source file where lines have meaning, else the row number. */
export interface TaskOrigin {
  readonly dataset: string;
  readonly sourceId?: string;
  readonly line?: number;
  readonly licence?: string;
  /** How hard the data set says it is, in its own word, such as `Level 3`; absent where it says nothing. */
  readonly difficulty?: string;
}

interface TaskOf<S extends Split> {
  readonly id: TaskId;
  /** The whole text the model is shown, options included. Never empty. */
  readonly question: string;
  /** The known answer as the data set words it; absent where there is none. Never an empty string. */
  readonly gold?: string;
  readonly answerKind: AnswerKind;
  /** Options of a choice task, in order; the question's text already holds them. */
  readonly options?: readonly ChoiceOption[];
  readonly split: S;
  readonly origin: TaskOrigin;
}

/** A task that may make training data. */
export type TrainTask = TaskOf<'train'>;
/** A task that is only ever evaluated on: no stage accepts it. */
export type HeldOutTask = TaskOf<'held-out'>;
/** One question to reason about. Never changes after import, but for its split, which people may change, and for a known answer that they correct. */
export type Task = TrainTask | HeldOutTask;

/** Whether a task may enter the stages that make training data. */
export const isTrainTask = (task: Task): task is TrainTask => task.split === 'train';

/** Where a task stands. `running` means started and not settled; the other words are end states of the latest run. */
export const taskStates = ['not-started', 'running', 'solved', 'unsolved', 'all-unreadable', 'needs-review', 'failed'] as const;
/** One of `taskStates`. */
export type TaskState = (typeof taskStates)[number];

/** A count for every state. */
export const countStates = (countOf: (state: TaskState) => number): Record<TaskState, number> => ({
  'not-started': countOf('not-started'), 'running': countOf('running'), 'solved': countOf('solved'), 'unsolved': countOf('unsolved'),
  'all-unreadable': countOf('all-unreadable'), 'needs-review': countOf('needs-review'), 'failed': countOf('failed'),
});

/** Most characters of an excerpt. */
export const excerptLength = 160;

/** The start of a text for a list: white space folded, trimmed, at most `excerptLength` characters; of its first 4,096, however long it is. */
export function excerptOf(text: string): string {
  const folded = text.slice(0, 4_096).replaceAll(/\s+/g, ' ').trim();
  // A surrogate pair that was cut in two is no character.
  return folded.slice(0, excerptLength).replace(/[\uD800-\uDBFF]$/u, '');
}
