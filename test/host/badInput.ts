import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { visible } from '../../src/client/words.ts';
import { Documents } from '../../src/host/documents/documents.ts';
import { bundlesIn, nodeFor, openEngineOf } from '../../src/host/engines.ts';
import type { Project } from '../../src/host/projects/project.ts';
import { Projects } from '../../src/host/projects/projects.ts';
import { ServerKeys } from '../../src/host/servers/keys.ts';
import type { TaskNode, TreeNode } from '../../src/host/tree/node.ts';
import { TaskTree } from '../../src/host/tree/taskTree.ts';
import { Memory } from './memory.ts';

const bundles = bundlesIn(path.resolve(__dirname, '../..'), { app: 'test', storage: fs.mkdtempSync(path.join(os.tmpdir(), 'storage-')) });

/** A question of a megabyte, the longest that is imported, and one with everything that hides or turns writing. */
const long = `How much is ${'1 + '.repeat(249_990)}1?`;
const hostile = 'What is \u001B[31mred\u0000\u0007, \u202Egnp.exe\u202C, zero\u200Bwidth \u2066isolated\u2069 and \uFEFFmarked?\r\nIgnore   this.';

const labelOf = ({ label }: vscode.TreeItem): string => (typeof label === 'string' ? label : '');

describe('projects and texts that are not as they should be', function () {
  this.timeout(60_000);
  let folder: string;
  let log: vscode.LogOutputChannel;
  let projects: Projects;
  let tree: TaskTree;

  const at = (name: string) => path.join(folder, name);
  const init = (name: string): string => {
    execFileSync(nodeFor(bundles), [bundles.cliPath, 'init', at(name), '--sample'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', REGENESIS_IDLE_MS: '0' } });
    return at(name);
  };
  const code = (project: Project): string => (project.state.kind === 'failed' ? project.state.problem.code : project.state.kind);
  const words = async (work: Promise<unknown>): Promise<string> => work.then(() => 'it worked', (thrown: unknown) => String(thrown));
  async function tasks(node?: TreeNode): Promise<readonly TaskNode[]> {
    const below = await tree.getChildren(node);
    return (await Promise.all(below.map(async each => (each.kind === 'task' ? [each] : tasks(each))))).flat();
  }

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bad-'));
    log = vscode.window.createOutputChannel('Bad', { log: true });
  });

  beforeEach(() => {
    projects = new Projects({ memory: new Memory(), openEngine: (file, how) => openEngineOf(bundles, file, how), log });
    tree = new TaskTree(projects, log, new Memory());
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

  it('takes a project of a newer version for that, and says what to do', async () => {
    const file = init('newer.regenesis');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 9999');
    database.close();
    assert.match(await words(projects.open(file, 'open')), /newer/i);
    const project = projects.find(file);
    assert.equal(project && code(project), 'project-newer');
    const [root] = await tree.getChildren();
    const [note] = await tree.getChildren(root);
    assert.equal(note && tree.getTreeItem(note).command?.command, 'regenesis.project.reopen');
  });

  for (const [what, change] of [
    ['deleted', (file: string) => { fs.rmSync(file); }],
    ['renamed', (file: string) => { fs.renameSync(file, `${file}.old.regenesis`); }],
    ['replaced by another', (file: string) => { fs.renameSync(init(`other-${path.basename(file)}`), file); }],
  ] as const) {
    it(`notices that a project was ${what} while it was open, stores nothing where nobody finds it, and can go on`, async () => {
      const file = init(`${what.split(' ')[0] ?? ''}.regenesis`);
      const project = await projects.open(file, 'open');
      change(file);
      const rows = at('rows.jsonl');
      fs.writeFileSync(rows, '{"question":"2+2?","answer":"#### 4"}\n');
      assert.match(await words(project.call('importTasks', { files: [rows], preset: 'gsm8k' })), /was moved, replaced or deleted while it was open/);
      // opened again it is what stands there now, or is said to be gone
      const again = await words(project.open('open'));
      if (fs.existsSync(file)) assert.deepEqual([again, code(project)], ['it worked', 'open']);
      else assert.deepEqual([/file|no project/i.test(again), code(project)], [true, 'project-not-found']);
    });
  }

  it('says where a project cannot be made', async () => {
    for (const file of ['/proc/new.regenesis', at('nowhere/new.regenesis')]) {
      const said = await words(projects.open(file, 'create'));
      assert.ok(said.includes(path.basename(file)) || said.includes(path.dirname(file)), said);
      assert.equal(projects.find(file), undefined, 'what could not be made is not on the list');
    }
  });

  it('shows a text that hides something as what it is, and a megabyte without delay to anything else', async () => {
    const project = await projects.open(at('texts.regenesis'), 'create');
    const rows = at('texts.jsonl');
    fs.writeFileSync(rows, [hostile, long].map(question => `${JSON.stringify({ question, answer: '#### 4' })}\n`).join(''));
    await project.call('importTasks', { files: [rows], preset: 'gsm8k' });
    await project.refresh();
    const documents = new Documents(projects);
    try {
      const [first, second] = await tasks();
      assert.ok(first && second);
      for (const node of [first, second]) {
        const item = await tree.resolveTreeItem(tree.getTreeItem(node), node);
        const label = labelOf(item);
        assert.ok(label.length <= 101, `${label.length} characters`);
        assert.equal(visible(label), label);
        assert.ok(typeof item.tooltip === 'string' && item.tooltip.length < 5_000, 'plain text, and no megabyte');
        assert.equal(visible(item.tooltip), item.tooltip);
      }
      assert.match(labelOf(tree.getTreeItem(first)), /^What is ‹U\+001B›\[31mred‹U\+0000›‹U\+0007›, ‹U\+202E›gnp\.exe‹U\+202C›, zero‹U\+200B›width/);
      const shown = async (node: TaskNode): Promise<string> => {
        await documents.show({ project: project.path, task: node.row.id, shown: 'task' }, ['Task', node.row.id]);
        return vscode.window.activeTextEditor?.document.getText() ?? '';
      };
      // a document holds what there is: the editor itself marks what cannot be seen
      assert.ok((await shown(first)).includes('\u202Egnp.exe'));
      assert.ok((await shown(second)).includes('1 + 1 + 1'));
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      documents.dispose();
    }
  });

  it('hands a key to the origin it was given for, and to no other that a project names', async () => {
    const kept = new Map<string, string>();
    const secrets = {
      get: async (name: string) => kept.get(name), keys: async () => [...kept.keys()],
      store: async (name: string, value: string) => { kept.set(name, value); }, delete: async (name: string) => { kept.delete(name); },
      onDidChange: () => new vscode.Disposable(() => undefined),
    } satisfies vscode.SecretStorage;
    const keys = new ServerKeys(secrets);
    await keys.set('https://api.example.com/v1', 'sesame');
    assert.equal(await keys.get('https://api.example.com/other/v1'), 'sesame');
    for (const url of ['http://api.example.com/v1', 'https://api.example.com:8443/v1', 'https://api.example.com.evil.test/v1', 'https://api.example.com@evil.test/v1', 'https://evil.test/https://api.example.com/v1']) {
      assert.equal(await keys.get(url), undefined, url);
    }
  });
});
