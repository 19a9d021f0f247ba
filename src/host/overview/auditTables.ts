// The figures of an audit as tables. Knows nothing of the editor.
import type { AuditReport } from '../../contract/overview.ts';
import type { AuditIntent, AuditSide } from '../../contract/pages/audit.ts';
import { csv } from '../csv.ts';

/** The rows on one side: those that only the released filter takes, or those that only ours takes. */
export const rowsOf = ({ rows }: AuditReport, side: AuditSide): AuditReport['rows'] =>
  side === 'all' ? rows : rows.filter(({ reference }) => reference === (side === 'accepts'));

type Table = Extract<AuditIntent, { kind: 'copy' }>['table'];

const tables: Readonly<Record<Table, (report: AuditReport) => string>> = {
  rows: ({ rows }) => csv(['task', 'branch', 'round', 'path', 'known', 'typed', 'reason', 'read', 'released', 'released reason', 'released read'],
    rows.map(row => [row.task, row.branch, row.round, row.path, row.gold, row.typed, row.reason, row.extracted, String(row.reference), row.referenceReason, row.referenceExtracted])),
  released: ({ released }) => csv(['step', 'left', 'of which incorrect'], released.steps.map(({ step, count, incorrect }) => [step, count, incorrect])),
  judge: ({ judge }) => csv(['typed', 'judge yes', 'judge no'], (judge?.confusion ?? []).map(({ typed, yes, no }) => [typed, yes, no])),
  vote: ({ vote }) => csv(['share above', 'share up to', 'tasks', 'accuracy'], (vote ?? []).map(({ shareFrom, shareTo, tasks, accuracy }) => [shareFrom, shareTo, tasks, accuracy])),
};

/** One table of an audit as CSV. */
export const auditCsv = (report: AuditReport, table: Table): string => tables[table](report);
