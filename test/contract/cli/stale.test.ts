import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { planShape, runShape, type Plan } from '../../support/commandShapes.ts';
import { Workshop, type LoggedServer } from '../../support/commandLine.ts';
import { countByStage, drawsOf } from '../../support/requestLog.ts';

const shipped = (file: string): string => readFileSync(path.resolve(import.meta.dirname, '../../../prompts', file), 'utf8');

describe('after a prompt was edited', function () {
  this.timeout(60_000);
  const shop = new Workshop();
  const tasks = 5;
  const choices = ['lab', '--recipe', 'without-hints', '--mode', 'all', '--limit', String(tasks)];
  let server: LoggedServer;

  before(async () => {
    server = await shop.demoServer();
    await shop.succeed('init', 'lab', '--sample');
    choices.push('--server', server.url);
    const first = await shop.json(planShape, ['plan', ...choices]);
    assert.deepEqual([first.exact, first.calls], [true, tasks * 75]);
    await shop.json(runShape, ['run', ...choices]);
    assert.ok(server.newRequests().length >= first.calls);
  });
  after(() => shop.close());

  /** Plans, runs, and compares: each stage asks as often as was planned. */
  async function planned(): Promise<Plan> {
    const plan = await shop.json(planShape, ['plan', ...choices]);
    const { calls } = await shop.json(runShape, ['run', ...choices]);
    const requests = server.newRequests();
    assert.deepEqual([calls, requests.length], [plan.calls, plan.calls]);
    const asked = countByStage(requests);
    for (const { stage, toDo, stale } of plan.stages) assert.deepEqual([toDo, stale], [asked[stage] ?? 0, asked[stage] ?? 0], stage);
    assert.equal(new Set(drawsOf(requests)).size, requests.length);
    return plan;
  }
  const stale = ({ stages }: Plan) => stages.map(row => (row.stale > 0 ? row.stage : '')).join(' ').trim();
  const overlay = (file: string, edit: (text: string) => string) => shop.write(`.regenesis/prompts/${file}`, edit(shipped(file)));

  it('exactly the paths are stale when it is the path prompt', async () => {
    overlay('regenesis/path.rgprompt', text => text.replace('### What to do', '### Your part'));
    const plan = await planned();
    assert.equal(stale(plan), 'path');
    assert.ok(plan.calls > tasks * 24 && plan.calls <= tasks * 25);
  });

  it('and all that follows when it is an earlier one, with the draws that it needed before', async () => {
    overlay('regenesis/structure.rgprompt', text => text.replace('Plan how to solve', 'Set out how to solve'));
    assert.equal(stale(await planned()), 'structure path');
    overlay('regenesis/adapt.rgprompt', text => text.replace('At the end stands', 'Last comes'));
    const plan = await planned();
    assert.equal(stale(plan), 'adapt structure path');
    assert.ok(plan.calls > tasks * 75, 'some are drawn twice');
  });

  it('a partial counts for every prompt that includes it, and the recipe\'s own folder comes first', async () => {
    overlay('partials/answer-form.rgprompt', text => text.replaceAll('into the box', 'inside the box'));
    assert.equal(stale(await planned()), 'path');
    shop.write('.regenesis/prompts/without-hints/structure.rgprompt', shipped('regenesis/structure.rgprompt').replace('Plan how to solve', 'Think up a way to solve'));
    assert.equal(stale(await planned()), 'structure path');
  });

  it('a comment, a title or what the recipe does not use make none stale', async () => {
    const plan = await shop.json(planShape, ['plan', ...choices]);
    const before = plan.stages.map(({ cached }) => cached);
    overlay('regenesis/path.rgprompt', text => text.replace('### What to do', '### Your part').replace('{# Sees', '{# It sees').replace('stage: path\n', '# the last stage\nstage: path\n'));
    overlay('regenesis/judge.rgprompt', text => `${text}\nBe strict.\n`);
    overlay('without-hints/without-hints.rgrecipe.yaml', text => text.replace('title: Without hints', 'title: No hints at all # as it says'));
    const after = await shop.json(planShape, ['plan', ...choices]);
    assert.deepEqual([after.calls, after.stages.map(({ cached }) => cached)], [0, before]);
    assert.equal((await shop.json(runShape, ['run', ...choices])).calls, 0);
    assert.deepEqual(server.newRequests(), []);
  });
});
