import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { Editor } from '../e2e/editor.ts';
import { takePicture } from '../e2e/pictures.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { given } from './given.ts';

/** The same story as the command line's, clicked: the demo, its run, reviews, and real trainings on real targets. */
describe('from tasks to a tuned model, in the editor', function () {
  this.timeout(240_000);
  this.bail(true);
  const root = given('REGENESIS_REAL_ROOT');
  const home = mkdtempSync(path.join(root, 'e'));
  const jobs = path.join(root, `editor's jobs`);
  let editor: Editor;

  const page = (): FrameLocator => webview(editor.page);
  const heading = (name: string | RegExp) => page().getByRole('heading', { name, exact: true, level: 1 });
  const state = (word: string) => page().locator(`.job-header [data-state="${word}"]`);

  before(async () => {
    // what an editor starts has the PATH of the login shell
    writeFileSync(path.join(home, '.profile'), `PATH='${given('REGENESIS_REAL_BIN')}':"$PATH"\n`);
    // on one thread: two that wait for each other take long
    const place = { python: given('REGENESIS_REAL_PYTHON'), environment: { OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' } };
    editor = await Editor.open({
      environment: { REGENESIS_RUNTIME_DIR: path.join(home, 'engines'), HOME: home },
      settings: { 'regenesis.training.targets': [
        { kind: 'slurm', name: 'cluster', host: 'real', folder: jobs, resources: { minutes: 10, memoryGiB: 3 }, ...place },
        { kind: 'ray', name: 'ray', url: given('REGENESIS_REAL_RAY'), ...place },
      ] },
    });
  });

  after(() => editor.close());

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'real-editor');
  });

  it('runs the demo', async () => {
    await editor.showView();
    await editor.welcome('Try the Demo').click();
    await editor.toast(/simulated model/).getByRole('button', { name: 'Run Pipeline' }).click();
    await editor.option(/Go/).click();
    await editor.toast(/solved, \d+ paths kept/).waitFor();
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
  });

  it('reviews: one path is taken, one is not', async () => {
    await editor.command('Review Next');
    await heading(/^1 of \d+$/).waitFor();
    await page().locator('.card.p').first().waitFor();
    await page().locator('.qt').first().click();
    await editor.page.keyboard.press('a');
    await heading(/^2 of \d+$/).waitFor();
    await editor.page.keyboard.press('x');
    await editor.page.keyboard.press('2');
    await heading(/^3 of \d+$/).waitFor();
    await page().locator('.saved').filter({ hasText: /^Saved$/ }).waitFor();
  });

  it('shows what would be learnt, and that the cluster answers', async () => {
    await editor.command('Export and Fine-Tune…');
    await heading('Export and Fine-Tune').waitFor();
    await page().getByText(/\d+ records of \d+ tasks\./).waitFor();
    await page().locator('.figures .sum').filter({ hasText: /^1reviewed/ }).waitFor();
    await page().getByText(/It answers: .*slurm/).waitFor();
    await page().getByLabel('Base model').fill(given('REGENESIS_REAL_MODEL'));
    await page().getByLabel('Preset').selectOption('tiny');
    await page().getByText('Hyper-parameters').click();
    const most = page().getByLabel('max_length', { exact: true });
    await most.fill('2048'); // most of the paths are longer than what is usual for so small a model
    await most.press('Tab');
    await page().getByText('1 value changed').waitFor();
    await page().getByLabel('Paths per task at most').fill('1');
    await page().getByLabel('Paths per task at most').press('Tab');
    await page().getByText(/over paths per task/).waitFor();
    await takePicture(editor.page, 'real-editor-1-page');
  });

  /** Presses the button, and follows the job on its page to its end. */
  async function trained(job: string): Promise<void> {
    await page().getByRole('button', { name: 'Export and Fine-Tune' }).click();
    await heading(job).waitFor({ timeout: 60_000 });
    await state('running').waitFor({ timeout: 60_000 });
    await page().locator('[data-plot=loss] canvas').waitFor({ timeout: 60_000 });
    const bar = page().locator('.job-bar b');
    const [, words = '', at, steps] = /^(Step (\d+) of (\d+))$/.exec(await bar.textContent() ?? '') ?? [];
    assert.ok(Number(at) < Number(steps), `it is seen while it learns: ${words}`);
    await bar.filter({ hasNotText: words }).waitFor();
    await takePicture(editor.page, `real-editor-${job}-running`);
    await state('succeeded').waitFor({ timeout: 120_000 });
    await takePicture(editor.page, `real-editor-${job}`);
    const losses = (await page().getByRole('table', { name: 'Loss by step' }).getByRole('row').locator('td:nth-of-type(1)').allTextContents()).map(Number);
    assert.ok((losses.at(-1) ?? NaN) < (losses[0] ?? NaN), `it learns: ${losses.join(' ')}`);
  }

  it('trains by Slurm, over ssh', async () => {
    await trained('Job 1');
    await page().getByText(/Slurm \d+ on real · cluster/).waitFor();
    await editor.row(/^Job 1 · cluster, succeeded/).waitFor();
    const [folder = ''] = readdirSync(jobs);
    assert.match(readFileSync(path.join(jobs, folder, 'output', 'training.json'), 'utf8'), /"method": "sft"/);
  });

  it('trains by Ray', async () => {
    await editor.tab(/^Export and Fine-Tune/).click();
    await heading('Export and Fine-Tune').waitFor();
    await page().getByLabel('Target', { exact: true }).selectOption('ray');
    await page().getByText(/It answers: Ray/).waitFor();
    await trained('Job 2');
    await editor.row(/^Job 2 · ray, succeeded/).waitFor();
  });
});
