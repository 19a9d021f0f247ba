import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isFigure, normalisedText } from '../../../../src/core/contamination/normalise.ts';

const same: readonly (readonly [one: string, other: string])[] = [
  ['Tom has 5 apples.', '  tom HAS\t5\n\nApples'],
  ['“Tom’s” apples', '"Tom\'s" apples'],
  ['He said ‘no’ to «her»', "He said 'no' to \"her\""],
  ['a ten — or more – day-long', 'a ten - or more - day long'],
  ['5 − 3 = ?', '5 – 3 =?'],
  ['5-3', '5 - 3'],
  ['3×4÷2', '3 * 4 / 2'],
  ['caf\u00e9', 'CAFE\u0301'],
  ['ap\u00adples\u200b \ufeffpears', 'apples pears'],
  ['２＋３', '2 + 3'],
  ['ﬁve ½ cups', 'five 1/2 cups'],
  ['a cost of $ 1,000.50', 'A cost of $1000.50'],
  ['She earns $1,000, and 2,500,', 'She earns $1000 and 2500'],
  ['Twelve boxes', '12 boxes'],
  ['Twenty-five boxes, and thirty two', '25 boxes and 32'],
  ['one hundred and five thousand three', '105003'],
  ['two and three, then twenty, five', '2 and 3 then 20 5'],
  ['three million', '3 million'],
  ['2 hundred', '200'],
  ['seven - five', '7 - 5'],
  ['5km', '5 km'],
  ['x²', 'x^2'],
  ['.5 l', '0.5 l'],
  ['STRASSE', 'straße'],
  ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
  ['小明有3个苹果。', '小明有 3 个苹果'],
  ['(See below.) Then', 'see below then'],
];
const different: readonly (readonly [one: string, other: string])[] = [
  ['Tom has 5 apples', 'Tom has 6 apples'], ['1.5', '15'], ['1.5', '1 5'], ['5 - 3', '5 + 3'], ['5 - 3', '5 3'], ['5 - -3', '5 - 3'], ['-5', '5'], ['5 * 3', '5 / 3'], ['2²', '22'], ['3½', '31/2'], ['12', '1 2'],
  ['2 * (3 + 4)', '2 * 3 + 4'], ['(3 + 4) * 2', '3 + 4 * 2'], ['x - y', 'x * y'], ['5%', '5'], ['3 < 5', '3 > 5'], ['two pears', 'three pears'], ['twenty-five', '20 5'], ['2.5 million', '2.5'], ['café', 'cafe'],
];

const quotes = ['\'', '"', '“', '”', '«', '„', '‘'];

describe('a normalised text', () => {
  it('is the same, however a question is written', () => {
    for (const [one, other] of same) assert.equal(normalisedText(one), normalisedText(other), one);
  });

  it('is another where numbers, signs or words are', () => {
    for (const [one, other] of different) assert.notEqual(normalisedText(one), normalisedText(other), `${one} and ${other}`);
  });

  it('is empty where nothing is said', () => {
    for (const text of ['', '  \n', '?!', '…', '“”', '\u200b\ufeff', '---']) assert.equal(normalisedText(text), '');
  });

  it('knows no blanks, case and quotes, and is its own', () => {
    const word = fc.oneof(fc.stringMatching(/^[a-zäöß]{1,8}$/), fc.nat(9_999).map(String));
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.array(fc.constantFrom(' ', '  ', '\t', '\n', '\u00a0', '\u3000'), { minLength: 12, maxLength: 12 }), fc.constantFrom(...quotes), (words, blanks, quote) => {
      const plain = normalisedText(words.join(' '));
      assert.equal(normalisedText(words.map((text, at) => `${quote}${at % 2 === 0 ? text.toUpperCase() : text}${quote}${blanks[at] ?? ' '}`).join('')), plain);
      assert.equal(normalisedText(plain), plain);
    }), { numRuns: 200 });
  });

  it('of words of numbers is its own too, where no punctuation parts them', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('twenty', 'five', 'hundred', 'thousands', 'and', 'zero', '3', '2.5', 'x'), fc.constantFrom(' ', '-')), { maxLength: 12 }), words => {
      const plain = normalisedText(words.flat().join(''));
      assert.equal(normalisedText(plain), plain);
    }), { numRuns: 300 });
  });

  it('is made of any text, with single blanks, and of a long one in no time', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), text => {
      assert.ok(/^(?:\S+(?: \S+)*)?$/u.test(normalisedText(text)));
    }), { numRuns: 300 });
    for (const part of [' ', '-', '(', "'", '1,', '1,000,', '.', '9.', 'a', '́', '⁹']) normalisedText(part.repeat(50_000));
    for (const part of ['one ', 'one hundred and ', '1 million ', 'seven-']) normalisedText(part.repeat(5_000));
  });

  it('tells figures from words', () => {
    assert.deepEqual(normalisedText('Five pears - 2.5 of $7 - are 3 - 1 < x').split(' ').filter(isFigure), ['5', '-', '2.5', '7', '3', '-', '1', '<']);
  });
});
