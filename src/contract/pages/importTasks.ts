import * as z from 'zod/mini';
import { missingGoldRules, presetNames } from '../../core/model/dataset.ts';
import { domains } from '../../core/model/evaluation.ts';
import { splits } from '../../core/model/task.ts';
import { importPreviewSchema } from '../reports.ts';
import { pageContract } from './page.ts';

/** What a column can hold. */
export const mappedFields = ['question', 'gold', 'id', 'kind', 'difficulty', 'options', 'licence'] as const;
/** One of `mappedFields`. */
export type MappedField = (typeof mappedFields)[number];

/** How rows are read: as a data set that is found by their columns, as one that is named, or by columns that a person names. */
export const readings = ['found', 'columns', ...presetNames] as const;

/** How a file is to be imported, as the page has it. `split` absent: the data set's own; `name` empty: the data set's own; `domain` absent: what is said of the data set stays, null: its name tells. A field that no column holds is absent from `map`. */
export const importDraftSchema = z.object({
  reading: z.enum(readings),
  map: z.partialRecord(z.enum(mappedFields), z.string()),
  split: z.optional(z.enum(splits)),
  name: z.string(),
  missingGold: z.enum(missingGoldRules),
  domain: z.optional(z.nullable(z.enum(domains))),
});
/** See `importDraftSchema`. */
export type ImportDraft = z.infer<typeof importDraftSchema>;

/** What a person changes in a draft, and nothing else of it: the page may be a moment behind. In `map`, a field with an empty text has no column any more. */
export const draftChangeSchema = z.partial(importDraftSchema);
/** See `draftChangeSchema`. */
export type DraftChange = z.infer<typeof draftChangeSchema>;

/** How a file stands. `ready`: it can be imported; `refused`: not as it is to be read now. */
export const importFileStates = ['waiting', 'reading', 'ready', 'refused', 'importing', 'done', 'cancelled'] as const;

/** What the page of an import shows: the list of files, and of one of them how it is to be read and what comes of its first rows. `wrong`: why the draft can be none. */
export const importSnapshotSchema = z.object({
  project: z.string(),
  files: z.array(z.object({ name: z.string(), path: z.string(), state: z.enum(importFileStates), summary: z.string() })),
  shown: z.int(),
  draft: importDraftSchema,
  /** The map of the draft was guessed from the names of the columns. */
  guessed: z.boolean(),
  preview: z.nullable(importPreviewSchema),
  wrong: z.optional(z.string()),
  /** Rows so far, while the file is imported. */
  rows: z.optional(z.number()),
});
/** See `importSnapshotSchema`. */
export type ImportSnapshot = z.infer<typeof importSnapshotSchema>;

/** What a person can wish for on the page of an import. */
export const importIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('draft'), change: draftChangeSchema }),
  z.object({ kind: z.literal('show'), file: z.int() }),
  z.object({ kind: z.literal('import') }),
  z.object({ kind: z.literal('import-all') }),
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('close') }),
]);
/** See `importIntentSchema`. */
export type ImportIntent = z.infer<typeof importIntentSchema>;

/** The page of an import. */
export const importPage = pageContract('importTasks', importSnapshotSchema, importIntentSchema);
