import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { FrameLocator } from 'playwright-core';
import { shippedTexts } from '../../src/demoServer/command.ts';
import { startDemoServer, type DemoServer } from '../../src/demoServer/server.ts';
import { runCommand, webview, webviewFrame } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { picturesInThemes } from './themes.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.mjs');
/** Paths that a reviewer takes by keyboard alone. */
const paths = 30;

interface Line {
  readonly id: string;
  readonly path: string;
  readonly decision: string;
  readonly reason?: string;
  readonly note?: string;
  readonly amendedText?: string;
}

describe('reviewing paths, in the editor', () => {
  // the command line finds the engine of the window
  const runtime = fs.mkdtempSync(path.join(os.tmpdir(), 'engines-'));
  const environment = { ...process.env, REGENESIS_RUNTIME_DIR: runtime };
  let editor: Editor;
  let server: DemoServer;
  let review: FrameLocator;
  const run = async (...words: readonly string[]) => (await promisify(execFile)(process.execPath, [cli, ...words], { cwd: editor.folder, env: environment })).stdout;
  const lines = async () => (await run('review', 'export', 'p.regenesis')).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Line);
  const press = (...keys: readonly string[]) => keys.reduce((before, key) => before.then(() => editor.page.keyboard.press(key)), Promise.resolve());
  const saved = () => review.locator('.saved').filter({ hasText: /^Saved$/ }).waitFor();
  const place = (words: RegExp) => review.locator('.top h1').filter({ hasText: words }).waitFor();
  const shown = () => review.locator('.qt').first().textContent();
  const shownPath = async () => (await review.locator('.review').first().getAttribute('data-path')) ?? '';

  const pictures = (name: string) => picturesInThemes(editor, `review-${name}`);

  before(async () => {
    server = await startDemoServer({ shipped: shippedTexts(), stepMs: { t0: 0, c: 0, p: 0 } });
    editor = await Editor.open({ environment: { REGENESIS_RUNTIME_DIR: runtime } }, folder => { execFileSync(process.execPath, [cli, 'init', 'p.regenesis', '--sample'], { cwd: folder, env: environment, stdio: 'pipe' }); });
    await run('run', 'p.regenesis', '--server', server.url);
  });

  after(async () => {
    await editor.close();
    await server.close();
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'review');
  });

  it('opens the next path from the palette, with structure and path side by side', async () => {
    await editor.showView();
    await editor.openFile('p.regenesis');
    await editor.row(/^Project p/).waitFor();
    await webview(editor.page).getByRole('heading', { name: 'Funnel' }).waitFor(); // it takes the focus when it comes, and the palette away
    await editor.command('Review Next');
    review = webview(editor.page);
    await place(/^1 of \d+$/);
    await review.getByText('Structure', { exact: true }).waitFor();
    await review.locator('.card.s').first().waitFor();
    await review.locator('.card.p').first().waitFor();
    await pictures('1-first');
  });

  it('takes thirty paths by keyboard alone, each decision on the disk before the tick', async () => {
    await review.locator('.review').focus();
    for (let at = 1; at <= paths; at += 1) {
      await place(new RegExp(`^${at} of `));
      if (at % 3 === 0) await press('x', '2');
      else await press('a');
    }
    await place(new RegExp(`^${paths + 1} of `));
    await saved();
    const made = await lines();
    assert.deepEqual(made.map(({ decision, reason }) => reason ?? decision), Array.from({ length: paths }, (_, at) => ((at + 1) % 3 === 0 ? 'wrong-step' : 'accept')));
    assert.equal(new Set(made.map(each => each.path)).size, paths);
    await takePicture(editor.page, 'review-2-thirty-dark');
  });

  it('decides nothing while a note is typed, and keeps the note', async () => {
    const before = await shown();
    await press('n');
    await review.locator('.note-field textarea').waitFor();
    await editor.page.keyboard.type('axxa jj');
    await press('Enter');
    await review.locator('.note-field').waitFor({ state: 'detached' });
    await saved();
    assert.equal(await shown(), before);
    const last = (await lines()).at(-1);
    assert.deepEqual([last?.decision, last?.note], ['none', 'axxa jj']);
  });

  it('undoes with z and with the editor’s own key, and does it again', async () => {
    const here = await shown();
    await press('a');
    await place(new RegExp(`^${paths + 2} of `));
    await press('z');
    await place(new RegExp(`^${paths + 1} of `));
    await saved();
    assert.equal(await shown(), here);
    assert.equal((await lines()).at(-1)?.decision, 'none');
    await press('Control+Shift+z');
    await place(new RegExp(`^${paths + 2} of `));
    await press('Control+z');
    await place(new RegExp(`^${paths + 1} of `));
    await saved();
    assert.equal(await shown(), here);
  });

  it('is heard: every control by its name, what was decided, and the path that came', async () => {
    const tree = await review.locator('body').ariaSnapshot();
    const controls = [/main/, /heading "\d+ of \d+" \[level=1\]/, /region "Task"/, /region "Findings"/, /region "Structure"/, /button "Structure step 1, \w+/, /region "Path"/, /button "Path step 1/, /navigation "This task"/,
      /group "Decisions"/, ...['Accept', 'Reject', 'Unsure', 'Amend', 'Note', 'Bad Step', 'Undo', 'All Keys', 'More Actions'].map(name => new RegExp(`button "${name}"`))];
    for (const control of controls) assert.match(tree, control);
    const heard = (words: RegExp) => review.locator('.spoken[role=status]').filter({ hasText: words }).waitFor({ state: 'attached' });
    await press('a');
    await heard(/^Accepted\. \d+ of \d+\. Path.*: \S/);
    await press('z');
    await heard(/^Undone\. \d+ of \d+\. Path.*: \S/);
    await press('j');
    await heard(/^Path.*: \S/);
    await press('k');
    await press('x');
    await review.locator('.foot.reasons').waitFor(); // keys go by way of the editor
    assert.match(await review.locator('body').ariaSnapshot(), /group "Why rejected\? 1 to 9, or Enter for no reason"/);
    await press('z');
    await review.locator('.foot.reasons').waitFor({ state: 'detached' });
    await saved();
  });

  it('asks for a reason in the place of the footer, and can be left', async () => {
    await press('x');
    await review.locator('.foot.reasons').waitFor();
    await pictures('3-reasons');
    await review.locator('.foot.reasons').press('z');
    await review.locator('.foot.reasons').waitFor({ state: 'detached' });
  });

  it('amends a path in place; the document is dirty only meanwhile', async () => {
    const tab = editor.page.locator('.tabs-container .tab.active');
    await press('e');
    const field = review.locator('textarea#amend');
    await field.waitFor();
    await field.press('Control+End');
    await editor.page.keyboard.type(' Checked twice.');
    await editor.page.locator('.tabs-container .tab.active.dirty').waitFor();
    await takePicture(editor.page, 'review-4-amending-dark');
    // the editor's own way to throw it away leaves the field too
    await runCommand(editor.page, 'File: Revert File');
    await field.waitFor({ state: 'detached' });
    await editor.page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
    await review.locator('.qt').first().click();
    await press('e');
    await field.press('Control+End');
    await editor.page.keyboard.type(' Checked twice.');
    await field.press('Control+Enter');
    await saved();
    await editor.page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
    await tab.waitFor();
    const last = (await lines()).at(-1);
    assert.equal(last?.decision, 'amend');
    assert.match(last.amendedText ?? '', / Checked twice\.$/);
  });

  it('is there again after a reload, as far as it was, with the next path', async () => {
    await place(new RegExp(`^${paths + 2} of `));
    await editor.page.reload();
    await editor.tab(/Needs review|Review/).first().waitFor();
    review = webview(editor.page);
    await place(new RegExp(`^${paths + 2} of `));
    await review.locator('.card.p').first().waitFor();
    assert.equal(await review.locator('.foot.reasons, textarea').count(), 0, 'it is read, not in the middle of anything');
    assert.equal(await review.getByText(/^You (?:accepted|rejected|amended)/).count(), 0, 'nothing is decided about what is shown');
  });

  it('shows all keys, compares two paths, and opens the editor’s own diff', async () => {
    await review.locator('.qt').first().click(); // as whoever comes back would
    await press('Shift+Slash');
    await review.getByRole('dialog').waitFor();
    await takePicture(editor.page, 'review-5-keys-dark');
    await review.getByRole('dialog').press('Escape');
    await review.getByRole('dialog').waitFor({ state: 'detached' });
    await press('c');
    await review.getByRole('button', { name: 'End Comparison' }).waitFor();
    await takePicture(editor.page, 'review-6-compare-dark');
    await press('c');
    await press('d');
    await editor.page.locator('.monaco-diff-editor').first().waitFor();
    await takePicture(editor.page, 'review-7-diff-dark');
    await runCommand(editor.page, 'View: Close Editor');
  });

  it('decides alike about all that is left, from its menu, and takes that back as one', async () => {
    await review.locator('.card.p').first().waitFor();
    const open = async () => (await review.locator('.top h1').textContent() ?? '').match(/\d+/g)?.map(Number) ?? [];
    const [at = 0, total = 0] = await open();
    const menu = review.getByRole('button', { name: 'More Actions' });
    await menu.click();
    const all = review.getByRole('menuitem', { name: `Accept All ${total - at + 1} Paths Left…` });
    await all.waitFor();
    await takePicture(editor.page, 'review-9-menu-dark');
    await all.press('a');
    await place(new RegExp(`^${at} of `));
    await all.click();
    const dialog = editor.page.getByRole('dialog').filter({ hasText: `Accept ${total - at + 1} paths of Review next?` });
    await dialog.getByRole('button', { name: 'Accept All' }).click();
    await review.getByText('Nothing is left to review here').waitFor();
    await editor.toast(/paths of Review next were accepted/).getByRole('button', { name: 'Undo' }).click();
    await place(new RegExp(`^${at} of ${total}$`));
  });

  it('keeps its form in a narrow window', async () => {
    const size = editor.page.viewportSize();
    await review.locator('.card.p').first().waitFor();
    await review.locator('.qt').first().click();
    await press('Control+b');
    await editor.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    for (const width of [900, 600]) {
      await editor.page.setViewportSize({ width, height: 800 });
      await takePicture(editor.page, `review-8-${width}-dark`);
    }
    if (size) await editor.page.setViewportSize(size);
  });

  it('loses none of thirty decisions at twenty a second, though the engine is killed after the tick', async () => {
    const frame = await webviewFrame(editor.page);
    await frame.evaluate(`globalThis.seen = [document.querySelector('.review').dataset.path];
      new MutationObserver(() => { const { path } = document.querySelector('.review').dataset; if (path && path !== globalThis.seen.at(-1)) globalThis.seen.push(path); }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-path'] });`);
    const before = (await lines()).length;
    await review.locator('.qt').first().click();
    await press('Shift+Slash'); // the window was made wide again just now: keys are heard once this one is
    await review.locator('.sheet').waitFor();
    await press('Escape');
    await review.locator('.sheet').waitFor({ state: 'detached' });
    // the editor hears of the closed sheet a little later than the page shows it: what is pressed before is for the sheet
    const first = await shownPath();
    for (const [key, isThere] of [['j', (path: string) => path !== first], ['k', (path: string) => path === first]] as const) {
      await press(key);
      while (!isThere(await shownPath())) {
        await editor.page.waitForTimeout(500);
        if (!isThere(await shownPath())) await press(key);
      }
    }
    await frame.evaluate('globalThis.seen.splice(0, Infinity, document.querySelector(".review").dataset.path)');
    for (let at = 0; at < paths; at += 1) {
      await press('a');
      await editor.page.waitForTimeout(50);
    }
    await place(new RegExp(`^${2 * paths + 2} of `));
    await saved();
    const { engines } = JSON.parse(await run('engines', '--json')) as { engines: { pid: number }[] };
    assert.equal(engines.length, 1);
    for (const { pid } of engines) process.kill(pid, 'SIGKILL');
    const seen = await frame.evaluate<string[]>('globalThis.seen');
    const made = (await lines()).slice(before);
    assert.deepEqual(made.map(each => [each.decision, each.path]), seen.slice(0, paths).map(each => ['accept', each]));
  });
});
