import assert from 'node:assert/strict';
import { recipeId } from '../../../src/core/model/ids.ts';
import type { RunContext } from '../../../src/core/plan/context.ts';
import { basisOf, settledTasks } from '../../../src/engine/settledTasks.ts';
import type { ModelStage } from '../../../src/core/model/stage.ts';
import { aContext, aRecipe, aRound, aTask } from '../../support/builders.ts';
import { SwiftClock, type Script } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { keptIn, trial } from '../../support/runTrial.ts';

const tasks = ['set/1', 'set/2', 'set/3'].map(id => aTask({ id }));
const hinted = aRecipe({ rounds: { 1: aRound(), 2: aRound({ hintStages: ['path'] }) } });

/** Solves the first two tasks, and the third with the hint alone. */
const script: Script = ({ stage, seed, messages }) => {
  const text = messages.map(message => message.content).join('');
  if (stage === 'adapt') return 'Mind the factors.';
  if (stage === 'structure') return '1. Read\n2. Multiply';
  return `1. In draw ${seed} three sixes were counted.\n2. It is \\boxed{${text.includes('set/3') && !text.includes('"hint"') ? 17 : 18}}.`;
};

/** One run over the three tasks. `only`: stages that may ask. */
async function ran(store: MemoryStore, { only, ...parts }: Partial<RunContext> & { readonly only?: readonly ModelStage[] } = {}) {
  store.addTasks(tasks);
  const context: Partial<RunContext> = { recipe: hinted, ...parts, ...(only ? { allowed: new Set(only) } : {}) };
  const basis = basisOf(aContext(context), 'first');
  const clock = new SwiftClock();
  const settled = await settledTasks(store, basis, { clock });
  const { model, runner, end } = await trial({ store, tasks, context, script, clock, basis, settled });
  const outcomes = [...store.outcomes()].map(({ state }) => state);
  return { requests: model.requests.map(({ stage }) => stage), end: end.state, done: runner.counts.tasksDone, left: settled.size, outcomes };
}

describe('stages run alone', () => {
  it('go one after the other to what a whole run comes to, each done with every task', async () => {
    const [store, whole] = [new MemoryStore(), new MemoryStore()];
    const adapt = await ran(store, { only: ['adapt'] });
    assert.deepEqual([new Set(adapt.requests), adapt.done, adapt.outcomes], [new Set(['adapt']), 3, []]);
    assert.deepEqual((await ran(store, { only: ['structure'] })).outcomes, []);
    const path = await ran(store, { only: ['path'] });
    assert.deepEqual(path.outcomes, ['solved', 'solved', 'unsolved'], 'the third has no path, and its hints were not asked for');
    const hints = await ran(store, { onlyRound: 2 });
    assert.deepEqual([new Set(hints.requests), hints.outcomes], [new Set(['adapt', 'structure', 'path']), ['solved', 'solved', 'solved']]);
    const all = await ran(whole, { mode: 'until-enough' });
    assert.deepEqual([all.outcomes, keptIn(store)], [hints.outcomes, keptIn(whole)]);
    assert.deepEqual((await ran(store)).requests, []);
  });

  it('ask for no hints where round 1 is all that may ask, and for nothing but hints where round 2 is', async () => {
    const store = new MemoryStore();
    assert.deepEqual((await ran(store, { onlyRound: 2 })).requests, []);
    await ran(store, { onlyRound: 1 });
    assert.deepEqual([...store.outcomes()].map(({ state }) => state), ['solved', 'solved', 'unsolved']);
    assert.equal((await ran(store)).outcomes[2], 'solved');
  });

  it('grade again without a request, and say the same where nothing has changed', async () => {
    const store = new MemoryStore();
    await ran(store);
    const before = [...store.outcomes()];
    const again = await ran(store, { only: [] });
    assert.deepEqual([again.requests, again.left, again.end, [...store.outcomes()]], [[], 3, 'completed', before]);
  });

  it('take in a rule that has changed, and let the next run ask for what it then lacks', async () => {
    const store = new MemoryStore();
    await ran(store);
    const most = { ...hinted, perTask: 1, id: recipeId('1'.repeat(64)) };
    const fewer = await ran(store, { only: [], recipe: most });
    assert.deepEqual([fewer.requests, keptIn(store)], [[], [1, 1, 1]]);
    const more = { ...hinted, perTask: 6, id: recipeId('2'.repeat(64)) };
    const widened = await ran(store, { only: [], recipe: more });
    assert.deepEqual(widened.requests, []);
    assert.ok(keptIn(store).every(kept => kept >= 2), keptIn(store).join());
    assert.ok((await ran(store, { recipe: more })).requests.length > 0);
    assert.deepEqual(keptIn(store), [6, 6, 6]);
  });

  it('leave alone what has nothing to grade', async () => {
    const store = new MemoryStore();
    await ran(store, { only: ['adapt'] });
    assert.deepEqual(await ran(store, { only: [] }), { requests: [], end: 'completed', done: 3, left: 0, outcomes: [] });
  });
});
