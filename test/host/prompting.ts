import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { promptPreviewPage } from '../../src/contract/pages/promptPreview.ts';
import { promptTrialPage } from '../../src/contract/pages/promptTrial.ts';
import { bundlesIn, nodeFor, openEngineOf } from '../../src/host/engines.ts';
import { Lifetime } from '../../src/host/lifetime.ts';
import { Notify } from '../../src/host/notify.ts';
import { Projects } from '../../src/host/projects/projects.ts';
import { PreviewPanels } from '../../src/host/prompts/previewPanels.ts';
import { promptFacts } from '../../src/host/prompts/promptFacts.ts';
import { usersOf, unsavedOf, uriOf } from '../../src/host/prompts/promptPlaces.ts';
import { shippedUri } from '../../src/host/prompts/shippedDocuments.ts';
import { TrialPanels } from '../../src/host/prompts/trialPanels.ts';
import { DemoServer } from '../../src/host/servers/demoServer.ts';
import { useDemoServer } from '../../src/host/servers/useDemo.ts';
import type { TreeNode } from '../../src/host/tree/node.ts';
import { HeardBuilder } from './heardBuilder.ts';
import { Memory } from './memory.ts';
import { Walk } from './walk.ts';

const root = path.resolve(__dirname, '../..');
const bundles = bundlesIn(root, { app: 'test', storage: fs.mkdtempSync(path.join(os.tmpdir(), 'storage-')) });
const file = 'regenesis/structure.rgprompt';
const shipped = (name: string): string => fs.readFileSync(path.join(root, 'prompts', name), 'utf8');
const token = new vscode.CancellationTokenSource().token;

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(resolve => { setTimeout(resolve, 20); });
};

describe('a prompt that is being written, of which a test is the one that looks', function () {
  this.timeout(90_000);
  const lifetime = new Lifetime();
  let folder: string;
  let demo: DemoServer;
  let projects: Projects;
  let log: vscode.LogOutputChannel;
  let own: string;

  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prompting-')));
    own = path.join(folder, '.regenesis/prompts', file);
    fs.mkdirSync(path.dirname(own), { recursive: true });
    fs.writeFileSync(own, shipped(file));
    await vscode.workspace.getConfiguration().update('files.autoSave', 'off', vscode.ConfigurationTarget.Workspace);
    log = lifetime.add(vscode.window.createOutputChannel('Prompting', { log: true }));
    projects = new Projects({ memory: new Memory(), openEngine: (name, how) => openEngineOf(bundles, name, how), log });
    demo = new DemoServer(() => ({ node: nodeFor(bundles), cliPath: bundles.cliPath, idleMs: 60_000 }));
    const project = await projects.open(path.join(folder, 'p.regenesis'), 'create-sample');
    await useDemoServer(project, await demo.url());
    assert.equal((await project.run('startRun', { recipe: 'without-hints', mode: 'all', limit: 2 })).state, 'completed');
  });

  after(async () => {
    await vscode.workspace.getConfiguration().update('files.autoSave', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await projects.end();
    projects.dispose();
    await demo.end();
    lifetime.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const project = () => projects.all[0] ?? assert.fail('no project');
  const tools = () => ({ projects, view: { selection: [], reveal: async () => undefined }, notify: new Notify(log), log });

  async function type(document: vscode.TextDocument, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().length), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  it('belongs to the project whose prompts it lies among, shipped ones to all', () => {
    assert.deepEqual(usersOf(vscode.Uri.file(own), projects.all)?.file, file);
    assert.deepEqual(usersOf(vscode.Uri.file(own), projects.all)?.projects, projects.all);
    const link = `${folder}-link`;
    fs.symlinkSync(folder, link);
    assert.equal(usersOf(vscode.Uri.file(path.join(link, '.regenesis/prompts', file)), projects.all)?.file, file, 'by a link too');
    fs.rmSync(link);
    assert.equal(usersOf(vscode.Uri.file(path.join(folder, 'other', file)), projects.all), undefined);
    assert.equal(usersOf(vscode.Uri.file(path.join(folder, '.regenesis/prompts/notes.md')), projects.all), undefined);
    assert.deepEqual(usersOf(vscode.Uri.from({ scheme: 'regenesis-shipped', path: '/regenesis/path.rgprompt' }), projects.all)?.file, 'regenesis/path.rgprompt');
    assert.equal(uriOf({ project: project().path, file }).fsPath, own);
    assert.equal(uriOf({ project: project().path, file: 'regenesis/path.rgprompt' }).scheme, 'regenesis-shipped');
  });

  it('is shown as it is typed, with what saving costs, and the facts that others ask for', async () => {
    const document = await vscode.workspace.openTextDocument(own);
    await vscode.window.showTextDocument(document);
    const builder = new HeardBuilder(log);
    const address = { project: project().path, file };
    const selection: TreeNode[] = [];
    const panels = new PreviewPanels({ workbench: { ...tools(), view: { selection, reveal: async () => undefined } }, builder, tryOn: async () => undefined });
    panels.show(address);
    const page = builder.latest(promptPreviewPage);
    const sent = () => {
      const shown = page.sent()?.shown;
      return shown?.kind === 'preview' ? shown : undefined;
    };
    const text = () => sent()?.preview.shown?.messages.map(({ content }) => content).join('\n') ?? '';
    await until(() => text() !== '' && sent()?.counting === false);
    assert.deepEqual([sent()?.unsaved, sent()?.cost], [false, { kind: 'known', lines: [{ tone: 'quiet', words: 'No answer is stale.', figures: '' }] }]);
    assert.deepEqual(sent()?.preview.shown?.standIns, [], 'the first task was run');

    await type(document, '\nMind the units.\n');
    assert.deepEqual(Object.keys(unsavedOf(project())), [file]);
    await until(() => text().includes('Mind the units.'));
    const line = () => {
      const cost = sent()?.cost;
      return cost?.kind === 'known' ? cost.lines[0] : undefined;
    };
    await until(() => line()?.tone === 'stale');
    assert.match(line()?.words ?? '', /^Once this is saved, \d+ answers of without-hints are stale: structure \d+, path \d+\.$/);
    assert.match(line()?.figures ?? '', /^Running again: \d+ calls, ≈ .* tokens; about /);

    const facts = promptFacts(tools());
    const found = await facts.staleness({ uri: document.uri.toString() }, token);
    assert.ok(found);
    assert.deepEqual(found.byStage.map(({ stage }) => stage), ['structure', 'path']);
    assert.equal(found.answers, found.byStage.reduce((sum, { answers }) => sum + answers, 0));
    const values = await facts.values({ uri: document.uri.toString(), stage: 'structure' });
    assert.deepEqual(values?.values.map(({ name }) => name), ['task.question', 'task.answerKind', 'adapted.text']);
    const budget = await facts.budget({ uri: document.uri.toString() });
    assert.ok(budget && budget.tokens > 0 && budget.tokens < budget.limit, 'the demo server says how much it takes');
    assert.equal(await facts.staleness({ uri: vscode.Uri.file(path.join(folder, 'x.rgprompt')).toString() }, token), null);

    // what cannot be used keeps what was there before on screen
    await type(document, '{{ nothing }}\n');
    await until(() => (sent()?.preview.problems.length ?? 0) > 0);
    assert.deepEqual([sent()?.preview.shown, sent()?.last?.stage], [null, 'structure']);
    const mended = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('{{ nothing }}');
    mended.delete(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + '{{ nothing }}'.length)));
    assert.ok(await vscode.workspace.applyEdit(mended));
    await until(() => (sent()?.preview.problems.length ?? 1) === 0);

    // a task that is picked, as the page asks for it after a reload
    const { rows } = await project().call('taskPage', { filter: { split: 'train' }, limit: 5 });
    const other = rows[4]?.id ?? assert.fail('no fifth task');
    await page.fulfil({ kind: 'look', at: { task: other, stage: 'structure' } });
    await until(() => sent()?.preview.shown?.task.id === other);
    assert.deepEqual(sent()?.preview.shown?.standIns, [{ stage: 'adapt', from: 'nothing' }], 'nothing was run of it');

    // called once more, it shows what is selected by then
    const row = rows[1] ?? assert.fail('no second task');
    selection.push({ kind: 'task', id: 'x', project: project().path, group: 'g', row });
    panels.show(address);
    await until(() => sent()?.preview.shown?.task.id === row.id);
  });

  it('is counted to the end while a run changes tasks all the time, and not where nobody sees it', async () => {
    const of = project();
    const counted: unknown[] = [];
    const call = of.call.bind(of);
    Object.assign(of, { call: (...given: Parameters<typeof call>) => {
      if (given[0] === 'promptStaleness') counted.push(given[1]);
      return call(...given);
    } });
    Object.defineProperty(of, 'running', { get: () => true, configurable: true });
    try {
      const document = await vscode.workspace.openTextDocument(own);
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      const builder = new HeardBuilder(log);
      new PreviewPanels({ workbench: tools(), builder, tryOn: async () => undefined }).show({ project: of.path, file });
      const page = builder.latest(promptPreviewPage);
      const isCounted = () => {
        const shown = page.sent()?.shown;
        return shown?.kind === 'preview' && !shown.counting;
      };
      let times = 0;
      for (; !isCounted() && times < 60; times += 1) {
        await of.refresh();
        await new Promise(resolve => { setTimeout(resolve, 250); });
      }
      assert.ok(isCounted(), `nothing was counted after ${times} changes`);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(path.join(root, 'README.md')), vscode.ViewColumn.Two);
      const before = counted.length;
      await type(document, '\nIn the dark.\n');
      await new Promise(resolve => { setTimeout(resolve, 1_500); });
      assert.equal(counted.length, before, 'the tab is hidden');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await until(() => counted.length > before);
    } finally {
      Reflect.deleteProperty(of, 'call');
      Reflect.deleteProperty(of, 'running');
    }
  });

  it('counts of its own changes alone what makes answers stale', async () => {
    const other = path.join(folder, '.regenesis/prompts/regenesis/path.rgprompt');
    fs.writeFileSync(other, shipped('regenesis/path.rgprompt'));
    const document = await vscode.workspace.openTextDocument(other);
    await type(document, '\nIn short.\n');
    const facts = promptFacts(tools());
    const here = await facts.staleness({ uri: document.uri.toString() }, token);
    assert.deepEqual(here?.byStage.map(({ stage }) => stage), ['path'], 'what is not saved of the structure is none of it');
    assert.equal(await facts.staleness({ uri: vscode.Uri.from({ scheme: 'regenesis-shipped', path: '/regenesis/choose.reference.rgprompt' }).toString() }, token), null, 'no recipe that was run uses it');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    fs.rmSync(other);
  });

  it('is tried on a sample, and what came of it is there again after a reload', async () => {
    const document = await vscode.workspace.openTextDocument(own);
    if (!document.isDirty) await type(document, '\nMind the units.\n');
    const before = project().status?.runs.length;
    const report = await project().call('tryPrompt', { overlay: unsavedOf(project()), file, tasks: 2 });
    assert.deepEqual([report.tasks.length, report.before.calls, report.stage], [2, 0, 'structure']);
    await project().refresh();
    assert.equal(project().status?.runs.length, before, 'a trial is no run');
    assert.ok(await document.save());
    const [memory, builder] = [new Memory(), new HeardBuilder(log)];
    const address = { project: project().path, file };
    const panels = new TrialPanels({ workbench: { memory }, builder, tryOn: async () => undefined });
    await panels.show(address, report);
    assert.deepEqual((await builder.latest(promptTrialPage).snapshot()).trial?.report, report);
    // another window, with the same memory
    const later = new HeardBuilder(log);
    new TrialPanels({ workbench: { memory }, builder: later, tryOn: async () => undefined }).panels.show(address);
    assert.deepEqual((await later.latest(promptTrialPage).snapshot()).trial?.report, report);
    // the latest of a project, and none that is very large
    const kept = async () => {
      const again = new HeardBuilder(log);
      new TrialPanels({ workbench: { memory }, builder: again, tryOn: async () => undefined }).panels.show(address);
      return (await again.latest(promptTrialPage).snapshot()).trial;
    };
    await panels.show({ ...address, file: 'regenesis/path.rgprompt' }, report);
    assert.equal(await kept(), null);
    await panels.show(address, report);
    assert.ok(await kept());
    await panels.show(address, { ...report, tasks: report.tasks.map(task => ({ ...task, question: 'long '.repeat(40_000) })) });
    assert.equal(await kept(), null);
  });

  it('is shown for a held-out task where evaluations ask with it, and counts what was evaluated', async () => {
    const name = 'evaluate/evaluate.rgprompt';
    const { rows } = await project().call('taskPage', { filter: { split: 'train' }, limit: 100 });
    const held = rows.slice(-2);
    await project().call('holdOut', { tasks: held.map(({ id }) => id) });
    const row = (await project().call('taskPage', { filter: { split: 'held-out' }, limit: 2 })).rows[1] ?? assert.fail('no second one');
    const builder = new HeardBuilder(log);
    const selection: TreeNode[] = [{ kind: 'task', id: 'x', project: project().path, group: 'g', row }];
    new PreviewPanels({ workbench: { ...tools(), view: { selection, reveal: async () => undefined } }, builder, tryOn: async () => undefined }).show({ project: project().path, file: name });
    const page = builder.latest(promptPreviewPage);
    const sent = () => {
      const shown = page.sent()?.shown;
      return shown?.kind === 'preview' ? shown : undefined;
    };
    const lines = () => {
      const cost = sent()?.cost;
      return cost?.kind === 'known' ? cost.lines.map(({ words }) => words) : [];
    };
    await until(() => sent()?.preview.shown?.task.id === row.id && sent()?.counting === false);
    assert.deepEqual([sent()?.preview.shown?.stage, sent()?.preview.shown?.branch, sent()?.preview.recipe], ['evaluate', null, null]);
    await page.fulfil({ kind: 'look', at: {} });

    const { sets } = await project().call('heldOutSets', {});
    const ended = new Promise<void>(resolve => { lifetime.add(project().onEvent('evaluationChanged', ({ state }) => { if (state === 'completed') resolve(); })); });
    const { tasks } = await project().call('startEvaluation', { models: [{}], sets: sets.map(set => set.name) });
    await ended;
    const mine = path.join(folder, '.regenesis/prompts', name);
    fs.mkdirSync(path.dirname(mine));
    fs.writeFileSync(mine, shipped(name).replace('step by step', 'step after step'));
    await until(() => lines().includes(`${tasks} answers of evaluation 1 are stale.`));
    const facts = await promptFacts(tools()).staleness({ uri: vscode.Uri.file(mine).toString() }, token);
    assert.deepEqual(facts, { answers: tasks, byStage: [{ stage: 'evaluate', answers: tasks }], calls: tasks });
    fs.rmSync(mine);
    await until(() => lines().every(line => !line.includes('evaluation')));
  });

  it('is not run where no recipe uses it, nor saved for that', async () => {
    const walk = new Walk();
    try {
      const { path: name } = await walk.projects.open(path.join(walk.folder, 'run.regenesis'), 'create-sample');
      const mine = path.join(path.dirname(name), '.regenesis/prompts/mine/adapt.rgprompt');
      fs.mkdirSync(path.dirname(mine), { recursive: true });
      fs.writeFileSync(mine, shipped('regenesis/adapt.rgprompt'));
      const document = await vscode.workspace.openTextDocument(mine);
      await type(document, '\nIn short.\n');
      const said = await walk.call('regenesis.prompt.run', document.uri);
      assert.match(said[0]?.words ?? '', /^mine\/adapt\.rgprompt was not run: no recipe uses it yet\./);
      assert.deepEqual([said.length, document.isDirty], [1, true]);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    } finally {
      await walk.end();
    }
  });

  it('is said by its commands to be missing where there is none, or none that a project uses', async () => {
    const walk = new Walk();
    try {
      await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
      const own2 = vscode.Uri.file(own);
      for (const id of ['regenesis.prompt.preview', 'regenesis.prompt.try'] as const) {
        assert.match((await walk.call(id, vscode.Uri.file(path.join(folder, 'notes.md'))))[0]?.words ?? '', /^Open a prompt or a recipe first/, id);
        assert.match((await walk.call(id, own2))[0]?.words ?? '', /^No project is open/, id);
      }
      await walk.projects.open(path.join(walk.folder, 'else.regenesis'), 'create-sample');
      assert.match((await walk.call('regenesis.prompt.preview', own2))[0]?.words ?? '', /of no open project/);
      for (const id of ['regenesis.prompt.try', 'regenesis.prompt.run'] as const) assert.match((await walk.call(id, shippedUri('evaluate/evaluate.rgprompt')))[0]?.words ?? '', /is asked by evaluations\. .* evaluate a model on a few of them/, id);
      const home = path.join(walk.folder, '.regenesis/prompts/regenesis/path.rgprompt');
      fs.mkdirSync(path.dirname(home), { recursive: true });
      fs.writeFileSync(home, shipped('regenesis/path.rgprompt'));
      assert.deepEqual(await walk.call('regenesis.prompt.try', vscode.Uri.file(home)), [], 'it asks how many tasks, and is called off');
    } finally {
      await walk.end();
    }
  });
});
