import assert from 'node:assert/strict';
import type { TaskListRow } from '../../../../src/contract/reports.ts';
import { filterOf } from '../../../../src/host/tree/grouping.ts';
import { groupRows, rowsAfter, type AskPage } from '../../../../src/host/tree/pages.ts';
import { aRow } from '../../../support/reports.ts';

/** A list as an engine keeps it, with what was asked of it. */
function listOf(rows: readonly TaskListRow[]): { readonly ask: AskPage; readonly asked: Parameters<AskPage>[0][] } {
  const asked: Parameters<AskPage>[0][] = [];
  const ask: AskPage = params => {
    asked.push(params);
    const left = rows.filter(row => row.ordinal > (params.after ?? 0));
    return Promise.resolve({ rows: left.slice(0, params.limit), total: rows.length });
  };
  return { ask, asked };
}

const many = (count: number, parts: Partial<TaskListRow> = {}): readonly TaskListRow[] => Array.from({ length: count }, (_, index) => aRow({ ordinal: index + 1, id: `set/${index + 1}`, ...parts }));

const byState = (key: string) => ({ filter: filterOf('state', key, {}), state: key });

describe('the rows of a group', () => {
  it('come a few at first, a thousand more with each wish, with the number of those that are left', async () => {
    const { ask, asked } = listOf(many(2500));
    const shown = async (wishes: number) => {
      const { rows, left } = await groupRows(ask, byState('solved'), rowsAfter(wishes));
      assert.equal(new Set(rows.map(row => row.id)).size, rows.length);
      return [rows.length, left];
    };
    assert.deepEqual([await shown(0), await shown(1), await shown(2), await shown(9)], [[200, 2300], [1200, 1300], [2200, 300], [2500, 0]]);
    assert.ok(asked.every(({ limit }) => limit >= 1 && limit <= 1000));
  });

  it('are train tasks in that state, or all that is held out', async () => {
    const { ask, asked } = listOf([]);
    for (const group of ['solved', 'held-out', 'running'] as const) await groupRows(ask, byState(group), 10);
    assert.deepEqual(asked.map(({ filter }) => filter), [{ split: 'train', state: 'solved' }, { split: 'held-out' }, { split: 'train', state: 'not-started' }]);
  });

  it('tell what runs from what has not been started, which the engine keeps as one', async () => {
    const rows = [...many(3, { state: 'running' }), ...many(5, { state: 'not-started' }).map(row => ({ ...row, ordinal: row.ordinal + 3, id: `${row.id}b` }))];
    const running = await groupRows(listOf(rows).ask, byState('running'), 200);
    const waiting = await groupRows(listOf(rows).ask, byState('not-started'), 200);
    assert.deepEqual([running.rows.length, running.left, waiting.rows.length, waiting.left], [3, 0, 5, 0]);
  });

  it('name no task twice when the list moves between two pages', async () => {
    let call = 0;
    const rows = many(1000);
    const { rows: found } = await groupRows(() => Promise.resolve({ rows: call++ === 0 ? [...rows] : rows.slice(-5), total: 1005 }), byState('solved'), rowsAfter(1));
    assert.equal(found.length, 1000);
  });
});
