// The figures of the overview as tables to be copied. Knows nothing of the editor.
import type { CopiedTable, OpenOverview } from '../../contract/pages/overview.ts';
import { csv } from '../csv.ts';

const tables: Readonly<Record<CopiedTable, (shown: OpenOverview) => string>> = {
  // one line for each loss, and one for each row that lost nothing: sums can be checked
  funnel: ({ funnel }) => csv(['step', 'count', 'released', 'lost at', 'reason', 'lost'], funnel.flatMap(({ step, count, released, lost }) =>
    (lost.length === 0 ? [[step, count, released, null, null, null]] : lost.map(loss => [step, count, released, loss.step, loss.reason, loss.count])))),
  guidelines: ({ guidelines }) => csv(['id', 'title', 'branches', 'judged', 'correct', 'low', 'high', 'solved by this only', 'kept', 'tokens per kept'],
    guidelines.map(row => [row.id, row.title, row.branches, row.judged, row.correct, row.low, row.high, row.solvedOnly, row.kept, row.tokensPerKept])),
  passRates: ({ passRates }) => csv(['percent correct', 'tasks', 'hinted'], passRates.map(({ bucket, tasks, hinted }) => [bucket, tasks, hinted])),
  coverage: ({ coverage }) => csv(['guidelines', 'share solved'], coverage.map(({ k, share }) => [k, share])),
  runs: ({ runs, jobs, evaluations }) => csv(['what', 'number', 'title', 'counts', 'more'], [...runs.map(line => ['run', line] as const), ...jobs.map(line => ['job', line] as const), ...evaluations.map(line => ['evaluation', line] as const)].map(([what, { id, title, counts, words }]) => [what, id, title, counts, words])),
};

/** One figure of the overview as CSV, with whole numbers and shares from 0 to 1. */
export const overviewCsv = (table: CopiedTable, shown: OpenOverview): string => tables[table](shown);
