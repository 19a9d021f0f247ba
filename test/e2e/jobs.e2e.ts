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

/** Stands for Python: what it does depends on the model that it is to train. `slow` goes on until a file says that it may end. */
const fakePython = (folder: string): string => `#!/bin/sh
case "$*" in
  *--version*) echo "Python 3.12.0"; exit 0;;
  *"--model quick"*) steps=30; delay=0;;
  *"--model large"*) steps=200; delay=0;;
  *) steps=1200; delay=0.2;;
esac
echo "loading the model"
echo "{\\"regenesis\\":\\"start\\",\\"steps\\":$steps,\\"rows\\":24,\\"droppedRows\\":2,\\"cutRows\\":0}"
step=0
while [ $step -lt $steps ]; do
  step=$((step + 1))
  awk -v s=$step -v n=$steps 'BEGIN { srand(s); printf "{\\"regenesis\\":\\"step\\",\\"step\\":%d,\\"steps\\":%d,\\"loss\\":%.5f,\\"learningRate\\":%.3e,\\"gradNorm\\":%.3f,\\"epoch\\":%.3f,\\"secondsPerStep\\":0.25}\\n", s, n, 0.3 + exp(-6 * s / n) + 0.05 * rand(), 1e-5 * (s < n / 20 ? s * 20 / n : (1 + cos(3.14159 * s / n)) / 2), 0.6 + rand(), 3 * s / n }'
  [ $((step % 20)) -eq 0 ] && awk -v s=$step -v n=$steps 'BEGIN { printf "{\\"regenesis\\":\\"evaluation\\",\\"step\\":%d,\\"loss\\":%.5f}\\n", s, 0.36 + exp(-6 * s / n) }' && echo "{\\"regenesis\\":\\"checkpoint\\",\\"step\\":$step,\\"path\\":\\"output/checkpoint-$step\\"}"
  case "$*" in *"--model large"*) [ $step -eq 12 ] && { echo '{"regenesis":"failed","reason":"out-of-memory","message":"CUDA out of memory: tried to allocate 2.00 GiB"}'; exit 1; };; esac
  [ -e "${folder}/end" ] && break
  sleep $delay
done
mkdir -p output && echo weights > output/adapter_model.safetensors
echo "{\\"regenesis\\":\\"done\\",\\"output\\":\\"output\\",\\"weightsSha256\\":\\"1a2b3c4d5e6f\\",\\"steps\\":$steps,\\"loss\\":0.31,\\"seconds\\":30}"
`;

/** What servers are asked for once the jobs of the project that goes round have trained them. */
const tuned = ['quick-ft1-1a2b3c4d', 'quick-ft2-1a2b3c4d'] as const;
const heldOut = (name: string) => Array.from({ length: 40 }, (_, at) => JSON.stringify({ question: `In case ${at} of ${name} Ann has ${at} marbles and finds ${at + 2} more. How many are there?`, gold: String(2 * at + 2) }));

describe('training jobs in the editor', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'training-'));
  let server: DemoServerProcess;
  let editor: Editor;

  const page = (): FrameLocator => webview(editor.page);
  const heading = (name: string) => page().getByRole('heading', { name, exact: true });
  const state = (word: string) => page().locator(`.job-header [data-state="${word}"]`);
  const dialog = (button: string) => editor.page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true });

  /** The step that the page shows. */
  async function step(): Promise<number> {
    const words = await page().locator('.job-bar b').textContent() ?? '';
    return Number(/^Step ([\d,]+)/.exec(words)?.[1]?.replaceAll(',', '') ?? 0);
  }

  async function stepBeyond(before: number): Promise<number> {
    for (;;) {
      const now = await step().catch(() => 0); // the page may be loading
      if (now > before) return now;
      await new Promise(resolve => { setTimeout(resolve, 200); });
    }
  }

  before(async () => {
    const python = path.join(home, 'python');
    fs.writeFileSync(python, fakePython(home), { mode: 0o755 });
    const sets = ['near', 'far'].map(name => ({ file: path.join(home, `${name}.jsonl`), rows: heldOut(name) }));
    for (const { file, rows } of sets) fs.writeFileSync(file, rows.join('\n'));
    const gold = path.join(home, 'gold.jsonl');
    fs.writeFileSync(gold, sets.flatMap(({ rows }) => rows).join('\n'));
    server = await startDemoServerProcess({ node: process.execPath, cliPath, arguments: ['--step-ms', '0,0,0', '--slots', '128', '--gold', gold, '--model', 'regenesis-demo=.5', '--model', `${tuned[0]}=.7`, '--model', `${tuned[1]}=.9`] });
    editor = await Editor.open({}, folder => {
      const cli = (...words: string[]) => {
        try {
          execFileSync(process.execPath, [cliPath, ...words], { env: { ...process.env, REGENESIS_RUNTIME_DIR: fs.mkdtempSync(path.join(home, 'engines-')), REGENESIS_IDLE_MS: '0' }, stdio: 'pipe' });
        } catch (thrown) {
          if (!words.includes('--wait')) throw thrown; // a job that fails is wanted here
        }
      };
      const file = path.join(folder, 'everyday');
      cli('init', file, '--sample');
      cli('run', file, '--server', server.url, '--model', 'regenesis-demo', '--limit', '12', '--mode', 'all');
      const trainOn = (project: string, model: string, ...more: string[]) => { cli('fine-tune', project, '--target', 'command', '--folder', path.join(home, 'jobs'), '--python', python, '--model', model, ...more); };
      const train = (model: string, ...more: string[]) => { trainOn(file, model, ...more); };
      train('quick', '--wait');
      train('large', '--wait', '--set', 'batch_per_device=16');
      train('slow');
      const rounds = path.join(folder, 'rounds');
      cli('init', rounds, '--sample');
      cli('run', rounds, '--server', server.url, '--model', 'regenesis-demo', '--limit', '6');
      trainOn(rounds, 'quick', '--wait');
      cli('run', rounds, '--iteration', '1', '--limit', '6');
      trainOn(rounds, 'quick', '--wait');
      sets.forEach((set, at) => { cli('import', rounds, set.file, '--map', 'question=question', '--map', 'gold=gold', '--split', 'held-out', '--domain', at === 0 ? 'in' : 'out'); });
      cli('evaluate', rounds, '--server', server.url, '--model', tuned[0], '--model', tuned[1], '--against', 'regenesis-demo');
    });
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });

  after(async () => {
    fs.writeFileSync(path.join(home, 'end'), '');
    await editor.close();
    await server.stop();
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'jobs');
  });

  it('stand in the side bar with state, steps, loss and time left, and go on', async () => {
    await editor.showView();
    await editor.openFile('everyday.regenesis');
    await heading('Runs and jobs').waitFor();
    await editor.row(/^Training jobs, 3 training jobs/).waitFor();
    await editor.row(/^Job 3 · command, running · [\d,]+ of 1,200 · loss 0\.\d+ · \d+ s|min left · simulation/).waitFor();
    await editor.row(/^Job 2 · command, failed · out of memory/).waitFor();
    await editor.row(/^Job 1 · command, succeeded/).waitFor();
    await takePicture(editor.page, 'jobs-1-tree');
  });

  it('are lines of the overview', async () => {
    await page().getByRole('row', { name: /Job 3 · command · slow.*running/ }).getByRole('button', { name: 'Cancel' }).waitFor();
    await page().getByRole('row', { name: /Job 2 · command · large.*out of memory/ }).getByRole('button', { name: 'Retry' }).waitFor();
    await page().locator('.runs').scrollIntoViewIfNeeded();
    await takePicture(editor.page, 'jobs-2-overview');
  });

  it('have a page that is live', async () => {
    await editor.row(/^Job 3 · command/).click();
    await heading('Job 3').waitFor();
    await state('running').waitFor();
    const first = await stepBeyond(0);
    await stepBeyond(first + 5);
    await page().locator('[data-plot=loss] canvas').waitFor();
    await page().locator('[data-plot=rate] canvas').waitFor();
    await page().getByText(/^training, smoothed [01]\.\d+/).waitFor();
    await takePicture(editor.page, 'jobs-3-page');
  });

  it('are legible in every theme and width', async () => {
    await stepBeyond(60);
    await picturesInThemes(editor, 'jobs-running');
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    for (const width of [900, 600]) {
      await editor.page.setViewportSize({ width, height: 800 });
      await picturesInThemes(editor, `jobs-running-${width}`);
      assert.ok(await page().locator('html').evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `the page is wider than ${width}`);
    }
    await editor.page.setViewportSize({ width: 1280, height: 800 });
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
  });

  it('copy their curve', async () => {
    await page().getByRole('button', { name: 'Copy as CSV' }).click();
    await editor.page.waitForFunction(`navigator.clipboard.readText().then(text => text.startsWith('step,epoch,loss,held-out loss,learning rate\\r\\n1,'))`);
  });

  // what stands in a channel is written by a native module of the editor that this one does not have: the follower's own tests look at it
  it('have a log in a channel of their own', async () => {
    await page().getByRole('button', { name: 'Open Log' }).click();
    await editor.page.locator('.panel').getByText('Job 3 · command').or(editor.page.locator('.panel select').filter({ hasText: 'Job 3 · command' })).first().waitFor();
    await takePicture(editor.page, 'jobs-4-log');
    await runCommand(editor.page, 'View: Toggle Panel Visibility');
  });

  it('are there again after a reload, in the middle of the training', async () => {
    const before = await step();
    await runCommand(editor.page, 'Developer: Reload Window');
    await heading('Job 3').waitFor({ timeout: 30_000 });
    await stepBeyond(before);
    await state('running').waitFor();
  });

  it('say why they failed and what can be done', async () => {
    await heading('Job 3').click();
    await editor.choose('Show Job', /Job 2 · command/);
    await heading('Job 2').waitFor();
    await page().getByText('Failed: out of memory').waitFor();
    await page().getByText(/Make batch_per_device smaller/).waitFor();
    await page().getByText('batch_per_device 16').first().waitFor();
    await picturesInThemes(editor, 'jobs-failed');
  });

  it('are cancelled once that is confirmed, and begun once more', async () => {
    await editor.row(/^Job 3 · command/).click();
    await heading('Job 3').waitFor();
    await page().locator('.job-header').getByRole('button', { name: 'Cancel Job' }).click();
    await dialog('Cancel Job').click();
    await state('cancelled').waitFor();
    await page().locator('.job-header').getByRole('button', { name: 'Retry Job' }).click();
    await heading('Job 4').waitFor();
    await state('running').waitFor({ timeout: 30_000 });
    await stepBeyond(2);
  });

  it('tell of their end where nobody looks', async () => {
    await runCommand(editor.page, 'View: Close All Editors');
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    fs.writeFileSync(path.join(home, 'end'), '');
    const toast = editor.toast(/Job 4 on command succeeded/);
    await toast.waitFor({ timeout: 60_000 });
    await takePicture(editor.page, 'jobs-5-toast');
    await toast.getByRole('button', { name: 'Show Job' }).click();
    await heading('Job 4').waitFor();
    await state('succeeded').waitFor();
    await picturesInThemes(editor, 'jobs-succeeded');
  });

  it('go round again, and show what each round came to', async () => {
    await editor.showView();
    await editor.openFile('everyday.regenesis');
    await page().locator('header').getByText('everyday', { exact: true }).waitFor();
    await editor.openFile('rounds.regenesis');
    await page().locator('header').getByText('rounds', { exact: true }).waitFor();
    await editor.choose('Show Iterations', /^rounds/);
    await heading('Iterations').waitFor();
    await page().getByRole('row', { name: new RegExp(`^2 ${tuned[0]} job 1 from quick 6 `) }).waitFor();
    await page().getByRole('img', { name: /^Accuracy\. in domain: base 5\d\.\d %.*iteration 1 7\d\.\d %.*iteration 2 90\.0 %/ }).waitFor();
    await page().getByText(/^Growth: from iteration 1 to 2, .*accuracy in domain rose from 52\.5 % \(the first model\) to 90 % \(the model of iteration 2\)/).waitFor();
    await page().getByRole('button', { name: 'Run Iteration…' }).click();
    await editor.option(/Job 2 · command/).click();
    await editor.page.locator(`.quick-input-widget input[placeholder^="${tuned[1]}, tuned from quick by job 2"]`).waitFor();
    await editor.option(/On a Sample/).click();
    await editor.answer('How many tasks?', '6');
    await editor.option(/Go/).click();
    await page().getByRole('row', { name: new RegExp(`^3 ${tuned[1]} job 2 from quick 6 `) }).waitFor({ timeout: 60_000 });
    await runCommand(editor.page, 'Notifications: Clear All Notifications');
    await runCommand(editor.page, 'View: Toggle Primary Side Bar Visibility');
    await picturesInThemes(editor, 'iterations');
    await editor.page.setViewportSize({ width: 600, height: 800 });
    await picturesInThemes(editor, 'iterations-600');
    assert.ok(await page().locator('html').evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), 'the page is wider than 600');
    await editor.page.setViewportSize({ width: 1280, height: 800 });
    await page().getByRole('button', { name: 'Copy as CSV' }).click();
    await editor.page.waitForFunction(`navigator.clipboard.readText().then(text => text.startsWith('iteration,runs,recipe,model,') && text.includes('${tuned[1]}'))`);
  });
});
