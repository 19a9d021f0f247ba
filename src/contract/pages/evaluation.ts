import * as z from 'zod/mini';
import { domains } from '../../core/model/evaluation.ts';
import { evaluatedRowSchema, sentencePartSchema, sides } from '../evaluation.ts';
import { count } from '../figures.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** Wishes that have a button at the head of the page or in its menu. */
export const evaluationWishes = ['iterate', 'continue', 'cancel', 'again', 'copy', 'all', 'domain', 'contamination'] as const;
/** One of `evaluationWishes`. */
export type EvaluationWish = (typeof evaluationWishes)[number];

const buttonSchema = z.object({ wish: z.enum(evaluationWishes), title: z.string(), icon: z.string() });
/** See `buttonSchema`. */
export type EvaluationButton = z.infer<typeof buttonSchema>;

/** A model of the table. `head`: what its column is called, as it can be shown. */
const columnSchema = z.object({ label: z.string(), head: z.string(), isBase: z.boolean() });
/** See `columnSchema`. */
export type ModelColumn = z.infer<typeof columnSchema>;

/** An answer in a list: what was read, or why nothing was, and how it was judged, by icon and word. */
const answerSchema = z.object({ icon: z.string(), tone: z.string(), words: z.string(), judged: z.string() });
/** See `answerSchema`. */
export type ShownAnswer = z.infer<typeof answerSchema>;

/** A task in a list. `name`: the task and its data set, as they can be shown. `base` is absent where nothing is compared. */
const changeSchema = z.object({ task: z.string(), name: z.string(), excerpt: z.string(), own: answerSchema, base: z.nullable(answerSchema) });
/** See `changeSchema`. */
export type ShownChange = z.infer<typeof changeSchema>;

/** The first tasks of a list, and how many there are in all. */
const sideSchema = z.object({ side: z.enum(sides), title: z.string(), total: count, rows: z.array(changeSchema) });
/** See `sideSchema`. */
export type ShownSide = z.infer<typeof sideSchema>;

/** The data sets of one domain, with all of them together where there are several. */
const groupSchema = z.object({ domain: z.enum(domains), title: z.string(), rows: z.array(evaluatedRowSchema), pooled: z.nullable(evaluatedRowSchema) });
/** See `groupSchema`. */
export type DomainGroup = z.infer<typeof groupSchema>;

/** All that the page of an evaluation shows. */
export const openEvaluationSchema = z.object({
  kind: z.literal('evaluation'),
  state: z.object({ icon: z.string(), tone: z.string(), word: z.string() }),
  /** Which models, how they are asked, on how many tasks. As it can be shown, like `rule` and `contamination`: names in it are isolated. */
  about: z.string(),
  /** The same and the rest of the rule, in more words. */
  rule: z.string(),
  simulated: z.boolean(),
  /** What is likeliest to be wanted; absent where nothing is. */
  primary: z.nullable(buttonSchema),
  menu: z.array(buttonSchema),
  /** How far it is; absent where nothing is left to ask. `ratio`: 0 to 1. */
  progress: z.nullable(z.object({ words: z.string(), ratio: z.number(), figures: z.array(z.object({ name: z.string(), value: z.string() })) })),
  /** What stopped it, or what was given up. */
  problem: z.nullable(z.string()),
  sentence: z.array(sentencePartSchema),
  /** The base first. */
  models: z.array(columnSchema),
  groups: z.array(groupSchema),
  /** What has no place in the table. */
  notes: z.array(z.string()),
  /** Train tasks that stand in what was asked; empty where there are none. */
  contamination: z.string(),
  /** The model whose answers are held against the base's in the lists. */
  shownModel: z.string(),
  /** None while nothing is answered. */
  lists: z.array(sideSchema),
});
/** See `openEvaluationSchema`. */
export type OpenEvaluation = z.infer<typeof openEvaluationSchema>;

/** What the page of an evaluation shows. `missing`: its project has no such evaluation. */
export const evaluationSnapshotSchema = z.object({
  project: z.string(),
  title: z.string(),
  shown: z.discriminatedUnion('kind', [...notShownSchemas, z.object({ kind: z.literal('missing') }), openEvaluationSchema]),
});
/** See `evaluationSnapshotSchema`. */
export type EvaluationSnapshot = z.infer<typeof evaluationSnapshotSchema>;

/** What a person can wish for on the page of an evaluation. */
export const evaluationIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('wish'), wish: z.enum(evaluationWishes) }),
  /** Holds the answers to a task against each other. */
  z.object({ kind: z.literal('open'), task: z.string() }),
  /** Lists the tasks of a side, all of them or those of a row of the table. */
  z.object({ kind: z.literal('list'), side: z.enum(sides), model: z.optional(z.string()), set: z.optional(z.string()), domain: z.optional(z.enum(domains)) }),
  /** Shows the answers of another model in the lists. */
  z.object({ kind: z.literal('model'), model: z.string() }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `evaluationIntentSchema`. */
export type EvaluationIntent = z.infer<typeof evaluationIntentSchema>;

/** The page of an evaluation. */
export const evaluationPage = pageContract('evaluation', evaluationSnapshotSchema, evaluationIntentSchema);
