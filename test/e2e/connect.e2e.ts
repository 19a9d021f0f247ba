import assert from 'node:assert/strict';
import fs from 'node:fs';
import { startDemoServer, type DemoServer } from '../../src/demoServer/server.ts';
import { webview } from '../vscode/browser.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';
import { picturesInThemes } from './themes.ts';

/** Servers and imports, looked at as pages and rows. */
describe('servers and imports', () => {
  let editor: Editor;
  let server: DemoServer;

  before(async () => {
    server = await startDemoServer({ slots: 4, compress: 0.3 });
    editor = await Editor.open({}, folder => {
      const odd = ['{"question":"How much is 1 + 1?\\u202e\\u200b","answer":"2","id":"a"}', '{"question":', '{"question":"","answer":"3","id":"c"}', JSON.stringify({ question: `How much is 2 + 2? ${'Take your time. '.repeat(62_400)}`, answer: '4', id: 'd' }), '{"question":"How much is 1 + 1?","answer":"3","id":"a"}'];
      const rows = Array.from({ length: 60 }, (_, index) => JSON.stringify({ question: `A shelf holds ${index + 3} books and ${index} more are put there. How many books are there then?`, answer: String(2 * index + 3), id: `shelf-${index}` }));
      fs.writeFileSync(`${folder}/odd.jsonl`, [...odd, ...rows].join('\n'));
      fs.writeFileSync(`${folder}/plain.csv`, 'text one,text two\n1,2\n');
      fs.writeFileSync(`${folder}/empty.jsonl`, '');
    });
  });

  after(async () => {
    await editor.close();
    await server.close();
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'connect');
  });

  it('says what to do where there is no server', async () => {
    await editor.showView();
    await editor.welcome('New Project…').first().click();
    await editor.proposed('tasks.regenesis');
    await editor.answer('New Project', editor.file('own.regenesis'));
    await editor.page.getByText('No server is set').waitFor();
    await editor.page.getByText('This project has no tasks yet').waitFor();
    await takePicture(editor.page, 'connect-1-none');
  });

  it('shows the rows of a file with everything that may be wrong with one', async () => {
    await editor.choose('Import Tasks…', /odd\.jsonl/);
    const page = webview(editor.page);
    await page.getByText('Of 65 rows, 62 become tasks, 3 are refused.').waitFor();
    await page.getByText('‹U+202E›').first().waitFor();
    await page.getByText('998,418 characters in all').waitFor();
    await picturesInThemes(editor, 'connect-2-preview');
  });

  it('can be changed by keyboard alone', async () => {
    const page = webview(editor.page);
    await page.getByLabel('For', { exact: true }).focus();
    await editor.page.keyboard.press('ArrowDown');
    await editor.page.keyboard.press('Shift+Tab');
    await editor.page.keyboard.type('a/b');
    await editor.page.keyboard.press('Tab');
    await page.getByText(/a data set's name has letters/).waitFor();
    assert.equal(await page.getByLabel('For', { exact: true }).inputValue(), 'held-out');
    await takePicture(editor.page, 'connect-3-wrong');
    await page.getByLabel('Data set').fill('shelves');
    await editor.page.keyboard.press('Tab');
    await page.getByText('Of 65 rows, 62 become tasks').waitFor();
    await page.getByLabel('Domain').selectOption('Out of domain');
    await page.getByText('Asks for something else').waitFor();
    await page.getByText('Of 65 rows, 62 become tasks').waitFor();
    await picturesInThemes(editor, 'connect-3-held-out');
    await page.getByLabel('For', { exact: true }).selectOption('train');
    await page.getByLabel('Domain').waitFor({ state: 'detached' });
    await page.getByText('Of 65 rows, 62 become tasks').waitFor();
    await page.getByRole('button', { name: 'Import 62 Tasks' }).click();
    await editor.toast(/62 tasks imported into shelves/).waitFor();
    await editor.page.keyboard.press('Control+Shift+m');
    await editor.page.locator('.markers-panel').getByText('has other content').waitFor();
    await takePicture(editor.page, 'connect-4-problems');
    await editor.page.keyboard.press('Control+j');
  });

  it('says what is wrong with files that cannot be taken', async () => {
    await editor.choose('Import Tasks…', /plain\.csv/);
    await webview(editor.page).getByText(/no data set is known by them/).waitFor();
    await takePicture(editor.page, 'connect-5-unknown');
    await webview(editor.page).getByRole('button', { name: 'Cancel' }).click();
    await editor.tab(/Import plain/).waitFor({ state: 'detached' });
    await editor.choose('Import Tasks…', /empty\.jsonl/);
    await webview(editor.page).getByText(/has no rows/).waitFor();
    await takePicture(editor.page, 'connect-5-empty');
    await webview(editor.page).getByRole('button', { name: 'Cancel' }).click();
    await editor.tab(/Import empty/).waitFor({ state: 'detached' });
  });

  it('adds a server and shows its card', async () => {
    await editor.choose('Add Server…', /Another Address…/);
    await editor.answer('Base URL', server.url);
    await editor.toast(/own uses regenesis-demo/).getByRole('button', { name: 'Show Server Card' }).click();
    const page = webview(editor.page);
    await page.getByRole('row', { name: /Metrics page.*Supported/ }).waitFor();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('Tested by a few tiny completions.').waitFor();
    await page.getByRole('row', { name: /Seeds.*Supported/ }).waitFor();
    await picturesInThemes(editor, 'connect-6-card');
  });

  it('shows what each server has to do while a run goes on', async () => {
    await editor.choose('Add Replica…', /Another Address…/);
    await editor.answer('Base URL', server.url.replace('127.0.0.1', 'localhost'));
    await editor.toast(/shares its requests with/).waitFor();
    await editor.choose('Run Pipeline', /Go/);
    await editor.row(/\d+ running, \d+ waiting/).waitFor({ timeout: 60_000 });
    await editor.row(/tok\/s, .* calls\/s · all servers/).waitFor();
    await takePicture(editor.page, 'connect-7-running');
    await editor.command('Cancel Run');
    await editor.toast(/was cancelled/).waitFor();
    await editor.row(/Server demo .*replica, simulation/).waitFor();
    await takePicture(editor.page, 'connect-8-idle');
  });
});
