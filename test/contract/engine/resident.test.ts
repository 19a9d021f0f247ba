import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { processEnd, signalled } from '../../../src/client/engineClient.ts';
import { listEngines, stopEngines } from '../../../src/client/engines.ts';
import { enginePlace, runtimeFolder } from '../../../src/client/runtimeFolder.ts';
import { protocolVersion } from '../../../src/contract/engine.ts';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { crash, engineOf, leave, nextEnd, spawnEngine } from '../../support/engine.ts';
import { drawsOf } from '../../support/requestLog.ts';

/** Everything about an engine as a process: how it is found, joined, left and ended, and what of a run survives. */
describe('an engine that outlives its clients', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;
  let projects = 0;

  before(async () => {
    server = await shop.demoServer('--step-ms', '6,0,0');
  });
  after(() => shop.close());

  const newProject = (): string => shop.file(`p${(projects += 1)}.regenesis`);
  const choices = () => ({ server: server.url, limit: 6 });
  const listed = (pid: number) => listEngines(runtimeFolder(process.env), { app: 'test' }, entry => entry.pid === pid);

  async function asked(least: number): Promise<void> {
    const from = server.log().split('"/v1/chat/completions"').length;
    while (server.log().split('"/v1/chat/completions"').length < from + least) await new Promise(resolve => { setTimeout(resolve, 10); });
  }

  it('is one for each project, whoever comes and however the path is written', async () => {
    const project = newProject();
    const madeOrJoined = () => engineOf(project, 'create').catch(() => engineOf(project)); // either may be the quicker one
    const [first, second] = await Promise.all([madeOrJoined(), madeOrJoined()]);
    symlinkSync(shop.folder, shop.file('link'));
    const third = await engineOf(path.join(shop.folder, 'link', path.basename(project)));
    assert.deepEqual(new Set([first.pid, second.pid, third.pid]).size, 1);
    const [engine] = await listed(first.pid);
    assert.deepEqual([engine?.project, engine?.clients, engine?.state, engine?.run, engine?.schema], [project, 3, 'idle', null, (await first.call('engineState', {})).schema]);
    await first.close();
    await second.close();
    await leave(third);
    assert.equal(signalled(first.pid, 0), false, 'it ends with its last client where nobody wished for more');
    assert.deepEqual(await listed(first.pid), []);
  });

  it('stays for as long as it was told, and then is gone', async () => {
    const engine = await engineOf(newProject(), 'create', { idleMs: 400 });
    await engine.close();
    await new Promise(resolve => { setTimeout(resolve, 100); });
    assert.equal(signalled(engine.pid, 0), true);
    assert.equal(await processEnd(engine.pid, 3_000), true);
  });

  it('goes on with a run that nobody follows, is found at it again, and ends after it', async () => {
    const project = newProject();
    const first = await engineOf(project, 'create-sample');
    const { runId } = await first.call('startRun', choices());
    await first.close();
    await asked(20);
    const second = await engineOf(project);
    assert.equal(second.pid, first.pid);
    const { run } = await second.call('followRun', {});
    assert.deepEqual([run?.runId, run?.choices?.['limit']], [runId, 6]);
    const report = await nextEnd(second);
    assert.deepEqual([report.runId, report.state], [runId, 'completed']);
    assert.equal((await second.call('followRun', {})).last?.runId, runId);
    await leave(second);
  });

  it('tells all its clients of one run, and lets any of them cancel it', async () => {
    const project = newProject();
    const first = await engineOf(project, 'create-sample');
    const others = await Promise.all(Array.from({ length: 5 }, () => engineOf(project)));
    const ends = [first, ...others].map(nextEnd);
    const progress = others.map(client => new Promise<void>(resolve => { client.on('runProgress', () => { resolve(); }); }));
    await first.call('startRun', choices());
    await Promise.all(progress);
    await others[2]?.call('cancelRun', {});
    assert.deepEqual(new Set((await Promise.all(ends)).map(({ state }) => state)), new Set(['cancelled']));
    await Promise.all(others.map(client => client.close()));
    await leave(first);
  });

  it('is refused a file that another engine has, by name', async () => {
    const project = newProject();
    const engine = await engineOf(project, 'create');
    const elsewhere = { environment: { ...process.env, REGENESIS_RUNTIME_DIR: shop.file('elsewhere') } };
    await assert.rejects(engineOf(project, 'open', elsewhere), new RegExp(`is open in ReGenesis Workbench .*process ${engine.pid} on host`));
    await leave(engine);
  });

  it('goes on after a crash where it stopped, when the run is resumed, and asks nothing that was answered', async () => {
    const project = newProject();
    const first = await engineOf(project, 'create-sample');
    server.newRequests();
    await first.call('startRun', choices());
    await asked(30);
    await crash(first);
    const second = await engineOf(project);
    const status = await second.call('status', {});
    assert.equal(status.run?.state, 'interrupted');
    const stored = status.stages.reduce((sum, { done }) => sum + done, 0);
    const before = drawsOf(server.newRequests());
    const end = nextEnd(second);
    await second.call('resumeRun', {});
    const report = await end;
    assert.deepEqual([report.state, Object.values(report.tasks).reduce((sum, count) => sum + count, 0)], ['completed', 6]);
    const repeated = drawsOf(server.newRequests()).filter(draw => before.includes(draw));
    assert.equal(repeated.length, before.length - stored, 'only what had not been stored is asked again');
    await leave(second);
  });

  it('leaves a run to be resumed when it is told to end, and says why it stopped', async () => {
    const project = newProject();
    const first = await engineOf(project, 'create-sample');
    const ended = nextEnd(first);
    await first.call('startRun', choices());
    await asked(10);
    await first.shutdown();
    assert.deepEqual([(await ended).state, (await ended).problem?.code], ['paused', 'engine-stopped']);
    const second = await engineOf(project);
    const [run] = (await second.call('status', {})).runs;
    assert.deepEqual([run?.state, run?.problem?.code], ['paused', 'engine-stopped']);
    const end = nextEnd(second);
    await second.call('resumeRun', {});
    assert.equal((await end).state, 'completed');
    await leave(second);
  });

  it('makes room for another version where nothing runs, and is followed and cancelled where something does', async () => {
    for (const theirs of [protocolVersion - 1, protocolVersion + 1]) {
      const project = newProject();
      await leave(await engineOf(project, 'create-sample'));
      const old = await spawnEngine(project, theirs);
      await old.call('openProject', { path: project });
      await old.call('startRun', choices());

      const ours = await engineOf(project);
      assert.deepEqual([ours.pid, ours.isSameProtocol], [old.pid, false]);
      const ended = nextEnd(ours);
      const { run } = await ours.call('followRun', {});
      assert.equal(typeof run?.runId, 'number');
      await assert.rejects(ours.call('status', {}), /Restart Engine/);
      await asked(50);
      await ours.call('cancelRun', {});
      assert.equal((await ended).state, 'cancelled');
      await old.close();
      await ours.close();

      const fresh = await engineOf(project);
      assert.deepEqual([fresh.isSameProtocol, fresh.pid === old.pid], [true, false]);
      assert.ok((await fresh.call('status', {})).stages.some(({ done }) => done > 0), 'nothing is lost');
      await leave(fresh);
    }
  });

  it('lets go of a file that was deleted or replaced, and opens what is there now', async () => {
    const project = newProject();
    const first = await engineOf(project, 'create-sample', { idleMs: 60_000 });
    await first.close();
    rmSync(project);
    await assert.rejects(engineOf(project), /There is no project/);
    const second = await engineOf(project, 'create', { idleMs: 60_000 });
    assert.equal((await second.call('status', {})).tasks.total, 0);
    const copy = newProject();
    await leave(await engineOf(copy, 'create-sample'));
    renameSync(copy, project);
    await second.call('openProject', { path: project });
    assert.ok((await second.call('status', {})).tasks.total > 0);
    await second.shutdown();
  });

  it('leaves a file that can be copied as it lies there, once nobody is there', async () => {
    const project = newProject();
    const engine = await engineOf(project, 'create-sample', { idleMs: 60_000 });
    await engine.close();
    while (existsSync(`${project}-wal`) && readFileSync(`${project}-wal`).length > 0) await new Promise(resolve => { setTimeout(resolve, 10); });
    const copy = newProject();
    copyFileSync(project, copy);
    const other = await engineOf(copy);
    assert.ok((await other.call('status', {})).tasks.total > 80);
    await leave(other);
    await (await engineOf(project)).shutdown();
  });

  it('that is stuck holds nobody up who wants to end it', async () => {
    const engine = await engineOf(newProject(), 'create');
    signalled(engine.pid, 'SIGSTOP');
    await engine.shutdown(200);
    signalled(engine.pid, 'SIGKILL');
    assert.equal(await processEnd(engine.pid, 5_000), true);
  });

  it('is not confused by what a dead engine left behind', async () => {
    const project = newProject();
    const first = await engineOf(project, 'create');
    await crash(first);
    const place = enginePlace(runtimeFolder(process.env), project);
    assert.ok(existsSync(place.entryFile) && existsSync(place.socket));
    assert.deepEqual((await listed(first.pid)).map(({ state }) => state), ['dead']);
    const second = await engineOf(project);
    assert.notEqual(second.pid, first.pid);
    await crash(second);
    assert.deepEqual(await stopEngines(runtimeFolder(process.env), { app: 'test' }, entry => entry.pid === second.pid), []);
    assert.deepEqual([existsSync(place.entryFile), existsSync(place.socket)], [false, false]);
  });
});
