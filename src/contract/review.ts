import * as z from 'zod/mini';
import { decisions, doubts, rejectReasons } from '../core/model/review.ts';
import { answerKinds, taskStates } from '../core/model/task.ts';
import { checkers, verdictKinds } from '../core/model/verdict.ts';
import { funnelSteps } from '../core/model/outcome.ts';
import { count, round } from './figures.ts';
import { pathFilterSchema, taskFilterSchema } from './overview.ts';

/** Most characters of a path, or of a structure, that are shown for review; longer ones are opened whole as a document. */
export const mostShown = 400_000;
/** Most characters of a note. */
export const longestNote = 10_000;

/** Queues that need no filter. `next`: whatever a decision teaches most about, with a random part; the others are what their doubt says. */
export const namedQueues = ['next', 'solved-by-hint', 'disagree', 'low-coverage', 'leak', 'unsure', 'differ'] as const;
/** One of `namedQueues`. */
export type NamedQueue = (typeof namedQueues)[number];

/**
 * Which paths are reviewed. `solved-by-hint`: kept paths of tasks that only the hint round solved. `unsure`: those that the reviewer was unsure of. `differ`: those
 * that people decided differently about.
 */
export const reviewQuerySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queue'), name: z.enum(namedQueues) }),
  z.object({ kind: z.literal('task'), task: z.string() }),
  /** Paths of tasks of a filter: those that are kept, or that a person can still win. */
  z.object({ kind: z.literal('tasks'), filter: taskFilterSchema }),
  z.object({ kind: z.literal('paths'), filter: pathFilterSchema }),
]);
/** See `reviewQuerySchema`. */
export type ReviewQuery = z.infer<typeof reviewQuerySchema>;

const reviewer = z.string().check(z.minLength(1), z.maxLength(200));
/** A step of a path that somebody found wrong: offsets into the path. */
export const badStepSchema = z.object({ step: count, start: count, end: count });

/** What one person thinks of one path. */
const judgementShape = {
  decision: z.enum(decisions),
  reason: z.optional(z.enum(rejectReasons)),
  marks: z.array(badStepSchema),
  note: z.optional(z.string().check(z.maxLength(longestNote))),
  amendedText: z.optional(z.string().check(z.maxLength(1_000_000))),
};
/** A judgement with the id of its review. */
export const heldJudgementSchema = z.object({ ...judgementShape, id: z.string() });
/** See `heldJudgementSchema`. */
export type HeldJudgementMessage = z.infer<typeof heldJudgementSchema>;

/** A line of the text file that reviews are kept in: exactly what the command line writes and reads. `path` is the fingerprint of the path. */
export const reviewLineSchema = z.object({
  sequence: z.optional(z.number()),
  id: z.string().check(z.minLength(1), z.maxLength(200)),
  task: z.string(),
  path: z.string().check(z.minLength(1)),
  reviewer,
  ...judgementShape,
  reviewedAtMs: z.int(),
  seconds: z.number().check(z.minimum(0)),
  supersedes: z.optional(z.string()),
  sampled: z.optional(z.literal(true)),
});
/** See `reviewLineSchema`. */
export type ReviewLine = z.infer<typeof reviewLineSchema>;

/** A review as an editor hands it over; the engine knows when it came. */
export const reviewDraftSchema = z.omit(reviewLineSchema, { sequence: true, reviewedAtMs: true });
/** See `reviewDraftSchema`. */
export type ReviewDraft = z.infer<typeof reviewDraftSchema>;

const stepSchema = z.object({ text: z.string(), start: count, end: count });
/** A step with offsets into its text; see `Step` of the alignment. */
export type ReviewStep = z.infer<typeof stepSchema>;

const lossSchema = z.object({ step: z.enum(funnelSteps), reason: z.string() });

/** How the paths of one task are grouped beside the one that is reviewed. */
export const railGroups = ['kept', 'rejected', 'leak', 'correct', 'unjudged', 'incorrect', 'unreadable'] as const;

/** A path with everything that a person needs to decide about it; of a question at most `mostShown` characters, of an answer 20,000. */
export const reviewItemSchema = z.object({
  /** Its fingerprint. */
  path: z.string(),
  task: z.object({ id: z.string(), question: z.string(), gold: z.optional(z.string()), answerKind: z.enum(answerKinds), state: z.enum(taskStates), kept: count, perTask: count, corrected: z.boolean() }),
  branch: z.object({ id: z.string(), round, title: z.string(), guidelines: z.array(z.string()), guidelineText: z.string() }),
  doubts: z.array(z.enum(doubts)),
  /** It was drawn at random; a review of it is to say so. */
  sampled: z.boolean(),
  adapted: z.optional(z.string()),
  /** Absent where the recipe builds none. At most `mostShown` characters. */
  structure: z.optional(z.string()),
  /** The path as the model wrote it, at most `mostShown` characters of `length`. */
  text: z.string(),
  length: count,
  alignment: z.object({
    structure: z.array(stepSchema),
    path: z.array(stepSchema),
    pairs: z.array(z.tuple([count, count])),
    marks: z.object({ structure: z.array(z.enum(['followed', 'skipped', 'reordered', 'merged'])), path: z.array(z.enum(['joined', 'added'])) }),
    /** Share of the structure's steps that are carried out; `null` without a structure. */
    coverage: z.nullable(z.number()),
  }),
  /** Of the text that counts: the amended one where there is one. */
  verdicts: z.array(z.object({ checker: z.enum(checkers), kind: z.enum(verdictKinds), extracted: z.nullable(z.string()), reason: z.string() })),
  extracted: z.nullable(z.string()),
  kept: z.boolean(),
  /** Said by the editor, of a path as it was last seen: the outcome of its task does without it now. */
  unneeded: z.optional(z.literal(true)),
  loss: z.optional(lossSchema),
  /** What stands against its export beside `loss`, in the recipe's order. */
  failed: z.array(lossSchema),
  /** Where it betrays that it was shown the answer: offsets into `text`. */
  leak: z.optional(z.object({ reason: z.string(), start: count, end: count })),
  hinted: z.boolean(),
  /** A person wrote one of its answers or prompts. */
  edited: z.boolean(),
  finish: z.string(),
  outputTokens: z.optional(z.number()),
  simulated: z.boolean(),
  /** Reviews of it that stand, of all people, the latest first; without those that say nothing. */
  reviews: z.array(z.object({ ...judgementShape, id: z.string(), reviewer: z.string(), reviewedAtMs: z.number() })),
  /** All paths of its task. */
  rail: z.array(z.object({ path: z.string(), title: z.string(), round, group: z.enum(railGroups) })),
});
/** See `reviewItemSchema`. */
export type ReviewItem = z.infer<typeof reviewItemSchema>;

const estimateSchema = z.object({ share: z.number(), low: z.number(), high: z.number(), of: count });

/** How far a queue is reviewed. `precision` is of the whole project, and absent while nothing of its random part is decided: see `estimatePrecision`. */
export const reviewStandSchema = z.object({
  /** Paths of the queue, those that the reviewer has decided about among them. */
  total: count,
  decided: count,
  precision: z.optional(z.object({ filtered: estimateSchema, exported: estimateSchema })),
  /** How many of the paths that have a structure were held against it so far; `low-coverage` knows of no others. */
  measured: z.object({ done: count, total: count }),
});
/** See `reviewStandSchema`. */
export type ReviewStand = z.infer<typeof reviewStandSchema>;

/** The next paths of a queue. */
export const reviewQueueSchema = z.object({ items: z.array(reviewItemSchema), stand: reviewStandSchema });

/** How two people agree on the paths that both accepted or rejected: Cohen's kappa, `null` where it means nothing. */
const agreementSchema = z.object({ reviewers: z.tuple([z.string(), z.string()]), paths: count, kappa: z.nullable(z.number()) });
/** Who reviewed how much. */
export const reviewSummarySchema = z.object({
  reviews: count,
  reviewers: z.array(z.object({ name: z.string(), paths: count, secondsPerDecision: z.nullable(z.number()) })),
  agreement: z.array(agreementSchema),
});
/** See `reviewSummarySchema`. */
export type ReviewSummary = z.infer<typeof reviewSummarySchema>;

/** What an import of reviews came to. `line` is the place of the line among those given, from 1. */
export const reviewImportSchema = z.object({
  imported: count,
  /** Reviews that were there already. */
  known: count,
  refused: z.array(z.object({ line: count, code: z.string(), message: z.string() })),
});
/** See `reviewImportSchema`. */
export type ReviewImportReport = z.infer<typeof reviewImportSchema>;

/** Most paths of one bulk decision, and most lines of one import message. */
export const mostReviewed = 10_000;
