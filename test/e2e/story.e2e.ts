import assert from 'node:assert/strict';
import fs from 'node:fs';
import { webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { screenInThemes } from './themes.ts';

/** Everything that a person does between an empty window and a training set on disk. */
describe('the story: demo, run, look, export', () => {
  let editor: Editor;

  before(async () => {
    editor = await Editor.open();
  });

  after(() => editor.close());

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'story');
  });

  it('says what to do where nothing is open', async () => {
    await editor.showView();
    await editor.welcome('Try the Demo').waitFor();
    await editor.page.getByText('The demo is a simulation').waitFor();
    await takePicture(editor.page, 'story-1-welcome');
  });

  it('makes a sample project with one click', async () => {
    await editor.welcome('Try the Demo').click();
    await editor.toast(/simulated model/).waitFor();
    await editor.row(/Project demo, \d+ tasks, simulation/).waitFor();
    await editor.row(/Not started, \d+ tasks/).waitFor();
    assert.ok(fs.existsSync(editor.file('demo.regenesis')));
    await takePicture(editor.page, 'story-2-demo');
  });

  it('shows the plan before it runs', async () => {
    await editor.toast(/simulated model/).getByRole('button', { name: 'Run Pipeline' }).click();
    await editor.option(/Go/).waitFor();
    await editor.page.getByText(/Run regenesis on \d+ tasks · simulation/).waitFor();
    await takePicture(editor.page, 'story-3-plan');
  });

  it('fills the tree while it runs', async () => {
    const running = editor.page.locator('.statusbar').getByRole('button', { name: /ReGenesis run, \d+ %/ });
    await editor.option(/Go/).click();
    await running.waitFor();
    await editor.row(/Solved, \d+ tasks/).waitFor();
    await takePicture(editor.page, 'story-4-running');
    await editor.toast(/solved, \d+ paths kept/).waitFor({ timeout: 90_000 });
    await running.waitFor({ state: 'detached' });
    await editor.row(/Project demo, \d+ tasks, simulation$/).waitFor();
    await takePicture(editor.page, 'story-5-done');
  });

  it('opens what each stage gave, the prompt that was sent, and the raw answer', async () => {
    await editor.toast(/solved, \d+ paths kept/).getByRole('button', { name: 'Show Tasks' }).click();
    await editor.row(/^Task .*, [1-9]\d* kept/).locator('.monaco-tl-twistie').click();
    await editor.row(/^Branch .*, correct, .* kept$/).locator('.monaco-tl-twistie').click();
    await editor.row(/^Structure/).click();
    await editor.tab(/^Structure · .*\.rgoutput/).waitFor();
    await editor.line('simulation').waitFor();
    await takePicture(editor.page, 'story-6-structure');
    await editor.row(/^Path/).hover();
    await editor.row(/^Path/).getByRole('button', { name: 'Show Prompt' }).click();
    await editor.tab(/^Prompt of path · .*simulation\.md/).waitFor();
    await editor.line('=== user ===').waitFor();
    await takePicture(editor.page, 'story-6-prompt');
    await editor.row(/^Path/).getByRole('button', { name: 'Show Raw Answer' }).click();
    await editor.tab(/^Raw answer of path/).waitFor();
    await editor.row(/^Path/).click();
    await editor.tab(/^Path · .*\.rgoutput/).waitFor();
    await editor.line('boxed').waitFor();
    await takePicture(editor.page, 'story-6-path');
  });

  it('is legible in every theme', () => screenInThemes(editor, 'story-tree'));

  it('writes a training set', async () => {
    await editor.command('Export Dataset…');
    await webview(editor.page).getByText(/\d+ records of \d+ tasks\./).waitFor();
    assert.equal(await webview(editor.page).getByLabel('Format').inputValue(), 'chat');
    await webview(editor.page).getByRole('button', { name: 'Export…' }).press('Enter');
    await editor.page.locator('.quick-input-widget').filter({ hasText: 'Export Dataset' }).waitFor();
    await editor.proposed('demo.chat.jsonl');
    await takePicture(editor.page, 'story-7-save');
    await editor.enter();
    await editor.toast(/records of \d+ tasks written/).waitFor();
    const lines = fs.readFileSync(editor.file('demo.chat.jsonl'), 'utf8').trimEnd().split('\n');
    assert.ok(lines.length > 100, `${lines.length} records`);
    for (const line of lines) assertRecord(JSON.parse(line));
    await editor.toast(/records of \d+ tasks written/).getByRole('button', { name: 'Open File' }).click();
    await editor.tab(/demo\.chat\.jsonl/).waitFor();
    await takePicture(editor.page, 'story-8-file');
  });

  it('goes on after the window is reloaded, and asks nothing twice', async () => {
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await editor.row(/Project demo, \d+ tasks, simulation/).waitFor();
    await editor.choose('Run Pipeline', /Go.*to do 0 calls|Go.*nothing to ask|Go.*at least 0 calls/);
    await editor.toast(/paths kept; 0 calls and [\d,]+ stored answers/).waitFor({ timeout: 60_000 });
    await takePicture(editor.page, 'story-9-again');
  });
});

function assertRecord(record: unknown): void {
  assert.ok(typeof record === 'object' && record !== null && 'messages' in record && Array.isArray(record.messages));
  assert.deepEqual(Object.keys(record), ['messages']);
  const messages = record.messages as { role: string; content: string }[];
  assert.deepEqual(messages.map(({ role }) => role), ['user', 'assistant']);
  assert.match(messages[1]?.content ?? '', /\\boxed\{/);
}
