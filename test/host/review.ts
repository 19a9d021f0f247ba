import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { reviewPage, type ReviewAddress, type ReviewIntent, type ReviewSnapshot } from '../../src/contract/pages/review.ts';
import type { ReviewLine } from '../../src/contract/review.ts';
import { customEditors, reviewScheme } from '../../src/host/manifest.ts';
import type { Project } from '../../src/host/projects/project.ts';
import type { Projects } from '../../src/host/projects/projects.ts';
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

  const reviews = async (): Promise<readonly ReviewLine[]> => (await project.call('reviewPage', { after: 0, limit: 1_000 })).reviews;
  const until = async (holds: () => Promise<boolean>): Promise<void> => { while (!await holds()) await soon(); };

  before(async () => {
    walk = new Walk();
    log = vscode.window.createOutputChannel('Review', { log: true });
    project = await walk.projects.open(path.join(walk.folder, 'reviewed.regenesis'), 'create-sample');
    await useDemoServer(project, await walk.demo.url());
    const { state } = await project.run('startRun', { limit: 4 });
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

  it('are decided by no key while another page is in front, though they are seen beside it', async () => {
    await vscode.commands.executeCommand('regenesis.project.open', vscode.Uri.file(project.path));
    await vscode.commands.executeCommand('regenesis.review.next', { project: project.path });
    const before = (await reviews()).length;
    // a page that is loaded hears keys
    await until(async () => {
      await vscode.commands.executeCommand('regenesis.review.accept');
      await soon();
      return (await reviews()).length > before;
    });
    const other = vscode.window.createWebviewPanel('other', 'Of another extension', vscode.ViewColumn.Beside);
    await until(async () => other.active);
    let decided = 0;
    await until(async () => {
      const earlier = decided;
      await new Promise(resolve => { setTimeout(resolve, 500); });
      decided = (await reviews()).length;
      return decided === earlier; // keys that waited for the page are through
    });
    for (const key of ['accept', 'reject', 'confirm', 'undo'] as const) await vscode.commands.executeCommand(`regenesis.review.${key}`);
    await new Promise(resolve => { setTimeout(resolve, 500); });
    assert.equal((await reviews()).length, decided);
    other.dispose();
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await until(async () => {
      await vscode.commands.executeCommand('regenesis.review.undo');
      await soon();
      return (await reviews()).length > decided; // in front again, it hears keys
    });
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('are opened by whatever the editor opens them with', async () => {
    await vscode.commands.executeCommand('vscode.open', reviewUri(address));
    assert.equal(tabs().length, 1);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  describe('of which a test is the page', () => {
    let builder: HeardBuilder;
    let editors: ReviewEditor[];
    let edits: number;
    let panels: vscode.WebviewPanel[];
    let storage: string;

    async function opened(backup?: string, projects = walk.projects): Promise<{ readonly document: ReviewDocument; readonly page: Page }> {
      const document = await editorOf(projects).open(reviewUri(address), { backup, edited: () => { edits += 1; } });
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

    const editorOf = (projects: Projects): ReviewEditor => {
      const made = new ReviewEditor({ projects, builder, fulfil: async () => undefined }, storage);
      editors.push(made);
      return made;
    };

    beforeEach(() => {
      [edits, panels, editors] = [0, [], []];
      builder = new HeardBuilder(log);
      storage = fs.mkdtempSync(path.join(os.tmpdir(), 'reviews-'));
    });

    afterEach(async () => {
      await autoSave(undefined);
      for (const panel of panels) panel.dispose();
      for (const editor of editors) editor.dispose();
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

    describe('in two windows', () => {
      let other: Walk;
      const reviewer = (name: string | undefined) => vscode.workspace.getConfiguration('regenesis').update('review.reviewer', name, vscode.ConfigurationTarget.Global);

      before(async () => {
        other = new Walk();
        await other.projects.open(project.path, 'open');
      });

      after(async () => {
        await reviewer(undefined);
        await other.end();
      });

      /** A review in either window, by somebody. */
      async function both(one: string, two: string): Promise<readonly [Page, Page, ReviewDocument, ReviewDocument]> {
        await reviewer(one);
        const first = await opened();
        await reviewer(two);
        const second = await opened(undefined, other.projects);
        return [first.page, second.page, first.document, second.document];
      }
      const decide = (page: Page, path: string, action: Extract<ReviewIntent, { kind: 'act' }>['pending']['action']) =>
        page.fulfil({ kind: 'act', pending: { id: `two-${Math.random()}`, path, action, seconds: 1 } });
      const decisionIn = async (page: Page, path: string) => (await session(page)).session.judgements[path]?.decision;

      it('of one person keep both decisions, of which the later counts, and each sees the other’s', async () => {
        const [one, two] = await both('Ann', 'Ann');
        const path = await shownPath(one);
        assert.equal(await shownPath(two), path);
        await decide(one, path, { kind: 'reject', reason: 'lucky' });
        await until(async () => await decisionIn(two, path) === 'reject');
        await decide(two, path, { kind: 'decide', decision: 'accept' });
        await until(async () => await decisionIn(one, path) === 'accept');
        const own = (await reviews()).filter(review => review.path === path && review.reviewer === 'Ann');
        assert.deepEqual(own.map(({ decision, supersedes }) => [decision, supersedes]), [['reject', undefined], ['accept', own[0]?.id]]);
        await decide(one, '', { kind: 'undo' });
        await until(async () => (await decisionIn(two, path) ?? 'none') === 'none');
      });

      it('of one person who decides in both at once keep both decisions too', async () => {
        const [one, two] = await both('Ann', 'Ann');
        const path = await shownPath(one);
        await Promise.all([decide(one, path, { kind: 'reject' }), decide(two, path, { kind: 'decide', decision: 'unsure' })]);
        const own = (await reviews()).filter(review => review.path === path && review.reviewer === 'Ann').slice(-2);
        assert.deepEqual(own.map(({ decision }) => decision).sort(), ['reject', 'unsure']);
        const counts = own.at(-1)?.decision;
        for (const page of [one, two]) await until(async () => await decisionIn(page, path) === counts);
      });

      it('of two people keep what both decided, show it to both, and bring the path into the queue where people differ', async () => {
        const [one, two, first, second] = await both('Ann', 'Bob');
        const path = await shownPath(two);
        const task = second.shown?.task.id ?? '';
        await two.fulfil({ kind: 'act', pending: { id: `bob-${path}`, path, task, action: { kind: 'decide', decision: 'accept' }, seconds: 1 } });
        await one.fulfil({ kind: 'act', pending: { id: `ann-${path}`, path, task, action: { kind: 'reject', reason: 'unclear' }, seconds: 1 } });
        const standing = (document: ReviewDocument) => (document.find(path)?.reviews ?? []).flatMap(review => (['Ann', 'Bob'].includes(review.reviewer) ? [`${review.reviewer} ${review.decision}`] : [])).sort();
        for (const document of [first, second]) await until(async () => standing(document).join() === 'Ann reject,Bob accept');
        assert.deepEqual([await decisionIn(one, path), await decisionIn(two, path)], ['reject', 'accept'], 'nobody’s own decision is taken for the other’s');
        const differ = await project.call('reviewQueue', { query: { kind: 'queue', name: 'differ' }, reviewer: 'Carol', skip: [], count: 10 });
        assert.ok(differ.items.some(item => item.path === path));
        assert.equal((await project.call('reviewItem', { task, path })).kept, false, 'a reject wins');
      });
    });

    it('refuse an address that is none', async () => {
      await assert.rejects(editorOf(walk.projects).open(vscode.Uri.parse(`${reviewScheme}:/x.review?nonsense`), { backup: undefined, edited: () => undefined }), /names no review/);
    });
  });
});
