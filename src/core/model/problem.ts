/**
 * Every failure this product can report. Grouped by where it arises; the code is stable and stands in counts, tables and messages.
 */
export const problemCodes = [
  // reaching a model server
  'server-unreachable', 'server-wrong-key', 'server-unknown-model', 'server-rate-limited', 'server-error', 'server-bad-request',
  'context-overflow', 'timed-out', 'reply-unreadable', 'reply-empty', 'reply-too-few-choices', 'outcome-unknown',
  // what a model wrote
  'choice-invalid', 'adapt-unusable', 'structure-unusable', 'judge-unusable', 'answer-cut',
  // files and data
  'file-not-found', 'file-unreadable', 'file-not-writable', 'file-exists', 'disk-full', 'line-too-long', 'encoding-invalid', 'row-malformed', 'field-missing',
  'field-invalid', 'gold-missing', 'duplicate', 'columns-missing', 'format-unknown', 'preset-mismatch', 'nothing-to-export',
  // the project
  'project-newer', 'project-foreign', 'project-damaged', 'project-locked', 'project-read-only', 'project-not-found', 'project-older',
  // prompts and recipes
  'prompt-invalid', 'recipe-invalid', 'recipe-not-found',
  // runs
  'task-held-out', 'task-not-found', 'run-active', 'run-not-found', 'no-tasks', 'no-server', 'budget-spent', 'cancelled', 'model-mismatch',
  // training
  'target-not-found', 'target-unreachable', 'target-refused', 'target-unfit', 'target-rejected', 'target-reply-unreadable', 'job-not-found', 'dataset-empty',
  // processes
  'engine-unavailable', 'engine-protocol', 'engine-refused', 'engine-stopped', 'node-too-old', 'usage', 'bug',
] as const;
/** One of `problemCodes`. */
export type ProblemCode = (typeof problemCodes)[number];

/** A failure as a value. `message` names the file, line or field and says what to do; it never holds a secret. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** True where the same call may succeed later; decided where the failure is known (the adapter). */
  readonly retryable?: boolean;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units. */
  readonly column?: number;
  readonly field?: string;
  /** What could be named instead: the models of a server, the columns of a file. */
  readonly choices?: readonly string[];
}

/** A `Problem` on its way to whoever asked: thrown at a boundary, turned back into a value at the next. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.message, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Builds a `ProblemError` from a code, a message, whatever else is known of the place, and what was thrown before. */
export function problemError(code: ProblemCode, message: string, rest: Omit<Problem, 'code' | 'message'> & { readonly cause?: unknown } = {}): ProblemError {
  const { cause, ...place } = rest;
  return new ProblemError({ code, message, ...place }, cause === undefined ? undefined : { cause });
}

/** What an unknown thrown thing is as a `Problem`: its own, else `bug` with its message. */
export function problemOf(thrown: unknown): Problem {
  return thrown instanceof ProblemError ? thrown.problem : { code: 'bug', message: messageOf(thrown) };
}

/** What a thrown thing says, for a message of ours. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The platform's code of an error, such as `ENOENT`; `undefined` for any other thing thrown. */
export const errorCodeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
