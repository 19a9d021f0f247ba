import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sha256 } from '../../../../src/adapters/hash.ts';
import { createImporter } from '../../../../src/core/exchange/importer.ts';
import { datasetName, importRows, mostRefusals, refusedFile, type FileImport, type ImportRequest } from '../../../../src/core/exchange/importRows.ts';
import { ProblemError, problemError, problemOf } from '../../../../src/core/model/problem.ts';
import type { Fields } from '../../../../src/core/model/outside.ts';
import type { SourceRow } from '../../../../src/core/model/sourceRow.ts';
import type { Task } from '../../../../src/core/model/task.ts';

const request = (rest: Partial<ImportRequest> = {}): ImportRequest => ({ fileName: 'tasks.jsonl', missingGold: 'keep', hash: sha256, ...rest });

const mapped = { map: { question: 'q', gold: 'a', id: 'id' } } as const;

/** A project as the sink sees it. */
class Project {
  readonly tasks = new Map<string, Task>();
  readonly sink = (tasks: readonly Task[]): { readonly duplicates: readonly Task['id'][] } => {
    const duplicates = tasks.filter(task => this.tasks.has(task.id)).map(task => task.id);
    for (const task of tasks) if (!this.tasks.has(task.id)) this.tasks.set(task.id, task);
    return { duplicates };
  };
}

const opened = (rows: readonly (Fields | SourceRow)[], batch = 2): { columns: readonly string[]; rows(): AsyncGenerator<readonly SourceRow[]> } => {
  const all = rows.map((row, at): SourceRow => 'line' in row ? row as SourceRow : { line: at + 1, fields: row });
  return {
    columns: [...new Set(all.flatMap(row => 'fields' in row ? Object.keys(row.fields) : []))],
    async *rows() {
      for (let at = 0; at < all.length; at += batch) yield await Promise.resolve(all.slice(at, at + batch));
    },
  };
};

const imported = (rows: readonly (Fields | SourceRow)[], rest: Partial<ImportRequest> = {}, project = new Project()): Promise<FileImport> =>
  importRows(opened(rows), request(rest), project.sink);

const refusals = (result: FileImport): readonly string[] => result.refused.map(refusal => `${refusal.line} ${refusal.code}`);

describe('importing rows', () => {
  it('counts tasks, kinds, rows without an answer and refused rows', async () => {
    const project = new Project();
    const result = await imported([
      { q: 'One?', a: '1', id: 'a' }, { q: 'Two?', a: '', id: 'b' }, { q: ' ', a: '3', id: 'c' }, { q: 'Four?', a: 'yes', id: 'd' }, { a: '5', id: 'e' },
    ], mapped, project);
    assert.deepEqual(result, {
      preset: null, map: mapped.map, dataset: 'tasks', split: 'train', tasks: 3, withoutGold: 1, duplicates: 0,
      byKind: { number: 1, expression: 0, choice: 0, yesno: 1, text: 1 },
      refused: [{ line: 3, field: 'q', code: 'field-missing', message: 'q is empty' }, { line: 5, field: 'q', code: 'field-missing', message: 'there is no q' }], refusedRows: 2,
    });
    assert.deepEqual(project.tasks.get('tasks/a'), { id: 'tasks/a', question: 'One?', answerKind: 'number', split: 'train', gold: '1', origin: { dataset: 'tasks', line: 1, sourceId: 'a' } });
    assert.equal(project.tasks.get('tasks/b')?.gold, undefined);
  });

  it('takes over how hard a data set says its tasks are, and refuses what is no word for it', async () => {
    for (const column of ['difficulty', 'level']) {
      const project = new Project();
      const result = await imported([{ question: 'One?', answer: '1', [column]: 'Level 5' }, { question: 'Two?', answer: '2', [column]: 3 }, { question: 'Three?', answer: '3', [column]: null }, { question: 'Four?', answer: '4', [column]: 'x'.repeat(41) }], {}, project);
      assert.deepEqual([...project.tasks.values()].map(task => task.origin.difficulty), ['Level 5', '3', undefined]);
      assert.deepEqual(result.refused.map(({ line, field, code }) => [line, field, code]), [[4, 'difficulty', 'field-invalid']]);
    }
  });

  it('refuses rows without a known answer where asked to', async () => {
    const result = await imported([{ q: 'One?', a: '1' }, { q: 'Two?', a: ' ' }, { q: 'Three?' }], { map: { question: 'q', gold: 'a' }, missingGold: 'refuse' });
    assert.deepEqual(refusals(result), ['2 gold-missing', '3 gold-missing']);
    assert.equal(result.tasks, 1);
  });

  it('skips a row that is there twice and refuses another under the same id', async () => {
    const result = await imported([{ q: 'One?', a: '1', id: 'a' }, { q: 'One?', a: '1', id: 'a' }, { q: 'One?', a: '2', id: 'a' }, { q: 'One?', a: '1', id: 7 }], mapped);
    assert.equal(result.duplicates, 1);
    assert.deepEqual(refusals(result), ['3 duplicate']);
    assert.match(result.refused[0]?.message ?? '', /the id a has other content at 1/);
    assert.equal(result.tasks, 2);
  });

  it('numbers identical texts without an id, and gives the same ids wherever other rows are put', () =>
    fc.assert(fc.asyncProperty(fc.array(fc.constantFrom<string>('One?', 'Two?', 'Three?', 'Four?'), { minLength: 1 }), fc.nat(), async (questions, at) => {
      const only = { map: { question: 'q' } };
      const before = new Project();
      await imported(questions.map(q => ({ q })), only, before);
      assert.equal(before.tasks.size, questions.length);
      const after = new Project();
      await imported(questions.toSpliced(at % questions.length, 0, 'Inserted?').map(q => ({ q })), only, after);
      for (const [id, task] of before.tasks) assert.equal(after.tasks.get(id)?.question, task.question);
      const again = await imported(questions.map(q => ({ q })), only, before);
      assert.deepEqual([again.tasks, again.duplicates], [0, questions.length]);
    })));

  it('takes columns that say themselves what they hold, without a preset or a map', async () => {
    const project = new Project();
    const read = await imported([{ id: 'a', question: 'How many legs has a crab?', answer: '10', note: 'x' }], {}, project);
    assert.deepEqual([read.preset, read.tasks, read.byKind.number], [null, 1, 1]);
    const gold = await imported([{ question: 'Is it?', gold: 'yes' }], {}, project);
    assert.deepEqual([gold.tasks, gold.byKind.yesno], [1, 1]);
    // a row without an answer could be one of GSM8K, the others cannot
    const gaps = await imported([{ question: 'One?' }, { question: 'Two?', answer: '2' }, { question: 'Three?', answer: 'three' }], {}, new Project());
    assert.deepEqual([gaps.preset, gaps.tasks, gaps.withoutGold, gaps.refusedRows], [null, 3, 1, 0]);
  });

  it('refuses a file as a whole that lacks the columns, before any task', async () => {
    const project = new Project();
    const wrongPreset = await imported([{ question: 'q', answer: 'a\n#### 5' }], { preset: 'aqua' }, project);
    assert.deepEqual(refusals(wrongPreset), ['1 columns-missing']);
    assert.match(wrongPreset.problem?.message ?? '', /has the columns question, options, correct; this file has question, answer; it looks like --preset gsm8k$/);
    const wrongMap = await imported([{ question: 'q', answer: '5' }], { map: { question: 'text' } }, project);
    assert.match(wrongMap.problem?.message ?? '', /^--map names text; this file has question, answer$/);
    const unknown = await imported([{ text: 'q', score: 5 }], {}, project);
    assert.match(unknown.problem?.message ?? '', /no preset fits the columns text, score; say which one holds what: --map question=COLUMN/);
    assert.deepEqual(unknown.refused[0]?.choices, ['text', 'score']);
    assert.equal(project.tasks.size, 0);
  });

  it('refuses a file as a whole whose rows are those of another data set', async () => {
    const project = new Project();
    const facts = Array.from({ length: 4 }, (_, at) => ({ qid: String(at), question: `q${at}`, answer: true, facts: [] }));
    const result = await importRows(opened(facts, 10), request({ preset: 'gsm8k' }), project.sink);
    assert.deepEqual(refusals(result), ['1 preset-mismatch']);
    assert.match(result.problem?.message ?? '', /none of the first 4 rows is written as GSM8K is \(preset gsm8k\); it looks like --preset strategyqa/);
    assert.equal(project.tasks.size, 0);
    const mostly = Array.from({ length: 60 }, (_, at) => ({ ID: String(at), Body: 'b', Question: 'q?', Answer: at < 20 ? '5' : '5 (apples)' }));
    assert.match((await importRows(opened(mostly, 60), request({ preset: 'svamp' }), project.sink)).problem?.message ?? '', /only 20 of the first 60 rows/);
  });

  it('takes a few broken rows for what they are', async () => {
    const result = await imported([{ question: 'q', answer: 'no mark' }, { question: 'r', answer: '#### 5' }], { preset: 'gsm8k' });
    assert.deepEqual(refusals(result), ['1 field-invalid']);
    assert.equal(result.tasks, 1);
  });

  it('carries on past unreadable rows, the first ones included', async () => {
    const bad = (line: number): SourceRow => ({ line, problem: { code: 'row-malformed', message: `line ${line}: expected one JSON object`, line } });
    const result = await imported([bad(1), bad(2), bad(3), { question: 'r', answer: '#### 5' }, bad(5)]);
    assert.equal(result.preset, 'gsm8k');
    assert.deepEqual(refusals(result), ['1 row-malformed', '2 row-malformed', '3 row-malformed', '5 row-malformed']);
    assert.equal(result.tasks, 1);
    const none = await imported([bad(1)]);
    assert.deepEqual([refusals(none), none.tasks, none.problem], [['1 row-malformed'], 0, undefined]);
  });

  it('says so where a file has no rows', async () => {
    assert.equal((await imported([])).problem?.code, 'no-tasks');
    const empty = opened([]);
    const header = { columns: ['text'], rows: () => empty.rows() };
    assert.equal((await importRows(header, request({ preset: 'gsm8k' }), new Project().sink)).problem?.code, 'columns-missing');
    assert.equal((await importRows({ ...header, columns: ['question', 'answer'] }, request({ preset: 'gsm8k' }), new Project().sink)).problem?.code, 'no-tasks');
  });

  it('keeps what was imported when the file breaks off, and throws what is not the file\'s fault', async () => {
    const source = opened([{ question: 'r', answer: '#### 5' }]);
    const broken = { columns: source.columns, async *rows() { yield* source.rows(); throw problemError('file-unreadable', 'the disk is gone'); } };
    const result = await importRows(broken, request(), new Project().sink);
    assert.deepEqual([result.tasks, result.problem?.code, refusals(result)], [1, 'file-unreadable', ['1 file-unreadable']]);
    const full = (): never => { throw problemError('disk-full', 'no room'); };
    await assert.rejects(importRows(source, request(), full), (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === 'disk-full');
    await assert.rejects(imported([{ q: 'x' }], { map: { q: 'question' } }), (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === 'usage');
  });

  it('bounds what it keeps of a file that is broken throughout', async () => {
    const rows = Array.from({ length: mostRefusals + 5 }, (_, at): SourceRow => ({ line: at + 1, problem: { code: 'row-malformed', message: 'x' } }));
    const result = await importRows(opened(rows, 1000), request(), new Project().sink);
    assert.deepEqual([result.refused.length, result.refusedRows], [mostRefusals, mostRefusals + 5]);
  });

  it('keeps its messages short whatever the file holds', async () => {
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`column${at}`, 1]));
    for (const rest of [{}, { map: { question: 'q' } }, { preset: 'svamp' as const }]) {
      const message = (await imported([wide], rest)).problem?.message ?? '';
      assert.match(message, /column19 and 4980 more/);
      assert.ok(message.length < 800, message);
    }
    const [number] = (await imported([{ q: Infinity, a: '1', id: 'x' }], mapped)).refused;
    assert.equal(number?.message, 'q should be text and is "Infinity"');
  });

  it('refuses a question that no model reads and an answer that no path has', async () => {
    const result = await imported([{ q: 'x'.repeat(1_000_001), a: '1' }, { q: 'x', a: 'y'.repeat(10_001) }, { q: 'x'.repeat(1_000_000), a: 'y'.repeat(10_000) }], { map: { question: 'q', gold: 'a' } });
    assert.deepEqual(result.refused.map(({ line, field, code }) => [line, field, code]), [[1, 'question', 'field-invalid'], [2, 'a', 'field-invalid']]);
    assert.equal(result.tasks, 1);
  });

  it('puts evaluation sets out of training unless told otherwise', async () => {
    const rows = [{ input: '1 + 1 =', target: '2' }];
    const project = new Project();
    assert.equal((await imported(rows, { fileName: 'boolean_expressions.json' }, project)).split, 'held-out');
    assert.equal([...project.tasks.values()][0]?.split, 'held-out');
    assert.equal([...project.tasks.values()][0]?.origin.dataset, 'bbh-boolean_expressions');
    assert.equal((await imported(rows, { split: 'train' })).split, 'train');
    assert.equal((await imported(rows, { name: 'my-set' })).dataset, 'my-set');
    await assert.rejects(imported(rows, { name: 'a/b,c' }), (thrown: unknown) => problemOf(thrown).code === 'usage');
  });

  it('names data sets after the preset or the file', () => {
    assert.equal(datasetName('train.jsonl', 'gsm8k'), 'gsm8k');
    assert.equal(datasetName('my tasks (1).csv', null), 'my-tasks-1');
    assert.equal(datasetName('....', null), '...');
    assert.equal(datasetName('**.csv', null), 'tasks');
    assert.equal([...datasetName(`${'𝒙'.repeat(200)}.csv`, null)].length, 100);
    assert.equal(refusedFile(request({ preset: 'svamp' }), { code: 'file-not-found', message: 'x' }).split, 'held-out');
  });

  it('makes ids that can stand in a list on a command line', () => {
    const importer = createImporter({ rows: { map: { question: 'q', id: 'id' } }, dataset: 'd', missingGold: 'keep', hash: sha256 });
    const idOf = (id: string): string => {
      const result = importer.add({ line: 1, fields: { q: 'x', id } });
      return 'task' in result ? result.task.id : 'refused' in result ? result.refused.code : 'duplicate';
    };
    assert.equal(idOf('train/a b,c%\u0001'), 'd/train/a%20b%2Cc%25%01');
    assert.equal(idOf('x'.repeat(300)), 'field-invalid');
    assert.equal(idOf('\ud800'), 'encoding-invalid');
    assert.match(idOf('  '), /^d\/[0-9a-f]{16}-1$/);
  });
});
