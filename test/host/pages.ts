import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { openProject } from '../../src/client/openEngine.ts';
import { auditPage } from '../../src/contract/pages/audit.ts';
import { listPage } from '../../src/contract/pages/list.ts';
import { overviewPage, type OverviewIntent, type OverviewSnapshot } from '../../src/contract/pages/overview.ts';
import type { NotShown } from '../../src/contract/pages/page.ts';
import { stepPage, type StepAddress, type StepIntent, type StepSnapshot } from '../../src/contract/pages/step.ts';
import { problemOf } from '../../src/core/model/problem.ts';
import { Documents } from '../../src/host/documents/documents.ts';
import { bundlesIn, nodeFor, openEngineOf } from '../../src/host/engines.ts';
import { Lifetime } from '../../src/host/lifetime.ts';
import { Evaluations } from '../../src/host/evaluation/evaluations.ts';
import { Jobs } from '../../src/host/jobs/jobs.ts';
import { auditPanels } from '../../src/host/overview/auditPanels.ts';
import { Audits } from '../../src/host/overview/audits.ts';
import { listPanels } from '../../src/host/overview/listPanels.ts';
import { projectEditor } from '../../src/host/projects/projectEditor.ts';
import type { Project } from '../../src/host/projects/project.ts';
import { Projects } from '../../src/host/projects/projects.ts';
import { cancelRun } from '../../src/host/runs/pipeline.ts';
import { DemoServer } from '../../src/host/servers/demoServer.ts';
import { useDemoServer } from '../../src/host/servers/useDemo.ts';
import { stepPanels } from '../../src/host/stepper/stepPanels.ts';
import { HeardBuilder, type HeardPage } from './heardBuilder.ts';
import { Memory } from './memory.ts';

const bundles = bundlesIn(path.resolve(__dirname, '../..'), { app: 'test', storage: fs.mkdtempSync(path.join(os.tmpdir(), 'storage-')) });

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!await holds()) await new Promise(resolve => { setTimeout(resolve, 20); });
};

/** What a window has of projects and pages, so that there can be two. */
class PageWindow {
  readonly lifetime = new Lifetime();
  readonly log = this.lifetime.add(vscode.window.createOutputChannel('Pages', { log: true }));
  readonly projects = new Projects({ memory: new Memory(), openEngine: (file, how) => openEngineOf(bundles, file, how), log: this.log });
  readonly builder = new HeardBuilder(this.log);
  readonly #documents = this.lifetime.add(new Documents(this.projects));
  readonly #audits = this.lifetime.add(new Audits(this.projects));
  readonly #jobs = this.lifetime.add(new Jobs({ projects: this.projects, keys: { get: async () => undefined }, onKeys: this.lifetime.add(new vscode.EventEmitter()).event, log: this.log }));
  readonly #evaluations = this.lifetime.add(new Evaluations({ projects: this.projects, log: this.log }));
  readonly #tools = { projects: this.projects, builder: this.builder, documents: this.#documents, audits: this.#audits, jobs: this.#jobs, evaluations: this.#evaluations };
  readonly list = listPanels(this.#tools);
  readonly audit = auditPanels(this.#tools);
  readonly step = stepPanels({ ...this.#tools, serverOf: async () => ({}) });

  /** The overview of a project, in a tab. */
  async overview(file: string): Promise<HeardPage<OverviewSnapshot, OverviewIntent>> {
    const panel = this.lifetime.add(vscode.window.createWebviewPanel('test', 'Overview', vscode.ViewColumn.Active));
    await projectEditor({ ...this.#tools, lists: this.list }).resolveCustomEditor({ uri: vscode.Uri.file(file), dispose: () => undefined }, panel, new vscode.CancellationTokenSource().token);
    return this.builder.latest(overviewPage);
  }

  /** The stepper of a branch, in a tab. */
  stepThrough(address: StepAddress): HeardPage<StepSnapshot, StepIntent> {
    this.step.show(address);
    return this.builder.latest(stepPage);
  }

  async end(): Promise<void> {
    await this.projects.end();
    this.projects.dispose();
    this.lifetime.dispose();
  }
}

const branchOn = async (page: HeardPage<StepSnapshot, StepIntent>) => {
  const { shown } = await page.snapshot();
  assert.ok(shown.kind === 'branch', shown.kind);
  return shown;
};
/** How each stage that asks stands: `adapt done, structure next`. */
const standing = async (page: HeardPage<StepSnapshot, StepIntent>): Promise<string> =>
  (await branchOn(page)).branch.stages.filter(({ asks }) => asks).map(({ stage, state }) => `${stage} ${state}`).join(', ');

describe('pages, of which a test is the one that looks', function () {
  this.timeout(90_000);
  let folder: string;
  let demo: DemoServer;
  let one: PageWindow;
  let other: PageWindow;

  const at = (name: string) => path.join(folder, `${name}.regenesis`);
  async function made(name: string): Promise<Project> {
    const project = await one.projects.open(at(name), 'create-sample');
    await useDemoServer(project, await demo.url());
    return project;
  }
  async function branchOf(project: Project): Promise<StepAddress> {
    const { rows: [row] } = await project.call('taskPage', { filter: { split: 'train' }, limit: 1 });
    const task = row?.id ?? assert.fail('no task');
    const { branches: [first] } = await project.call('branches', { task });
    return { project: project.path, task, branch: first?.id ?? assert.fail('no branch'), round: 1 };
  }

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pages-'));
    demo = new DemoServer(() => ({ node: nodeFor(bundles), cliPath: bundles.cliPath, idleMs: 60_000 }));
  });

  beforeEach(() => { [one, other] = [new PageWindow(), new PageWindow()]; });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await one.end();
    await other.end();
  });

  after(async () => {
    await demo.end();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('step through a branch: run, edit, undo, go back, fork', async () => {
    const page = one.stepThrough(await branchOf(await made('steps')));
    await until(async () => (await page.snapshot()).shown.kind === 'branch');
    assert.equal(await standing(page), 'adapt next, structure waits, path waits');
    await page.fulfil({ kind: 'run', toEnd: false });
    await until(async () => await standing(page) === 'adapt done, structure next, path waits');
    await page.fulfil({ kind: 'run', toEnd: true });
    await until(async () => await standing(page) === 'adapt done, structure done, path done');

    await page.fulfil({ kind: 'look', stage: 'adapt' });
    const { prompt } = await branchOn(page);
    const former = prompt?.answer?.fingerprint ?? assert.fail('no answer');
    await page.fulfil({ kind: 'edit-answer', stage: 'adapt', text: 'Count them one by one.' });
    assert.equal(await standing(page), 'adapt done, structure stale, path stale');
    assert.deepEqual([(await branchOn(page)).prompt?.answer?.text, (await branchOn(page)).branch.branch.edited], ['Count them one by one.', true]);
    await page.fulfil({ kind: 'choose-answer', stage: 'adapt', fingerprint: former });
    assert.equal(await standing(page), 'adapt done, structure done, path done', 'undone without a call');

    await page.fulfil({ kind: 'look', stage: 'structure' });
    assert.equal((await branchOn(page)).stage, 'structure', 'back is a look at the stage before');
    await page.fulfil({ kind: 'fork', stage: 'structure' });
    const fork = one.builder.latest(stepPage);
    await until(async () => (await fork.snapshot()).shown.kind === 'branch');
    assert.equal(await standing(fork), 'adapt done, structure next, path waits');
    const { branch: { branch } } = await branchOn(fork);
    assert.deepEqual([branch.fork?.from, branch.fork?.included], ['structure', false]);
    await fork.fulfil({ kind: 'include', included: true });
    assert.equal((await branchOn(fork)).branch.branch.fork?.included, true);
    assert.equal(await standing(page), 'adapt done, structure done, path done', 'the branch itself is as it was');
  });

  it('cancel an audit, and make it when asked again', async () => {
    const project = await made('audited');
    assert.equal((await project.run('startRun', { limit: 2 })).state, 'completed');
    one.audit.show({ project: project.path });
    const page = one.builder.latest(auditPage);
    const state = async () => {
      const { shown } = await page.snapshot();
      return shown.kind === 'open' ? shown.state.kind : shown.kind;
    };
    await until(async () => await state() === 'running');
    await page.fulfil({ kind: 'cancel' });
    await until(async () => await state() !== 'running');
    assert.equal(await state(), 'none');
    await page.fulfil({ kind: 'start' });
    assert.equal(await state(), 'there');
    await one.projects.close(project);
    assert.equal(await state(), 'closed');
    await page.fulfil({ kind: 'reopen' });
    assert.equal(await state(), 'none', 'what was done to it meanwhile is not known');
  });

  for (const [what, change] of [
    ['deleted', (file: string) => { fs.rmSync(file); }],
    ['renamed', (file: string) => { fs.renameSync(file, `${file}.away`); }],
  ] as const) {
    it(`say that their project was ${what} while it was open, with ways out, and do nothing to it any more`, async () => {
      const project = await made(what);
      const file = project.path;
      assert.equal((await project.run('startRun', { limit: 1 })).state, 'completed');
      const step = one.stepThrough(await branchOf(project));
      one.list.show({ project: file, title: 'Kept paths', of: { kind: 'paths', filter: { kept: true } } });
      one.audit.show({ project: file });
      const pages = { overview: await one.overview(file), step, list: one.builder.latest(listPage), audit: one.builder.latest(auditPage) };
      type Shown = { readonly shown: NotShown | { readonly kind: 'open' | 'branch' | 'rows' } };
      const shownOn = async (page: Pick<HeardPage<unknown, never>, 'snapshot'>) => (await page.snapshot() as Shown).shown;
      for (const page of Object.values(pages)) await until(async () => ['open', 'branch', 'rows'].includes((await shownOn(page)).kind));

      change(file);
      if (what === 'deleted') {
        // whoever stores something is told
        const asked = await step.fulfil({ kind: 'edit-prompt', stage: 'adapt', messages: [{ role: 'user', content: 'Mind it.' }] }).then(() => 'stored', (thrown: unknown) => problemOf(thrown).code);
        assert.equal(asked, 'project-not-found');
      } else {
        // another client looks for it: the engine lets go, and tells all
        await assert.rejects(openProject({ node: nodeFor(bundles), enginePath: bundles.enginePath, app: 'test', project: file }), /There is no project/);
        await until(() => project.state.kind === 'failed');
      }
      for (const [name, page] of Object.entries(pages)) {
        const shown = await shownOn(page);
        assert.ok(shown.kind === 'failed', `${name}: ${shown.kind}`);
        assert.match(shown.problem.words, /was moved, replaced or deleted while it was open.*Put it back, or open it where it is now/, name);
        assert.deepEqual(shown.problem.ways.map(({ command }) => command).slice(0, 2), ['regenesis.project.open', 'regenesis.project.reopen'], name);
      }
      const stale = async (work: Promise<void>) => work.then(() => 'done', (thrown: unknown) => problemOf(thrown).code);
      assert.equal(await stale(step.fulfil({ kind: 'run', toEnd: true })), 'project-not-found');
      await pages.audit.fulfil({ kind: 'start' });
      assert.equal((await shownOn(pages.audit)).kind, 'failed');
      assert.ok(!fs.existsSync(file), 'nothing was put in its place');

      if (what === 'deleted') return;
      fs.renameSync(`${file}.away`, file);
      await pages.list.fulfil({ kind: 'reopen' });
      for (const page of Object.values(pages)) assert.ok(['open', 'branch', 'rows'].includes((await shownOn(page)).kind));
    });
  }

  it('of two windows on one project show the same run, which either cancels, and what the other edits', async () => {
    const started = await made('shared');
    const followed = await other.projects.open(started.path, 'open');
    const running = started.run('startRun', { concurrency: 4, mode: 'all' });
    running.catch(() => undefined); // looked at below
    const page = await other.overview(started.path);
    const sent = () => {
      const shown = page.sent()?.shown;
      return shown?.kind === 'open' ? shown : undefined;
    };
    await until(() => /\d+ %/.test(sent()?.run?.words ?? ''));
    assert.ok(followed.running);
    await cancelRun(followed);
    assert.equal((await running).state, 'cancelled');
    await until(() => sent()?.runs[0]?.counts.endsWith('cancelled') === true);

    const address = await branchOf(started);
    const edited = one.stepThrough(address);
    await until(async () => (await edited.snapshot()).shown.kind === 'branch');
    await edited.fulfil({ kind: 'run', toEnd: true });
    await until(async () => /path done/.test(await standing(edited)));
    const shown = other.stepThrough(address);
    await shown.fulfil({ kind: 'look', stage: 'adapt' });
    const sentAnswer = () => {
      const last = shown.sent()?.shown;
      return last?.kind === 'branch' ? last.prompt?.answer?.text : undefined;
    };
    await until(() => sentAnswer() !== undefined);
    await edited.fulfil({ kind: 'edit-answer', stage: 'adapt', text: 'As the other window has it.' });
    await until(() => sentAnswer() === 'As the other window has it.');
    assert.match(await standing(shown), /structure stale, path stale/);
  });

  it('say of a project in a folder that may not be written that it may not, change nothing, and open it once it may', async () => {
    const project = await made('still');
    await project.restart();
    await one.projects.close(project);
    const place = path.join(folder, 'still');
    fs.mkdirSync(place);
    const file = path.join(place, 'still.regenesis');
    fs.copyFileSync(project.path, file);
    const before = fs.readFileSync(file);
    fs.chmodSync(file, 0o444);
    fs.chmodSync(place, 0o555);
    try {
      const page = await one.overview(file);
      const shown = async () => (await page.snapshot() as { readonly shown: NotShown | { readonly kind: 'open' } }).shown;
      await until(async () => (await shown()).kind !== 'opening');
      const said = await shown();
      assert.ok(said.kind === 'failed', said.kind);
      assert.match(said.problem.words, /still\.regenesis is read-only\. Make the file and its folder .* writable, or copy the project/);
      assert.equal(said.problem.ways[0]?.command, 'regenesis.project.reopen');
      assert.deepEqual([fs.readFileSync(file).equals(before), fs.readdirSync(place)], [true, ['still.regenesis']]);
      fs.chmodSync(place, 0o755);
      fs.chmodSync(file, 0o644);
      await page.fulfil({ kind: 'reopen' });
      assert.equal((await shown()).kind, 'open');
    } finally {
      fs.chmodSync(place, 0o755);
    }
  });
});
