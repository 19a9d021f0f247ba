import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isolated, oneLine, rounded, sentence, shortened, withoutLinks } from '../../../src/host/words.ts';

describe('words on screen', () => {
  it('round large numbers to two or three digits', () => {
    assert.deepEqual([0, 412, 999, 1000, 9_140, 51_230, 999_499, 999_500, 9_100_000].map(rounded), ['0', '412', '999', '1.0 k', '9.1 k', '51 k', '999 k', '1.0 M', '9.1 M']);
  });

  it('make a sentence of a message', () => {
    assert.deepEqual(['the file is gone', 'Is it?', ' done. '].map(sentence), ['The file is gone.', 'Is it?', 'Done.']);
    assert.deepEqual(['set.regenesis is locked', 'http://x is gone', "it's so"].map(sentence), ['set.regenesis is locked.', 'http://x is gone.', "It's so."], 'names are left as they are');
  });
});

describe('texts of somebody else', () => {
  it('stand on one line, with what is not seen or turns the writing written out', () => {
    assert.equal(oneLine('a\r\n\tb \u202Egnp.exe\u200B\u0007'), 'a b ‹U+202E›gnp.exe‹U+200B›‹U+0007›');
  });

  it('are cut at characters, not within them', () => {
    assert.equal(shortened('A school library has twelve shelves', 18), 'A school library…');
    assert.equal(shortened('🙂🙂🙂🙂', 3), '🙂🙂…');
    assert.equal(shortened('short', 18), 'short');
  });

  it('are never longer than asked and never hold a line end', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (text, most) => {
      const short = shortened(text, most);
      assert.ok([...short].length <= most);
      assert.doesNotMatch(short, /[\n\r]/);
    }));
  });

  it('keep what stands beside them in its order where they are written from the right', () => {
    assert.deepEqual(['אבג', 'هل', 'Ist das ein Weg?'].map(isolated), ['\u2068אבג\u2069', '\u2068هل\u2069', 'Ist das ein Weg?']);
  });

  it('cannot put a link that runs a command into a message box', () => {
    assert.doesNotMatch(withoutLinks('[Retry](command:workbench.action.quit)'), /\]\(/);
    fc.assert(fc.property(fc.string(), text => { assert.ok(!withoutLinks(text).includes('](')); }));
  });
});
