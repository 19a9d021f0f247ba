import assert from 'node:assert/strict';
import { sha256 } from '../../../src/adapters/hash.ts';
import type { Answer } from '../../../src/core/model/answer.ts';
import { problemOf } from '../../../src/core/model/problem.ts';
import type { RunContext } from '../../../src/core/plan/context.ts';
import { exportDataset } from '../../../src/engine/export/exportDataset.ts';
import type { Store } from '../../../src/ports/store.ts';
import { aContext, aRecipe, aRound, aTask } from '../../support/builders.ts';
import { drive, type Says } from '../../support/drive.ts';
import { PausingClock, SwiftClock } from '../../support/fakeModel.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { anOutcome } from '../../support/storeFacts.ts';

const says: Says = call => {
  const [first] = call.answers;
  const { branch = '', round = 1, taskId = '' } = first ?? {};
  if (call.stage === 'adapt') return `Adapted for ${branch}.`;
  if (call.stage === 'structure') return `1. Plan of ${branch}\n2. Multiply`;
  const right = round === 2 || taskId.endsWith('1');
  return `1. By ${branch}: $\\frac{36}{2} = 18$ {in braces}.\n2. So \\boxed{${right ? 18 : 17}}`;
};

/** A project in which task 1 is solved without, and task 2 only with the hint. */
function project(): { readonly store: Store; readonly context: RunContext } {
  const store = new MemoryStore();
  const tasks = [aTask(), aTask({ id: 'set/2', origin: { dataset: 'set', licence: 'MIT' } })];
  store.addTasks(tasks);
  const recipe = aRecipe({ rounds: { 1: aRound(), 2: aRound({ count: 3, hintStages: ['path'] }) } });
  store.recordRecipe({ id: recipe.id, name: 'test', files: {} });
  const draft = { recipeId: recipe.id, recipeName: 'test', mode: 'all' as const, filter: 'typed' as const, baseUrl: '', model: 'm', identity: 'model', simulated: true, tasks: 2, startedAtMs: 123456789 };
  const runId = store.startRun(draft);
  const context = aContext({ recipe, runId, mode: 'all' });
  for (const task of tasks) {
    const { plan, calls, answers } = drive({ ...context, task }, says);
    const byPrint = new Map<string, Answer>(answers.map(answer => [answer.fingerprint, answer]));
    const ids = store.commit({ sent: calls.map(call => ({ runId, call, retry: 0, sentAtMs: 123456789 })) });
    store.commit({ settled: calls.flatMap((call, index) => {
      const attemptId = ids[index];
      return attemptId === undefined ? [] : [{ attemptId, state: 'answered' as const, endedAtMs: 123456790, answers: call.answers.flatMap(answer => byPrint.get(answer.fingerprint) ?? []) }];
    }) });
    store.commit({ outcomes: [plan.outcome()], run: { id: runId, calls: calls.length, cached: 0, failed: {} } });
  }
  return { store, context };
}

async function exported(format: 'chat' | 'alpaca' = 'chat') {
  const { store, context } = project();
  const files = memoryFiles();
  const report = await exportDataset({ files, app: '1', hash: sha256, clock: new SwiftClock() }, store, { format, out: '/out/train.jsonl', context: () => Promise.resolve(context) });
  const text = (name: string) => files.kept.get(name) ?? '';
  const lines = (name: string) => text(name).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>);
  return { report, data: text('/out/train.jsonl'), lines: lines('/out/train.jsonl'), records: lines('/out/train.jsonl.records.jsonl'), manifest: text('/out/train.jsonl.manifest.json') };
}

describe('exporting a training set', () => {
  it('takes the kept paths of both rounds and counts the hinted ones', async () => {
    const { report, records } = await exported();
    assert.deepEqual([report.records, report.tasks, report.hinted, report.humanEdited], [4, 2, 2, 0]);
    assert.deepEqual(records.map(record => [record['task'], record['hinted']]), [['set/1', false], ['set/1', false], ['set/2', true], ['set/2', true]]);
    assert.equal(report.excluded['not-equal'], 6);
  });

  it('says of each line where it comes from, and gives the same bytes each time', async () => {
    const first = await exported();
    assert.deepEqual(await exported(), first);
    const [record] = first.records;
    assert.ok(record);
    assert.deepEqual(Object.keys(record), ['line', 'task', 'dataset', 'answerKind', 'branch', 'round', 'guidelines', 'answers', 'hinted', 'voted', 'recipe', 'recipeId', 'gold', 'extracted', 'verdict', 'edited']);
    assert.deepEqual([record['line'], record['gold'], record['extracted']], [1, '18', '18']);
  });

  it('writes a manifest with hashes and licences and without a clock time', async () => {
    const { data, manifest } = await exported();
    const parsed = JSON.parse(manifest) as Record<string, unknown>;
    assert.equal(parsed['sha256'], sha256(data));
    assert.deepEqual(parsed['datasets'], { set: { records: 4, licence: 'MIT' } });
    assert.equal(parsed['hintedRatio'], 0.5);
    assert.equal(parsed['simulation'], true);
    assert.equal(/12345678|AtMs/.test(manifest), false);
  });

  it('holds question and path alone: box and LaTeX whole, no scaffolding', async () => {
    const { lines, data } = await exported();
    for (const line of lines) assert.deepEqual(Object.keys(line), ['messages']);
    assert.ok(data.includes('$\\\\frac{36}{2} = 18$ {in braces}.') && data.includes('\\\\boxed{18}'));
    assert.equal(/GUIDELINE|Adapted for|Plan of/.test(data), false);
  });

  it('leaves nothing behind when it cannot be written', async () => {
    const { store, context } = project();
    const files = memoryFiles();
    const full = { ...files, create: (path: string) => ({ ...files.create(path), write: () => { throw new Error('disk full'); } }) };
    await assert.rejects(exportDataset({ files: full, app: '1', hash: sha256, clock: new SwiftClock() }, store, { format: 'chat', out: '/out/train.jsonl', context: () => Promise.resolve(context) }), /disk full/);
    assert.equal(files.kept.size, 0);
  });

  it('writes the project as it stood at the beginning, whatever is stored meanwhile', async () => {
    const before = await exported();
    const { store, context } = project();
    const files = memoryFiles();
    const clock = new PausingClock();
    clock.between = () => {
      const runId = store.startRun({ recipeId: context.recipe.id, recipeName: 'later', mode: 'all', filter: 'typed', baseUrl: '', model: 'm', identity: 'other', simulated: false, tasks: 2, startedAtMs: 0 });
      store.addTasks([aTask({ id: 'set/3' })]);
      const outcomes = ['set/1', 'set/2', 'set/3'].map(id => anOutcome(id, { runId, branches: [] }));
      store.commit({ outcomes, run: { id: runId, calls: 9, cached: 0, failed: {} } });
    };
    await exportDataset({ files, app: '1', hash: sha256, clock }, store, { format: 'chat', out: '/out/train.jsonl', context: () => Promise.resolve(context) });
    assert.equal(clock.pauses, 4, 'two walks over two tasks');
    assert.equal(files.kept.get('/out/train.jsonl'), before.data);
    assert.equal(files.kept.get('/out/train.jsonl.manifest.json'), before.manifest);
  });

  it('names the runs that its records come from, and none of another model', async () => {
    const { store, context } = project();
    const other = store.startRun({ recipeId: context.recipe.id, recipeName: 'test', mode: 'all', filter: 'typed', baseUrl: '', model: 'm', identity: 'other', simulated: false, tasks: 2, startedAtMs: 0 });
    store.commit({ run: { id: other, calls: 9, cached: 0, failed: {} } });
    const files = memoryFiles();
    await exportDataset({ files, app: '1', hash: sha256, clock: new SwiftClock() }, store, { format: 'chat', out: '/out/train.jsonl', context: () => Promise.resolve(context) });
    const { runs } = JSON.parse(files.kept.get('/out/train.jsonl.manifest.json') ?? '') as { readonly runs: readonly { readonly identity: string }[] };
    assert.deepEqual(runs.map(({ identity }) => identity), ['model']);
  });

  it('leaves a file of somebody else alone unless it is told', async () => {
    const { store, context } = project();
    const files = memoryFiles(new Map([['/out/train.jsonl', 'the only copy']]));
    const write = (overwrite: boolean) => exportDataset({ files, app: '1', hash: sha256, clock: new SwiftClock() }, store, { format: 'chat', out: '/out/train.jsonl', overwrite, context: () => Promise.resolve(context) });
    await assert.rejects(write(false), (thrown: unknown) => problemOf(thrown).code === 'file-exists');
    assert.equal(files.kept.get('/out/train.jsonl'), 'the only copy');
    assert.equal((await write(true)).records, 4);
    assert.equal((await write(false)).records, 4, 'an earlier export is replaced');
  });

  it('says what to do where nothing was run', async () => {
    const store = new MemoryStore();
    const options = { format: 'chat' as const, out: '/out/t', context: () => Promise.reject(new Error('unused')) };
    await assert.rejects(exportDataset({ files: memoryFiles(), app: '1', hash: sha256, clock: new SwiftClock() }, store, options), (thrown: unknown) => problemOf(thrown).message.includes('Run a recipe first'));
  });
});
