import assert from 'node:assert/strict';
import { taskId } from '../../../../src/core/model/ids.ts';
import { ProblemError } from '../../../../src/core/model/problem.ts';
import type { HeldOutTask, Task } from '../../../../src/core/model/task.ts';
import { aTask } from '../../../support/builders.ts';
import type { Script } from '../../../support/fakeModel.ts';
import { MemoryStore } from '../../../support/memoryStore.ts';
import { failure } from '../../../support/runTrial.ts';
import { stepperWorkshop, telling } from '../../../support/stepperWorkshop.ts';

const far = (count = 2): readonly HeldOutTask[] => Array.from({ length: count }, (_, index) => ({ ...aTask({ id: `far/${index}` }), question: `What is ${index} and 18, less ${index}?`, origin: { dataset: 'far' }, split: 'held-out' }));

/** An engine whose project has train tasks and held-out ones, and a person who evaluates the model. */
async function workshop({ script = telling, tasks = far(), train = 2, sets = [] }: { readonly script?: Script; readonly tasks?: readonly Task[]; readonly train?: number; readonly sets?: readonly string[] } = {}) {
  const store = new MemoryStore();
  store.addTasks(tasks);
  const shop = await stepperWorkshop({ script, tasks: train, store });
  const { handlers, told, until, model } = shop;
  const named = new Set([...tasks.map(({ origin }) => origin.dataset), ...sets]);
  const choices = { models: [{ server: model.baseUrl }], ...(sets.length > 0 ? { sets: [...named] } : {}) };
  const ended = () => told('evaluationChanged').filter(({ state }) => state !== 'running');
  const evaluate = async (more: { readonly retryLost?: boolean } = {}) => {
    const before = ended().length;
    const { id } = await handlers.startEvaluation({ ...choices, ...more });
    await until(() => ended().length > before);
    return handlers.evaluation({ id });
  };
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  /** Begins an evaluation whose answers come when they are released. */
  const held = async () => {
    const asked: string[] = [];
    model.before = request => {
      if (request.stage === 'evaluate') asked.push(request.stage);
      return request.stage === 'evaluate' ? released : Promise.resolve();
    };
    const { id } = await handlers.startEvaluation(choices);
    while (asked.length === 0) await new Promise(resolve => { setImmediate(resolve); });
    return id;
  };
  return { ...shop, choices, ended, evaluate, held, release: () => { release(undefined); } };
}

describe('an evaluation beside runs', () => {
  it('has its lost answers asked for again without those of a run, and the other way round', async () => {
    const script: Script = (request, sample) => (request.stage === 'structure' || request.stage === 'evaluate' ? failure('context-overflow', false) : telling(request, sample));
    const { store, run, evaluate, model } = await workshop({ script, tasks: far(1), train: 1 });
    const lost = () => [store.lost(taskId('set/1')).length, store.lost(taskId('far/0')).length];
    const asked = () => model.requests.splice(0).map(({ stage }) => stage);
    await run();
    await evaluate();
    const [ofRun = 0, ofEvaluation] = lost();
    assert.deepEqual([ofRun > 0, ofEvaluation], [true, 1]);
    asked();
    await evaluate({ retryLost: true });
    assert.deepEqual([asked(), lost()], [['evaluate'], [ofRun, 1]]);
    const retried = store.journal(0, 1_000).filter(({ kind }) => kind === 'lost-retried').length;
    await run({ retryLost: true });
    assert.ok(!asked().includes('evaluate'));
    assert.deepEqual([lost(), store.journal(0, 1_000).filter(({ kind }) => kind === 'lost-retried').length], [[ofRun, 1], retried + 1]);
  });

  it('tells the project what a server serves: one that cannot say it for once is refused, not asked for everything again', async () => {
    const { evaluate, handlers, model, codeOf, choices } = await workshop();
    await evaluate();
    const asked = model.requests.length;
    const described = await model.describe();
    model.describe = () => Promise.resolve({ ...described, identity: 'the bare name', onTrust: true });
    assert.deepEqual(await Promise.all([codeOf(handlers.startEvaluation(choices)), codeOf(handlers.plan({})), codeOf(handlers.startRun({}))]), ['server-error', 'server-error', 'server-error']);
    assert.equal(model.requests.length, asked);
    model.describe = () => Promise.resolve({ ...described, onTrust: true });
    assert.equal((await handlers.planEvaluation(choices)).calls, 0, 'what it was known by is no other model');
  });

  it('ends with a file that is gone, which is let go of after it', async () => {
    const { session, store, held, ended, until, told, codeOf, handlers } = await workshop();
    await held();
    const problem = { code: 'project-locked', message: 'Another host has it.' } as const;
    Object.assign(store, { beat: () => { throw new ProblemError(problem); } });
    session.beat();
    assert.equal(session.opened()?.path, store.path, 'as long as it stores something');
    await until(() => ended().length > 0);
    assert.deepEqual([ended()[0]?.state, ended()[0]?.problem], ['failed', problem]);
    session.beat();
    assert.deepEqual([session.opened(), await codeOf(handlers.status({})), told('tasksChanged').at(-1)?.all], [undefined, 'project-locked', true]);
  });

  it('has no task moved that it asks', async () => {
    const { held, handlers, codeOf, store, until, ended } = await workshop({ tasks: [], train: 2, sets: ['set'] });
    await handlers.holdOut({ tasks: ['set/1'] });
    const id = await held();
    assert.equal(await codeOf(handlers.holdIn({ tasks: ['set/1'] })), 'run-active');
    assert.equal(store.task(taskId('set/1'))?.split, 'held-out');
    await handlers.cancelEvaluation({ id });
    await until(() => ended().length > 0);
    assert.deepEqual(await handlers.holdIn({ tasks: ['set/1'] }), { tasks: ['set/1'] });
  });

  it('of tasks that were trained on before they were moved says so, in domain', async () => {
    const { handlers, run, evaluate, choices } = await workshop({ tasks: far(3), sets: ['set'] });
    await handlers.holdOut({ tasks: ['set/2'] }); // which no run has settled
    await run();
    await handlers.holdOut({ tasks: ['set/1'] });
    const { sets, contamination } = await handlers.planEvaluation(choices);
    assert.deepEqual(sets.map(({ name, domain, stated }) => [name, domain, stated]), [['far', 'out', false], ['set', 'in', false]]);
    assert.deepEqual(contamination, [{ set: 'set', exact: 1, near: 0 }]);
    const report = await evaluate();
    assert.deepEqual([report.contamination, report.rows[0]?.domain], [contamination, 'in']);
    assert.match(report.sentence.map(({ text }) => text).join(''), /1 task of set stands in the training data/);
    assert.deepEqual((await handlers.planEvaluation({ ...choices, sets: ['far'] })).contamination, []);
    await handlers.setDomain({ dataset: 'set', domain: 'out' });
    assert.deepEqual((await handlers.heldOutSets({})).sets.map(({ domain }) => domain), ['out', 'out'], 'what somebody says goes');
    await handlers.holdIn({ tasks: ['set/2'] });
    assert.deepEqual((await handlers.planEvaluation({ ...choices, sets: ['set'] })).contamination, [{ set: 'set', exact: 1, near: 0 }], 'counted once, though it stands among the train tasks too');
  });

  it('is stopped by whoever cancels without saying what, as one of another version does, and not with a run alone', async () => {
    for (const [which, end] of [[[{ lane: 'bulk' }, { lane: 'interactive' }], 'completed'], [[{}], 'cancelled']] as const) {
      const { held, release, handlers, session, until, ended } = await workshop();
      await held();
      for (const each of which) await handlers.cancelRun(each);
      release();
      await until(() => ended().length > 0);
      assert.deepEqual([session.state().state, ended()[0]?.state], ['idle', end]);
    }
  });
});
