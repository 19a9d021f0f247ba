import assert from 'node:assert/strict';
import type { TaskId } from '../../../src/core/model/ids.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import type { TrainTask } from '../../../src/core/model/task.ts';
import type { RunContext } from '../../../src/core/plan/context.ts';
import { planReport, type PlanInput } from '../../../src/engine/planReport.ts';
import type { SettledTask, Store } from '../../../src/ports/store.ts';
import { aContext, aGuideline, aRecipe, aRound, aStage, aTask } from '../../support/builders.ts';
import { drive, type Says } from '../../support/drive.ts';
import { PausingClock, SwiftClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

const says: Says = (call, sample) => {
  if (call.stage === 'choose') return sample === 1 ? 'none' : 'advice-a, advice-b';
  if (call.stage === 'adapt') return 'Mind the factors.';
  return call.stage === 'structure' ? '1. Read\n2. Multiply' : `1. Draw ${call.answers[0]?.seed ?? 0}.\n2. \\boxed{18}`;
};

/** A store with one task, and of it what a run of the context answered up to a number of calls. */
function storeAfter(...[context, calls = Infinity, voice = says, outputTokens]: [context: RunContext, calls?: number, voice?: Says, outputTokens?: number]): Store {
  const store = new MemoryStore();
  store.addTasks([aTask()]);
  store.recordRecipe({ id: context.recipe.id, name: 'test', files: {} });
  const runId = store.startRun({ recipeId: context.recipe.id, recipeName: 'test', mode: context.mode, filter: 'typed', baseUrl: '', model: '', identity: '', simulated: true, tasks: 1, startedAtMs: 0 });
  const { calls: sent, answers } = drive({ ...context, task: aTask() }, voice);
  for (const call of sent.slice(0, calls)) {
    const [attemptId] = store.commit({ sent: [{ runId, call, retry: 0, sentAtMs: 0 }] });
    const known = new Set(call.answers.map(answer => answer.fingerprint));
    assert.ok(attemptId !== undefined);
    store.commit({ settled: [{ attemptId, state: 'answered', endedAtMs: 1, answers: answers.filter(answer => known.has(answer.fingerprint)).map(answer => ({ ...answer, ...(outputTokens === undefined ? {} : { outputTokens }) })) }] });
  }
  return store;
}

/** A task without a known answer. */
function unanswered(id: string): TrainTask {
  const { gold: _gold, ...rest } = aTask({ id });
  return rest;
}

const nothingSettled: PlanInput['settled'] = new Map();
const planOf = (context: RunContext, store: Store, serverHasN = true) =>
  planReport({ store, context, tasks: [aTask().id], settled: nothingSettled, clock: new SwiftClock(), serverHasN });
const rows = async (context: RunContext, store: Store) => (await planOf(context, store)).stages.map(({ stage, cached, toDo, stale }) => `${stage} ${cached}/${toDo}/${stale}`);

describe('planning a run', () => {
  it('ends with whoever waits for it', async () => {
    const [context, stop] = [aContext(), new AbortController()];
    const store = new MemoryStore();
    store.addTasks(Array.from({ length: 50 }, (_, index) => aTask({ id: `set/${index}` })));
    const clock = new PausingClock();
    clock.between = () => { if (clock.pauses === 3) stop.abort(); };
    const planned = planReport({ store, context, tasks: store.taskIds(), settled: nothingSettled, clock, serverHasN: true, signal: stop.signal });
    assert.equal(await planned.then(() => 'planned', (thrown: unknown) => problemOf(thrown).code), 'cancelled');
    assert.equal(clock.pauses, 3);
  });

  it('counts every stage of every branch, exactly in mode all', async () => {
    const context = aContext({ mode: 'all' });
    const report = await planOf(context, storeAfter(context, 0));
    assert.equal(report.exact, true);
    assert.equal(report.calls, 18);
    assert.deepEqual(await rows(context, storeAfter(context, 0)), ['adapt 0/6/0', 'structure 0/6/0', 'path 0/6/0']);
    assert.ok(report.promptTokens > 0 && report.outputTokens > 0);
  });

  it('counts many tasks of which nothing is stored as it counts each of them, without looking at every one', async () => {
    const choosing = aRecipe({ rounds: { 1: aRound({ choose: { ...aStage('choose'), stage: 'choose', samples: 3, picks: [1, 2] }, judge: aStage('judge') }), 2: aRound({ hintStages: ['path'] }) } });
    const tasks = Array.from({ length: 210 }, (_, index) => (index % 3 === 0 ? unanswered(`set/${index}`) : aTask({ id: `set/${index}` })));
    const store = new MemoryStore();
    store.addTasks(tasks);
    for (const context of [aContext({ recipe: choosing }), aContext({ recipe: choosing, mode: 'all' }), aContext()]) {
      const plan = (ids: readonly TaskId[]) => planReport({ store, context, tasks: ids, settled: nothingSettled, clock: new SwiftClock(), serverHasN: true });
      const parts = await Promise.all(Array.from({ length: 7 }, (_, part) => plan(tasks.slice(part * 30, part * 30 + 30).map(({ id }) => id))));
      const whole = await plan(tasks.map(({ id }) => id));
      const sum = (of: (report: Awaited<ReturnType<typeof plan>>) => number) => parts.reduce((total, part) => total + of(part), 0);
      assert.equal(whole.calls, sum(({ calls }) => calls));
      whole.stages.forEach(({ toDo, maxToDo = toDo }, index) => {
        assert.equal(toDo, sum(({ stages }) => stages[index]?.toDo ?? 0));
        assert.equal(maxToDo, sum(({ stages }) => stages[index]?.maxToDo ?? stages[index]?.toDo ?? 0));
      });
      assert.ok(Math.abs(whole.promptTokens / sum(({ promptTokens }) => promptTokens) - 1) < 0.02);
    }
  });

  it('finds nothing to do where everything is answered', async () => {
    const context = aContext({ mode: 'all' });
    assert.deepEqual(await rows(context, storeAfter(context)), ['adapt 6/0/0', 'structure 6/0/0', 'path 6/0/0']);
  });

  it('calls stale what was made from other inputs, and what follows from it', async () => {
    const edited = aContext({ mode: 'all', recipe: aRecipe({ rounds: { 1: aRound({ chain: [aStage('adapt'), aStage('structure', { version: 2 }), aStage('path')] }) } }) });
    assert.deepEqual(await rows(edited, storeAfter(aContext({ mode: 'all' }))), ['adapt 6/0/0', 'structure 0/6/6', 'path 0/6/6']);
  });

  it('takes stale answers to say how long those will be that take their places', async () => {
    const edited = aContext({ mode: 'all', recipe: aRecipe({ rounds: { 1: aRound({ chain: [aStage('adapt'), aStage('structure'), aStage('path', { version: 2 })] }) } }) });
    const store = storeAfter(aContext({ mode: 'all' }), Infinity, says, 37);
    assert.equal((await planOf(edited, store)).outputTokens, 6 * 37);
  });

  it('says the least and the most until enough are kept', async () => {
    const report = await planOf(aContext(), storeAfter(aContext(), 0));
    assert.equal(report.exact, false);
    assert.deepEqual(report.stages.map(({ toDo, maxToDo }) => [toDo, maxToDo]), Array.from({ length: 3 }, () => [2, 6]));
    assert.equal(report.calls, 6);
  });

  it('stops at the first stage that may not ask', async () => {
    const context = aContext({ mode: 'all', allowed: new Set(['adapt', 'path']) });
    assert.deepEqual(await rows(context, storeAfter(aContext(), 0)), ['adapt 0/6/0', 'path 0/0/0']);
  });

  it('counts the draws of one request as one call, and a draw that is made again as new, not stale', async () => {
    const round = aRound({ count: 0, choices: [aGuideline('advice-a'), aGuideline('advice-b')], choose: { ...aStage('choose'), samples: 4, picks: [2, 2] } });
    const context = aContext({ mode: 'all', recipe: aRecipe({ rounds: { 1: round } }) });
    const report = await planOf(context, storeAfter(context, 0));
    assert.equal(report.calls, 1 + 4 * 3);
    const after = await planOf(context, storeAfter(context, 1));
    assert.deepEqual(after.stages[0], { stage: 'choose', round: 1, cached: 4, toDo: 1, stale: 0 });
  });

  it('asks for each draw by itself where a server draws one at a time', async () => {
    const round = aRound({ count: 0, choices: [aGuideline('advice-a'), aGuideline('advice-b')], choose: { ...aStage('choose'), samples: 4, picks: [2, 2] } });
    const context = aContext({ mode: 'all', recipe: aRecipe({ rounds: { 1: round } }) });
    assert.equal((await planOf(context, storeAfter(context, 0), false)).calls, 4 + 4 * 3);
  });

  it('takes stale answers to need as many draws as before, and branches that ended to end again', async () => {
    const unusable: Says = (call, sample) => {
      const { branch } = call.answers[0] ?? {};
      if (call.stage === 'adapt' && (branch === 'guideline:advice-a' && sample === 0 || branch === 'guideline:advice-b')) return '';
      return says(call, sample);
    };
    const edited = aContext({ mode: 'all', recipe: aRecipe({ rounds: { 1: aRound({ chain: [aStage('adapt', { version: 2 }), aStage('structure'), aStage('path')] }) } }) });
    const before = storeAfter(aContext({ mode: 'all' }), Infinity, unusable);
    assert.deepEqual(await rows(edited, before), ['adapt 0/9/9', 'structure 0/5/5', 'path 0/5/5']);
    assert.equal((await planOf(edited, before)).calls, 9 + 5 + 5);
    assert.equal(drive({ ...edited, task: aTask() }, unusable).calls.length, 9 + 5 + 5);
  });

  it('lets others have their turn after each task, and counts settled ones as if it had looked at them', async () => {
    const context = aContext({ mode: 'all' });
    const tasks = Array.from({ length: 40 }, (_, index) => aTask({ id: `set/${index}` }));
    const store = new MemoryStore();
    store.addTasks(tasks);
    store.recordRecipe({ id: context.recipe.id, name: 'test', files: {} });
    const runId = store.startRun({ recipeId: context.recipe.id, recipeName: 'test', mode: 'all', filter: 'typed', baseUrl: '', model: '', identity: '', simulated: true, tasks: 40, startedAtMs: 0 });
    const settled = new Map<TaskId, SettledTask>();
    for (const [index, task] of tasks.slice(0, 30).entries()) {
      const { plan, calls, answers } = drive({ ...context, task }, says);
      const [attemptId] = store.commit({ sent: calls.map(call => ({ runId, call, retry: 0, sentAtMs: 0 })) });
      store.commit({ settled: [{ attemptId: attemptId ?? assert.fail(), state: 'answered', endedAtMs: 1, answers }] });
      settled.set(task.id, { ordinal: index + 1, taskId: task.id, state: 'solved', kept: 2, used: plan.decidedAnswers() });
    }
    const clock = new PausingClock();
    const input = { store, context, tasks: tasks.map(task => task.id), clock, serverHasN: true };
    const looked = await planReport({ ...input, settled: nothingSettled });
    assert.equal(clock.pauses, 40);
    assert.deepEqual(await planReport({ ...input, settled }), looked);
    assert.deepEqual(looked.stages.map(({ cached, toDo }) => [cached, toDo]), Array.from({ length: 3 }, () => [180, 60]));
  });

  it('does not know how many paths the judge will see, but those that it saw before', async () => {
    const judged = (version: number) => aContext({
      mode: 'all', recipe: aRecipe({ filters: ['verify', 'judge'], rounds: { 1: aRound({ chain: [aStage('adapt'), aStage('structure'), aStage('path', { version })], judge: aStage('judge') }) } }),
    });
    const voice: Says = (call, sample) => (call.stage === 'judge' ? 'yes' : call.answers[0]?.branch === 'guideline:advice-c' && call.stage === 'path' ? '\\boxed{17}' : says(call, sample));
    const fresh = await planOf(judged(1), storeAfter(judged(1), 0, voice));
    assert.deepEqual([fresh.exact, fresh.calls, fresh.stages.at(-1)], [false, 18, { stage: 'judge', round: 1, cached: 0, toDo: 0, stale: 0, maxToDo: 6 }]);
    const after = await planOf(judged(2), storeAfter(judged(1), Infinity, voice));
    assert.deepEqual([after.calls, after.stages.at(-1)], [11, { stage: 'judge', round: 1, cached: 0, toDo: 5, stale: 5, maxToDo: 6 }]);
  });
});
