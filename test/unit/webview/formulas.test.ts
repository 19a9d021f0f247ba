import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dedented, findFormulas, longestFormula, signedText } from '../../../src/webview/kit/formulas.ts';

const found = (text: string): readonly string[] => findFormulas(text).map(({ tex, display, box }) => `${box ? 'box ' : display ? 'display ' : ''}${tex}`);

describe('formulas in a text', () => {
  it('are found by their delimiters', () => {
    assert.deepEqual(found('If $x^2 = 4$ then \\(x = 2\\) and $$x + 1$$ or \\[\n\\frac{1}{2}\n\\].'), ['x^2 = 4', 'x = 2', 'display x + 1', 'display \\frac{1}{2}']);
    assert.deepEqual(found('So \\boxed{136} and $\\boxed{7}$ and $x = \\boxed{8}$ and \\boxed{\\frac{1}{2}}.'), ['box \\boxed{136}', 'box \\boxed{7}', 'x = \\boxed{8}', '\\boxed{\\frac{1}{2}}']);
  });

  it('are no money', () => {
    for (const text of ['She earns $12/60 = $0.20 a minute.', 'It costs $5, and that is $10.', 'He has $20. She spends 30$.', 'from $5-$10', '\\$5 and \\$6', '$ 5 $', 'one $ alone', 'a $\n\nb$', '$$']) assert.deepEqual(found(text), [], text);
  });

  it('are not looked for in code', () => {
    assert.deepEqual(found('`$x$` and ```\n$$y$$\n``` and $z$'), ['z']);
  });

  it('stay text where they are too long, and so does what follows', () => {
    assert.deepEqual(found(`$$${'x'.repeat(longestFormula)}$$ and $y$ and \\[${'z'.repeat(longestFormula)}\\]`), ['y']);
    assert.deepEqual(found('\\boxed{1 and \\(2'), []);
  });

  it('are found in no time in whatever anybody writes', () => {
    const started = performance.now();
    for (const piece of ['$a ', '\\[', '\\(', '$$', '`', '\\boxed{', '$\\']) findFormulas(piece.repeat(Math.ceil(20_000 / piece.length)));
    assert.ok(performance.now() - started < 1_500, `${performance.now() - started} ms`);
  });

  it('lie in order, without overlaps, and are cut from the text', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('$', '$$', 'x', ' ', '\\(', '\\)', '\\[', '\\]', '{', '}', '\\boxed{', '`', '5', '\n', '\\')).map(pieces => pieces.join('')), text => {
      let at = 0;
      for (const { start, end, tex } of findFormulas(text)) {
        assert.ok(start >= at && end > start && text.slice(start, end).includes(tex));
        at = end;
      }
    }));
  });
});

describe('a text with signs for its formulas', () => {
  it('marks no formula in part, and has no signs of its own', () => {
    assert.deepEqual(signedText('so $x = 8$ is it', { start: 5, end: 12 }).source, 'so \uE002\uE0000\uE001 i\uE003s it');
    assert.equal(signedText('a\uE0000\uE001b\u202Ec').source, 'a‹U+E000›0‹U+E001›b‹U+202E›c');
    assert.equal(signedText('the answer is 8', { start: 4, end: 15 }).source, 'the \uE002answer is 8\uE003');
  });

  it('says the same as the text', () => {
    const texts = fc.array(fc.constantFrom('$x$', ' word ', '\\boxed{1}', '$', '\n')).map(pieces => pieces.join(''));
    fc.assert(fc.property(texts, fc.nat(60), fc.nat(60), (text, one, other) => {
      const mark = { start: Math.min(one, other, text.length), end: Math.min(Math.max(one, other), text.length) };
      const { source, formulas } = signedText(text, mark);
      const back = source.replaceAll(/\uE000(\d+)\uE001/g, (_, index: string) => { const formula = formulas[Number(index)]; return formula ? text.slice(formula.start, formula.end) : '?'; }).replaceAll(/[\uE002\uE003]/g, '');
      assert.equal(back, text);
      assert.deepEqual([...source.matchAll(/[\uE002\uE003]/g)].map(([sign]) => sign), ['\uE002', '\uE003']);
    }));
  });

  it('stands as far in as its list does', () => {
    assert.equal(dedented('Find it.\n\n    a = 3\n      b'), 'Find it.\n\na = 3\n  b');
    assert.equal(dedented('one\ntwo'), 'one\ntwo');
  });
});
