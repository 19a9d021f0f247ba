// Which rows a group shows: pages of the engine's list. Knows nothing of the editor.
import type { MethodParams, MethodResult } from '../../contract/engine.ts';
import type { TaskListRow } from '../../contract/reports.ts';
import type { ShownFilter } from './grouping.ts';

/** Rows of a group at first: what is on screen several times over. While a run goes on, they are asked for again twice a second. */
const rowsAtFirst = 200;
/** Rows more with each wish for more, and the most that the engine gives at once. */
const rowsMore = 1000;

/** How many rows of a group are shown after so many wishes for more. */
export const rowsAfter = (wishes: number): number => rowsAtFirst + wishes * rowsMore;

/** Asks for one page of tasks. */
export type AskPage = (params: MethodParams<'taskPage'>) => Promise<MethodResult<'taskPage'>>;

/** The rows of a group, and how many it has beyond them. */
export interface GroupRows {
  readonly rows: readonly TaskListRow[];
  readonly left: number;
}

/**
 * The first rows of a group, at most so many.
 *
 * @param list what the engine is asked for, see `filterOf`; `state`: the group's own where it is one by state. A run takes tasks in their order, so that those it
 * works on are near the front of the tasks that have not been started; both groups are made of that one list.
 */
export async function groupRows(ask: AskPage, { filter, state }: { readonly filter: ShownFilter; readonly state?: string }, most: number): Promise<GroupRows> {
  const found = new Map<string, TaskListRow>();
  let [after, read, total]: [number | undefined, number, number] = [undefined, 0, 0];
  while (read < most) {
    const limit = Math.min(rowsMore, most - read);
    const { rows, total: all } = await ask({ filter, limit, ...(after === undefined ? {} : { after }) });
    total = all;
    read += rows.length;
    for (const row of rows) found.set(row.id, row);
    after = rows.at(-1)?.ordinal;
    if (rows.length < limit) break;
  }
  const rows = [...found.values()].filter(row => belongs(row, state));
  return { rows, left: state === 'running' ? 0 : Math.max(0, total - read) };
}

function belongs({ state }: TaskListRow, group: string | undefined): boolean {
  if (group === 'running') return state === 'running';
  return group !== 'not-started' || state !== 'running';
}
