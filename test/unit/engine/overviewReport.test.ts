import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { overviewReportSchema, taskGroupsSchema } from '../../../src/contract/overview.ts';
import { GuidelinesOfRuns, overviewReport } from '../../../src/engine/overviewReport.ts';
import { pathPage, taskPage } from '../../../src/engine/pages.ts';
import { taskGroups } from '../../../src/engine/taskGroups.ts';
import { aTask } from '../../support/builders.ts';
import { PausingClock, SwiftClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { good, trial } from '../../support/runTrial.ts';
import { aRunDraft, theRecipe } from '../../support/storeFacts.ts';

/** A project after a run in which every third path was wrong; one task of three has no known answer, and one was never run. */
async function project() {
  const { gold: _gold, ...unknown } = aTask({ id: 'other/1', answerKind: 'text', origin: { dataset: 'other', difficulty: 'Level 2' } });
  const tasks = [aTask({ origin: { dataset: 'set', difficulty: 'Level 10' } }), aTask({ id: 'set/2' }), unknown];
  const { store } = await trial({ tasks, context: { mode: 'all' }, script: (request, sample) => (request.stage === 'path' && request.seed % 3 === 0 ? '1. Count.\n2. It is \\boxed{17}.' : good(request, sample)) });
  store.addTasks([aTask({ id: 'set/9' })]);
  return store;
}

describe('the overview', () => {
  it('opens a list of exactly as many from every number', async () => {
    const store = await project();
    const report = z.parse(overviewReportSchema, overviewReport(store, { active: 0, titles: new Map() }));
    assert.deepEqual([report.tasks.trainable, report.tasks.settled, report.recipe, report.simulated], [4, 3, 'test', true]);
    const list = (filter: Parameters<typeof pathPage>[1]['filter']) => pathPage(store, { limit: 1_000, ...(filter ? { filter } : {}) });
    const [, ...rows] = report.funnel;
    assert.ok(rows.length === 7 && rows.some(row => row.lost.length > 0));
    for (const { step, count, lost } of rows) {
      if (step === 'tasks' || step === 'accepted') continue;
      const found = list({ reached: step });
      assert.deepEqual([found.total, found.rows.length], [count, count], step);
      for (const loss of lost) assert.equal(list({ step: loss.step, reason: loss.reason }).total, loss.count);
    }
    assert.equal(report.branches.round1 + report.branches.hinted, list({ reached: 'branches' }).total);
    assert.ok(report.guidelines.length > 0);
    for (const { id, branches, judged, correct, kept, solvedOnly } of report.guidelines) {
      assert.deepEqual(['branches', 'judged', 'correct', 'kept'].map(what => [what, { branches, judged, correct, kept }[what]]), [
        ['branches', list({ guideline: id }).total],
        ['judged', list({ guideline: id, round: 1, correct: true }).total + list({ guideline: id, round: 1, correct: false }).total],
        ['correct', list({ guideline: id, round: 1, correct: true }).total],
        ['kept', list({ guideline: id, kept: true }).total],
      ]);
      const only = await taskPage(store, { filter: { solvedOnlyBy: id }, limit: 100 }, new SwiftClock());
      assert.deepEqual([only.total, only.rows.length], [solvedOnly, solvedOnly]);
    }
    for (const { bucket, tasks } of report.passRates) assert.equal((await taskPage(store, { filter: { passRate: bucket }, limit: 10 }, new SwiftClock())).total, tasks);
    assert.equal(report.passRates.reduce((sum, { tasks }) => sum + tasks, 0), 2, 'tasks with a known answer that were run');
    assert.equal(report.coverage.length, 6);
    assert.deepEqual(list({ task: 'set/2' }).rows.map(row => row.task), Array.from({ length: 6 }, () => 'set/2'));
    assert.equal(list({}).total, list(undefined).total, 'an empty filter is none: all stored paths');
  });

  it('of an empty project is all zeros', () => {
    const report = z.parse(overviewReportSchema, overviewReport(new MemoryStore('/somewhere/new.regenesis'), { active: 0, titles: new Map() }));
    assert.deepEqual([report.name, report.recipe, report.simulated, report.guidelines, report.coverage, report.funnel.map(({ count }) => count)], ['new', null, false, [], [], [0, 0, 0, 0, 0, 0, 0, 0]]);
  });

  it('calls guidelines as the recipes of the project do, the latest first', () => {
    const store = new MemoryStore();
    const guidelines = new GuidelinesOfRuns();
    assert.equal(guidelines.titles(store).size, 0);
    const files = Object.fromEntries([...shippedPrompts()].filter(([file]) => file.startsWith('guidelines/')));
    store.recordRecipe({ ...theRecipe, files });
    store.startRun(aRunDraft());
    const found = guidelines.titles(store);
    assert.deepEqual([found.size, found.get('decompose'), [...found.keys()][0]], [25, 'Decompose', 'design-experiment']);
  });
});

describe('groups of tasks', () => {
  const titles = new Map([['advice-a', 'Advice A']]);
  const groups = async (...[store, by, filter = {}]: [Awaited<ReturnType<typeof project>>, Parameters<typeof taskGroups>[1]['by'], Parameters<typeof taskGroups>[1]['filter']?]) =>
    z.parse(taskGroupsSchema, { groups: await taskGroups(store, { by, filter }, { clock: new SwiftClock(), titles }) }).groups;

  it('stand in the order of their words, hard before easy', async () => {
    const store = await project();
    assert.deepEqual(await groups(store, 'state'), [{ key: 'not-started', title: 'Not started', tasks: 1 }, { key: 'solved', title: 'Solved', tasks: 2 }, { key: 'needs-review', title: 'Needs review', tasks: 1 }]);
    assert.deepEqual(await groups(store, 'dataset'), [{ key: 'other', title: 'other', tasks: 1 }, { key: 'set', title: 'set', tasks: 3 }]);
    assert.deepEqual(await groups(store, 'answerKind'), [{ key: 'number', title: 'Number', tasks: 3 }, { key: 'text', title: 'Text', tasks: 1 }]);
    const difficulties = await groups(store, 'difficulty');
    assert.deepEqual(difficulties.map(({ title }) => title), ['Level 2', 'Level 10', difficulties[2]?.title, 'Not known yet']);
    assert.match(difficulties[2]?.title ?? '', /paths? correct$/);
  });

  it('name a difficulty that is a bare number for what it is', async () => {
    const store = new MemoryStore();
    store.addTasks(['3', '12', 'hard'].map(difficulty => aTask({ id: `set/${difficulty}`, origin: { dataset: 'set', difficulty } })));
    assert.deepEqual((await groups(store, 'difficulty')).map(({ key, title }) => [key, title]), [['set/3', 'Difficulty 3'], ['set/12', 'Difficulty 12'], ['set/hard', 'hard']]);
  });

  it('hold what the filter of the same name finds, also of a text looked for in parts', async () => {
    const store = await project();
    for (const by of ['state', 'dataset', 'answerKind', 'difficulty', 'guideline'] as const) {
      for (const filter of [{}, { text: 'SIX' }, { state: 'solved' } as const, { answerKind: 'number', text: '2' } as const]) {
        const found = await groups(store, by, filter);
        for (const { key, tasks } of found) assert.equal((await taskPage(store, { filter: { ...filter, [by]: key }, limit: 1 }, new SwiftClock())).total, tasks, `${by} ${key}`);
        if (by !== 'guideline') assert.equal(found.reduce((sum, { tasks }) => sum + tasks, 0), store.countTasks(filter));
      }
    }
    const named = await groups(store, 'guideline');
    assert.equal(named.find(({ key }) => key === 'advice-a')?.title ?? 'Advice A', 'Advice A');
    const [first] = named;
    assert.ok(first);
    assert.deepEqual(await groups(store, 'guideline', { guideline: first.key }), [first]);
  });

  it('are counted in slices where every question is looked at', async () => {
    const store = new MemoryStore();
    store.addTasks(Array.from({ length: 9_000 }, (_, index) => aTask({ id: `set/${index}` })));
    const clock = new PausingClock();
    assert.deepEqual(await taskGroups(store, { by: 'dataset', filter: { text: 'six' } }, { clock, titles }), [{ key: 'set', title: 'set', tasks: 9_000 }]);
    assert.equal(clock.pauses, 3);
  });
});
