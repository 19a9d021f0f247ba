import assert from 'node:assert/strict';
import { sha256 } from '../../../src/adapters/hash.ts';
import type { PromptPreview } from '../../../src/contract/prompts.ts';
import { taskId } from '../../../src/core/model/ids.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import type { ModelStage } from '../../../src/core/model/stage.ts';
import { estimateTokens } from '../../../src/core/verify/tokens.ts';
import { stalenessOf } from '../../../src/engine/prompting/staleness.ts';
import { aTask } from '../../support/builders.ts';
import { FakeModel, PausingClock, type Script } from '../../support/fakeModel.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { stepperWorkshop, task, telling } from '../../support/stepperWorkshop.ts';

const file = (stage: ModelStage) => `regenesis/${stage}.rgprompt`;
const shipped = (name: string): string => shippedPrompts().get(name) ?? assert.fail(name);
/** A prompt with a sentence more at the end of its text. */
const edited = (stage: ModelStage, more = 'Mind the units.') => ({ [file(stage)]: `${shipped(file(stage))}\n${more}\n` });
const shownOf = ({ shown }: PromptPreview) => shown ?? assert.fail('nothing is shown');
const textOf = (preview: PromptPreview) => shownOf(preview).messages.map(({ content }) => content).join('\n');

describe('a prompt that is being written', () => {
  it('is shown to the letter as it would be sent, for the first task and branch', async () => {
    const { handlers, step, model } = await stepperWorkshop();
    const overlay = edited('adapt');
    const preview = await handlers.previewPrompt({ overlay, file: file('adapt') });
    assert.deepEqual([preview.recipe?.name, preview.stages, preview.problems], ['regenesis', ['adapt'], []]);
    const shown = shownOf(preview);
    assert.deepEqual([shown.task.id, shown.branch?.round, shown.stage, shown.standIns, shown.estimated], [task, 1, 'adapt', [], true]);
    assert.ok(textOf(preview).includes('Mind the units.') && shown.tokens > shown.sharedTokens && shown.sharedTokens > 0 && shown.sharedBy === 25);
    // what is saved is what a step then sends
    const saved = await handlers.previewPrompt({ overlay: {}, file: file('adapt') });
    await step(false, { task, round: 1, branch: shown.branch?.id ?? assert.fail('no branch') });
    assert.deepEqual(shownOf(saved).messages.map(({ role, content }) => ({ role, content })), model.requests[0]?.messages);
  });

  it('marks what stands in the place of an answer that is not there', async () => {
    const { handlers, step, place } = await stepperWorkshop();
    const before = await handlers.previewPrompt({ ...place, overlay: {}, file: file('path') });
    assert.deepEqual(shownOf(before).standIns, [{ stage: 'adapt', from: 'nothing' }, { stage: 'structure', from: 'nothing' }]);
    const [arrival] = shownOf(before).arrivals;
    assert.equal(shownOf(before).messages[arrival?.message ?? 0]?.content.slice(arrival?.start, arrival?.end), '«the structure of this branch, not built yet»');
    await step(true);
    const there = await handlers.previewPrompt({ ...place, overlay: {}, file: file('path') });
    assert.deepEqual(shownOf(there).standIns, []);
    // what the structure is made from changes, so that the one of before stands in for it
    const stale = await handlers.previewPrompt({ ...place, overlay: edited('adapt'), file: file('path') });
    assert.deepEqual(shownOf(stale).standIns, [{ stage: 'adapt', from: 'former' }, { stage: 'structure', from: 'former' }]);
    assert.equal(textOf(stale), textOf(there));
    const judged = await handlers.previewPrompt({ ...place, overlay: {}, recipe: 'regenesis-released', stage: 'judge' });
    assert.deepEqual([shownOf(judged).stage, shownOf(judged).standIns.at(-1)], ['judge', { stage: 'path', from: 'former' }], 'of the same branch, whatever recipe it was asked by');
  });

  it('says what is wrong with a prompt, and shows nothing', async () => {
    const { handlers } = await stepperWorkshop();
    const broken = await handlers.previewPrompt({ overlay: { [file('path')]: shipped(file('path')).replaceAll('structure.', 'structur.') }, file: file('path') });
    assert.deepEqual([broken.shown, broken.recipe?.name], [null, 'regenesis']);
    assert.deepEqual(broken.problems.map(each => [each.file, each.severity]).at(0), [file('path'), 'error']);
    assert.ok(broken.problems[0]?.message.includes('structure'));
  });

  it('is found by its partial, its recipe, or put in the place of another where no recipe uses it', async () => {
    const { handlers } = await stepperWorkshop();
    const partial = await handlers.previewPrompt({ overlay: {}, file: 'partials/structure-rules.rgprompt' });
    assert.deepEqual([partial.stages, shownOf(partial).stage], [['structure'], 'structure']);
    const recipe = await handlers.previewPrompt({ overlay: {}, file: 'without-hints/without-hints.rgrecipe.yaml', stage: 'structure' });
    assert.deepEqual([recipe.recipe?.name, shownOf(recipe).stage], ['without-hints', 'structure']);
    const text = shipped(file('adapt')).replace('stage: adapt', 'stage: adapt\n# mine');
    const alone = await handlers.previewPrompt({ overlay: { 'mine/adapt.rgprompt': `${text}\nIn short.\n` }, file: 'mine/adapt.rgprompt' });
    assert.ok(textOf(alone).includes('In short.') && alone.note?.includes('No recipe uses this file'));
  });

  it('is shown without asking the server anything where that may not be asked', async () => {
    const { handlers, model } = await stepperWorkshop();
    let asked = 0;
    const [countTokens, describe] = [async (texts: readonly string[]) => texts.map(() => (asked += 1)), model.describe.bind(model)];
    Object.assign(model, { countTokens, describe: () => { asked += 1; return describe(); } });
    const overlay = edited('adapt');
    const offline = await handlers.previewPrompt({ overlay, file: file('adapt'), offline: true });
    await handlers.promptValues({ overlay, file: file('adapt'), stage: 'adapt', offline: true });
    await handlers.promptStaleness({ overlay, offline: true });
    assert.deepEqual([shownOf(offline).estimated, asked], [true, 0]);
    const online = await handlers.previewPrompt({ overlay, file: file('adapt') });
    assert.equal(textOf(online), textOf(offline));
    assert.ok(!shownOf(online).estimated && asked > 0);
  });

  it('tells what each variable holds, cut short', async () => {
    const { handlers, step, place } = await stepperWorkshop({ script: request => (request.stage === 'adapt' ? 'long '.repeat(1_000) : telling(request, 0)) });
    const names = async (stage: ModelStage) => (await handlers.promptValues({ ...place, overlay: {}, file: file(stage) })).values.map(({ name, standIn }) => `${name}${standIn ? '?' : ''}`);
    assert.deepEqual(await names('structure'), ['task.question', 'task.answerKind', 'adapted.text?']);
    await step();
    assert.deepEqual(await names('structure'), ['task.question', 'task.answerKind', 'adapted.text']);
    const { values } = await handlers.promptValues({ ...place, overlay: {}, file: file('structure') });
    assert.deepEqual(values.map(({ text, length }) => [text.length, length]).at(-1), [2_000, 4_999]);
  });

  it('is measured on the task with the longest question, with room for what is not there', async () => {
    const { handlers, store, run } = await stepperWorkshop({ tasks: 2 });
    store.addTasks([aTask({ id: 'set/long', question: 'How long is this? '.repeat(500) })]);
    const guessed = await handlers.promptBudget({ overlay: {}, file: file('path') });
    assert.deepEqual([guessed.task, guessed.stage, guessed.contextTokens], ['set/long', 'path', null]);
    assert.ok(guessed.tokens > 2_000 && guessed.maxTokens > 0);
    await run({ tasks: ['set/1'] });
    const measured = await handlers.promptBudget({ overlay: {}, file: file('path') });
    assert.ok(measured.tokens < guessed.tokens, 'the answers of this model are short');
  });

  it('is measured for a judge on a task that is judged, and not against the model of another server', async () => {
    const described = (model: FakeModel) => {
      const plain = model.describe.bind(model);
      model.describe = async () => ({ ...await plain(), contextTokens: 4_096 });
    };
    const budget = async (judge?: FakeModel) => {
      const { handlers, store, model } = await stepperWorkshop({ tasks: 1, ...(judge ? { judge } : {}) });
      described(model);
      const { gold: _none, ...unknown } = aTask({ id: 'set/unknown', question: 'How long is this? '.repeat(900) });
      store.addTasks([unknown, aTask({ id: 'set/long', question: 'How long is this? '.repeat(500) })]);
      const of = async (stage: ModelStage) => handlers.promptBudget({ overlay: {}, recipe: 'regenesis-released', stage });
      return { judge: await of('judge'), path: await of('path') };
    };
    const shared = await budget();
    assert.deepEqual([shared.judge.task, shared.judge.contextTokens, shared.path.task, shared.path.contextTokens], ['set/long', 4_096, 'set/unknown', 4_096]);
    const own = await budget(new FakeModel(telling, 'http://judge/v1'));
    assert.deepEqual([own.judge.contextTokens, own.path.contextTokens], [null, 4_096]);
  });

  it('has room for the longest guidelines that may be chosen', async () => {
    const { handlers, own } = await stepperWorkshop();
    own.set('mine/mine.rgrecipe.yaml', 'extends: regenesis-released\ntitle: Mine\nbranches:\n  guidelines: false\nhints: off\n');
    const budget = async (picks: string) => handlers.promptBudget({ overlay: { 'mine/mine.rgrecipe.yaml': `extends: regenesis-released\ntitle: Mine\nbranches:\n  guidelines: false\n  picks: ${picks}\nhints: off\n` }, recipe: 'mine', stage: 'adapt' });
    const [one, three] = [await budget('[1, 1]'), await budget('[1, 3]')];
    assert.ok(three.tokens > one.tokens + 20, `${three.tokens} for three, ${one.tokens} for one`);
  });
});

describe('what saving a prompt would make stale', () => {
  it('is nothing for a comment, and what a run then asks for all else', async () => {
    const { handlers, run, model, own } = await stepperWorkshop({ tasks: 3 });
    const choices = { recipe: 'without-hints', mode: 'all' as const };
    await run(choices);
    const comment = { [file('structure')]: shipped(file('structure')).replace('{#', '{# A comment more. ') };
    assert.notEqual(comment[file('structure')], shipped(file('structure')));
    const [quiet] = (await handlers.promptStaleness({ overlay: comment })).recipes;
    assert.deepEqual([quiet?.recipe, quiet?.same, quiet?.stale, quiet?.calls], ['without-hints', true, [], 0]);
    for (const stage of ['path', 'structure', 'adapt'] as const) {
      const overlay = edited(stage);
      const [report, ...others] = (await handlers.promptStaleness({ overlay })).recipes;
      assert.ok(report && others.length === 0 && report.exact);
      for (const [name, text] of Object.entries(overlay)) own.set(name, text);
      const asked = model.requests.length;
      await run(choices);
      const requests = model.requests.slice(asked);
      assert.equal(report.calls, requests.length, stage);
      const byStage = (each: ModelStage) => requests.filter(request => request.stage === each).length;
      assert.deepEqual(report.stale, report.stale.map(each => ({ stage: each.stage, answers: byStage(each.stage) })), stage);
      assert.equal(report.stale.reduce((sum, { answers }) => sum + answers, 0), requests.length);
      assert.ok(report.promptTokens > 0 && report.outputTokens > 0);
    }
  });

  it('is held against what was run, whatever was saved meanwhile', async () => {
    const { handlers, run, model, own } = await stepperWorkshop({ tasks: 2 });
    const choices = { recipe: 'without-hints', mode: 'all' as const };
    await run(choices);
    const staleness = async (overlay: Record<string, string>) => (await handlers.promptStaleness({ overlay })).recipes[0] ?? assert.fail('no recipe');
    own.set(file('path'), edited('path')[file('path')] ?? '');
    const saved = await staleness({});
    assert.deepEqual([saved.same, saved.stale.map(({ stage }) => stage)], [false, ['path']]);
    assert.deepEqual(await staleness(edited('path')), saved, 'nothing more is stale for what is saved already');
    assert.equal((await staleness({ [file('path')]: shipped(file('path')) })).same, true, 'undone');
    const both = await staleness(edited('structure'));
    assert.deepEqual(both.stale.map(({ stage }) => stage), ['structure', 'path']);
    own.set(file('structure'), edited('structure')[file('structure')] ?? '');
    const asked = model.requests.length;
    await run(choices);
    assert.equal(model.requests.length - asked, both.calls);
    assert.equal((await staleness({})).same, true);
  });

  it('is told of the recipes that use a file, where one is named', async () => {
    const { handlers, run } = await stepperWorkshop();
    await run({ recipe: 'without-hints', mode: 'all' });
    const of = async (name: string) => (await handlers.promptStaleness({ overlay: edited('path'), file: name })).recipes.map(({ recipe }) => recipe);
    assert.deepEqual(await of(file('path')), ['without-hints']);
    assert.deepEqual(await of('partials/task.rgprompt'), ['without-hints']);
    assert.deepEqual(await of('mine/path.rgprompt'), []);
    assert.deepEqual(await of('regenesis/choose.reference.rgprompt'), []);
  });

  it('is estimated from a few tasks where many were run', async () => {
    const { handlers, run } = await stepperWorkshop({ tasks: 13 });
    await run({ recipe: 'without-hints', mode: 'all', limit: 10 });
    const of = async (most?: number) => (await handlers.promptStaleness({ overlay: edited('structure'), ...(most === undefined ? {} : { most }) })).recipes[0] ?? assert.fail('no recipe');
    const [exact, few] = [await of(), await of(4)];
    assert.deepEqual([exact.exact, few.exact, exact.calls, few.calls], [true, false, 10 * 50, 10 * 50]);
    assert.deepEqual(few.stale, exact.stale);
    assert.deepEqual(await of(10), exact, 'all of them');
  });

  it('lets others have their turn after each task, and ends in mid-count with whoever asked', async () => {
    const { run, store } = await stepperWorkshop({ tasks: 6 });
    await run({ recipe: 'without-hints', mode: 'all' });
    const texts = { saved: shippedPrompts(), unsaved: new Map([...shippedPrompts(), ...Object.entries(edited('path'))]) };
    const [clock, stop] = [new PausingClock(), new AbortController()];
    const dependencies = { clock, hash: sha256, understanding: 'test', loadCl100k: async () => estimateTokens };
    const counting = { dependencies, store, texts, contexts: { describe: async () => undefined }, signal: stop.signal };
    let [asked, read] = [0, 0];
    const settledTasks = store.settledTasks.bind(store);
    store.settledTasks = (...page) => {
      read += page[1] === undefined ? 1 : 0;
      return settledTasks(...page);
    };
    store.addTasks([aTask({ id: 'set/fresh' })]);
    await stalenessOf({ ...counting, contexts: { describe: async signal => { asked += signal === stop.signal ? 1 : 100; return undefined; } } });
    assert.deepEqual([asked, read], [1, 2], 'the server is asked once, and what is settled is read once for either recipe');
    await stalenessOf(counting);
    assert.ok(clock.pauses >= 6 * 3, `${clock.pauses} pauses in three walks over six tasks`);
    clock.pauses = 0;
    clock.between = () => { if (clock.pauses === 4) stop.abort(); };
    assert.equal(await stalenessOf(counting).then(() => 'counted', (thrown: unknown) => problemOf(thrown).code), 'cancelled');
    assert.equal(clock.pauses, 4);
  });

  it('counts what is in use where a run stops when there is enough, and says that the rest is no more than likely', async () => {
    const { handlers, run, store } = await stepperWorkshop({ tasks: 2 });
    await run();
    const inUse = store.answers(taskId(task)).filter(({ stage }) => stage === 'path').length;
    const [report] = (await handlers.promptStaleness({ overlay: edited('path') })).recipes;
    assert.deepEqual([report?.exact, report?.stale.map(({ stage }) => stage)], [false, ['path']]);
    assert.ok((report?.stale[0]?.answers ?? 0) > 0 && (report?.stale[0]?.answers ?? 0) <= 2 * inUse);
    assert.ok((report?.calls ?? 0) >= (report?.stale[0]?.answers ?? 0));
  });

  it('is not counted for a recipe that could not be run any more, and is called off by whoever asked', async () => {
    const { handlers, run, codeOf } = await stepperWorkshop({ tasks: 3 });
    await run({ recipe: 'without-hints', mode: 'all' });
    const [broken] = (await handlers.promptStaleness({ overlay: { [file('path')]: 'no head' } })).recipes;
    assert.deepEqual([broken?.same, broken?.calls, broken?.problems[0]?.file], [false, 0, file('path')]);
    const stop = new AbortController();
    stop.abort();
    const counting = handlers.promptStaleness({ overlay: edited('path') }, { client: { gone: stop.signal }, signal: stop.signal });
    assert.equal(await codeOf(counting), 'cancelled');
  });
});

describe('trying a prompt on a sample', () => {
  /** Wrong wherever the prompt has the new sentence, but for one task. */
  const worse: Script = request => {
    const text = telling(request, 0);
    const asked = request.messages.map(({ content }) => content).join('\n');
    return request.stage === 'path' && asked.includes('Mind the units.') && !asked.includes('(set/2)') && typeof text === 'string' ? text.replace('{18}', '{17}') : text;
  };

  it('runs both sides in a project of its own, takes what is there, and leaves nothing behind', async () => {
    const { handlers, run, model, store, told, scratches } = await stepperWorkshop({ tasks: 4, script: worse });
    await run({ recipe: 'without-hints', mode: 'all' });
    const [asked, answers, runs, journal] = [model.requests.length, store.answers(store.taskIds()[0] ?? assert.fail()).length, store.runs().length, store.journal(0, 1_000).length];
    const choices = { overlay: edited('path'), file: file('path'), tasks: 4, work: 'mine' };
    const plan = await handlers.planTrial(choices);
    assert.deepEqual([plan.tasks, plan.hinted, plan.calls, model.requests.length], [4, false, 4, asked], 'only the new side is asked, and not by a plan');
    const report = await handlers.tryPrompt(choices);
    assert.equal(model.requests.length, asked + 4);
    assert.deepEqual([report.recipe.name, report.stage, report.before.calls, report.after.calls], ['without-hints', 'path', 0, 4]);
    assert.deepEqual([report.before.correct, report.before.of, report.after.correct, report.better, report.worse, report.chance.toFixed(6)], [4, 4, 1, 0, 3, '0.250000']);
    assert.ok(report.before.low > 0.5 && report.after.high < 0.71);
    assert.deepEqual(report.tasks.map(each => [each.id, each.before.verdict, each.after.verdict]).toSorted(), [1, 2, 3, 4].map(id => [`set/${id}`, 'correct', id === 2 ? 'correct' : 'incorrect']));
    assert.ok(report.tasks.every(({ before, after }) => before.text?.includes('18') === true && after.promptTokens > before.promptTokens));
    assert.equal(new Set(report.tasks.map(({ branch }) => branch)).size, 4, 'of as many guidelines as there are');
    const progress = told('trialProgress');
    assert.deepEqual(progress.at(-1), { work: 'mine', done: 8, total: 8 });
    assert.ok(progress.length <= 2, `told ${progress.length} times in no time`);
    // the project is as it was
    assert.deepEqual([store.answers(store.taskIds()[0] ?? assert.fail()).length, store.runs().length, store.journal(0, 1_000).length], [answers, runs, journal]);
    assert.ok(scratches.length === 2 && scratches.every(each => { try { each.taskIds(); return false; } catch { return true; } }), 'all are closed');
  });

  it('holds what was saved meanwhile against what was run, and refuses where both ask the same', async () => {
    const { handlers, run, own, told, codeOf } = await stepperWorkshop({ tasks: 2, script: worse });
    await run({ recipe: 'without-hints', mode: 'all' });
    assert.equal(await codeOf(handlers.planTrial({ overlay: {}, file: file('path'), tasks: 2 })), 'usage');
    own.set(file('path'), edited('path')[file('path')] ?? '');
    const report = await handlers.tryPrompt({ overlay: {}, file: file('path'), tasks: 2 });
    assert.deepEqual(told('trialProgress'), [], 'nobody named it');
    assert.deepEqual([report.before.calls, report.after.calls, report.before.correct, report.after.correct], [0, 2, 2, 1]);
  });

  it('shows and tries a prompt of the hint round alone', async () => {
    const { handlers, own } = await stepperWorkshop({ tasks: 2 });
    own.set('mine/mine.rgrecipe.yaml', 'extends: regenesis\ntitle: Mine\nhints:\n  prompts:\n    path: hinted.rgprompt\n');
    own.set('mine/hinted.rgprompt', shipped(file('path')));
    const name = 'mine/hinted.rgprompt';
    const preview = await handlers.previewPrompt({ overlay: {}, file: name });
    assert.deepEqual([preview.recipe?.name, shownOf(preview).branch?.round, shownOf(preview).stage], ['mine', 2, 'path']);
    assert.ok(textOf(preview).includes('18'), 'it is shown the known answer');
    const overlay = { [name]: `${shipped(file('path'))}\nMind the units.\n` };
    assert.equal((await handlers.planTrial({ overlay, file: name, tasks: 2 })).hinted, true);
    const report = await handlers.tryPrompt({ overlay, file: name, tasks: 2 });
    assert.deepEqual([report.before.calls, report.after.calls, report.after.correct], [6, 2, 2]);
  });

  /** A recipe of some guidelines. */
  const withGuidelines = (...ids: string[]) => `extends: without-hints\ntitle: Mine\nguidelines: [${ids.join(', ')}]\n`;
  const [mine, choosing] = ['mine/mine.rgrecipe.yaml', 'extends: without-hints\ntitle: Mine\nbranches:\n  guidelines: false\n  chosen: 2\nstages:\n  choose:\n    sampling: { max_tokens: 128 }\n'];

  it('holds each branch against itself, whatever became of the list of guidelines', async () => {
    const { handlers, run, own, store, model } = await stepperWorkshop({ tasks: 3 });
    own.set(mine, withGuidelines('decompose', 'design-experiment', 'think-critically'));
    await run({ recipe: 'mine', mode: 'all' });
    own.set(mine, withGuidelines('think-critically', 'think-creatively', 'decompose'));
    const asked = model.requests.length;
    const report = await handlers.tryPrompt({ overlay: edited('path'), file: file('path'), recipe: 'mine', tasks: 3 });
    assert.deepEqual([report.before.calls, report.after.calls], [0, 3], 'what comes before the path is there of the same branch');
    assert.deepEqual(report.tasks.map(({ branch }) => branch), ['guideline:decompose', 'guideline:think-critically', 'guideline:decompose']);
    const sent = model.requests.slice(asked).map(({ messages }) => (messages.at(-1)?.content ?? '').replace('\nMind the units.', ''));
    const former = report.tasks.map(({ id, branch }) => store.attempts(taskId(id)).find(({ call }) => call.answers.some(each => each.stage === 'path' && each.branch === branch))?.call.messages.at(-1)?.content);
    assert.deepEqual(sent.toSorted(), former.toSorted());
  });

  it('is refused where both sides share no branch, or only one has the round', async () => {
    const { handlers, run, own, scratches } = await stepperWorkshop({ tasks: 2 });
    const refusal = async (overlay: Record<string, string>, name: string) => problemOf(await handlers.tryPrompt({ overlay, file: name, recipe: 'mine', tasks: 2 }).then(() => undefined, (thrown: unknown) => thrown));
    own.set(mine, withGuidelines('decompose'));
    await run({ recipe: 'mine', mode: 'all' });
    for (const now of [withGuidelines('think-critically'), choosing]) {
      const { code, message } = await refusal({ [mine]: now, ...edited('path') }, file('path'));
      assert.deepEqual([code, message.includes('no guideline now that it also had')], ['usage', true]);
    }
    const hinted = { [mine]: withGuidelines('decompose').replace('without-hints', 'regenesis') + 'hints:\n  prompts:\n    path: hinted.rgprompt\n', 'mine/hinted.rgprompt': shipped(file('path')) };
    const { code, message } = await refusal(hinted, 'mine/hinted.rgprompt');
    assert.deepEqual([code, message.includes('has a hint round only as it is now')], ['usage', true]);
    assert.equal(scratches.length, 0);
  });

  it('takes tasks that were run first, drawn by the seed', async () => {
    const { handlers, run } = await stepperWorkshop({ tasks: 12 });
    await run({ recipe: 'without-hints', mode: 'all', limit: 3 });
    const idsOf = async (seed: string) => (await handlers.tryPrompt({ overlay: edited('path'), file: file('path'), tasks: 6, seed })).tasks.map(({ id }) => id);
    const [one, same, other] = [await idsOf('a'), await idsOf('a'), await idsOf('b')];
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, other);
    for (const ids of [one, other]) assert.deepEqual([ids.slice(0, 3).toSorted(), new Set(ids).size], [['set/1', 'set/2', 'set/3'], 6]);
  });

  it('gives no sum of tokens where some were not counted', async () => {
    const uncounted: Script = (request, sample) => {
      const text = telling(request, sample);
      const asked = request.messages.map(({ content }) => content).join('\n');
      return request.stage === 'path' && asked.includes('(set/1)') && typeof text === 'string' ? { ok: true, choices: [{ text, finish: 'stop' }] } : text;
    };
    const { handlers } = await stepperWorkshop({ tasks: 2, script: uncounted });
    const { before, tasks } = await handlers.tryPrompt({ overlay: edited('path'), file: file('path'), tasks: 2 });
    assert.equal(before.outputTokens, null);
    assert.deepEqual(tasks.map(row => [row.id, row.before.outputTokens === null]).toSorted(), [['set/1', true], ['set/2', false]]);
  });

  it('asks both sides where nothing is there, each answer once', async () => {
    const { handlers, model, store } = await stepperWorkshop({ tasks: 3 });
    const report = await handlers.tryPrompt({ overlay: edited('path'), file: file('path'), tasks: 2 });
    assert.deepEqual([report.tasks.length, report.before.calls, report.after.calls], [2, 6, 2]);
    assert.equal(model.requests.length, 8);
    assert.deepEqual([store.runs(), store.taskIds().flatMap(id => store.answers(id))], [[], []]);
  });

  it('ends with whoever asked, and keeps nothing', async () => {
    const { handlers, model, store, session, scratches, codeOf } = await stepperWorkshop({ tasks: 3 });
    const stop = new AbortController();
    model.before = async () => { stop.abort(); };
    const tried = handlers.tryPrompt({ overlay: edited('path'), file: file('path'), tasks: 3 }, { client: { gone: stop.signal }, signal: stop.signal });
    assert.equal(session.running(), true);
    assert.equal(await codeOf(tried), 'cancelled');
    assert.deepEqual([session.running(), store.runs().length, scratches.length], [false, 0, 1]);
  });

  it('tries a prompt that chooses guidelines on branches that choose', async () => {
    const { handlers } = await stepperWorkshop({ tasks: 2, script: request => (request.stage === 'choose' ? 'design-experiment, break-down' : telling(request, 0)) });
    const choices = { overlay: edited('choose'), file: file('choose'), recipe: 'regenesis-released', tasks: 2 };
    const preview = await handlers.previewPrompt({ overlay: {}, recipe: 'regenesis-released', stage: 'choose' });
    const own = preview.stages.includes('choose') ? { ...choices, stage: 'choose' as const } : choices;
    const report = await handlers.tryPrompt(own);
    assert.deepEqual(report.tasks.map(({ branch }) => branch), ['chosen:0', 'chosen:0']);
  });
});
