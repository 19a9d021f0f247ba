import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { pageContract } from '../../src/contract/pages/page.ts';
import { bundlesIn, nodeFor } from '../../src/host/engines.ts';
import { customEditors, pages } from '../../src/host/manifest.ts';
import { PageBuilder } from '../../src/host/pages/page.ts';

const root = path.resolve(__dirname, '../..');
const bundles = bundlesIn(root, { app: 'test', storage: os.tmpdir() });

/** The tabs that show a project file. */
const tabs = (): readonly vscode.Tab[] =>
  vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === customEditors.project);

describe('the pages of the editor', function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overview-'));
    file = path.join(folder, 'sample.regenesis');
    execFileSync(nodeFor(bundles), [bundles.cliPath, 'init', file, '--sample'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', REGENESIS_IDLE_MS: '0' } });
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('show a project file as its overview, in one tab, with nothing to save', async () => {
    const before = fs.readFileSync(file);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    await vscode.commands.executeCommand('regenesis.overview.show', { project: file });
    assert.deepEqual(tabs().map(({ isDirty, label }) => [isDirty, label]), [[false, 'sample.regenesis']]);
    await vscode.workspace.saveAll();
    assert.equal(Buffer.compare(fs.readFileSync(file).subarray(0, 16), before.subarray(0, 16)), 0, 'it is the same project file');
  });

  it('say why there is no audit where nothing was run, and open none', async () => {
    await vscode.commands.executeCommand('regenesis.audit.show', { project: file });
    const open = vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes(pages.audit));
    assert.deepEqual(open, []);
  });

  it('take files from one folder alone, and have a script and the sheet there', () => {
    const log = vscode.window.createOutputChannel('Test', { log: true });
    const panel = vscode.window.createWebviewPanel('test', 'Test', vscode.ViewColumn.Active);
    try {
      for (const name of ['overview', ...Object.keys(pages)]) {
        new PageBuilder(vscode.Uri.file(root), log).fill(panel, { contract: pageContract(name, z.object({}), z.object({})), title: name, snapshot: () => ({}), fulfil: () => undefined });
        assert.deepEqual(panel.webview.options.localResourceRoots?.map(({ fsPath }) => fsPath), [path.join(root, 'dist/webview')]);
        const [, nonce] = /script-src &#39;nonce-([0-9a-f]{32})&#39;/.exec(panel.webview.html) ?? [];
        assert.ok(nonce);
        assert.equal(panel.webview.html.match(new RegExp(`nonce="${nonce}"`, 'g'))?.length, 2);
        for (const each of [`${name}.js`, 'page.css', 'codicon.ttf']) assert.ok(fs.existsSync(path.join(root, 'dist/webview', each)), each);
      }
    } finally {
      panel.dispose();
      log.dispose();
    }
  });
});
