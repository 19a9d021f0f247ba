import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { CancellationTokenSource, LSPErrorCodes, type CancellationToken, type CompletionItem, type CompletionList, type Location, type Range, type WorkspaceEdit } from 'vscode-languageserver/node';
import { projectChanged, projectRequests } from '../../src/contract/promptLanguage.ts';
import { LanguageSession } from '../support/languageSession.ts';

const head = '---\nstage: path\noutput: boxed\n---\n';
const good = `${head}{{ task.question }}\n{% if structure %}{{ structure.text }}{% else %}{{ adapted.text }}{% endif %}\n\\boxed{}\n`;
/** Place of a text in another. */
const rangeOf = (text: string, part: string): Range => {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  const [line, character] = [before.length - 1, before.at(-1)?.length ?? 0];
  return { start: { line, character }, end: { line, character: character + part.length } };
};

describe('the server of the prompt language', function () {
  this.timeout(30_000);
  let session: LanguageSession;
  let folder: string;
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, '.regenesis/prompts', name)).href;

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prompts-'));
    session = new LanguageSession();
    await session.begin(folder);
  });
  afterEach(() => {
    session.process.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('finds what is wrong, follows a correction key by key, and ends', async () => {
    const uri = uriOf('mine/path.rgprompt');
    const text = good.replace('task.question', 'task.qestion');
    await session.open(uri, text);
    const { diagnostics, version } = await session.diagnostics(uri, 1);
    assert.equal(version, 1);
    const found = diagnostics.find(({ code }) => code === 'variable.unknown');
    assert.deepEqual(found?.range, rangeOf(text, 'task.qestion'));
    const page = new URL(found.codeDescription?.href ?? '');
    assert.ok(fs.readFileSync(page, 'utf8').includes('### `variable.unknown`'), page.href);
    const { start } = rangeOf(text, 'estion');
    const corrected = await session.type(uri, 'u', { start, end: start });
    assert.deepEqual((await session.diagnostics(uri, corrected)).diagnostics, []);
    assert.equal(await session.end(), 0);
  });

  it('completes, renames over files that are not open, and goes to what a name stands for', async () => {
    const partial = path.join(folder, '.regenesis/prompts/partials/own.rgprompt');
    const other = path.join(folder, '.regenesis/prompts/mine/adapt.rgprompt');
    for (const file of [partial, other]) fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(partial, 'Think.\n');
    fs.writeFileSync(other, '---\nstage: adapt\n---\n{% include "partials/own.rgprompt" %}\n{{ task.question }}{{ guideline.text }}\n');
    const uri = uriOf('mine/path.rgprompt');
    const text = good.replace('{{ task.question }}', '{{ task. }}{% include "partials/own.rgprompt" %}');
    await session.open(uri, text);
    const { end } = rangeOf(text, 'task.');
    const completed = await session.ask<CompletionItem[] | CompletionList>('textDocument/completion', { textDocument: { uri }, position: end });
    assert.ok((Array.isArray(completed) ? completed : completed.items).some(({ label }) => label.includes('question')));
    await session.type(uri, 'question', { start: end, end });
    const { start } = rangeOf(text.replace('task. ', 'task.question '), 'partials/own');
    const [to] = await session.ask<Location[]>('textDocument/definition', { textDocument: { uri }, position: start });
    assert.equal(to?.uri, uriOf('partials/own.rgprompt'));
    const position = { line: start.line, character: start.character + 10 };
    const { documentChanges = [], changes = {} } = await session.ask<WorkspaceEdit>('textDocument/rename', { textDocument: { uri }, position, newName: 'ours' });
    const touched = new Set([...Object.keys(changes), ...documentChanges.flatMap(change => 'textDocument' in change ? [change.textDocument.uri] : 'oldUri' in change ? [change.oldUri] : [])]);
    assert.deepEqual([...touched].sort(), [uri, uriOf('mine/adapt.rgprompt'), uriOf('partials/own.rgprompt')].sort());
  });

  it('says of a link out of the folder that no run reads it, whatever stands in it', async () => {
    const [inside, outside] = [path.join(folder, '.regenesis/prompts/mine/path.rgprompt'), fs.mkdtempSync(path.join(os.tmpdir(), 'outside-'))];
    fs.mkdirSync(path.dirname(inside), { recursive: true });
    fs.writeFileSync(path.join(outside, 'path.rgprompt'), good);
    fs.symlinkSync(path.join(outside, 'path.rgprompt'), inside);
    await session.open(uriOf('mine/path.rgprompt'), good);
    const { diagnostics } = await session.diagnostics(uriOf('mine/path.rgprompt'), 1);
    assert.deepEqual(diagnostics.map(({ code, severity }) => [code, severity]), [['file-unreadable', 1]]);
    fs.rmSync(outside, { recursive: true });
  });

  it('refuses a rename in words, and goes on', async () => {
    const uri = uriOf('mine/path.rgprompt');
    await session.open(uri, good);
    await assert.rejects(session.ask('textDocument/rename', { textDocument: { uri }, position: rangeOf(good, 'boxed').start, newName: 'x' }), ({ message }: Error) => message.length > 10 && !message.includes('    at '));
    assert.deepEqual((await session.diagnostics(uri, 1)).diagnostics, []);
  });

  it('looks anew at a file when another that it rests on changes, in the editor or on the disk', async () => {
    const [uri, partial] = [uriOf('mine/path.rgprompt'), uriOf('partials/own.rgprompt')];
    const text = good.replace('{{ task.question }}', '{% include "partials/own.rgprompt" %}');
    await session.open(uri, text);
    assert.ok((await session.diagnostics(uri, 1)).diagnostics.some(({ code }) => code === 'partial.unknown'));
    session.pushed.length = 0;
    await session.open(partial, '{{ task.question }}\n');
    assert.deepEqual((await session.diagnostics(uri, 1)).diagnostics, []);
    session.pushed.length = 0;
    await session.tell('textDocument/didClose', { textDocument: { uri: partial } });
    assert.ok((await session.diagnostics(uri, 1)).diagnostics.some(({ code }) => code === 'partial.unknown'), 'it was never saved');
    fs.mkdirSync(path.join(folder, '.regenesis/prompts/partials'), { recursive: true });
    fs.writeFileSync(path.join(folder, '.regenesis/prompts/partials/own.rgprompt'), '{{ task.question }}\n');
    session.pushed.length = 0;
    await session.tell('workspace/didChangeWatchedFiles', { changes: [{ uri: partial, type: 1 }] });
    assert.deepEqual((await session.diagnostics(uri, 1)).diagnostics, []);
  });

  it('tells of a burst of keys once, and never of a text that is not there any more', async () => {
    const uri = uriOf('mine/path.rgprompt');
    await session.open(uri, good);
    await session.diagnostics(uri, 1);
    session.pushed.length = 0;
    const at = { line: 5, character: 0 };
    let last = 0;
    for (const letter of [...'{{ nothing }} '.repeat(20)].reverse()) last = await session.type(uri, letter, { start: at, end: at });
    const { diagnostics } = await session.diagnostics(uri, last);
    assert.equal(diagnostics.filter(({ code }) => code === 'variable.unknown').length, 20);
    assert.ok(session.pushed.length < last / 4, `${session.pushed.length} pushes for ${last - 1} keys`);
    const versions = session.pushed.map(({ version }) => version ?? 0);
    assert.deepEqual(versions, versions.toSorted((a, b) => a - b));
  });

  it('does not answer what was called off', async () => {
    const uri = uriOf('mine/path.rgprompt');
    await session.open(uri, `${good}${'{{ task.question }}\n'.repeat(30_000)}`);
    const source = new CancellationTokenSource();
    const asked = Array.from({ length: 20 }, () => session.ask('textDocument/completion', { textDocument: { uri }, position: { line: 4, character: 8 } }, source.token));
    source.cancel();
    const outcomes = await Promise.allSettled(asked);
    assert.ok(outcomes.some(outcome => outcome.status === 'rejected' && (outcome.reason as { code?: number }).code === LSPErrorCodes.RequestCancelled), JSON.stringify(outcomes).slice(0, 300));
  });

  it('asks the editor what only a project knows, and calls that off with the hover that wanted it', async () => {
    const calledOff = new Promise<string>(resolve => {
      session.connection.onRequest(projectRequests.values.name, (_params: unknown, token: CancellationToken) => new Promise(() => { token.onCancellationRequested(() => { resolve('called off'); }); }));
    });
    const uri = uriOf('mine/path.rgprompt');
    await session.open(uri, good);
    const source = new CancellationTokenSource();
    const hover = session.ask('textDocument/hover', { textDocument: { uri }, position: rangeOf(good, 'question').start }, source.token);
    hover.catch(() => undefined); // looked at below
    await session.diagnostics(uri, 1);
    source.cancel();
    assert.equal(await calledOff, 'called off');
    await assert.rejects(hover, { code: LSPErrorCodes.RequestCancelled });
  });

  it('keeps a warning of the project while it asks again, and lets no file wait for the answer about another', async () => {
    const [slow, broken, long, typed] = ['slow/path.rgprompt', 'broken/path.rgprompt', 'long/path.rgprompt', 'typed/path.rgprompt'].map(uriOf) as [string, string, string, string];
    let limit = 10;
    session.connection.onRequest(projectRequests.budget.name, ({ uri }: { uri: string }) => {
      if (uri === slow) return new Promise(() => undefined);
      if (uri === broken) throw new Error('gone');
      return { tokens: 100, limit, estimated: false };
    });
    for (const uri of [slow, broken, long, typed]) await session.open(uri, good);
    const told = (uri: string) => session.pushed.filter(each => each.uri === uri).map(({ diagnostics }) => diagnostics.map(({ code }) => code));
    const until = async (isSo: () => boolean) => { while (!isSo()) await delay(20); };
    await until(() => [long, typed].every(uri => told(uri).at(-1)?.includes('budget.too-long') === true));
    session.pushed.length = 0;
    const last = await session.type(typed, '{{ nothing }}', { start: { line: 4, character: 0 }, end: { line: 4, character: 0 } });
    await session.diagnostics(typed, last);
    await until(() => [slow, broken, long].every(uri => told(uri).length > 0));
    await delay(300); // for what would be told after it
    assert.deepEqual(told(typed), [['variable.unknown', 'budget.too-long']]);
    assert.deepEqual(told(long), [['budget.too-long']]);
    limit = 1_000;
    await session.tell(projectChanged, undefined);
    await until(() => told(long).at(-1)?.length === 0 && told(typed).at(-1)?.length === 1);
  });

  it('has the heads of files asked for anew when another file changed, and when the project did', async () => {
    let asked = 0;
    session.connection.onRequest('workspace/codeLens/refresh', () => { asked += 1; return null; });
    const [uri, other] = [uriOf('mine/path.rgprompt'), uriOf('mine/adapt.rgprompt')];
    await session.open(uri, good);
    await session.type(uri, `${good}1`);
    await delay(1_300);
    assert.equal(asked, 0, 'the editor asks for those of the file in which somebody types');
    await session.open(other, good);
    for (const letter of 'abc') await session.type(other, good + letter);
    await delay(1_300);
    assert.equal(asked, 1);
    await session.tell(projectChanged, undefined);
    await delay(1_300);
    assert.equal(asked, 2);
  });

  it('offers commands only to an editor that has them', async () => {
    const plain = new LanguageSession();
    try {
      assert.equal((await plain.begin(folder, 'plain')).capabilities.codeLensProvider, undefined);
    } finally {
      plain.process.kill();
    }
    const other = new LanguageSession();
    try {
      assert.ok((await other.begin(folder)).capabilities.codeLensProvider);
    } finally {
      other.process.kill();
    }
  });

  it('sees what was saved where the editor watches no files', async () => {
    const plain = new LanguageSession();
    try {
      await plain.begin(folder, 'plain');
      const [uri, partial] = [uriOf('mine/path.rgprompt'), path.join(folder, '.regenesis/prompts/partials/own.rgprompt')];
      await plain.open(uri, good.replace('{{ task.question }}', '{% include "partials/own.rgprompt" %}'));
      assert.ok((await plain.diagnostics(uri, 1)).diagnostics.some(({ code }) => code === 'partial.unknown'));
      fs.mkdirSync(path.dirname(partial), { recursive: true });
      fs.writeFileSync(partial, '{{ task.question }}\n');
      await delay(400); // what was told on opening is told
      plain.pushed.length = 0;
      await plain.tell('textDocument/didSave', { textDocument: { uri } });
      assert.deepEqual((await plain.diagnostics(uri, 1)).diagnostics, []);
    } finally {
      plain.process.kill();
    }
  });

  it('answers after whatever it was told', async () => {
    const uri = uriOf('mine/path.rgprompt');
    const garbage = ['', '---', '---\n---', '\0\uD800{{', '{%'.repeat(5_000), `---\n${'['.repeat(2_000)}\n---\n`, '---\nstage: path\n---\n{% if '.repeat(200), '\r\r\n\u2028{# '];
    await session.open(uri, 'x');
    for (const text of garbage) {
      await session.type(uri, text);
      const position = { line: 999_999, character: 999_999 };
      await Promise.allSettled(['completion', 'hover', 'definition', 'prepareRename', 'documentSymbol', 'foldingRange', 'codeLens'].map(name => session.ask(`textDocument/${name}`, { textDocument: { uri }, position })));
    }
    await assert.rejects(session.ask('no/such', {}));
    await Promise.allSettled(['completion', 'hover', 'rename'].map(name => session.ask(`textDocument/${name}`, { textDocument: 7 })));
    await session.tell('textDocument/didChange', { textDocument: { uri, version: 'x' }, contentChanges: [{ range: { start: { line: -5, character: 0 }, end: {} }, text: 7 }] });
    await session.open('untitled:Untitled-1', good);
    await session.open(`${uri}%`, good);
    const last = await session.type(uri, good);
    assert.deepEqual((await session.diagnostics(uri, last)).diagnostics, []);
    assert.equal(await session.end(), 0);
  });
});
