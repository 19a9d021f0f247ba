import * as z from 'zod/mini';
import { domains } from '../../core/model/evaluation.ts';
import { sides } from '../evaluation.ts';
import { count } from '../figures.ts';
import { pathFilterSchema, taskFilterSchema } from '../overview.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** Which list of a project, and what it is called: the tasks or the paths that one filter takes, or the tasks of an evaluation that one model is right or wrong about. */
export const listAddressSchema = z.object({
  project: z.string(),
  title: z.string(),
  of: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('tasks'), filter: taskFilterSchema }),
    z.object({ kind: z.literal('paths'), filter: pathFilterSchema }),
    z.object({ kind: z.literal('changes'), evaluation: count, side: z.enum(sides), model: z.string(), base: z.nullable(z.string()), set: z.optional(z.string()), domain: z.optional(z.enum(domains)) }),
  ]),
});
/** See `listAddressSchema`. */
export type ListAddress = z.infer<typeof listAddressSchema>;

/** A line of a list: a task, or a path of one. `id` names it within its list. */
export const listRowSchema = z.object({ id: z.string(), icon: z.string(), tone: z.string(), state: z.string(), task: z.string(), of: z.string(), excerpt: z.string() });
/** See `listRowSchema`. */
export type ListRow = z.infer<typeof listRowSchema>;

/** One leaf of a list. `from` is the place of its first row, from 0. */
export const listSnapshotSchema = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.enum(['tasks', 'paths', 'changes']),
  shown: z.discriminatedUnion('kind', [
    ...notShownSchemas,
    z.object({ kind: z.literal('rows'), simulated: z.boolean(), total: count, from: count, rows: z.array(listRowSchema), more: z.boolean() }),
  ]),
});
/** See `listSnapshotSchema`. */
export type ListSnapshot = z.infer<typeof listSnapshotSchema>;

/** What a person can wish for on a list. */
export const listIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), id: z.string() }),
  z.object({ kind: z.literal('turn'), to: z.enum(['first', 'previous', 'next']) }),
  /** Reviews what the list is about, its other leaves too. */
  z.object({ kind: z.literal('review') }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `listIntentSchema`. */
export type ListIntent = z.infer<typeof listIntentSchema>;

/** The list behind a figure. */
export const listPage = pageContract('list', listSnapshotSchema, listIntentSchema);
