import assert from 'node:assert/strict';
import { evaluationText, planText } from '../../../src/cli/evaluationText.ts';
import { anEvaluationReport } from '../../support/evaluations.ts';

describe('what an evaluation is about to ask', () => {
  const plan = { models: [], base: null, sets: [], tasks: 1_200, cached: 40, calls: 2_360, promptTokens: 0, outputTokens: 0, contamination: [{ set: 'far', exact: 2, near: 1 }, { set: 'near', exact: 0, near: 0 }] };

  it('names what is also trained on first, set by set', () => {
    assert.equal(planText(plan, {}), 'far: also trained on: 2 word for word, 1 nearly so\n1,200 tasks: 2,360 calls to make, 40 answers from the store');
    assert.equal(planText({ ...plan, contamination: [] }, { retryLost: true }), '1,200 tasks: 2,360 calls to make, and what was given up again, 40 answers from the store');
  });
});

describe('what an evaluation came to', () => {
  it('ends with how to go on, where the same command does', () => {
    const last = (code?: 'server-wrong-key' | 'model-mismatch') => evaluationText(anEvaluationReport(code ? { state: 'paused', problem: { code, message: 'Because.' } } : {})).split('\n').at(-1);
    assert.deepEqual([last(), last('server-wrong-key'), last('model-mismatch')], ['evaluation 5 completed: 3,240 calls, 120 answers from the store', 'Run the same command to go on from here.', 'model-mismatch: Because.']);
  });
});
