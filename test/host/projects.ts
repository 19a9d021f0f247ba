import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { openProject } from '../../src/client/openEngine.ts';
import { useDemoServer } from '../../src/host/servers/useDemo.ts';
import { Documents } from '../../src/host/documents/documents.ts';
import { bundlesIn, nodeFor, openEngineOf } from '../../src/host/engines.ts';
import type { Project } from '../../src/host/projects/project.ts';
import { Projects } from '../../src/host/projects/projects.ts';
import { cancelRun } from '../../src/host/runs/pipeline.ts';
import { DemoServer } from '../../src/host/servers/demoServer.ts';
import type { RunReport } from '../../src/contract/reports.ts';
import type { BranchNode, GroupNode, OutputNode, TaskNode, TreeNode } from '../../src/host/tree/node.ts';
import { TaskTree } from '../../src/host/tree/taskTree.ts';
import { Memory } from './memory.ts';

const bundles = bundlesIn(path.resolve(__dirname, '../..'), { app: 'test', storage: fs.mkdtempSync(path.join(os.tmpdir(), 'storage-')) });

/** Resolves at the first change after which a thing holds. */
function until(projects: Projects, holds: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const listening = projects.onDidChange(() => { settle(); });
    const settle = () => {
      if (!holds()) return;
      listening.dispose();
      resolve();
    };
    settle();
  });
}

describe('projects, their tree and their documents', function () {
  this.timeout(60_000);
  let folder: string;
  let log: vscode.LogOutputChannel;
  let memory: Memory;
  let projects: Projects;
  let tree: TaskTree;
  let sample: string;

  const cli = (...options: readonly string[]): string => execFileSync(nodeFor(bundles), [bundles.cliPath, ...options], { encoding: 'utf8', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  const collect = (): Projects => new Projects({ memory, openEngine: (file, how) => openEngineOf(bundles, file, how), log });
  const labels = async (node?: TreeNode): Promise<readonly string[]> => (await tree.getChildren(node)).map(each => {
    const { label, description } = tree.getTreeItem(each);
    return `${typeof label === 'string' ? label : ''}${typeof description === 'string' ? ` | ${description}` : ''}`;
  });
  const child = async <Kind extends TreeNode['kind']>(kind: Kind, of?: TreeNode, place = 0): Promise<Extract<TreeNode, { kind: Kind }>> => {
    const found = (await tree.getChildren(of))[place];
    assert.equal(found?.kind, kind);
    return found as Extract<TreeNode, { kind: Kind }>;
  };

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'projects-'));
    log = vscode.window.createOutputChannel('Test', { log: true });
    sample = path.join(folder, 'sample.regenesis');
    cli('init', sample, '--sample');
  });

  beforeEach(() => {
    memory = new Memory();
    projects = collect();
    tree = new TaskTree(projects, log, memory);
  });

  afterEach(async () => {
    await projects.end();
    tree.dispose();
    projects.dispose();
  });

  after(() => {
    log.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('opens a project that the command line made, as a tree', async () => {
    const project = await projects.open(sample, 'open');
    const count = project.status?.tasks.total ?? 0;
    assert.ok(count >= 80);
    assert.deepEqual(await labels(), [`sample | ${count} tasks`]);
    const root = await child('project');
    assert.deepEqual(await labels(root), [`Not started | ${count}`]);
    const group: GroupNode = await child('group', root);
    assert.equal((await tree.getChildren(group)).length, count);
    const task: TaskNode = await child('task', group);
    assert.equal(tree.getParent(task)?.id, group.id);
    assert.equal(tree.getParent(group)?.id, root.id);
    const item = await tree.resolveTreeItem(tree.getTreeItem(task), task);
    assert.ok(typeof item.tooltip === 'string', 'what a model or a data set wrote is never rendered');
    assert.match(item.tooltip, /Known answer: /);
  });

  it('follows a run down to what the stages gave, and shows it in documents', async () => {
    const demo = new DemoServer(() => ({ node: nodeFor(bundles), cliPath: bundles.cliPath, idleMs: 60_000 }));
    const documents = new Documents(projects);
    try {
      const project = await projects.open(sample, 'open');
      await useDemoServer(project, await demo.url());
      const first = await child('task', await child('group', await child('project')));
      assert.deepEqual((await project.report(first.row.id)).branches, [], 'what is known before the run must not outlive it');
      let shownRunning = false;
      const listening = project.onDidChange(() => { shownRunning ||= project.running && project.progress !== undefined; });
      const report = await project.run('startRun', { limit: 2 });
      listening.dispose();
      assert.equal(report.state, 'completed');
      assert.deepEqual([shownRunning, project.running, project.progress], [true, false, undefined]);
      assert.match((await labels())[0] ?? '', /simulation$/);

      const task = await child('task', await child('group', await child('project')));
      assert.equal(task.row.id, first.row.id);
      const branches = await tree.getChildren(task);
      assert.ok(branches.length > 0);
      const branch: BranchNode = await child('branch', task);
      const outputs = await tree.getChildren(branch);
      assert.deepEqual(outputs.map(node => tree.getTreeItem(node).label), ['Adapted guideline', 'Structure', 'Path', 'Verdicts']);
      const output: OutputNode = await child('output', branch, 2);
      assert.equal(tree.getTreeItem(output).contextValue, 'output;asked;');

      const address = { project: project.path, task: task.row.id, branch: { id: branch.branch.id, round: branch.branch.round } };
      await documents.show({ ...address, shown: 'path' }, ['Path', branch.branch.title, task.row.id]);
      const shown = (): vscode.TextDocument | undefined => vscode.window.activeTextEditor?.document;
      assert.deepEqual([shown()?.uri.scheme, shown()?.languageId], ['regenesis', 'regenesis-output']);
      assert.match(shown()?.getText() ?? '', /simulation[\s\S]*---/);
      await documents.show({ ...address, shown: 'prompt', stage: 'path' }, ['Prompt of path']);
      assert.match(shown()?.getText() ?? '', /^=== user ===\n/);
      await documents.show({ ...address, shown: 'answer', stage: 'path' }, ['Raw answer of path']);
      assert.equal(shown()?.getText(), branch.branch.answers.findLast(answer => answer.stage === 'path')?.raw);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      documents.dispose();
      await demo.end();
    }
  });

  it('stops a run when it is asked to, and keeps what had arrived', async () => {
    const demo = new DemoServer(() => ({ node: nodeFor(bundles), cliPath: bundles.cliPath, idleMs: 60_000 }));
    try {
      const project = await projects.open(path.join(folder, 'cancelled.regenesis'), 'create-sample');
      await useDemoServer(project, await demo.url());
      const running = project.run('startRun', { concurrency: 8 });
      await until(projects, () => (project.progress?.calls ?? 0) > 8);
      await assert.rejects(project.run('startRun', {}), /A run is going on/);
      await cancelRun(project);
      const report = await running;
      assert.equal(report.state, 'cancelled');
      assert.ok((project.status?.stages[0]?.done ?? 0) > 0);
    } finally {
      await demo.end();
    }
  });

  it('opens no file for the address of a document alone', async () => {
    assert.equal(await projects.forDocument(sample), undefined);
    assert.deepEqual(projects.all, []);
  });

  it('leaves the view to its welcome while its only project is empty, and counts what an import took and refused', async () => {
    const project = await projects.open(path.join(folder, 'own.regenesis'), 'create');
    assert.deepEqual(await labels(), []);
    const file = path.join(folder, 'rows.jsonl');
    fs.writeFileSync(file, '{"question":"2+2?","answer":"#### 4"}\n{"question":\n{"question":"3+3?","answer":"#### 6"}\n');
    const report = await project.call('importTasks', { files: [file], preset: 'gsm8k' });
    assert.deepEqual([report.tasks, report.files[0]?.refused.map(({ line, code }) => `${line} ${code}`)], [2, ['2 row-malformed']]);
    await project.refresh();
    assert.deepEqual(await labels(), ['own | 2 tasks']);
  });

  it('names the columns of a file that it does not know', async () => {
    const project = await projects.open(path.join(folder, 'columns.regenesis'), 'create');
    const file = path.join(folder, 'rows.csv');
    fs.writeFileSync(file, 'what,"how, much"\n2+2?,4\n');
    const asked = await project.call('importTasks', { files: [file] });
    assert.deepEqual(asked.files[0]?.refused[0]?.choices, ['what', 'how, much']);
    const mapped = await project.call('importTasks', { files: [file], map: { question: 'what', gold: 'how, much' } });
    assert.equal(mapped.tasks, 1);
  });

  it('shows a long group in parts, other groups, and what a filter leaves', async () => {
    const project = await projects.open(path.join(folder, 'long.regenesis'), 'create');
    const file = path.join(folder, 'long.jsonl');
    fs.writeFileSync(file, Array.from({ length: 300 }, (_, index) => `${JSON.stringify({ question: `${index} + 1?`, answer: `#### ${index + 1}` })}\n`).join(''));
    await project.call('importTasks', { files: [file], preset: 'gsm8k' });
    await project.refresh();
    const group = await child('group', await child('project'));
    assert.deepEqual((await labels(group)).slice(199), ['199 + 1?', '… 100 more']);
    const more = await child('more', group, 200);
    tree.showMore(more.group);
    assert.deepEqual((await labels(group)).slice(299), ['299 + 1?']);

    tree.group('dataset');
    assert.deepEqual(await labels(await child('project')), ['gsm8k | 300']);
    tree.show({ text: '299 +' });
    const root = await child('project');
    assert.deepEqual(await labels(root), ['“299 +” | 1 task', 'gsm8k | 1']);
    assert.deepEqual(await labels(await child('group', root, 1)), ['299 + 1?']);
    tree.group('state');
    assert.deepEqual(await labels(root), ['“299 +” | 1 task', 'Not started | 1']);
    tree.show({ text: 'of which there is none' });
    assert.deepEqual(await labels(root), ['“of which there is no… | 0 tasks', 'No task matches the filter | click to show all']);
    const again = new TaskTree(projects, log, memory);
    assert.deepEqual([again.grouping, again.filter], ['state', { text: 'of which there is none' }], 'as the window was left');
    again.dispose();
  });

  it('opens again what was open when the window was left, when somebody looks', async () => {
    await projects.open(sample, 'open');
    await projects.end();
    const later = collect();
    assert.deepEqual(later.all, [], 'nothing is started before somebody looks');
    later.restore();
    await until(later, () => later.all[0]?.status !== undefined);
    assert.deepEqual(later.all.map(({ name }) => name), ['sample']);
    await later.end();
    later.dispose();
  });

  it('shows a project that an engine elsewhere has open with who that is, and opens it when it is free', async () => {
    // an engine that makes itself known in another place cannot be joined
    const elsewhere = path.join(folder, 'elsewhere');
    const held = path.join(folder, 'held.regenesis');
    const holder = await openProject({ node: nodeFor(bundles), enginePath: bundles.enginePath, app: 'test', project: held, environment: { ...process.env, REGENESIS_RUNTIME_DIR: elsewhere } }, 'create-sample');
    await assert.rejects(projects.open(held, 'open'), /open/);
    assert.match((await labels())[0] ?? '', /cannot be used/);
    assert.equal((await child('note', await child('project'))).note, 'failed');
    await holder.shutdown();
    const project: Project = await projects.open(held, 'open');
    assert.equal(project.state.kind, 'open');
  });

  it('joins a run that goes on, follows it after the window was closed and opened again, and lets either side cancel', async () => {
    const demo = new DemoServer(() => ({ node: nodeFor(bundles), cliPath: bundles.cliPath, idleMs: 60_000 }));
    const file = path.join(folder, 'joined.regenesis');
    const [first, second] = [collect(), collect()];
    try {
      const started = await first.open(file, 'create-sample');
      await useDemoServer(started, await demo.url());
      const running = started.run('startRun', { concurrency: 8 });
      running.catch(() => undefined); // left in mid-run
      await until(first, () => (started.progress?.calls ?? 0) > 8);
      await first.end();

      const ended: RunReport[] = [];
      const joined = await second.open(file, 'open');
      second.onDidChange(({ change }) => { if (change.kind === 'joined-run-ended') ended.push(change.report); });
      assert.equal(joined.running, true);
      const before = joined.progress?.calls ?? 0;
      await until(second, () => (joined.progress?.calls ?? 0) > before + 8);
      await assert.rejects(joined.run('startRun', {}), /A run is going on/);
      await cancelRun(joined);
      await until(second, () => ended.length > 0 && !joined.running);
      assert.deepEqual(ended.map(({ state }) => state), ['cancelled']);
      assert.equal((await joined.run('resumeRun', {})).state, 'completed');
    } finally {
      await second.end();
      first.dispose();
      second.dispose();
      await demo.end();
    }
  });

  it('notices that an engine died, and reopens', async () => {
    const project = await projects.open(sample, 'open');
    const { pid } = await project.call('engineState', {});
    process.kill(pid, 'SIGKILL');
    await until(projects, () => project.state.kind === 'failed');
    assert.match((await labels(await child('project')))[0] ?? '', /engine of sample ended/);
    await project.open('open');
    assert.match((await labels())[0] ?? '', /tasks/);
  });

  it('takes a file that is no project for what it is', async () => {
    const file = path.join(folder, 'foreign.regenesis');
    fs.writeFileSync(file, 'not a database at all, only text that is long enough to be looked at');
    await assert.rejects(projects.open(file, 'open'), /foreign\.regenesis/);
    assert.equal(projects.find(file)?.state.kind, 'failed');
  });
});
