import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';

const cliPath = path.resolve(import.meta.dirname, '../../dist/cli.mjs');
const home = '.regenesis/prompts';

describe('prompts and recipes of one\'s own', () => {
  let editor: Editor;
  const text = (name: string): string => fs.readFileSync(editor.file(`${home}/${name}`), 'utf8');

  before(async () => {
    editor = await Editor.open({}, folder => {
      execFileSync(process.execPath, [cliPath, 'init', path.join(folder, 'own.regenesis'), '--sample'], { env: { ...process.env, REGENESIS_IDLE_MS: '0' }, stdio: 'pipe' });
    });
  });
  after(() => editor.close());
  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'prompts');
  });

  it('copies a shipped prompt, picked by what it is for', async () => {
    await editor.showView();
    await editor.openFile('own.regenesis');
    await editor.row(/Project own, 90 tasks/).waitFor();
    await editor.command('Customize Prompt…');
    await editor.option(/evaluate\/evaluate\.rgprompt/).waitFor();
    await takePicture(editor.page, 'prompts-1-pick');
    await editor.page.locator('.quick-input-widget:visible input[type=text]').first().fill('regenesis/path');
    await editor.option(/regenesis\/path\.rgprompt.*The task worked out along the structure/).click();
    await editor.tab(/path\.rgprompt/).waitFor();
    assert.equal(text('regenesis/path.rgprompt'), fs.readFileSync(path.resolve(import.meta.dirname, '../../prompts/regenesis/path.rgprompt'), 'utf8'));
  });

  it('holds it against what ships', async () => {
    await editor.line('partials/task.rgprompt').click();
    await editor.page.keyboard.press('Control+End');
    await editor.page.keyboard.type('Be brief.');
    await editor.page.keyboard.press('Control+s');
    await editor.page.getByRole('button', { name: 'Compare with Shipped' }).first().click();
    await editor.tab(/shipped ↔ yours/).waitFor();
    await editor.page.locator('.monaco-diff-editor').getByText(/Be.brief/).first().waitFor();
    assert.match(text('regenesis/path.rgprompt'), /Be brief\.$/);
    await takePicture(editor.page, 'prompts-2-compare');
  });

  it('says that what ships has changed since, until that was seen', async () => {
    await editor.page.keyboard.press('Control+k');
    await editor.page.keyboard.press('Control+w');
    await editor.tab(/path\.rgprompt/).waitFor({ state: 'detached' });
    fs.writeFileSync(editor.file(`${home}/.shipped.json`), JSON.stringify({ madeFrom: { 'regenesis/path.rgprompt': 'of an earlier version' } }));
    await editor.choose('Customize Prompt…', /path\.rgprompt.*customized; the shipped one has changed since/, 'regenesis/path');
    await takePicture(editor.page, 'prompts-3-changed');
    await editor.toast(/The shipped regenesis\/path\.rgprompt is another/).getByRole('button', { name: 'Compare with Shipped' }).click();
    await editor.tab(/shipped ↔ yours/).waitFor();
    await editor.toast(/on the left, is another/).getByRole('button', { name: 'Mark Shipped Change As Seen' }).click();
    while (/earlier/.test(text('.shipped.json'))) await new Promise(resolve => { setTimeout(resolve, 50); });
  });

  it('shows what ships, and copies it from there', async () => {
    await editor.choose('Show Shipped Prompt…', /regenesis\/judge\.rgprompt/, 'regenesis/judge');
    await editor.line('partials/judge-rules.rgprompt').waitFor();
    await takePicture(editor.page, 'prompts-6-shipped');
    await editor.page.getByRole('button', { name: 'Customize Prompt…' }).first().click();
    await editor.page.getByRole('button', { name: 'Compare with Shipped' }).first().waitFor();
    assert.match(text('regenesis/judge.rgprompt'), /judge-rules/);
  });

  it('begins a recipe as another one, and offers it for the next run', async () => {
    await editor.choose('New Recipe…', /without-hints/, 'without-hints');
    const name = editor.page.locator('.quick-input-widget').filter({ hasText: 'New Recipe' });
    await name.locator('input[type=text]').first().fill('without-hints');
    await name.getByText('There is without-hints already.').waitFor();
    await editor.answer('New Recipe', 'my-own');
    await editor.tab(/my-own\.rgrecipe\.yaml/).waitFor();
    await editor.line(/extends/).waitFor();
    await takePicture(editor.page, 'prompts-4-recipe');
    await editor.choose('Run Pipeline', /Try the demo server/);
    await editor.option(/Another Recipe…/).click();
    await editor.option(/my-own.*My own/).click();
    await editor.option(/Another Recipe….*instead of my-own/).waitFor();
    await takePicture(editor.page, 'prompts-5-run');
    await editor.page.keyboard.press('Escape');
  });
});
