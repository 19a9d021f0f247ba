import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { useDemoServer } from '../../src/host/servers/useDemo.ts';
import { commands, type CommandId } from '../../src/host/manifest.ts';
import { partNames, parts } from '../../src/host/runs/stageTable.ts';
import { helpless, saying, Walk } from './walk.ts';

const partCommands: readonly CommandId[] = partNames.map(part => parts[part].command);
const sorted = (ids: readonly CommandId[]): readonly CommandId[] => [...ids].sort();
/** Of the commands that need an item of the tree. */
const onItems: readonly CommandId[] = ['regenesis.answer.show', 'regenesis.output.show', 'regenesis.prompt.show', 'regenesis.review.group', 'regenesis.review.task', 'regenesis.task.show', 'regenesis.tasks.holdOut', 'regenesis.tasks.leaveOut', 'regenesis.tasks.more'];
/** That need paths. */
const ofPaths: readonly CommandId[] = ['regenesis.review.next', 'regenesis.review.query', 'regenesis.review.topUp'];
/** That do something in a review that is open. */
const inReviews = (Object.keys(commands) as CommandId[]).filter(id => ['review', 'key'].includes(commands[id].offered));

describe('every command, in every state', function () {
  this.timeout(90_000);
  let walk: Walk;
  beforeEach(() => { walk = new Walk(); });
  afterEach(() => walk.end());

  it('says that no project is open, and what to do', async () => {
    const said = await walk.all();
    assert.deepEqual(helpless(said), []);
    const needy = saying(said, /^No project is open/);
    for (const id of [...partCommands, 'regenesis.run.start', 'regenesis.run.resume', 'regenesis.run.show', 'regenesis.tasks.import', 'regenesis.server.add', 'regenesis.dataset.export', 'regenesis.dataset.fineTune', 'regenesis.job.start', 'regenesis.engine.restart', 'regenesis.review.export', 'regenesis.review.import', 'regenesis.gold.correct', 'regenesis.job.show', 'regenesis.job.cancel', 'regenesis.job.retry', 'regenesis.job.log', 'regenesis.job.files', 'regenesis.evaluation.start', 'regenesis.evaluation.show', 'regenesis.evaluation.continue', 'regenesis.evaluation.cancel', 'regenesis.domain.set', 'regenesis.iteration.run', 'regenesis.iterations.show', 'regenesis.contamination.find', 'regenesis.tasks.holdIn', 'regenesis.tasks.takeIn', ...ofPaths] as const) {
      assert.ok(needy.includes(id), id);
    }
    assert.deepEqual(saying(said, /^No training target takes a key/), ['regenesis.target.key']);
    assert.deepEqual(sorted(saying(said, /^Choose .* in the tree/)), onItems);
    assert.deepEqual(sorted(saying(said, /^No review is open/)), sorted(inReviews));
    assert.match((await walk.call('regenesis.project.close'))[0]?.words ?? '', /No project is open/);
    assert.match((await walk.call('regenesis.run.cancel'))[0]?.words ?? '', /No run is going on/);
    assert.match((await walk.call('regenesis.project.reopen'))[0]?.words ?? '', /No project is open/);
  });

  it('says of a project without tasks that there are none', async () => {
    await walk.projects.open(path.join(walk.folder, 'empty.regenesis'), 'create');
    const said = await walk.all();
    assert.deepEqual(helpless(said), []);
    assert.deepEqual(sorted(saying(said, /no train tasks/)), sorted([...partCommands, 'regenesis.run.start']));
    assert.deepEqual(sorted(saying(said, /Nothing was run in empty yet/)), sorted(['regenesis.audit.show', 'regenesis.run.resume', 'regenesis.run.show', ...ofPaths]));
    assert.deepEqual(saying(said, /^Nobody has reviewed a path of empty yet/), ['regenesis.review.export']);
    assert.deepEqual(saying(said, /no tasks that could be worked on/), ['regenesis.branch.step', 'regenesis.branch.watch', 'regenesis.gold.correct']);
    assert.deepEqual(sorted(saying(said, /^empty has no held-out tasks/)), ['regenesis.contamination.find', 'regenesis.domain.set', 'regenesis.evaluation.start']);
    assert.deepEqual(sorted(saying(said, /^No model was evaluated in empty yet/)), ['regenesis.evaluation.cancel', 'regenesis.evaluation.continue', 'regenesis.evaluation.show']);
    assert.deepEqual(saying(said, /nothing to export/), ['regenesis.dataset.export', 'regenesis.dataset.fineTune', 'regenesis.review.export']);
  });

  it('asks or says what is missing where nothing was run yet', async () => {
    await walk.projects.open(path.join(walk.folder, 'fresh.regenesis'), 'create-sample');
    const said = await walk.all();
    assert.deepEqual(helpless(said), []);
    assert.deepEqual(sorted(saying(said, /has no stage|no hint round/)), ['regenesis.guidelines.choose', 'regenesis.paths.clean', 'regenesis.paths.judge']);
    const checks = ['regenesis.answers.vote', 'regenesis.leaks.check', 'regenesis.paths.filter', 'regenesis.paths.select', 'regenesis.paths.verify'] as const;
    assert.deepEqual(sorted(saying(said, /Nothing was run in this project yet, so there is nothing to/)), checks);
  });

  it('says while a run goes on that it does', async () => {
    const project = await walk.projects.open(path.join(walk.folder, 'busy.regenesis'), 'create-sample');
    await useDemoServer(project, await walk.demo.url());
    const running = project.run('startRun', { concurrency: 1, mode: 'all' });
    running.catch(() => undefined); // looked at below
    while (!project.progress) await new Promise(resolve => { setTimeout(resolve, 20); });
    const said = await walk.all();
    assert.deepEqual(helpless(said), []);
    const busy = saying(said, /A run is going on in busy/);
    for (const id of [...partCommands, 'regenesis.run.start', 'regenesis.run.resume', 'regenesis.engine.restart'] as const) assert.ok(busy.includes(id), id);
    assert.match((await walk.call('regenesis.project.close'))[0]?.words ?? '', /A run is going on/);
    assert.deepEqual(await walk.call('regenesis.run.cancel'), []);
    assert.equal((await running).state, 'cancelled');
    assert.deepEqual(await walk.call('regenesis.run.show'), []);
  });

  it('may ask a server how it is and what it can do once a run of this window has asked it', async () => {
    const project = await walk.projects.open(path.join(walk.folder, 'known.regenesis'), 'create-sample');
    const url = await walk.demo.url();
    await useDemoServer(project, url);
    assert.equal((await project.run('startRun', { limit: 1, maxCalls: 1 })).state, 'paused');
    assert.equal(walk.known.has(url), false, 'the file names it, and no more');
    await walk.call('regenesis.run.resume');
    assert.equal(walk.known.has(url), true);
  });

  it('lists train tasks that stand in held-out data, and keeps them away from training by a quick fix', async () => {
    const project = await walk.projects.open(path.join(walk.folder, 'both.regenesis'), 'create');
    const questions = ['A farmer has 12 cows and sells 5 of them. How many cows are left?', 'Ann says “two” and means 7. How far off is she?'];
    for (const split of ['train', 'held-out'] as const) {
      const file = path.join(walk.folder, `${split}.jsonl`);
      fs.writeFileSync(file, questions.map(question => `${JSON.stringify({ question: split === 'train' ? question : question.toUpperCase(), gold: '7' })}\n`).join(''));
      await project.call('importTasks', { files: [file], map: { question: 'question', gold: 'gold' }, split });
    }
    await project.refresh();
    const [found] = await walk.call('regenesis.contamination.find');
    assert.match(found?.words ?? '', /^2 train tasks of both stand in held-out data: 2 in held-out\./);
    assert.deepEqual(found?.actions, ['Show Problems', 'Leave All Out of Export']);
    const listed = () => vscode.languages.getDiagnostics().flatMap(([uri, all]) => all.filter(({ source }) => source === 'ReGenesis contamination').map(problem => ({ uri, problem })));
    const until = async (count: number) => { while (listed().length !== count) await new Promise(resolve => { setTimeout(resolve, 20); }); };
    const [first] = listed();
    assert.ok(first);
    assert.equal(listed().length, 2);
    assert.equal(first.problem.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(first.problem.message, /^In held-out data too: held-out\/.* of held-out \(the same after normalisation\)\. Counted as near: shared 8-grams from 50 %, edit from 0\.90/);
    const document = await vscode.workspace.openTextDocument(first.uri);
    assert.ok(questions.includes(document.lineAt(first.problem.range.start.line).text), 'it stands at the question');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', first.uri, first.problem.range, vscode.CodeActionKind.QuickFix.value);
    assert.deepEqual(actions.map(({ title }) => title), ['Move to Held-Out', 'Leave Out of Export', 'Move to Held-Out: All 2 Tasks of train in held-out', 'Leave Out of Export: All 2 Tasks of train in held-out']);
    const press = async (place: number, id?: CommandId) => {
      const [given] = (actions[place]?.command?.arguments ?? []) as readonly unknown[];
      return walk.call(id ?? actions[place]?.command?.command as CommandId, given);
    };
    const said = await press(0);
    assert.deepEqual(said.map(({ words, actions: ways }) => [/ is held out now/.test(words), ways]), [[true, ['Undo']]]);
    await until(1);
    assert.equal(project.status?.tasks.heldOut, 3);
    await press(0, 'regenesis.tasks.holdIn');
    await until(2);
    assert.match((await press(3))[0]?.words ?? '', /^2 tasks of both are left out of exports now/);
    await until(0);
    assert.match((await press(3, 'regenesis.tasks.takeIn'))[0]?.words ?? '', /^2 tasks of both are exported again/);
    await until(2);
    await walk.press('Undo');
    await until(0);
    const tasks = (await project.call('withdrawnTasks', {})).leftOut.map(({ task }) => task);
    await project.call('takeIn', { tasks });
    await project.call('leaveOut', { tasks, reason: 'too easy' });
    await press(3, 'regenesis.tasks.takeIn');
    await walk.press('Undo');
    assert.deepEqual((await project.call('withdrawnTasks', {})).leftOut.map(({ reason }) => reason), ['too easy', 'too easy']);
    await press(3, 'regenesis.tasks.takeIn');
    await until(2);
    await walk.call('regenesis.project.close');
    await until(0);
  });

  it('says of a project that cannot be used why that is', async () => {
    const file = path.join(walk.folder, 'foreign.regenesis');
    fs.writeFileSync(file, 'not a database at all, only text that is long enough to be looked at');
    await assert.rejects(walk.projects.open(file, 'open'));
    const said = await walk.all();
    assert.deepEqual(helpless(said), []);
    const needy = saying(said, /foreign\.regenesis/);
    for (const id of [...partCommands, 'regenesis.run.start', 'regenesis.run.show', 'regenesis.tasks.import', 'regenesis.server.add', 'regenesis.dataset.export', 'regenesis.dataset.fineTune', 'regenesis.job.start'] as const) assert.ok(needy.includes(id), id);
    assert.match((await walk.call('regenesis.project.reopen'))[0]?.words ?? '', /foreign\.regenesis/);
    await walk.call('regenesis.project.close');
    assert.deepEqual(walk.projects.all, []);
  });
});
