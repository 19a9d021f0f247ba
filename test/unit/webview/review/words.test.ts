import assert from 'node:assert/strict';
import { reviewCommands } from '../../../../src/contract/pages/review.ts';
import { actionWords, arrivalWords, bandWords, judgementWords, keyGroups, placeWords, precisionSays, precisionWords, rateWords, sizeWords, timeLeft, verdictWords, whyWords } from '../../../../src/webview/review/words.ts';
import { reviewItem } from './item.ts';

const item = reviewItem({ text: 'So 3.' });

describe('the words of a review', () => {
  it('say where the person is, going on and looking back', () => {
    assert.equal(placeWords({ decided: 36, total: 212, back: undefined }), '37 of 212');
    assert.equal(placeWords({ decided: 212, total: 212, back: undefined }), '212 of 212');
    assert.equal(placeWords({ decided: 36, total: 1_212, back: 2 }), '2 back, 36 of 1,212 decided');
    assert.equal(placeWords({ decided: 3, total: 3, back: 0 }), '3 of 3 decided');
  });

  it('say why a path is shown', () => {
    assert.equal(whyWords({ doubts: ['leak', 'hinted'], sampled: false }), 'leak in a hinted path');
    assert.equal(whyWords({ doubts: ['hinted'], sampled: true }), 'hinted path');
    assert.equal(whyWords({ doubts: ['disagree', 'rare-guideline'], sampled: false }), 'checkers disagree, rare guideline');
    assert.deepEqual([whyWords({ doubts: [], sampled: true }), whyWords({ doubts: [], sampled: false })], ['drawn at random', '']);
  });

  it('say how long it takes, and nothing where nobody knows', () => {
    assert.deepEqual([timeLeft(175, 6), timeLeft(3, 6), timeLeft(175, null), timeLeft(0, 6), timeLeft(5, 0)], ['29 min left', '30 s left', undefined, undefined, undefined]);
    assert.deepEqual([rateWords(6.2), rateWords(1.5), rateWords(2)], ['6 a minute', '1.5 a minute', '2 a minute']);
  });

  it('say how sure the precision is', () => {
    const precision = { filtered: { share: 0.91, low: 0.88, high: 0.94, of: 100 }, exported: { share: 0.951, low: 0.932, high: 0.97, of: 100 } };
    assert.equal(precisionWords(precision), '0.95 ± 0.02');
    assert.match(precisionSays(precision), /0\.93 to 0\.97 with 95 % certainty, from 100 random paths.*0\.91 \(0\.88 to 0\.94\)/);
  });

  it('say what was found, and what becomes of the path', () => {
    assert.equal(verdictWords({ checker: 'typed', kind: 'correct', reason: 'number-equal', extracted: '3' }).tag, 'correct · number equal');
    assert.equal(verdictWords({ checker: 'judge', kind: 'incorrect', reason: 'judge-no', extracted: null }).tag, 'judge incorrect · judge no');
    assert.equal(verdictWords({ checker: 'leak', kind: 'incorrect', reason: 'answer-first', extracted: null }).tag, 'leak · answer first');
    assert.deepEqual([bandWords(item, 'none'), bandWords(item, 'reject'), bandWords({ ...item, kept: false }, 'accept')], ['In the data set unless you reject it.', 'Left out of the data set, since you rejected it.', 'In the data set, unless somebody rejects it.']);
    assert.equal(bandWords({ ...item, kept: false, hinted: true, leak: { reason: 'answer-first', start: 0, end: 1 }, loss: { step: 'leak', reason: 'answer-first' } }, 'unsure'), 'Says the answer first. Left out of the data set unless you accept it.');
    assert.equal(bandWords({ ...item, kept: false, loss: { step: 'extract', reason: 'no-box' } }, 'none'), 'Left out of the data set (no box) unless you accept it.');
    assert.equal(bandWords({ ...item, kept: false, loss: { step: 'cap', reason: 'cap' } }, 'none'), 'Left out of the data set: enough other paths of the task are kept.');
    assert.deepEqual([sizeWords({ ...item, outputTokens: 1_118 }), sizeWords({ ...item, finish: 'length' }), sizeWords({ ...item, failed: [{ step: 'length', reason: 'too-short' }] })], ['1,118 tokens, in length', 'cut at its limit', 'too short']);
  });

  it('say who thought what', () => {
    assert.deepEqual([judgementWords('You', { decision: 'accept' }), judgementWords('Ann', { decision: 'reject', reason: 'wrong-step' }), judgementWords('Ann', { decision: 'unsure' })], ['You accepted this', 'Ann rejected this: wrong step', 'Ann was unsure of this']);
    assert.equal(actionWords({ kind: 'decide', decision: 'accept' }, { decided: 38, total: 212 }), 'Accepted. 38 of 212.');
    assert.equal(actionWords({ kind: 'reject', reason: 'leak' }, { decided: 38, total: 212 }), 'Rejected, leak. 38 of 212.');
    assert.equal(actionWords({ kind: 'annotate', note: '' }, { decided: 38, total: 212 }), 'Note saved.');
    const of = (question: string) => ({ ...item, task: { ...item.task, question } });
    assert.equal(arrivalWords({ ...of(' How\n many? '), doubts: ['leak'] }), 'Path, leak: How many?');
    assert.equal(arrivalWords(of('a'.repeat(4_000))), `Path: ${'a'.repeat(120)}…`);
    assert.equal(arrivalWords({ ...of('x'), unneeded: true }), 'Path, no longer needed: x');
  });

  it('name every key but those of reasons and fields on the sheet of keys, once', () => {
    const named = keyGroups.flatMap(({ keys }) => keys.map(({ command }) => command)).toSorted();
    assert.deepEqual(named, reviewCommands.filter(command => !/^reason|^confirm$|^save$/.test(command)).toSorted());
  });
});
