import assert from 'node:assert/strict';
import { contaminationReportSchema } from '../../../src/contract/contamination.ts';
import { usualThresholds } from '../../../src/core/model/contamination.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { ContaminationDesk } from '../../../src/engine/contamination/contaminationDesk.ts';
import { aTask } from '../../support/builders.ts';
import { PausingClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

const question = (number: number) => `A warehouse loads ${number} boxes with 7 lamps each onto a truck that leaves before noon. How many lamps are on the truck?`;
const train = (id: string, text: string): Task => aTask({ id, question: text, origin: { dataset: id.split('/')[0] ?? '' } });
const heldOut = (id: string, text: string): Task => ({ ...train(id, text), split: 'held-out' });

/** A desk at a project with forty train tasks, of which one stands in a held-out set as it is, and two nearly. */
function deskAt() {
  const store = new MemoryStore();
  store.addTasks(Array.from({ length: 40 }, (_, index) => train(`${index < 20 ? 'one' : 'two'}/${index}`, question(index))));
  store.addTasks([heldOut('test/0', question(900)), heldOut('test/1', question(25).toUpperCase()), heldOut('test/2', question(3).replace('truck', 'trucks')), heldOut('other/0', `${question(3)} Say it in words, please.`)]);
  const clock = new PausingClock();
  let open = true;
  const desk = new ContaminationDesk({ dependencies: { clock }, store: () => { assert.ok(open); return store; } });
  return { store, clock, desk, find: desk.handlers.contaminationFind, shut: () => { open = false; } };
}

const codeOf = async (work: Promise<unknown>) => work.then(() => 'done', (thrown: unknown) => problemOf(thrown).code);
const asking = (signal: AbortSignal) => ({ client: { gone: signal }, signal });

describe('the desk of contamination', () => {
  it('says which train tasks stand in held-out sets, and shows them', async () => {
    const { find } = deskAt();
    const report = await find({});
    assert.deepEqual(contaminationReportSchema.parse(report), report);
    const { pairs, ...counts } = report;
    assert.deepEqual(counts, {
      thresholds: usualThresholds, total: 3, left: 0, tasks: 2,
      sets: [{ train: 'one', evaluation: 'other', exact: 0, near: 1 }, { train: 'one', evaluation: 'test', exact: 0, near: 1 }, { train: 'two', evaluation: 'test', exact: 1, near: 0 }],
    });
    assert.deepEqual(pairs.map(pair => [pair.train, pair.evaluation, pair.how]), [['one/3', 'other/0', 'ngrams'], ['one/3', 'test/2', 'edit'], ['two/25', 'test/1', 'exact']]);
    assert.deepEqual([pairs[2]?.trainExcerpt, pairs[2]?.evaluationExcerpt], [question(25), question(25).toUpperCase()]);
  });

  it('says it of some sets, by other thresholds, and page by page', async () => {
    const { find } = deskAt();
    const { total, sets, tasks } = await find({ sets: ['other'] });
    assert.deepEqual([total, sets.map(({ evaluation }) => evaluation), tasks], [1, ['other'], 1]);
    assert.equal((await find({ sets: [] })).total, 0);
    const loose = await find({ thresholds: { sameNumbers: false } });
    assert.deepEqual([loose.tasks, loose.thresholds], [40, { ...usualThresholds, sameNumbers: false }]);
    const all = (await find({})).pairs;
    const pages = [await find({ limit: 2 }), await find({ after: 2, limit: 2 }), await find({ after: 4 })];
    assert.deepEqual(pages.map(({ pairs, total: whole }) => [pairs.length, whole]), [[2, 3], [1, 3], [0, 3]]);
    assert.deepEqual(pages.flatMap(({ pairs }) => pairs), all);
    const unknown = await find({ sets: ['test', 'tests'] }).catch(problemOf);
    assert.deepEqual(unknown, { code: 'usage', message: 'There is no held-out data set tests. There are: other, test.', choices: ['other', 'test'] });
  });

  it('searches once, until there are other tasks', async () => {
    const { store, clock, desk, find } = deskAt();
    const both = await Promise.all([find({}), find({ sets: ['test'] })]);
    assert.deepEqual(both.map(({ total }) => total), [3, 2]);
    await find({});
    const { pauses } = clock;
    assert.ok(pauses > 44);
    await find({ after: 1 });
    assert.equal(clock.pauses, pauses);
    store.addTasks([heldOut('late/0', question(30))]);
    assert.equal((await find({})).total, 4);
    assert.ok(clock.pauses >= 2 * pauses);
    assert.equal((await desk.find({ sets: ['late'] })).pairs[0]?.trainSet, 'two');
  });

  it('ends once nobody waits for it any more, and not before', async () => {
    const { clock, find } = deskAt();
    const [one, other] = [new AbortController(), new AbortController()];
    clock.between = () => { if (clock.pauses === 5) one.abort(); if (clock.pauses === 30) other.abort(); };
    assert.deepEqual(await Promise.all([codeOf(find({}, asking(one.signal))), codeOf(find({}, asking(other.signal)))]), ['cancelled', 'cancelled']);
    assert.equal(clock.pauses, 30);
    assert.equal(await codeOf(find({}, asking(AbortSignal.abort()))), 'cancelled');
    const third = new AbortController();
    const ends = Promise.all([find({}, asking(third.signal)), find({})]);
    third.abort();
    assert.deepEqual((await ends).map(({ total }) => total), [3, 3]);
  });

  it('reads nothing of a project that is closed', async () => {
    const { clock, desk, find, shut } = deskAt();
    const ends = Promise.all([codeOf(find({ thresholds: { edit: 1 } })), codeOf(find({}))]);
    clock.between = () => { if (clock.pauses === 7) void desk.close().then(shut); };
    assert.deepEqual(await ends, ['cancelled', 'cancelled']);
    assert.ok(clock.pauses <= 8);
  });
});
