import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { bundlesIn, nodeFor } from '../../src/host/engines.ts';
import { grammarReader, type Contributed } from '../support/grammarTokens.ts';
import { languageServers } from './languageServers.ts';

const bundles = bundlesIn(path.resolve(__dirname, '../..'), { app: 'test', storage: fs.mkdtempSync(path.join(os.tmpdir(), 'storage-')) });
const head = '---\nstage: path\noutput: boxed\n---\n';
const good = `${head}{% include "partials/own.rgprompt" %}\n{% if structure %}{{ structure.text }}{% else %}{{ adapted.text }}{% endif %}\nEnd with \\boxed{}.\n`;

describe('the prompt language in the editor', function () {
  this.timeout(30_000);
  let root: string;

  const uriOf = (name: string): vscode.Uri => vscode.Uri.file(path.join(root, name));
  function write(name: string, text: string): vscode.Uri {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
    return uriOf(name);
  }
  const codes = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).map(({ code }) => typeof code === 'object' ? code.value : code);
  /** What stands in the Problems panel of a file, as soon as it is so. */
  async function problems(uri: vscode.Uri, areRight: (found: readonly (string | number | undefined)[]) => boolean): Promise<readonly vscode.Diagnostic[]> {
    while (!areRight(codes(uri))) {
      await new Promise<void>(resolve => {
        const heard = vscode.languages.onDidChangeDiagnostics(() => { heard.dispose(); resolve(); });
        setTimeout(() => { heard.dispose(); resolve(); }, 500);
      });
    }
    return vscode.languages.getDiagnostics(uri);
  }
  async function show(uri: vscode.Uri): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    return document;
  }
  async function apply(edit: vscode.WorkspaceEdit | undefined): Promise<void> {
    assert.ok(edit && await vscode.workspace.applyEdit(edit));
  }

  before(() => {
    root = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', '.regenesis/prompts');
    write('partials/own.rgprompt', 'Solve this: {{ task.question }}\n');
  });
  afterEach(async () => {
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(path.dirname(root), { recursive: true, force: true });
  });

  it('starts its server with the first prompt, shows what is wrong with it, and takes that away with a quick fix', async () => {
    const document = await show(write('mine/fix.rgprompt', good.replace('structure.text', 'structure.txt')));
    assert.equal(document.languageId, 'regenesis-prompt');
    const [found] = await problems(document.uri, all => all.length === 1 && all[0] === 'variable.unknown');
    assert.equal(languageServers().length, 1, 'one for all files');
    assert.ok(found);
    assert.equal(document.getText(found.range), 'structure.txt');
    assert.equal(found.source, 'regenesis');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, found.range);
    await apply(actions.find(({ edit }) => edit !== undefined)?.edit);
    assert.equal(document.getText(), good);
    await problems(document.uri, all => all.length === 0);
  });

  it('completes, explains and goes to what a name stands for, also to what the extension came with', async () => {
    const document = await show(write('mine/words.rgprompt', good.replace('partials/own', 'partials/task').replace('{{ adapted.text }}', '{{ adapted. }}')));
    const at = (words: string, by: number) => document.positionAt(document.getText().indexOf(words) + by);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, at('adapted. ', 8));
    assert.ok(items.some(({ label, kind }) => kind !== vscode.CompletionItemKind.Text && (typeof label === 'string' ? label : label.label).includes('text')), JSON.stringify(items.slice(0, 5)));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at('structure.text', 12));
    assert.match(hovers.flatMap(({ contents }) => contents.map(each => each instanceof vscode.MarkdownString ? each.value : '')).join('\n'), /structure/);
    const [to] = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', document.uri, at('partials/task', 12));
    const uri = to && 'uri' in to ? to.uri : to?.targetUri;
    assert.equal(uri?.toString(true), 'regenesis-shipped:/partials/task.rgprompt');
    assert.match((await vscode.workspace.openTextDocument(uri)).getText(), /^### Task/);
  });

  it('renames a partial with every prompt that includes it', async () => {
    const document = await show(write('mine/rename.rgprompt', good));
    const position = document.positionAt(document.getText().indexOf('own.rgprompt') + 1);
    await apply(await vscode.commands.executeCommand<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, position, 'ours'));
    assert.ok(document.getText().includes('partials/ours.rgprompt'));
    assert.ok(fs.existsSync(path.join(root, 'partials/ours.rgprompt')) && !fs.existsSync(path.join(root, 'partials/own.rgprompt')));
    fs.renameSync(path.join(root, 'partials/ours.rgprompt'), path.join(root, 'partials/own.rgprompt'));
  });

  it('formats, outlines and folds', async () => {
    const document = await show(write('mine/format.rgprompt', good.replace('{{ structure.text }}', '{{structure.text}}')));
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>('vscode.executeFormatDocumentProvider', document.uri, { tabSize: 2, insertSpaces: true });
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await apply(edit);
    assert.ok(document.getText().includes('{{ structure.text }}'));
    assert.ok((await vscode.commands.executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri)).length > 0);
    assert.ok((await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri)).length > 0);
  });

  it('checks recipes and guidelines too, and sees what changes on the disk', async () => {
    const recipe = await show(write('mine/mine.rgrecipe.yaml', 'extends: regenesis\ntitle: Mine\nguidelines: [own-advice]\n'));
    assert.equal(recipe.languageId, 'regenesis-recipe');
    await problems(recipe.uri, all => all.includes('recipe.guidelines'));
    const guidelines = write('guidelines/own.yaml', 'guidelines:\n  - id: own-advice\n    title: Own advice\n    text: Look twice.\n');
    assert.equal((await vscode.workspace.openTextDocument(guidelines)).languageId, 'regenesis-guidelines');
    await problems(recipe.uri, all => !all.includes('recipe.guidelines'));
  });

  it('colours heads, tags and Markdown with the grammars of this very editor', async () => {
    const extensions = path.join(vscode.env.appRoot, 'extensions');
    const builtIn = ['markdown-basics', 'yaml'].flatMap(name => {
      const folder = path.join(extensions, name);
      const { contributes } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { contributes: { grammars: { scopeName: string; path: string }[] } };
      return contributes.grammars.map(({ scopeName, path: file }) => [scopeName, path.join(folder, file)] as const);
    });
    const { contributes } = vscode.extensions.getExtension('regenesis-workbench.regenesis')?.packageJSON as { contributes: { grammars: Contributed[] } };
    const read = grammarReader(path.resolve(__dirname, '../..'), contributes.grammars, scope => {
      const file = new Map(builtIn).get(scope);
      return file === undefined ? undefined : fs.readFileSync(file, 'utf8');
    });
    const tokens = await read('regenesis-prompt', `${head}# Task {{ task.question | trim }}\n**{# x #}** and\n- {% if hint %}\n`);
    const scopesOf = (words: string): string => tokens.find(each => each.words === words)?.scopes.join(' ') ?? `no ${words}`;
    assert.match(scopesOf('stage'), /meta\.embedded\.block\.frontmatter .*entity\.name\.tag\.yaml/);
    assert.match(scopesOf('question'), /heading\.1\.markdown .*meta\.tag\.output\.regenesis-prompt .*variable\.other\.property/);
    assert.match(scopesOf('trim'), /support\.function\.filter/);
    assert.match(scopesOf('x'), /markup\.bold\.markdown .*comment\.block\.regenesis-prompt/);
    assert.match(scopesOf('if'), /markup\.list\.unnumbered\.markdown .*keyword\.control/);
    const output = await read('regenesis-output', '1. So **\\boxed{7}**');
    assert.match(output.find(({ words }) => words === '7')?.scopes.join(' ') ?? '', /markup\.bold\.markdown .*markup\.bold\.answer/);
  });

  it('says what the selected task of an open project holds, and what saving would make stale', async () => {
    const project = path.join(path.dirname(path.dirname(root)), 'told.regenesis');
    execFileSync(nodeFor(bundles), [bundles.cliPath, 'init', project, '--sample'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', REGENESIS_IDLE_MS: '0' } });
    try {
      await vscode.commands.executeCommand('regenesis.project.open', vscode.Uri.file(project));
      const document = await show(write('without-hints/path.rgprompt', good.replace('{% include "partials/own.rgprompt" %}', '{{ task.question }}')));
      const position = document.positionAt(document.getText().indexOf('question') + 2);
      const words = async () => (await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position)).flatMap(({ contents }) => contents.map(each => each instanceof vscode.MarkdownString ? each.value : '')).join('\n');
      let said = await words();
      while (!said.includes('For the task')) {
        await new Promise(resolve => { setTimeout(resolve, 200); }); // the project is being opened
        said = await words();
      }
      assert.match(said, /For the task .+:[^]*\w{3}/);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
      assert.ok(lenses.some(({ command }) => command?.command.startsWith('regenesis.') === true));
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('regenesis.project.close', { kind: 'project', id: 'told', project }); // named, since others may be open
      for (const name of fs.readdirSync(path.dirname(project))) if (name.startsWith('told.')) fs.rmSync(path.join(path.dirname(project), name));
    }
  });

  it('starts its server anew when it is told to, or when it ended by itself', async () => {
    const document = await show(write('mine/restart.rgprompt', good.replace('structure.text', 'structure.txt')));
    await problems(document.uri, all => all.includes('variable.unknown'));
    const [first] = languageServers();
    await vscode.commands.executeCommand('regenesis.language.restart');
    await problems(document.uri, all => all.includes('variable.unknown'));
    const [second] = languageServers();
    assert.ok(first !== undefined && second !== undefined && first !== second);
    process.kill(second, 'SIGKILL');
    while (languageServers().length === 0 || languageServers()[0] === second) await new Promise(resolve => { setTimeout(resolve, 50); });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(4, 0), '{{ nothing }}');
    await apply(edit);
    await problems(document.uri, all => all.filter(code => code === 'variable.unknown').length === 2);
  });

  it('starts its server when it is told to, after it could not be started', async () => {
    const document = await show(write('mine/again.rgprompt', good.replace('structure.text', 'structure.txt')));
    await problems(document.uri, all => all.includes('variable.unknown'));
    const away = `${bundles.serverPath}.away`;
    fs.renameSync(bundles.serverPath, away);
    try {
      for (const time of ['first', 'second']) {
        await vscode.commands.executeCommand('regenesis.language.restart');
        assert.deepEqual(languageServers(), [], `the ${time} time`);
        await problems(document.uri, all => all.length === 0);
      }
    } finally {
      fs.renameSync(away, bundles.serverPath);
    }
    await vscode.commands.executeCommand('regenesis.language.restart');
    await problems(document.uri, all => all.includes('variable.unknown'));
    assert.equal(languageServers().length, 1);
  });
});
