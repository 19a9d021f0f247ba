import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { startDemoServerProcess, type DemoServerProcess } from '../../src/client/demoServerProcess.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { picturesInThemes } from './themes.ts';

const cliPath = path.resolve(import.meta.dirname, '../../dist/cli.mjs');

const samplesPath = path.resolve(import.meta.dirname, '../../prompts/samples/tasks.jsonl');

/** Learns nothing, and says what training says. */
const fakePython = `#!/bin/sh
if [ "$1" = --version ]; then echo "Python 3.12.1 (fake)"; exit 0; fi
rows=$(wc -l < train.jsonl)
echo '{"regenesis":"start","steps":2,"rows":'$rows',"droppedRows":0,"cutRows":0}'
echo '{"regenesis":"step","step":1,"loss":1.5,"learningRate":0.00001}'
echo '{"regenesis":"step","step":2,"loss":0.5,"learningRate":0}'
mkdir -p output
echo '{"regenesis":"done","output":"output","loss":0.5}'
`;

describe('exporting and fine-tuning', () => {
  const runtime = fs.mkdtempSync(path.join(os.tmpdir(), 'engines-'));
  const jobs = fs.mkdtempSync(path.join(os.tmpdir(), 'trained-'));
  const python = path.join(jobs, 'python');
  let server: DemoServerProcess;
  let editor: Editor;

  const page = (): FrameLocator => webview(editor.page);
  const cli = (...words: string[]) => execFileSync(process.execPath, [cliPath, ...words], { env: { ...process.env, REGENESIS_RUNTIME_DIR: runtime }, encoding: 'utf8', stdio: 'pipe' });
  const jobStates = () => (JSON.parse(cli('jobs', editor.file('small.regenesis'), '--json')) as { readonly jobs: readonly { readonly state: string; readonly loss?: number; readonly preset: string }[] }).jobs;

  /** Widths of a page without and beside the side bar, and of a narrow one. */
  async function picturesAtWidths(name: string): Promise<void> {
    for (const width of [1280, 900, 600]) {
      await editor.page.setViewportSize({ width, height: 800 });
      await takePicture(editor.page, `${name}-${width}`);
      await page().locator('html').evaluate('document.documentElement.scrollTo(0, 100_000)');
      await takePicture(editor.page, `${name}-${width}-end`);
      await page().locator('html').evaluate('document.documentElement.scrollTo(0, 0)');
    }
    await editor.page.setViewportSize({ width: 1280, height: 800 });
  }

  /** A job opens its page, in front of this one. */
  async function backFrom(job: string): Promise<void> {
    await page().getByRole('heading', { name: job, exact: true }).waitFor();
    await editor.tab(/^Export and Fine-Tune/).click();
    await page().getByRole('heading', { name: 'Export and Fine-Tune', level: 1 }).waitFor();
  }

  before(async function () {
    this.timeout(180_000);
    fs.writeFileSync(python, fakePython, { mode: 0o755 });
    server = await startDemoServerProcess({ node: process.execPath, cliPath, endsAfterIdleMs: 600_000 });
    editor = await Editor.open({
      environment: { REGENESIS_RUNTIME_DIR: runtime },
      settings: { 'regenesis.training.targets': [{ kind: 'command', name: 'here', folder: path.join(jobs, 'jobs'), python }, { kind: 'command', name: 'odd', hots: 'gpu07' }] },
    }, folder => {
      cli('init', `${folder}/small.regenesis`, '--sample');
      cli('run', `${folder}/small.regenesis`, '--server', server.url, '--limit', '12');
      cli('export', `${folder}/small.regenesis`, '--paths-per-task', '2', '--out', `${folder}/other.jsonl`);
      const { question } = JSON.parse(fs.readFileSync(samplesPath, 'utf8').split('\n')[0] ?? '') as { readonly question: string };
      fs.writeFileSync(`${folder}/prices.jsonl`, `${JSON.stringify({ question: `  ${question.toUpperCase()}`, answer: '1' })}\n`);
      cli('import', `${folder}/small.regenesis`, `${folder}/prices.jsonl`, '--map', 'question=question', '--map', 'gold=answer', '--split', 'held-out');
    });
  });

  after(async () => {
    await editor.close();
    await server.stop();
    for (const folder of [runtime, jobs]) fs.rmSync(folder, { recursive: true, force: true });
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'training');
  });

  it('shows what would be written and done, before anything is', async () => {
    await editor.showView();
    await editor.openFile('small.regenesis');
    await page().getByRole('heading', { name: 'small', level: 1 }).waitFor();
    await editor.command('Export and Fine-Tune…');
    await page().getByRole('heading', { name: 'Export and Fine-Tune', level: 1 }).waitFor();
    await page().getByText(/\d+ records of \d+ tasks\./).waitFor();
    await page().getByText('simulation', { exact: true }).waitFor();
    await page().getByText('1 task of prices stands in this training set. A model that is trained on it has seen what it is evaluated on.').waitFor();
    await page().getByText(/It answers: .*Python 3\.12\.1 \(fake\)/).waitFor();
    await page().getByText('Target odd cannot be used: no such target knows hots.').waitFor();
    await page().getByText(/train\.py --config config\.yaml --data train\.jsonl --model MODEL/).waitFor();
    await picturesAtWidths('training-1');
  });

  it('follows every change', async () => {
    const count = async () => Number(/(\d+) records? of/.exec(await page().getByText(/\d+ records? of \d+ tasks?/).first().textContent() ?? '')?.[1]);
    const all = await count();
    await page().getByLabel('Paths per task at most').fill('1');
    await page().getByLabel('Paths per task at most').press('Tab');
    await page().getByText(/over paths per task/).waitFor();
    assert.ok(await count() < all);
    await page().getByLabel('Equal to').selectOption('other.jsonl');
    await page().getByText(/; other\.jsonl has \d+ paths of \d+ tasks\./).waitFor();
    await page().getByLabel('Split off, in %').fill('25');
    await page().getByLabel('Split off, in %').press('Tab');
    await page().getByText(/of these \d+ records? of \d+ tasks? in validation/).waitFor();
    await page().getByText('small.prompt-completion.validation.jsonl').waitFor();
    await page().getByLabel('Reviews').selectOption('Reviewed only');
    await page().getByText('The rule leaves no record.').waitFor();
    assert.ok(await page().getByRole('button', { name: 'Export Only…' }).isDisabled());
    await takePicture(editor.page, 'training-2-empty');
    await page().getByRole('button', { name: 'Reset Rule' }).click();
    await page().getByText(/\d+ records of \d+ tasks\./).waitFor();
    assert.equal(await count(), all);
    await page().getByText('Hyper-parameters').click();
    await page().getByLabel('epochs', { exact: true }).fill('1');
    await page().getByLabel('epochs', { exact: true }).press('Tab');
    await page().getByText('1 value changed').waitFor();
    await page().getByRole('button', { name: 'Reset to 3 epochs' }).waitFor();
    await page().getByLabel('Add a setting').selectOption('max_steps');
    const steps = page().getByLabel('max_steps', { exact: true });
    await page().locator('#value-max_steps:focus').waitFor();
    await steps.fill('-1');
    await steps.press('Tab');
    await page().getByText('2 values changed').waitFor();
    await page().locator('#value-max_steps:invalid').waitFor();
    assert.equal(await page().getByLabel('Add a setting').locator('option[value=max_steps]').count(), 0);
    await steps.fill('50');
    await steps.press('Tab');
    await page().getByRole('button', { name: 'Remove max_steps' }).click();
    await page().getByText('1 value changed').waitFor();
  });

  it('is legible in every theme, and to a screen reader', async () => {
    await picturesInThemes(editor, 'training-3');
    await page().getByRole('button', { name: 'Reset All' }).click();
    await page().getByText('1 value changed').waitFor({ state: 'detached' });
  });

  it('opens the list of what was left out', async () => {
    const reason = page().getByRole('button', { name: /^\d+ not equal$/ });
    const wanted = /^\d+/.exec(await reason.textContent() ?? '')?.[0] ?? '';
    await reason.click();
    await page().getByRole('heading', { name: 'Left out · not equal' }).waitFor();
    assert.equal(await page().getByRole('status').filter({ hasText: /^[\d,]+$/ }).textContent(), wanted);
    await editor.page.keyboard.press('Control+w');
    await page().getByRole('heading', { name: 'Export and Fine-Tune', level: 1 }).waitFor();
  });

  it('exports alone', async () => {
    await page().getByRole('button', { name: 'Export Only…' }).click();
    await editor.proposed('small.prompt-completion.jsonl');
    await editor.enter();
    await editor.toast(/records of \d+ tasks written/).waitFor();
    const [first = ''] = fs.readFileSync(editor.file('small.prompt-completion.jsonl'), 'utf8').split('\n');
    assert.deepEqual(Object.keys(JSON.parse(first) as object), ['prompt', 'completion']);
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
  });

  it('asks for the base model, and trains', async () => {
    await page().getByRole('heading', { name: 'Export and Fine-Tune', level: 1 }).click();
    await page().getByRole('button', { name: 'Export and Fine-Tune' }).click();
    assert.equal(await page().locator(':focus').getAttribute('id'), 'model');
    assert.deepEqual(jobStates(), []);
    await page().getByLabel('Base model').fill('tiny-model');
    await page().getByRole('button', { name: 'Export and Fine-Tune' }).click();
    await backFrom('Job 1');
    await page().getByText(/Job 1 trained tiny-model with lora here before, on \d+ records: succeeded/).waitFor({ timeout: 30_000 });
    assert.deepEqual(jobStates().map(({ state, loss, preset }) => ({ state, loss, preset })), [{ state: 'succeeded', loss: 0.5, preset: 'lora' }]);
    await takePicture(editor.page, 'training-4-done');
  });

  it('begins the same work once more only where a person wants it', async () => {
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
    await page().getByRole('heading', { name: 'Export and Fine-Tune', level: 1 }).click();
    await page().getByRole('button', { name: 'Export and Fine-Tune' }).click();
    const found = editor.toast(/This work was begun before: job 1 of here, succeeded/);
    await found.waitFor();
    assert.equal(jobStates().length, 1);
    await found.getByRole('button', { name: 'Train Again' }).click();
    await backFrom('Job 2');
    await page().getByText(/Job 2 trained tiny-model with lora here before, on \d+ records, try 2: succeeded/).waitFor({ timeout: 30_000 });
    assert.equal(jobStates().length, 2);
  });

  it('remembers what was chosen when the window is loaded again', async () => {
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await editor.tab(/^Export and Fine-Tune/).click(); // the editor may not have stored yet which tab was in front
    await page().getByRole('heading', { name: 'Export and Fine-Tune', level: 1 }).waitFor();
    await page().getByText(/\d+ records of \d+ tasks\./).waitFor();
    assert.equal(await page().getByLabel('Base model').inputValue(), 'tiny-model');
  });

  it('says where no target is saved how one is', async () => {
    fs.writeFileSync(editor.file('.vscode/settings.json'), JSON.stringify({ 'regenesis.training.targets': [] }));
    await page().getByText('No training target is saved yet').waitFor();
    await page().getByRole('button', { name: 'Add Target…' }).waitFor();
    assert.ok(await page().getByRole('button', { name: 'Export and Fine-Tune' }).isDisabled());
    await takePicture(editor.page, 'training-4-none');
    fs.writeFileSync(editor.file('.vscode/settings.json'), '{}');
    await page().getByText(/It answers/).waitFor();
    await runCommand(editor.page, 'View: Close All Editors');
  });

  it('learns from what was exported before', async () => {
    await editor.choose('Fine-Tune…', /small\.prompt-completion\.jsonl$/);
    await page().getByRole('heading', { name: 'Fine-Tune', level: 1, exact: true }).waitFor();
    await page().getByText(/\d+ records of \d+ tasks in prompt-completion/).waitFor();
    await page().getByText(/It answers/).waitFor();
    await picturesInThemes(editor, 'training-5-known');
    await page().getByRole('button', { name: 'Fine-Tune', exact: true }).click();
    await page().getByRole('heading', { name: 'Job 3', exact: true }).waitFor();
    await page().getByText(/succeeded/i).first().waitFor({ timeout: 30_000 });
    await runCommand(editor.page, 'View: Close All Editors');
  });

  it('exports in every format, with a card', async () => {
    await editor.command('Export Dataset…');
    await page().getByRole('heading', { name: 'Export Dataset', level: 1 }).waitFor();
    await page().getByLabel('Format').selectOption('kto');
    await page().getByText('right and wrong paths, each with a label').waitFor();
    await page().getByText(/\d+ not to be learnt/).waitFor();
    await page().getByLabel(/Write a dataset card too/).check();
    await page().getByText('README.md', { exact: true }).waitFor();
    await picturesInThemes(editor, 'training-6-export');
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
    await page().getByRole('heading', { name: 'Export Dataset', level: 1 }).click();
    fs.writeFileSync(editor.file('README.md'), 'of somebody else');
    await page().getByRole('button', { name: 'Export…' }).click();
    await editor.proposed('small.kto.jsonl');
    await editor.enter();
    const asked = editor.page.locator('.monaco-dialog-box').filter({ hasText: /README\.md is there already/ });
    await asked.waitFor();
    assert.equal(fs.readFileSync(editor.file('README.md'), 'utf8'), 'of somebody else');
    await asked.getByRole('button', { name: 'Replace' }).click();
    await editor.toast(/records of \d+ tasks written/).waitFor();
    assert.match(fs.readFileSync(editor.file('README.md'), 'utf8'), /kto/);
    await runCommand(editor.page, 'View: Close All Editors');
  });

  it('says that no target takes a key', async () => {
    await editor.command('Set Target Key…');
    await editor.toast(/No training target takes a key/).getByRole('button', { name: 'Add Training Target…' }).waitFor();
  });

  it('asks for a target, step by step and back', async () => {
    const step = async (at: number) => editor.page.locator('.quick-input-widget').filter({ hasText: `(${at}/5)` }).waitFor(); // the box is the same for all
    await editor.choose('Add Training Target…', /Slurm/);
    await step(2);
    await editor.page.getByPlaceholder(/type what you would say to ssh/).fill('gpu07');
    await editor.option(/gpu07/).click();
    await step(3);
    await editor.page.locator('.quick-input-widget').getByRole('button', { name: 'Back' }).click();
    await step(2);
    await editor.page.getByPlaceholder(/type what you would say to ssh/).fill('gpu08');
    await editor.option(/gpu08/).click();
    await editor.answer('Folder for jobs', '');
    await editor.answer('The Python', '/opt/venv/bin/python');
    await editor.page.locator('.quick-input-widget').filter({ hasText: 'What is it called?' }).waitFor();
    await takePicture(editor.page, 'training-7-target');
    await editor.enter();
    await editor.toast(/gpu08 slurm trains on gpu08/).getByRole('button', { name: 'Open Settings' }).waitFor();
  });
});
