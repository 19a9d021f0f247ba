import assert from 'node:assert/strict';
import path from 'node:path';
import { build } from 'esbuild';
import { newNonce, pageHtml } from '../../src/host/pages/pageHtml.ts';
import { openBrowser, type Browser } from '../vscode/browser.ts';

const root = path.resolve(import.meta.dirname, '../..');
const origin = 'http://page.test';

/** What a model may write to whoever reads it. */
const hostile = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 1">',
  '<p style="position:fixed;inset:0" onclick="window.hit = 1">cover</p>',
  '[click](javascript:window.hit=1) ![p](http://page.test/pixel.png) <http://page.test/auto>',
  '<svg><style>@import "http://page.test/x.css";</style><a href="javascript:window.hit=1">x</a></svg>',
  '```html" onload="window.hit=1\n<iframe srcdoc="<script>parent.hit=1</script>">\n```',
  '| a | b |\n|:-:|--:|\n| <b onmouseover=hit=1>1</b> | 2 |',
  'total 18\u202E81\u202C and zero\u200Bwidth',
].join('\n\n');

const hostileFormulas = [
  '$\\href{javascript:window.hit=1}{x}$', '$\\htmlStyle{position:fixed}{y}$', '$\\phantom{ghost} \\hspace{-40em} \\text{over} 5 % \\text{the rest}$', '$\\def\\a{\\a\\a}\\a$', '\\boxed{<b>9</b>}', '$a\u202Eb$', '$\\color{white}{c} \\rlap{d}$',
].join('\n\n');

const entry = `
  import { html, render } from 'lit';
  import { renderMarkdown } from './src/webview/kit/markdown.ts';
  import { formulaText, mathText, whenFormulasArrive } from './src/webview/kit/mathText.ts';
  import { visible } from './src/client/words.ts';
  window.showMath = text => document.getElementById('page').replaceChildren(mathText(text, { left: 9 }));
  window.showLine = text => document.getElementById('page').replaceChildren(formulaText(text, { left: 9 }));
  window.arrived = new Promise(whenFormulasArrive);
  window.show = text => render(html\`<section id="md">\${renderMarkdown(visible(text))}</section><pre id="plain" class="text" title=\${visible(text)}>\${visible(text)}</pre>\`, document.getElementById('page'));
`;

describe('what a model wrote, on a page', () => {
  let browser: Browser;
  const asked: string[] = [];

  before(async () => {
    const bundled = { absWorkingDir: root, bundle: true, format: 'iife', write: false, logLevel: 'error' } as const;
    const { outputFiles } = await build({ ...bundled, stdin: { contents: entry, resolveDir: root } });
    const { outputFiles: mathFiles } = await build({ ...bundled, entryPoints: ['src/webview/math/main.ts'] });
    const nonce = newNonce();
    const html = pageHtml({ title: 'hostile', nonce, source: origin, script: `${origin}/page.js`, style: `${origin}/page.css` });
    browser = await openBrowser();
    await browser.page.route('**/*', route => {
      const { pathname } = new URL(route.request().url());
      asked.push(pathname);
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html });
      if (pathname === '/page.js') return route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]?.text ?? '' });
      if (pathname === '/math.js') return route.fulfill({ contentType: 'text/javascript', body: mathFiles[0]?.text ?? '' });
      return route.fulfill({ contentType: 'text/css', body: '' });
    });
    await browser.page.goto(`${origin}/`);
    await browser.page.evaluate(`window.show(${JSON.stringify(hostile)})`);
  });

  after(() => browser.close());

  it('stays text where it is shown as text', async () => {
    const shown = await browser.page.locator('#plain').textContent();
    assert.equal(shown, hostile.replaceAll('\u202E', '‹U+202E›').replaceAll('\u202C', '‹U+202C›').replaceAll('\u200B', '‹U+200B›'));
    assert.equal(await browser.page.locator('#plain *').count(), 0);
  });

  it('keeps no element and no attribute of its own where it is shown as Markdown', async () => {
    const markdown = browser.page.locator('#md');
    assert.deepEqual(await browser.page.evaluate(`[...document.querySelectorAll('#md *')].flatMap(each => [...each.attributes].map(({ name }) => each.localName + ' ' + name))`), []);
    assert.equal(await markdown.locator('script, img, svg, style, iframe, a, b').count(), 0);
    const text = await markdown.textContent() ?? '';
    for (const part of ['<script>window.hit = 1</script>', '<img src=x onerror=', 'style="position:fixed', '[click](javascript:', '<iframe srcdoc=', '18‹U+202E›81', 'zero‹U+200B›width']) assert.ok(text.includes(part), part);
    assert.equal(await markdown.locator('table td').first().textContent(), '<b onmouseover=hit=1>1</b>');
  });

  it('runs nothing and loads nothing', async () => {
    assert.equal(await browser.page.evaluate('window.hit'), undefined);
    assert.deepEqual(asked.filter(name => !['/', '/page.js', '/page.css', '/favicon.ico'].includes(name)), []);
  });

  it('is drawn as a formula without what could move, hide or link, once the script of formulas has come', async () => {
    const show = (text: string) => browser.page.evaluate(`window.showMath(${JSON.stringify(text)})`);
    await show('$x$');
    await browser.page.evaluate('window.arrived');
    await show(hostileFormulas);
    const page = browser.page.locator('#page');
    const attributes = await browser.page.evaluate(`[...new Set([...document.querySelectorAll('#page *')].flatMap(each => [...each.attributes].map(({ name }) => name)))].sort()`);
    assert.deepEqual((attributes as string[]).filter(name => !['class', 'mathvariant', 'columnalign', 'display', 'displaystyle', 'fence', 'scriptlevel', 'stretchy', 'width'].includes(name)), []);
    assert.deepEqual(await browser.page.evaluate(`[...new Set([...document.querySelectorAll('#page [class]')].map(each => each.className))].sort()`), ['box', 'formula', 'md', 'tex']);
    assert.equal(await page.locator('a, script, img, svg, style, annotation, mphantom, mpadded, [width^="-"]').count(), 0);
    const text = await page.textContent() ?? '';
    for (const part of ['\\href{javascript:window.hit=1}{x}', '\\htmlStyle{position:fixed}{y}', 'ghost', 'over', 'rest', '\\boxed{<b>9</b>}', '\\def\\a{\\a\\a}', '‹U+202E›']) assert.ok(text.includes(part), part);
    assert.equal(await browser.page.evaluate('window.hit'), undefined);
    assert.deepEqual(asked.filter(name => !['/', '/page.js', '/page.css', '/math.js', '/favicon.ico'].includes(name)), []);
  });

  it('has no more formulas drawn than a path may have', async () => {
    await browser.page.evaluate(`window.showMath(${JSON.stringify('$x+1$ '.repeat(12))})`);
    assert.deepEqual([await browser.page.locator('#page math').count(), await browser.page.locator('#page .tex').count()], [9, 3]);
  });

  it('has nothing but its formulas drawn where it stands in a line', async () => {
    const text = `Is $x^2$ *more* than $5 or $10?\n- ${hostile}`;
    await browser.page.evaluate(`window.showLine(${JSON.stringify(text)})`);
    const page = browser.page.locator('#page');
    assert.deepEqual([await page.locator('math').count(), await page.locator('em, li, script, img, a, svg, table').count()], [1, 0]);
    const written = await page.textContent() ?? '';
    for (const part of [' *more* than $5 or $10?\n- ', '<script>window.hit = 1</script>', '18‹U+202E›81']) assert.ok(written.includes(part), part);
    assert.equal(await browser.page.evaluate('window.hit'), undefined);
  });
});
