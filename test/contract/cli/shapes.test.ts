import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as z from 'zod/mini';
import {
  alignShape, auditShape, errorShape, exportShape, gradeShape, importShape, initShape, leakShape, planShape, probeShape, runShape, showShape, statusShape,
} from '../../support/commandShapes.ts';
import { readLines, readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';

describe('what each command writes with --json', function () {
  this.timeout(60_000);
  const shop = new Workshop({ processes: true });
  let server: LoggedServer;
  before(async () => { server = await shop.demoServer(); });
  after(() => shop.close());

  it('init, plan, run and status, one after the other', async () => {
    const made = await shop.json(initShape, ['init', 'story', '--sample']);
    assert.deepEqual(made, { project: shop.file('story.regenesis'), tasks: 90 });
    assert.ok(existsSync(made.project));
    const empty = await shop.json(statusShape, ['status', 'story']);
    assert.deepEqual([empty.run, empty.stages, empty.tasks.byState['not-started']], [null, [], 90]);

    const choices = ['story', '--server', server.url, '--limit', '3'];
    const plan = await shop.json(planShape, ['plan', ...choices]);
    assert.deepEqual([plan.recipe, plan.mode, plan.exact], ['regenesis', 'until-enough', false]);
    assert.deepEqual(server.newRequests(), [], 'a plan asks nothing');
    const run = await shop.json(runShape, ['run', ...choices]);
    assert.equal(run.state, 'completed');
    assert.equal(run.calls, server.newRequests().length);
    assert.equal(Object.values(run.tasks).reduce((sum, count) => sum + count, 0), 3);
    const status = await shop.json(statusShape, ['status', 'story.regenesis']);
    for (const { stage, round, toDo, maxToDo } of plan.stages) {
      const asked = status.stages.find(row => row.stage === stage && row.round === round)?.done ?? 0;
      assert.ok(asked >= toDo && (maxToDo === undefined || asked <= maxToDo), `${stage} ${round}: planned ${toDo} to ${maxToDo ?? toDo}, asked ${asked}`);
    }
    assert.deepEqual(status.run, { id: run.runId, state: 'completed' });
    assert.equal(status.tasks.byState['solved'], run.tasks['solved']);
    const [top] = status.funnel;
    status.funnel.reduce((left, row) => {
      assert.equal(row.in, left);
      assert.equal(row.in - row.out, Object.values(row.lost).reduce((sum, count) => sum + count, 0), `${row.step} names each loss`);
      return row.out;
    }, top?.in ?? 0);
    assert.deepEqual([run.kept, status.funnel.at(-1)?.out], [15, 15]);

  });

  it('show: every branch with what was sent, answered and understood', async () => {
    const shown = await shop.json(showShape, ['show', 'story', 'samples/lighthouse-flashes']);
    assert.equal(shown.task.state, 'solved');
    assert.equal(shown.selection.length, 5);
    for (const branch of shown.branches) {
      assert.deepEqual(branch.answers.map(answer => answer.stage).filter((stage, index, all) => all.indexOf(stage) === index), ['adapt', 'structure', 'path']);
      assert.ok(branch.answers.every(answer => answer.messages.length > 0 && answer.usage?.outputTokens !== undefined));
      assert.ok(branch.path !== undefined && branch.structure !== undefined && branch.adapted !== undefined);
    }
  });

  it('audit: where the released filter differs, before anything was run and after', async () => {
    await shop.succeed('init', 'fresh', '--sample');
    assert.deepEqual(await shop.json(auditShape, ['audit', 'fresh']), { rows: [], falseAccepts: 0, falseRejects: 0 });
    const report = await shop.json(auditShape, ['audit', 'story']);
    assert.equal(report.rows.filter(row => row.reference && row.typed !== 'correct').length, report.falseAccepts);
    assert.equal(report.rows.filter(row => !row.reference && row.typed === 'correct').length, report.falseRejects);
    assert.equal(report.rows.length, report.falseAccepts + report.falseRejects);
    assert.match(await shop.succeed('audit', 'story'), /On these paths the released filter .+ wrong\.\n$/);
    assert.deepEqual(server.newRequests(), [], 'it asks nothing');
  });

  it('export, and a second run that has nothing to do', async () => {
    const report = await shop.json(exportShape, ['export', 'story', '--format', 'chat', '--out', 'train.jsonl']);
    assert.deepEqual([report.path, report.manifest, report.records, report.tasks], [shop.file('train.jsonl'), shop.file('train.jsonl.manifest.json'), 15, 3]);
    const again = await shop.json(runShape, ['run', 'story', '--server', server.url, '--limit', '3']);
    assert.deepEqual([again.calls, again.kept, server.newRequests()], [0, 15, []]);
    assert.ok(again.cached > 0);
  });

  it('import, with what was refused, and status after it', async () => {
    await shop.succeed('init', 'bad');
    shop.write('rows.jsonl', '{"question":"What is 1+1?","gold":"2"}\n{"question":"Half a row\n{"question":"What is 2+2?","gold":"4"}\n{"question":"Is it?"}\n{"question":"What is 1+1?","gold":"2"}\n{"gold":"7"}\n');
    const map = ['--map', 'question=question', '--map', 'gold=gold'];
    const report = await shop.json(importShape, ['import', 'bad', 'rows.jsonl', ...map], 3);
    const [file] = report.files;
    assert.deepEqual([report.tasks, report.refused, file?.tasks, file?.withoutGold], [4, 2, 4, 1]);
    assert.deepEqual(file?.refused.map(refusal => refusal.line), [2, 6]);
    assert.ok(file.refused.every(refusal => refusal.message.length > 10));
    assert.deepEqual(file.byKind, { number: 3, expression: 0, choice: 0, yesno: 0, text: 1 });
    const strict = await shop.json(importShape, ['import', 'bad', 'rows.jsonl', ...map, '--missing-gold', 'refuse', '--split', 'held-out', '--name', 'strict'], 3);
    assert.deepEqual([strict.tasks, strict.refused, strict.files[0]?.split], [3, 3, 'held-out']);
    const { tasks } = await shop.json(statusShape, ['status', 'bad']);
    assert.deepEqual([tasks.total, tasks.trainable, tasks.heldOut], [7, 4, 3]);
  });

  it('grade and leak: a line for each line, in order, from a file and from standard input', async () => {
    const rows = [{ gold: '18', output: 'So \\boxed{18}.' }, { id: 'b', gold: '1/2', output: 'So \\boxed{2}.' }, { gold: '18' }, 'no object', { id: 7, gold: 'yes', output: 'It is so.', kind: 'yesno' }, { gold: '', output: '\\boxed{3}' }];
    const file = shop.writeLines('grade.jsonl', rows);
    const fromFile = await shop.run(['grade', file]);
    const fromInput = await shop.run(['grade', '-'], { input: shop.read('grade.jsonl') });
    const fromNothing = await shop.run(['grade'], { input: shop.read('grade.jsonl').replaceAll('\n', '\r\n') });
    assert.deepEqual([fromFile.code, fromInput.code, fromNothing.code], [3, 3, 3]);
    assert.deepEqual([fromInput.out, fromNothing.out], [fromFile.out, fromFile.out]);
    const lines = readLines(gradeShape, fromFile.out);
    assert.deepEqual(lines.map(line => line.id), [1, 'b', 3, 4, 7, 6]);
    assert.deepEqual(lines.map(line => ('error' in line ? 'error' : line.verdict)), ['correct', 'incorrect', 'error', 'error', 'unreadable', 'unjudged']);
    const reference = readLines(gradeShape, await shop.succeed('grade', shop.writeLines('one.jsonl', [{ gold: '18', output: 'First this.\n\n1. Six boxes of three.\n2. Multiply.\n\nSo \\boxed{18}.' }]), '--filter', 'reference'));
    assert.ok(reference.every(line => 'cut' in line && typeof line.cut === 'string'));

    const paths = [{ question: 'q?', gold: '18', path: 'We are told that the answer is 18.\n1. So \\boxed{18}.' }, { id: 'x', question: 'q?', gold: '18', path: '1. 3 · 6 = 18.\n2. So \\boxed{18}.' }];
    const leaks = readLines(leakShape, await shop.succeed('leak', shop.writeLines('leak.jsonl', paths)));
    const [first, second] = leaks;
    assert.ok(first && 'leak' in first && first.leak && first.start !== undefined && first.end !== undefined && first.end > first.start);
    assert.deepEqual(second, { id: 'x', leak: false, reason: null });
    const { code, said } = await shop.run(['grade', 'nowhere.jsonl']);
    assert.equal(code, 1);
    assert.match(said, /nowhere\.jsonl: there is no such file/);
  });

  it('align: a line for each line, with offsets into the texts; words for people without --json', async () => {
    const structure = '1. Find the rate per minute\n2. Multiply by the minutes\n3. Check the result';
    const path = '1. A minute is worth 12/60 = $0.20, which is the rate.\r\n2. 0.20 × 50 minutes = 10\n\n\\boxed{10}';
    const file = shop.writeLines('align.jsonl', [{ id: 'a', structure, path }, { structure }, { structure: '', path: '' }]);
    const { code, out } = await shop.run(['align', file, '--json']);
    assert.equal(code, 3);
    const [first, second, third] = readLines(alignShape, out);
    assert.ok(first && 'pairs' in first && second && 'error' in second && third && 'pairs' in third);
    assert.deepEqual([first.id, second.id, third.id, third.coverage], ['a', 2, 3, 0]);
    assert.deepEqual([first.pairs, first.marks, first.coverage], [[[0, 0], [1, 1]], { structure: ['followed', 'followed', 'skipped'], path: ['joined', 'joined', 'added'] }, 2 / 3]);
    for (const [steps, text] of [[first.structure, structure], [first.path, path]] as const) for (const step of steps) assert.equal(step.text, text.slice(step.start, step.end));
    const people = await shop.run(['align', '-'], { input: shop.read('align.jsonl') });
    assert.match(people.out, /^a: 2 of 3 steps carried out \(67 %\)\n {2}structure\n {2}✓ +1 +followed +→ 1 +Find the rate per minute\n/);
    assert.match(people.out, /^ {2}\+ +3 +added +\\boxed\{10\}$/m);
  });

  it('probe, and the first line of demo-server', async () => {
    const probe = await shop.json(probeShape, ['probe', server.url]);
    assert.deepEqual([probe.server, probe.model, probe.capabilities['n'], probe.capabilities['seed']], [server.url, 'regenesis-demo', 'supported', 'supported']);
    const started = shop.start(['demo-server', '--port', '0']);
    await started.says(/a simulation/);
    started.child.kill('SIGINT');
    const { code, out } = await started.ended;
    assert.equal(code, 0);
    readObject(z.object({ url: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d+\/v1$/)), pid: z.int() }), out);
  });

  it('one object too where a command fails', async () => {
    const { code, out, said } = await shop.run(['status', 'nothing', '--json']);
    assert.equal(code, 1);
    assert.equal(readObject(errorShape, out).error.code, 'project-not-found');
    assert.match(said, /There is no project .*nothing\.regenesis\. .*regenesis init/);
  });
});
