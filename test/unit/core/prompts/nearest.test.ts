import assert from 'node:assert/strict';
import { nearestName, suggestion } from '../../../../src/core/prompts/nearest.ts';

describe('the name that was meant', () => {
  const names = ['task.question', 'task.answerKind', 'structure.text', 'structure.steps', 'guidelines'];
  for (const [written, meant] of [
    ['task.qestion', 'task.question'], ['taks.question', 'task.question'], ['Structure.Step', 'structure.steps'], ['question', 'task.question'], ['guideline', 'guidelines'],
    ['answerkind', 'task.answerKind'], ['nothing.like.it', undefined], ['x', undefined], ['q'.repeat(100), undefined], ['', undefined],
  ] as const) {
    it(`${written.slice(0, 20)} → ${meant ?? 'none'}`, () => assert.equal(nearestName(written, names), meant));
  }

  it('is put as a question, or not at all', () => {
    assert.equal(suggestion('task.question'), '; did you mean task.question?');
    assert.equal(suggestion(undefined), '');
  });
});
