import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listEngines, type ListedEngine } from '../../src/client/engines.ts';
import { startDemoServerProcess, type DemoServerProcess } from '../../src/client/demoServerProcess.ts';
import { environmentOf } from '../vscode/processes.ts';
import { Editor } from './editor.ts';
import { takePicture } from './pictures.ts';

const cliPath = path.resolve(import.meta.dirname, '../../dist/cli.mjs');

/** What becomes of a run when its window is reloaded or closed, or its extension host is killed. */
describe('a run that outlives its window', () => {
  const runtime = fs.mkdtempSync(path.join(os.tmpdir(), 'engines-'));
  const idleMs = 2_000;
  let server: DemoServerProcess;
  let editor: Editor;

  const engines = (): Promise<readonly ListedEngine[]> => listEngines(runtime, { app: 'test' }, () => true);
  const running = () => editor.page.locator('.statusbar').getByRole('button', { name: /ReGenesis run, \d+ %/ });

  /** Answers that the server has sent whole. */
  async function answered(): Promise<number> {
    const text = await (await fetch(server.url.replace(/\/v1$/, '/metrics'))).text();
    return [...text.matchAll(/^vllm:request_success_total\{[^}]*finished_reason="(?:stop|length)"[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  async function goesOn(): Promise<void> {
    const before = await answered();
    while (await answered() < before + 20) await new Promise(resolve => { setTimeout(resolve, 100); });
  }

  before(async () => {
    // slow enough that the run does not end before the test does
    server = await startDemoServerProcess({ node: process.execPath, cliPath, arguments: ['--step-ms', '8,0,0', '--slots', '8'] });
    const cli = (...words: string[]) => execFileSync(process.execPath, [cliPath, ...words], { env: { ...process.env, REGENESIS_RUNTIME_DIR: runtime }, stdio: 'pipe' });
    editor = await Editor.open({ environment: { REGENESIS_RUNTIME_DIR: runtime, REGENESIS_IDLE_MS: String(idleMs) } }, folder => {
      cli('init', path.join(folder, 'long'), '--sample');
    });
  });

  after(async () => {
    await editor.close();
    await server.stop();
    fs.rmSync(runtime, { recursive: true, force: true });
  });

  afterEach(function () {
    return editor.pictureOfFailure(this.currentTest, 'resident');
  });

  it('starts from the editor', async () => {
    await editor.showView();
    await editor.openFile('long.regenesis');
    await editor.row(/Project long, \d+ tasks/).waitFor();
    await editor.command('Add Server…');
    await editor.page.locator('.quick-input-widget').filter({ hasText: 'Add Server' }).waitFor();
    await editor.option(/Another Address…/).click();
    await editor.answer('Base URL', server.url);
    await editor.toast(/long uses/).getByRole('button', { name: 'Run Pipeline' }).click();
    await editor.option(/Go/).click();
    await running().waitFor();
    await goesOn();
  });

  it('goes on while the window is reloaded, which then shows it', async () => {
    const [before] = await engines();
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await goesOn();
    await running().waitFor();
    await editor.row(/Project long, \d+ tasks.*running/).waitFor();
    const [engine] = await engines();
    assert.deepEqual([engine?.pid, engine?.state, engine?.run], [before?.pid, 'running', '1']);
    await takePicture(editor.page, 'resident-1-reloaded');
  });

  it('goes on when the extension host is killed', async () => {
    const hosts = execFileSync('pgrep', ['-f', 'type=extensionHost'], { encoding: 'utf8' }).trim().split('\n').map(Number).filter(pid => environmentOf(pid).includes(runtime));
    assert.ok(hosts.length > 0);
    const [before] = await engines();
    for (const pid of hosts) process.kill(pid, 'SIGKILL');
    await goesOn();
    // the editor may have started another host by now
    assert.deepEqual((await engines()).map(({ pid, state, run }) => [pid, state, run]), [[before?.pid, 'running', '1']]);
    await takePicture(editor.page, 'resident-2-host-killed');
  });

  it('is found again by the next window, which can cancel and resume it', async () => {
    await editor.page.reload({ waitUntil: 'domcontentloaded' });
    await running().waitFor();
    await editor.command('Cancel Run');
    await editor.toast(/Run 1 of long .*was cancelled/).waitFor();
    await takePicture(editor.page, 'resident-3-cancelled');
    await editor.toast(/Run 1 of long .*was cancelled/).getByRole('button', { name: 'Resume Run' }).click();
    await running().waitFor();
    await goesOn();
  });

  it('is stopped and resumed by Restart Engine', async () => {
    const [before] = await engines();
    await editor.command('Restart Engine');
    await editor.page.getByRole('button', { name: 'Restart Engine' }).click();
    for (;;) {
      const [engine] = await engines();
      if (engine && engine.pid !== before?.pid && engine.state === 'running') break;
      await new Promise(resolve => { setTimeout(resolve, 100); });
    }
    await goesOn();
    await takePicture(editor.page, 'resident-4-restarted');
  });

  it('goes on when the window is closed, and the engine is gone some time after its end', async () => {
    await editor.page.goto('about:blank');
    await goesOn();
    const [engine] = await engines();
    assert.equal(engine?.state, 'running');
    execFileSync(process.execPath, [cliPath, 'engines', '--stop'], { env: { ...process.env, REGENESIS_RUNTIME_DIR: runtime }, stdio: 'pipe' });
    assert.deepEqual(await engines(), []);
  });

  it('is offered to be resumed when its project is opened again', async () => {
    await editor.page.goBack({ waitUntil: 'domcontentloaded' });
    await editor.showView();
    await editor.toast(/was paused when its engine was ended/).waitFor();
    await editor.page.getByText(/Resume Run goes on where it stopped/).first().waitFor();
    await takePicture(editor.page, 'resident-5-resume');
  });
});
