import assert from 'node:assert/strict';
import type { ImportChoices, PreviewChoices } from '../../../../src/contract/engine.ts';
import type { ImportPreview, ImportReport } from '../../../../src/contract/reports.ts';
import { problemError } from '../../../../src/core/model/problem.ts';
import { importChoicesOf, ImportDesk, likelyMap, type ImportEngine } from '../../../../src/host/imports/importDesk.ts';

const preview = (path: string, parts: Partial<ImportPreview> = {}): ImportPreview => ({
  path, format: 'jsonl', columns: [{ name: 'question', sample: 'a' }, { name: 'answer', sample: '4' }], preset: 'gsm8k', map: null, dataset: 'gsm8k', split: 'train',
  rows: [], read: 2, tasks: 2, withoutGold: 0, duplicates: 0, refused: 0, more: false, ...parts,
});
const report = (path: string, parts: Partial<ImportReport> = {}): ImportReport => ({
  files: [{ path, preset: 'gsm8k', dataset: 'gsm8k', tasks: 2, withoutGold: 0, duplicates: 0, split: 'train', byKind: { number: 2, expression: 0, choice: 0, yesno: 0, text: 0 }, refused: [] }], tasks: 2, refused: 0, ...parts,
});

/** An engine of which a test decides what it says. */
class FakeEngine implements ImportEngine {
  readonly asked: PreviewChoices[] = [];
  readonly imported: ImportChoices[] = [];
  cancelled = 0;
  says: (choices: PreviewChoices) => ImportPreview | Promise<ImportPreview> = ({ file }) => preview(file);
  gives: (choices: ImportChoices, onRows: (rows: number) => void) => ImportReport | Promise<ImportReport> = ({ files: [file = ''] }) => report(file);

  async preview(choices: PreviewChoices): Promise<ImportPreview> {
    this.asked.push(choices);
    return this.says(choices);
  }

  async run(choices: ImportChoices, onRows: (rows: number) => void): Promise<ImportReport> {
    this.imported.push(choices);
    return this.gives(choices, onRows);
  }

  async cancel(): Promise<void> {
    this.cancelled += 1;
  }
}

async function aDesk(...files: readonly string[]) {
  const engine = new FakeEngine();
  const states: string[] = [];
  const desk: ImportDesk = new ImportDesk({ project: 'own', files, engine, onChange: () => { states.push(desk.snapshot().files.map(({ state }) => state).join(' ')); } });
  return { engine, desk, states, draft: () => desk.snapshot().draft };
}

describe('files that are about to be imported', () => {
  it('are read first, and imported just as they were read', async () => {
    const { engine, desk, states } = await aDesk('/data/a.jsonl');
    await desk.open();
    assert.deepEqual(states, ['reading', 'ready']);
    await Promise.all([desk.change({ split: 'held-out' }), desk.change({ name: ' mine ' }), desk.change({ missingGold: 'refuse' })]);
    await desk.import('shown');
    const { rows: _rows, file, ...choices } = engine.asked.at(-1) ?? { rows: 0, file: '' };
    assert.deepEqual(engine.imported, [{ ...choices, files: [file] }]);
    assert.deepEqual(choices, { missingGold: 'refuse', split: 'held-out', name: 'mine' });
    assert.deepEqual([desk.finished, desk.report.tasks, desk.snapshot().files[0]?.summary], [true, 2, '2 tasks']);
  });

  it('say of which domain held-out tasks are where a person said it, and else leave that as it is', async () => {
    const { engine, desk } = await aDesk('/a.jsonl', '/b.jsonl', '/c.jsonl');
    engine.says = ({ file }) => preview(file, { split: 'held-out', domain: 'in' });
    await desk.open();
    await desk.import('shown');
    await desk.change({ domain: 'out' });
    await desk.import('shown');
    await desk.change({ domain: null });
    await desk.import('shown');
    assert.deepEqual(engine.imported, [{ files: ['/a.jsonl'], missingGold: 'keep' }, { files: ['/b.jsonl'], missingGold: 'keep', domain: 'out' }, { files: ['/c.jsonl'], missingGold: 'keep', domain: null }]);
  });

  it('wait for what was changed when they are imported at once', async () => {
    const { engine, desk } = await aDesk('/data/a.jsonl');
    await desk.open();
    await Promise.all([desk.change({ name: 'mine' }), desk.import('shown'), desk.import('shown')]);
    assert.deepEqual(engine.imported.map(({ name }) => name), ['mine']);
  });

  it('that nobody knows are read by columns whose names look right, which is said', async () => {
    const { engine, desk, draft } = await aDesk('/data/columns.csv');
    const columns = [{ name: 'number', sample: '1' }, { name: 'prompt text', sample: '3 + 1?' }, { name: 'result', sample: '4' }];
    engine.says = ({ file, map }) => preview(file, { columns, preset: null, map: map ?? null, ...(map ? {} : { problem: { code: 'columns-missing', message: 'no preset fits' } }) });
    await desk.open();
    assert.deepEqual([draft().reading, draft().map, desk.snapshot().guessed], ['columns', { question: 'prompt text', gold: 'result' }, true]);
    assert.equal(desk.snapshot().files[0]?.state, 'ready');
    await desk.change({ map: { question: '' } });
    assert.deepEqual(draft().map, { gold: 'result' });
    assert.deepEqual([desk.snapshot().wrong, desk.snapshot().guessed, desk.snapshot().files[0]?.state], ['Say which column holds the question.', false, 'refused']);
    await desk.import('shown');
    assert.deepEqual(engine.imported, [], 'what is refused is not imported');
  });

  it('say what is wrong with a name, a map or the file, and can be changed', async () => {
    const { engine, desk } = await aDesk('/data/a.jsonl');
    engine.says = ({ file, name }) => {
      if (name !== undefined) throw problemError('usage', 'a data set’s name has letters');
      return preview(file, { problem: { code: 'file-unreadable', message: 'may not be read' } });
    };
    await desk.open();
    assert.deepEqual([desk.snapshot().preview?.problem?.code, desk.snapshot().files[0]?.state], ['file-unreadable', 'refused']);
    await desk.change({ name: 'a/b' });
    assert.equal(desk.snapshot().wrong, 'a data set’s name has letters');
  });

  it('show what was asked for last, whatever order the answers come in', async () => {
    const { engine, desk } = await aDesk('/data/a.jsonl');
    const waiting: (() => void)[] = [];
    engine.says = ({ file, name }) => new Promise(resolve => { waiting.push(() => { resolve(preview(file, { dataset: name ?? 'first' })); }); });
    const reads = [desk.open(), desk.change({ name: 'second' })];
    await Promise.resolve();
    waiting[1]?.();
    waiting[0]?.();
    await Promise.all(reads);
    assert.equal(desk.snapshot().preview?.dataset, 'second');
  });

  it('are imported one after the other; one that cannot be waits for a person', async () => {
    const { engine, desk } = await aDesk('/a.jsonl', '/b.jsonl', '/c.jsonl');
    engine.says = ({ file }) => preview(file, file === '/b.jsonl' ? { columns: [], problem: { code: 'columns-missing', message: 'no' } } : {});
    await desk.open();
    await desk.import('all');
    assert.deepEqual(engine.imported.map(({ files }) => files), [['/a.jsonl'], ['/c.jsonl']]);
    assert.deepEqual([desk.snapshot().shown, desk.finished], [1, false]);
  });

  it('can be cancelled; what was taken stays, and the rest is not begun', async () => {
    const { engine, desk } = await aDesk('/a.jsonl', '/b.jsonl');
    await desk.open();
    engine.gives = async ({ files: [file = ''] }, onRows) => {
      onRows(5_000);
      assert.equal(desk.snapshot().rows, 5_000);
      await desk.cancel();
      return report(file, { cancelled: true });
    };
    await desk.import('all');
    assert.deepEqual([engine.cancelled, engine.imported.length, desk.report.cancelled, desk.snapshot().files.map(({ state }) => state)], [1, 1, true, ['cancelled', 'ready']]);
  });

  it('are as they were where the import could not be done at all', async () => {
    const { engine, desk } = await aDesk('/a.jsonl');
    await desk.open();
    engine.gives = () => { throw problemError('disk-full', 'The disk is full.'); };
    await assert.rejects(desk.import('shown'), /disk is full/);
    assert.deepEqual([desk.snapshot().files[0]?.state, desk.importing], ['ready', false]);
  });
});

describe('a likely map', () => {
  it('takes each column once, and none without a question', () => {
    assert.deepEqual(likelyMap(['id', 'question', 'answer', 'options']), { question: 'question', gold: 'answer', id: 'id', options: 'options' });
    assert.deepEqual(likelyMap(['Question', 'question_answer', 'task_id']), { question: 'Question', gold: 'question_answer', id: 'task_id' });
    assert.deepEqual(likelyMap(['a', 'b']), {});
    assert.deepEqual(importChoicesOf({ reading: 'svamp', map: { question: 'left over' }, name: '', missingGold: 'keep' }), { preset: 'svamp', missingGold: 'keep' });
  });
});
