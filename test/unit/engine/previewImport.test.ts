import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { rowSource } from '../../../src/adapters/files/rowSource.ts';
import { sha256 } from '../../../src/adapters/hash.ts';
import type { PreviewChoices } from '../../../src/contract/engine.ts';
import type { ImportPreview } from '../../../src/contract/reports.ts';
import { setDomain } from '../../../src/engine/evaluation/heldOutSets.ts';
import { importTasks } from '../../../src/engine/importTasks.ts';
import { previewImport } from '../../../src/engine/previewImport.ts';
import { PausingClock, SwiftClock } from '../../support/fakeModel.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

const dependencies = { hash: sha256, rows: rowSource(), clock: new SwiftClock(), emit: () => undefined };

describe('the preview of an import', () => {
  let folder: string;
  let store: MemoryStore;
  before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preview-')); });
  beforeEach(() => { store = new MemoryStore(); });
  after(() => { fs.rmSync(folder, { recursive: true, force: true }); });

  const written = (name: string, text: string | Uint8Array): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  };
  const preview = (file: string, choices: Partial<PreviewChoices> = {}): Promise<ImportPreview> => previewImport(dependencies, store, { file, rows: 20, ...choices });
  const outcomes = ({ rows }: ImportPreview) => rows.map(({ line, outcome, code }) => `${line} ${outcome}${code === undefined ? '' : ` ${code}`}`);

  it('says of each row what it would become, and stores nothing', async () => {
    const file = written('rows.jsonl', [
      '{"question":"How much is 2 + 2?","answer":"2 + 2 = 4\\n#### 4"}', '{"question": broken', '{"question":"How much is 3 + 3?","answer":"#### 6"}', '{"question":"","answer":"#### 6"}',
    ].join('\n'));
    const shown = await preview(file);
    assert.deepEqual([shown.preset, shown.map, shown.dataset, shown.split, shown.format], ['gsm8k', null, 'gsm8k', 'train', 'jsonl']);
    assert.deepEqual(outcomes(shown), ['1 task', '2 refused row-malformed', '3 task', '4 refused field-missing']);
    assert.deepEqual([shown.read, shown.tasks, shown.refused, shown.more], [4, 2, 2, false]);
    const [first] = shown.rows;
    assert.deepEqual([first?.question, first?.gold, first?.kind, first?.questionLength], ['How much is 2 + 2?', '4', 'number', 18]);
    assert.equal(store.countTasks(), 0);
  });

  it('tells what the project has already, and what comes twice in the file', async () => {
    const file = written('own.csv', 'id,question,answer\na,2+2?,4\nb,3+3?,6\nb,3+3?,6\n');
    await importTasks(dependencies, store, { files: [written('first.csv', 'id,question,answer\na,2+2?,4\n')], name: 'own' });
    const shown = await preview(file);
    assert.deepEqual(shown.map, { question: 'question', gold: 'answer', id: 'id' });
    assert.deepEqual(outcomes(shown), ['2 duplicate', '3 task', '4 duplicate']);
    assert.deepEqual([shown.tasks, shown.duplicates], [1, 2]);
  });

  it('tells which domain was said of a data set that is imported into again', async () => {
    const file = written('near.csv', 'id,question,answer\na,2+2?,4\n');
    assert.equal('domain' in await preview(file), false);
    await importTasks(dependencies, store, { files: [file], split: 'held-out' });
    assert.equal('domain' in await preview(file), false, 'its name tells');
    setDomain(store, 'near', 'out');
    assert.deepEqual([(await preview(file)).domain, 'domain' in await preview(file, { name: 'far' })], ['out', false]);
  });

  it('names the columns of a file that it does not know, with a value of each, and takes a map', async () => {
    const file = written('columns.csv', 'number,prompt text,result\n1,,4\n2,How much is 4 + 0?,4\n');
    const asked = await preview(file);
    assert.deepEqual([asked.problem?.code, asked.rows], ['columns-missing', []]);
    assert.deepEqual(asked.columns, [{ name: 'number', sample: '1' }, { name: 'prompt text', sample: 'How much is 4 + 0?' }, { name: 'result', sample: '4' }]);
    const mapped = await preview(file, { map: { question: 'prompt text', gold: 'result', id: 'number' }, split: 'held-out', name: 'mine' });
    assert.deepEqual(outcomes(mapped), ['2 refused field-missing', '3 task']);
    assert.deepEqual([mapped.rows[1]?.id, mapped.dataset, mapped.split], ['mine/2', 'mine', 'held-out']);
    assert.equal((await preview(file, { map: { question: 'nowhere' } })).problem?.code, 'columns-missing');
    await assert.rejects(preview(file, { map: { gold: 'result' } }), /no column for the question/);
    await assert.rejects(preview(file, { map: { question: 'result' }, name: 'a/b' }), /a data set's name/);
  });

  it('says what is wrong with a file as a whole', async () => {
    assert.equal((await preview(path.join(folder, 'nowhere.jsonl'))).problem?.code, 'file-not-found');
    assert.equal((await preview(folder)).problem?.code, 'file-unreadable');
    assert.equal((await preview(written('binary.dat', Uint8Array.from({ length: 4_000 }, (_, index) => index % 7)))).problem?.code, 'format-unknown');
    assert.equal((await preview(written('picture.parquet', 'no parquet at all'))).problem?.code, 'format-unknown');
    assert.equal((await preview(written('empty.jsonl', ''))).problem?.code, 'no-tasks');
    assert.equal((await preview(written('page.jsonl', '<!doctype html><title>Sign in</title>'))).problem?.code, 'columns-missing');
  });

  it('keeps questions of a megabyte and unseen characters within bounds, and reads no further than it must', async () => {
    const long = `How much is 1 + 1? ${'x'.repeat(900_000)}`;
    const file = written('long.jsonl', Array.from({ length: 3_000 }, (_, index) => JSON.stringify({ question: index === 0 ? long : `\u202e${index}\u200b + 1?\u0000`, answer: String(index) })).join('\n'));
    const shown = await preview(file);
    assert.deepEqual([shown.rows.length, shown.rows[0]?.question?.length, shown.rows[0]?.questionLength, shown.more], [20, 2_000, long.length, true]);
    assert.ok(shown.read < 3_000);
    assert.ok(JSON.stringify(shown).length < 40_000);
  });

  it('comes to what the import comes to, whatever the rows are', async () => {
    const value = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.constant(null), fc.constantFrom('#### 4', 'yes', '', '\u202e7'));
    const row = fc.oneof(fc.record({ question: value, answer: value, id: value }, { requiredKeys: [] }).map(each => JSON.stringify(each)), fc.constant('{broken'));
    await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async lines => {
      const [file, fresh] = [written('any.jsonl', lines.join('\n')), new MemoryStore()];
      const before = await previewImport(dependencies, fresh, { file, rows: 20 });
      const { files: [after] } = await importTasks(dependencies, fresh, { files: [file] });
      assert.ok(after);
      assert.deepEqual(
        [before.preset, before.dataset, before.split, before.tasks, before.withoutGold, before.duplicates, before.refused],
        [after.preset, after.dataset, after.split, after.tasks, after.withoutGold, after.duplicates, after.refused.length],
      );
      if (before.problem) return;
      assert.deepEqual(before.rows.flatMap(({ outcome, id }) => outcome === 'task' ? id : []), [...fresh.taskIds()]);
      assert.deepEqual(before.rows.flatMap(({ outcome, line }) => outcome === 'refused' ? line : []), after.refused.map(({ line }) => line));
    }), { numRuns: 60 });
  });

  it('stops an import where it is told to, and says so', async () => {
    const file = written('many.jsonl', Array.from({ length: 4_000 }, (_, index) => JSON.stringify({ question: `${index} + 1?`, answer: String(index + 1) })).join('\n'));
    const stop = new AbortController();
    const clock = new PausingClock();
    clock.between = () => { if (store.countTasks() >= 500) stop.abort(); };
    const report = await importTasks({ ...dependencies, clock }, store, { files: [file, file], signal: stop.signal });
    assert.equal(report.cancelled, true);
    assert.deepEqual([report.files.length, report.tasks], [1, store.countTasks()]);
    assert.ok(report.tasks > 0 && report.tasks < 4_000);
    const rest = await importTasks(dependencies, store, { files: [file] });
    assert.equal(rest.tasks + report.tasks, 4_000);
  });
});
