import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Editor } from './editor.ts';
import { runCommand, webview } from '../vscode/browser.ts';
import { takePicture } from './pictures.ts';

const key = 'sesame-open-7';

/** A server with two models that wants a key and solves everything with 4. */
class KeyedServer {
  readonly #server = http.createServer((request, reply) => {
    const allowed = request.headers.authorization === `Bearer ${key}`;
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => {
      if (!allowed) reply.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"wrong key"}}');
      else if (request.url?.endsWith('/models') === true) reply.end(JSON.stringify({ data: [{ id: 'small' }, { id: 'large' }] }));
      else if (request.url?.endsWith('/chat/completions') === true) this.#complete(body, reply);
      else reply.writeHead(404).end();
    });
  });

  readonly models = new Set<string>();

  async start(): Promise<string> {
    await new Promise<void>(resolve => { this.#server.listen(0, '127.0.0.1', resolve); });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #complete(body: string, reply: http.ServerResponse): void {
    const { model } = JSON.parse(body) as { model: string };
    this.models.add(model);
    const content = `1. Add the numbers.\n2. State the sum.\n\nThe answer is \\boxed{4}. (${String(this.models.size)})`;
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
      id: 'x', object: 'chat.completion', created: 0, model, choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }], usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
    }));
  }
}

describe('own tasks and an own server', () => {
  const server = new KeyedServer();
  let editor: Editor;
  let address: string;

  before(async () => {
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

  it('imports what can be read and lists what cannot', async () => {
    await editor.welcome('Import Tasks…').click();
    await editor.option(/broken\.jsonl/).click();
    await editor.toast(/2 tasks imported into .*1 row refused/).getByRole('button', { name: 'Show Refused' }).click();
    await editor.line(/broken\.jsonl:2:/).waitFor();
    await editor.row(/Not started, 2 tasks/).waitFor();
    await takePicture(editor.page, 'own-2-refused');
  });

  it('asks which column holds what where it does not know the file', async () => {
    await editor.command('Import Tasks…');
    await editor.option(/columns\.csv/).click();
    await editor.page.getByText('columns.csv: which column holds the question?').waitFor();
    await takePicture(editor.page, 'own-3-columns');
    await editor.option(/prompt text/).click();
    await editor.page.getByText('columns.csv: which column holds the known answer?').waitFor();
    await editor.option(/result/).click();
    await editor.option(/^Train/).click();
    await editor.toast(/2 tasks imported into columns/).waitFor();
    await editor.row(/Not started, 4 tasks/).waitFor();
  });

  it('asks a server for its models, and the person for the key it wants', async () => {
    await editor.command('Run Pipeline');
    await editor.option(/Add Server…/).click();
    await editor.answer('Add Server', address);
    await editor.page.locator('.quick-input-widget').filter({ hasText: 'wants a key' }).waitFor();
    await takePicture(editor.page, 'own-4-key');
    await editor.answer('wants a key', key);
    await editor.option(/large/).click();
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
    assert.deepEqual([...server.models], ['large']);
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
    await editor.page.getByText('This folder is not trusted').waitFor();
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
