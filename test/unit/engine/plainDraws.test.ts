import assert from 'node:assert/strict';
import { taskId } from '../../../src/core/model/ids.ts';
import type { Script } from '../../support/fakeModel.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { stepperWorkshop, task, telling } from '../../support/stepperWorkshop.ts';

const draw = { task, round: 1, branch: 'drawn:6' } as const;
/** Says something else with every seed, and is right as often as not. */
const wavering: Script = ({ seed }) => `1. By ${seed}.\n2. So it is \\boxed{${seed % 3 === 0 ? 17 : 18}}.`;

describe('recipes of plain draws, in the engine', () => {
  it('are planned, run, looked at branch by branch and reviewed without guideline or structure', async () => {
    const { handlers, run, store } = await stepperWorkshop({ script: wavering });
    const plan = await handlers.plan({ recipe: 'star', mode: 'all' });
    assert.deepEqual(plan.stages, [{ stage: 'path', round: 1, cached: 0, toDo: 32, stale: 0 }, { stage: 'path', round: 2, cached: 0, toDo: 0, stale: 0, maxToDo: 32 }]);
    await run({ recipe: 'star', mode: 'all' });
    const { branch, stages, note } = await handlers.branchStages({ ...draw, recipe: 'star' });
    assert.deepEqual([branch.title, branch.guidelines, note], ['Draw 7', [], undefined]);
    assert.deepEqual(stages.map(({ stage, state }) => `${stage} ${state}`).filter(each => /path|vote/.test(each)), ['path done']);
    const { branches } = await handlers.branches({ task, recipe: 'star' });
    assert.deepEqual(branches.filter(({ round }) => round === 1).map(({ title }) => title), Array.from({ length: 32 }, (_, index) => `Draw ${index + 1}`));
    const forked = await handlers.forkBranch({ ...draw, recipe: 'star', stage: 'path' });
    assert.deepEqual([forked.branch.title, forked.family.map(({ title }) => title)], ['Draw 7', ['Draw 7', 'Fork 1, from path on']]);
    const prompt = await handlers.stagePrompt({ ...draw, recipe: 'star', stage: 'path' });
    assert.deepEqual([prompt.sharedTokens, prompt.sharedBy], [prompt.tokens, 32], 'all of it is shared by all draws');

    const path = store.outcome(taskId(task))?.branches.find(({ id }) => id === draw.branch)?.answers.path ?? assert.fail();
    const item = await handlers.reviewItem({ task, path });
    assert.deepEqual([item.branch.title, item.branch.guidelineText, item.structure, item.alignment.coverage, item.alignment.structure], ['Draw 7', '', undefined, null, []]);
    assert.ok(item.alignment.marks.path.every(mark => mark === 'joined') && !item.doubts.includes('low-coverage') && !item.doubts.includes('rare-guideline'));

    const { guidelines, coverage, passRates } = await handlers.overview({});
    assert.deepEqual([guidelines, coverage, passRates.reduce((sum, { tasks }) => sum + tasks, 0)], [[], [], 1]);
  });

  it('say which known answer is left unused, and let the vote stand as it is', async () => {
    const { handlers, run, store } = await stepperWorkshop({ script: wavering });
    await run({ recipe: 'lmsi' });
    const stepped = await handlers.branchStages({ ...draw, recipe: 'lmsi' });
    assert.deepEqual([stepped.task.gold, stepped.note], ['18', 'This recipe leaves the known answer unused: a majority of its paths decides, once they are all there.']);
    assert.match(stepped.stages.find(({ stage }) => stage === 'vote')?.words ?? '', /^(majority|minority)$/);
    const before = store.outcome(taskId(task));
    assert.deepEqual([before?.state, before?.voted], ['solved', '18']);
    await handlers.correctGold({ task, gold: '17', reviewer: 'ada' });
    assert.deepEqual(store.outcome(taskId(task)), before, 'a correction is about an answer that decides nothing here');
    await run({ recipe: 'lmsi' });
    assert.deepEqual(store.outcome(taskId(task))?.branches, before?.branches);
    assert.deepEqual([store.branchCounts().map(({ correct }) => correct).filter(correct => correct !== null), (await handlers.overview({})).passRates.filter(({ tasks }) => tasks > 0)], [[], []]);
  });

  it('have their prompts shown, measured and tried, on one draw', async () => {
    const { handlers, run } = await stepperWorkshop({ script: telling, tasks: 3 });
    const file = 'star/path-by-example.rgprompt';
    const overlay = { [file]: (shippedPrompts().get(file) ?? assert.fail()).replace('step by step', 'step by step and slowly') };
    const preview = await handlers.previewPrompt({ overlay, file, recipe: 'star' });
    assert.deepEqual([preview.problems, preview.shown?.branch?.title, preview.shown?.standIns], [[], 'Draw 1', []]);
    assert.ok((await handlers.promptBudget({ overlay, file, recipe: 'star' })).tokens > 500);
    for (const recipe of ['star', 'lmsi']) {
      await run({ recipe, mode: 'all' });
      const [stale] = (await handlers.promptStaleness({ overlay })).recipes.filter(each => each.recipe === recipe);
      assert.deepEqual(stale?.stale, [{ stage: 'path', answers: 3 * 32 }]);
      const trial = await handlers.tryPrompt({ overlay, file, recipe, tasks: 3 });
      assert.deepEqual([trial.recipe.name, trial.tasks.map(({ branch }) => branch)], [recipe, Array(3).fill('drawn:0')]);
      assert.ok(trial.tasks.every(({ before, after }) => before.verdict === 'correct' && after.verdict === 'correct'), JSON.stringify(trial.tasks[0]));
    }
  });
});
