import assert from 'node:assert/strict';
import { stepperWorkshop } from '../../support/stepperWorkshop.ts';
import { ExportDesk } from '../../../src/engine/export/exportDesk.ts';
import { exportProject } from '../../support/exportProject.ts';
import { PausingClock } from '../../support/fakeModel.ts';
import { problemOf } from '../../../src/core/model/problem.ts';

const codeOf = async (work: Promise<unknown>) => work.then(() => 'done', (thrown: unknown) => problemOf(thrown).code);

/** A desk at a project, which pauses after every step; `between` is called then. */
function deskAt(between: (desk: ExportDesk, pauses: number) => void) {
  const { store, dependencies, context, files } = exportProject(Array.from({ length: 4 }, (_, index) => ({ id: `set/${index}`, fates: 'rwrwrw' })));
  const clock = new PausingClock();
  const heard: { work: string; done: number; total: number }[] = [];
  const desk: ExportDesk = new ExportDesk({
    dependencies: { ...dependencies, clock, emit: (_name, body) => { heard.push(body as (typeof heard)[number]); } }, store: () => store, contextOf: () => Promise.resolve(context), settled: () => Promise.resolve(), contamination: () => Promise.resolve(undefined),
  });
  clock.between = () => { between(desk, clock.pauses); };
  return { desk, heard, files };
}

describe('the desk of exports', () => {
  it('cancels the work of a name and no other', async () => {
    const { desk, heard, files } = deskAt((each, pauses) => { if (pauses === 3) void each.handlers.cancelExport({ work: 'mine' }); });
    const { exportDataset, previewExport, cancelExport } = desk.handlers;
    const ends = await Promise.all([
      codeOf(previewExport({ format: 'kto', work: 'mine' })), codeOf(previewExport({ format: 'kto', work: 'other' })), codeOf(exportDataset({ format: 'chat', out: '/out/a.jsonl', work: 'mine' })), codeOf(exportDataset({ format: 'chat', out: '/out/b.jsonl' })),
    ]);
    assert.deepEqual(ends, ['cancelled', 'done', 'cancelled', 'done']);
    assert.deepEqual([...files.kept.keys()].toSorted(), ['/out/b.jsonl', '/out/b.jsonl.manifest.json', '/out/b.jsonl.records.jsonl']);
    assert.ok(heard.every(({ work, done, total }) => ['mine', 'other'].includes(work) && done <= total && total === 8));
    assert.ok(heard.some(({ work, done }) => work === 'other' && done === 8));
    assert.deepEqual(await cancelExport({ work: 'nobody' }), {});
  });

  it('writes one export after the other, and goes on after one that fails', async () => {
    const { desk, files } = deskAt(() => undefined);
    const { exportDataset } = desk.handlers;
    const ends = await Promise.all([
      codeOf(exportDataset({ format: 'chat', out: '/out/t.jsonl', rule: { reviews: 'reviewed-only' } })), codeOf(exportDataset({ format: 'kto', out: '/out/t.jsonl' })), codeOf(exportDataset({ format: 'dpo', out: '/out/t.jsonl' })),
    ]);
    assert.deepEqual(ends, ['nothing-to-export', 'done', 'done']);
    assert.match(files.kept.get('/out/t.jsonl') ?? '', /^\{"prompt":.*"rejected":/);
    assert.match(files.kept.get('/out/t.jsonl.manifest.json') ?? '', /"format": "dpo"/);
  });

  it('stops what goes on when it closes, and is closed with its project', async () => {
    const { desk, files } = deskAt((each, pauses) => { if (pauses === 2) void each.close(); });
    assert.equal(await codeOf(desk.handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl' })), 'cancelled');
    assert.equal(files.kept.size, 0);
    const { session, handlers, run, files: own } = await stepperWorkshop({ tasks: 3 });
    await run();
    const end = codeOf(handlers.exportDataset({ format: 'chat', out: '/out/t.jsonl' }));
    await session.close();
    assert.ok(['cancelled', 'done'].includes(await end));
    assert.equal([...own.kept.keys()].filter(name => name.startsWith('/out/')).length, await end === 'done' ? 3 : 0);
  });
});
