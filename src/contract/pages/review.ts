import * as z from 'zod/mini';
import { rejectReasons } from '../../core/model/review.ts';
import { count } from '../figures.ts';
import { badStepSchema, heldJudgementSchema, longestNote, reviewItemSchema, reviewQuerySchema, reviewStandSchema } from '../review.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** Which queue of which project is reviewed, and what it is called. */
export const reviewAddressSchema = z.object({ project: z.string(), title: z.string(), query: reviewQuerySchema });
/** See `reviewAddressSchema`. */
export type ReviewAddress = z.infer<typeof reviewAddressSchema>;

const judgementSchema = z.omit(heldJudgementSchema, { id: true });
const changeSchema = z.object({ path: z.string(), before: judgementSchema, after: judgementSchema, moved: z.boolean() });

/** A session as it passes between the document, which keeps it, and the page, which draws it: see `ReviewSession`. */
export const reviewSessionSchema = z.object({
  order: z.array(z.string()),
  at: count,
  judgements: z.record(z.string(), heldJudgementSchema),
  done: z.array(changeSchema),
  undone: z.array(changeSchema),
});

/** What the person does. Every one that is to be stored has an id that the page made: the same twice is one. */
export const reviewActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('decide'), decision: z.enum(['accept', 'unsure']) }),
  z.object({ kind: z.literal('reject'), reason: z.optional(z.enum(rejectReasons)) }),
  z.object({ kind: z.literal('amend'), text: z.string().check(z.maxLength(1_000_000)) }),
  z.object({ kind: z.literal('mark'), step: badStepSchema }),
  z.object({ kind: z.literal('annotate'), note: z.string().check(z.maxLength(longestNote)) }),
  /** `to`: what the person thinks of the path then, for a document that was opened after the edit. */
  z.object({ kind: z.literal('undo'), to: z.optional(judgementSchema) }),
  z.object({ kind: z.literal('redo'), to: z.optional(judgementSchema) }),
]);
/** See `reviewActionSchema`. */
export type ReviewAction = z.infer<typeof reviewActionSchema>;

/** An action that the host has not said that it is stored yet. `path`: what it is about. `task`: whose it is, for a document that does not know the path any more. */
export const pendingActionSchema = z.object({ id: z.string().check(z.minLength(1), z.maxLength(200)), path: z.string(), task: z.optional(z.string()), action: reviewActionSchema, seconds: z.number() });
/** See `pendingActionSchema`. */
export type PendingAction = z.infer<typeof pendingActionSchema>;

/** The queue with the session as the document has it. */
export const reviewSnapshotSchema = z.object({
  name: z.string(),
  title: z.string(),
  shown: z.discriminatedUnion('kind', [
    ...notShownSchemas,
    z.object({
      kind: z.literal('session'),
      reviewer: z.string(),
      session: reviewSessionSchema,
      /** Paths that a page needs to show anything, where it does not know them; the others come by `reviewNewsSchema`. Each comes once. */
      items: z.array(reviewItemSchema),
      /** Ids of the latest actions that are on the disk, or were put aside since they never will be: a page forgets them. */
      saved: z.array(z.string()),
      stand: reviewStandSchema,
      /** More paths may follow those of `order`. */
      more: z.boolean(),
      /** Decisions of this person in the last minutes, for the rate. */
      perMinute: z.nullable(z.number()),
      /** What was typed of an amendment and not stored yet, as the document keeps it. */
      draft: z.nullable(z.object({ path: z.string(), text: z.string() })),
    }),
  ]),
});
/** See `reviewSnapshotSchema`. */
export type ReviewSnapshot = z.infer<typeof reviewSnapshotSchema>;

/** Commands that keys run; the page knows whether it is the moment for them. */
export const reviewCommands = [
  'accept', 'reject', 'unsure', 'amend', 'note', 'markStep', 'undo', 'redo', 'next', 'previous', 'nextStep', 'nextDoubt', 'previousDoubt', 'compare', 'diff', 'keys',
  'reason1', 'reason2', 'reason3', 'reason4', 'reason5', 'reason6', 'reason7', 'reason8', 'reason9', 'confirm', 'save',
] as const;
/** One of `reviewCommands`. */
export type ReviewCommand = (typeof reviewCommands)[number];

/** What the host tells beside snapshots: paths, keys that were pressed, that an amendment was thrown away by the editor's own command, and that the queue begins anew. */
export const reviewNewsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('items'), items: z.array(reviewItemSchema) }),
  z.object({ kind: z.literal('command'), command: z.enum(reviewCommands) }),
  z.object({ kind: z.literal('reverted') }),
  z.object({ kind: z.literal('restarted') }),
]);
/** See `reviewNewsSchema`. */
export type ReviewNews = z.infer<typeof reviewNewsSchema>;

/** What a person can wish for while they review. */
export const reviewIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('act'), pending: pendingActionSchema }),
  /** The page shows this place of the order now; whatever is missing around it is to be sent. */
  z.object({ kind: z.literal('look'), at: count, missing: z.array(z.string()) }),
  /** Shows a path of the task that is not next. */
  z.object({ kind: z.literal('show'), path: z.string(), task: z.string() }),
  /** What stands in an amendment that is being typed; `null` when it is not any more. */
  z.object({ kind: z.literal('draft'), draft: z.nullable(z.object({ path: z.string(), text: z.string() })) }),
  /** Whether keys are letters of a text now, or go elsewhere: the page has lost the focus. */
  z.object({ kind: z.literal('typing'), typing: z.boolean() }),
  z.object({ kind: z.literal('diff'), path: z.string() }),
  /** Opens the whole path as a document, or the task. */
  z.object({ kind: z.literal('open'), path: z.string(), what: z.enum(['path', 'structure', 'task', 'step']) }),
  z.object({ kind: z.literal('correct-gold'), task: z.string() }),
  z.object({ kind: z.literal('bulk'), decision: z.enum(['accept', 'reject']) }),
  z.object({ kind: z.literal('top-up') }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `reviewIntentSchema`. */
export type ReviewIntent = z.infer<typeof reviewIntentSchema>;

/** One path after the other, with one key for each decision. */
export const reviewPage = pageContract('review', reviewSnapshotSchema, reviewIntentSchema, reviewNewsSchema);
