import * as z from 'zod/mini';
import { exportFormats } from '../../core/model/exportRule.ts';
import { targetKinds } from '../../core/model/trainingJob.ts';
import { exportRuleSchema } from '../exportRule.ts';
import { count } from '../figures.ts';
import { hyperparameterSchema, jobPlanSchema, jobRowSchema, trainingPresetSchema, trainingSettingSchema } from '../jobs.ts';
import { exportPreviewSchema } from '../reports.ts';
import { pageContract } from './page.ts';

/** What a page is for: a training set and a job that learns from it, the training set alone, or a job that learns from one that was exported before. */
export const trainingHalves = ['both', 'export', 'train'] as const;
/** One of `trainingHalves`. */
export type TrainingHalf = (typeof trainingHalves)[number];

const { rejectedPerChosen, hintedShare, seed, reviews, wrapper, length, pathsPerTask, match, sample, split } = exportRuleSchema.shape;

/** What a person changes of a rule, and nothing else of it: the page may be a moment behind. `null`: not any more. */
export const ruleChangeSchema = z.partial(z.object({
  reviews, wrapper, rejectedPerChosen, hintedShare, seed, length: z.nullable(length), pathsPerTask: z.nullable(pathsPerTask), match: z.nullable(match), sample: z.nullable(sample), split: z.nullable(split),
}));
/** See `ruleChangeSchema`. */
export type RuleChange = z.infer<typeof ruleChangeSchema>;

const choicesShape = { card: z.boolean(), target: z.string(), model: z.string().check(z.maxLength(4_000)), preset: z.string() };

/** What is to be exported, and how it is to be learnt from. `target`, `model`: empty where nobody chose one. `changes`: values that differ from those of the preset. */
export const trainingDraftSchema = z.object({ ...choicesShape, format: z.enum(exportFormats), rule: exportRuleSchema, changes: z.record(z.string(), hyperparameterSchema) });
/** See `trainingDraftSchema`. */
export type TrainingDraft = z.infer<typeof trainingDraftSchema>;

/** What a person changes in a draft beside its rule and its hyper-parameters. */
export const draftChoiceSchema = z.partial(z.object({ ...choicesShape, format: z.enum(exportFormats) }));
/** See `draftChoiceSchema`. */
export type DraftChoice = z.infer<typeof draftChoiceSchema>;

/** A training set that was exported before, as its manifest has it. `wrong`: why it can be none. */
export const knownDatasetSchema = z.object({
  path: z.string(), wrong: z.optional(z.string()),
  facts: z.optional(z.object({ format: z.enum(exportFormats), records: count, tasks: count, hinted: count, humanEdited: count, reviewed: count, simulated: z.boolean() })),
});
/** See `knownDatasetSchema`. */
export type KnownDataset = z.infer<typeof knownDatasetSchema>;

const progressSchema = z.object({ done: count, total: count });

/** What the page shows. Of what its half has no use for there is nothing. */
export const trainingSnapshotSchema = z.object({
  name: z.string(),
  half: z.enum(trainingHalves),
  draft: trainingDraftSchema,
  /** A run goes on, so that there is more with each moment. */
  running: z.boolean(),
  /** Those that can be chosen here. */
  formats: z.array(z.enum(exportFormats)),
  /** `null`: there is none yet. It is of an earlier draft while `looking` is there. */
  preview: z.nullable(exportPreviewSchema),
  looking: z.optional(progressSchema),
  wrong: z.optional(z.string()),
  /** Reasons for which the list of the paths that were left out can be opened. */
  listed: z.array(z.string()),
  /** Names of the files that an export would write. */
  files: z.array(z.string()),
  /** Training sets that this one can be made equal to. */
  others: z.array(z.object({ manifest: z.string(), name: z.string() })),
  dataset: z.optional(knownDatasetSchema),
  /** Where the base model that is proposed comes from, where that is to be said. */
  baseWords: z.optional(z.string()),
  targets: z.array(z.object({ name: z.string(), kind: z.enum(targetKinds), place: z.string() })),
  /** What in the settings is no target, a sentence for each. */
  broken: z.array(z.string()),
  presets: z.array(trainingPresetSchema),
  /** All that the training code takes, whether a preset names it or not. */
  settings: z.array(trainingSettingSchema),
  plan: z.nullable(jobPlanSchema),
  /** Why there is no plan, other than that it is being made. */
  unplanned: z.optional(z.string()),
  planning: z.boolean(),
  /** The job that this very work is already, which the plan names too; else the latest with the same target, base model and preset. */
  earlier: z.optional(jobRowSchema),
  /** What goes on. `words`: what is counted. */
  work: z.optional(z.object({ ...progressSchema.shape, kind: z.enum(['export', 'job']), words: z.string() })),
});
/** See `trainingSnapshotSchema`. */
export type TrainingSnapshot = z.infer<typeof trainingSnapshotSchema>;

/** What a person changes in a draft. A `value` of `null` is as in the preset. */
export const draftWishSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rule'), change: ruleChangeSchema }),
  z.object({ kind: z.literal('usual-rule') }),
  z.object({ kind: z.literal('choose'), choice: draftChoiceSchema }),
  z.object({ kind: z.literal('value'), name: z.string(), value: z.nullable(hyperparameterSchema) }),
  z.object({ kind: z.literal('preset-values') }),
]);
/** See `draftWishSchema`. */
export type DraftWish = z.infer<typeof draftWishSchema>;

/** What a person can wish for on the page. */
export const trainingIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('draft'), wish: draftWishSchema }),
  /** Asks the target once more. */
  z.object({ kind: z.literal('look') }),
  z.object({ kind: z.literal('list'), reason: z.string() }),
  z.object({ kind: z.literal('dataset') }),
  z.object({ kind: z.literal('settings') }),
  z.object({ kind: z.literal('show-job'), job: z.int() }),
  z.object({ kind: z.literal('export') }),
  z.object({ kind: z.literal('start') }),
  z.object({ kind: z.literal('cancel') }),
]);
/** See `trainingIntentSchema`. */
export type TrainingIntent = z.infer<typeof trainingIntentSchema>;

/** The page that exports a training set and starts a fine-tune. */
export const trainingPage = pageContract('training', trainingSnapshotSchema, trainingIntentSchema);
