import assert from 'node:assert/strict';
import fc from 'fast-check';
import { points } from '../../../src/client/words.ts';
import { chanceWords, intervalWords, shareWords, sharesSaid, unreadableWords } from '../../../src/webview/evaluation/figures.ts';
import { differenceScale, place, shareScale } from '../../../src/webview/evaluation/scale.ts';
import { aFiguresRow } from '../../support/evaluations.ts';

const columns = [{ label: 'llama', head: 'Base', isBase: true }, { label: 'llama-ft', head: 'Tuned', isBase: false }];
const row = aFiguresRow({ name: 'gsm8k', domain: 'in' });

describe('the figures of an evaluation', () => {
  it('are points with a sign, and percent', () => {
    assert.deepEqual([0.07, -0.005, 0.0004, -0.0004, 0].map(points), ['+7.0', '−0.5', '0.0', '0.0', '0.0']);
    assert.equal(intervalWords({ low: -0.002, high: 0.089 }), '−0.2 to +8.9');
    assert.deepEqual([shareWords(0.627, 400), shareWords(0, 0)], ['62.7', '–']);
    assert.deepEqual([chanceWords(0.0001), chanceWords(0.0312)], ['p < 0.001', 'p = 0.031']);
  });

  it('are told in words, and what could not be read apart', () => {
    assert.equal(sharesSaid(row, columns), 'Base 62.7, 59.6 to 65.8 %; Tuned 68.9, 65.9 to 71.8 %');
    assert.equal(unreadableWords(row, columns), '3 → 12');
    assert.equal(unreadableWords({ ...row, models: row.models.map(each => ({ ...each, unreadable: 0 })) }, columns), '');
  });
});

describe('the axes of an evaluation', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const interval = fc.tuple(share, share).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));

  it('are as drawn for usual figures', () => {
    assert.deepEqual(shareScale([row]).ticks, [0.6, 0.65, 0.7]);
    assert.deepEqual(differenceScale([row]).ticks, [0, 0.02, 0.04, 0.06, 0.08]);
    assert.deepEqual(shareScale([]).ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('hold every interval, with few ticks', () => {
    fc.assert(fc.property(fc.array(interval, { minLength: 1, maxLength: 8 }), intervals => {
      const rows = intervals.map(({ low, high }) => ({ ...row, models: row.models.map(each => ({ ...each, low, high })) }));
      const { low, high, ticks } = shareScale(rows);
      assert.ok(low >= 0 && high <= 1 && low < high && ticks.length >= 1 && ticks.length <= 6 && ticks.every(tick => tick >= low - 1e-9 && tick <= high + 1e-9), `${low} to ${high}: ${ticks.join(' ')}`);
      for (const each of intervals) assert.ok(each.low >= low - 1e-9 && each.high <= high + 1e-9, `${low} to ${high}`);
    }));
  });

  it('of differences always show where there is none', () => {
    fc.assert(fc.property(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), share), ([value, width]) => {
      const [low, high] = [Math.max(-1, value - width), Math.min(1, value + width)];
      const scale = differenceScale([{ ...row, differences: row.differences.map(each => ({ ...each, value, low, high })) }]);
      assert.ok(scale.low <= 0 && scale.high >= 0 && scale.ticks.includes(0));
      assert.ok(scale.low <= low + 1e-9 && scale.high >= high - 1e-9);
    }));
  });

  it('place what lies on them, and keep what does not within', () => {
    const scale = { low: 0.4, high: 0.8, ticks: [] };
    assert.deepEqual([0.4, 0.5, 0.8, 0.1, 0.9].map(value => place(value, scale)), ['0.00%', '25.00%', '100.00%', '0.00%', '100.00%']);
  });
});
