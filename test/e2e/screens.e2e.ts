import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { fill } from '../../bench/paths.ts';
import { withStore } from '../../bench/stored.ts';
import { taskId } from '../../src/core/model/ids.ts';
import { shippedTexts } from '../../src/demoServer/command.ts';
import { startDemoServer, type DemoServer } from '../../src/demoServer/server.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { ManyModels, modelName } from './manyModels.ts';
import { takePicture } from './pictures.ts';
import { storeJobs } from './storedJobs.ts';
import { picturesInThemes, screenInThemes } from './themes.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.mjs');
const script = path.resolve(import.meta.dirname, 'manyPaths.ts');
const run = promisify(execFile);
/** What is counted, or graded, a hundred thousand times takes some seconds. */
const patience = { timeout: 90_000 };

/** One branch, one path. */
const recipe = 'extends: regenesis\ntitle: One path\nguidelines: [think-stepwise]\nhints: off\nselect:\n  perTask: 1\n';
/** Files with so many rows. */
const files = { 0: 'empty', 1: 'fresh', 100_000: 'many' } as const;
const question = 'A shelf holds 12 books and 7 more are put there. How many books are there then?';

/** 4,000 characters; a million without a place to break; from the right, with characters of no width, and a tower of marks. */
const oddQuestions = [
  `${'A farmer counts sheep and goats, '.repeat(119)}and has 3 of each. How many animals is that?`, `${'x'.repeat(999_000)} how many?`,
  `\u202Eهل المربع مستطيل؟\u200B \u2066How much is 3 + 3?\u202E e${'\u0301'.repeat(60)} אבג`,
];
const oddPath = (branch: number): string => `1. ${'y'.repeat(3_000)}\n2. \u202E${oddQuestions[2]?.slice(1)}\n3. ${'Count again. '.repeat(branch === 0 ? 20_000 : 20)}\n\nThe answer is \\boxed{6}. (${branch})`;

/** Every screen with 0, 1 and 100,000 items in every theme, as SCREEN-AMOUNT-THEME.png; those of the overview, the tree and the stepper are taken where these are tested. */
describe('every screen, with nothing, one and many', function () {
  this.timeout(300_000);
  const models = new ManyModels();
  let editor: Editor;
  let quick: DemoServer;
  let slow: DemoServer;
  let many: Promise<unknown>;
  /** The one that is open. */
  let project = '';

  const page = () => webview(editor.page);
  const heading = (name: string | RegExp) => page().getByRole('heading', { name, level: 1 });
  const status = () => editor.page.locator('.statusbar').getByRole('button', { name: /ReGenesis run/ });

  /** Makes a project the only one, shown as its overview. */
  async function only(name: string, words = 'Funnel'): Promise<void> {
    if (project === name) return;
    if (project !== '') await close();
    await runCommand(editor.page, 'View: Close All Editors');
    await editor.openFile(`${name}.regenesis`);
    await page().getByText(words).first().waitFor();
    project = name;
    await back();
  }

  /** Waits for the overview that comes back when the tab before it closes: it takes the focus, and a palette away. */
  const back = (): Promise<void> => heading(project).waitFor();

  async function close(): Promise<void> {
    await editor.command('Close Project');
    await editor.welcome('Try the Demo').waitFor();
  }

  before(async () => {
    quick = await startDemoServer({ gold: [{ question, gold: '19', accuracy: 1 }], shipped: shippedTexts(), stepMs: { t0: 0, c: 0, p: 0 } });
    slow = await startDemoServer({ gold: [{ question, gold: '19', accuracy: 1 }], shipped: shippedTexts(), stepMs: { t0: 500, c: 0, p: 0 } });
    let begun: (folder: string) => void = () => undefined;
    many = new Promise<string>(resolve => { begun = resolve; }).then(folder => run(process.execPath, [script, path.join(folder, 'many.regenesis'), slow.url]));
    const settings = { 'regenesis.training.targets': [{ kind: 'command', name: 'here', folder: '/nowhere/jobs', python: process.execPath }] };
    editor = await Editor.open({ settings }, folder => {
      begun(folder);
      const row = (index: number) => `${JSON.stringify({ question: index === 0 ? question : `${question} (${index})`, answer: '19', id: `shelf-${index}` })}\n`;
      fs.writeFileSync(path.join(folder, 'empty.jsonl'), '');
      for (const name of ['one', 'fresh']) fs.writeFileSync(path.join(folder, `${name}.jsonl`), row(0));
      fs.writeFileSync(path.join(folder, 'many.jsonl'), Array.from({ length: 100_000 }, (_, index) => row(index)).join(''));
      fs.mkdirSync(path.join(folder, '.regenesis/prompts/single'), { recursive: true });
      fs.writeFileSync(path.join(folder, '.regenesis/prompts/single/single.rgrecipe.yaml'), recipe);
      fs.writeFileSync(path.join(folder, 'odd.jsonl'), oddQuestions.map(odd => `${JSON.stringify({ question: odd, answer: '6' })}\n`).join(''));
      withStore(path.join(folder, 'odd.regenesis'), { create: true }, store => {
        store.addTasks(oddQuestions.map((odd, index) => ({ id: taskId(`bench/${index}`), question: odd, gold: '6', answerKind: 'number', split: 'train', origin: { dataset: 'odd' } })));
        fill(store, oddQuestions.length, { structures: true, fateAt: (_, branch) => ({ text: oddPath(branch), verdicts: [{ checker: 'typed', kind: 'correct', extracted: oddQuestions[2] ?? '', reason: 'equal' }], ...(branch < 5 ? {} : { loss: { step: 'cap', reason: 'cap' } }) }) });
      });
      for (const words of [['init', 'empty'], ['init', 'one'], ['import', 'one.regenesis', 'one.jsonl']]) execFileSync(process.execPath, [cli, ...words], { cwd: folder, stdio: 'pipe' });
    });
    await models.start();
    await editor.showView();
    await run(process.execPath, [cli, 'run', 'one.regenesis', '--recipe', 'single', '--server', quick.url], { cwd: editor.folder });
    const put = (name: string, work: Parameters<typeof withStore>[2]) => { withStore(editor.file(name), { create: false }, work); };
    put('one.regenesis', store => { storeJobs(store, { count: 1, steps: 1, nowMs: Date.now() }); });
    put('empty.regenesis', store => {
      storeJobs(store, { count: 1, steps: 0, nowMs: Date.now() });
      store.setSetting('server', { baseUrl: 'http://127.0.0.1:2/v1', model: 'gone', simulated: false, judge: { baseUrl: models.url, model: modelName(0), simulated: false } });
    });
  });

  after(async () => {
    await many.catch(() => undefined);
    await editor.close();
    await Promise.all([quick.close(), slow.close()]);
    models.stop();
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'screens');
  });

  /** The page on screen in three widths; what is wider than the page would be cut, or move everything. */
  async function inWidths(name: string): Promise<void> {
    for (const width of [1280, 900, 600]) {
      await editor.page.setViewportSize({ width, height: 800 });
      if (width === 900) await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
      assert.equal(await page().locator('html').evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), true, `${name} is wider than ${width}`);
      await takePicture(editor.page, `${name}-${width}`);
    }
    await editor.page.setViewportSize({ width: 1280, height: 800 });
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
  }

  /** The preview of a file, which is not imported. */
  async function preview(amount: keyof typeof files, words: RegExp): Promise<void> {
    await editor.choose('Import Tasks…', new RegExp(`^${files[amount]}\\.jsonl`));
    await page().getByText(words).first().waitFor();
    await picturesInThemes(editor, `import-${amount}`);
    await page().getByRole('button', { name: 'Cancel' }).click();
    await back();
  }

  async function card(amount: number, server: RegExp | undefined, words: RegExp): Promise<void> {
    await (server ? editor.choose('Test Server', server) : editor.command('Test Server'));
    await page().getByText(words).first().waitFor();
    await picturesInThemes(editor, `card-${amount}`);
    if (amount > 1) await inWidths('card-100000');
    await runCommand(editor.page, 'View: Close Editor');
    await back();
  }

  /** What would be learnt. */
  async function training(amount: number, words: RegExp): Promise<void> {
    await editor.command('Export and Fine-Tune…');
    await heading('Export and Fine-Tune').waitFor();
    await page().getByText(words).first().waitFor(patience);
    await page().getByText(/It answers/).waitFor();
    await picturesInThemes(editor, `training-${amount}`);
    if (amount > 1) await inWidths('training-100000');
    await runCommand(editor.page, 'View: Close Editor');
    await back();
  }

  /** A job that has ended, of as many steps. */
  async function job(amount: number, name = 'Job 1'): Promise<void> {
    await (amount > 1 ? editor.choose('Show Job', new RegExp(`${name}\\b`)) : editor.command('Show Job'));
    await heading(name).waitFor();
    if (amount > 0) await page().locator('[data-plot=loss] canvas').waitFor();
    await picturesInThemes(editor, `job-${amount}`);
    if (amount !== 1) await inWidths(`job-${amount}`);
    await runCommand(editor.page, 'View: Close Editor');
    await back();
  }

  async function walkthrough(amount: number): Promise<void> {
    await editor.command('Get Started');
    await editor.page.locator('.getting-started-step').first().waitFor();
    await screenInThemes(editor, `walkthrough-${amount}`);
    await runCommand(editor.page, 'View: Close Editor');
    if (project !== '') await back();
  }

  /** A run that goes on: the tooltip of the status bar. */
  async function statusBar(amount: number): Promise<void> {
    await status().waitFor();
    await editor.page.locator('.statusbar').getByRole('button', { name: /ReGenesis run, \d/ }).waitFor();
    await status().hover();
    await editor.page.locator('.monaco-hover:visible').getByText(/to do/).first().waitFor();
    await screenInThemes(editor, `status-${amount}`);
    await editor.page.mouse.move(700, 500);
    await editor.command('Cancel Run');
    await editor.toast(/was cancelled/).waitFor();
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
  }

  it('with nothing', async () => {
    await walkthrough(0);
    await only('empty', 'This project has no tasks yet');
    await editor.command('Run Pipeline');
    await editor.toast(/There are no train tasks/).waitFor();
    await screenInThemes(editor, 'run-0');
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
    await preview(0, /has no rows/);
    await card(0, /127\.0\.0\.1:2\//, /nothing listens there/);
    await card(100_000, /judge/, /many more/);
    await editor.command('Export and Fine-Tune…');
    await editor.toast(/No path of empty is kept yet/).waitFor();
    await screenInThemes(editor, 'training-0');
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
    await job(0);
    await editor.command('Review Next');
    await editor.toast(/Nothing was run in empty yet/).waitFor();
    await screenInThemes(editor, 'review-0');
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
    await editor.command('Show Filter Audit');
    await editor.toast(/no paths to audit/).waitFor();
    await screenInThemes(editor, 'audit-0');
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
  });

  it('with one', async () => {
    await only('one');
    await walkthrough(1);
    await preview(1, /Of 1 row, 1 becomes a task/);
    await card(1, undefined, /Tested by a few tiny completions/);
    await training(1, /1 record of 1 task\./);
    await job(1);
    await page().getByRole('button', { name: /Kept: show the list/ }).click();
    await heading('Kept paths').waitFor();
    await picturesInThemes(editor, 'list-1');
    await editor.command('Show Filter Audit');
    await page().getByRole('button', { name: /Compare Again/ }).waitFor();
    await picturesInThemes(editor, 'audit-1');
    await editor.command('Review Next');
    await heading(/^1 of 1$/).waitFor();
    await page().locator('.card.p').first().waitFor();
    await picturesInThemes(editor, 'review-1');
    await page().locator('.qt').first().click();
    await editor.page.keyboard.press('x');
    await page().locator('.foot.reasons').waitFor();
    await picturesInThemes(editor, 'reasons-1');
    await editor.page.keyboard.press('2');
    await page().locator('.ended').waitFor();
    await picturesInThemes(editor, 'review-done');
    await editor.tab(/^Kept paths/).click();
    await page().getByText('There are none now.').waitFor();
    await picturesInThemes(editor, 'list-0');
  });

  it('with a hundred thousand', async () => {
    await many;
    await only('many');
    await editor.command('Show Filter Audit');
    await heading('Filter audit').waitFor();
    await editor.tab(/^many\.regenesis/).click();
    await back();
    await walkthrough(100_000);
    await preview(100_000, /Of the first/);
    await training(100_000, /[\d,]+ records of [\d,]+ tasks\./);
    await job(100_000, 'Job 300');
    await page().locator('.runs').scrollIntoViewIfNeeded();
    await inWidths('overview-jobs');
    await page().getByRole('button', { name: /Branches: show the list/ }).click();
    await page().getByText('1–200 of 100,000').waitFor();
    await picturesInThemes(editor, 'list-100000');
    await editor.command('Review Next');
    await heading(/^1 of /).waitFor();
    await page().locator('.card.p').first().waitFor();
    await picturesInThemes(editor, 'review-100000');
    await page().locator('.qt').first().click();
    await editor.page.keyboard.press('x');
    await page().locator('.foot.reasons').waitFor();
    await picturesInThemes(editor, 'reasons-100000');
    await editor.page.keyboard.press('z');
    await page().locator('.foot.reasons').waitFor({ state: 'detached' });
    await editor.page.keyboard.press('c');
    await page().getByRole('button', { name: 'End Comparison' }).waitFor();
    await page().locator('.choosing .rr:not(.cur)').first().click();
    await page().locator('.compared .pa').nth(1).locator('.card.p').first().waitFor();
    await picturesInThemes(editor, 'compare-100000');
    await editor.tab(/^Filter Audit/).click();
    await page().getByRole('button', { name: /Compare Again/ }).waitFor(patience);
    await picturesInThemes(editor, 'audit-100000');
  });

  async function plan(): Promise<void> {
    await editor.command('Run Pipeline');
    await editor.page.mouse.move(700, 500); // what is pointed at would show a tooltip
    await editor.page.getByText(/Run regenesis on 100,000 tasks/).waitFor(patience);
  }

  it('with a run on one, and on a hundred thousand', async () => {
    await many;
    await only('many');
    await plan();
    await editor.option(/On a Sample…/).click();
    await editor.answer('How many tasks?', '1');
    await editor.page.getByText(/Run regenesis on 1 task /).waitFor();
    await screenInThemes(editor, 'run-1');
    await editor.option(/Go/).click();
    await statusBar(1);
    await plan();
    await screenInThemes(editor, 'run-100000');
    await editor.option(/Go/).click();
    await statusBar(100_000);
  });

  /** Reviews a task of the tree. A page that takes the focus late takes a menu away, which is then opened again. */
  async function reviewTask(at: number): Promise<void> {
    for (let left = 4; ; left -= 1) {
      await editor.page.locator('.sidebar').getByRole('treeitem', { name: /^Task / }).nth(at).click({ button: 'right' });
      try {
        await editor.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Review Task' }).hover({ timeout: 8_000 });
        await editor.page.keyboard.press('Enter'); // a menu that was just opened takes no click
        await page().locator('.top').getByText(`Review bench/${at}`).waitFor({ timeout: 20_000 });
        break;
      } catch (thrown) {
        if (left === 1) throw thrown;
        await editor.page.keyboard.press('Escape');
      }
    }
    await page().locator('.card.p').first().waitFor();
  }

  it('holds questions that are very long, hidden or written from the right', async () => {
    await only('odd');
    await inWidths('overview-odd');
    await page().getByRole('button', { name: /^3 Tasks/ }).click();
    await heading('Tasks').waitFor();
    await inWidths('list-odd');
    await editor.command('Show Filter Audit');
    await page().getByRole('button', { name: /Compare Again/ }).waitFor();
    await inWidths('audit-odd');
    await editor.choose('Import Tasks…', /^odd\.jsonl/);
    await page().getByText(/Of 3 rows/).waitFor();
    await inWidths('import-odd');
    for (const [at, name] of ['long', 'huge', 'bidi'].entries()) {
      await reviewTask(at);
      await inWidths(`review-${name}`);
    }
  });
});
