import assert from 'node:assert/strict';
import type { Answer } from '../../../src/core/model/answer.ts';
import { attemptId, branchId, fingerprint } from '../../../src/core/model/ids.ts';
import type { Round } from '../../../src/core/model/stage.ts';
import { betterPath, worsePath } from '../../../src/engine/export/judgePath.ts';
import { aContext, aRecipe, aTask } from '../../support/builders.ts';
import { aBranch } from '../../support/storeFacts.ts';

/** What a lost path comes to, as an example of what is wrong. */
function judged(raw: string, { gold = '18', filter = 'typed', round = 1, finish = 'stop', knownAnswers = 'used', voted }: { gold?: string | undefined; filter?: 'typed' | 'reference'; round?: Round; finish?: Answer['finish']; knownAnswers?: 'used' | 'unused'; voted?: string } = {}) {
  const { gold: _usual, ...task } = aTask();
  const answer: Answer = { taskId: task.id, stage: 'path', round, branch: branchId('guideline:plan'), sample: 0, fingerprint: fingerprint('b'.repeat(64)), attemptId: attemptId(1), seed: 0, raw, finish, edited: false };
  const context = { ...aContext({ filter, recipe: aRecipe({ knownAnswers }) }), task: gold === '' ? task : { ...task, gold } };
  const { loss: _loss, ...kept } = aBranch({ round, verdicts: voted === undefined ? [] : [{ checker: 'vote', kind: 'correct', extracted: voted, reason: 'majority' }] });
  const better = betterPath(context, { branch: kept, answer, ruling: undefined, reviewedOnly: false });
  const worse = worsePath(context, { branch: { ...kept, loss: { step: 'cap', reason: 'enough' } }, answer, ruling: undefined, reviewedOnly: false });
  return { worse: worse?.rejectedBy, better: typeof better === 'string' ? better : better.verdict };
}

describe('a path as an example of what is wrong', () => {
  it('is one where it was read whole and is not the known answer', () => {
    assert.equal(judged('1. Half of it.\n2. So \\boxed{9}').worse, 'grader');
    assert.equal(judged('1. Half of it.\n2. So \\boxed{9}', { round: 2 }).worse, 'grader');
    assert.equal(judged('1. All of it.\n2. So \\boxed{18}').worse, undefined);
  });

  it('is none where it was cut or withheld, says nothing, holds a placeholder or half a character, or betrays the hint', () => {
    assert.equal(judged('So \\boxed{9}', { finish: 'length' }).worse, undefined);
    assert.equal(judged('So \\boxed{9}', { finish: 'filtered' }).worse, undefined);
    for (const raw of ['', 'I cannot help with that.', 'So \\boxed{Your Answer}', 'So \\boxed{', 'It is 9.', 'So \\boxed{9} \uD83D']) assert.equal(judged(raw).worse, undefined, raw);
    assert.equal(judged('Since we know the answer is 18, we count. \\boxed{9}', { round: 2 }).worse, undefined);
  });

  it('is one, or is exported, by the vote alone where known answers are left unused', () => {
    for (const gold of ['18', '9', 'ZQX']) assert.deepEqual(judged('So \\boxed{9}', { gold, knownAnswers: 'unused', voted: '9.0' }), { worse: undefined, better: 'gold-unused' });
    for (const raw of ['So \\boxed{8}', 'It is 9.']) assert.equal(judged(raw, { knownAnswers: 'unused', voted: '9' }).better, 'not-verified-again', 'what is read now is not what the majority said');
    assert.deepEqual(judged('So \\boxed{9}'), { worse: 'grader', better: 'not-verified-again' });
  });

  it('is none where no answer is known, whatever the others said', () => {
    assert.equal(judged('So \\boxed{9}', { gold: '' }).worse, undefined);
  });

  it('is none where one of the two graders finds it right, in a run by the filter of the released code too', () => {
    const reference = { filter: 'reference' } as const;
    assert.equal(judged('1. It.\n2. So \\boxed{9}', reference).worse, 'grader');
    assert.equal(judged('1. It.\n2. So \\boxed{-5}', { ...reference, gold: '5' }).worse, undefined, 'the released filter loses the sign');
    assert.equal(judged('1. It.\n2. So \\boxed{18.50}', { ...reference, gold: '18.50' }).worse, undefined, 'it misses a trailing zero');
  });
});
