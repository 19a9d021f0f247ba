import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { enginesShape, errorShape, runShape, statusShape } from '../../support/commandShapes.ts';
import { readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { drawsOf } from '../../support/requestLog.ts';

describe('Ctrl-C', function () {
  this.timeout(60_000);
  const shop = new Workshop({ processes: true });
  let server: LoggedServer;
  let silent: Server;

  before(async () => {
    server = await shop.demoServer('--step-ms', '10,0,0');
    silent = createServer(() => undefined); // takes every request and answers none
    await new Promise<void>(resolve => { silent.listen(0, '127.0.0.1', resolve); });
  });
  after(async () => {
    silent.closeAllConnections();
    silent.close();
    await shop.close();
  });

  const choices = (project: string) => ['run', project, '--server', server.url, '--limit', '4', '--json'];

  /** Waits until the server has seen so many completions. */
  async function underWay(least: number): Promise<void> {
    while (server.log().split('"/v1/chat/completions"').length <= least) await new Promise(resolve => { setTimeout(resolve, 20); });
  }

  it('once: stops cleanly, keeps what has arrived, ends with 130, and the next run goes on', async () => {
    await shop.succeed('init', 'once', '--sample');
    const started = shop.start(choices('once'));
    await underWay(40);
    started.child.kill('SIGINT');
    const { code, out, said } = await started.ended;
    assert.deepEqual([code, /bug|Error/.test(said)], [130, false], said);
    const report = readObject(runShape, out);
    assert.deepEqual([report.state, report.failed['cancelled'] ?? 0], ['cancelled', report.calls - (await stored('once'))]);
    const before = server.newRequests();
    assert.ok(before.length <= report.calls, 'some were dropped before they reached the server');
    const status = await shop.json(statusShape, ['status', 'once']);
    assert.equal(status.run?.state, 'cancelled');

    const quick = await shop.demoServer();
    const rest = await shop.json(runShape, ['run', 'once', '--server', quick.url, '--limit', '4']);
    assert.deepEqual([rest.state, rest.tasks['solved']], ['completed', 4]);
    assert.ok(rest.cached > 0);
    const again = quick.newRequests();
    const answered = (await stored('once')) - again.length;
    const repeated = drawsOf(again).filter(draw => drawsOf(before).includes(draw));
    assert.equal(repeated.length, before.length - answered, 'only what had not been answered is asked again');
  });

  /** Answers that a project holds. */
  async function stored(project: string): Promise<number> {
    const { stages } = await shop.json(statusShape, ['status', project]);
    return stages.reduce((sum, { done }) => sum + done, 0);
  }

  it('twice: ends at once with 130, and nothing that was stored is lost', async () => {
    await shop.succeed('init', 'twice', '--sample');
    server.newRequests();
    const earlier = server.log().split('"/v1/chat/completions"').length;
    const started = shop.start(choices('twice'));
    await underWay(earlier + 40);
    started.child.kill('SIGINT');
    started.child.kill('SIGINT');
    await new Promise(resolve => { setTimeout(resolve, 5); });
    started.child.kill('SIGINT');
    const { code, said } = await started.ended;
    assert.equal(code, 130, said);
    const status = await shop.json(statusShape, ['status', 'twice']);
    assert.ok(['cancelled', 'interrupted'].includes(status.run?.state ?? ''), 'and the file opens again');
  });

  it('before the server has said who it is: ends at once, with no run begun', async () => {
    await shop.succeed('init', 'early', '--sample');
    const { port } = silent.address() as AddressInfo;
    const arrived = new Promise<void>(resolve => silent.once('request', () => { resolve(); }));
    const started = shop.start(['run', 'early', '--server', `http://127.0.0.1:${port}/v1`, '--json']);
    await arrived;
    started.child.kill('SIGINT');
    const { code, out } = await started.ended;
    assert.equal(code, 130);
    assert.equal(readObject(errorShape, out).error.code, 'cancelled');
    assert.equal((await shop.json(statusShape, ['status', 'early'])).run, null);
  });

  it('is not what the end of a terminal is: the run goes on, is joined by the same command, and leaves no engine behind', async () => {
    await shop.succeed('init', 'gone', '--sample');
    const earlier = server.log().split('"/v1/chat/completions"').length;
    const started = shop.start(choices('gone'));
    await underWay(earlier + 10);
    started.child.kill('SIGHUP');
    assert.equal((await started.ended).signal, 'SIGHUP');
    const listed = await shop.json(enginesShape, ['engines', 'gone']);
    assert.deepEqual(listed.engines.map(({ state, run, clients }) => [state, run, clients]), [['running', '1', 0]]);

    const other = await shop.run(['run', 'gone', '--server', server.url, '--limit', '5']);
    assert.equal(other.code, 1);
    assert.match(other.said, /Run 1 of regenesis is going on in this project, with another limit than asked for/);

    const joined = shop.start(choices('gone'));
    await joined.says(/run 1: regenesis on 4 tasks .*which goes on already/);
    const { code, out } = await joined.ended;
    assert.deepEqual([code, readObject(runShape, out).state], [0, 'completed']);
    assert.deepEqual((await shop.json(enginesShape, ['engines', 'gone'])).engines, []);
  });
});
