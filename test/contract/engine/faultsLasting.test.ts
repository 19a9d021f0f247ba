import assert from 'node:assert/strict';
import process from 'node:process';
import { listEngines } from '../../../src/client/engines.ts';
import { runtimeFolder } from '../../../src/client/runtimeFolder.ts';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { leave, nextEnd } from '../../support/engine.ts';
import { askedAgain, FaultTrials, faultTasks, nothingLost, progressOf, sameAs, until, type Outcome } from '../../support/faultTrial.ts';
import { startProxy, type Proxy } from '../../support/proxy.ts';

const keys = { first: 'sk-first-0123456789abcdef', next: 'sk-next-0123456789abcdef' };

describe('a fault that lasts', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  const trials = new FaultTrials(shop);
  const proxies: Proxy[] = [];
  let usual: Outcome;
  /** It takes long to begin, and so begins before the others. */
  let latePage: ReturnType<typeof runWithLatePage>;

  before(async () => {
    const server = await shop.demoServer();
    usual = await trials.run({ server: server.url });
    latePage = runWithLatePage();
    latePage.catch(() => undefined); // told by its test
  });
  after(async () => {
    await Promise.all(proxies.map(proxy => proxy.stop()));
    await shop.close();
  });

  /** Slow enough to be caught in the middle. */
  const slowServer = (...words: string[]): Promise<LoggedServer> => shop.demoServer('--step-ms', '1,0,0', ...words);
  const portOf = ({ url }: LoggedServer): string => new URL(url).port;

  const asked = (server: LoggedServer, least: number): Promise<void> => until(() => server.log().split('"/v1/chat/completions"').length > least);

  it('a server that is stopped and started again is waited for, and the run goes on by itself', async () => {
    const server = await slowServer();
    const engine = await trials.engine();
    const ended = nextEnd(engine);
    await engine.call('startRun', { server: server.url, tasks: faultTasks });
    await asked(server, 60);
    const waits = progressOf(engine, ({ notice }) => notice !== undefined);
    await server.stop();
    const { notice, bound, servers } = await waits;
    assert.match(notice ?? '', new RegExp(`^waiting for ${server.url}, gone since .* Nothing is lost; the run goes on when it is back\\.`));
    assert.deepEqual([bound?.by, servers?.map(({ state }) => state)], ['gone', ['gone']]);
    const again = await slowServer('--port', portOf(server));
    const outcome = await trials.outcome(engine, await ended);
    sameAs(usual, outcome);
    askedAgain([...server.newRequests(), ...again.newRequests()], outcome.report);
    await leave(engine);
  });

  it('another model under the same name pauses the run before it is asked anything, and the first one back takes it on', async () => {
    const server = await slowServer();
    const engine = await trials.engine();
    const paused = nextEnd(engine);
    await engine.call('startRun', { server: server.url, tasks: faultTasks });
    await asked(server, 60);
    await server.stop();
    const other = await slowServer('--port', portOf(server), '--seed', '8');
    const report = await paused;
    assert.deepEqual([report.state, report.problem?.code], ['paused', 'model-mismatch']);
    assert.match(report.problem?.message ?? '', /serves another model: .*seed-7, and now it serves .*seed-8\. Serve the first one there again and resume the run/);
    assert.deepEqual(other.newRequests(), []);
    await other.stop();
    const back = await slowServer('--port', portOf(server));
    const ended = nextEnd(engine);
    await engine.call('resumeRun', {});
    sameAs(usual, await trials.outcome(engine, await ended));
    await back.stop();
    await leave(engine);
  });

  it('a model that is swapped without an outage is noticed as soon as the server is asked what it serves', async () => {
    // each broken connection is a reason to ask; without any it is asked every 30 s, see test/unit/engine/outage.test.ts
    const server = await slowServer('--swap-model-after', '60', '--faults', 'reset=.1');
    const engine = await trials.engine();
    const paused = nextEnd(engine);
    await engine.call('startRun', { server: server.url, tasks: faultTasks });
    const report = await paused;
    assert.deepEqual([report.state, report.problem?.code], ['paused', 'model-mismatch']);
    await leave(engine);
  });

  it('a key that is revoked pauses the run until another one comes', async () => {
    Object.assign(process.env, { FIRST_KEY: keys.first, NEXT_KEY: keys.next }); // for the demo server alone: they are named on its command line
    const server = await shop.demoServer('--api-key-env', 'FIRST_KEY', '--revoke-key-after', '60', '--next-api-key-env', 'NEXT_KEY');
    delete process.env['FIRST_KEY'];
    delete process.env['NEXT_KEY'];
    const engine = await trials.engine();
    const paused = nextEnd(engine);
    await engine.call('startRun', { server: server.url, tasks: faultTasks, apiKey: keys.first });
    const report = await paused;
    assert.deepEqual([report.state, report.problem?.code], ['paused', 'server-wrong-key']);
    const state = async () => (await listEngines(runtimeFolder(process.env), { app: 'test' }, ({ pid }) => pid === engine.pid)).map(each => each.state);
    assert.deepEqual(await state(), ['waiting-for-key']);
    await assert.rejects(engine.call('resumeRun', { apiKey: keys.first }), /refuses the key/);
    assert.deepEqual(await state(), ['waiting-for-key']);
    const ended = nextEnd(engine);
    await engine.call('resumeRun', { apiKey: keys.next });
    const outcome = await trials.outcome(engine, await ended);
    sameAs(usual, outcome);
    assert.deepEqual(outcome.report.failed, {});
    assert.deepEqual(await state(), ['idle']);
    await leave(engine);
  });

  it('one server of two that hardly lets anything pass leaves the work to the other', async () => {
    const [strict, free] = [await slowServer('--rate-limit', '4/1'), await slowServer()];
    const outcome = await trials.run({ server: strict.url, replicas: [free.url] });
    sameAs(usual, outcome);
    const [few, many] = [strict.newRequests(), free.newRequests()];
    askedAgain([...few, ...many], outcome.report);
    assert.ok(few.length > 0 && few.length < many.length / 2, `${few.length} and ${many.length} requests`);
  });

  it('one server of two that dies leaves the work to the other', async () => {
    const [dying, living] = [await slowServer(), await slowServer()];
    const engine = await trials.engine();
    const ended = nextEnd(engine);
    await engine.call('startRun', { server: dying.url, replicas: [living.url], tasks: faultTasks });
    await asked(dying, 20);
    await dying.stop();
    const outcome = await trials.outcome(engine, await ended);
    sameAs(usual, outcome);
    askedAgain([...dying.newRequests(), ...living.newRequests()], outcome.report);
    await leave(engine);
  });

  async function runWithLatePage() {
    const server = await slowServer('--metrics-delay-ms', '7000');
    const engine = await trials.engine();
    const ended = nextEnd(engine);
    let notices = 0;
    void progressOf(engine, ({ notice }) => notice !== undefined).then(() => { notices += 1; }, () => undefined);
    await engine.call('startRun', { server: server.url, tasks: faultTasks });
    const outcome = await trials.outcome(engine, await ended);
    await leave(engine);
    return { outcome, notices, requests: server.newRequests() };
  }

  it('a metrics page that takes seven seconds is no outage', async () => {
    const { outcome, notices, requests } = await latePage;
    sameAs(usual, outcome);
    assert.deepEqual([notices, outcome.report.failed], [0, {}]);
    askedAgain(requests, outcome.report);
  });

  it('a server that is full of bulk requests still gets what a person waits for, before any more of them', async () => {
    // without a metrics page, which would tell of empty slots while the proxy holds everything
    const proxy = await startProxy((await shop.demoServer('--no-metrics')).url);
    proxies.push(proxy);
    proxy.rule = ({ path }) => (path.endsWith('/chat/completions') ? 'hold' : undefined);
    const engine = await trials.engine();
    const arrived = (least: number) => until(() => proxy.completions.length >= least);
    const { rows } = await engine.call('taskPage', { filter: { split: 'train' }, limit: 100 });
    const mine = 'samples/root-sum';
    const others = rows.map(({ id }) => id).filter(id => id !== mine);
    const bulk = await engine.call('startRun', { server: proxy.url, tasks: others, concurrency: 512 });
    await arrived(512);
    const ended = nextEnd(engine);
    const own = await engine.call('startRun', { server: proxy.url, tasks: [mine], lane: 'interactive' });
    await arrived(513);
    const { task: { question } } = await engine.call('showTask', { task: mine });
    assert.ok(proxy.completions[512]?.body.includes(JSON.stringify(question).slice(1, -1)), 'the first that is sent more is of the person\'s task');
    proxy.rule = () => undefined;
    proxy.release();
    const report = await ended;
    assert.deepEqual([report.runId, report.state, report.tasks.solved], [own.runId, 'completed', 1]);
    const cancelled = nextEnd(engine);
    await engine.call('cancelRun', {});
    assert.deepEqual([(await cancelled).runId, (await cancelled).state], [bulk.runId, 'cancelled']);
    await leave(engine);
  });

  it('a limit on requests that the server tells of is kept to, and nothing is given up', async () => {
    const server = await shop.demoServer('--rate-limit', '60/1');
    const outcome = await trials.run({ server: server.url });
    sameAs(usual, outcome);
    nothingLost(outcome);
    const refused = outcome.report.failed['server-rate-limited'] ?? 0;
    assert.ok(refused < outcome.report.calls / 4, `${refused} of ${outcome.report.calls} requests were refused`);
    askedAgain(server.newRequests(), outcome.report);
  });
});
