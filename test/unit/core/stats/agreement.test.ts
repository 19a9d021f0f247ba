import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kappa, voteAccuracy } from '../../../../src/core/stats/agreement.ts';

describe("Cohen's kappa", () => {
  it('by hand', () => {
    // 35 of 50 agree (0.7); by chance 0.5 · 0.6 + 0.5 · 0.4 = 0.5
    assert.ok(Math.abs((kappa({ yesYes: 20, yesNo: 5, noYes: 10, noNo: 15 }) ?? NaN) - 0.4) < 1e-12);
    assert.equal(kappa({ yesYes: 3, yesNo: 0, noYes: 0, noNo: 4 }), 1);
    assert.equal(kappa({ yesYes: 0, yesNo: 2, noYes: 2, noNo: 0 }), -1);
    assert.equal(kappa({ yesYes: 9, yesNo: 1, noYes: 0, noNo: 0 }), null, 'the first never says no');
    assert.equal(kappa({ yesYes: 0, yesNo: 0, noYes: 0, noNo: 0 }), null);
  });

  it('is the same whoever is first and whatever is called yes, and within −1 and 1', () => {
    const count = fc.nat(1_000);
    fc.assert(fc.property(count, count, count, count, (yesYes, yesNo, noYes, noNo) => {
      const found = kappa({ yesYes, yesNo, noYes, noNo });
      const others = [kappa({ yesYes, yesNo: noYes, noYes: yesNo, noNo }), kappa({ yesYes: noNo, yesNo: noYes, noYes: yesNo, noNo: yesYes })];
      for (const other of others) assert.ok(found === null ? other === null : Math.abs(found - (other ?? NaN)) < 1e-9);
      assert.ok(found === null || (found >= -1 && found <= 1));
    }));
  });
});

describe('the accuracy of votes', () => {
  it('stands by fifths of the share, without empty ones', () => {
    const votes = [{ share: 0.2, right: false }, { share: 0.5, right: true }, { share: 0.6, right: false }, { share: 1, right: true }, { share: 0.81, right: true }];
    assert.deepEqual(voteAccuracy(votes), [
      { shareFrom: 0, shareTo: 0.2, tasks: 1, accuracy: 0 }, { shareFrom: 0.4, shareTo: 0.6, tasks: 2, accuracy: 0.5 }, { shareFrom: 0.8, shareTo: 1, tasks: 2, accuracy: 1 },
    ]);
    assert.deepEqual(voteAccuracy([]), []);
  });
});
