import assert from 'node:assert/strict';
import { sha256 } from '../../../src/adapters/hash.ts';
import type { RunChoices } from '../../../src/contract/engine.ts';
import type { RunProgress, RunReport } from '../../../src/contract/reports.ts';
import { problemError, problemOf } from '../../../src/core/model/problem.ts';
import { Fleets } from '../../../src/engine/fleets.ts';
import { LiveTexts } from '../../../src/engine/stepper/liveTexts.ts';
import { RunControl } from '../../../src/engine/runControl.ts';
import { Session } from '../../../src/engine/session.ts';
import { serverSetting, setServer } from '../../../src/engine/settings.ts';
import { aTask } from '../../support/builders.ts';
import { noJobs } from '../../support/fakeJobs.ts';
import { FakeModel, SwiftClock } from '../../support/fakeModel.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { good, keptIn } from '../../support/runTrial.ts';

const generator = 'https://generate.example/v1';
const replica = 'https://replica.example/v1';
const judgeUrl = 'https://judge.example/v1';
const named = (baseUrl: string) => ({ baseUrl, model: 'fake', simulated: true });
const recipe = 'regenesis-released';

/** A project with its servers, each with a model behind it. */
function workshop() {
  const store = new MemoryStore();
  store.addTasks(Array.from({ length: 4 }, (_, index) => aTask({ id: `set/${index}` })));
  const verdict = { says: 'yes' };
  const models = new Map([generator, replica, judgeUrl].map(url => [url, new FakeModel((request, sample) => (request.stage === 'judge' ? verdict.says : good(request, sample)), url)]));
  const model = (url: string): FakeModel => {
    const found = models.get(url);
    if (!found) throw problemError('server-unreachable', `nobody at ${url}`);
    return found;
  };
  const opened: { readonly baseUrl: string; readonly apiKey?: string }[] = [];
  const heard = new Map<string, unknown>();
  const unused = () => { throw new Error('not needed here'); };
  const dependencies = {
    app: 'test', host: 'here', pid: 1, node: 'v24', openStore: () => store, ...noJobs, rows: { open: unused }, files: { ...memoryFiles(), prompts: shippedPrompts }, clock: new SwiftClock(), hash: sha256,
    loadCl100k: () => Promise.resolve((text: string) => text.length / 4), understanding: 'test',
    createModel: (endpoint: { readonly baseUrl: string; readonly apiKey?: string }) => {
      opened.push(endpoint);
      return model(endpoint.baseUrl);
    },
    emit: (name: string, body: unknown) => { heard.set(name, body); },
  };
  const control = new RunControl(dependencies, { fleets: new Fleets(dependencies), texts: new LiveTexts(dependencies) });
  const run = async (choices: RunChoices = {}) => {
    for (const each of models.values()) each.requests.length = 0;
    await control.start(store, { recipe, ...choices });
    await control.ended();
    return heard.get('runEnded') as RunReport;
  };
  const asked = (url: string) => [...new Set(model(url).requests.map(({ stage }) => stage))].sort();
  return { store, verdict, model, opened, control, dependencies, run, asked, progress: () => heard.get('runProgress') as RunProgress };
}

describe('the roles of servers', () => {
  it('send the judge\u2019s questions to its server and everything else to the others', async () => {
    const { store, run, asked, progress, model } = workshop();
    model(judgeUrl).identity = () => 'other';
    setServer(store, { ...named(generator), replicas: [replica], judge: named(judgeUrl) });
    assert.equal((await run()).state, 'completed');
    assert.deepEqual(asked(judgeUrl), ['judge']);
    assert.ok(![...asked(generator), ...asked(replica)].includes('judge'));
    assert.deepEqual(progress().servers?.map(({ baseUrl, role }) => [baseUrl, role]), [[generator, undefined], [replica, undefined], [judgeUrl, 'judge']]);
    assert.deepEqual(serverSetting(store), { ...named(generator), replicas: [replica], judge: named(judgeUrl) }, 'a run forgets no role');
    assert.deepEqual(keptIn(store), [5, 5, 5, 5]);
    assert.deepEqual(store.runs()[0]?.choices?.['judge'], { server: judgeUrl, model: 'fake', identity: 'other' });
  });

  it('make another judge ask its questions anew, and nothing else', async () => {
    const { store, run, model, verdict } = workshop();
    setServer(store, named(generator));
    const alone = await run();
    setServer(store, { ...named(generator), judge: named(judgeUrl) });
    assert.equal((await run()).calls, 0, 'the same model at another address has answered already');
    model(judgeUrl).identity = () => 'other';
    verdict.says = 'no';
    const judged = await run();
    assert.ok(judged.calls > 0 && judged.kept < alone.kept);
    assert.ok(model(judgeUrl).requests.every(({ stage }) => stage === 'judge'));
    setServer(store, named(generator));
    assert.deepEqual([(await run()).calls, keptIn(store)], [0, [5, 5, 5, 5]]);
  });

  it('leave the judge alone where the recipe asks none, or a server is named for the run', async () => {
    const { store, run, asked, model } = workshop();
    model(judgeUrl).identity = () => { throw problemError('server-unreachable', 'gone'); };
    setServer(store, { ...named(generator), judge: named(judgeUrl) });
    assert.equal((await run({ recipe: 'regenesis' })).state, 'completed');
    assert.deepEqual(serverSetting(store)?.judge, named(judgeUrl));
    const outcome = await run({}).then(() => undefined, (thrown: unknown) => problemOf(thrown).code);
    assert.equal(outcome, 'server-unreachable', 'a judge that is not there is said before a token is spent');
    assert.equal((await run({ server: generator })).state, 'completed');
    assert.ok(asked(generator).includes('judge'));
  });

  it('let the others go on while the judge answers nobody', async () => {
    const { store, control, model } = workshop();
    model(judgeUrl).identity = () => 'other';
    model(judgeUrl).before = () => new Promise(() => undefined);
    setServer(store, { ...named(generator), judge: named(judgeUrl) });
    await control.start(store, { recipe, mode: 'all' });
    const paths = () => model(generator).requests.filter(({ stage }) => stage === 'path').length;
    for (let turns = 0; turns < 20_000 && paths() < 50; turns += 1) await new Promise(resolve => { setImmediate(resolve); });
    assert.ok(paths() >= 50, 'those of two whole tasks at least: only the backlog of the judge is bounded');
    assert.ok(model(judgeUrl).requests.length > 0);
    control.cancel();
    await control.ended();
  });

  it('show the verdict of a judge that was asked, also when the project has another one since', async () => {
    const { store, run, dependencies, model } = workshop();
    model(judgeUrl).identity = () => 'other';
    setServer(store, { ...named(generator), judge: named(judgeUrl) });
    await run();
    setServer(store, named(generator));
    const session = new Session(dependencies);
    await session.handlers.openProject({ path: store.path });
    const { branches } = await session.handlers.showTask({ task: 'set/0' });
    assert.ok(branches.some(({ verdicts }) => verdicts.some(({ checker, kind }) => checker === 'judge' && kind === 'correct')));
    assert.deepEqual((await session.handlers.status({})).server, named(generator));
  });
});

describe('keys of a run', () => {
  const keys = { [new URL(generator).origin]: 'sk-mine' };

  it('go to the origin that each was given for, whatever a project file names', async () => {
    const { store, run, opened } = workshop();
    // as somebody may hand on a project who would like to see a key: the known server, and two of his own
    setServer(store, { ...named(generator), replicas: [replica], judge: named(judgeUrl) });
    await run({ apiKeys: keys });
    assert.deepEqual(opened.map(({ baseUrl, apiKey }) => [baseUrl, apiKey]), [[generator, 'sk-mine'], [replica, undefined], [judgeUrl, undefined]]);
    assert.doesNotMatch(JSON.stringify([store.runs(), serverSetting(store)]), /sk-mine/);
  });

  it('are not deceived by names that look alike', async () => {
    const { store, opened, dependencies } = workshop();
    const session = new Session(dependencies);
    await session.handlers.openProject({ path: store.path });
    for (const baseUrl of ['https://generate.example:444/v1', 'http://generate.example/v1', 'https://generate.example@evil.example/v1', 'https://generate.example.evil.example/v1', 'generate.example/v1', '__proto__']) {
      opened.length = 0;
      setServer(store, { ...named(baseUrl), replicas: [baseUrl] });
      await assert.rejects(session.handlers.plan({ recipe, apiKeys: keys }));
      assert.ok(opened.length > 0 && opened.every(({ apiKey }) => apiKey === undefined), baseUrl);
    }
  });

  it('that are given for all stay with the servers that are named, and never reach a judge elsewhere', async () => {
    const { store, run, opened } = workshop();
    setServer(store, { ...named(generator), judge: named(judgeUrl) });
    await run({ apiKey: 'sk-mine' });
    assert.deepEqual(opened.map(({ apiKey }) => apiKey), ['sk-mine', undefined]);
  });
});
