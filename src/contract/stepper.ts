import * as z from 'zod/mini';
import { modelStages, stages } from '../core/model/stage.ts';
import { answerKinds } from '../core/model/task.ts';
import { count, round } from './figures.ts';
import { problemSchema } from './reports.ts';

const messageSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

/** One branch of one task. */
export const branchPlaceSchema = z.object({ task: z.string(), round, branch: z.string() });
/** See `branchPlaceSchema`. */
export type BranchPlace = z.infer<typeof branchPlaceSchema>;

/** Whether a request may ask the project's server nothing, as in a folder that nobody trusts yet: what it would be asked for is estimated, or taken from the latest run. */
export const offlineSchema = z.object({ offline: z.optional(z.boolean()) });

/** Under which recipe a branch is looked at: the one of the latest run where absent. */
export const branchChoiceSchema = z.extend(branchPlaceSchema, { recipe: z.optional(z.string()), ...offlineSchema.shape });
/** See `branchChoiceSchema`. */
export type BranchChoice = z.infer<typeof branchChoiceSchema>;

/** A stage of it that asks a model. */
export const stageChoiceSchema = z.extend(branchChoiceSchema, { stage: z.enum(modelStages) });
/** See `stageChoiceSchema`. */
export type StageChoice = z.infer<typeof stageChoiceSchema>;

/** A step asks the project's servers. Keys are given as for a run, and kept in memory only. */
export const stepChoiceSchema = z.extend(z.omit(branchChoiceSchema, { offline: true }), { apiKey: z.optional(z.string()), apiKeys: z.optional(z.record(z.string(), z.string())) });
/** See `stepChoiceSchema`. */
export type StepChoice = z.infer<typeof stepChoiceSchema>;

/**
 * How a stage of a branch stands. `done`: from what stands before it. `stale`: it was done before, from something else. `next`: nothing stands in its way.
 * `waits`: for a stage before it. `failed`: it came to nothing usable; `reason` says why. `running`: it is asked at this moment.
 */
const stageStates = ['done', 'stale', 'next', 'waits', 'failed', 'running'] as const;

/** One branch in a list, with a few words on how it stands. */
export const branchRowSchema = z.object({ id: z.string(), round, title: z.string(), words: z.string(), edited: z.boolean() });

/** One stage in the order of the method. */
export const steppedStageSchema = z.object({
  stage: z.enum(stages),
  state: z.enum(stageStates),
  /** It asks a model; the others only look at what was answered. */
  asks: z.boolean(),
  /** It is the one that *Run Stage* runs. */
  next: z.boolean(),
  /** Its answer, or its prompt, was written by a person, last at this time; and the latter is absent for what a fork took over. */
  edited: z.optional(z.object({ what: z.enum(['answer', 'prompt']), atMs: z.optional(z.number()) })),
  /** A fork shares it with the branch that it was copied from. */
  shared: z.optional(z.literal(true)),
  /** What it came to in a few words, or why it came to nothing. */
  words: z.optional(z.string()),
});
/** See `steppedStageSchema`. */
export type SteppedStage = z.infer<typeof steppedStageSchema>;

/** A branch, stage by stage. */
export const branchStagesSchema = z.object({
  task: z.object({ id: z.string(), question: z.string(), answerKind: z.enum(answerKinds), gold: z.optional(z.string()) }),
  branch: z.object({
    id: z.string(), round, title: z.string(), guidelines: z.array(z.string()), edited: z.boolean(),
    fork: z.optional(z.object({ source: z.string(), from: z.enum(modelStages), included: z.boolean() })),
  }),
  /** Forks of the same branch, and the branch itself: those that it may be compared with. */
  family: z.array(z.object({ id: z.string(), title: z.string() })),
  recipe: z.object({ name: z.string(), title: z.string() }),
  /** Absent where no server is named yet. */
  server: z.optional(z.object({ baseUrl: z.string(), model: z.string(), simulated: z.boolean() })),
  stages: z.array(steppedStageSchema),
  /** Stages of the method that the recipe does without in this branch. */
  absent: z.array(z.enum(stages)),
  /** Why the latest step of it failed; absent once another was begun. */
  problem: z.optional(problemSchema),
  /** What a person should know of this branch before they spend a token on it. */
  note: z.optional(z.string()),
});
/** See `branchStagesSchema`. */
export type BranchStages = z.infer<typeof branchStagesSchema>;

/** Where a text that a person edited arrives in a prompt: characters `start` to `end` of a message. */
export const arrivalSchema = z.object({ message: count, start: count, end: count, stage: z.enum(modelStages) });

/** One thing that was understood of an answer. `open`: the answer is still being written, or has to come first. */
export const understoodSchema = z.object({ what: z.string(), state: z.enum(['good', 'bad', 'open']), words: z.string() });
/** See `understoodSchema`. */
export type Understood = z.infer<typeof understoodSchema>;

/** An answer of a stage, one that stands or one of before. */
export const stageAnswerSchema = z.object({
  fingerprint: z.string(),
  text: z.string(),
  edited: z.boolean(),
  /** Tokens, as the server counted them; absent where it did not, and of a text that a person wrote. */
  outputTokens: z.optional(z.number()),
});
/** See `stageAnswerSchema`. */
export type StageAnswer = z.infer<typeof stageAnswerSchema>;

/** One stage of a branch: what it asks, and what it came to. */
export const stagePromptSchema = z.object({
  stage: z.enum(modelStages),
  /** Empty where it waits for a stage before it. `shared`: so many characters from the beginning are the same in other branches. */
  messages: z.array(z.extend(messageSchema, { tokens: count, shared: count })),
  tokens: count,
  sharedTokens: count,
  /** How many branches of the round begin with the same text, this one among them. */
  sharedBy: count,
  /** The tokens are an estimate; else the server's own tokenizer has counted them. */
  estimated: z.boolean(),
  /** A person wrote the messages. */
  edited: z.boolean(),
  arrivals: z.array(arrivalSchema),
  /** Most tokens of an answer. */
  limit: count,
  /** The answer that stands. */
  answer: z.nullable(stageAnswerSchema),
  /** Where none stands: the newest one, made from something else. */
  former: z.nullable(stageAnswerSchema),
  /** What stood in this place, oldest first: what undoing and redoing an edit choose among. */
  versions: z.array(z.object({ fingerprint: z.string(), edited: z.boolean(), stands: z.boolean() })),
  /** The answer as far as it is written, while it is asked. */
  writing: z.nullable(z.object({ text: z.string(), tokensPerSecond: z.number() })),
  understood: z.array(understoodSchema),
});
/** See `stagePromptSchema`. */
export type StagePrompt = z.infer<typeof stagePromptSchema>;

/** A step that began. `stage` is null where there was nothing left to ask. */
export const stepStartedSchema = z.object({ stage: z.nullable(z.enum(modelStages)) });

/** What has been written of an answer since the last of these. `offset`: characters of it that were told before; where it does not fit, look at the stage anew. */
export const branchTextSchema = z.extend(branchPlaceSchema, { stage: z.enum(modelStages), offset: count, text: z.string() });

/** How a step ended. */
export const branchSteppedSchema = z.extend(branchPlaceSchema, { state: z.enum(['completed', 'failed', 'cancelled']), problem: z.optional(problemSchema) });

/** Messages as a person wrote them; `null` for the recipe's own again. */
export const editedMessagesSchema = z.nullable(z.array(messageSchema).check(z.minLength(1)));
