import assert from 'node:assert/strict';
import { branchWords, contaminationWords, counted, duration, likenessWords, reasons, thousands, thresholdWords, visible } from '../../../src/client/words.ts';

describe('words for figures', () => {
  it('write numbers and counts', () => {
    assert.deepEqual([0, 999, 1_000, 1_234_567].map(thousands), ['0', '999', '1,000', '1,234,567']);
    assert.deepEqual([0, 1, 2, 1_000].map(count => counted(count, 'task')), ['0 tasks', '1 task', '2 tasks', '1,000 tasks']);
  });

  it('say durations as people do', () => {
    assert.deepEqual([0, 42_400, 89_400, 90_000, 179_000, 5_370_000, 4_800_000, 86_400_000, 172_800_000, 29_592_180_000].map(duration), ['0 s', '42 s', '89 s', '2 min', '3 min', '1 h 30 min', '80 min', '24 h 0 min', '2 days', '343 days']);
  });

  it('list named counts from the largest, without those at 0', () => {
    assert.equal(reasons({ 'no-box': 3, 'cut': 0, 'not-equal': 1_200 }), '1,200 not-equal, 3 no-box');
    assert.equal(reasons({}), '');
  });
});

describe('a text of somebody else', () => {
  it('shows what cannot be seen', () => {
    assert.equal(visible('18\u202E81\u200B!\u0007'), '18‹U+202E›81‹U+200B›!‹U+0007›');
    assert.equal(visible('tag\u{E0041}'), 'tag‹U+E0041›');
    assert.equal(visible('a\u3164b\u2800c\u{E0100}'), 'a‹U+3164›b‹U+2800›c‹U+E0100›');
  });

  it('leaves lines, tabs, joined emoji and other scripts alone', () => {
    const text = 'a\tb\nc\r\n👩‍🔬 می‌خواهم العربية';
    assert.equal(visible(text), text);
  });
});

describe('a branch by its id', () => {
  it('is called by its guideline, or as a draw by its number from 1', () => {
    assert.deepEqual(['guideline:break-down', 'drawn:6', 'drawn:0~2', 'chosen:3'].map(branchWords), ['break down', 'draw 7', 'draw 1', 'chosen:3']);
  });
});

describe('words for contamination', () => {
  it('say how many tasks of which sets stand in a training set, and nothing where none does', () => {
    const words = (...sets: { evaluation: string; exact: number; near: number }[]) => contaminationWords({ thresholds: { ngrams: 0.5, edit: 0.9, sameNumbers: false }, sets });
    const counted = ', counted as near: shared 8-grams from 50 %, edit from 0.90';
    assert.deepEqual([words(), contaminationWords(undefined)], ['', '']);
    assert.equal(words({ evaluation: 'svamp', exact: 1, near: 0 }), '1 task of svamp stands in this training set');
    assert.equal(words({ evaluation: 'svamp', exact: 0, near: 2 }), `2 tasks of svamp stand in this training set, nearly word for word${counted}`);
    assert.equal(words({ evaluation: 'a', exact: 1_200, near: 0 }, { evaluation: 'b', exact: 1, near: 2 }, { evaluation: 'c\u202E', exact: 0, near: 1 }),
      `1,200 tasks of a, 3 tasks of b and 1 task of c‹U+202E› stand in this training set, 3 of them nearly word for word${counted}`);
  });

  it('round a share down: what is below a threshold is not shown as being at it', () => {
    assert.deepEqual([0.8999, 0.29, 1].map(share => likenessWords({ how: 'edit', share })), ['edit 0.89', 'edit 0.29', 'edit 1.00']);
    assert.deepEqual([0.4999, 0.57].map(share => likenessWords({ how: 'ngrams', share })), ['49 % shared 8-grams', '57 % shared 8-grams']);
    assert.equal(thresholdWords({ ngrams: 0.5, edit: 0.9, sameNumbers: false }), 'near: shared 8-grams from 50 %, edit from 0.90');
  });
});
