import assert from 'node:assert/strict';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { problemOf } from '../../../../src/core/model/problem.ts';
import { loadRecipe } from '../../../../src/core/recipes/loadRecipe.ts';
import { estimateTokens } from '../../../../src/core/verify/tokens.ts';
import { iterationTasks } from '../../../../src/engine/iterations/iterationTasks.ts';
import { setDomain } from '../../../../src/engine/evaluation/heldOutSets.ts';
import { resolveContext } from '../../../../src/engine/resolveRun.ts';
import { choicesOf } from '../../../../src/engine/runChoices.ts';
import { aTask } from '../../../support/builders.ts';
import { SwiftClock } from '../../../support/fakeModel.ts';
import { address, iteratingWorkshop, solving } from '../../../support/iterating.ts';

const failing = async (promise: Promise<unknown>) => problemOf(await promise.then(() => undefined, (thrown: unknown) => thrown));
const [first, second] = ['base-ft1-1a1a1a1a', 'base-ft2-2a2a2a2a'];
const heldOut = { ...aTask({ id: 'far/1', gold: '1' }), question: 'Question 1 of far?', origin: { dataset: 'far' }, split: 'held-out' as const };
const comparison = { models: [{ model: first }], against: { model: 'base' } };

describe('an iteration', () => {
  it('asks the model that a job has made, loaded where it is not served, and takes no answer of another', async () => {
    const { store, run, job, loaded, modelNamed, handlers } = await iteratingWorkshop({ scripts: { [first]: solving(6) } });
    await run();
    const asked = modelNamed('base').requests.length;
    const before = new Map(store.taskIds().map(id => [id, store.answers(id).map(({ fingerprint }) => fingerprint)]));
    job({ from: [1] });
    const report = await run({ iteration: { job: 1 } });
    assert.equal(report.state, 'completed');
    assert.deepEqual(loaded, [{ name: first, path: 'output' }]);
    assert.deepEqual([report.cached, modelNamed('base').requests.length, modelNamed(first).requests.length > 0], [0, asked, true], 'no answer of the base model is taken, and it is not asked');
    for (const [id, prints] of before) {
      const now = store.answers(id).map(({ fingerprint }) => fingerprint);
      assert.deepEqual(now.slice(0, prints.length), prints, 'what the base has said stays');
      assert.equal(new Set(now).size, now.length);
    }
    const [latest] = store.runs();
    assert.deepEqual([latest?.model, latest && choicesOf(latest)?.lineage], [first, { iteration: 2, parentRun: 1, job: 1, datasetSha256: '1f'.repeat(32), base: 'org/base' }]);
    assert.deepEqual((await handlers.status({})).runs.map(({ lineage }) => lineage?.iteration), [2, undefined]);

    const again = await run({ iteration: { job: 1 } });
    assert.deepEqual([again.calls, loaded.length], [0, 1], 'the same again asks and loads nothing');
    const back = await run({ model: 'base' });
    assert.deepEqual([back.calls, modelNamed('base').requests.length], [0, asked], 'nor does the base, whose answers are all there');
  });

  it('is counted from the runs that its data came from, also where nobody says that it is one', async () => {
    const { store, run, job } = await iteratingWorkshop();
    const lineages = () => store.runs().map(each => choicesOf(each)?.lineage).map(lineage => lineage && [lineage.iteration, lineage.parentRun, lineage.job]);
    await run();
    job({ from: [1] });
    await run({ iteration: { job: 1 } });
    job({ from: [1, 2] });
    await run({ iteration: { job: 2 } });
    job();
    await run({ iteration: { job: 3 } });
    job({ from: [1] });
    await run({ iteration: { job: 4 } });
    await run({ model: second, lineage: { iteration: 9, job: 9, datasetSha256: '', base: '' } });
    assert.deepEqual(lineages(), [[3, 2, 2], [2, 1, 4], [4, 3, 3], [3, 2, 2], [2, 1, 1], undefined], 'without a manifest, from all that was run before; a model of a job has its lineage whoever names it');
  });

  it('goes on with its own model after it was stopped', async () => {
    const { store, run, job, handlers, modelNamed } = await iteratingWorkshop();
    await run();
    job({ from: [1] });
    assert.equal((await run({ iteration: { job: 1 }, maxCalls: 3 })).state, 'paused');
    await handlers.setServer({ server: { baseUrl: address, model: 'base', simulated: false } });
    const { runId } = await handlers.resumeRun({});
    while (store.runs()[0]?.state === 'running') await new Promise(resolve => { setImmediate(resolve); });
    assert.deepEqual([store.runs()[0]?.id, store.runs()[0]?.model], [runId, first]);
    assert.ok(modelNamed(first).requests.length >= 3);
  });

  it('is refused, with what to do, where there is no model to ask', async () => {
    const { run, job, handlers } = await iteratingWorkshop({ loads: { code: 'server-bad-request', message: 'It cannot load an adapter while it runs.' } });
    await run();
    job({ from: [1] });
    job({ state: 'running' });
    job({ adapter: 'none', model: '/weights' });
    job({ target: { kind: 'openai', name: 'api', url: 'https://api.example/v1' }, model: 'ft:x' });
    const refusal = async (id: number, choices = {}) => {
      const planned = await failing(handlers.plan({ iteration: { job: id }, ...choices }));
      const { code, message } = await failing(run({ iteration: { job: id }, ...choices }));
      assert.deepEqual([planned.code, planned.message], [code, message], 'a plan says the same');
      return `${code}: ${message}`;
    };
    assert.match(await refusal(1), new RegExp(`^server-bad-request: .*does not serve ${first}.* could not load it from output: It cannot load .* by hand`));
    assert.match(await refusal(2), /^usage: Job 2 has not succeeded.*running/);
    assert.match(await refusal(3), /^usage: .*trained all weights.*\/weights/);
    assert.match(await refusal(3, { server: address, model: 'whole' }), /^server-unknown-model: .*Start a server with what job 3 has tuned/);
    assert.match(await refusal(4), /^server-unknown-model: .*ft:x.*api\.example/);
    assert.match(await refusal(9), /^job-not-found/);
    assert.match(await refusal(1, { stages: ['verify'] }), /^usage: .*these stages ask none/);
  });

  it('takes weights that are served under a name of their own, and knows them again', async () => {
    const { store, run, job, served } = await iteratingWorkshop();
    await run();
    job({ from: [1], adapter: 'none', model: '/weights' });
    served.add('whole');
    await run({ iteration: { job: 1 }, model: 'whole' });
    await run({ model: 'base' });
    await run({ iteration: { job: 1 } });
    assert.deepEqual(store.runs().map(({ model }) => model), ['whole', 'base', 'whole', 'base']);
  });
});

describe('an evaluation of a model that a job has made', () => {
  it('has it loaded where it is not served, and only then', async () => {
    const { store, job, loaded, handlers } = await iteratingWorkshop();
    store.addTasks([heldOut]);
    job({ from: [] });
    const { models } = await handlers.planEvaluation(comparison);
    assert.deepEqual([models.map(({ label }) => label), loaded], [[first, 'base'], [{ name: first, path: 'output' }]]);
    await handlers.planEvaluation(comparison);
    assert.equal(loaded.length, 1);
  });

  it('is refused, with what to do, where that cannot be', async () => {
    const { store, job, handlers } = await iteratingWorkshop({ loads: { code: 'server-bad-request', message: 'It cannot load an adapter while it runs.' } });
    store.addTasks([heldOut]);
    job({ from: [] });
    const { code, message } = await failing(handlers.startEvaluation(comparison));
    assert.match(`${code}: ${message}`, new RegExp(`^server-bad-request: .*does not serve ${first}.* could not load it from output: It cannot load .* by hand`));
    assert.equal((await failing(handlers.planEvaluation({ models: [{ model: 'unheard-of' }] }))).code, 'server-unknown-model');
  });
});

describe('what iterations came to', () => {
  it('is told of each by itself, whatever later runs have made of the same tasks', async () => {
    const { run, job, handlers, store } = await iteratingWorkshop({ tasks: 8, scripts: { [first]: solving(6), [second]: solving(7, { alike: true }) } });
    const tell = () => handlers.iterations({});
    assert.deepEqual(await tell(), { iterations: [], others: 0, simulated: false, finding: { kind: 'none', text: 'There is one iteration, and nothing to compare it with yet.' } });
    await run();
    const alone = (await tell()).iterations[0];
    assert.deepEqual([alone?.iteration, alone?.model, alone?.madeBy, alone?.tuned, alone?.figures?.tasks, alone?.figures?.solved?.value], [1, 'base', null, undefined, 8, .5]);
    job({ from: [1] });
    await run({ iteration: { job: 1 } });
    job({ from: [1, 2] });
    await run({ iteration: { job: 2 } });
    const { iterations, others } = await tell();
    assert.equal(others, 0);
    assert.deepEqual(iterations.map(({ iteration, model, runs, madeBy, tuned, figures }) => [iteration, model, runs, madeBy?.job, tuned?.job, figures?.tasks, figures?.solved?.value, figures?.sampled]), [
      [1, 'base', [1], undefined, 1, 8, .5, false], [2, first, [2], 1, 2, 8, .75, false], [3, second, [3], 2, undefined, 8, .875, false],
    ]);
    const [one, , three] = iterations.map(({ figures }) => figures);
    assert.deepEqual(one, alone?.figures, 'the outcomes of the first are gone, and its figures worked out anew');
    assert.ok((one?.distinctAnswers?.value ?? 0) > 2 && three?.distinctAnswers?.value === 1, 'a model that has collapsed says one thing');
    assert.ok((one?.wrongDiffer?.value ?? 0) > .5 && three.wrongDiffer?.value === 0, 'and one wrong thing');
    assert.ok(one?.keptPerTask && three.keptPerTask && three.keptPerTask.value > one.keptPerTask.value);
    const outcome = store.outcome(store.taskIds()[0] ?? assert.fail());
    assert.equal(outcome?.runId, 3);
    assert.ok([one, three].every(figures => figures.length !== null && figures.length.value > 40 && figures.length.value < 60), 'characters of a path as it was written');
  });

  it('comes with what evaluations came to, also where nobody has counted them yet', async () => {
    const { store, job, run, handlers } = await iteratingWorkshop();
    store.addTasks([heldOut]);
    await run();
    job({ from: [1] });
    const { id } = await handlers.startEvaluation(comparison);
    while ((await handlers.evaluation({ id })).state === 'running') await new Promise(resolve => { setImmediate(resolve); });
    setDomain(store, 'far', 'in');
    const [first] = (await handlers.iterations({})).iterations;
    assert.deepEqual([first?.evaluated?.inDomain?.n, first?.tuned?.evaluated?.inDomain?.n], [1, 1]);
  });

  it('has no share solved where a recipe leaves known answers unused, and so loses none', async () => {
    const { run, job, handlers } = await iteratingWorkshop();
    await run({ recipe: 'direct' });
    job({ from: [1] });
    await run({ recipe: 'lmsi', iteration: { job: 1 } });
    const { iterations, finding } = await handlers.iterations({});
    assert.deepEqual(iterations.map(({ recipe, figures }) => [recipe, figures?.tasks, figures?.solved?.value]), [['direct', 3, 1], ['lmsi', 3, undefined]]);
    assert.equal(finding.kind, 'none');
  });

  it('leads to the latest of the highest, and counts what lies beside', async () => {
    const { run, job, handlers } = await iteratingWorkshop();
    await run();
    job({ from: [1] });
    job({ from: [1] });
    await run({ iteration: { job: 1 } });
    await run({ iteration: { job: 2 }, limit: 2 });
    const { iterations, others } = await handlers.iterations({});
    assert.deepEqual([iterations.map(({ model, figures, tuned }) => [model, figures?.tasks, tuned?.job]), others], [[['base', 3, 2], [second, 2, undefined]], 1]);
  });

  it('is told of a seeded sample of those that it was run on, where there are more', async () => {
    const { run, store } = await iteratingWorkshop({ tasks: 12, scripts: { base: solving(12) } });
    await run({ limit: 9 });
    const [latest = assert.fail()] = store.runs();
    const { recipe = assert.fail() } = loadRecipe({ name: latest.recipeName, files: new Map(Object.entries(store.recipe(latest.recipeId)?.files ?? {})), hash: sha256 });
    const dependencies = { hash: sha256, clock: new SwiftClock() };
    const context = await resolveContext({ ...dependencies, loadCl100k: async () => estimateTokens }, {}, { recipe, identity: latest.identity, judgeIdentity: undefined });
    const count = (most?: number) => iterationTasks({ dependencies, store, runs: [latest], context, signal: new AbortController().signal, ...(most === undefined ? {} : { most }) });
    const [some, again, all] = await Promise.all([count(4), count(4), count()]);
    assert.deepEqual([some.tasks.length, some.sampled, all.tasks.length, all.sampled], [4, true, 9, false]);
    assert.deepEqual(some, again);
  });
});
