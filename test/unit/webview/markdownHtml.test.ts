import assert from 'node:assert/strict';
import { markdownHtml } from '../../../src/webview/kit/markdownHtml.ts';

describe('Markdown of a model', () => {
  it('becomes elements, with the numbers of its lists as they were written', () => {
    assert.equal(markdownHtml('So **5** of `a`:\n\n> said\n'), '<p>So <strong>5</strong> of <code>a</code>:</p>\n<blockquote>\n<p>said</p>\n</blockquote>\n');
    assert.match(markdownHtml('3. a\n7. b') ?? '', /<li value="3">a<\/li>\n<li value="7">b<\/li>/);
    assert.match(markdownHtml('| a | b |\n|---|--:|\n| 1 \\| 2 | `3` |') ?? '', /<td>1 \| 2<\/td>\n<td style="text-align:right"><code>3<\/code><\/td>/);
  });

  it('is no markup, link, picture or name for a sign', () => {
    const html = markdownHtml('<script>x</script> [a](javascript:x) ![b](http://c) <http://d> &#x202E;&lt;\n\n[e]: http://f') ?? '';
    assert.deepEqual(html.match(/<\/?[a-z]+/g), ['<p', '</p', '<p', '</p']);
    for (const written of ['[a](javascript:x)', '![b](http://c)', '&lt;http://d&gt;', '&amp;#x202E;&amp;lt;', '[e]: http://f']) assert.ok(html.includes(written), written);
  });

  it('shows what stands behind the marks of a code block', () => {
    assert.equal(markdownHtml('```the <answer> is 7\nx\n```'), '<pre><code>the &lt;answer&gt; is 7\nx\n</code></pre>\n');
    assert.equal(markdownHtml('```\nx\n```'), '<pre><code>x\n</code></pre>\n');
  });

  it('is none where it would leave words out', () => {
    for (const marks of ['> ', '- ', '1. > ']) {
      assert.notEqual(markdownHtml(`${marks.repeat(3)}words`), undefined, marks);
      assert.equal(markdownHtml(`${marks.repeat(120)}words`), undefined, marks);
    }
    assert.equal(markdownHtml('|a|\n|-|\n|1|more than there are columns|'), undefined);
  });

  it('is none where a row of little text is filled up to the width of a large table', () => {
    const table = (columns: number, rows: number) => `${'|a'.repeat(columns)}|\n${'|-'.repeat(columns)}|\n${'|x\n'.repeat(rows)}`;
    assert.match(markdownHtml(table(10, 60)) ?? '', /<td>/);
    const started = performance.now();
    assert.equal(markdownHtml(table(900, 700)), undefined);
    assert.ok(performance.now() - started < 100);
  });
});
