import assert from 'node:assert/strict';
import { runShape } from '../../support/commandShapes.ts';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { engineOf, leave } from '../../support/engine.ts';
import { shippedPrompts } from '../../support/promptFiles.ts';
import { countByStage, drawsOf } from '../../support/requestLog.ts';

const shipped = (file: string): string => shippedPrompts().get(file) ?? assert.fail(file);

describe('what saving a prompt is said to cost', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  let server: LoggedServer;

  before(async () => {
    server = await shop.demoServer();
  });
  after(() => shop.close());

  /** What the engine says before anything is saved. */
  async function staleness(project: string, overlay: Record<string, string>) {
    const engine = await engineOf(shop.file(`${project}.regenesis`));
    try {
      const [report, ...others] = (await engine.call('promptStaleness', { overlay })).recipes;
      assert.ok(report && others.length === 0);
      return report;
    } finally {
      await leave(engine);
    }
  }

  it('is to the request what a run then asks of the server, with every branch', async () => {
    shop.write('all/note.txt', '');
    await shop.succeed('init', 'all/lab', '--sample');
    const choices = ['all/lab', '--server', server.url, '--recipe', 'without-hints', '--mode', 'all', '--limit', '4'];
    await shop.json(runShape, ['run', ...choices]);
    server.newRequests();
    for (const [file, edit] of [['regenesis/path.rgprompt', 'Use short sentences.'], ['regenesis/adapt.rgprompt', 'Mind the units.'], ['regenesis/structure.rgprompt', '{# a comment alone #}']] as const) {
      const text = `${shipped(file)}${edit}\n`;
      const report = await staleness('all/lab', { [file]: text });
      shop.write(`all/.regenesis/prompts/${file}`, text);
      const { calls } = await shop.json(runShape, ['run', ...choices]);
      const requests = server.newRequests();
      assert.ok(report.exact);
      assert.deepEqual([report.calls, report.calls], [requests.length, calls], file);
      const asked = countByStage(requests);
      assert.deepEqual(Object.fromEntries(report.stale.map(({ stage, answers }) => [stage, answers])), asked, file);
      assert.equal(new Set(drawsOf(requests)).size, requests.length);
      assert.equal(report.same, requests.length === 0);
    }
  });

  it('names what is in use of the demo, where a run stops when there is enough', async () => {
    shop.write('demo/note.txt', '');
    await shop.succeed('init', 'demo/lab', '--sample');
    const choices = ['demo/lab', '--server', server.url, '--limit', '12'];
    await shop.json(runShape, ['run', ...choices]);
    const again = await shop.json(runShape, ['run', ...choices]);
    const inUse = again.cached;
    server.newRequests();
    const file = 'regenesis/structure.rgprompt';
    const text = `${shipped(file)}Mind the units.\n`;
    const report = await staleness('demo/lab', { [file]: text });
    shop.write(`demo/.regenesis/prompts/${file}`, text);
    const run = await shop.json(runShape, ['run', ...choices]);
    const requests = server.newRequests();
    const stale = report.stale.reduce((sum, { answers }) => sum + answers, 0);
    assert.deepEqual([report.exact, report.stale.map(({ stage }) => stage)], [false, ['structure', 'path']]);
    assert.ok(stale > 0 && stale < inUse, `${stale} of ${inUse}`);
    const off = requests.length / report.calls;
    assert.ok(off > 0.7 && off < 1.4, `${report.calls} were likely, ${requests.length} were asked`);
    assert.equal(run.calls, requests.length);
  });
});
