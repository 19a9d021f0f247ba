import assert from 'node:assert/strict';
import { importPresets, detectPreset } from '../../../../src/core/exchange/importPresets.ts';
import { presetNames, type PresetName } from '../../../../src/core/model/dataset.ts';
import { asdivAnswer, bodyAndQuestion } from '../../../../src/core/exchange/presets/mathPresets.ts';
import { bbhOptions } from '../../../../src/core/exchange/presets/logicPresets.ts';
import type { RowProblem, TaskDraft } from '../../../../src/core/exchange/taskDraft.ts';

type Fields = Readonly<Record<string, unknown>>;

const draftOf = (preset: PresetName, fields: Fields): TaskDraft => {
  const draft = importPresets[preset].convert(fields);
  assert.ok(!('code' in draft), JSON.stringify(draft));
  return draft;
};

/** `CODE FIELD` of a row that makes no task. */
const refusalOf = (preset: PresetName, fields: Fields): string => {
  const draft: TaskDraft | RowProblem = importPresets[preset].convert(fields);
  assert.ok('code' in draft, JSON.stringify(draft));
  assert.match(draft.message, /\S/);
  return `${draft.code} ${draft.field ?? ''}`;
};

const gist = (draft: TaskDraft): string => `${draft.answerKind} ${draft.gold ?? 'none'}`;

const reclorRow = { id_string: 'train_7', context: 'All swans here are white.', question: 'What follows?', answers: ['No swan here is black.', 'All birds are white.', 'None', 'B. Smith'], label: 0 };
const arcRow = { id: 'Mercury_1', question: 'Which one is a metal?', choices: { text: ['wood', 'iron', 'glass'], label: ['1', '2', '3'] }, answerKey: '2' };
const openRow = { id: '7-980', question_stem: 'A lamp needs', choices: { text: ['power', 'rain'], label: ['A', 'B'] }, answerKey: 'A' };
const anliRow = { uid: 'u1', premise: 'A bird sings.', hypothesis: 'Something sings.', label: 0, reason: '' };

describe('presets', () => {
  it('GSM8K: the number after the last mark, as it is worded', () => {
    const row = (answer: unknown): Fields => ({ question: ' How many?\r\n', answer });
    assert.equal(gist(draftOf('gsm8k', row('a #### b\n#### 1,080'))), 'number 1,080');
    assert.equal(gist(draftOf('gsm8k', row('#### -5'))), 'number -5');
    assert.equal(gist(draftOf('gsm8k', row('so\n#### '))), 'number none');
    assert.equal(gist(draftOf('gsm8k', row(null))), 'number none');
    assert.equal(refusalOf('gsm8k', row('so it is 5')), 'field-invalid answer');
    assert.equal(refusalOf('gsm8k', row('#### five')), 'field-invalid answer');
    assert.equal(refusalOf('gsm8k', row(true)), 'field-invalid answer');
    assert.equal(refusalOf('gsm8k', { answer: '#### 5' }), 'field-missing question');
    assert.equal(refusalOf('gsm8k', { question: null, answer: '#### 5' }), 'field-missing question');
  });

  it('SVAMP: body and question as one text, whole numbers without a fraction', () => {
    const row = { ID: 'chal-1', Body: 'Each pack costs 76 dollars. If it is 25 dollars off', Question: 'How much is a pack?', Answer: 51.0 };
    const draft = draftOf('svamp', row);
    assert.deepEqual([draft.question, gist(draft), draft.sourceId], ['Each pack costs 76 dollars. If it is 25 dollars off, how much is a pack?', 'number 51', 'chal-1']);
    assert.equal(gist(draftOf('svamp', { ...row, Answer: '51.0' })), 'number 51');
    assert.equal(gist(draftOf('svamp', { ...row, Answer: 2.5 })), 'number 2.5');
    assert.equal(refusalOf('svamp', { ...row, Answer: Number.NaN }), 'field-invalid Answer');
    assert.equal(refusalOf('svamp', { ...row, Answer: 'NaN' }), 'field-invalid Answer');
    assert.equal(refusalOf('svamp', { ...row, Answer: [51] }), 'field-invalid Answer');
  });

  it('joins a body and its question as a sentence would go on', () => {
    assert.equal(bodyAndQuestion('A has 5', 'How many?'), 'A has 5. How many?');
    assert.equal(bodyAndQuestion(' A has  5. ', ' How many? '), 'A has 5. How many?');
    assert.equal(bodyAndQuestion('If A has 5,', 'how many?'), 'If A has 5, how many?');
    assert.equal(bodyAndQuestion('A. If B goes', 'Bob asks: how many?'), 'A. If B goes, Bob asks: how many?');
    assert.equal(bodyAndQuestion('', 'How many?'), 'How many?');
  });

  it('ASDiv: one amount is a number; what only looks like one is what it is', () => {
    const answers: readonly (readonly [answer: string, type: string, gist: string])[] = [
      ['9 (apples)', 'Addition', 'number 9 apples'], ['14  ( window seats )', 'TVQ', 'number 14 window seats'], ['0.5', 'Ratio', 'number 0.5'], ['5/2', 'Algebra-1', 'number 5/2'],
      ['Yes', 'Comparison', 'yesno Yes'], ['Mrs. Hilt', 'Comparison', 'text Mrs. Hilt'], ['6th', 'Sequential-Operation', 'text 6th'],
      ['3:45', 'Addition', 'text 3:45'], ['3:45', 'Ratio', 'expression 3:45'], ['3:30 p.m.', 'Sum', 'text 3:30 p.m.'], ['-(1/3)', 'Algebra-1', 'expression -(1/3)'],
      ['5 (years old); 15 (years old)', 'Algebra-1', 'expression (5, 15)'], ['11; 12; 13', 'Algebra-1', 'expression (11, 12, 13)'], [' ', 'Sum', 'number none'],
    ];
    for (const [answer, type, expected] of answers) {
      const read = asdivAnswer(answer, type);
      assert.equal('code' in read ? read.code : `${read.answerKind} ${read.gold ?? 'none'}`, expected);
    }
    assert.equal(refusalOf('asdiv', { ID: 'x', Body: 'a', Question: 'b', Answer: '5 (km); Tom' }), 'field-invalid Answer');
    assert.equal(gist(draftOf('asdiv', { ID: 'x', Body: 'a', Question: 'b', Answer: '5:6', 'Solution-Type': { '#text': 'Ratio', Goal: 'x' } })), 'expression 5:6');
    assert.deepEqual(['1', 6, undefined].map(Grade => draftOf('asdiv', { ID: 'x', Body: 'a', Question: 'b', Answer: '5', Grade }).difficulty), ['Grade 1', 'Grade 6', undefined]);
  });

  it('AQuA: options with their letters, in the question too', () => {
    const row = { question: 'How far?', options: ['A)5 km', 'B) 6(√3 + 1)', 'C)None'], correct: 'B', rationale: '' };
    const draft = draftOf('aqua', row);
    assert.equal(draft.question, 'How far?\n\n(A) 5 km\n(B) 6(√3 + 1)\n(C) None');
    assert.equal(gist(draft), 'choice (B) 6(√3 + 1)');
    assert.deepEqual(draft.options?.map(option => option.label), ['A', 'B', 'C']);
    assert.equal(refusalOf('aqua', { ...row, correct: 'D' }), 'field-invalid correct');
    assert.equal(refusalOf('aqua', { ...row, options: ['A)5', '6'] }), 'field-invalid options.1');
    assert.equal(refusalOf('aqua', { ...row, options: ['A)5', 'A)6'] }), 'field-invalid options');
    assert.equal(refusalOf('aqua', { ...row, options: ['A)5', 'B) '] }), 'field-invalid options');
    assert.equal(refusalOf('aqua', { ...row, options: ['A)5'] }), 'field-invalid options');
    assert.equal(refusalOf('aqua', { ...row, options: 'A)5' }), 'field-invalid options');
    assert.equal(gist(draftOf('aqua', { ...row, correct: '' })), 'choice none');
  });

  it('StrategyQA: yes or no, with and without the facts', () => {
    const row = { qid: 'q1', question: 'Can a fish fly?', answer: false, facts: ['Fish swim.', ' Some glide. '] };
    assert.equal(gist(draftOf('strategyqa', row)), 'yesno no');
    assert.equal(draftOf('strategyqa', row).question, 'Can a fish fly?');
    assert.equal(gist(draftOf('strategyqa', { ...row, answer: 'True' })), 'yesno yes');
    const withFacts = draftOf('strategyqa-facts', row);
    assert.equal(withFacts.question, 'Known facts:\n- Fish swim.\n- Some glide.\n\nQuestion: Can a fish fly?');
    assert.equal(withFacts.sourceId, 'q1');
    assert.equal(refusalOf('strategyqa', { ...row, answer: 'maybe' }), 'field-invalid answer');
    assert.equal(refusalOf('strategyqa', { ...row, answer: 1 }), 'field-invalid answer');
    assert.equal(refusalOf('strategyqa-facts', { ...row, facts: [] }), 'field-missing facts');
    assert.equal(refusalOf('strategyqa-facts', { ...row, question: ' ' }), 'field-missing question');
  });

  it('BIG-Bench-Hard: the target tells the kind', () => {
    const options = 'Which?\nOptions:\n(A) a (B) c\n(B) two\nlines (C)\n(C) 02/03';
    const draft = draftOf('bbh', { input: options, target: '(B)' });
    assert.deepEqual(draft.options, [{ label: 'A', text: 'a (B) c' }, { label: 'B', text: 'two\nlines (C)' }, { label: 'C', text: '02/03' }]);
    assert.equal(gist(draft), 'choice (B) two\nlines (C)');
    assert.equal(draft.question, options);
    assert.equal(gist(draftOf('bbh', { input: 'Go?\nOptions:\n- Yes\n- No', target: 'No' })), 'yesno No');
    assert.equal(gist(draftOf('bbh', { input: 'not True is', target: 'False' })), 'yesno False');
    assert.equal(gist(draftOf('bbh', { input: '(1 - 3) =', target: '-2' })), 'number -2');
    assert.equal(gist(draftOf('bbh', { input: 'Sort: b a', target: 'a b' })), 'text a b');
    assert.equal(refusalOf('bbh', { input: options, target: '(D)' }), 'field-invalid target');
    assert.equal(refusalOf('bbh', { input: options, target: 'two' }), 'field-invalid target');
    assert.equal(refusalOf('bbh', { input: 'Which?\nOptions:\n(A) x\n(A) y', target: '(A)' }), 'field-invalid input');
    assert.ok('code' in bbhOptions('no options'));
  });

  it('ReClor: context, question and lettered answers', () => {
    const draft = draftOf('reclor', reclorRow);
    assert.equal(draft.question, 'All swans here are white.\n\nWhat follows?\n\n(A) No swan here is black.\n(B) All birds are white.\n(C) None\n(D) B. Smith');
    assert.equal(gist(draft), 'choice (A) No swan here is black.');
    assert.equal(draft.sourceId, 'train_7');
    const { label, ...withheld } = reclorRow;
    assert.equal(label, 0);
    assert.equal(gist(draftOf('reclor', withheld)), 'choice none');
    assert.equal(refusalOf('reclor', { ...reclorRow, label: 4 }), 'field-invalid label');
    assert.equal(refusalOf('reclor', { ...reclorRow, label: 0.5 }), 'field-invalid label');
    assert.equal(refusalOf('reclor', { ...reclorRow, context: '' }), 'field-missing context');
    assert.equal(refusalOf('reclor', { ...reclorRow, answers: null }), 'field-missing answers');
  });

  it('ARC and OpenBookQA: in the flat shape and in the original one', () => {
    const draft = draftOf('arc-challenge', arcRow);
    assert.equal(draft.question, 'Which one is a metal?\n\n(A) wood\n(B) iron\n(C) glass');
    assert.equal(gist(draft), 'choice (B) iron');
    const original = { id: 'Mercury_1', question: { stem: 'Which one is a metal?', choices: [{ text: 'wood', label: 'A' }, { text: 'iron', label: 'B' }] }, answerKey: 'B' };
    assert.equal(gist(draftOf('arc-challenge', original)), 'choice (B) iron');
    assert.equal(gist(draftOf('openbookqa', openRow)), 'choice (A) power');
    assert.equal(gist(draftOf('openbookqa', { ...original, id: '7-1' })), 'choice (B) iron');
    assert.equal(refusalOf('arc-challenge', { ...arcRow, answerKey: '4' }), 'field-invalid answerKey');
    assert.equal(refusalOf('arc-challenge', { ...arcRow, choices: undefined }), 'field-missing choices');
    assert.equal(refusalOf('arc-challenge', { ...arcRow, choices: { text: ['x', 'y'], label: ['1'] } }), 'field-invalid choices');
    assert.equal(refusalOf('arc-challenge', { ...arcRow, choices: 'x' }), 'field-invalid choices');
    assert.equal(refusalOf('arc-challenge', { ...arcRow, question: ' ' }), 'field-missing question');
    assert.equal(refusalOf('openbookqa', { id: 'x', answerKey: 'A' }), 'field-missing question_stem');
    assert.equal(refusalOf('openbookqa', { id: 'x', answerKey: 'A', question: { stem: ' ', choices: [] } }), 'field-missing question.stem');
  });

  it('ANLI: three options, whichever way the label is written', () => {
    const draft = draftOf('anli', anliRow);
    assert.equal(draft.question, [
      'Premise: A bird sings.', 'Hypothesis: Something sings.', '', 'What does the premise say about the hypothesis?', '',
      '(A) It follows from the premise.', '(B) The premise leaves it open.', '(C) It contradicts the premise.',
    ].join('\n'));
    assert.equal(gist(draft), 'choice (A) It follows from the premise.');
    assert.equal(gist(draftOf('anli', { ...anliRow, label: 'c' })), 'choice (C) It contradicts the premise.');
    assert.equal(gist(draftOf('anli', { uid: 'u', context: 'A', hypothesis: 'B', label: 'n' })), 'choice (B) The premise leaves it open.');
    assert.equal(gist(draftOf('anli', { ...anliRow, label: -1 })), 'choice none');
    assert.equal(refusalOf('anli', { ...anliRow, label: 3 }), 'field-invalid label');
    assert.equal(refusalOf('anli', { ...anliRow, label: 'constructor' }), 'field-invalid label');
    assert.equal(refusalOf('anli', { ...anliRow, premise: '' }), 'field-missing premise');
  });

  it('NumGLUE: each of its eight types by its own shape', () => {
    const answer = (rest: Fields): Fields => ({ number: '', date: { day: '', month: '', year: '' }, spans: [], ...rest });
    const reading = { type: 'Type_5', passage: 'It rained for 3 days.', question: 'How long did it rain?' };
    assert.equal(gist(draftOf('numglue', { type: 'Type_1', question: 'How long?', answer: 52 })), 'number 52');
    assert.equal(gist(draftOf('numglue', { type: 'Type_1', question: 'Which month?', answer: 'June' })), 'text June');
    assert.equal(gist(draftOf('numglue', { type: 'Type_2', question: 'How much?', answer: '4.17' })), 'number 4.17');
    const choice = draftOf('numglue', { type: 'Type_3', question: 'It is? ', Option1: 'weaker', Option2: 'stronger', answer: 'Option 2' });
    assert.equal(`${choice.question} | ${gist(choice)}`, 'It is?\n\n(A) weaker\n(B) stronger | choice (B) stronger');
    assert.equal(draftOf('numglue', { type: 'Type_4', question: 'He has _____ left.', answer: 3 }).question, 'Fill in the blank.\n\nHe has _____ left.');
    const read = draftOf('numglue', { ...reading, answer: answer({ number: '3' }) });
    assert.equal(`${read.question} | ${gist(read)}`, 'It rained for 3 days.\n\nQuestion: How long did it rain? | number 3');
    assert.equal(gist(draftOf('numglue', { ...reading, answer: answer({ date: { day: '24', month: 'April', year: '' } }) })), 'text 24 April');
    assert.equal(gist(draftOf('numglue', { ...reading, answer: answer({ date: { day: '', month: '', year: '1919' } }) })), 'number 1919');
    assert.equal(gist(draftOf('numglue', { ...reading, type: 'Type_6', answer: answer({ spans: ['rifles'] }) })), 'text rifles');
    assert.equal(gist(draftOf('numglue', { ...reading, type: 'Type_6', answer: answer({}) })), 'number none');
    assert.equal(refusalOf('numglue', { ...reading, type: 'Type_6', answer: answer({ spans: ['a', 'b'] }) }), 'field-invalid answer.spans');
    const inference = { type: 'Type_7', statement1: 'More than 8.', statement2: 'It is 9.', options: ' Entailment or neutral?', answer: 'neutral' };
    assert.equal(gist(draftOf('numglue', inference)), 'choice (B) The first statement leaves it open.');
    assert.equal(draftOf('numglue', inference).options?.length, 2);
    assert.equal(gist(draftOf('numglue', { ...inference, options: 'Entailment or contradiction or neutral?', answer: 'contradiction' })), 'choice (B) The second statement contradicts the first.');
    assert.equal(refusalOf('numglue', { ...inference, answer: 'contradiction' }), 'field-invalid answer');
    assert.equal(refusalOf('numglue', { ...inference, statement2: '' }), 'field-missing statement2');
    assert.equal(gist(draftOf('numglue', { type: 'Type_8', question: 'How many?', answer: 14 })), 'number 14');
    assert.equal(refusalOf('numglue', { type: 'Type_9', question: 'x', answer: 1 }), 'field-invalid type');
    assert.equal(refusalOf('numglue', { type: 'toString', question: 'x', answer: 1 }), 'field-invalid type');
    assert.equal(refusalOf('numglue', { type: 'Type_1', answer: 1 }), 'field-missing question');
  });

  it('are found by the columns and the first row', () => {
    const rows: Readonly<Record<string, Fields>> = {
      gsm8k: { question: 'q', answer: 'a\n#### 5' },
      svamp: { ID: '1', Body: 'b', Question: 'q', Answer: 5, Equation: '', Type: '' },
      asdiv: { ID: '1', Body: 'b', Question: 'q', Answer: '5 (x)', Formula: '' },
      aqua: { question: 'q', options: ['A)1', 'B)2'], rationale: '', correct: 'A' },
      strategyqa: { qid: '1', question: 'q', answer: true, facts: ['f'] },
      bbh: { input: 'i', target: 't' },
      numglue: { question: 'q', answer: 5, type: 'Type_1' },
      reclor: reclorRow, 'arc-challenge': arcRow, openbookqa: openRow, anli: anliRow,
    };
    for (const [name, row] of Object.entries(rows)) assert.equal(detectPreset(Object.keys(row), row), name);
    const stem = { stem: 's', choices: [{ text: 'a', label: 'A' }, { text: 'b', label: 'B' }] };
    assert.equal(detectPreset(['id', 'question', 'answerKey'], { id: '7-980', question: stem, answerKey: 'A' }), 'openbookqa');
    assert.equal(detectPreset(['id', 'question', 'answerKey'], { id: 'Mercury_7', question: stem, answerKey: 'A' }), 'arc-challenge');
    assert.equal(detectPreset(['question', 'answer'], { question: 'q', answer: 'plain' }), null);
    assert.equal(detectPreset(['text'], { text: 'q' }), null);
  });

  it('never throw, whatever a row holds', () => {
    const odd: readonly unknown[] = [null, undefined, 0, Number.NaN, Infinity, true, '', 'x', [], {}, [null], { text: null }, ['a', 1], { stem: 1 }, { number: {} }];
    const columns = [...new Set(presetNames.flatMap(name => importPresets[name].columns.flat())), 'type', 'passage', 'id', 'label'];
    for (const name of presetNames) {
      for (const value of odd) importPresets[name].convert(Object.fromEntries(columns.map(column => [column, value])));
      importPresets[name].convert({});
    }
  });
});
