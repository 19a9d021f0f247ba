import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Project } from '../../src/host/projects/project.ts';
import { recipeText } from '../../src/host/prompts/newRecipe.ts';
import { homeFrom, OwnPrompts } from '../../src/host/prompts/ownPrompts.ts';
import { shippedUri } from '../../src/host/prompts/shippedDocuments.ts';
import { useDemoServer } from '../../src/host/servers/useDemo.ts';
import { Walk } from './walk.ts';

const shippedFolder = path.resolve(__dirname, '../../prompts');
const prompt = 'regenesis/path.rgprompt';
const shippedText = fs.readFileSync(path.join(shippedFolder, prompt), 'utf8');

/** What is in front: the document, or the two sides of a comparison. */
function inFront(): readonly string[] {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputTextDiff) return [input.original.toString(), input.modified.toString()];
  return input instanceof vscode.TabInputText ? [input.uri.toString()] : [];
}

/** The extension shows what ships. */
const activated = async (): Promise<void> => { await vscode.extensions.getExtension('regenesis-workbench.regenesis')?.activate(); };

describe('prompts and recipes of one\'s own', function () {
  this.timeout(60_000);
  let walk: Walk;
  let own: OwnPrompts;
  let file: vscode.Uri;

  const begin = (folder?: string) => {
    walk = new Walk(folder);
    own = new OwnPrompts(homeFrom(walk.folder));
    file = vscode.Uri.file(own.fileOf(prompt));
  };
  const text = () => fs.readFileSync(file.fsPath, 'utf8');
  const project = async (): Promise<Project> => {
    const opened = await walk.projects.open(path.join(walk.folder, 'sample.regenesis'), 'create-sample');
    await useDemoServer(opened, await walk.demo.url());
    return opened;
  };
  const flags = (): readonly string[] => vscode.languages.getDiagnostics(file).map(({ message, severity, code }) => `${vscode.DiagnosticSeverity[severity]} ${typeof code === 'string' ? code : ''} ${message}`);

  before(activated);
  afterEach(() => walk.end());

  it('begin as a copy of what ships, which the engine takes in its place: what was asked with the shipped one becomes stale by an edit', async () => {
    begin();
    const opened = await project();
    const some = { limit: 3, mode: 'all' } as const;
    assert.equal((await opened.run('startRun', some)).state, 'completed');
    assert.deepEqual(await walk.call('regenesis.prompt.customize', shippedUri(prompt)), []);
    assert.equal(text(), shippedText);
    assert.deepEqual(inFront(), [file.toString()]);
    const planned = async (): Promise<readonly [number, readonly string[]]> => {
      const { calls, stages } = await opened.call('plan', some);
      return [calls, stages.filter(({ stale }) => stale > 0).map(({ stage }) => stage)];
    };
    assert.deepEqual(await planned(), [0, []], 'the same text asks nothing anew');
    fs.writeFileSync(file.fsPath, shippedText.replace('Solve this task', 'Work this task out'));
    const [calls, stale] = await planned();
    assert.deepEqual([calls > 0, [...new Set(stale)]], [true, ['path']]);
    assert.deepEqual(await walk.call('regenesis.prompt.customize', shippedUri(prompt)), []);
    assert.match(text(), /Work this task out/, 'it is opened and left as it is');
  });

  it('go to where the engine of the project looks, and nowhere before somebody said which of several', async () => {
    begin();
    const folders = ['one', 'two'].map(name => path.join(walk.folder, name));
    for (const folder of folders) fs.mkdirSync(folder);
    const [one = '', two = ''] = folders;
    await walk.projects.open(path.join(one, 'a.regenesis'), 'create');
    const other = await walk.projects.open(path.join(two, 'b.regenesis'), 'create');
    await walk.call('regenesis.prompt.customize', shippedUri(prompt)); // which is called off
    assert.deepEqual(folders.map(folder => fs.existsSync(path.join(folder, '.regenesis'))), [false, false]);
    await walk.projects.close(other);
    await walk.call('regenesis.prompt.customize', shippedUri(prompt));
    assert.deepEqual(folders.map(folder => fs.existsSync(path.join(folder, '.regenesis/prompts', prompt))), [true, false]);
    assert.match((await walk.call('regenesis.prompt.compare', vscode.Uri.file(path.join(two, '.regenesis/prompts', prompt))))[0]?.words ?? '', /is not in .*two.* any more/);
  });

  it('are held against what ships, which cannot be written', async () => {
    begin();
    await walk.projects.open(path.join(walk.folder, 'sample.regenesis'), 'create');
    await walk.call('regenesis.prompt.customize', shippedUri(prompt));
    assert.deepEqual(await walk.call('regenesis.prompt.compare', file), []);
    assert.deepEqual(inFront(), [shippedUri(prompt).toString(), file.toString()]);
    const shipped = await vscode.workspace.openTextDocument(shippedUri(prompt));
    await vscode.window.showTextDocument(shipped);
    await vscode.commands.executeCommand('type', { text: 'mine' });
    assert.equal(shipped.getText(), shippedText);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(await walk.call('regenesis.prompt.compare', shippedUri(prompt)), [], 'from the other side too');
    assert.deepEqual(inFront(), [shippedUri(prompt).toString(), file.toString()]);
  });

  it('are not held against anything where nothing ships under their name, and that is said', async () => {
    begin();
    await walk.projects.open(path.join(walk.folder, 'sample.regenesis'), 'create');
    assert.match((await walk.call('regenesis.prompt.compare', shippedUri(prompt)))[0]?.words ?? '', /^There is no copy of regenesis\/path\.rgprompt/);
    await own.add('partials/mine.rgprompt', 'mine', { isCopy: false });
    for (const id of ['regenesis.prompt.compare', 'regenesis.prompt.revert'] as const) {
      assert.match((await walk.call(id, vscode.Uri.file(own.fileOf('partials/mine.rgprompt'))))[0]?.words ?? '', /mine\.rgprompt is all your own: nothing ships/);
      assert.match((await walk.call(id, vscode.Uri.file(path.join(walk.folder, 'tasks.yaml'))))[0]?.words ?? '', /tasks\.yaml lies in no folder \.regenesis\/prompts/);
    }
    assert.deepEqual(inFront(), []);
  });

  it('are flagged when what ships has changed since, until that was seen', async () => {
    const newer = fs.mkdtempSync(path.join(os.tmpdir(), 'newer-'));
    try {
      fs.cpSync(shippedFolder, newer, { recursive: true });
      fs.appendFileSync(path.join(newer, prompt), '\nOf the next version.\n');
      begin(newer);
      await own.add(prompt, shippedText, { isCopy: true }); // as the version before this one did it
      fs.appendFileSync(file.fsPath, '\nMine.\n');
      await walk.projects.open(path.join(walk.folder, 'sample.regenesis'), 'create');
      const words = 'The shipped regenesis/path.rgprompt is another than the one that your copy was made from.';
      assert.deepEqual(await walk.call('regenesis.prompt.customize', shippedUri(prompt)), [{ words, actions: ['Compare with Shipped', 'Mark Shipped Change As Seen'] }]);
      assert.deepEqual(flags(), [`Information shipped-changed ${words}`]);
      const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', file, new vscode.Range(0, 0, 0, 1));
      assert.deepEqual([...new Set(fixes.map(({ title }) => title))], ['Compare with Shipped', 'Mark Shipped Change As Seen']);
      assert.match((await walk.call('regenesis.prompt.compare', file))[0]?.words ?? '', /on the left, is another/);
      assert.equal(flags().length, 1, 'whoever compares has not taken over anything yet');
      assert.deepEqual(await walk.call('regenesis.prompt.markSeen', file), []);
      assert.deepEqual(flags(), []);
      assert.match((await walk.call('regenesis.prompt.markSeen', file))[0]?.words ?? '', /has not changed since/);
    } finally {
      fs.rmSync(newer, { recursive: true, force: true });
    }
  });

  it('go away when they are taken back, and only then', async () => {
    begin();
    await walk.projects.open(path.join(walk.folder, 'sample.regenesis'), 'create');
    await walk.call('regenesis.prompt.customize', shippedUri(prompt));
    assert.match((await walk.call('regenesis.prompt.revert', file))[0]?.words ?? '', /^Your own regenesis\/path\.rgprompt goes to the trash/);
    assert.equal(own.has(prompt), true, 'nobody agreed');
    walk.agrees = true;
    await walk.call('regenesis.prompt.revert', file);
    assert.equal(own.has(prompt), false);
    assert.deepEqual(await own.changes(new Map()), [], 'nothing is kept of it');
    while (inFront().length > 0) await new Promise(resolve => { setTimeout(resolve, 20); }); // the editor closes what is gone
  });

  it('run: a new recipe does what it extends, under its own name', async () => {
    begin();
    const opened = await project();
    await own.add('mine/mine.rgrecipe.yaml', recipeText('mine', 'without-hints'), { isCopy: false });
    const { recipes } = await opened.call('recipes', {});
    assert.deepEqual(recipes.filter(({ name }) => name === 'mine').map(({ title, hints }) => [title, hints]), [['Mine', false]]);
    const { state, calls } = await opened.run('startRun', { recipe: 'mine', limit: 2 });
    assert.deepEqual([state, calls > 0], ['completed', true]);
  });

  it('say which record cannot be read, and copy nothing', async () => {
    begin();
    await walk.projects.open(path.join(walk.folder, 'sample.regenesis'), 'create');
    fs.mkdirSync(own.home, { recursive: true });
    fs.writeFileSync(own.record, '<<<<<<< ours');
    const [said] = await walk.call('regenesis.prompt.customize', shippedUri(prompt));
    assert.equal(said?.code, 'file-unreadable');
    assert.equal(own.has(prompt), false);
  });
});

/** Without a walk, whose flags would stand beside those of the extension. */
describe('prompts of one\'s own in a folder of the workspace, without a project', () => {
  before(activated);

  it('are flagged too', async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const there = new OwnPrompts(homeFrom(workspace.uri.fsPath));
    try {
      await there.add(prompt, shippedText, { isCopy: true });
      await there.mark(prompt, 'what an earlier version shipped');
      fs.appendFileSync(there.fileOf(prompt), '\nMine.\n');
      const uri = vscode.Uri.file(there.fileOf(prompt));
      await vscode.window.showTextDocument(uri);
      while (vscode.languages.getDiagnostics(uri).length === 0) await new Promise(resolve => { setTimeout(resolve, 50); });
      await vscode.commands.executeCommand('regenesis.prompt.markSeen', uri);
      assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
      assert.deepEqual(await there.changes(new Map([[prompt, shippedText]])), []);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      fs.rmSync(path.join(workspace.uri.fsPath, '.regenesis'), { recursive: true, force: true });
    }
  });
});
