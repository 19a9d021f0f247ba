import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { drawing } from '../../../../src/core/exchange/pickRecords.ts';
import { commonSize, Diversity, type DiversityPoint } from '../../../../src/core/stats/diversity.ts';

const drawOf = (key: string): number => drawing(sha256, 0)('', [key])[0]?.record ?? 0;

/** The points of texts, handed over in some order. */
function pointsOf(texts: readonly string[], order: (keys: string[]) => string[] = keys => keys): Promise<readonly DiversityPoint[]> {
  const keys = texts.map((_, at) => `path ${at}`);
  const diversity = new Diversity([...new Set(order(keys))].map(key => ({ key, draw: drawOf(key) })));
  for (const key of order(keys)) diversity.add(key, texts[Number(key.slice(5))] ?? '', text => text.slice(0, 3));
  return diversity.points(() => Promise.resolve());
}
const some = (count: number, text: (at: number) => string): string[] => Array.from({ length: count }, (_, at) => text(at));

describe('the diversity of paths', () => {
  it('is the share of distinct runs of four words, and the number of distinct skeletons', async () => {
    assert.deepEqual(await pointsOf(some(10, () => 'One two three four five.')), [{ records: 10, distinct: 0.1, skeletons: 1 }]);
    assert.deepEqual(await pointsOf(some(10, at => `${'abcdefghij'[at] ?? ''} one two three`)), [{ records: 10, distinct: 1, skeletons: 10 }]);
    // in whatever letters and lines; two runs are in all of them, and one is in half of them
    assert.deepEqual((await pointsOf(some(10, at => (at % 2 === 0 ? 'ONE two\nthree 4 = 5' : 'one two three 4 = 6'))))[0]?.distinct, 0.1333);
    assert.deepEqual((await pointsOf(some(10, () => 'too short')))[0]?.distinct, 0, 'no run of four at all');
  });

  it('counts every character of writing without spaces as a word', async () => {
    assert.equal((await pointsOf(some(10, at => `三加四等于七${String(at)}`)))[0]?.distinct, 0.325, '3 common runs and 10 of their own, of 40');
  });

  it('is told at sizes that every larger set has too, and not of fewer than ten paths', async () => {
    assert.deepEqual(await pointsOf(some(9, String)), []);
    assert.deepEqual((await pointsOf(some(120, at => `${at} a b c d`))).map(({ records }) => records), [10, 20, 50, 100]);
    assert.equal((await pointsOf(some(1_500, String))).at(-1)?.records, 1_000);
    const [large, small] = [await pointsOf(some(120, String)), await pointsOf(some(60, String))];
    assert.equal(commonSize([large, small]), 50);
    assert.equal(commonSize([large, []]), undefined);
    assert.equal(commonSize([]), undefined);
  });

  it('is the same in whatever order paths come, and one that is handed over twice counts once', async () => {
    const texts = some(60, at => (at < 30 ? 'one and the same text' : `path ${at} says ${at} and more of it`));
    const [there, back] = [await pointsOf(texts), await pointsOf(texts, keys => keys.toReversed())];
    assert.deepEqual(there, back);
    assert.deepEqual(await pointsOf(texts, keys => [...keys, ...keys]), there);
  });

  it('does not change with the number of paths that are like those before', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 100, max: 400 }), async count => {
      const words = 'alpha beta gamma delta epsilon zeta eta theta'.split(' ');
      const texts = some(count, at => some(12, place => words[Number.parseInt(sha256(`${at} ${place}`).slice(0, 6), 16) % 8] ?? '').join(' '));
      const at100 = (await pointsOf(texts)).find(({ records }) => records === 100)?.distinct ?? 0;
      assert.ok(Math.abs(at100 - 0.89) < 0.05, String(at100));
    }), { numRuns: 20 });
  });
});
