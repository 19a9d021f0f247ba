import assert from 'node:assert/strict';
import fc from 'fast-check';
import { align } from '../../../../src/core/align/align.ts';
import type { ReviewItem } from '../../../../src/contract/review.ts';
import { cardAfter, cardName, firstCard, layoutOf, mostCards, mostOfStep, numbers, partnersOf, partOf, rowsOf, says, stretchAround, structureWords, titled, widened } from '../../../../src/webview/review/steps.ts';
import { reviewItem } from './item.ts';

const structure = [
  'Books on the full shelves: Multiply the number of full shelves by the books on each.', 'Books on the half-full shelf: Take half of what one shelf holds.', 'Total on Monday: Add both amounts.',
  'Numbers not needed: Say which of the given numbers do not matter for the answer.', 'Changes during the week: Take away what left and add what came back.', 'Answer: State it in a box.',
].map((step, at) => `${at + 1}. ${step}`).join('\n');
const text = [
  'Five full shelves hold 5 × 28 = 140 books.', 'The last shelf is half full, so it holds 28 ÷ 2 = 14 books. On Monday there are 140 + 14 = 154 books.',
  'Over the week 37 books leave and 19 return, so the library is short by 37 − 19 = 18 books.', '154 − 18 = 136, so 136 books are there on Friday evening.', 'There are \\boxed{136} picture books.',
].map((step, at) => `${at + 1}. ${step}`).join('\n');
const cut = reviewItem({ structure, text });
const item = {
  ...cut,
  alignment: {
    ...cut.alignment, pairs: [[0, 0], [1, 1], [2, 1], [4, 3], [5, 4]] satisfies [number, number][],
    marks: { structure: ['followed', 'merged', 'merged', 'skipped', 'followed', 'followed'] as const, path: ['joined', 'joined', 'added', 'joined', 'joined'] as const },
  },
} as ReviewItem;

describe('the rows of a path', () => {
  it('hold all of its text but marks and white space', () => {
    const words = fc.array(fc.constantFrom('\n', ' ', '1. ', '- ', '**', 'We add. ', 'So 5 + 3 = 8.', '\n\n', '## Step 2\n', '\\boxed{8}', '$x$', 'ii. ', 'Note: '), { maxLength: 40 });
    fc.assert(fc.property(words, pieces => {
      const whole = pieces.join('');
      const rows = rowsOf({ text: whole, alignment: { path: align({ structure: '', path: whole }).path } });
      let at = 0;
      for (const { start, end } of rows) {
        assert.ok(start >= at && end >= start);
        assert.equal(says(whole.slice(at, start)), false, JSON.stringify(whole.slice(at, start)));
        at = end;
      }
      assert.equal(says(whole.slice(at)), false);
    }));
  });

  it('show what stands between steps, and where the answer is betrayed', () => {
    const rows = rowsOf({ text: 'I was told 8.\n1. a\n(see below)\n2. b', alignment: { path: [{ start: 17, end: 18 }, { start: 34, end: 35 }] }, leak: { reason: 'names-given-answer', start: 2, end: 12 } });
    assert.deepEqual(rows, [
      { kind: 'gap', step: 0, start: 0, end: 17, leak: { start: 2, end: 12 } }, { kind: 'step', step: 0, start: 17, end: 18 },
      { kind: 'gap', step: 1, start: 18, end: 34 }, { kind: 'step', step: 1, start: 34, end: 35 },
    ]);
  });

  it('take marks for what they are, in no time', () => {
    for (const mark of ['\n2. ', '- ', '**', '\n\n### Step 3: ', ' iv) ', '\\[', '']) assert.equal(says(mark), false, mark);
    for (const word of ['Note', '5', '= 3', '(see)', '\\boxed{3}', 'x'.repeat(5_000)]) assert.equal(says(word), true, word);
    const started = performance.now();
    for (const hostile of ['i.'.repeat(99), 'step1 '.repeat(33), '1.a.'.repeat(49)]) says(`${hostile}!`);
    assert.ok(performance.now() - started < 200);
  });
});

describe('the cards of an item', () => {
  const layout = layoutOf(item);

  it('say what became of each step of the structure', () => {
    assert.deepEqual([0, 1, 2, 3].map(step => structureWords(item, layout, step)), ['followed', 'merged with 3', 'merged into 2', 'skipped']);
  });

  it('have names for who does not see them', () => {
    assert.equal(cardName(item, layout, { side: 'structure', at: 2 }), 'Structure step 3, merged into path step 2');
    assert.equal(cardName(item, layout, { side: 'structure', at: 3 }), 'Structure step 4, skipped');
    assert.equal(cardName(item, layout, { side: 'structure', at: 0 }), 'Structure step 1, followed in path step 1');
    assert.equal(cardName(item, layout, { side: 'path', at: 1 }), 'Path step 2, carries out structure steps 2, 3');
    assert.equal(cardName(item, layout, { side: 'path', at: 2 }), 'Path step 3, added');
  });

  it('get the focus where doubt begins, go round, and know their partners', () => {
    assert.deepEqual(firstCard(layout), { side: 'structure', at: 1 });
    assert.deepEqual(layout.doubtful, [{ side: 'structure', at: 1 }, { side: 'structure', at: 2 }, { side: 'structure', at: 3 }, { side: 'path', at: 2 }]);
    let card = firstCard(layout);
    for (let step = 0; step < layout.cards.length; step += 1) card = cardAfter(layout, card, 'next-step');
    assert.deepEqual(card, firstCard(layout));
    assert.deepEqual(cardAfter(layout, { side: 'path', at: 2 }, 'next-doubt'), { side: 'structure', at: 1 });
    assert.deepEqual(cardAfter(layout, { side: 'structure', at: 1 }, 'previous-doubt'), { side: 'path', at: 2 });
    assert.deepEqual(partnersOf(layout, { side: 'structure', at: 2 }), [{ side: 'path', at: 1 }]);
    assert.deepEqual(partnersOf(layout, { side: 'path', at: 1 }), [{ side: 'structure', at: 1 }, { side: 'structure', at: 2 }]);
  });

  it('are found among ten thousand at once', () => {
    const cards = (['structure', 'path'] as const).flatMap(side => Array.from({ length: 5_000 }, (_, at) => ({ side, at })));
    const large = { ...layout, cards, doubtful: cards };
    const started = performance.now();
    for (let step = 0; step < 100; step += 1) assert.deepEqual(cardAfter(large, cards[9_000 + step], 'previous-doubt'), cards[8_999 + step]);
    assert.ok(performance.now() - started < 1_000);
  });

  it('begin at the last step where nothing is doubtful', () => {
    assert.deepEqual(firstCard(layoutOf(reviewItem({ text }))), { side: 'path', at: 4 });
    assert.equal(firstCard(layoutOf(reviewItem({ text: '' }))), undefined);
  });
});

describe('long paths', () => {
  it('are drawn around the focus, the same cards as long as it is among them', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6_000 }), fc.nat(), fc.nat(), (count, one, other) => {
      const first = stretchAround(count, one % count, undefined);
      const next = stretchAround(count, other % count, first);
      for (const [{ from, to }, focus] of [[first, one % count], [next, other % count]] as const) assert.ok(from >= 0 && to <= count && from <= focus && focus < to && to - from === Math.min(count, mostCards));
      if (first.from <= other % count && other % count < first.to) assert.deepEqual(next, first);
    }));
    assert.deepEqual(widened({ from: 150, to: 350 }, 'above', 5_000), { from: 0, to: 350 });
    assert.deepEqual(widened({ from: 150, to: 350 }, 'below', 500), { from: 150, to: 500 });
  });
});

describe('words of steps', () => {
  it('list numbers as people do', () => {
    assert.deepEqual([numbers([1]), numbers([1, 2]), numbers([1, 2, 3]), numbers([0, 2, 3])], ['2', '2, 3', '2–4', '1, 3, 4']);
  });

  it('take a title from what stands before a colon or on a line of its own', () => {
    assert.deepEqual(titled('**Find the rate**: divide.'), { title: 'Find the rate', rest: 'divide.' });
    assert.deepEqual(titled('Find the rate:\n   divide it.'), { title: 'Find the rate', rest: 'divide it.' });
    assert.deepEqual(titled('Divide by 3 and add 2.'), { rest: 'Divide by 3 and add 2.' });
    assert.deepEqual(titled('We add. Then: we stop.'), { rest: 'We add. Then: we stop.' });
  });
});

describe('the parts of a long step', () => {
  it('are all of it, and keep what is marked where it is', () => {
    const long = Array.from({ length: 2.5 * mostOfStep }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
    fc.assert(fc.property(fc.nat(long.length), fc.nat(long.length), (one, other) => {
      const mark = { start: Math.min(one, other), end: Math.max(one, other) };
      const parts = [0, mostOfStep, 2 * mostOfStep].map(from => partOf({ key: 'p0', text: long, mark }, from));
      assert.equal(parts.map(part => part.text).join(''), long);
      assert.equal(parts.map(part => part.text.slice(part.mark?.start ?? 0, part.mark?.end ?? 0)).join(''), long.slice(mark.start, mark.end));
      assert.equal(new Set(parts.map(({ key }) => key)).size, 3);
    }));
  });
});
