import assert from 'node:assert/strict';
import { fingerprint, taskId, type TaskId } from '../../../src/core/model/ids.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import type { Store } from '../../../src/ports/store.ts';
import { WithdrawalDesk } from '../../../src/engine/contamination/withdrawalDesk.ts';
import { exportDataset } from '../../../src/engine/export/exportDataset.ts';
import { exportProject } from '../../support/exportProject.ts';
import { aReview, aTask } from '../../support/builders.ts';
import { PausingClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { heldOut } from '../../support/storeFacts.ts';
import { stepperWorkshop } from '../../support/stepperWorkshop.ts';

const first = taskId('set/1');

/** What a project says of itself. */
const figures = (store: Store) => ({ counters: [...store.counters()].filter(([, count]) => count > 0).sort(), branches: store.branchCounts(), outcomes: [...store.outcomes()], rows: store.taskPage({}, undefined, 10) });

/** A project whose tasks have run, and the means to export it. */
async function ran(tasks = 3) {
  const workshop = await stepperWorkshop({ tasks });
  await workshop.run();
  const exported = async () => {
    const report = await workshop.handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl' });
    return { ...report, text: workshop.files.kept.get('/out/t.jsonl') ?? '' };
  };
  return { ...workshop, exported };
}

/** A project that has run, two of whose train tasks stand in an evaluation set in other writing. */
async function planted() {
  const store = new MemoryStore();
  const [plain, quoted] = ['Tom says "two apples" to Ann and gets 16 of them. How many more is that than he asked for?', 'The ship’s bell rings 3 times in each of 6 hours. How often does it ring in all?'];
  store.addTasks([aTask({ id: 'set/plain', question: plain }), aTask({ id: 'set/quoted', question: quoted }), aTask({ id: 'set/own', question: 'What is 9 times 2?' })]);
  store.addTasks([
    { ...heldOut('test/1'), question: `  ${plain.replaceAll('"', '“').replaceAll(' ', '\n  ').toUpperCase()}`, origin: { dataset: 'test' } },
    { ...heldOut('test/2'), question: quoted.replace('’', "'").toLowerCase(), origin: { dataset: 'test' } },
  ]);
  const workshop = await stepperWorkshop({ tasks: 0, store });
  await workshop.run();
  return { ...workshop, exported: () => workshop.handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl' }) };
}

describe('keeping tasks away from training', () => {
  it('moves a task to the held-out ones: nothing that makes training data takes it any more', async () => {
    const { handlers, store, exported, codeOf, place, told, model } = await ran();
    assert.deepEqual(await handlers.holdOut({ tasks: ['set/1'] }), { tasks: ['set/1'] });
    assert.deepEqual(told('tasksChanged').at(-1), { tasks: ['set/1'], all: false });
    const { tasks } = await handlers.status({});
    assert.deepEqual([tasks.trainable, tasks.heldOut, tasks.byState.solved, tasks.byState['not-started']], [2, 1, 2, 0]);
    const { total } = await handlers.taskPage({ filter: { split: 'train' }, limit: 10 });
    assert.equal(total, 2);
    assert.equal((await exported()).tasks, 2);
    const { items } = await handlers.reviewQueue({ query: { kind: 'queue', name: 'next' }, reviewer: 'ann', skip: [], count: 100 });
    assert.deepEqual([...new Set(items.map(({ task }) => task.id))].toSorted(), ['set/2', 'set/3']);
    const asked = model.requests.length;
    assert.deepEqual(await Promise.all([codeOf(handlers.startRun({ tasks: ['set/1'] })), codeOf(handlers.branchStages(place)), codeOf(handlers.runBranch(place))]), ['task-held-out', 'task-held-out', 'task-held-out']);
    assert.equal((await handlers.plan({})).tasks, 2);
    assert.equal(model.requests.length, asked);
    assert.deepEqual((await handlers.withdrawnTasks({})).moved.map(({ task }) => task), ['set/1']);
    assert.deepEqual(store.answers(first).length > 0, true);
  });

  it('takes exactly that back, without a call', async () => {
    const { handlers, store, exported, model, run } = await ran();
    const [before, written, asked] = [figures(store), await exported(), model.requests.length];
    await handlers.holdOut({ tasks: ['set/1', 'set/3'] });
    assert.notDeepEqual(figures(store), before);
    assert.deepEqual(await handlers.holdIn({ tasks: ['set/3', 'set/2', 'set/1'] }), { tasks: ['set/3', 'set/1'] });
    assert.deepEqual(figures(store), before);
    assert.equal((await exported()).sha256, written.sha256);
    await run();
    assert.deepEqual([model.requests.length, store.runs()[0]?.calls], [asked, 0]);
  });

  it('puts back what stood there, with branches that wait to be asked, where nobody said anything since', async () => {
    const { handlers, store, model } = await ran(1);
    const outcome = store.outcome(first);
    assert.ok(outcome);
    const inPart = { ...outcome, branches: outcome.branches.slice(0, 2) };
    store.commit({ outcomes: [inPart] });
    const [before, asked] = [figures(store), model.requests.length];
    await handlers.holdOut({ tasks: ['set/1'] });
    await handlers.holdIn({ tasks: ['set/1'] });
    assert.deepEqual([store.outcome(first), figures(store), model.requests.length], [inPart, before, asked]);
    const { items: [item] } = await handlers.reviewQueue({ query: { kind: 'task', task: 'set/1' }, reviewer: 'ann', skip: [], count: 1 });
    await handlers.holdOut({ tasks: ['set/1'] });
    store.commit({ reviews: [aReview({ id: 'r1', taskId: first, path: fingerprint(item?.path ?? '') })] });
    await handlers.holdIn({ tasks: ['set/1'] });
    assert.equal(store.outcome(first)?.branches.length, outcome.branches.length);
  });

  it('settles in the next run what could not be settled at once, again without a call', async () => {
    const { handlers, store, model, run } = await ran(1);
    const [before, asked] = [figures(store), model.requests.length];
    await handlers.holdOut({ tasks: ['set/1'] });
    store.withdrawn.holdIn([first]);
    assert.equal(store.outcome(first), undefined);
    await run();
    assert.equal(model.requests.length, asked);
    assert.deepEqual(figures(store).counters, before.counters);
  });

  it('counts a review of it again once it trains again', async () => {
    const { handlers, exported, store } = await ran();
    const { items: [item] } = await handlers.reviewQueue({ query: { kind: 'task', task: 'set/1' }, reviewer: 'ann', skip: [], count: 1 });
    assert.ok(item);
    await handlers.appendReviews({ reviews: [{ id: 'r1', task: 'set/1', path: item.path, reviewer: 'ann', decision: 'reject', marks: [], seconds: 1 }] });
    const { excluded } = await exported();
    assert.equal(excluded['rejected'], 1);
    await handlers.holdOut({ tasks: ['set/1'] });
    assert.equal((await exported()).excluded['rejected'], undefined);
    await handlers.holdIn({ tasks: ['set/1'] });
    assert.deepEqual([(await exported()).excluded, store.reviews(first).length], [excluded, 1]);
  });

  it('refuses to move a task that a run works on, and what is no task', async () => {
    const { handlers, store, codeOf, told, until, step, place } = await stepperWorkshop({ tasks: 2 });
    await handlers.startRun({ tasks: ['set/1'] });
    assert.equal(await codeOf(handlers.holdOut({ tasks: ['set/2', 'set/1'] })), 'run-active');
    assert.equal(store.countTasks({ split: 'train' }), 2, 'the other one was not moved either');
    await until(() => told('runEnded').length > 0);
    const stepping = step(false, { ...place, task: 'set/2' });
    await until(() => store.runs().length > 1);
    assert.equal(await codeOf(handlers.holdOut({ tasks: ['set/2'] })), 'run-active');
    await stepping;
    assert.equal(await codeOf(handlers.holdOut({ tasks: ['set/1', 'nowhere'] })), 'task-not-found');
    assert.equal(store.countTasks({ split: 'train' }), 2);
    assert.deepEqual((await handlers.holdOut({ tasks: ['set/1', 'set/2'] })).tasks, ['set/1', 'set/2']);
  });

  it('changes nothing where a task of many is worked on, and says what was changed where that began meanwhile', async () => {
    const store = new MemoryStore();
    const ids = Array.from({ length: 120 }, (_, index) => taskId(`set/${index}`));
    store.addTasks(ids.map(id => aTask({ id })));
    const [clock, active, told] = [new PausingClock(), new Set(ids.slice(110, 111)), [] as unknown[]];
    const desk = new WithdrawalDesk({
      dependencies: { clock, emit: (kind, event) => { if (kind === 'tasksChanged') told.push(event); }, understanding: 'test' },
      store: () => store, contextOf: () => assert.fail('no run'), isActive: id => active.has(id),
    });
    await assert.rejects(desk.handlers.holdOut({ tasks: ids }), /set\/110/);
    assert.deepEqual([store.withdrawn.moved(), told], [[], []]);
    active.clear();
    clock.between = () => active.add(ids[119] ?? first);
    assert.deepEqual([await desk.handlers.holdOut({ tasks: ids }), told], [{ tasks: ids.slice(0, 100) }, [{ tasks: ids.slice(0, 100), all: false }]]);
    assert.equal(store.withdrawn.moved().length, 100);
  });

  it('passes a task over that was moved after its run had begun', async () => {
    const { handlers, store, told, until } = await stepperWorkshop({ tasks: 12 });
    await handlers.startRun({ concurrency: 1 });
    const last = taskId('set/12');
    await handlers.holdOut({ tasks: [last] });
    await until(() => told('runEnded').length > 0);
    assert.deepEqual([store.outcome(last), store.answers(last), [...store.outcomes()].length], [undefined, [], 11]);
  });

  it('resumes a run without the tasks that were moved since', async () => {
    const { handlers, run, codeOf, told, until } = await stepperWorkshop({ tasks: 3 });
    await run({ tasks: ['set/1', 'set/2'] });
    await handlers.holdOut({ tasks: ['set/1'] });
    assert.equal((await handlers.resumeRun({})).tasks, 1);
    await until(() => told('runEnded').length > 1);
    await handlers.holdOut({ tasks: ['set/2'] });
    assert.equal(await codeOf(handlers.resumeRun({})), 'no-tasks');
  });

  it('keeps an export from writing a task that was held out meanwhile, and no other', async () => {
    const { store, exported, dependencies, looking, files, clear } = exportProject(['set/1', 'set/2', 'set/3', 'set/4'].map(id => ({ id, fates: id === 'set/4' ? 'wwwwww' : 'rrwrrw' })));
    const whole = await exported('chat');
    const during = (ids: readonly TaskId[]) => {
      const clock = new PausingClock();
      // the first walk is over by then, and the second has to begin
      clock.between = () => { if (clock.pauses === 4) store.withdrawn.holdOut(ids); };
      return exportDataset({ ...dependencies, clock }, store, { format: 'chat', out: '/out/during.jsonl', ...looking });
    };
    await during([taskId('set/4')]);
    assert.equal(files.kept.get('/out/during.jsonl'), whole.data, 'nothing of it is written');
    clear();
    await assert.rejects(during([first]), (thrown: unknown) => problemOf(thrown).code === 'task-held-out');
    assert.equal(files.kept.has('/out/during.jsonl'), false);
    assert.deepEqual([store.countTasks({ split: 'held-out' }), (await exported('chat')).report.tasks], [2, 2]);
  });

  it('leaves tasks out of exports, and says so', async () => {
    const { handlers, exported, told } = await ran();
    const before = await exported();
    assert.deepEqual(await handlers.leaveOut({ tasks: ['set/2'] }), { tasks: ['set/2'] });
    assert.deepEqual(told('tasksChanged').at(-1), { tasks: ['set/2'], all: false });
    const [after, preview] = [await exported(), await handlers.previewExport({ format: 'chat' })];
    assert.deepEqual([after.tasks, preview.tasks, after.records + (after.excluded['left-out'] ?? 0)], [2, 2, before.records]);
    assert.deepEqual([after.excluded['left-out'], preview.excluded['left-out']], [5, 5]);
    assert.ok(!after.text.includes('set/2'));
    assert.deepEqual((await handlers.withdrawnTasks({})).leftOut.map(({ task, reason }) => [task, reason]), [['set/2', 'contamination']]);
    assert.deepEqual(await handlers.takeIn({ tasks: ['set/1', 'set/2'] }), { tasks: ['set/2'] });
    assert.equal((await exported()).sha256, before.sha256);
  });

  it('finds a planted task whatever its blanks, quotes and case, and never again once it does not train', async () => {
    const { handlers, store, exported } = await planted();
    const found = async () => (await handlers.contaminationFind({})).pairs.map(({ train, trainSet, evaluation, evaluationSet, how }) => [train, trainSet, evaluation, evaluationSet, how]);
    const [first3, second3] = [['set/plain', 'set', 'test/1', 'test', 'exact'], ['set/quoted', 'set', 'test/2', 'test', 'exact']];
    assert.deepEqual(await found(), [first3, second3]);
    assert.deepEqual((await exported()).contamination?.sets, [{ evaluation: 'test', exact: 2, near: 0 }]);
    await handlers.holdOut({ tasks: ['set/plain'] });
    assert.deepEqual([await found(), (await exported()).contamination], [[second3], { thresholds: { ngrams: 0.5, edit: 0.9, sameNumbers: true }, sets: [{ evaluation: 'test', exact: 1, near: 0 }], tasks: 1 }]);
    // as many tasks on each side as before, and other ones
    store.withdrawn.holdIn([taskId('set/plain')]);
    store.withdrawn.holdOut([taskId('set/quoted')]);
    assert.deepEqual(await found(), [first3]);
    await handlers.leaveOut({ tasks: ['set/plain'] });
    assert.deepEqual((await handlers.previewExport({ format: 'chat' })).contamination?.tasks, 0);
  });

  it('says what to do where all that there is was left out', async () => {
    const { handlers } = await ran(1);
    await handlers.leaveOut({ tasks: ['set/1'], reason: 'too easy' });
    await assert.rejects(async () => handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl' }), /5 left-out.*Take tasks in again/);
  });
});
