import assert from 'node:assert/strict';
import { evaluationText, planText, unaskedText } from '../../../src/cli/evaluationText.ts';
import { anEvaluationReport } from '../../support/evaluations.ts';

describe('what an evaluation is about to ask', () => {
  const plan = { models: [], base: null, sets: [], tasks: 1_200, cached: 40, calls: 2_360, promptTokens: 0, outputTokens: 0, contamination: [{ set: 'far', exact: 2, near: 1 }, { set: 'near', exact: 0, near: 0 }] };

  it('names what is also trained on first, set by set', () => {
    assert.equal(planText(plan, {}), 'far: also trained on: 2 word for word, 1 nearly so\n1,200 tasks: 2,360 calls to make, 40 answers from the store');
    assert.equal(planText({ ...plan, contamination: [] }, { retryLost: true }), '1,200 tasks: 2,360 calls to make, and what was given up again, 40 answers from the store');
  });

  it('says which held-out sets it leaves out where none is named, and why', () => {
    const held = (name: string, counts: { readonly withoutGold?: number; readonly moved?: number } = {}) => ({ name, tasks: 3, withoutGold: 0, moved: 0, domain: 'out' as const, stated: false, ...counts });
    const said = unaskedText([held('far', { withoutGold: 1 }), held('open', { withoutGold: 3 }), held('moved', { moved: 3 })], { sets: [held('far')] });
    assert.equal(said, 'open: not asked, since none of its tasks has a known answer\nmoved: not asked, since all of its tasks were train tasks once; --set asks it all the same\n');
    assert.equal(unaskedText([held('far')], { sets: [held('far')] }), '');
  });
});

describe('what an evaluation came to', () => {
  it('says how answers are read', () => {
    const said = (extraction: 'boxed' | 'any') => evaluationText({ ...anEvaluationReport(), extraction }).split('\n').at(-2);
    assert.deepEqual([said('boxed'), said('any')], ['An answer is read from its last box alone.', 'An answer is read in any form that announces it.']);
  });

  it('ends with how to go on, where the same command does', () => {
    const last = (code?: 'server-wrong-key' | 'model-mismatch') => evaluationText(anEvaluationReport(code ? { state: 'paused', problem: { code, message: 'Because.' } } : {})).split('\n').at(-1);
    assert.deepEqual([last(), last('server-wrong-key'), last('model-mismatch')], ['evaluation 5 completed: 3,240 calls, 120 answers from the store', 'Run the same command to go on from here.', 'model-mismatch: Because.']);
  });
});
