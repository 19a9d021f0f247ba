import assert from 'node:assert/strict';
import fs from 'node:fs';
import { Editor } from './editor.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { KeyedServer } from './keyedServer.ts';
import { takePicture } from './pictures.ts';

const key = 'sesame-open-7';

describe('own tasks and an own server', () => {
  const server = new KeyedServer(key);
  let editor: Editor;
  let address: string;

  before(async () => {
    server.listsFreely = true;
    address = await server.start();
    editor = await Editor.open({}, folder => {
      fs.writeFileSync(`${folder}/broken.jsonl`, '{"question":"How much is 2 + 2?","answer":"2 + 2 = 4\\n#### 4"}\n{"question": broken\n{"question":"How much is 1 + 3?","answer":"#### 4"}\n');
      fs.writeFileSync(`${folder}/columns.csv`, 'number,prompt text,result\n1,How much is 3 + 1?,4\n2,How much is 4 + 0?,4\n');
    });
  });

  after(async () => {
    await editor.close();
    server.stop();
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'own');
  });

  it('makes a project, and says that it has no tasks', async () => {
    await editor.showView();
    await editor.welcome('New Project…').click();
    await editor.proposed('tasks.regenesis');
    await editor.answer('New Project', editor.file('own.regenesis'));
    await editor.page.getByText('This project has no tasks yet').waitFor();
    await takePicture(editor.page, 'own-1-empty');
  });

  it('shows what each row would become, and imports what can be read', async () => {
    await editor.welcome('Import Tasks…').first().click();
    await editor.option(/broken\.jsonl/).click();
    const page = webview(editor.page);
    await page.getByText('Of 3 rows, 2 become tasks, 1 is refused.').waitFor();
    await page.getByRole('row', { name: /2 Refused/ }).waitFor();
    await takePicture(editor.page, 'own-2-preview');
    await page.getByRole('button', { name: 'Import 2 Tasks' }).press('Enter');
    await editor.toast(/2 tasks imported into .*1 row refused/).getByRole('button', { name: 'Show Problems' }).click();
    await editor.page.locator('.markers-panel').getByText('ReGenesis import').waitFor();
    await editor.row(/Not started, 2 tasks/).waitFor();
    await takePicture(editor.page, 'own-2-refused');
    await editor.command('Clear Import Problems');
    await editor.page.locator('.markers-panel').getByText('ReGenesis import').waitFor({ state: 'detached' });
    await editor.page.keyboard.press('Control+j');
  });

  it('guesses which column holds what where it does not know the file, and is corrected by keyboard', async () => {
    await editor.choose('Import Tasks…', /columns\.csv/);
    const page = webview(editor.page);
    await page.getByText('Of 2 rows, 2 become tasks.').waitFor();
    assert.deepEqual([await page.getByLabel('Question').inputValue(), await page.getByLabel('Known answer').inputValue()], ['prompt text', 'result']);
    await page.getByLabel('Known answer').selectOption('');
    await page.getByText('Of 2 rows, 2 become tasks, 2 of them without a known answer.').waitFor();
    await page.getByLabel('Known answer').selectOption('result');
    await page.getByLabel('Data set').fill('mine');
    await page.getByText('Of 2 rows, 2 become tasks.').waitFor();
    await takePicture(editor.page, 'own-3-columns');
    await page.getByRole('button', { name: 'Import 2 Tasks' }).click();
    await editor.toast(/2 tasks imported into mine/).waitFor();
    await editor.row(/Not started, 4 tasks/).waitFor();
    await editor.tab(/Import columns/).waitFor({ state: 'detached' });
  });

  it('asks a server for its models, and the person for the key that it wants for answers alone', async () => {
    await editor.choose('Run Pipeline', /Add Server…/);
    await editor.page.locator('.quick-input-widget').filter({ hasText: /Add Server · on/ }).waitFor();
    await editor.page.getByPlaceholder(/No model server answers on 127\.0\.0\.1/).waitFor();
    await takePicture(editor.page, 'own-4-looked');
    await editor.option(/Another Address…/).click();
    await editor.answer('Base URL', address);
    await editor.option(/large/).click();
    await editor.page.locator('.quick-input-widget').filter({ hasText: 'wants a key' }).waitFor();
    await takePicture(editor.page, 'own-4-key');
    await editor.answer('wants a key', 'not-the-key');
    await editor.page.locator('.quick-input-widget').filter({ hasText: 'refused the key' }).waitFor();
    await editor.answer('refused the key', key);
    await editor.page.getByText('Run regenesis on 4 tasks').waitFor();
    await takePicture(editor.page, 'own-5-plan');
  });

  it('takes another recipe', async () => {
    await editor.option(/Another Recipe…/).click();
    await editor.answer('Which recipe?', 'without-hints');
    await editor.page.getByText('Run without-hints on 4 tasks').waitFor();
  });

  it('runs against it with the key, which stands in no file', async () => {
    await editor.option(/Go/).click();
    await editor.toast(/4 of 4 tasks solved/).waitFor({ timeout: 60_000 });
    assert.deepEqual([...server.asked], ['large']);
    for (const name of fs.readdirSync(editor.folder)) assert.ok(!fs.readFileSync(editor.file(name), 'latin1').includes(key), name);
  });

  it('opens what was open after a reload, and finds the key', async () => {
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await editor.row(/Project own, 4 tasks/).waitFor();
    await editor.command('Run Pipeline');
    await editor.option(/Go/).waitFor();
    await editor.page.keyboard.press('Escape');
  });

  it('says what is wrong with a server that is gone, with a way out', async () => {
    server.stop();
    await editor.command('Run Pipeline');
    const message = editor.toast(/127\.0\.0\.1/).filter({ has: editor.page.getByRole('button', { name: 'Add Server…' }) });
    await message.waitFor({ timeout: 60_000 });
    await takePicture(editor.page, 'own-6-gone');
  });

  it('closes the project', async () => {
    await runCommand(editor.page, 'View: Close All Editors'); // a new project is shown as its overview
    await editor.command('Close Project');
    await editor.welcome('Try the Demo').waitFor();
  });

  it('opens it again, as its overview, when its file is opened', async () => {
    // once where it is closed, once where it is open already
    for (let times = 0; times < 2; times += 1) {
      await editor.page.locator('.activitybar').getByRole('tab', { name: /Explorer/ }).click();
      await editor.openFile('own.regenesis');
      await webview(editor.page).getByRole('heading', { name: 'own', level: 1 }).waitFor();
      assert.equal(await editor.page.locator('.monaco-dialog-box').count(), 0);
      await editor.showView();
      await editor.row(/Project own, 4 tasks/).waitFor();
      await takePicture(editor.page, 'own-7-opened');
      await runCommand(editor.page, 'View: Close All Editors');
    }
  });
});

describe('a folder that is not trusted', () => {
  let editor: Editor;

  before(async () => {
    editor = await Editor.open({ trust: true, settings: { 'security.workspace.trust.startupPrompt': 'never' } });
  });

  after(() => editor.close());

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'untrusted');
  });

  it('says so, and what can be done all the same', async () => {
    await editor.showView();
    await editor.page.getByText('This folder is not trusted. Projects').waitFor();
    await editor.welcome('Open Project…').waitFor();
    await takePicture(editor.page, 'untrusted-1-welcome');
  });

  it('runs nothing, with the reason', async () => {
    await editor.command('Try the Demo');
    await editor.toast(/needs a trusted folder/).getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    assert.deepEqual(fs.readdirSync(editor.folder), []);
    await takePicture(editor.page, 'untrusted-2-reason');
  });
});
