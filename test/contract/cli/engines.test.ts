import assert from 'node:assert/strict';
import { enginesShape, eventShape, runShape, statusShape } from '../../support/commandShapes.ts';
import { readLines, readObject, Workshop, type LoggedServer } from '../../support/commandLine.ts';

describe('engines and events', function () {
  this.timeout(60_000);
  const shop = new Workshop({ processes: true });
  let server: LoggedServer;

  let shared: string | undefined;

  before(async () => {
    shared = process.env['REGENESIS_RUNTIME_DIR']; // not before: the tests' own folder is named in a hook
    // where other tests leave dead engines behind, the list is never empty
    process.env['REGENESIS_RUNTIME_DIR'] = shop.file('engines');
    server = await shop.demoServer('--step-ms', '6,0,0');
  });
  after(async () => {
    assert.ok(shared !== undefined);
    process.env['REGENESIS_RUNTIME_DIR'] = shared;
    await shop.close();
  });

  const engines = async (...words: string[]) => shop.json(enginesShape, ['engines', ...words]);

  it('ends an engine in mid-run; the same command goes on from there, and the journal tells it all in order', async () => {
    await shop.succeed('init', 'stopped', '--sample');
    // a run that outlasts some commands, on a busy machine too
    const slow = await shop.demoServer('--step-ms', '20,0,0');
    const words = ['run', 'stopped', '--server', slow.url, '--limit', '3', '--json'];
    const started = shop.start(words);
    await started.says(/run 1/);
    const follower = shop.start(['events', 'stopped', '--follow']);
    let [engine] = (await engines('stopped')).engines;
    while (engine?.run !== '1') [engine] = (await engines('stopped')).engines;
    let text = '';
    while (!/limited by|completed/.test(text)) text = await shop.succeed('status', 'stopped');
    assert.match(text, /limited by \w+/);
    const status = JSON.parse(await shop.succeed('status', 'stopped', '--json')) as { run: { progress?: { bound?: { by: string; advice: string }; servers?: { inFlight: number }[] } } };
    assert.ok(typeof status.run.progress?.bound?.advice === 'string' && (status.run.progress.servers?.length ?? 0) === 1, 'what limits the rate, and where');
    const { stopped } = await engines('stopped', '--stop');
    assert.deepEqual(stopped, [engine.pid]);
    const { code, out } = await started.ended;
    assert.deepEqual([code, readObject(runShape, out).state], [3, 'paused']);
    assert.deepEqual((await engines('stopped')).engines, []);
    assert.equal((await follower.ended).code, 0, 'whoever followed the journal ends with the engine');
    assert.equal((await shop.json(statusShape, ['status', 'stopped'])).run?.state, 'paused');

    const again = await shop.json(runShape, words.slice(0, -1));
    assert.deepEqual([again.state, again.tasks['solved']], ['completed', 3]);
    const events = readLines(eventShape, await shop.succeed('events', 'stopped'));
    const sequences = events.map(({ sequence }) => sequence);
    assert.deepEqual(sequences, [...new Set(sequences)].sort((a, b) => a - b));
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ['tasks-imported', 'run-started', 'call-sent', 'call-answered', 'task-settled', 'run-ended']) assert.ok(kinds.has(kind), `${kind} in ${[...kinds].join(' ')}`);
    assert.deepEqual(events.filter(({ kind }) => kind === 'run-ended').map(({ state }) => state), ['paused', 'completed']);
    const rest = readLines(eventShape, await shop.succeed('events', 'stopped', '--after', String(sequences.at(-3))));
    assert.deepEqual(rest.filter(({ sequence }) => sequence <= (sequences.at(-1) ?? 0)), events.slice(-2));
  });

  it('tells whoever followed the run what became of it', async () => {
    await shop.succeed('init', 'told', '--sample');
    const started = shop.start(['run', 'told', '--server', server.url, '--limit', '20']);
    await started.says(/run 1/);
    await shop.succeed('engines', 'told', '--stop');
    const { code, out } = await started.ended;
    assert.equal(code, 3);
    assert.match(out, /^run 1 paused after .*\nengine-stopped: The engine was ended while the run went on\. What had arrived is stored; resume the run, or run again, to go on\.$/m);
  });

  it('lets two that start the same run at the same moment follow it both', async () => {
    await shop.succeed('init', 'both', '--sample');
    const words = ['run', 'both', '--server', server.url, '--limit', '3', '--json'];
    const ended = await Promise.all([shop.start(words).ended, shop.start(words).ended]);
    assert.deepEqual(ended.map(({ code }) => code), [0, 0], ended.map(({ said }) => said).join(''));
    assert.deepEqual(ended.map(({ out }) => readObject(runShape, out).runId), [1, 1]);
  });

  it('follows the journal while a run writes it', async () => {
    await shop.succeed('init', 'followed', '--sample');
    const follower = shop.start(['events', 'followed', '--follow']);
    assert.equal((await shop.json(runShape, ['run', 'followed', '--server', server.url, '--limit', '1'])).state, 'completed');
    let lines = '';
    follower.child.stdout?.on('data', (text: string) => { lines += text; });
    await new Promise(resolve => { setTimeout(resolve, 500); });
    follower.child.kill('SIGINT');
    const { code, out } = await follower.ended;
    assert.equal(code, 0);
    assert.ok(readLines(eventShape, out).some(({ kind }) => kind === 'run-ended'), lines);
  });

  it('lists nothing where nothing runs, and says so', async () => {
    assert.equal(await shop.succeed('engines'), 'No engine is running.\n');
    assert.deepEqual(await engines('--stop'), { engines: [], stopped: [] });
  });

  it('keeps an engine for as long as REGENESIS_IDLE_MS says', async () => {
    const environment = { REGENESIS_IDLE_MS: '1500' };
    assert.equal((await shop.run(['init', 'idle'], { environment })).code, 0);
    assert.deepEqual((await engines('idle')).engines.map(({ state, clients }) => [state, clients]), [['idle', 0]]);
    while ((await engines('idle')).engines.length > 0) await new Promise(resolve => { setTimeout(resolve, 100); });
    const wrong = await shop.run(['status', 'idle'], { environment: { REGENESIS_IDLE_MS: 'soon' } });
    assert.deepEqual([wrong.code, /takes whole milliseconds/.test(wrong.said)], [2, true]);
  });
});
