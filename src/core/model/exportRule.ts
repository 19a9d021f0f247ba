/**
 * Formats that a training set can be written in. `chat`, `prompt-completion`, `sharegpt`, `alpaca` and `parquet` hold paths to be learnt, `kto` paths with a label,
 * `dpo` pairs of a better and a worse path of one task.
 */
export const exportFormats = ['chat', 'prompt-completion', 'sharegpt', 'alpaca', 'parquet', 'kto', 'dpo'] as const;
/** One of `exportFormats`. */
export type ExportFormat = (typeof exportFormats)[number];

/** Whether a format also holds paths that are not to be learnt. */
export const holdsRejected = (format: ExportFormat): boolean => format === 'kto' || format === 'dpo';

/** What becomes of paths that nobody has decided about: taken like all others, or left out. */
export const reviewRules = ['any', 'reviewed-only'] as const;
/** What stands before a question: the instruction that fits the kind of its answer, or nothing. */
export const wrapperRules = ['fitting', 'none'] as const;
/** What a path is measured in: UTF-16 code units of what is written, or tokens of the model's answer, as its server counted them. */
export const lengthUnits = ['characters', 'tokens'] as const;
/** What a sample counts. */
export const sampleUnits = ['tasks', 'records'] as const;
/** In what a training set is made equal to another one: as many paths of each task that both have, or as many in all, of whatever tasks. */
export const matchUnits = ['paths-per-task', 'paths'] as const;

/** Which paths are too short or too long; both bounds are allowed lengths. */
export interface LengthRule {
  readonly unit: (typeof lengthUnits)[number];
  readonly least?: number;
  readonly most?: number;
}

/** Another training set, of this project or of another, that this one is made equal to, so that the two differ in how their paths were made and not in how many there are. */
export interface MatchRule {
  readonly by: (typeof matchUnits)[number];
  /** Its manifest: where it stands, and in what is written the name alone. */
  readonly manifest: string;
}

/** A part that is written into a file of its own, such as `validation`. */
export interface SplitRule {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Of the tasks, more than 0 and less than 1. */
  readonly share: number;
}

/**
 * What is in a training set. Applied in the order of these properties: a path that falls out is charged to the first that takes it. Nothing depends on the order in
 * which paths were made: what is drawn is drawn by hash.
 */
export interface ExportRule {
  readonly reviews: (typeof reviewRules)[number];
  /** Absent: any length. */
  readonly length?: LengthRule;
  /** Of the paths to be learnt, and of the others in formats that hold such, the first so many of the walk, unhinted first; absent: all that are kept. */
  readonly pathsPerTask?: number;
  /** With how many worse paths each better one is paired at most; of `dpo` only. */
  readonly rejectedPerChosen: number;
  /** Most hinted records as a share of all, 0 to 1. Each task keeps its first hinted path before any keeps a second. */
  readonly hintedShare: number;
  /** Absent: whatever is there. Fewer where there are not so many; not in formats that hold what is not to be learnt. */
  readonly match?: MatchRule;
  /** Absent: all. Fewer where there are not so many. */
  readonly sample?: { readonly by: (typeof sampleUnits)[number]; readonly count: number };
  /** Absent: one file. A task is wholly on one side, and so are all tasks of the same question. */
  readonly split?: SplitRule;
  /** Decides what the share, the sample and the split draw. */
  readonly seed: number;
  readonly wrapper: (typeof wrapperRules)[number];
}

/** Everything that is kept, in one file. */
export const usualRule: ExportRule = { reviews: 'any', rejectedPerChosen: 1, hintedShare: 1, seed: 0, wrapper: 'fitting' };

/** Why a rule takes a path, or a record, out, beside the reasons of losses and rejects; `left-out` takes those of tasks that a person leaves out of all training sets. */
export const ruleReasons = [
  'left-out', 'not-reviewed', 'under-length', 'over-length', 'length-unknown', 'over-paths-per-task', 'no-rejected', 'no-chosen', 'not-paired', 'hinted-cap', 'match', 'sample',
] as const;
/** One of `ruleReasons`. */
export type RuleReason = (typeof ruleReasons)[number];
