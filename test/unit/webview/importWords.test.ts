import assert from 'node:assert/strict';
import { lookOf, problemWords, summaryOf } from '../../../src/webview/importTasks/words.ts';

const counts = { read: 500, tasks: 480, withoutGold: 12, duplicates: 8, refused: 12, more: true };
const preview = { path: '/a', format: 'csv', columns: [], preset: null, map: null, dataset: 'a', split: 'train' as const, rows: [] };

describe('the words of a preview', () => {
  it('say in one sentence what becomes of the rows', () => {
    assert.equal(summaryOf({ ...preview, ...counts }), 'Of the first 500 rows, 480 become tasks, 12 of them without a known answer, 8 are there already, 12 are refused. The file goes on.');
    assert.equal(summaryOf({ ...preview, read: 1, tasks: 1, withoutGold: 0, duplicates: 0, refused: 0, more: false }), 'Of 1 row, 1 becomes a task.');
    assert.equal(summaryOf({ ...preview, read: 2, tasks: 0, withoutGold: 0, duplicates: 1, refused: 1, more: false }), 'Of 2 rows, 0 become tasks, 1 is there already, 1 is refused.');
  });

  it('say of each row what it becomes, and why not', () => {
    assert.deepEqual(lookOf({ line: 2, outcome: 'refused', code: 'row-malformed', message: 'no JSON' }).reason, 'no JSON');
    assert.equal(lookOf({ line: 2, outcome: 'refused', code: 'field-missing', field: 'question', message: 'it is empty' }).reason, 'question: it is empty');
    assert.equal(lookOf({ line: 3, outcome: 'duplicate' }).reason, 'the same id and content stand further up in this file');
    assert.equal(lookOf({ line: 3, outcome: 'duplicate', id: 'a/1', question: 'q', questionLength: 1 }).reason, undefined);
    assert.equal(lookOf({ line: 4, outcome: 'task', id: 'a/2', question: 'q', questionLength: 1_000_000 }).length, '… 1,000,000 characters in all');
  });

  it('say what is wrong without the words of the command line', () => {
    const draft = { reading: 'found' as const, map: {}, name: '', missingGold: 'keep' as const };
    const shown = { ...preview, ...counts, columns: [{ name: 'a', sample: '' }], problem: { code: 'columns-missing' as const, message: 'no preset fits; say: --map question=COLUMN' } };
    assert.match(problemWords({ preview: shown, draft }) ?? '', /^This file has the columns a, .*Columns named below/);
    const named = (message: string) => problemWords({ preview: { ...shown, problem: { code: 'preset-mismatch', message } }, draft: { ...draft, reading: 'svamp' } });
    assert.equal(named('none of the first 3 rows is written as SVAMP is; it looks like --preset gsm8k; SVAMP has'), 'None of the first 3 rows is written as SVAMP is; it looks like gsm8k; SVAMP has.');
    assert.equal(named('--map names x; this file has a'), 'There is no column x; this file has a.');
    assert.equal(problemWords({ preview: null, draft, wrong: '--name "a/b": a data set\u2019s name has letters' }), 'The name "a/b": a data set\u2019s name has letters');
    assert.equal(problemWords({ preview: { ...preview, ...counts }, draft }), undefined);
  });
});
