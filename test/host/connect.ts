import assert from 'node:assert/strict';
import path from 'node:path';
import os from 'node:os';
import * as vscode from 'vscode';
import type { ImportReport } from '../../src/contract/reports.ts';
import { ImportProblems } from '../../src/host/imports/importProblems.ts';

const file = (name: string, refused: ImportReport['files'][number]['refused']): ImportReport['files'][number] => ({
  path: path.join(os.tmpdir(), name), preset: null, dataset: 'set', tasks: 1, withoutGold: 0, duplicates: 0, split: 'train', byKind: { number: 1, expression: 0, choice: 0, yesno: 0, text: 0 }, refused,
});
const reportOf = (...files: ImportReport['files']): ImportReport => ({ files, tasks: files.length, refused: files.reduce((sum, { refused }) => sum + refused.length, 0) });
const shown = (name: string): readonly string[] =>
  vscode.languages.getDiagnostics(vscode.Uri.file(path.join(os.tmpdir(), name))).map(({ range, message, code, source }) => `${range.start.line + 1} ${typeof code === 'string' ? code : ''} ${source ?? ''}: ${message}`);

describe('rows that an import refused', () => {
  it('stand in the Problems panel at their file and line, until the file is imported again or they are cleared', () => {
    const problems = new ImportProblems();
    try {
      problems.show(reportOf(file('a.jsonl', [{ line: 3, code: 'row-malformed', message: 'line 3: expected one JSON object' }, { line: 7, field: 'question', code: 'field-missing', message: 'question is empty' }]), file('b.jsonl', [{ line: 1, code: 'gold-missing', message: 'there is no known\u202e answer' }])));
      assert.deepEqual(shown('a.jsonl'), ['3 row-malformed ReGenesis import: Expected one JSON object.', '7 field-missing ReGenesis import: Question is empty.']);
      assert.deepEqual(shown('b.jsonl'), ['1 gold-missing ReGenesis import: There is no known‹U+202E› answer.']);
      problems.show(reportOf(file('a.jsonl', [])));
      assert.deepEqual([shown('a.jsonl').length, shown('b.jsonl').length], [0, 1]);
      problems.clear();
      assert.deepEqual(shown('b.jsonl'), []);
    } finally {
      problems.dispose();
    }
  });

  it('are a thousand at most, the last of which counts the others', () => {
    const problems = new ImportProblems();
    problems.show(reportOf(file('many.jsonl', Array.from({ length: 5_000 }, (_, index) => ({ line: index + 1, code: 'row-malformed' as const, message: 'no' })))));
    const lines = shown('many.jsonl');
    assert.deepEqual([lines.length, lines.at(-1)], [1_000, '1000 row-malformed ReGenesis import: 4,001 more rows from here on were refused.']);
    problems.dispose();
  });
});
