import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Frame, FrameLocator } from 'playwright-core';
import { hostileTasks, largeTasks, writeHostileProject } from '../../bench/hostile.ts';
import { webview, webviewFrame } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';

const tasks = [...hostileTasks, ...Object.values(largeTasks)];

interface Laid {
  /** What of the page reaches beyond its frame. */
  readonly beyond: readonly string[];
  /** Pixels that are left for the path. */
  readonly columns: number;
}

const laid = `(() => {
  const { scrollWidth, scrollHeight } = document.documentElement;
  const out = [...document.querySelectorAll('.review > *')].filter(each => { const { left, right, top, bottom } = each.getBoundingClientRect(); return left < -1 || right > innerWidth + 1 || top < -1 || bottom > innerHeight + 1; });
  const beyond = [...(scrollWidth > innerWidth ? ['wider than the frame'] : []), ...(scrollHeight > innerHeight + 1 ? ['higher than the frame'] : []), ...out.map(each => each.className)];
  return { beyond, columns: document.querySelector('.cols').clientHeight };
})()`;

describe('hostile paths under review, in the editor', () => {
  const asked: string[] = [];
  let editor: Editor;
  let review: FrameLocator;
  let frame: Frame;
  const press = (key: string) => editor.page.keyboard.press(key);
  const place = (words: RegExp) => review.locator('.top h1').filter({ hasText: words }).waitFor();
  /** Name of the task that is shown. */
  const shown = async () => tasks[Number((await review.locator('.qt .text').getAttribute('title') ?? '').split('/')[1])]?.name ?? '';
  const picture = (name: string) => takePicture(editor.page, `hostile-${name.replaceAll(' ', '-')}`);

  before(async () => {
    const runtime = fs.mkdtempSync(path.join(os.tmpdir(), 'engines-'));
    editor = await Editor.open({ environment: { REGENESIS_RUNTIME_DIR: runtime } }, folder => { writeHostileProject(path.join(folder, 'hostile.regenesis'), tasks); });
    editor.page.on('request', request => { asked.push(request.url()); });
  });

  after(() => editor.close());

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'hostile-review');
  });

  it('are opened like any others', async () => {
    await editor.showView();
    await editor.openFile('hostile.regenesis');
    await editor.row(/^Project hostile/).waitFor();
    await webview(editor.page).getByRole('heading', { name: 'Funnel' }).waitFor();
    await editor.command('Review Next');
    review = webview(editor.page);
    await place(new RegExp(`^1 of ${tasks.length}$`));
    await review.locator('.card.p').first().waitFor();
    frame = await webviewFrame(editor.page);
    await review.locator('.review').focus();
  });

  it('run nothing, keep within their frame however narrow, and are decided by a key each', async () => {
    const seen = new Set<string>();
    for (let at = 1; at <= tasks.length; at += 1) {
      await place(new RegExp(`^${at} of ${tasks.length}$`));
      await review.locator('.card.p').first().waitFor();
      const name = await shown();
      seen.add(name);
      for (const width of [1280, 900, 600]) {
        await editor.page.setViewportSize({ width, height: 800 });
        await picture(`${name}-${width}`); // which waits for it to be laid out
        const { beyond, columns } = await frame.evaluate<Laid>(laid);
        assert.deepEqual(beyond, [], `${name} at ${width}`);
        assert.ok(columns >= 200, `${name} at ${width}: ${columns} px are left for the path`);
      }
      await editor.page.setViewportSize({ width: 1280, height: 800 });
      assert.equal(await frame.evaluate('globalThis.hit'), undefined, name);
      assert.equal(await review.locator('#page').locator('script, img, style, iframe, object, link, a, image, foreignObject').count(), 0, name);
      await press('a');
    }
    await review.getByText('Nothing is left to review here').waitFor();
    assert.deepEqual([...seen].sort(), tasks.map(({ name }) => name).sort());
  });

  it('show all of a text, with what cannot be seen written out', async () => {
    for (let back = 1; back <= tasks.length; back += 1) {
      await press('k');
      await place(new RegExp(`^${back} back`));
      const text = await review.locator('.review').textContent() ?? '';
      for (const hidden of ['\u202E', '\u200B', '\u2066', '\u{E0041}']) assert.ok(!text.includes(hidden), JSON.stringify(hidden));
      const name = await shown();
      if (name === 'directions') for (const written of ['18‹U+202E›81', 'zero‹U+200B›width', '‹U+E0041›tag']) assert.ok(text.includes(written), written);
      if (name === 'formulas') for (const written of ['\\rule{9999em}{9999em}', '\\href{javascript:globalThis.hit=1}{x}', 'ghost']) assert.ok(text.includes(written), written);
    }
  });

  it('have the rest of a step of many characters drawn piece by piece', async () => {
    for (let back = tasks.length - 1; await shown() !== '10mb'; back -= 1) {
      await press('j');
      await place(new RegExp(`^${back} back`));
    }
    const card = review.locator('.card.p').first();
    const lengths: number[] = [];
    for (let parts = 1; parts <= 3; parts += 1) {
      await card.locator('.md').nth(parts - 1).waitFor();
      lengths.push((await card.textContent() ?? '').length);
      await card.getByRole('button', { name: 'Show More' }).click();
    }
    const [first = 0, second = 0, third = 0] = lengths;
    assert.ok(first < 9_000 && second > first + 4_000 && third > second + 4_000, lengths.join(', '));
  });

  it('fetch nothing', () => {
    const hosts = new Set(asked.map(url => new URL(url).hostname));
    assert.ok(hosts.has('127.0.0.1'), 'what is asked for is seen here');
    assert.deepEqual([...hosts].filter(host => host !== '' && host !== '127.0.0.1' && !host.endsWith('.vscode-resource.vscode-cdn.net')), []);
  });
});
