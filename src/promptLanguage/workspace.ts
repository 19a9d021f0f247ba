import type { CallStage, ModelStage } from '../core/model/stage.ts';

/** Prompts, partials, recipes and guidelines that see each other: the workspace's own, laid over the shipped ones. */
export interface PromptFolder {
  /** Path below `prompts/` with forward slashes → text; of a file that is open in an editor the text as it stands there, saved or not. */
  readonly files: ReadonlyMap<string, string>;
  /** Address of a file by its path, whether it is there or not. */
  readonly uriOf: (path: string) => string;
  /** Whether the file at a path is a shipped one, which nobody may change. */
  readonly isShipped: (path: string) => boolean;
  /** Whether the file at a path took the place of a shipped one. Absent: nobody knows. */
  readonly hidesShipped?: (path: string) => boolean;
}

/** A file with the folder that it belongs to. */
export interface PromptPlace {
  readonly folder: PromptFolder;
  /** Its path below `prompts/`, such as `regenesis/path.rgprompt`. */
  readonly path: string;
}

/** Whether a project can use a file: it ships, or lies in a `.regenesis/prompts`. A recipe that lies elsewhere with its prompts is run by the command line alone. */
export const isOfProjects = ({ folder, path, uri }: PromptPlace & { readonly uri: string }): boolean => folder.isShipped(path) || uri.includes('/.regenesis/prompts/');

/** What the language service must be given: texts, and what a project knows. */
export interface PromptWorkspace {
  /** Where a file stands; absent for one that is none of the language. Cheap: asked for with every key. */
  readonly placeOf: (uri: string) => PromptPlace | undefined;
  /** Absent where no project is near. */
  readonly project?: ProjectFacts;
}

/** What a variable of the prompt language holds for the task and branch that are selected. */
export interface VariableValue {
  /** Full name, such as `task.question`. */
  readonly name: string;
  readonly text: string;
}

/** Answers that would become stale if a file were saved as it stands. */
export interface Staleness {
  readonly answers: number;
  readonly byStage: readonly { readonly stage: CallStage; readonly answers: number }[];
  /** What asking them anew would cost. */
  readonly calls: number;
}

/** How long a prompt becomes for the longest task, in tokens. */
export interface PromptBudget {
  readonly tokens: number;
  /** What the model takes, less the stage's own limit of an answer. */
  readonly limit: number;
  /** Counted by our own estimate, not by the server. */
  readonly estimated: boolean;
}

/** What the open project that a file belongs to knows. Each answers `undefined` where nothing is known, and is called off by its signal. */
export interface ProjectFacts {
  readonly values: (uri: string, stage: ModelStage, signal: AbortSignal) => Promise<{ readonly task: string; readonly values: readonly VariableValue[] } | undefined>;
  readonly staleness: (uri: string, signal: AbortSignal) => Promise<Staleness | undefined>;
  readonly budget: (uri: string, signal: AbortSignal) => Promise<PromptBudget | undefined>;
}
