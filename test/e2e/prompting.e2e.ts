import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { shippedTexts } from '../../src/demoServer/command.ts';
import { startDemoServer, type DemoServer } from '../../src/demoServer/server.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { picturesInThemes } from './themes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/cli.mjs');
const file = 'regenesis/structure.rgprompt';

describe('a prompt that is being written, in the editor', function () {
  this.timeout(120_000);
  let editor: Editor;
  let server: DemoServer;
  const page = () => webview(editor.page);

  before(async () => {
    server = await startDemoServer({ shipped: shippedTexts(), stepMs: { t0: 0, c: 0, p: 0 } });
    editor = await Editor.open({}, folder => {
      execFileSync(process.execPath, [cli, 'init', 'write.regenesis', '--sample'], { cwd: folder, stdio: 'pipe' });
      const own = path.join(folder, '.regenesis/prompts', file);
      fs.mkdirSync(path.dirname(own), { recursive: true });
      fs.copyFileSync(path.join(root, 'prompts', file), own);
    });
    const words = ['run', 'write.regenesis', '--recipe', 'without-hints', '--mode', 'all', '--limit', '8', '--server', server.url];
    await promisify(execFile)(process.execPath, [cli, ...words], { cwd: editor.folder });
  });

  after(async () => {
    await editor.close();
    await server.close();
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'prompting');
  });

  /** Types at the end of the prompt. */
  async function type(text: string): Promise<void> {
    await editor.line('What to do').click();
    await editor.page.keyboard.press('Control+End');
    await editor.page.keyboard.type(text);
  }

  it('is shown beside its file as it would be sent, and follows what is typed', async () => {
    await editor.showView();
    await editor.openFile('write.regenesis');
    await page().getByRole('heading', { name: 'write', exact: true }).waitFor();
    await editor.page.keyboard.press('Control+p');
    await editor.page.locator('.quick-input-widget input').first().fill('structure.rgprompt');
    await editor.option(/^structure\.rgprompt/).click();
    await editor.line('What to do').waitFor();
    await editor.command('Preview Prompt');
    await page().getByText('No answer is stale.').waitFor();
    await page().getByText(/shared by 25 branches/).waitFor();
    await type('\nMind the units.');
    await page().locator('.sent').getByText('Mind the units.').waitFor();
    await page().getByText(/answers of without-hints are stale: structure \d+, path \d+/).waitFor();
    await picturesInThemes(editor, 'prompt-preview');
  });

  it('says what is wrong with it, and keeps what was there before, greyed', async () => {
    await type('\n{{ nothing }}');
    await page().getByRole('button', { name: /structure\.rgprompt:\d+/ }).waitFor();
    await page().getByText('What is shown below is from before the problem.').waitFor();
    await page().locator('.cost').getByText(/not be run/).waitFor();
    await picturesInThemes(editor, 'prompt-broken');
    await editor.line('nothing').click();
    for (const key of ['End', 'Shift+Home', 'Delete']) await editor.page.keyboard.press(key);
    await page().locator('.sent:not(.former-prompt)').getByText('Mind the units.').waitFor();
  });

  it('is there again after a reload, for the task that was picked', async () => {
    await page().getByRole('button', { name: 'Another Task…' }).click();
    await editor.page.locator('.quick-input-widget input').first().fill('party-of-six');
    await editor.option(/party-of-six/).click();
    await page().getByText(/Marked is what is not there yet: adapt comes first/).waitFor();
    await takePicture(editor.page, 'prompt-standin-dark');
    await runCommand(editor.page, 'Developer: Reload Window');
    await page().locator('.place b').waitFor({ state: 'detached' });
    await page().locator('.place b').getByText('samples/party-of-six').waitFor({ timeout: 60_000 });
  });

  it('is tried on a sample, side by side with what it was', async () => {
    await runCommand(editor.page, 'View: Join All Editor Groups'); // so that whatever is in front is the only page
    await editor.tab(/^Preview structure/).click();
    await page().getByRole('button', { name: 'Try on Sample…' }).click();
    await editor.answer(/Try .* on how many tasks/, '8');
    await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Try', exact: true }).click();
    await page().getByRole('rowheader', { name: '95 % interval' }).waitFor();
    await page().locator('.summary').first().click();
    await page().locator('.outputs pre').nth(1).waitFor();
    await picturesInThemes(editor, 'prompt-trial');
  });

  it('runs its stage on one task from the head of its file, saved first', async () => {
    await editor.tab(/^structure\.rgprompt/).click();
    // the editor shows the heads that it remembers of a file until they come anew, and those do nothing
    for (let left = 5; left > 0 && !await editor.option(/Go/).isVisible(); left -= 1) {
      await editor.page.locator('.codelens-decoration').getByText('Run on This Task').click();
      await editor.option(/Go/).waitFor({ timeout: 4_000 }).catch(() => undefined);
    }
    await editor.option(/Go/).waitFor();
    assert.match(fs.readFileSync(editor.file(`.regenesis/prompts/${file}`), 'utf8'), /Mind the units/);
    await takePicture(editor.page, 'prompt-run-dark');
    await editor.page.keyboard.press('Escape');
  });
});
