import assert from 'node:assert/strict';
import { minus, part, percent } from '../../../src/webview/kit/figures.ts';
import { sorted, turned } from '../../../src/webview/kit/sort.ts';

describe('a share on a page', () => {
  it('has one decimal, and is never rounded to all or to nothing', () => {
    assert.deepEqual([percent(3, 4), percent(0, 4), percent(4, 4), percent(99_999, 100_000), percent(1, 100_000), percent(0, 0)], ['75.0 %', '0.0 %', '100.0 %', '> 99.9 %', '< 0.1 %', '–']);
  });

  it('stays within its drawing', () => {
    assert.deepEqual([part(1, 4), part(5, 4), part(-1, 4), part(1, 0)], ['25.00%', '100.00%', '0.00%', '0.00%']);
  });

  it('tells a loss by a minus, and no loss by nothing', () => {
    assert.deepEqual([minus(1610), minus(0)], ['−1,610', '']);
  });
});

describe('the order of a table', () => {
  const rows = [{ name: 'b', share: 0.5 }, { name: 'a', share: null }, { name: 'c', share: 0.7 }, { name: 'd', share: 0.5 }];
  const names = (by: 'name' | 'share', descending: boolean): string => sorted(rows, row => row[by], descending).map(({ name }) => name).join('');

  it('keeps equal rows as they were, and puts those without a value last either way', () => {
    assert.deepEqual([names('share', true), names('share', false), names('name', false), names('name', true)], ['cbda', 'bdca', 'abcd', 'dcba']);
  });

  it('turns with a second click, and begins figures from the largest', () => {
    assert.deepEqual(turned({ column: 'kept', descending: true }, 'kept', true), { column: 'kept', descending: false });
    assert.deepEqual(turned<'kept' | 'title'>({ column: 'kept', descending: false }, 'title', false), { column: 'title', descending: false });
    assert.deepEqual(turned<'kept' | 'only'>({ column: 'kept', descending: false }, 'only', true), { column: 'only', descending: true });
  });
});
