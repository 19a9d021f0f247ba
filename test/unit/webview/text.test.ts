import assert from 'node:assert/strict';
import { visible } from '../../../src/webview/kit/text.ts';

describe('a text of somebody else', () => {
  it('shows what cannot be seen', () => {
    assert.equal(visible('18\u202E81\u200B!\u0007'), '18‹U+202E›81‹U+200B›!‹U+0007›');
    assert.equal(visible('tag\u{E0041}'), 'tag‹U+E0041›');
  });

  it('leaves lines, tabs, joined emoji and other scripts alone', () => {
    const text = 'a\tb\nc\r\n👩‍🔬 می‌خواهم العربية';
    assert.equal(visible(text), text);
  });
});
