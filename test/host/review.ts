import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { methods } from '../../src/contract/engine.ts';
import { reviewPage, type ReviewAddress, type ReviewIntent, type ReviewSnapshot } from '../../src/contract/pages/review.ts';
import type { ReviewLine } from '../../src/contract/review.ts';
import { customEditors, reviewScheme } from '../../src/host/manifest.ts';
import type { Project } from '../../src/host/projects/project.ts';
import { ReviewEditor } from '../../src/host/review/reviewEditor.ts';
import type { ReviewDocument } from '../../src/host/review/reviewDocument.ts';
import { reviewUri } from '../../src/host/review/showReview.ts';
import { useDemoServer } from '../../src/host/servers/useDemo.ts';
import { HeardBuilder, type HeardPage } from './heardBuilder.ts';
import { Walk } from './walk.ts';

const soon = () => new Promise(resolve => { setTimeout(resolve, 50); });
/** The tabs that reviews stand in. */
const tabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === customEditors.review);

type Page = HeardPage<ReviewSnapshot, ReviewIntent>;

describe('reviews', function () {
  this.timeout(90_000);
  let walk: Walk;
  let project: Project;
  let log: vscode.LogOutputChannel;
  let address: ReviewAddress;

  const reviews = async (): Promise<readonly ReviewLine[]> => (await project.call(methods.reviewPage, { after: 0, limit: 1_000 })).reviews;
  const until = async (holds: () => Promise<boolean>): Promise<void> => { while (!await holds()) await soon(); };

  before(async () => {
    walk = new Walk();
    log = vscode.window.createOutputChannel('Review', { log: true });
    project = await walk.projects.open(path.join(walk.folder, 'reviewed.regenesis'), 'create-sample');
    await useDemoServer(project, await walk.demo.url());
    const { state } = await project.run(methods.startRun, { limit: 4 });
    assert.equal(state, 'completed');
    address = { project: project.path, title: 'Review next', query: { kind: 'queue', name: 'next' } };
  });

  after(async () => {
    await vscode.commands.executeCommand('regenesis.project.close', { kind: 'project', id: 'x', project: project.path });
    await walk.end();
    log.dispose();
  });

  it('stand in files that the editor can write, which forget what is written', async () => {
    const uri = reviewUri(address);
    assert.equal(uri.scheme, reviewScheme);
    assert.equal((await vscode.workspace.fs.stat(uri)).type, vscode.FileType.File);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(reviewScheme), true);
    await vscode.workspace.fs.writeFile(uri, Buffer.from('nothing'));
    assert.deepEqual(JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(uri)).toString()), address);
    assert.equal(vscode.Uri.parse(uri.toString()).query, uri.query, 'an address is the same after it was written down');
  });

  it('open in one tab for each queue, which has nothing to save, and are decided by commands', async () => {
    await vscode.commands.executeCommand('regenesis.project.open', vscode.Uri.file(project.path));
    await vscode.commands.executeCommand('regenesis.review.next', { project: project.path });
    await vscode.commands.executeCommand('regenesis.review.next', { project: project.path });
    assert.deepEqual(tabs().map(({ isDirty, isActive }) => [isDirty, isActive]), [[false, true]]);
    // a page that is being loaded hears no keys
    await until(async () => {
      if ((await reviews()).length === 0) await vscode.commands.executeCommand('regenesis.review.accept');
      await soon();
      return (await reviews()).length > 0;
    });
    await vscode.commands.executeCommand('regenesis.review.undo');
    await until(async () => (await reviews()).some(({ decision }) => decision === 'none'));
    const [accepted, ...others] = await reviews();
    const undone = others.find(({ decision }) => decision === 'none');
    assert.equal(accepted?.decision, 'accept');
    assert.ok(undone?.supersedes !== undefined && (await reviews()).some(({ id }) => id === undone.supersedes));
    assert.equal(tabs()[0]?.isDirty, false);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    assert.deepEqual(tabs(), []);
  });

  it('are opened by whatever the editor opens them with', async () => {
    await vscode.commands.executeCommand('vscode.open', reviewUri(address));
    assert.equal(tabs().length, 1);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  describe('of which a test is the page', () => {
    let builder: HeardBuilder;
    let editor: ReviewEditor;
    let edits: number;
    let panels: vscode.WebviewPanel[];
    let storage: string;

    async function opened(backup?: string): Promise<{ readonly document: ReviewDocument; readonly page: Page }> {
      const document = await editor.open(reviewUri(address), { backup, edited: () => { edits += 1; } });
      const panel = vscode.window.createWebviewPanel('test', 'Test', vscode.ViewColumn.Active);
      panels.push(panel);
      document.fill(panel);
      return { document, page: builder.latest(reviewPage) };
    }
    const session = async ({ snapshot }: Page) => {
      const { shown } = await snapshot();
      assert.ok(shown.kind === 'session', shown.kind);
      return shown;
    };
    const shownPath = async (page: Page): Promise<string> => {
      const { session: { order, at } } = await session(page);
      return order[at] ?? '';
    };
    const autoSave = (value: string | undefined) => vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);

    beforeEach(() => {
      [edits, panels] = [0, []];
      builder = new HeardBuilder(log);
      storage = fs.mkdtempSync(path.join(os.tmpdir(), 'reviews-'));
      editor = new ReviewEditor({ projects: walk.projects, builder, fulfil: async () => undefined }, storage);
    });

    afterEach(async () => {
      await autoSave(undefined);
      for (const panel of panels) panel.dispose();
      editor.dispose();
      fs.rmSync(storage, { recursive: true, force: true });
    });

    it('store an amendment when they are saved, and are clean', async () => {
      await autoSave('off');
      const { document, page } = await opened();
      const fingerprint = await shownPath(page);
      await page.fulfil({ kind: 'draft', draft: { path: fingerprint, text: 'Better: \\boxed{1}' } });
      assert.equal(edits, 1);
      await document.save();
      const last = (await reviews()).at(-1);
      assert.deepEqual([last?.path, last?.decision, last?.amendedText], [fingerprint, 'amend', 'Better: \\boxed{1}']);
      const { draft, session: { judgements }, saved } = await session(page);
      assert.deepEqual([draft, judgements[fingerprint]?.decision, saved], [null, 'amend', [last?.id]]);
      await document.save();
      assert.equal((await reviews()).at(-1)?.id, last?.id, 'nothing is left to save');
    });

    it('forget an amendment when they are reverted', async () => {
      const { document, page } = await opened();
      const before = (await reviews()).length;
      await page.fulfil({ kind: 'draft', draft: { path: await shownPath(page), text: 'no' } });
      document.revert();
      assert.equal((await session(page)).draft, null);
      await document.save();
      assert.equal((await reviews()).length, before);
    });

    it('come back with what was typed from the place that the editor keeps it in', async () => {
      const { document, page } = await opened();
      const fingerprint = await shownPath(page);
      await page.fulfil({ kind: 'look', at: 1, missing: [] });
      const second = await shownPath(page);
      assert.notEqual(second, fingerprint);
      await page.fulfil({ kind: 'draft', draft: { path: second, text: 'half a\n\u{1F600}' } });
      const backup = await document.backUp(vscode.Uri.file(path.join(storage, 'backup')));
      document.dispose();
      edits = 0;
      const again = await opened(backup.id);
      const { draft } = await session(again.page);
      assert.deepEqual([draft, await shownPath(again.page), edits], [{ path: second, text: 'half a\n\u{1F600}' }, second, 1]);
      backup.delete();
      again.document.revert();
    });

    it('keep what is typed aside where the editor saves by itself, and decide nothing', async () => {
      await autoSave('afterDelay');
      const { document, page } = await opened();
      const before = (await reviews()).length;
      const fingerprint = await shownPath(page);
      await page.fulfil({ kind: 'draft', draft: { path: fingerprint, text: 'half' } });
      await document.save();
      assert.equal((await reviews()).length, before);
      document.dispose();
      const again = await opened();
      assert.deepEqual((await session(again.page)).draft, { path: fingerprint, text: 'half' });
      await again.page.fulfil({ kind: 'act', pending: { id: 'typed', path: fingerprint, action: { kind: 'amend', text: 'whole' }, seconds: 1 } });
      assert.equal((await session(again.page)).draft, null);
      again.document.dispose();
      assert.equal((await session((await opened()).page)).draft, null, 'it is not kept any longer');
      assert.equal((await reviews()).filter(({ id }) => id === 'typed').length, 1);
    });

    it('refuse an address that is none', async () => {
      await assert.rejects(editor.open(vscode.Uri.parse(`${reviewScheme}:/x.review?nonsense`), { backup: undefined, edited: () => undefined }), /names no review/);
    });
  });
});
