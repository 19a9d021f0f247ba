import assert from 'node:assert/strict';
import type { TrainTask } from '../../../src/core/model/task.ts';
import { TaskPlan } from '../../../src/core/plan/taskPlan.ts';
import { AnswersInFlight } from '../../../src/engine/answersInFlight.ts';
import type { ChatRequest } from '../../../src/ports/languageModel.ts';
import { aContext, aTask } from '../../support/builders.ts';
import { FakeModel } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { good, keptIn, prepare } from '../../support/runTrial.ts';

const many = (count: number): TrainTask[] => Array.from({ length: count }, (_, index) => aTask({ id: `set/${index}` }));
const keyOf = ({ stage, seed, messages }: ChatRequest) => `${stage} ${seed} ${messages[0]?.content ?? ''}`;
const turns = async (count: number) => { for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => { setImmediate(resolve); }); };

/** A model that answers when it is let, the oldest first. */
function heldModel() {
  const held: (() => void)[] = [];
  const model = new FakeModel(good);
  model.before = () => new Promise(resolve => { held.push(resolve); });
  return {
    model,
    release: (count: number) => { for (const answer of held.splice(0, count)) answer(); },
    last: () => held.splice(-1).forEach(answer => { answer(); }),
  };
}

async function twoLanes({ bulk, interactive, concurrency }: { bulk: readonly TrainTask[]; interactive: readonly TrainTask[]; concurrency: number }) {
  const { model, release, last } = heldModel();
  const shared = new AnswersInFlight();
  const store = new MemoryStore();
  const first = await prepare({ models: [model], store, tasks: bulk, shared, concurrency });
  const bulkEnd = first.runner.run();
  await turns(400);
  const second = await prepare({ models: [model], store, tasks: interactive, shared, fleet: first.fleet, clock: first.clock, lane: 'interactive', concurrency: 'found' });
  return { model, release, last, store, first, second, bulkEnd };
}

describe('two lanes', () => {
  it('let an interactive run of one task send at once, whatever bulk has in flight', async () => {
    const { model, release, last, store, first, second, bulkEnd } = await twoLanes({ bulk: many(400), interactive: [aTask({ id: 'mine/1' })], concurrency: 512 });
    const inFlight = () => first.runner.inFlight;
    assert.equal(inFlight(), 512);
    const before = model.requests.length;
    const end = second.runner.run();
    await turns(10);
    const sent = model.requests.slice(before);
    assert.ok(sent.length > 0 && sent.every(request => keyOf(request).includes('mine/1')), 'its first calls left');
    for (let turn = 0; turn < 400 && store.outcome(aTask({ id: 'mine/1' }).id) === undefined; turn += 1) {
      last();
      await turns(2);
    }
    assert.equal((await end).state, 'completed');
    assert.ok(inFlight() > 500, 'bulk was not waited for');
    const releasing = setInterval(() => { release(1_000); }, 1);
    assert.equal((await bulkEnd).state, 'completed');
    clearInterval(releasing);
    assert.equal(new Set(model.requests.map(keyOf)).size, model.requests.length, 'nothing was asked twice');
  });

  it('never ask for the same answer at the same time, and share what either gets', async () => {
    const tasks = many(30);
    const { model, release, store, second, bulkEnd } = await twoLanes({ bulk: tasks, interactive: tasks.slice(2, 20), concurrency: 16 });
    const releasing = setInterval(() => { release(5); }, 1);
    const end = second.runner.run();
    assert.deepEqual([(await end).state, (await bulkEnd).state], ['completed', 'completed']);
    clearInterval(releasing);
    assert.equal(new Set(model.requests.map(keyOf)).size, model.requests.length);
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.deepEqual(store.counters(), store.recount());
    for (const { runner } of [second]) for (const stage of runner.counts.stages) assert.equal(stage.toDo, 0, stage.stage);
  });

  it('share what either got also when that one has ended before the other looked', () => {
    const shared = new AnswersInFlight();
    const [one, other] = [{}, {}];
    const plan = new TaskPlan({ ...aContext(), task: aTask() });
    plan.receive([]);
    const [call] = plan.next();
    assert.ok(call);
    for (const run of [one, other]) shared.join(run, () => undefined);
    shared.ask(one, call);
    assert.equal(shared.standing(other, call), 'asked');
    shared.end(one, call, call.answers);
    shared.leave(one);
    assert.equal(shared.standing(other, call), 'ended', 'it is in the store, and not to be asked for again');
    shared.forget(call.answers);
    assert.equal(shared.standing(other, call), 'free');
  });

  it('leave an answer to the other when the run that asked for it is cancelled', async () => {
    const tasks = many(4);
    const { model, release, store, first, second, bulkEnd } = await twoLanes({ bulk: tasks, interactive: tasks, concurrency: 8 });
    const end = second.runner.run();
    await turns(5);
    first.runner.stop({ state: 'cancelled' });
    const releasing = setInterval(() => { release(5); }, 1);
    assert.equal((await bulkEnd).state, 'cancelled');
    assert.equal((await end).state, 'completed');
    clearInterval(releasing);
    assert.deepEqual(keptIn(store), tasks.map(() => 2));
    assert.ok(model.requests.length > 0);
  });
});
