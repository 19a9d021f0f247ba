import type { AttemptId, BranchId, Fingerprint, RunId, TaskId } from './ids.ts';
import type { Problem } from './problem.ts';
import type { CallStage, FinishReason, Message, Round, Sampling, Usage } from './stage.ts';

/** Where in a task's work an answer belongs. `sample` counts the draws of one prompt from 0; retry r of sample i of n takes number i + r·n. */
export interface AnswerPlace {
  readonly taskId: TaskId;
  readonly stage: CallStage;
  readonly round: Round;
  /** `choose` for the choose stage, whose samples become the branches `chosen:INDEX`. */
  readonly branch: BranchId;
  readonly sample: number;
}

/** One answer that is wanted: its place and the fingerprint under which it will be kept. */
export interface WantedAnswer extends AnswerPlace {
  readonly fingerprint: Fingerprint;
  /** 0 to 2³¹ − 1: the request's base seed plus the sample number. */
  readonly seed: number;
  /** A person wrote the prompt; what answers it is marked for ever. */
  readonly edited?: true;
}

/** One HTTP request that is wanted: a prompt, and one or more answers of it (samples without a gap, ascending). */
export interface WantedCall {
  readonly stage: CallStage;
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  readonly answers: readonly WantedAnswer[];
}

/** How an attempt stands. `unknown`: it had been sent when the engine died, so the server may have worked for nothing. */
export const attemptStates = ['sent', 'answered', 'failed', 'unknown'] as const;
/** One of `attemptStates`. */
export type AttemptState = (typeof attemptStates)[number];

/** The receipt of one HTTP request. Recorded as `sent` before it leaves. */
export interface Attempt {
  readonly id: AttemptId;
  readonly runId: RunId;
  readonly state: AttemptState;
  readonly call: WantedCall;
  /** Tries before this one, 0 for the first. */
  readonly retry: number;
  readonly sentAtMs: number;
  readonly endedAtMs?: number;
  readonly usage?: Usage;
  readonly problem?: Problem;
}

/** One choice of an answered attempt. Never changed: an edit is a new answer, marked. */
export interface Answer extends AnswerPlace {
  readonly fingerprint: Fingerprint;
  /** Of a text that a person wrote: the attempt that had brought the answer which it was made from. */
  readonly attemptId: AttemptId;
  readonly seed: number;
  /** Exactly what the server sent, before anything was understood of it. */
  readonly raw: string;
  readonly finish: FinishReason;
  /** Tokens of this answer where the server says so per choice, or where the request had only this one. */
  readonly outputTokens?: number;
  /** A person wrote it, or the prompt that it answers. */
  readonly edited: boolean;
}

/** A wanted answer that was given up: a stored fact, not tried again unless told. */
export interface LostAnswer {
  readonly fingerprint: Fingerprint;
  readonly taskId: TaskId;
  readonly runId: RunId;
  readonly problem: Problem;
}
