import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openBrowser, runCommand, type Browser } from '../vscode/browser.ts';
import { processesWith } from '../vscode/processes.ts';
import { takePicture } from './pictures.ts';

const program = path.resolve(import.meta.dirname, '../vscode/start.ts');

/** What `npm start` gives where there is no desktop editor, from the first line to Ctrl-C. */
describe('npm start', () => {
  // told from everything else that runs by a folder of its own for temporary files
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'start-'));
  let child: ChildProcess;
  let address: string;
  let browser: Browser;

  before(async () => {
    child = spawn(process.execPath, [program, path.join(temporary, 'workspace'), '--browser'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: temporary } });
    address = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.once('exit', code => { reject(new Error(`it ended with ${String(code)}: ${text}`)); });
      child.stdout?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        const found = /http:\S+(?=\s)/.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      });
    });
    browser = await openBrowser();
  });

  after(async () => {
    child.kill('SIGKILL');
    await browser.close();
    fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  });

  it('prints an address of this machine alone, which shows the sample project', async () => {
    assert.equal(new URL(address).hostname, '127.0.0.1');
    await browser.page.goto(address, { waitUntil: 'domcontentloaded' });
    await browser.page.getByRole('button', { name: 'Get Started with ReGenesis' }).click();
    await browser.page.getByRole('heading', { name: 'Get Started with ReGenesis', level: 2 }).waitFor();
    await browser.page.locator('.activitybar').getByRole('tab', { name: 'ReGenesis' }).click();
    await runCommand(browser.page, 'ReGenesis: Open Project…');
    await browser.page.waitForFunction(`[...document.querySelectorAll('.quick-input-widget input')].some(input => input.value.endsWith('/workspace/'))`);
    await browser.page.locator('.quick-input-widget').filter({ hasText: 'Open Project' }).locator('input[type=text]').first().fill(path.join(temporary, 'workspace/sample.regenesis'));
    await browser.page.keyboard.press('Enter');
    await browser.page.locator('.sidebar').getByRole('treeitem', { name: /Project sample, \d+ tasks/ }).first().waitFor();
    await takePicture(browser.page, 'start-1-open');
    assert.deepEqual(fs.readdirSync(path.join(temporary, 'workspace')).filter(name => !name.includes('.regenesis-')).sort(), ['questions.jsonl', 'sample.regenesis']);
  });

  it('ends on Ctrl-C with everything it started, an engine and a demo server too', async () => {
    await runCommand(browser.page, 'ReGenesis: Try the Demo');
    await browser.page.locator('.sidebar').getByRole('treeitem', { name: /Project demo, \d+ tasks, simulation/ }).first().waitFor();
    assert.ok(processesWith(temporary).length > 4, 'an editor, an extension host, two engines and a demo server');
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
    child.kill('SIGINT');
    assert.equal(await ended, 0);
    // the browser of this test is none of it
    assert.deepEqual(processesWith(`${temporary}/`), []);
    await assert.rejects(fetch(new URL(address).origin));
    assert.deepEqual(fs.readdirSync(temporary), ['workspace']);
  });
});
