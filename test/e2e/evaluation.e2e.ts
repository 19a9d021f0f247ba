import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { withStore } from '../../bench/stored.ts';
import { taskId } from '../../src/core/model/ids.ts';
import type { Task } from '../../src/core/model/task.ts';
import { startDemoServer, type DemoServer } from '../../src/demoServer/server.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { faultsOf, picturesInThemes } from './themes.ts';

/** A task of this set, with its answer. */
function sum(dataset: string, index: number, split: Task['split']): Task {
  const [first, second] = [11 + index, 7 + index * 3];
  const question = `In ${dataset}, a shelf holds ${first} books and ${second} more are put there${split === 'train' ? ' in the morning' : ''}. How many books are there then?`;
  return { id: taskId(`${dataset}/${split}-${index}`), question, gold: String(first + second), answerKind: 'number', split, origin: { dataset } };
}

const sums = (dataset: string, count: number, split: Task['split'] = 'held-out'): readonly Task[] => Array.from({ length: count }, (_, index) => sum(dataset, index, split));
const tasks = [...sums('shelves', 8, 'train'), ...sums('shelves', 80), ...sums('prices', 60), ...sums('train-times', 40)];
/** Held-out tasks, of which a model of accuracy A has exactly A right. */
const asked = 180;

describe('evaluations in the editor', () => {
  let server: DemoServer;
  let editor: Editor;

  const page = (): FrameLocator => webview(editor.page);
  const heading = (name: string | RegExp) => page().getByRole('heading', { name, exact: true });
  const state = (word: string) => page().locator(`.job-header [data-state="${word}"]`);
  const button = (name: string) => page().locator('.job-header').getByRole('button', { name, exact: true });
  const picker = () => editor.page.locator('.quick-input-widget');
  const fits = () => page().locator('html').evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

  /** Has exactly these of the models that are offered evaluated. */
  async function choose(models: readonly string[], base: RegExp): Promise<void> {
    await editor.command('Evaluate Model…');
    await picker().getByText('Which model?').or(picker().locator('input[placeholder^="Which model"]')).first().waitFor();
    for (const model of ['llama-base', 'llama-tuned', 'llama-dpo']) {
      const row = picker().locator(`.monaco-list-row[aria-label^="${model}"]`);
      if ((await row.getAttribute('aria-checked') === 'true') !== models.includes(model)) await row.click();
    }
    await editor.enter();
    await editor.option(base).click();
    await picker().locator('input[placeholder^="On which"]').waitFor();
    await takePicture(editor.page, `evaluation-sets-${models.length}`);
    await editor.enter();
  }

  before(async () => {
    server = await startDemoServer({
      gold: tasks.filter(({ split }) => split === 'held-out').map(({ question, gold = '' }) => ({ question, gold })), slots: 24, stepMs: { t0: 6, c: 0, p: 0 },
      models: [{ name: 'llama-base', accuracy: 0.5, unboxed: 0.1 }, { name: 'llama-tuned', accuracy: 0.8, unboxed: 0 }, { name: 'llama-dpo', accuracy: 0.6, unboxed: 0 }],
    });
    editor = await Editor.open({}, folder => {
      withStore(`${folder}/shelves.regenesis`, { create: true }, store => {
        store.addTasks(tasks);
        store.setSetting('server', { baseUrl: server.url, model: 'llama-base', simulated: true });
      });
    });
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });

  after(async () => {
    await editor.close();
    await server.close();
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'evaluation');
  });

  it('are of data sets whose domain can be said', async () => {
    await editor.showView();
    await editor.page.locator('.sidebar').getByRole('button', { name: /^Servers/ }).click(); // more room for the view of data
    await editor.openFile('shelves.regenesis');
    await heading('Guidelines').waitFor();
    await editor.row(/^Data set shelves, 80 tasks, held out · in domain/).waitFor();
    await editor.row(/^Data set prices, 60 tasks, held out · out of domain/).waitFor();
    await editor.choose('Set Domain…', /^prices/);
    await editor.option(/^In Domain/).click();
    await editor.row(/^Data set prices, 60 tasks, held out · in domain/).waitFor();
  });

  it('are planned before anything is asked', async () => {
    await choose(['llama-tuned'], /^llama-base/);
    await editor.option(/Go\b/).waitFor();
    await takePicture(editor.page, 'evaluation-plan');
    assert.match(await picker().innerText(), /Evaluate llama-tuned against llama-base on 180 tasks · simulation[^]*cached 0 · to do 360 calls · about [\d.]+ k tokens/);
    await editor.option(/Go\b/).click();
  });

  it('can be stopped and gone on with', async () => {
    await heading('Evaluation 1').waitFor();
    await state('Running').waitFor();
    await page().getByText(/^\d+ of 360 answers · \d+ %$/).waitFor();
    await editor.row(/^Evaluation 1, llama-base → llama-tuned, running/).waitFor();
    await takePicture(editor.page, 'evaluation-running');
    await button('Cancel Evaluation').click();
    await state('Cancelled').waitFor();
    await takePicture(editor.page, 'evaluation-cancelled');
    await button('Continue Evaluation').click();
    await state('Done').waitFor({ timeout: 60_000 });
  });

  it('say what was gained, and of what', async () => {
    await page().getByRole('row', { name: /^shelves 80 / }).waitFor();
    await page().getByRole('row', { name: /^All in-domain 140 / }).waitFor();
    const gained = await page().locator('.e-table tbody tr').evaluateAll(rows => (rows as unknown as { innerText: string }[]).map(({ innerText }) => innerText));
    assert.equal(gained.filter(text => text.startsWith('All')).length, 1, 'one set of a domain is not summed up');
    const counts = await page().locator('.e-lists h2 + span').allInnerTexts();
    const [gains = 0, losses = 0] = counts.map(text => Number(/^\d+/.exec(text)?.[0]));
    assert.equal(gains - losses, Math.round(asked * 0.3), 'the known difference of the two models');
    await page().getByText('simulation', { exact: true }).waitFor();
    await editor.row(/^Evaluation 1, llama-base → llama-tuned, done, in \+\d+\.\d · out \+\d+\.\d · simulation/).waitFor();
    await takePicture(editor.page, 'evaluation-done');
  });

  it('are legible without a side bar and in a narrow window', async () => {
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    for (const width of [1280, 600]) {
      await editor.page.setViewportSize({ width, height: 800 });
      await picturesInThemes(editor, `evaluation-done-${width}`);
      assert.ok(await fits(), `the page is wider than ${width}`);
    }
    await editor.page.setViewportSize({ width: 1280, height: 800 });
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
  });

  it('hold both answers to a task against each other, reached by keyboard', async () => {
    await page().locator('[data-change]').first().focus();
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('ArrowUp');
    await editor.page.keyboard.press('Enter');
    await editor.tab(/llama-base ↔ llama-tuned/).waitFor();
    await editor.line(/^Known\sanswer:\s\d+$/).waitFor();
    await takePicture(editor.page, 'evaluation-answers');
    await runCommand(editor.page, 'View: Close Editor');
    await heading('Evaluation 1').waitFor();
  });

  it('list all tasks behind a figure, and are copied', async () => {
    await button('Copy as CSV').click();
    await editor.page.waitForFunction(`navigator.clipboard.readText().then(text => /^[^\\r]*set[^]*shelves/i.test(text))`);
    await page().getByRole('button', { name: 'Show All: Now correct' }).click();
    await heading('Now correct · Evaluation 1').waitFor();
    await page().getByRole('row', { name: /correct.*→/ }).first().waitFor();
    await takePicture(editor.page, 'evaluation-list');
    await runCommand(editor.page, 'View: Close Editor');
    await heading('Evaluation 1').waitFor();
  });

  it('put several models into one table, and ask nothing twice', async () => {
    await choose(['llama-tuned', 'llama-dpo'], /^llama-base/);
    await editor.option(/Go\b/).waitFor();
    assert.match(await picker().innerText(), /cached 360 · to do 180 calls/);
    await editor.option(/Go\b/).click();
    await heading('Evaluation 2').waitFor();
    await state('Done').waitFor({ timeout: 60_000 });
    await page().getByLabel('Answers of').waitFor();
    await takePicture(editor.page, 'evaluation-models');
    assert.deepEqual(await faultsOf(editor), []);
    await editor.page.setViewportSize({ width: 600, height: 800 });
    assert.ok(await fits(), 'the table moves sideways, and not the page');
    await takePicture(editor.page, 'evaluation-models-600');
    await editor.page.setViewportSize({ width: 1280, height: 800 });
    await page().getByLabel('Answers of').selectOption('llama-dpo');
    await page().locator('[data-change]').first().click();
    await editor.tab(/llama-base ↔ llama-dpo/).waitFor();
  });

  it('are of one model alone where nothing is compared, on a few tasks if that is enough', async () => {
    await choose(['llama-dpo'], /Nothing/);
    await editor.option(/Contaminated/).waitFor();
    await editor.option(/Only 50 Tasks of Each Set/).click();
    await editor.option(/Go\b.*50 tasks of each set.*nothing to ask/).click();
    await heading('Evaluation 3').waitFor();
    await state('Done').waitFor();
    await page().getByRole('row', { name: /^prices 50 / }).waitFor();
    await page().getByRole('heading', { name: 'Answers' }).waitFor();
    assert.deepEqual(await faultsOf(editor), []);
    await takePicture(editor.page, 'evaluation-alone');
    await page().locator('[data-change]').first().click();
    await editor.tab(/^llama-dpo · /).waitFor();
  });

  it('are lines of the overview', async () => {
    await editor.command('Show Overview');
    await page().getByRole('row', { name: /Evaluation 2 · llama-base → .*done/ }).getByRole('button', { name: 'Show', exact: true }).waitFor();
    await page().locator('.runs').scrollIntoViewIfNeeded();
    await takePicture(editor.page, 'evaluation-overview');
  });

  it('ask with a prompt that has a preview and no trial', async () => {
    await editor.choose('Show Shipped Prompt…', /evaluate\/evaluate\.rgprompt/, 'evaluate/');
    await editor.line('Solve this task').waitFor();
    await editor.command('Preview Prompt');
    await heading('evaluate.rgprompt').waitFor();
    await page().locator('.place b').getByText('shelves/held-out-0').waitFor();
    await page().locator('.sent').getByText('In shelves, a shelf holds 11 books').waitFor();
    await page().getByText('No answer is stale.').waitFor();
    await page().getByText(/^ ?A prompt of evaluations has no trial/).waitFor();
    assert.deepEqual([await page().getByRole('button', { name: 'Try on Sample…' }).count(), await page().getByRole('button', { name: 'Another Branch…' }).count()], [0, 0]);
    await page().getByRole('button', { name: 'Another Task…' }).click();
    await editor.page.locator('.quick-input-widget input').first().fill('train-times');
    await editor.option(/train-times\/held-out-3\b/).click();
    await page().locator('.place b').getByText('train-times/held-out-3').waitFor();
    assert.deepEqual(await faultsOf(editor), []);
    await takePicture(editor.page, 'evaluation-prompt');
    await page().getByRole('button', { name: 'Evaluate Model…' }).click();
    await picker().locator('input[placeholder^="Which model"]').waitFor();
    await editor.page.keyboard.press('Escape');
    await runCommand(editor.page, 'View: Close All Editors');
  });

  it('tell of their end where nobody looks, here of one with several answers to each task', async () => {
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    await choose(['llama-base'], /Nothing/);
    await editor.option(/Several Answers of Each Task/).click();
    await editor.answer('How many answers of each task?', '3');
    await editor.option(/Go\b.*to do 180 calls.*the majority of 3 answers each/).click();
    await heading('Evaluation 4').waitFor();
    await runCommand(editor.page, 'View: Close All Editors'); // while it goes on: nothing else is done before
    const toast = editor.toast(/Evaluation 4 of shelves \(simulation\) is done: llama-base, in \d+\.\d %/);
    await toast.waitFor({ timeout: 60_000 });
    await toast.getByRole('button', { name: 'Show Evaluation' }).click();
    await state('Done').waitFor();
    await page().getByText(/temperature 0\.7, the majority of 3 answers/).waitFor();
  });
});
