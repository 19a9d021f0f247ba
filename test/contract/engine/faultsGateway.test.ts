import assert from 'node:assert/strict';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { leave, nextEnd, runToEnd } from '../../support/engine.ts';
import { FaultTrials, faultTasks, nothingLost, progressOf, sameAs, type Outcome } from '../../support/faultTrial.ts';
import { startProxy, type Instead, type PassingRequest, type Proxy } from '../../support/proxy.ts';

const isCompletion = ({ path }: PassingRequest): boolean => path.endsWith('/chat/completions');
const isList = ({ path }: PassingRequest): boolean => path.endsWith('/models');

/** What stands before a server, and answers in its place while it is away. */
describe('a gateway', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  const trials = new FaultTrials(shop);
  const proxies: Proxy[] = [];
  let server: LoggedServer;
  let usual: Outcome;

  before(async () => {
    server = await shop.demoServer('--step-ms', '1,0,0');
    usual = await trials.run({ server: server.url });
  });
  after(async () => {
    await Promise.all(proxies.map(proxy => proxy.stop()));
    await shop.close();
  });

  async function gateway(): Promise<Proxy> {
    const proxy = await startProxy(server.url);
    proxies.push(proxy);
    return proxy;
  }

  const away: readonly { readonly what: string; readonly page: Instead }[] = [
    { what: 'says that it knows no such path (404)', page: { status: 404, body: '<html><h1>Tunnel not found</h1></html>' } },
    { what: 'sends to a login page (302)', page: { status: 302, headers: { location: 'https://login.example/' }, body: '' } },
  ];
  for (const { what, page } of away) {
    it(`that ${what} while the server is away is waited for, and no data come of it`, async () => {
      const proxy = await gateway();
      const engine = await trials.engine();
      const ended = nextEnd(engine);
      proxy.rule = () => (proxy.completions.length > 60 ? page : undefined);
      await engine.call('startRun', { server: proxy.url, tasks: faultTasks });
      await progressOf(engine, ({ notice }) => notice?.startsWith(`waiting for ${proxy.url}`) === true);
      proxy.rule = () => undefined;
      sameAs(usual, await trials.outcome(engine, await ended));
      await leave(engine);
    });
  }

  it('that cannot say which models there are is not taken for another model', async () => {
    const proxy = await gateway();
    const engine = await trials.engine();
    const ended = nextEnd(engine);
    let lists = 0;
    // some requests find no such model, for which the server is asked what it serves, and twice cannot say
    proxy.rule = request => {
      if (isList(request) && proxy.completions.length > 0) return (lists += 1) <= 2 ? { status: 500, body: '{"error":"no list"}' } : undefined;
      return isCompletion(request) && request.index % 30 === 0 ? { status: 404, body: '{"error":{"message":"The model `regenesis-demo` does not exist."}}' } : undefined;
    };
    await engine.call('startRun', { server: proxy.url, model: 'regenesis-demo', tasks: faultTasks });
    sameAs(usual, await trials.outcome(engine, await ended));
    assert.ok(lists > 1, 'it was asked');
    await leave(engine);
  });

  it('that cannot say which models there are when a run begins again makes nothing be asked anew', async () => {
    const proxy = await gateway();
    const engine = await trials.engine();
    await runToEnd(engine, { server: proxy.url, tasks: faultTasks });
    const asked = proxy.completions.length;
    proxy.rule = request => (isList(request) ? { status: 500, body: '{"error":"no list"}' } : undefined);
    await assert.rejects(engine.call('resumeRun', {}), /list/);
    assert.equal(proxy.completions.length, asked);
    proxy.rule = () => undefined;
    const ended = nextEnd(engine);
    await engine.call('resumeRun', {});
    const outcome = await trials.outcome(engine, await ended);
    nothingLost(outcome);
    assert.deepEqual([outcome.report.calls, proxy.completions.length], [0, asked]);
    await leave(engine);
  });
});
