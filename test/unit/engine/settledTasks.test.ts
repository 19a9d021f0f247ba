import assert from 'node:assert/strict';
import { recipeId } from '../../../src/core/model/ids.ts';
import type { RunContext } from '../../../src/core/plan/context.ts';
import { basisOf, settledTasks } from '../../../src/engine/settledTasks.ts';
import type { Store } from '../../../src/ports/store.ts';
import { aContext, aRecipe, aRound, aTask } from '../../support/builders.ts';
import { SwiftClock, type Script } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { trial } from '../../support/runTrial.ts';
import { anOutcome } from '../../support/storeFacts.ts';

const tasks = Array.from({ length: 12 }, (_, index) => aTask({ id: `set/${index}` }));
const hinted = aRecipe({ rounds: { 1: aRound(), 2: aRound({ hintStages: ['path'] }) } });

/** Solves most tasks, one only with the hint, and gives no answer for some. */
const script: Script = ({ stage, seed, messages }) => {
  const text = messages.map(message => message.content).join('');
  if (stage === 'structure' && text.includes('set/7')) return { ok: false, problem: { code: 'server-error', message: 'server-error', retryable: false } };
  if (stage === 'adapt') return seed % 5 === 0 ? '' : 'Mind the factors.';
  if (stage === 'structure') return '1. Read\n2. Multiply';
  return `1. In draw ${seed} three sixes were counted.\n2. It is \\boxed{${text.includes('set/3') && !text.includes('"hint"') ? 17 : 18}}.`;
};

/** Runs the tasks; `leave` says whether what is settled is left alone. Gives what a report and a progress say of it. */
async function ran(store: Store, { leave = true, understanding = 'first', ...parts }: Partial<RunContext> & { readonly leave?: boolean; readonly understanding?: string; readonly cancelAfter?: number } = {}) {
  store.addTasks(tasks);
  const { cancelAfter, ...contextParts } = parts;
  const context = { recipe: hinted, ...contextParts };
  const basis = basisOf(aContext(context), understanding);
  const clock = new SwiftClock();
  const settled = await settledTasks(store, basis, { clock });
  const { model, runner, end } = await trial({
    store, tasks, context, script, clock, basis, ...(leave ? { settled } : {}),
    meanwhile: (each, fake) => {
      fake.before = () => {
        if (fake.requests.length === cancelAfter) each.stop({ state: 'cancelled' });
        return Promise.resolve();
      };
    },
  });
  const { cached, kept, tasksDone, stages } = runner.counts;
  const sorted = stages.map(({ stage, round, done }) => `${stage}/${round}: ${done}`).sort();
  return { left: settled.size, requests: model.requests.length, report: { state: end.state, tasks: runner.tasksByState(), cached, kept, tasksDone, stages: sorted } };
}

const outcomesOf = (store: Store) => [...store.outcomes()].map(({ runId: _run, ...outcome }) => outcome);

describe('leaving settled tasks alone', () => {
  for (const mode of ['until-enough', 'all'] as const) {
    it(`reports the same as working everything out anew (${mode})`, async () => {
      const store = new MemoryStore();
      const first = await ran(store, { mode });
      assert.equal(first.left, 0);
      const outcomes = outcomesOf(store);
      const left = await ran(store, { mode });
      const anew = await ran(store, { mode, leave: false });
      assert.deepEqual([left.left, left.requests, anew.requests], [tasks.length, 0, 0]);
      assert.deepEqual(left.report, anew.report);
      assert.deepEqual(left.report.tasks, first.report.tasks);
      assert.deepEqual(outcomesOf(store), outcomes);
    });

    it(`goes on after a run that was cut off (${mode})`, async () => {
      for (const cancelAfter of [10, 60, 110]) {
        const [store, twin] = [new MemoryStore(), new MemoryStore()];
        assert.deepEqual(await ran(store, { mode, cancelAfter }), await ran(twin, { mode, cancelAfter }));
        const left = await ran(store, { mode });
        const anew = await ran(twin, { mode, leave: false });
        assert.deepEqual([left.report, left.requests], [anew.report, anew.requests], String(cancelAfter));
        assert.deepEqual(outcomesOf(store), outcomesOf(twin));
      }
    });
  }

  it('works a task out anew whose lost answers are asked for again, and no other', async () => {
    const store = new MemoryStore();
    await ran(store);
    assert.equal(store.outcome(aTask({ id: 'set/7' }).id)?.state, 'failed');
    store.retryLost();
    const again = await ran(store);
    assert.equal(again.left, tasks.length - 1);
    assert.ok(again.requests > 0);
    assert.equal((await ran(store)).left, tasks.length);
  });

  it('leaves nothing alone that another basis has', async () => {
    const store = new MemoryStore();
    await ran(store);
    assert.equal((await ran(store, { understanding: 'second' })).left, 0);
    assert.equal((await ran(store, { mode: 'all', understanding: 'second' })).left, 0);
    assert.equal((await ran(store, { mode: 'all', understanding: 'second' })).left, tasks.length);
  });

  it('tells apart whatever an outcome rests on', () => {
    const contexts: readonly Partial<RunContext>[] = [
      {}, { recipe: { ...hinted, id: recipeId('1'.repeat(64)) } }, { identity: 'other' }, { mode: 'all' }, { filter: 'reference' }, { allowed: new Set(['adapt']) }, { allowed: new Set(['adapt', 'path']) },
    ];
    const bases = contexts.map(parts => basisOf(aContext(parts), 'first'));
    assert.equal(new Set([...bases, basisOf(aContext(), 'second')]).size, contexts.length + 1);
    assert.equal(basisOf(aContext({ allowed: new Set(['path', 'adapt']) }), 'first'), bases.at(-1), 'the order in which stages are named is none');
  });

  it('reads any number of them', async () => {
    const store = new MemoryStore();
    const many = Array.from({ length: 1_234 }, (_, index) => aTask({ id: `many/${index}` }));
    store.addTasks(many);
    store.recordRecipe({ id: hinted.id, name: 'test', files: {} });
    store.startRun({ recipeId: hinted.id, recipeName: 'test', mode: 'all', filter: 'typed', baseUrl: '', model: '', identity: '', simulated: true, tasks: 1, startedAtMs: 0 });
    store.commit({ outcomes: many.map(task => anOutcome(task.id)), bases: many.map(task => ({ taskId: task.id, basis: 'one', used: [] })) });
    assert.equal((await settledTasks(store, 'one', { clock: new SwiftClock() })).size, many.length);
    assert.equal((await settledTasks(store, 'two', { clock: new SwiftClock() })).size, 0);
  });
});
