import assert from 'node:assert/strict';
import fc from 'fast-check';
import { curveOf, latest, lossWords, rateWords, smooth, thinned } from '../../../src/webview/job/curve.ts';

describe('the curve of a job', () => {
  it('has a column for what was trained and for what was held out, by step', () => {
    const { steps, loss, heldOut, learningRate } = curveOf([{ step: 20, loss: 1, learningRate: 2e-5 }, { step: 10, loss: 2 }, { step: 10, loss: 1.5, heldOut: true }, { step: 15, loss: 1.2, heldOut: true }]);
    assert.deepEqual(steps, [10, 15, 20]);
    assert.deepEqual(loss, [2, null, 1]);
    assert.deepEqual(heldOut, [1.5, 1.2, null]);
    assert.deepEqual(learningRate, [null, null, 2e-5]);
    assert.deepEqual([latest(loss), latest(heldOut), latest([null])], [1, 1.2, undefined]);
    assert.deepEqual(curveOf([]).steps, []);
  });

  it('is smoothed without leaving what was measured, beginning at the first value, with a gap where there was one', () => {
    assert.deepEqual(smooth([2, null, 2], 5), [2, null, 2]);
    fc.assert(fc.property(fc.array(fc.oneof(fc.constant(null), fc.double({ min: -100, max: 100, noNaN: true })), { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (values, over) => {
      const measured = values.filter(value => value !== null);
      const smoothed = smooth(values, over);
      assert.deepEqual(smoothed.map(value => value === null), values.map(value => value === null));
      const first = smoothed.find(value => value !== null);
      if (typeof first === 'number' && measured[0] !== undefined) assert.ok(Math.abs(first - measured[0]) < 1e-9);
      for (const value of smoothed) if (value !== null) assert.ok(value >= Math.min(...measured) - 1e-9 && value <= Math.max(...measured) + 1e-9);
    }));
    const noisy = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 1 : 0));
    const settled = smooth(noisy, 20).slice(50);
    assert.ok(settled.every(value => value !== null && Math.abs(value - 0.5) < 0.1), 'noise is taken out');
  });

  it('marks where epochs begin, but for the first and the end of the last', () => {
    const { epochs } = curveOf([0.5, 1, 1.5, 2, 2.5, 3].map((epoch, at) => ({ step: at + 1, loss: 1, epoch })));
    assert.deepEqual(epochs, [{ step: 3, epoch: 2 }, { step: 5, epoch: 3 }]);
  });

  it('is thinned for a table, with its last row', () => {
    fc.assert(fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 30 }), (values, most) => {
      const kept = thinned(values, most);
      assert.ok(kept.length <= most);
      assert.equal(kept.at(-1), values.at(-1));
    }));
  });

  it('is written in few digits', () => {
    assert.deepEqual([lossWords(0.37021), lossWords(null), lossWords(0.00123), lossWords(12.345)], ['0.370', '–', '1.23e-3', '12.3']);
    assert.deepEqual([rateWords(7.67e-6), rateWords(2e-5), rateWords(0), rateWords(undefined)], ['7.7e-6', '2e-5', '0', '–']);
  });
});
