import assert from 'node:assert/strict';
import fc from 'fast-check';
import { voteOf } from '../../../../src/core/evaluation/voteOf.ts';
import type { Verdict } from '../../../../src/core/model/verdict.ts';
import { grade } from '../../../../src/core/verify/grade.ts';

const number = { answerKind: 'number' } as const;
/** Verdicts of the grader on what several samples put into their box; none for an empty text. */
const graded = (gold: string, answers: readonly string[]): Verdict[] => answers.map(answer => {
  const { verdict, extracted, reason } = grade({ gold, kind: 'number', output: answer === '' ? 'I am done.' : `So it is \\boxed{${answer}}.` });
  return { kind: verdict, extracted, reason };
});

describe('the vote over samples of a task', () => {
  it('lets the answer decide that most samples give, however it is written', () => {
    assert.deepEqual(voteOf(graded('1,200', ['7', '1200', '1,200', '9', '']), number), { kind: 'correct', extracted: '1200', reason: 'equal' });
    assert.deepEqual(voteOf(graded('0.5', ['1/2', '3', '3.0', '3', '0.5']), number), { kind: 'incorrect', extracted: '3', reason: 'not-equal' });
  });

  it('says so where it decides nothing', () => {
    assert.deepEqual(voteOf(graded('3', ['3', '4', '', '4', '3']), number), { kind: 'unjudged', extracted: null, reason: 'tie' });
    assert.deepEqual(voteOf(graded('3', ['\\text{answer}', '', '', ' ']), number), { kind: 'unreadable', extracted: null, reason: 'no-box' });
    assert.deepEqual(voteOf(graded('3', ['a few', 'some']), number), { kind: 'unjudged', extracted: null, reason: 'no-vote' });
    assert.equal(voteOf([], number), null);
  });

  it('lets no unreadable answer vote, even if something stands in its box', () => {
    const refused: Verdict = { kind: 'unreadable', extracted: '7', reason: 'refusal' };
    assert.deepEqual(voteOf([refused, refused, ...graded('3', ['3'])], number), { kind: 'correct', extracted: '3', reason: 'equal' });
  });

  it('knows a task without a known answer whatever the samples say', () => {
    assert.equal(voteOf(graded('', ['', '3', '4']), number)?.reason, 'gold-empty');
  });

  it('is of one sample its own verdict, and of any samples the same as of each of them twice', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('', '3', '3.0', '4', '5', 'a few'), { minLength: 1, maxLength: 9 }), answers => {
      const verdicts = graded('3', answers);
      assert.deepEqual(voteOf(verdicts.slice(0, 1), number), verdicts[0]);
      if (verdicts.length > 1) assert.deepEqual(voteOf([...verdicts, ...verdicts], number), voteOf(verdicts, number));
    }), { numRuns: 60 });
  });
});
