import * as z from 'zod/mini';
import { count } from '../figures.ts';
import { auditReportSchema, auditRowSchema } from '../overview.ts';
import { auditStateSchema } from './overview.ts';
import { notShownSchemas, pageContract } from './page.ts';

/** Which rows of an audit are shown: all, those that only the released filter takes, those that only ours takes. */
export const auditSides = ['all', 'accepts', 'rejects'] as const;
/** One of `auditSides`. */
export type AuditSide = (typeof auditSides)[number];

/** An audit without its rows. */
const auditFiguresSchema = z.omit(auditReportSchema, { rows: true, project: true });

/** What the page of an audit shows. `rows` are one leaf of those on `side`, from `from` on; `listed` is how many there are. */
export const auditSnapshotSchema = z.object({
  name: z.string(),
  shown: z.discriminatedUnion('kind', [
    ...notShownSchemas,
    z.object({
      kind: z.literal('open'),
      state: auditStateSchema,
      figures: z.nullable(auditFiguresSchema),
      side: z.enum(auditSides),
      listed: count,
      from: count,
      rows: z.array(auditRowSchema),
    }),
  ]),
});
/** See `auditSnapshotSchema`. */
export type AuditSnapshot = z.infer<typeof auditSnapshotSchema>;

/** What a person can wish for on the page of an audit. `place` is that of a row among those on the side that is shown. */
export const auditIntentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start') }),
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('side'), side: z.enum(auditSides) }),
  z.object({ kind: z.literal('turn'), from: count }),
  z.object({ kind: z.literal('open'), place: count }),
  z.object({ kind: z.literal('copy'), table: z.enum(['rows', 'released', 'judge', 'vote']) }),
  z.object({ kind: z.literal('reopen') }),
]);
/** See `auditIntentSchema`. */
export type AuditIntent = z.infer<typeof auditIntentSchema>;

/** The audit of a project's filter. */
export const auditPage = pageContract('audit', auditSnapshotSchema, auditIntentSchema);
