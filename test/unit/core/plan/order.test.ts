import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { seededDraw } from '../../../../src/core/plan/order.ts';

describe('a draw by a seed', () => {
  it('holds as many different items as are wanted and there, the same for the same seed, and more of them where more are wanted', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer(), { maxLength: 40 }), fc.nat(50), fc.string(), (items, most, seedText) => {
      const drawn = seededDraw(items, most, { seedText, hash: sha256 });
      assert.equal(drawn.length, Math.min(most, items.length));
      assert.equal(new Set(drawn).size, drawn.length);
      assert.ok(drawn.every(item => items.includes(item)));
      assert.deepEqual(seededDraw(items, most + 1, { seedText, hash: sha256 }).slice(0, most), drawn);
    }));
  });

  it('gives each item the same chance, and asks for no more numbers than it draws', () => {
    const items = Array.from({ length: 5 }, (_, index) => index);
    const counts = items.map(() => 0);
    let hashed = 0;
    const hash = (text: string) => {
      hashed += 1;
      return sha256(text);
    };
    for (let seed = 0; seed < 2_000; seed += 1) for (const item of seededDraw(items, 2, { seedText: String(seed), hash })) counts[item] = (counts[item] ?? 0) + 1;
    assert.equal(hashed, 4_000);
    for (const times of counts) assert.ok(Math.abs(times - 800) < 100, counts.join(', '));
  });
});
