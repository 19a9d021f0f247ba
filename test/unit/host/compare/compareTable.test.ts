import assert from 'node:assert/strict';
import type { CompareRow } from '../../../../src/contract/compare.ts';
import { compareCsv, namedRows, shortNames } from '../../../../src/host/compare/compareTable.ts';

const set: NonNullable<CompareRow['set']> = {
  format: 'chat', sha256: 'ab', records: 24, tasks: 12, hintedShare: 0.25, recipes: ['star'], models: ['=m'], simulated: false, requestsPerPath: 7.5, distinct: 0.61, skeletons: 9,
  figures: { trainable: 20, coverage: 0.6, characters: { known: 24, mean: 100.5, p50: 90, p90: 130 }, diversity: [], answers: { tasks: 12, paths: 60, distinct: 1.5 }, cost: { requests: 180, kept: 24 } },
};
const row = (path: string, parts: Partial<CompareRow> = {}): CompareRow => ({ path, manifest: `${path}.manifest.json`, set, jobs: [], evaluations: [], ...parts });

describe('training sets side by side', () => {
  it('have names that are as short as tells them apart', () => {
    assert.deepEqual(shortNames(['/a/star/train.jsonl', '/a/lmsi/train.jsonl', '/a/other.jsonl']), ['star/train.jsonl', 'lmsi/train.jsonl', 'other.jsonl']);
    assert.deepEqual(shortNames(['C:\\x\\t.jsonl', '/y/t.jsonl', '/y/t.jsonl']), ['x/t.jsonl', 'y/t.jsonl', 'y/t.jsonl'], 'one that stands twice has its whole place');
    assert.deepEqual(shortNames([]), []);
  });

  it('are a table with shares from 0 to 1, without what cannot be read, and no cell that a spreadsheet would compute', () => {
    const rows = namedRows({ size: 20, rows: [row('/a/t.jsonl', { jobs: [{ id: 3, state: 'succeeded', base: 'b' }] }), { path: '/b/u.jsonl', manifest: '/b/u.jsonl.manifest.json', wrong: 'gone', jobs: [], evaluations: [] }] }, ['/b/u.jsonl.manifest.json']);
    assert.deepEqual(rows.map(({ name, added }) => [name, added]), [['t.jsonl', false], ['u.jsonl', true]]);
    const [heads = '', cells = '', ...more] = compareCsv({ size: 20, rows }).split('\r\n');
    assert.deepEqual(more, ['']);
    assert.deepEqual(Object.fromEntries(heads.split(',').map((head, at) => [head, cells.split(',')[at]])), {
      'training set': 't.jsonl', 'recipes': 'star', 'models': '\'=m', 'records': '24', 'tasks': '12', 'trainable tasks': '20', 'coverage': '0.6', 'characters mean': '100.5', 'characters median': '90', 'characters 90 %': '130',
      'tokens mean': '', 'tokens median': '', 'tokens 90 %': '', 'diversity of records': '20', 'distinct-4': '0.61', 'skeletons': '9', 'hinted share': '0.25', 'answers a task': '1.5', 'requests a path': '7.5', 'tokens a path': '',
      'simulation': 'false', 'jobs': '3', 'sha256': 'ab', 'manifest': '/a/t.jsonl.manifest.json',
    });
  });
});
