import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { errorShape, planShape, runShape, showShape, statusShape } from '../../support/commandShapes.ts';
import { readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { countByStage, drawsOf } from '../../support/requestLog.ts';
import { sampleTasks, tasksAskedIn } from '../../support/sampleTasks.ts';

describe('what a run is about', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;
  before(async () => {
    server = await shop.demoServer();
    await shop.succeed('init', 'empty', '--sample');
  });
  after(() => shop.close());

  /** A project of its own with the sample tasks. */
  const project = (name: string): string => {
    copyFileSync(shop.file('empty.regenesis'), shop.file(`${name}.regenesis`));
    return name;
  };
  const run = (name: string, words: readonly string[], code = 0) => shop.json(runShape, ['run', name, '--server', server.url, ...words], code);

  it('one stage, several, all: each asks for what is missing and nothing twice', async () => {
    const name = project('stages');
    const nothing = await run(name, ['--limit', '2', '--stage', 'path']);
    assert.deepEqual([nothing.calls, nothing.tasks['not-started']], [0, 2], 'no stage before path may ask');
    const adapt = await run(name, ['--limit', '2', '--stage', 'adapt']);
    const adapted = server.newRequests();
    assert.deepEqual([adapt.state, Object.keys(countByStage(adapted))], ['completed', ['adapt']]);
    assert.ok(adapt.calls >= 50 && adapt.kept === 0);
    const rest = await run(name, ['--limit', '2', '--stage', 'adapt,structure,select']);
    const structured = server.newRequests();
    assert.deepEqual([Object.keys(countByStage(structured)), rest.tasks['not-started']], [['structure'], 2]);
    const all = await run(name, ['--limit', '2', '--mode', 'all']);
    const paths = server.newRequests();
    assert.deepEqual([Object.keys(countByStage(paths)), all.tasks['solved']], [['path'], 2]);
    const draws = drawsOf([...adapted, ...structured, ...paths]);
    assert.equal(new Set(draws).size, draws.length);
  });

  it('a stage that asks no model: what is stored is graded again, without a server', async () => {
    const name = project('again');
    assert.match((await shop.run(['run', name, '--stage', 'verify'])).said, /Nothing was run in this project yet, so there is nothing to verify/);
    await run(name, ['--limit', '2']);
    server.newRequests();
    const planned = await shop.json(planShape, ['plan', name, '--limit', '2', '--stage', 'verify,leak,clean,vote,select', '--recipe', 'regenesis-released']);
    assert.deepEqual([planned.exact, planned.calls], [true, 0]);
    const again = await shop.json(runShape, ['run', name, '--stage', 'verify', '--filter', 'reference', '--limit', '2']);
    assert.deepEqual([again.state, again.calls, server.newRequests().length], ['completed', 0, 0]);
    assert.ok((again.tasks['solved'] ?? 0) > 0);
    const { code, said } = await shop.run(['run', name, '--stage', 'judge', '--server', server.url]);
    assert.equal(code, 2);
    assert.match(said, /Recipe regenesis has no stage judge\. It has: adapt, structure, path, verify, vote, leak, select\./);
    assert.match((await shop.run(['run', name, '--recipe', 'without-hints', '--round', '2', '--server', server.url])).said, /no hint round/);
    assert.equal((await run(name, ['--limit', '2', '--round', '2'])).calls, 0);
  });

  it('the tasks that are named, and no others', async () => {
    const name = project('named');
    const { tasks } = await run(name, ['--task', 'samples/night-candle, samples/caesar-bird']);
    assert.deepEqual(tasksAskedIn(server.newRequests()), ['samples/caesar-bird', 'samples/night-candle']);
    assert.equal(Object.values(tasks).reduce((sum, count) => sum + count, 0), 2);
    const { code, said } = await shop.run(['run', name, '--server', server.url, '--task', 'samples/nobody']);
    assert.equal(code, 2);
    assert.match(said, /There is no task samples\/nobody .*`regenesis tasks .*` lists the ids/);
  });

  it('the first of them, or a sample that the seed decides', async () => {
    await run(project('limit'), ['--limit', '2', '--stage', 'adapt']);
    assert.deepEqual(tasksAskedIn(server.newRequests()), sampleTasks.slice(0, 2).map(({ id }) => `samples/${id}`));
    await run(project('sample'), ['--sample', '5', '--stage', 'adapt']);
    const sampled = tasksAskedIn(server.newRequests());
    assert.equal(sampled.length, 5);
    assert.notDeepEqual(sampled, sampleTasks.slice(0, 5).map(({ id }) => `samples/${id}`));
    assert.equal((await run('sample', ['--sample', '5', '--stage', 'adapt'])).calls, 0, 'the same five');
    const five = new Set(sampled);
    await run(project('larger'), ['--sample', '7', '--stage', 'adapt']);
    assert.ok(tasksAskedIn(server.newRequests()).filter(id => five.has(id)).length === 5, 'a larger sample holds the smaller one');
  });

  it('a held-out task that is named: wrong usage, and not a single request', async () => {
    shop.writeLines('mixed.jsonl', [{ question: 'How many sides has a square?', gold: '4', id: 'square' }]);
    await shop.succeed('import', project('held'), 'mixed.jsonl', '--map', 'question=question', '--map', 'gold=gold', '--map', 'id=id', '--split', 'held-out');
    const before = server.log();
    const ended = await shop.run(['run', 'held', '--server', server.url, '--task', 'samples/caesar-bird,mixed/square', '--json']);
    assert.equal(ended.code, 2);
    assert.equal(readObject(errorShape, ended.out).error.code, 'task-held-out');
    assert.match(ended.said, /mixed\/square is held out/);
    assert.equal(server.log(), before);
    await run('held', ['--limit', '1', '--stage', 'adapt']);
    assert.deepEqual(server.newRequests().filter(({ prompt }) => prompt.includes('square')), [], 'a run of everything leaves it out');
    assert.equal((await shop.json(statusShape, ['status', 'held'])).tasks.heldOut, 1);

    await shop.succeed('init', 'only');
    await shop.succeed('import', 'only', 'mixed.jsonl', '--map', 'question=question', '--map', 'gold=gold', '--split', 'held-out');
    const { code, said } = await shop.run(['run', 'only', '--server', server.url]);
    assert.equal(code, 1);
    assert.match(said, /All 1 tasks .* are held out/);
  });

  it('a budget of requests: paused with code 3, and the next run goes on', async () => {
    const name = project('budget');
    const first = await run(name, ['--limit', '2', '--max-calls', '11'], 3);
    assert.deepEqual([first.state, first.calls], ['paused', 11]);
    const requests = [...server.newRequests()];
    assert.equal(requests.length, 11);
    const second = await run(name, ['--limit', '2']);
    assert.deepEqual([second.state, second.tasks['solved']], ['completed', 2]);
    requests.push(...server.newRequests());
    assert.equal(new Set(drawsOf(requests)).size, requests.length, 'nothing twice');
    assert.equal(requests.length, 11 + second.calls);
  });

  it('the released filter instead of ours, on the same answers', async () => {
    const name = project('reference');
    await run(name, ['--limit', '3', '--mode', 'all', '--recipe', 'without-hints']);
    server.newRequests();
    const reference = await run(name, ['--limit', '3', '--mode', 'all', '--recipe', 'without-hints', '--filter', 'reference']);
    assert.equal(reference.calls, 0);
    const { branches } = await shop.json(showShape, ['show', name, 'samples/lighthouse-flashes']);
    assert.ok(branches.every(({ verdicts }) => verdicts.some(verdict => verdict.checker === 'reference')));
    const typed = await run(name, ['--limit', '3', '--mode', 'all', '--recipe', 'without-hints']);
    assert.notEqual(typed.kept, 0);
    assert.equal(typed.calls, 0);
  });

  it('a recipe file of one\'s own, with another number of guidelines from YAML alone', async () => {
    shop.write('recipes/three.rgrecipe.yaml', 'extends: regenesis\ntitle: Three guidelines\nguidelines: [simplify, decompose, reflect]\nselect:\n  perTask: 2\nhints: off\n');
    const name = project('three');
    const choices = [name, '--server', server.url, '--recipe', 'recipes/three.rgrecipe.yaml', '--limit', '2', '--mode', 'all'];
    const plan = await shop.json(planShape, ['plan', ...choices]);
    assert.deepEqual([plan.recipe, plan.calls, plan.exact], ['three', 2 * 3 * 3, true]);
    const report = await shop.json(runShape, ['run', ...choices]);
    assert.ok(report.kept <= 4 && report.kept > 0);
    const { branches } = await shop.json(showShape, ['show', name, 'samples/lighthouse-flashes']);
    assert.deepEqual(branches.map(branch => branch.id).sort(), ['guideline:decompose', 'guideline:reflect', 'guideline:simplify']);
    const missing = await shop.run(['run', name, '--server', server.url, '--recipe', 'four']);
    assert.equal(missing.code, 2);
    assert.match(missing.said, /There is no recipe four\. There are: direct, lmsi, regenesis, regenesis-released, star, without-adapt, without-hints, without-structure/);
  });
});
