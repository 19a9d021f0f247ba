import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listEngines } from '../../src/client/engines.ts';
import { Editor } from './editor.ts';
import { KeyedServer } from './keyedServer.ts';
import { takePicture } from './pictures.ts';

const cliPath = path.resolve(import.meta.dirname, '../../dist/cli.mjs');
const key = 'sesame-open-9f3a1c';

/** A folder of somebody else, and a server that fails in every way that servers do. Workspace trust, hot exit and messages are as a person has them. */
describe('a hostile folder and a failing server', () => {
  const server = new KeyedServer(key);
  const runtime = fs.mkdtempSync(path.join(os.tmpdir(), 'engines-'));
  const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), 'secret-'));
  const marker = path.join(elsewhere, 'ran');
  let editor: Editor;
  let address: string;

  const running = () => editor.page.locator('.statusbar').getByRole('button', { name: /ReGenesis run, \d+ %/ });
  const button = (words: RegExp, name: string) => editor.toast(words).getByRole('button', { name });
  /** Waits until so many more answers have been given. */
  const goesOn = async (more: number): Promise<void> => {
    const wanted = server.completions + more;
    while (server.completions < wanted) await new Promise(resolve => { setTimeout(resolve, 50); });
  };

  before(async () => {
    address = await server.start();
    editor = await Editor.open({
      trust: true, environment: { REGENESIS_RUNTIME_DIR: runtime },
      settings: { 'files.hotExit': 'onExitAndWindowClose', 'security.workspace.trust.startupPrompt': 'always', 'security.workspace.trust.banner': 'never', 'workbench.editor.useModal': 'off' },
    }, folder => {
      fs.writeFileSync(path.join(folder, 'tasks.jsonl'), Array.from({ length: 60 }, (_, index) => `${JSON.stringify({ question: `How much is ${index} + ${4 - index}?`, gold: '4' })}\n`).join(''));
      const cli = (...words: string[]) => execFileSync(process.execPath, [cliPath, ...words], { cwd: folder, env: { ...process.env, REGENESIS_RUNTIME_DIR: runtime, REGENESIS_IDLE_MS: '0' }, stdio: 'pipe' });
      cli('init', 'own');
      cli('import', 'own.regenesis', 'tasks.jsonl', '--map', 'question=question', '--map', 'gold=gold');
      // what a folder may try: a Node of its own, and a prompt that is somebody's secret
      const program = path.join(folder, 'node.sh');
      fs.writeFileSync(program, `#!/bin/sh\ntouch ${marker}\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
      fs.mkdirSync(path.join(folder, '.vscode'));
      fs.writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'regenesis.engine.nodePath': program, 'regenesis.engine.idleMinutes': 10_000 }));
      fs.writeFileSync(path.join(elsewhere, 'id_rsa'), 'the key of the house');
      fs.mkdirSync(path.join(folder, '.regenesis/prompts/regenesis'), { recursive: true });
      fs.symlinkSync(path.join(elsewhere, 'id_rsa'), path.join(folder, '.regenesis/prompts/regenesis/path.rgprompt'));
    });
  });

  after(async () => {
    await editor.close();
    server.stop();
    for (const folder of [runtime, elsewhere]) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'bad');
  });

  it('is browsed and runs nothing while nobody trusts it', async () => {
    await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: /^No/ }).click();
    await editor.showView();
    await editor.openFile('own.regenesis');
    await editor.row(/Project own, 60 tasks/).waitFor();
    for (const [title, words] of [['Run Pipeline', /Running a recipe needs/], ['Import Tasks…', /Importing tasks needs/], ['Add Server…', /Adding a server needs/]] as const) {
      await editor.command(title);
      await button(words, 'Manage Workspace Trust').waitFor();
    }
    await takePicture(editor.page, 'bad-1-untrusted');
    assert.equal(server.shown.size, 0);
    assert.ok(!fs.existsSync(marker), 'a program of the folder was run');
  });

  it('sends no prompt that is a link to what lies elsewhere, once it is trusted', async () => {
    await editor.page.keyboard.press('F1');
    await editor.page.locator('.quick-input-widget input').fill('>Workspaces: Manage Workspace Trust');
    await editor.enter();
    await editor.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).first().click();
    await editor.page.getByText('You trust this folder').waitFor();
    await editor.command('Run Pipeline');
    await editor.toast(/path\.rgprompt cannot be read: it is a link that leads out of/).waitFor();
    await takePicture(editor.page, 'bad-2-link');
    fs.rmSync(editor.file('.regenesis'), { recursive: true });
  });

  it('says that a key was revoked in mid-run, and goes on with it', async () => {
    server.delayMs = 100;
    await editor.choose('Run Pipeline', /Add Server…/);
    // other servers of this machine may be found
    await editor.page.getByText(/Base URL of/).or(editor.option(/Another Address…/)).first().waitFor();
    if (await editor.option(/Another Address…/).isVisible()) await editor.option(/Another Address…/).click();
    await editor.answer('Base URL', address);
    await editor.answer('wants a key', key);
    await editor.option(/large/).click();
    await editor.option(/Go/).click();
    await running().waitFor();
    await goesOn(20);
    server.key = 'another';
    await button(/paused.*key/s, 'Add Server…').waitFor();
    await takePicture(editor.page, 'bad-3-key');
    assert.equal(await editor.toast(/paused.*key/s).count(), 1, 'it is said once');
    server.key = key;
    await button(/paused.*key/s, 'Resume Run').click();
    await running().waitFor();
    await goesOn(20);
  });

  it('says that the model is gone in mid-run', async () => {
    server.models = ['small'];
    await button(/large/, 'Add Server…').waitFor();
    await takePicture(editor.page, 'bad-4-model');
    server.models = ['small', 'large'];
    await button(/large/, 'Resume Run').click();
    await running().waitFor();
    await goesOn(20);
  });

  it('waits for a server that goes away, says so, and goes on when it is back', async () => {
    const { port } = server;
    server.stop();
    await editor.page.getByText(/waiting for http:\/\/127\.0\.0\.1/).first().waitFor();
    await takePicture(editor.page, 'bad-5-gone');
    await server.start(port);
    await goesOn(20);
  });

  it('says what became of a project that is moved away while it is open', async () => {
    await editor.command('Cancel Run');
    await editor.toast(/was cancelled/).waitFor();
    fs.renameSync(editor.file('own.regenesis'), editor.file('moved.regenesis'));
    await editor.command('Run Pipeline');
    // the engine may have noticed by itself meanwhile
    const gone = button(/own\.regenesis was moved, replaced or deleted while it was open/, 'Show Log');
    await editor.option(/Go/).or(gone).first().waitFor();
    if (!await gone.isVisible()) await editor.option(/Go/).click();
    await gone.waitFor();
    await takePicture(editor.page, 'bad-6-moved');
    // its engine holds the file wherever it lies, until it leaves
    await editor.command('Close Project');
    await editor.welcome('Try the Demo').first().waitFor();
    while ((await listEngines(runtime, { app: 'test' }, () => true)).length > 0) await new Promise(resolve => { setTimeout(resolve, 100); });
    await editor.command('Open Project…');
    await editor.proposed(`${path.basename(editor.folder)}/`);
    await editor.answer('Open Project', editor.file('moved.regenesis'));
    await editor.row(/Project moved, 60 tasks/).waitFor();
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await editor.row(/Project moved, 60 tasks/).waitFor();
  });

  it('kept the key out of every file but the editor\'s own store of secrets', () => {
    const holding = [editor.folder, editor.profile, runtime].flatMap(folder => filesBelow(folder).filter(file => fs.readFileSync(file, 'latin1').includes(key)));
    assert.deepEqual(holding, []);
    assert.ok(filesBelow(runtime).some(file => file.endsWith('.log')), 'the log of an engine is among them');
    assert.ok(filesBelow(editor.profile).some(file => file.includes('regenesis')), 'the profile holds our storage');
    assert.deepEqual([...server.shown], [`Bearer ${key}`]);
    assert.ok(!fs.existsSync(marker), 'a program of the folder was run');
  });
});

const filesBelow = (folder: string): readonly string[] =>
  fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
