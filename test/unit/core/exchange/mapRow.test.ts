import assert from 'node:assert/strict';
import { columnMap, mapRow, missingColumns } from '../../../../src/core/exchange/mapRow.ts';
import { ProblemError } from '../../../../src/core/model/problem.ts';

type Fields = Readonly<Record<string, unknown>>;

const all = { question: 'q', gold: 'a', kind: 'k', options: 'o', id: 'i', licence: 'l', difficulty: 'd' };

/** `KIND GOLD`, or `CODE FIELD` of a refused row. */
function gist(fields: Fields, map: Readonly<Record<string, string>> = all): string {
  const draft = mapRow(columnMap(map), { q: 'Q?', ...fields });
  return 'code' in draft ? `${draft.code} ${draft.field ?? ''}` : `${draft.answerKind} ${draft.gold ?? 'none'}`;
}

describe('mapping columns', () => {
  it('checks the map before any row', () => {
    const refused = (pairs: Readonly<Record<string, string>>, message: RegExp): void => {
      assert.throws(() => columnMap(pairs), (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === 'usage' && message.test(thrown.problem.message));
    };
    refused({ gold: 'a' }, /add --map question=COLUMN/);
    refused({ question: 'q', text: 't' }, /there is no field text; the fields are question, gold/);
    refused({ question: ' ' }, /names no column/);
    refused({ question: 'q', gold: 'a', answer: 'b' }, /gives gold twice/);
    assert.deepEqual(columnMap({ question: 'q', answer: 'b' }), { question: 'q', gold: 'b' });
    assert.deepEqual(missingColumns(columnMap({ question: 'x.y', gold: 'a', id: 'b.c' }), ['x', 'a']), ['b.c']);
  });

  it('infers the kind from the known answer, or takes the declared one', () => {
    assert.equal(gist({ a: '18' }), 'number 18');
    assert.equal(gist({ a: 18.5 }), 'number 18.5');
    assert.equal(gist({ a: true }), 'yesno yes');
    assert.equal(gist({ a: 'Paris' }), 'text Paris');
    assert.equal(gist({ a: '18', k: 'text' }), 'text 18');
    assert.equal(gist({ k: 'number' }), 'number none');
    assert.equal(gist({ a: 'Yes', k: 'yesno' }), 'yesno Yes');
    assert.equal(gist({ a: '18', k: 'integer' }), 'field-invalid k');
    assert.equal(gist({ a: 'Paris', k: 'number' }), 'field-invalid a');
    assert.equal(gist({ a: 'Paris', k: 'yesno' }), 'field-invalid a');
  });

  it('reads dotted columns, and names with a dot in them first', () => {
    const map = { question: 'data.text', gold: 'data.answers.0' };
    assert.equal(gist({ data: { text: 'Q', answers: ['7', '8'] } }, map), 'number 7');
    assert.equal(gist({ 'data.text': 'Q', data: { answers: ['7'] } }, map), 'number 7');
    assert.equal(gist({ data: { answers: ['7'] } }, map), 'field-missing data.text');
    assert.equal(gist({ data: 'text' }, map), 'field-missing data.text');
    assert.equal(gist({}, { question: '__proto__.toString' }), 'field-missing __proto__.toString');
  });

  it('refuses answers and questions that are none', () => {
    assert.equal(gist({ a: Number.NaN }), 'field-invalid a');
    assert.equal(gist({ a: 'nan' }), 'field-invalid a');
    assert.equal(gist({ a: ['x'] }), 'field-invalid a');
    assert.equal(gist({ a: {} }), 'field-invalid a');
    assert.equal(gist({ q: 7 }), 'field-invalid q');
    assert.equal(gist({ q: '\t' }), 'field-missing q');
    assert.equal(gist({ q: null }), 'field-missing q');
  });

  it('reads options in every shape they are written in', () => {
    const shapes: readonly unknown[] = [
      ['iron', 'wood'], ['A) iron', 'B) wood'], ['(A) iron', '(B) wood'], { text: ['iron', 'wood'], label: ['A', 'B'] }, { A: 'iron', B: 'wood' },
      [{ label: 'A', text: 'iron' }, { label: 'B', text: 'wood' }], [{ text: 'iron' }, { text: 'wood' }], '["iron","wood"]', 'iron\nwood\n', '{"A":"iron","B":"wood"}',
    ];
    for (const o of shapes) {
      for (const a of ['B', '(B)', 'wood', '(B) wood']) assert.equal(`${JSON.stringify(o)} ${gist({ o, a })}`, `${JSON.stringify(o)} choice (B) wood`);
    }
    const draft = mapRow(columnMap(all), { q: 'Which?', o: ['iron', 'wood'], a: 'A', i: 12, l: 'MIT', d: 3 });
    assert.deepEqual(draft, {
      question: 'Which?\n\n(A) iron\n(B) wood', answerKind: 'choice', gold: '(A) iron', sourceId: '12', licence: 'MIT', difficulty: '3',
      options: [{ label: 'A', text: 'iron' }, { label: 'B', text: 'wood' }],
    });
    assert.equal(gist({ o: { text: ['iron', 'wood'], label: ['1', '2'] }, a: '2' }), 'choice (B) wood');
    assert.equal(gist({ o: { text: ['iron', 'wood'], label: ['C', 'B'] }, a: 'C' }), 'choice (C) iron');
    // where a label is the text of another option, the label counts
    assert.equal(gist({ o: ['B', 'A'], a: 'A' }), 'choice (A) B');
    assert.equal(gist({ o: ['iron', 'wood'] }), 'choice none');
    assert.equal(gist({ o: '', a: '5' }), 'number 5');
  });

  it('leaves a question alone that holds its options already', () => {
    const question = (q: string) => {
      const draft = mapRow(columnMap(all), { q, o: ['iron', 'wood'], a: 'A' });
      return 'question' in draft ? draft.question : draft.code;
    };
    assert.equal(question('Which floats?\n(A) iron\n  (B) wood'), 'Which floats?\n(A) iron\n  (B) wood');
    assert.equal(question('Is it (A) iron or (B) wood?'), 'Is it (A) iron or (B) wood?\n\n(A) iron\n(B) wood');
    assert.equal(question('Which floats?\n(A) iron'), 'Which floats?\n(A) iron\n\n(A) iron\n(B) wood');
  });

  it('refuses options and answers that do not fit together', () => {
    assert.equal(gist({ o: ['iron', 'wood'], a: 'C' }), 'field-invalid a');
    assert.equal(gist({ o: ['iron', 'wood'], a: '0' }), 'field-invalid a');
    assert.equal(gist({ o: ['iron'], a: 'A' }), 'field-invalid o');
    assert.equal(gist({ o: ['iron', ''], a: 'A' }), 'field-invalid o');
    assert.equal(gist({ o: ['iron', null], a: 'A' }), 'field-invalid o');
    assert.equal(gist({ o: 7, a: 'A' }), 'field-invalid o');
    assert.equal(gist({ o: '["iron",', a: 'A' }), 'field-invalid o');
    assert.equal(gist({ o: Array.from({ length: 27 }, (_, at) => `x${at}`), a: 'A' }), 'field-invalid o');
    assert.equal(gist({ o: { A: 'iron', B: 5 }, a: 'A' }), 'field-invalid o');
    assert.equal(gist({ o: ['iron', 'wood'], a: 'A', k: 'number' }), 'field-invalid kind');
  });
});
