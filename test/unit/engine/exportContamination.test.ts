import assert from 'node:assert/strict';
import { usualThresholds } from '../../../src/core/model/contamination.ts';
import { ContaminationDesk } from '../../../src/engine/contamination/contaminationDesk.ts';
import type { FindContamination } from '../../../src/engine/export/contaminationIn.ts';
import { previewExport } from '../../../src/engine/export/previewExport.ts';
import { exportProject } from '../../support/exportProject.ts';
import { heldOut } from '../../support/storeFacts.ts';

const question = 'Ann has 6 bags with 3 apples in each of them. How many apples does Ann have in all of her bags together?';
/** Three train tasks, of which the first stands in two held-out sets, and the third has no kept path. */
function project() {
  const made = exportProject([{ id: 'set/1', fates: 'rrwrrw', parts: { question } }, { id: 'set/2', fates: 'rrwrrw', parts: { question: 'What is 9 times 2?' } }, { id: 'set/3', fates: 'wwwwww', parts: { question: 'What is the sum of 9 and 9?' } }]);
  const { store } = made;
  store.addTasks([
    { ...heldOut('test/1'), question: `  ${question.toUpperCase().replace('ANN HAS', 'ANN\n  HAS')} `, origin: { dataset: 'test' } },
    { ...heldOut('test/2'), question: question.replace('apples does Ann', 'of the apples does Ann'), origin: { dataset: 'test' } },
    { ...heldOut('more/1'), question: 'What is the sum of “9” and 9?', origin: { dataset: 'more' } },
    { ...heldOut('more/2'), question: 'Which colour has the sky over the sea at noon?', origin: { dataset: 'more' } },
  ]);
  const desk = new ContaminationDesk({ dependencies: made.dependencies, store: () => store });
  const contamination: FindContamination = (_store, signal) => desk.find({}, signal);
  return { ...made, contamination };
}

describe('contamination of a training set', () => {
  it('is named in the manifest, in the report and in the preview, of the tasks that are in it', async () => {
    const { exported, contamination, dependencies, store, looking } = project();
    const { manifest, report, card } = await exported('chat', {}, { contamination, card: true });
    assert.match(card, /are in it: 2 of test\. The manifest names them/);
    assert.deepEqual(manifest['contamination'], { thresholds: usualThresholds, sets: [{ evaluation: 'test', exact: 1, near: 1 }], tasks: ['set/1'] });
    assert.deepEqual(report.contamination, { thresholds: usualThresholds, sets: [{ evaluation: 'test', exact: 1, near: 1 }], tasks: 1 });
    const preview = await previewExport(dependencies, store, { format: 'chat', ...looking, contamination });
    assert.deepEqual(preview.contamination, report.contamination);
  });

  it('is none of the tasks that are left out', async () => {
    const { exported, contamination, store } = project();
    store.withdrawn.leaveOut(store.taskIds({ text: 'set/1' }), 'contamination');
    const { manifest, report } = await exported('chat', {}, { contamination });
    assert.deepEqual([manifest['contamination'], report.excluded['left-out']], [{ thresholds: usualThresholds, sets: [], tasks: [] }, 2]);
  });

  it('counts the tasks with a path that is not to be learnt where a format holds such', async () => {
    const { exported, contamination } = project();
    const { manifest } = await exported('kto', {}, { contamination });
    assert.deepEqual((manifest['contamination'] as { tasks: unknown }).tasks, ['set/1', 'set/3']);
  });

  it('writes the same bytes each time, and nothing of it where nothing is held out', async () => {
    const { exported, contamination, clear } = project();
    const first = await exported('chat', {}, { contamination });
    clear();
    assert.equal((await exported('chat', {}, { contamination })).manifestText, first.manifestText);
    const without = await exported('chat', {}, { contamination: () => Promise.resolve(undefined), overwrite: true });
    assert.equal(without.manifest['contamination'], undefined);
    assert.equal(without.report.sha256, first.report.sha256);
  });
});
