import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { FrameLocator } from 'playwright-core';
import { shippedTexts } from '../../src/demoServer/command.ts';
import { startDemoServer, type DemoServer } from '../../src/demoServer/server.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { picturesInThemes, screenInThemes } from './themes.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.mjs');
const longQuestion = `A farmer counts ${'sheep and goats, '.repeat(250)}and has 12 of each. How many animals is that?`;

/** Pictures of the page in every theme, each looked over by axe. */
const pictures = (editor: Editor, name: string): Promise<void> => picturesInThemes(editor, `stepper-${name}`);

describe('stepping through a branch, in the editor', () => {
  let editor: Editor;
  let server: DemoServer;
  let step: FrameLocator;
  const button = (name: string) => step.getByRole('button', { name, exact: true });
  /** Chooses a stage, and waits until it is what is on screen. */
  const look = async (name: string) => {
    await step.locator(`[data-stage=${name}]`).click();
    await step.locator(`[data-stage=${name}][aria-current=step]`).waitFor();
  };
  const stage = (name: string, state: string) => step.locator(`[data-stage=${name}]`).filter({ hasText: state });

  before(async () => {
    // a token takes some 40 ms, so that an answer can be seen growing
    server = await startDemoServer({ shipped: shippedTexts(), stepMs: { t0: 40, c: 0, p: 0 } });
    editor = await Editor.open({}, folder => {
      const run = (...words: readonly string[]) => execFileSync(process.execPath, [cli, ...words], { cwd: folder, stdio: 'pipe' });
      run('init', 'steps.regenesis', '--sample');
      fs.writeFileSync(path.join(folder, 'long.jsonl'), `${JSON.stringify({ question: longQuestion, answer: '#### 24' })}\n`);
      run('import', 'steps.regenesis', 'long.jsonl', '--preset', 'gsm8k', '--name', 'long');
    });
    // one call, after which the project knows its server; the run is then paused, since its budget is spent
    const words = ['run', 'steps.regenesis', '--limit', '1', '--max-calls', '1', '--server', server.url];
    await new Promise(resolve => { execFile(process.execPath, [cli, ...words], { cwd: editor.folder }, resolve); });
  });

  after(async () => {
    await editor.close();
    await server.close();
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'stepper');
  });

  it('opens a branch of a task from the palette', async () => {
    await editor.showView();
    await editor.openFile('steps.regenesis');
    await editor.row(/^Project steps/).waitFor();
    await webview(editor.page).getByRole('heading', { name: 'steps', exact: true }).waitFor(); // it takes the focus when it is there, and would close what waits for a choice
    await editor.chooseBranch('Step Through Branch', { task: 'Will the year 2100', branch: /not begun/ });
    step = webview(editor.page);
    await stage('adapt', 'next').waitFor();
    await step.getByText(/shared by 25 branches/).first().waitFor();
    await pictures(editor, '0');
  });

  it('streams the answer, and stops it in the same place', async () => {
    await button('Run Stage').click();
    await stage('adapt', 'running').waitFor();
    await button('Stop').waitFor();
    await step.locator('.writing').getByText(/\w+ \w+/).waitFor();
    await button('Stop').click();
    await button('Run Stage').waitFor();
    await stage('adapt', 'next').waitFor();
  });

  it('goes on by keyboard alone, to the end', async () => {
    await button('Run Stage').focus();
    await editor.page.keyboard.press('r');
    await step.locator('.writing').getByText(/\w+ \w+/).waitFor();
    await takePicture(editor.page, 'stepper-2-streaming-dark');
    await stage('adapt', 'done').waitFor();
    await stage('structure', 'next').waitFor();
    await button('Run Stage').focus();
    await editor.page.keyboard.press('e');
    await stage('structure', 'running').waitFor();
    await step.locator('.writing').getByText(/1\./).waitFor();
    await takePicture(editor.page, 'stepper-3-structure-dark');
    await stage('path', 'done').waitFor({ timeout: 60_000 });
    await step.getByText(/read as/).waitFor();
    await pictures(editor, '1');
  });

  it('edits an answer, which makes what follows stale, and undoes it without a call', async () => {
    await look('adapt');
    const answer = step.getByRole('textbox', { name: 'Answer of adapt' });
    await answer.fill('Suppose the opposite, and follow what the text then says, sentence by sentence.');
    await step.getByText('Not saved.').waitFor();
    await editor.page.keyboard.press('Control+Enter');
    await stage('adapt', 'edited at').waitFor();
    await stage('path', 'stale').waitFor();
    await step.getByText(/Stale since adapt was edited: structure, path/).waitFor();
    await look('structure');
    await step.getByText('The marked text comes from adapt, which you edited.').waitFor();
    await step.locator('.arrives').getByText('Suppose the opposite').waitFor();
    await pictures(editor, '5-stale');
    await look('adapt');
    await button('Undo Edit').click();
    await stage('path', 'done').waitFor();
    await button('Redo Edit').click();
    await stage('path', 'stale').waitFor();
    await button('Run to End').click();
    await stage('path', 'done').waitFor({ timeout: 60_000 });
  });

  it('keeps what was typed, and where one was, over a reload', async () => {
    await look('structure');
    const prompt = step.getByRole('textbox', { name: 'Prompt, user message' });
    await prompt.waitFor();
    await prompt.press('Control+End');
    await prompt.pressSequentially('\nBe brief.');
    await step.getByText('Not saved.').waitFor();
    await prompt.press('Control+z');
    await prompt.press('Control+y');
    await runCommand(editor.page, 'Developer: Reload Window');
    await step.getByText('Not saved.').waitFor({ state: 'detached' });
    step = webview(editor.page);
    await step.getByText('Not saved.').waitFor({ timeout: 60_000 });
    await step.getByRole('button', { name: 'Save Edit' }).click();
    await stage('structure', 'prompt edited at').waitFor();
    await pictures(editor, '6-prompt');
    await button('Undo Edit').click();
    await stage('path', 'done').waitFor();
  });

  it('forks the branch into a tab of its own', async () => {
    await look('path');
    await button('Fork').click();
    await editor.tab(/Step .*~1/).waitFor();
    step = webview(editor.page);
    await step.getByText('A fork takes part in no selection until you include it.').waitFor();
    await stage('path', 'next').waitFor();
    await pictures(editor, '7-fork');
  });

  it('watches what a run asks of one branch, word by word, and changes nothing from there', async () => {
    await editor.chooseBranch('Watch Branch', { task: 'Two lighthouses', branch: /next: structure/ }); // begun by the run of one call: the next run asks it first
    await editor.tab(/^Watch /).waitFor();
    step = webview(editor.page);
    await step.getByText('Watching: what a run asks of this branch').waitFor();
    await stage('structure', 'next').waitFor();
    await editor.choose('Run Pipeline', /Go/);
    await stage('structure', 'running').waitFor();
    await step.locator('.writing').getByText(/1\./).waitFor();
    await takePicture(editor.page, 'stepper-8-watched-dark');
    for (const name of ['Run Stage', 'Run to End', 'Fork', 'Stop']) assert.equal(await button(name).count(), 0, name);
    await stage('path', 'running').waitFor();
    await step.locator('.writing').getByText(/1\./).waitFor();
    await stage('path', 'done').waitFor({ timeout: 60_000 });
    await editor.command('Cancel Run');
    await editor.toast(/was cancelled/).waitFor();
  });

  it('holds a question of 4,000 characters, an answer of a million, and narrow windows', async () => {
    await editor.chooseBranch('Step Through Branch', { task: 'farmer', branch: /not begun/ });
    step = webview(editor.page);
    await stage('adapt', 'next').waitFor();
    await button('Run Stage').click();
    await stage('adapt', 'done').waitFor({ timeout: 60_000 });
    await look('adapt');
    await step.getByRole('textbox', { name: 'Answer of adapt' }).fill('every sheep and every goat '.repeat(37_000));
    await editor.page.keyboard.press('Control+Enter');
    await stage('adapt', 'edited at').waitFor({ timeout: 60_000 });
    await look('structure');
    await step.getByText('The marked text comes from adapt').waitFor({ timeout: 60_000 });
    await screenInThemes(editor, 'stepper-1000000');
    await look('adapt');
    await button('Undo Edit').click();
    await stage('adapt', 'done').waitFor();
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    await editor.page.locator('.sidebar').waitFor({ state: 'hidden' });
    for (const width of [900, 600]) {
      await editor.page.setViewportSize({ width, height: 800 });
      await takePicture(editor.page, `stepper-9-width-${width}`);
    }
    await editor.page.setViewportSize({ width: 1280, height: 800 });
  });
});
