import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Frame, FrameLocator } from 'playwright-core';
import { startDemoServerProcess, type DemoServerProcess } from '../../src/client/demoServerProcess.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { faultsOf, picturesInThemes } from './themes.ts';

const cliPath = path.resolve(import.meta.dirname, '../../dist/cli.mjs');

describe('the overview of a project', () => {
  const runtime = fs.mkdtempSync(path.join(os.tmpdir(), 'engines-'));
  let server: DemoServerProcess;
  let editor: Editor;
  const refused: string[] = [];

  const page = (): FrameLocator => webview(editor.page);
  const heading = (name: string) => page().getByRole('heading', { name, exact: true });
  const cli = (...words: string[]) => execFileSync(process.execPath, [cliPath, ...words], { env: { ...process.env, REGENESIS_RUNTIME_DIR: runtime, REGENESIS_IDLE_MS: '0' }, stdio: 'pipe' });

  /** The document of the page on screen, for what only a script in it can see. */
  async function frame(): Promise<Frame> {
    const outer = await (await editor.page.waitForSelector('iframe.webview.ready:visible')).contentFrame();
    const inner = await outer?.waitForSelector('iframe#active-frame');
    const found = await inner?.contentFrame();
    assert.ok(found, 'no page is on screen');
    return found;
  }

  const assertAccessible = async (what: string): Promise<void> => { assert.deepEqual(await faultsOf(editor), [], what); };

  async function showOverviewOf(name: string, head: string): Promise<void> {
    await editor.openFile(`${name}.regenesis`);
    await heading(head).waitFor();
    await heading(name).waitFor();
  }

  before(async () => {
    server = await startDemoServerProcess({ node: process.execPath, cliPath, arguments: ['--step-ms', '0,0,0', '--slots', '128'] });
    editor = await Editor.open({}, folder => {
      const file = (name: string) => path.join(folder, name);
      cli('init', file('everyday'), '--sample');
      cli('run', file('everyday'), '--server', server.url, '--limit', '12', '--mode', 'all');
      cli('export', file('everyday'), '--out', file('all.jsonl'));
      cli('export', file('everyday'), '--paths-per-task', '1', '--out', file('first.jsonl'));
      cli('init', file('one'));
      fs.writeFileSync(file('one.jsonl'), '{"question":"How much is 2 + 2?","answer":"#### 4"}\n');
      cli('import', file('one'), file('one.jsonl'), '--preset', 'gsm8k');
      cli('init', file('large'));
      fs.writeFileSync(file('large.jsonl'), Array.from({ length: 100_000 }, (_, index) => `{"question":"How much is ${index} + 1?","answer":"#### ${index + 1}"}\n`).join(''));
      cli('import', file('large'), file('large.jsonl'), '--preset', 'gsm8k');
      cli('run', file('large'), '--server', server.url, '--limit', '1');
      cli('init', file('new'));
      cli('init', file('newer'));
      const database = new DatabaseSync(file('newer.regenesis'));
      database.exec('PRAGMA user_version = 999');
      database.close();
    });
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    editor.page.on('console', message => { if (/content security policy/i.test(message.text())) refused.push(message.text()); });
  });

  after(async () => {
    await editor.close();
    await server.stop();
    fs.rmSync(runtime, { recursive: true, force: true });
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'overview');
  });

  it('is what a project file opens as, under a strict policy', async () => {
    await editor.showView();
    await showOverviewOf('everyday', 'Funnel');
    await page().getByRole('button', { name: /^Run \d+ Tasks$/ }).waitFor();
    await page().getByText('simulation', { exact: true }).waitFor();
    const policy = await (await frame()).evaluate<string>(`document.querySelector('meta[http-equiv]').content`);
    assert.match(policy, /^default-src 'none'; script-src 'nonce-[0-9a-f]{32}'; style-src 'nonce-[0-9a-f]{32}'; font-src [^;]+$/);
    await takePicture(editor.page, 'overview-1-dark');
  });

  it('opens behind every number of the funnel exactly so many', async () => {
    const figures = await (await frame()).evaluate<string[]>(`[...document.querySelectorAll('.funnel [data-figure]')].map(node => node.getAttribute('aria-label'))`);
    assert.ok(figures.length >= 12, figures.join(', '));
    for (const label of figures) {
      await page().getByRole('button', { name: label, exact: true }).click();
      const total = page().getByRole('status').filter({ hasText: /^[\d,]+$/ });
      await total.waitFor();
      assert.equal(await total.textContent(), /^[\d,]+/.exec(label)?.[0], label);
      await editor.page.keyboard.press('Control+w');
      await heading('Funnel').waitFor();
    }
  });

  it('opens from a list what a path or a task is', async () => {
    await page().getByRole('button', { name: /Kept: show the list/ }).click();
    await heading('Kept paths').waitFor();
    await takePicture(editor.page, 'overview-2-list');
    await assertAccessible('the list');
    await page().getByRole('row').nth(1).click();
    await editor.tab(/^Path · /).waitFor();
    await editor.line('kept').waitFor();
    await runCommand(editor.page, 'View: Close All Editors');
    await showOverviewOf('everyday', 'Funnel');
  });

  it('is worked by keys alone', async () => {
    const focused = async () => (await frame()).evaluate<string>(`document.activeElement.getAttribute('aria-label') ?? ''`);
    await heading('everyday').click();
    await editor.page.keyboard.press('ArrowDown');
    assert.match(await focused(), /Tasks: show the list/);
    await editor.page.keyboard.press('ArrowDown');
    assert.match(await focused(), /Branches: show the list/);
    await editor.page.keyboard.press('ArrowUp');
    await takePicture(editor.page, 'overview-3-focus');
    await editor.page.keyboard.press('Enter');
    await heading('Tasks').waitFor();
    await editor.page.keyboard.press('Control+w');
    await heading('everyday').click();
    await editor.page.keyboard.press('x');
    await page().getByRole('heading', { name: 'Export Dataset', level: 1 }).waitFor();
    await editor.page.keyboard.press('Control+w');
    await heading('everyday').click();
    await editor.page.keyboard.press('r');
    await editor.page.getByText(/Run regenesis on \d+ tasks/).waitFor();
    await editor.page.keyboard.press('Escape');
    await page().getByRole('button', { name: 'More Actions' }).click();
    await page().getByRole('menuitem', { name: 'Import Tasks…' }).waitFor();
    await takePicture(editor.page, 'overview-4-menu');
    await assertAccessible('the menu');
    await editor.page.keyboard.press('Escape');
    await page().getByRole('menu').waitFor({ state: 'detached' });
  });

  it('draws what the released filter would have kept, and takes it away again', async () => {
    await page().getByLabel('Released filter').check();
    await page().getByText(/would keep [\d,]+, of which [\d,]+ incorrect/).waitFor();
    await page().getByRole('columnheader', { name: 'Released' }).waitFor();
    await takePicture(editor.page, 'overview-5-released');
    await page().getByLabel('Released filter').uncheck();
    await page().getByRole('columnheader', { name: 'Released' }).waitFor({ state: 'hidden' });
  });

  it('copies its figures', async () => {
    await page().locator('.guidelines').getByRole('button', { name: 'Copy as CSV' }).click();
    await editor.page.waitForFunction(`navigator.clipboard.readText().then(text => text.startsWith('id,title,branches,judged,correct'))`);
  });

  it('shows the tasks of a pass rate in the tree', async () => {
    const rate = page().locator('.rates').getByRole('button', { name: /tasks with 81–99 % correct/ });
    const count = await rate.textContent() ?? '';
    await rate.click();
    await editor.row(new RegExp(`^Filter .*, ${count} of `)).waitFor();
    await takePicture(editor.page, 'overview-6-filtered');
    await editor.command('Clear Filter');
  });

  it('holds the released filter against ours on a page of its own', async () => {
    await editor.command('Show Filter Audit');
    await heading('Filter audit').waitFor();
    await page().getByRole('button', { name: /false accepts/ }).click();
    await page().getByRole('button', { name: /false rejects/ }).click();
    await page().getByRole('button', { name: 'Compare Again' }).waitFor();
    await takePicture(editor.page, 'overview-7-audit');
    await assertAccessible('the audit');
    await page().locator('.rows tbody tr').first().click();
    await editor.tab(/^Path · /).waitFor();
    await editor.page.keyboard.press('Control+w');
  });

  it('is there again after a reload, as it was left', async () => {
    await editor.tab(/^everyday\.regenesis/).click();
    await page().getByRole('button', { name: 'Kept', exact: true }).click();
    await page().getByRole('button', { name: /^Show all \d+/ }).click();
    await page().getByRole('button', { name: /^Show 12/ }).waitFor();
    await runCommand(editor.page, 'Developer: Reload Window'); // a reload of the page alone leaves the editor no time to store how pages were left
    await page().getByRole('columnheader', { name: 'Kept' }).and(page().locator('[aria-sort=descending]')).waitFor({ timeout: 30_000 });
    await page().getByRole('button', { name: /^Show 12/ }).waitFor();
    await editor.tab(/^Filter Audit/).click();
    await heading('Filter audit').waitFor();
    await editor.page.keyboard.press('Control+w');
    await heading('Funnel').waitFor();
  });

  it('follows a run to its end, and says what comes next', async () => {
    await page().getByRole('button', { name: /^Run \d+ Tasks$/ }).click();
    await editor.option(/Go/).click();
    await page().getByRole('button', { name: 'Cancel Run' }).first().waitFor();
    await page().getByText(/Run 2 · \d+ %/).waitFor();
    await takePicture(editor.page, 'overview-8-running');
    await page().getByRole('button', { name: /^Review \d+ Paths?$/ }).waitFor({ timeout: 60_000 });
    await page().getByText('100 % settled').waitFor();
    await takePicture(editor.page, 'overview-9-done');
  });

  it('says that its project was closed, and opens it again', async () => {
    await page().getByRole('button', { name: 'More Actions' }).click();
    await page().getByRole('menuitem', { name: 'Close Project' }).click();
    await page().getByText('everyday was closed in this window').waitFor();
    await takePicture(editor.page, 'overview-10-closed');
    await page().getByRole('button', { name: 'Open Project' }).click();
    await heading('Funnel').waitFor();
  });

  it('says what to do about a project of a newer version', async () => {
    await editor.openFile('newer.regenesis');
    await page().getByText(/written by a newer ReGenesis/).waitFor();
    await page().getByRole('button', { name: 'Show Log' }).waitFor();
    await takePicture(editor.page, 'overview-11-newer');
    await assertAccessible('a project that cannot be shown');
    await editor.tab(/^everyday\.regenesis/).click();
    await heading('Funnel').waitFor();
    await heading('everyday').click(); // keys that are pressed while a page is loaded are lost
  });

  it('is legible in every theme and width, with nothing, one and many', async () => {
    await runCommand(editor.page, 'View: Close All Editors');
    for (const [name, amount, head] of [['new', '0', 'This project has no tasks yet.'], ['one', '1', 'Funnel'], ['large', '100000', 'Funnel'], ['everyday', 'everyday', 'Funnel']] as const) {
      await editor.page.setViewportSize({ width: 1280, height: 800 });
      await showOverviewOf(name, head);
      await picturesInThemes(editor, `overview-${amount}`);
      await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
      for (const width of [900, 600]) {
        await editor.page.setViewportSize({ width, height: 800 });
        await takePicture(editor.page, `overview-${amount}-${width}`);
        const inside = await frame();
        assert.ok(await inside.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `${name} is wider than ${width}`);
      }
      await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    }
  });

  it('opens the list of a hundred thousand, leaf by leaf', async () => {
    await editor.page.setViewportSize({ width: 1280, height: 800 });
    await showOverviewOf('large', 'Funnel');
    await page().getByRole('button', { name: /^100,000 Tasks/ }).click();
    await page().getByText('1–200 of 100,000').waitFor();
    await page().getByRole('button', { name: 'Next Rows' }).click();
    await page().getByText('201–400 of 100,000').waitFor();
    await page().getByText('How much is 200 + 1?').waitFor();
    await page().getByRole('button', { name: 'Previous Rows' }).click();
    await page().getByText('1–200 of 100,000').waitFor();
  });

  it('stops an audit in the same place', async () => {
    await editor.choose('Show Filter Audit', /^large/);
    await heading('Filter audit').waitFor();
    await page().getByRole('status').filter({ hasText: /[1-9][\d,]* of 100,000 tasks/ }).waitFor();
    await page().getByRole('button', { name: 'Cancel', exact: true }).click();
    await page().getByRole('button', { name: 'Compare', exact: true }).waitFor();
    await page().getByText('Nothing was compared yet.').waitFor();
    await takePicture(editor.page, 'overview-12-audit-cancelled');
  });

  it('puts training sets side by side, and says what to do where there is none', async () => {
    await showOverviewOf('new', 'This project has no tasks yet.');
    await showOverviewOf('everyday', 'Funnel');
    await editor.choose('Compare Methods', /^new(?!er)/);
    await page().getByText('This project has exported no training set yet.').waitFor();
    await page().getByRole('button', { name: 'Show Overview' }).waitFor();
    await takePicture(editor.page, 'compare-0');
    await assertAccessible('no training set');
    await editor.page.keyboard.press('Control+w');
    await editor.choose('Compare Methods', /^everyday/);
    const names = page().locator('.sets tbody th');
    const shown = async () => (await names.allTextContents()).map(text => text.trim());
    await names.nth(1).waitFor();
    assert.deepEqual(await shown(), ['first.jsonl', 'all.jsonl'], 'the newest first');
    await page().getByRole('button', { name: 'Records', exact: true }).click();
    await page().getByRole('columnheader', { name: 'Records' }).and(page().locator('[aria-sort=descending]')).waitFor();
    assert.deepEqual(await shown(), ['all.jsonl', 'first.jsonl']);
    await picturesInThemes(editor, 'compare');
    await page().getByRole('button', { name: 'Copy as CSV' }).click();
    await editor.page.waitForFunction(`navigator.clipboard.readText().then(text => /^training set,recipes,models,records,.*\\r\\n(first|all)\\.jsonl,regenesis,/.test(text))`);
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    await editor.page.setViewportSize({ width: 600, height: 800 });
    await picturesInThemes(editor, 'compare-600');
    assert.ok(await (await frame()).evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth'));
    await names.first().getByRole('button').first().click();
    await editor.tab(/^all\.jsonl\.manifest\.json/).waitFor();
  });

  it('had nothing refused by its policy', () => {
    assert.deepEqual(refused, []);
  });
});
