import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { screenInThemes } from './themes.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.mjs');
/** Tasks of the large project. */
const many = 100_000;

/** A project with one large data set and a small one. */
function largeProject(folder: string): void {
  const file = path.join(folder, 'large.jsonl');
  fs.writeFileSync(file, Array.from({ length: many }, (_, index) => `${JSON.stringify({ question: `A train of ${index} wagons loses ${index % 7} of them at a station called ${index.toString(36)}. How many wagons are left?`, answer: `#### ${index}` })}\n`).join(''));
  const small = path.join(folder, 'small.jsonl');
  fs.writeFileSync(small, `${JSON.stringify({ question: 'Is a square a rectangle?', answer: '#### 1' })}\n`);
  const run = (...words: readonly string[]) => execFileSync(process.execPath, [cli, ...words], { cwd: folder, stdio: 'pipe' });
  run('init', 'large.regenesis');
  run('import', 'large.regenesis', file, '--preset', 'gsm8k', '--name', 'trains');
  run('import', 'large.regenesis', small, '--preset', 'gsm8k', '--name', 'squares');
  for (const each of [file, small]) fs.rmSync(each);
}

/** Pictures of what is on screen in every theme. */
const pictures = (editor: Editor, name: string): Promise<void> => screenInThemes(editor, `tree-${name}`);

describe('a tree of a hundred thousand tasks', () => {
  let editor: Editor;
  before(async () => { editor = await Editor.open({}, largeProject); });
  after(() => editor.close());
  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'large');
  });

  it('says what to do where there is nothing', async () => {
    await editor.showView();
    await editor.page.getByText('Runs of an open project stand here').waitFor();
    await editor.page.getByText('Data sets of an open project stand here').waitFor();
    await pictures(editor, '0');
  });

  it('opens at its first page, with a way to the rest', async () => {
    await editor.openFile('large.regenesis');
    await editor.row(/^Not started, 100,001 tasks/).waitFor();
    await editor.row(/^Task A train of 0 wagons/).waitFor();
    await editor.row(/^Data set trains, 100,000 tasks, train/).waitFor();
    await pictures(editor, '100000');
  });

  it('finds one by its words, and says that not all are shown', async () => {
    await editor.command('Filter…');
    await editor.answer('Filter Tasks', 'train of 99998 wagons');
    await editor.row(/^Task A train of 99998 wagons/).waitFor();
    await editor.row(/^Filter “train of 99998 wagons”, 1 of 100,001 tasks/).waitFor();
    await pictures(editor, 'filter');
  });

  it('groups by data set, and keeps that, the filter and what is folded out over a reload', async () => {
    await editor.choose('Group By…', /^Data set/);
    await editor.row(/^trains, 1 task$/).waitFor();
    await editor.row(/^trains, 1 task$/).locator('.monaco-tl-twistie').click();
    await editor.row(/^Task A train/).waitFor({ state: 'detached' });
    await editor.command('Show Tasks'); // whatever was to be remembered is by then
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await editor.row(/^Filter “train of 99998 wagons”/).waitFor();
    assert.equal(await editor.row(/^trains, 1 task$/).getAttribute('aria-expanded'), 'false');
    await editor.row(/^trains, 1 task$/).locator('.monaco-tl-twistie').click();
    await editor.row(/^Task A train of 99998 wagons/).waitFor();
  });

  it('shows all again, and one data set by a click', async () => {
    await editor.command('Clear Filter');
    await editor.row(/^trains, 100,000 tasks$/).waitFor();
    await editor.row(/^Data set squares/).click();
    await editor.row(/^Filter .*data set squares, 1 of 100,001 tasks/).waitFor();
    await editor.row(/^Task Is a square a rectangle/).waitFor();
    await pictures(editor, '1');
  });
});

describe('running parts of the method, and watching', () => {
  let editor: Editor;
  before(async () => { editor = await Editor.open(); });
  after(() => editor.close());
  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'watching');
  });

  const ended = (words: RegExp) => editor.toast(words).waitFor({ timeout: 90_000 });
  const title = (words: RegExp) => editor.page.locator('.quick-input-widget').getByText(words).waitFor();

  it('asks before a run, and again after a pilot, with the rate that was measured', async () => {
    await editor.showView();
    await editor.welcome('Try the Demo').click();
    await editor.toast(/simulated model/).waitFor();
    await editor.command('Run Pipeline');
    await title(/^Run regenesis on \d+ tasks · simulation/);
    await takePicture(editor.page, 'run-1-confirm');
    await editor.option(/Pilot on 10/).click();
    await editor.row(/^Run 1 regenesis, running/).waitFor();
    await takePicture(editor.page, 'run-2-pilot');
    await editor.option(/Go.*measured on 10 tasks/).waitFor({ timeout: 60_000 });
    await takePicture(editor.page, 'run-3-again');
    await editor.page.keyboard.press('Escape');
  });

  it('runs on the tasks that are selected, and no others', async () => {
    await editor.row(/^Solved, \d+ tasks/).locator('.monaco-tl-twistie').click();
    const rows = editor.page.locator('.sidebar').getByRole('treeitem', { name: /^Task [^,]*$/ });
    await rows.nth(0).click();
    await editor.tab(/Task · /).waitFor(); // a document that opens closes a menu
    await rows.nth(1).click({ modifiers: ['Control'] });
    await rows.nth(1).click({ button: 'right' });
    await editor.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Run Pipeline' }).waitFor();
    await takePicture(editor.page, 'run-4-menu');
    await editor.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Run Pipeline' }).click();
    await title(/^Run regenesis on 2 tasks/);
    await editor.page.keyboard.press('Escape');
  });

  it('shows the run that goes on with its stages, and what it kept when it is cancelled', async () => {
    await editor.choose('Run Pipeline', /Go/);
    await editor.row(/^path, [\d,]+ \/ [\d,]+/).waitFor();
    await editor.row(/^Running, \d+ tasks?$/).waitFor();
    await editor.page.locator('.statusbar').getByRole('button', { name: /ReGenesis run, \d+ %/ }).click();
    await editor.row(/^Run 2 regenesis, running/).and(editor.page.locator('[aria-selected=true]')).waitFor();
    await takePicture(editor.page, 'run-5-watch');
    await editor.command('Cancel Run');
    await ended(/Run 2 .*was cancelled: .*paths kept/);
    await editor.row(/^Run 2 regenesis, cancelled/).waitFor();
    await takePicture(editor.page, 'run-6-cancelled');
    await editor.toast(/Run 2 .*was cancelled/).getByRole('button', { name: 'Resume Run' }).click();
    await ended(/Run 3 .*solved, /);
    await takePicture(editor.page, 'run-7-done');
  });

  it('grades again what is stored, and says what a recipe lacks', async () => {
    await editor.command('Verify Paths');
    await title(/^Verify Paths on \d+ tasks · regenesis/);
    await takePicture(editor.page, 'run-8-verify');
    await editor.option(/Go.*nothing to ask/).click();
    await ended(/Run 4 .*; 0 calls and/);
    await editor.row(/^Run 4 verify of regenesis, completed/).waitFor();
    await editor.command('Judge Paths');
    await editor.toast(/the recipe regenesis has no stage judge/).getByRole('button', { name: 'Use regenesis-released' }).waitFor();
    await takePicture(editor.page, 'run-9-lacking');
  });

  it('groups by guideline and difficulty', async () => {
    for (const [by, row] of [['Difficulty', /^Difficulty 1, \d+ tasks?$/], ['Guideline', /^(?!Difficulty|Project).+, \d+ tasks?$/]] as const) {
      await editor.choose('Group By…', new RegExp(`^${by}`));
      await editor.row(row).waitFor();
      await takePicture(editor.page, `tree-by-${by.toLowerCase()}`);
    }
  });
});
