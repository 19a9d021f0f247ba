import assert from 'node:assert/strict';
import type { EvaluatedRow, EvaluationRow } from '../../../../src/contract/evaluation.ts';
import type { JobDataset } from '../../../../src/core/model/trainingJob.ts';
import { CompareDesk } from '../../../../src/engine/compare/compareDesk.ts';
import { ExportDesk } from '../../../../src/engine/export/exportDesk.ts';
import { problemError } from '../../../../src/core/model/problem.ts';
import { aJobDraft } from '../../../support/builders.ts';
import { exportProject } from '../../../support/exportProject.ts';

/** A project with both desks. */
function desks(tasks: number, evaluations: readonly EvaluationRow[] = []) {
  const project = exportProject(Array.from({ length: tasks }, (_, index) => ({ id: `set/${index}`, fates: 'rrrwww' })));
  const { store, dependencies, context } = project;
  const said: string[] = [];
  const exports = new ExportDesk({
    dependencies: { ...dependencies, emit: (_name, body) => { if ('text' in body) said.push(body.text); } }, store: () => store, contextOf: () => Promise.resolve(context), settled: () => Promise.resolve(), contamination: () => Promise.resolve(undefined),
  });
  const compare = new CompareDesk({ ...dependencies, store: () => store, evaluations: () => Promise.resolve(evaluations) }).handlers.compareDatasets;
  const write = (name: string, rule = {}) => exports.handlers.exportDataset({ format: 'chat', out: `/out/${name}.jsonl`, rule });
  return { ...project, exports, said, compare, write };
}

describe('the desk that compares training sets', () => {
  it('offers those that the project has written, the newest first and each place once, with figures in the numbers that people compare', async () => {
    const { compare, write } = desks(12);
    assert.deepEqual(await compare({}), { size: null, rows: [] });
    await write('all');
    await write('one', { pathsPerTask: 1 });
    await write('all');
    const { size, rows } = await compare({});
    assert.equal(size, 10);
    assert.deepEqual(rows.map(({ path, jobs, evaluations }) => [path, jobs, evaluations]), [['/out/all.jsonl', [], []], ['/out/one.jsonl', [], []]]);
    const [all, one] = rows.map(({ set }) => set);
    assert.deepEqual([all?.records, one?.records, one?.tasks], [24, 12, 12]);
    assert.deepEqual([all?.recipes, all?.models, all?.simulated, all?.hintedShare], [['test'], ['m'], true, 0]);
    assert.deepEqual([all?.distinct, all?.skeletons], [all?.figures?.diversity[0]?.distinct, all?.figures?.diversity[0]?.skeletons]);
    assert.ok(all?.figures);
    const { requests, kept } = all.figures.cost;
    assert.equal(all.requestsPerPath, Math.round((requests / kept) * 10) / 10);
    assert.equal(one?.requestsPerPath, all.requestsPerPath, 'what is left out of a set has cost as much');
    assert.equal('tokensPerPath' in all, false, 'nobody said how many');
    assert.equal(typeof rows[0]?.exportedAtMs, 'number');
  });

  it('knows which jobs have learnt from a set, also from one that was written for a job', async () => {
    const { compare, write, store, exports, files } = desks(2);
    const { sha256 } = await write('mine');
    const draft = aJobDraft();
    const job = (key: string, changed: Partial<JobDataset>) => store.jobs.add({ ...draft, spec: { ...draft.spec, key }, dataset: { ...draft.dataset, ...changed } });
    job('one', { sha256, path: '/elsewhere/copy.jsonl' });
    const report = await exports.export({ format: 'chat', out: '/jobs/7/train.jsonl', rule: { pathsPerTask: 1 } }, new AbortController().signal);
    job('two', { sha256: report.sha256, path: report.path });
    job('three', { sha256: report.sha256, path: report.path });
    const { rows } = await compare({});
    assert.deepEqual(rows.map(({ path, jobs }) => [path, jobs.map(({ id }) => id)]), [['/out/mine.jsonl', [1]], ['/jobs/7/train.jsonl', [3, 2]]]);
    assert.equal(rows[0]?.jobs[0]?.base, draft.spec.model);
    assert.equal(files.kept.has('/jobs/7/train.jsonl.manifest.json'), true);
  });

  it('says what the models that learnt from a set were found to be worth', async () => {
    const name = 'base-ft1-0123abcd';
    const models = [name, 'base'].map(model => ({ label: model, model, baseUrl: 'http://one/v1', identity: model, simulated: false }));
    const row: EvaluatedRow = { name: 'All in-domain', domain: 'in', n: 40, models: models.map(({ model }, index) => ({ model, correct: 30 - 10 * index, unreadable: 0, accuracy: .75 - .25 * index, low: .6, high: .8 })), differences: [], withoutGold: 0, unanswered: 0 };
    const evaluation: EvaluationRow = { id: 4, createdAtMs: 1, state: 'completed', pass: 1, models, base: 'base', sets: ['set'], tasks: 40, simulated: false, inDomain: row };
    const { compare, write, store } = desks(2, [evaluation]);
    const { sha256 } = await write('mine');
    const draft = aJobDraft();
    const { id } = store.jobs.add({ ...draft, spec: { ...draft.spec, model: 'org/base', hyperparameters: { adapter: 'lora' } }, dataset: { ...draft.dataset, sha256 } });
    assert.deepEqual((await compare({})).rows[0]?.evaluations, [], 'not before it has succeeded');
    store.jobs.note(id, { event: { atMs: 2, state: 'succeeded' }, facts: { weightsSha256: '0123abcd'.repeat(8) } });
    assert.deepEqual((await compare({})).rows[0]?.evaluations, [{ id: 4, model: name, inDomain: { accuracy: .75, low: .6, high: .8, n: 40 } }]);
  });

  it('holds sets of other projects against them, and says what is wrong with what it cannot read', async () => {
    const { write, files, dependencies } = desks(3);
    await write('mine');
    const other = JSON.parse(files.text('/out/mine.jsonl.manifest.json') ?? '') as Record<string, unknown>;
    const { figures: _none, ...old } = other;
    const texts: Readonly<Record<string, string>> = { '/b/old.jsonl.manifest.json': JSON.stringify(old), '/b/no.json': '{"records":"many"}', '/b/odd.json': JSON.stringify({ ...other, figures: { trainable: -1 } }), '/b/over.json': JSON.stringify({ ...other, hinted: 30 }) };
    const desk = new CompareDesk({ ...dependencies, files: { text: path => texts[path] ?? files.text(path) }, store: () => desks(0).store, evaluations: () => Promise.resolve([]) });
    const { size, rows } = await desk.handlers.compareDatasets({ manifests: ['/b/old.jsonl.manifest.json', '/b/no.json', '/b/gone.json', '/b/odd.json', '/b/over.json', '/out/mine.jsonl.manifest.json'] });
    assert.equal(size, null, 'six records are too few');
    assert.deepEqual(rows.map(({ path, set, wrong }) => [path, set?.records, wrong]), [
      ['/b/old.jsonl', 6, undefined], ['/b/no.json', undefined, '/b/no.json is no manifest of an export.'], ['/b/gone.json', undefined, '/b/gone.json is not there any more, or cannot be read. Export the training set again.'],
      ['/b/odd.json', undefined, '/b/odd.json is no manifest of an export.'], ['/b/over.json', undefined, '/b/over.json is no manifest of an export.'], ['/out/mine.jsonl', 6, undefined],
    ]);
    assert.deepEqual([rows[0]?.set?.figures, rows[0]?.set?.requestsPerPath], [undefined, undefined]);
  });

  it('puts added sets beside those of the project, each once, however many the project knows', async () => {
    const { compare, write, store, exports } = desks(1);
    await write('mine');
    await exports.export({ format: 'chat', out: '/b/added.jsonl' }, new AbortController().signal);
    const draft = aJobDraft();
    for (let at = 0; at < 250; at += 1) store.jobs.add({ ...draft, spec: { ...draft.spec, key: String(at) }, dataset: { ...draft.dataset, sha256: String(at), path: `/jobs/${at}.jsonl` } });
    const { rows } = await compare({ more: ['/b/added.jsonl.manifest.json', '/out/mine.jsonl.manifest.json'] });
    assert.deepEqual([rows.length, rows[0]?.path, rows.at(-1)?.path, rows.at(-1)?.set?.records], [252, '/out/mine.jsonl', '/b/added.jsonl', 2]);
  });

  it('forgets the oldest of more than fifty', async () => {
    const { compare, write } = desks(1);
    for (let at = 0; at <= 50; at += 1) await write(String(at));
    const { rows } = await compare({});
    assert.deepEqual([rows.length, rows[0]?.path, rows.at(-1)?.path], [50, '/out/50.jsonl', '/out/1.jsonl']);
  });

  it('has an export done that the project cannot be told of, and says so', async () => {
    const { compare, write, store, said, files } = desks(1);
    store.setSetting = () => { throw problemError('disk-full', 'The disk is full.'); };
    assert.equal((await write('all')).records, 2);
    assert.deepEqual([said, files.kept.has('/out/all.jsonl'), (await compare({})).rows], [['The disk is full.'], true, []]);
  });
});
