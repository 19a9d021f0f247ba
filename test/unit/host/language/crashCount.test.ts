import assert from 'node:assert/strict';
import { CrashCount } from '../../../../src/host/language/crashCount.ts';

describe('a server that ends by itself', () => {
  it('is started again four times within three minutes, and then not any more', () => {
    const count = new CrashCount();
    assert.deepEqual([0, 1_000, 2_000, 3_000, 4_000].map(ms => count.isOneTooMany(ms)), [false, false, false, false, true]);
  });

  it('is started again for ever where it ends now and then', () => {
    const count = new CrashCount();
    assert.deepEqual(Array.from({ length: 50 }, (_, index) => count.isOneTooMany(index * 60_000)).filter(each => each), []);
  });
});
