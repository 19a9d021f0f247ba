import assert from 'node:assert/strict';
import { sha256 } from '../../../src/adapters/hash.ts';
import type { events, RunChoices } from '../../../src/contract/engine.ts';
import type { RunProgress, RunReport } from '../../../src/contract/reports.ts';
import { problemError, problemOf } from '../../../src/core/model/problem.ts';
import type { EngineDependencies } from '../../../src/engine/dependencies.ts';
import { Fleets } from '../../../src/engine/fleets.ts';
import { LiveTexts } from '../../../src/engine/stepper/liveTexts.ts';
import { RunControl } from '../../../src/engine/runControl.ts';
import { serverSetting } from '../../../src/engine/settings.ts';
import { aTask } from '../../support/builders.ts';
import { noJobs } from '../../support/fakeJobs.ts';
import { FakeModel, SwiftClock } from '../../support/fakeModel.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { good } from '../../support/runTrial.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => aTask({ id: `set/${index}` }));
const first = 'http://one/v1';
const second = 'http://two/v1';

/** A control over a project of some tasks, with a model behind each address. */
function workshop(tasks = many(3)) {
  const store = new MemoryStore();
  store.addTasks(tasks);
  const models = new Map([first, second].map(url => [url, new FakeModel(good, url)]));
  const opened: { baseUrl: string; apiKey?: string }[] = [];
  const heard: { name: keyof typeof events; body: unknown }[] = [];
  const unused = () => { throw new Error('not needed here'); };
  const dependencies: EngineDependencies = {
    app: 'test', host: 'here', pid: 1, node: 'v24', openStore: unused, ...noJobs, rows: { open: unused }, files: { ...memoryFiles(), prompts: shippedPrompts }, clock: new SwiftClock(), hash: sha256, loadCl100k: unused, understanding: 'test',
    createModel: endpoint => {
      opened.push(endpoint);
      const model = models.get(endpoint.baseUrl);
      if (!model) throw problemError('usage', 'no such address');
      return model;
    },
    emit: (name, body) => { heard.push({ name, body }); },
  };
  const control = new RunControl(dependencies, { fleets: new Fleets(dependencies), texts: new LiveTexts(dependencies) });
  const last = (name: keyof typeof events): unknown => heard.findLast(each => each.name === name)?.body;
  const codeOf = async (promise: Promise<unknown>) => problemOf(await promise.then(() => undefined, (thrown: unknown) => thrown)).code;
  const start = (choices: RunChoices = {}) => control.start(store, { server: first, ...choices });
  return { store, models, one: modelOf(models, first), two: modelOf(models, second), opened, control, start, codeOf, ended: () => last('runEnded') as RunReport | undefined, progress: () => last('runProgress') as RunProgress | undefined };
}

function modelOf(models: ReadonlyMap<string, FakeModel>, url: string): FakeModel {
  const model = models.get(url);
  assert.ok(model);
  return model;
}

/** Calls that are never answered. */
const hold = (model: FakeModel) => { model.before = () => new Promise(() => undefined); };

describe('the control of runs', () => {
  it('cancels the run of one lane and leaves the other', async () => {
    const { control, start, one } = workshop();
    hold(one);
    const bulk = await start({ limit: 1 });
    const interactive = await start({ lane: 'interactive' });
    control.cancel('interactive');
    while (control.follow().last === null) await new Promise(resolve => { setImmediate(resolve); });
    assert.deepEqual([control.follow().last?.runId, control.follow().run?.runId], [interactive.runId, bulk.runId]);
    control.cancel();
    await control.ended();
    assert.deepEqual([control.follow().last?.runId, control.follow().last?.state], [bulk.runId, 'cancelled']);
  });

  it('takes the train tasks that a filter leaves, and says where it leaves none', async () => {
    const { control, start, codeOf, ended, one } = workshop();
    await start({ where: { text: 'set/1' } });
    await control.ended();
    assert.deepEqual([ended()?.tasks.solved, ended()?.tasks['not-started']], [1, 0]);
    one.requests.length = 0;
    assert.equal(await codeOf(start({ where: { state: 'failed' } })), 'no-tasks');
    await start({ stages: ['verify'], where: { state: 'solved' } });
    await control.ended();
    assert.deepEqual([ended()?.tasks.solved, ended()?.calls, one.requests.length], [1, 0, 0]);
  });

  it('starts one on replicas, remembers them, and tells how each of them stands', async () => {
    const { control, start, store, one, two, ended, progress } = workshop();
    await start({ replicas: [second] });
    await control.ended();
    assert.equal(ended()?.state, 'completed');
    assert.ok(one.requests.length > 0 && two.requests.length > 0);
    assert.deepEqual(serverSetting(store), { baseUrl: first, model: 'fake', simulated: true, replicas: [second] });
    assert.deepEqual(progress()?.servers?.map(({ baseUrl, state }) => [baseUrl, state]), [[first, 'up'], [second, 'up']]);
    assert.equal(progress()?.lane, 'bulk');
    assert.ok(progress()?.bound?.advice);
    one.requests.length = 0;
    two.requests.length = 0;
    await control.start(store, { retryLost: true, mode: 'all' });
    await control.ended();
    assert.ok(one.requests.length > 0 && two.requests.length > 0, 'the project knows both');
  });

  it('takes an address that is given twice, with and without its ending, for one server', async () => {
    const { control, start, store, progress } = workshop();
    await start({ replicas: [`${first}/`, 'http://one', second, second] });
    await control.ended();
    assert.deepEqual(progress()?.servers?.map(({ baseUrl }) => baseUrl), [first, second]);
    assert.deepEqual(serverSetting(store)?.replicas, [second]);
  });

  it('refuses replicas of different models by name, before anything is asked', async () => {
    const { start, codeOf, two, one, store } = workshop();
    two.identity = () => 'fake|root=other';
    assert.equal(await codeOf(start({ replicas: [second] })), 'model-mismatch');
    await assert.rejects(start({ replicas: [second] }), /http:\/\/one\/v1 serves fake and http:\/\/two\/v1 serves fake\|root=other/);
    assert.equal(one.requests.length + two.requests.length + store.runs().length, 0);
  });

  it('takes a replica that does not answer as gone, and fails where none answers', async () => {
    const { control, start, codeOf, one, two, ended } = workshop();
    two.identity = () => { throw problemError('server-unreachable', 'Nothing listens there.'); };
    await start({ replicas: [second] });
    await control.ended();
    assert.equal(ended()?.state, 'completed');
    assert.equal(two.requests.length, 0);
    one.identity = two.identity;
    assert.equal(await codeOf(start({ replicas: [second] })), 'server-unreachable');
    two.identity = () => { throw problemError('server-wrong-key', 'Wrong.'); };
    assert.equal(await codeOf(start({ replicas: [second] })), 'server-wrong-key');
  });

  it('runs one of each lane at a time, on servers that they share', async () => {
    const { control, start, codeOf, one } = workshop();
    hold(one);
    await start();
    await start({ lane: 'interactive' });
    assert.equal(await codeOf(start()), 'run-active');
    assert.equal(await codeOf(start({ lane: 'interactive' })), 'run-active');
    control.cancel();
    await control.ended();
    assert.equal(control.running, false);
  });

  it('stops so that the run can be resumed with its choices, without the key among them', async () => {
    const { control, start, store, one, ended, opened, codeOf } = workshop();
    assert.equal(await codeOf(control.resume(store, {})), 'run-not-found');
    const { before } = one;
    hold(one);
    await start({ apiKey: 'sk-secret', mode: 'all', limit: 2, retryLost: true });
    control.stop({ code: 'engine-stopped', message: 'The engine was stopped.' });
    await control.ended();
    assert.deepEqual([ended()?.state, ended()?.problem?.code], ['paused', 'engine-stopped']);
    const [stopped] = store.runs();
    assert.deepEqual(stopped?.choices, { mode: 'all', limit: 2, retryLost: true, server: first, model: 'fake' });
    one.before = before;
    const resumed = await control.resume(store, { apiKey: 'sk-other' });
    assert.equal(resumed.tasks, 2);
    assert.equal(opened.at(-1)?.apiKey, 'sk-other');
    await control.ended();
    assert.equal(ended()?.state, 'completed');
    assert.equal(ended()?.tasks.solved, 2);
    assert.deepEqual(store.runs()[0]?.choices, { mode: 'all', limit: 2, server: first, model: 'fake' });
  });

  it('resumes the work of the bulk lane, not what somebody looked at meanwhile', async () => {
    const { control, start, store, one } = workshop();
    const { before } = one;
    hold(one);
    await start({ limit: 3 });
    await start({ lane: 'interactive', tasks: ['set/1'] });
    control.stop({ code: 'engine-stopped', message: 'The engine was stopped.' });
    await control.ended();
    one.before = before;
    assert.equal((await control.resume(store, {})).tasks, 3);
    await control.ended();
  });

  it('shows whoever comes later the run that goes on, and how the last one ended', async () => {
    const { control, start, one } = workshop();
    assert.deepEqual(control.follow(), { run: null, last: null });
    const { before } = one;
    hold(one);
    await start({ lane: 'interactive', tasks: ['set/1'] });
    const { runId } = await start({ apiKey: 'sk-secret', limit: 3 });
    const { run, last } = control.follow();
    assert.deepEqual([run?.runId, run?.choices?.['limit'], run?.progress?.tasks.total, last], [runId, 3, 3, null]);
    assert.doesNotMatch(JSON.stringify(run), /sk-secret/);
    control.cancel();
    await control.ended();
    assert.deepEqual([control.follow().run, control.follow().last?.state], [null, 'cancelled']);
    one.before = before;
  });
});
