import type { CallStage, Message } from './stage.ts';

/** The variables a prompt may use, by the names of the prompt language. A stage is given only what it may see. */
export interface PromptVariables {
  readonly task: { readonly question: string; readonly answerKind: string };
  readonly guidelines?: readonly { readonly id: string; readonly text: string }[];
  readonly guideline?: { readonly id: string; readonly text: string };
  readonly adapted?: { readonly text: string };
  readonly structure?: { readonly text: string; readonly steps: readonly string[] };
  readonly path?: { readonly text: string };
  readonly gold?: string;
  /** Present only in the stages that show the known answer (round 2), so that a shared prompt asks `{% if hint %}`. */
  readonly hint?: { readonly answer: string };
}

/** A prompt that passed the checker: rendering it cannot fail and leaves no variable unknown. */
export interface Prompt {
  /** Path as it was named, for messages. */
  readonly file: string;
  readonly stage: CallStage;
  /** Names of the partials it includes, in order. */
  readonly partials: readonly string[];
  readonly render: (variables: PromptVariables) => readonly Message[];
}
