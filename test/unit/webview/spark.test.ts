import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sparkPoints } from '../../../src/webview/overview/spark.ts';

const cornersOf = (values: readonly number[]) => sparkPoints(values).split(' ').map(point => point.split(',').map(Number));

describe('a curve as small as a word', () => {
  it('falls where the loss falls, and is level where nothing changes', () => {
    assert.equal(sparkPoints([3, 1, 2]), '0.0,0.0 50.0,16.0 100.0,8.0');
    assert.equal(sparkPoints([2, 2]), '0.0,8.0 100.0,8.0');
  });

  it('stays within its frame whatever the losses', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 2, maxLength: 48 }), values => {
      const corners = cornersOf(values);
      assert.deepEqual([corners.length, corners[0]?.[0], corners.at(-1)?.[0]], [values.length, 0, 100]);
      for (const [x = NaN, y = NaN] of corners) assert.ok(x >= 0 && x <= 100 && y >= 0 && y <= 16, `${x},${y}`);
    }));
  });
});
