import assert from 'node:assert/strict';
import type { ComparedRow } from '../../../src/contract/pages/compareMethods.ts';
import { columnNames, columns } from '../../../src/webview/compareMethods/columns.ts';
import { sorted } from '../../../src/webview/kit/sort.ts';

const row = (name: string, tokensPerPath?: number, evaluations: ComparedRow['evaluations'] = []): ComparedRow => ({
  name, path: name, manifest: name, added: false, jobs: [{ id: 2, state: 'succeeded', base: 'b' }], evaluations,
  set: { format: 'chat', sha256: '', records: 1200, tasks: 600, hintedShare: 0.9999, recipes: ['star', 'lmsi'], models: ['m'], simulated: false, ...(tokensPerPath === undefined ? {} : { tokensPerPath }) },
});
const textOf = (name: (typeof columnNames)[number], of: ComparedRow) => columns.find(column => column.name === name)?.text(of);

describe('the columns of training sets', () => {
  it('say what there is, and a dash where nothing is known', () => {
    assert.deepEqual(columns.map(({ name }) => name), columnNames);
    const of = row('a', 611.34);
    assert.deepEqual((['recipe', 'records', 'hinted', 'cost', 'requests', 'coverage', 'distinct', 'answers', 'jobs'] as const).map(name => textOf(name, of)), ['star, lmsi', '1,200', '> 99.9 %', '611', '–', '–', '–', '–', '2 succeeded']);
    assert.equal(textOf('cost', row('b', 7.25)), '7.3');
    const { set: _none, ...unread } = of;
    assert.equal(textOf('records', unread), '–');
  });

  it('are sorted by what they are, what is not known last', () => {
    const cost = columns.find(({ name }) => name === 'cost');
    assert.ok(cost);
    const rows = [row('none'), row('dear', 1000), row('cheap', 9)];
    assert.deepEqual(sorted(rows, cost.value, false).map(({ name }) => name), ['cheap', 'dear', 'none']);
    assert.deepEqual(sorted(rows, cost.value, true).map(({ name }) => name), ['dear', 'cheap', 'none']);
  });

  it('show how right the latest model is that was trained on a set, once one was evaluated', () => {
    const known = row('a', 1, [{ id: 1, model: 'old', outOfDomain: { accuracy: 0.1, low: 0, high: 0.3, n: 10 } }, { id: 2, model: 'new', outOfDomain: { accuracy: 0.5, low: 0.41, high: 0.587, n: 120 } }, { id: 3, model: 'newest' }]);
    const there = (rows: readonly ComparedRow[]) => columns.filter(({ isThere }) => isThere?.(rows) === true).map(({ name }) => name);
    assert.deepEqual([there([row('b')]), there([row('b'), known])], [[], ['outOfDomain']]);
    assert.deepEqual([textOf('outOfDomain', known), textOf('outOfDomain', row('b'))], ['50.0 % (41.0–58.7)', '–']);
  });

  it('show one model in both domains, each by its latest evaluation', () => {
    const right = (accuracy: number) => ({ accuracy, low: 0, high: 1, n: 10 });
    const both = row('a', 1, [{ id: 1, model: 'old', inDomain: right(0.9), outOfDomain: right(0.9) }, { id: 2, model: 'new', inDomain: right(0.1) }, { id: 3, model: 'new', inDomain: right(0.2) }]);
    assert.deepEqual([textOf('inDomain', both), textOf('outOfDomain', both)], ['20.0 % (0.0–100.0)', '–']);
    const later = row('a', 1, [...both.evaluations, { id: 4, model: 'new', outOfDomain: right(0.3) }]);
    assert.deepEqual([textOf('inDomain', later), textOf('outOfDomain', later)], ['20.0 % (0.0–100.0)', '30.0 % (0.0–100.0)']);
  });
});
