/** The stages that ask a model, in the order of a branch. */
export const modelStages = ['choose', 'adapt', 'structure', 'path', 'judge'] as const;
/** One of `modelStages`. */
export type ModelStage = (typeof modelStages)[number];

/** What a request may be for: a stage of the method, or `evaluate`, which asks held-out tasks and makes no training data. */
export const callStages = [...modelStages, 'evaluate'] as const;
/** One of `callStages`. */
export type CallStage = (typeof callStages)[number];

/** Every stage of the method, in order. `choose` is for guidelines, `select` for paths, everywhere. */
export const stages = ['choose', 'adapt', 'structure', 'path', 'verify', 'judge', 'vote', 'leak', 'clean', 'select'] as const;
/** One of `stages`. */
export type Stage = (typeof stages)[number];

/** 1: the model is not shown the known answer. 2: it is, as a hint. */
export const rounds = [1, 2] as const;
/** One of `rounds`. */
export type Round = (typeof rounds)[number];

/** Whether it is a stage of the method that asks a model; other stages look at what was answered, and `evaluate` is none. */
export const isModelStage = (stage: Stage | CallStage): stage is ModelStage => modelStages.some(each => each === stage);

/** Whether stages that were chosen ask no model: a run of them understands and grades again what is stored. No choice is every stage. */
export const asksNothing = (chosen: readonly Stage[] | undefined): boolean => chosen !== undefined && !chosen.some(isModelStage);

/** The filters of a recipe in the order in which they stand and charge; the first that fails is charged with the loss. */
export const filters = ['finish', 'refusal', 'placeholder', 'extract', 'verify', 'judge', 'leak', 'clean', 'reverify', 'length'] as const;
/** One of `filters`. */
export type Filter = (typeof filters)[number];

/** Why a model stopped: of itself, at the token limit, or withheld by the server; `unknown` where it did not say. */
export const finishReasons = ['stop', 'length', 'filtered', 'unknown'] as const;
/** One of `finishReasons`. */
export type FinishReason = (typeof finishReasons)[number];

/** One message of a request. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** How an answer is drawn. Always sent explicitly; what is not a property is not sent. */
export interface Sampling {
  /** 0 to 2. */
  readonly temperature: number;
  /** More than 0, at most 1. */
  readonly topP: number;
  /** Most tokens of the answer, at least 1. */
  readonly maxTokens: number;
  /** Stop strings; empty for none. */
  readonly stop: readonly string[];
  /** The answer must be one of these, where the server can hold the model to it. */
  readonly oneOf?: readonly string[];
}

/** Tokens of one call. What the server did not report is absent, never 0. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Of the input tokens, those the server had in its prefix cache. */
  readonly cachedTokens?: number;
}
